"""A treasurer's day in the browser: money in, a cost, a void receipt, and the leader's sheet on a phone."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from contributions.models import CollectionSheet
from ledger.check import check_ledger
from ledger.models import Receipt
from tests.browser.conftest import Scales, axe_faults, settled, throttle, use_english
from tests.contributions.conftest import books, make_cast, member_owing

pytestmark = pytest.mark.browser


@pytest.fixture
def who(fund_server) -> SimpleNamespace:
    who = make_cast()
    who.member = member_owing(who.community, first_name="บุญมาสมมติ")
    return who


def save(page: Page) -> None:
    page.locator(".actions button[type=submit]").click()


def choose(page: Page, name: str, words: str) -> None:
    options = page.locator(f"[name={name}] option")
    value = options.filter(has_text=words).first.get_attribute("value")
    page.select_option(f"[name={name}]", value)


def test_a_treasurers_day(page, who, sign_in, fund_server) -> None:
    sign_in(page, who.treasurer)
    use_english(page, fund_server)
    _dues(page)
    _municipality(page)
    _round(page)
    _gift(page)
    _interest(page)
    _cost(page)
    _void(page)
    page.goto("/books/")
    # 500,000 + 312 + 103.45 − 250 in the bank, 1,000 in the box; the dues went back
    expect(page.locator("#fund-total")).to_have_text("501,165.45")
    assert axe_faults(page) == []
    assert check_ledger().problems == ()


def _dues(page: Page) -> None:
    page.goto("/money-in/")
    page.get_by_role("link", name="Members' contributions").click()
    page.fill("[name=q]", "บุญมา")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="นางบุญมาสมมติ").click()
    expect(page.get_by_label("2563 – 365.00")).to_be_checked()
    assert axe_faults(page) == []
    save(page)
    expect(page.locator("h1")).to_have_text("Receipt 2563/000001")
    pdf = page.request.get(page.get_by_role("link", name="Preview").get_attribute("href"))
    assert (pdf.status, pdf.body()[:5]) == (200, b"%PDF-")


def _municipality(page: Page) -> None:
    page.goto("/money-in/grants/municipality/")
    page.fill("[name=received_from]", "เทศบาลสมมติ")
    page.fill("[name=amount]", "500,000.005")
    choose(page, "account", "Savings")
    save(page)
    expect(page.locator("#id_amount ~ .invalid-feedback")).to_contain_text("more than two decimal places")
    expect(page.locator("[name=received_from]")).to_have_value("เทศบาลสมมติ")
    page.fill("[name=amount]", "500,000")
    save(page)
    expect(page.locator("h1")).to_have_text("Receipt 2563/000002")


def _round(page: Page) -> None:
    page.goto("/money-in/round/")
    expect(page.locator(".panel-good")).to_contain_text("1 member can be matched")
    page.fill("[name=baht_per_member]", "312")
    choose(page, "account", "Savings")
    save(page)
    expect(page.locator("h1")).to_have_text("Receipt 2563/000003")


def _gift(page: Page) -> None:
    page.goto("/money-in/gift/")
    page.fill("[name=name]", "ร้านสมมติพาณิชย์")
    page.fill("[name=amount]", "๑,๐๐๐")
    choose(page, "account", "Cash on hand")
    save(page)
    expect(page.locator("h1")).to_have_text("Receipt 2563/000004")


def _interest(page: Page) -> None:
    page.goto("/money-in/interest/")
    page.fill("[name=gross]", "104.50")
    page.fill("[name=tax]", "1.05")
    save(page)
    expect(page.locator("h1")).to_have_text("Receipt 2563/000005")


def _cost(page: Page) -> None:
    page.goto("/money-in/cost/")
    choose(page, "cost", "Travel")
    page.fill("[name=description]", "ค่ารถไปประชุม")
    page.fill("[name=payee]", "นายคนขับ สมมติ")
    page.fill("[name=amount]", "250")
    choose(page, "account", "Savings")
    save(page)
    expect(page.locator("h1")).to_have_text("Payment voucher 2563/000001")


def _void(page: Page) -> None:
    page.goto("/books/receipts/2563/1/")
    page.get_by_role("link", name="Make this receipt void").click()
    page.fill("[name=reason]", "พิมพ์ผิดคน")
    save(page)
    expect(page.locator(".panel-warning")).to_contain_text("พิมพ์ผิดคน")
    page.goto("/books/receipts/")
    expect(page.locator("tbody tr").last).to_contain_text("Void")


def test_a_leader_collects_on_a_slow_phone_and_the_treasurer_counts(
    phone, open_page, who, sign_in, fund_server
) -> None:
    for _ in range(39):
        member_owing(who.community)
    sign_in(phone, who.leader)
    use_english(phone, fund_server)
    phone.goto("/money-in/collect/")
    settled(phone)
    throttle(phone)
    with Scales(phone) as scales:
        phone.get_by_role("button", name="Start a new sheet").click()
        expect(phone.locator(".panel-good")).to_have_text("40 of 40 still to pay, cash with me 0.00 baht")
        settled(phone)
        assert scales.bytes < 30_000
    row = phone.locator(f"#m{who.member.number}")
    row.get_by_role("button", name="Paid in full 365.00").click()
    expect(phone.locator(".panel-good")).to_have_text("39 of 40 still to pay, cash with me 365.00 baht")
    assert axe_faults(phone) == []
    phone.get_by_role("link", name="Hand in the sheet").click()
    phone.get_by_role("button", name="Yes, hand it in").click()
    expect(phone.get_by_text("each member has a receipt")).to_be_visible()
    assert Receipt.objects.get().member == who.member
    _count(open_page(), who, sign_in, fund_server)
    assert (CollectionSheet.objects.get().state, books()["1010"]) == ("accepted", Decimal("365.00"))


def _count(page: Page, who: SimpleNamespace, sign_in, fund_server: str) -> None:
    sign_in(page, who.treasurer)
    use_english(page, fund_server)
    page.goto("/money-in/sheets/")
    page.get_by_role("link", name="Count and accept 2563/0001").click()
    page.fill("[name=counted]", "365")
    save(page)
    expect(page.get_by_text("365.00 baht are in the cash box")).to_be_visible()

"""A stay in hospital, from the leader's phone to the voucher."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Route, expect

from ledger.accounts import account
from ledger.models import AccountRole
from ledger.queries import balance
from office.models import Attachment
from tests.browser.conftest import Scales, settled, throttle
from tests.browser.walk import assert_usable, begin_walk, fill_day, photographed_certificate
from welfare.models import Claim

pytestmark = pytest.mark.browser


def test_a_hospital_claim_goes_the_whole_way(phone, open_page, sign_in, tmp_path) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    walk.begin("hospital-night")
    fill_day(phone, "event_from", date(2020, 10, 5))
    fill_day(phone, "event_until", date(2020, 10, 8))
    expect(phone.locator("#reckoning")).to_contain_text("นอน 3 คืน")
    expect(phone.locator("#reckoning")).to_contain_text("300.00")
    assert_usable(phone)
    phone.set_input_files("#id_paper_0", photographed_certificate(tmp_path))
    phone.check("#id_consent")
    claim = walk.submit()
    assert_usable(phone)
    assert (claim.amount, claim.units) == (Decimal("300.00"), 3)
    paper = Attachment.objects.get()
    assert (paper.owner_id, paper.purpose, paper.content_type) == (claim.pk, "hospital-certificate", "image/jpeg")

    walk.check(claim)
    walk.decide(claim)
    text = walk.pay(claim)
    claim.refresh_from_db()
    assert (claim.state, claim.voucher.label) == ("paid", "2563/000001")
    assert balance(account(AccountRole.CASH)) == Decimal("99700.00")
    for words in ("2563/000001", "ค่านอนรักษาตัวในโรงพยาบาล", walk.cast.member.first_name, "300", "สามร้อยบาทถ้วน"):
        assert words in text, words


def test_the_auditor_follows_a_claim_and_finds_no_button(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    claim = walk.cast.verified()
    page = walk.desk(walk.cast.auditor)
    page.goto(f"/claims/2563/{claim.number}/")
    expect(page.locator("main")).to_contain_text(claim.label)
    assert page.locator("main form").count() == 0


def test_a_double_click_on_pay_makes_one_voucher(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    claim = walk.cast.decided()
    page = walk.desk(walk.cast.treasurer)
    page.goto(f"/claims/2563/{claim.number}/pay/")
    page.dblclick("main button.btn-primary.btn-lg")
    expect(page.locator("main h1")).to_contain_text("2563/000001")
    assert balance(account(AccountRole.CASH)) == Decimal("99700.00")
    assert Claim.objects.get().steps.filter(action="pay").count() == 1


def test_a_discharge_before_the_admission_is_answered_and_nothing_is_lost(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    walk.begin("hospital-night")
    fill_day(phone, "event_from", date(2020, 10, 8))
    fill_day(phone, "event_until", date(2020, 10, 5))
    phone.fill("#id_note", "มาด้วยรถสองแถว")
    phone.click("main button.btn-primary.btn-lg")
    expect(phone.locator(".invalid-feedback")).to_have_count(1)
    assert phone.input_value("#id_note") == "มาด้วยรถสองแถว"
    assert phone.input_value("#id_event_from_day") == "8"
    assert Claim.objects.count() == 0


def test_what_is_typed_before_the_pages_script_has_come_is_reckoned_too(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    sign_in(phone, walk.cast.leader)
    late: list[Route] = []
    phone.route("**/htmx-2*", late.append)
    phone.goto("/members/101/claim/hospital-night/", wait_until="commit")
    fill_day(phone, "event_from", date(2020, 10, 5))
    fill_day(phone, "event_until", date(2020, 10, 8))
    late[0].continue_()
    expect(phone.locator("#reckoning")).to_contain_text("300.00")


def test_the_form_is_light_on_a_villages_network(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    sign_in(phone, walk.cast.leader)
    throttle(phone)
    with Scales(phone) as scales:
        phone.goto("/members/101/claim/hospital-night/", timeout=5_000, wait_until="load")
        settled(phone)
        first = scales.bytes
        phone.goto("/members/101/claim/birth-gift/")
        settled(phone)
    assert 20_000 < first < 150_000
    assert scales.bytes - first < 30_000

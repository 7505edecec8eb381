"""What a leader types on her phone survives a lost network and a dead battery, and is sent once."""

from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Route, expect

from contributions.models import CollectionLine, CollectionSheet, SheetSend
from contributions.sheets import open_sheet, submit_sheet, write_line
from ledger.models import ReceiptBook
from tests.browser.conftest import PHONE, axe_faults, settled, use_english
from tests.contributions.conftest import TODAY, acting, make_cast, member_owing
from tests.factories import HouseholdFactory, make_user

pytestmark = pytest.mark.browser

SHEET = "/money-in/sheets/2563/1/"
LOADED_AT = "JSON.parse(document.getElementById('draft-settings').textContent).loaded"
KEPT = "caches.match(location.pathname).then((page) => page.text())"
NO_NETWORK = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"


@pytest.fixture
def who(fund_server) -> SimpleNamespace:
    """Six members who owe this year's dues, two of them in one house; the leader holds a receipt book."""
    who = make_cast()
    home = HouseholdFactory(community=who.community)
    who.members = [
        member_owing(who.community, household=home if place < 2 else None, first_name=f"สมมติ{place}")
        for place in range(6)
    ]
    ReceiptBook.objects.create(
        label="12", first_number=1, last_number=50, holder=who.leader, given_on=TODAY, given_by=who.treasurer
    )
    open_sheet(community=who.community, **acting(who.leader))
    return who


def pay(page: Page, member) -> None:
    page.locator(f"#m{member.number}").get_by_role("button", name="Paid in full 365.00").click()


def type_five_lines(page: Page, members: list) -> None:
    """A touch, one taken back, a year ahead, and one payer for two of a house."""
    pay(page, members[3])
    pay(page, members[5])
    page.locator(f"#m{members[5].number}").get_by_role("button", name="Undo").click()
    page.locator(f"#m{members[4].number}").get_by_role("link", name="Other").click()
    page.fill("#line-amount", "๗๓๐")
    number = page.locator("#line-number").input_value()
    page.fill("#line-number", "999")
    page.get_by_role("button", name="Write down").click()
    expect(page.locator("#line-error")).to_contain_text("Book 12 ends with no. 50")
    page.fill("#line-number", number)
    page.get_by_role("button", name="Write down").click()
    page.locator(f"#m{members[0].number}").get_by_role("link", name="Other").click()
    page.locator("#line-others").get_by_text(members[1].full_name).click()
    page.get_by_role("button", name="Write down").click()


def written() -> dict[int, tuple[Decimal, int | None, str]]:
    lines = CollectionLine.objects.select_related("door_receipt", "member")
    return {line.member.number: (line.amount, line.door_receipt.number, line.door_receipt.payer_name) for line in lines}


def five_lines(members: list) -> dict[int, tuple[Decimal, int | None, str]]:
    first, payer = Decimal("365.00"), members[0].full_name
    return {
        members[2].number: (first, 1, ""),
        members[3].number: (first, 2, ""),
        members[4].number: (Decimal("730.00"), 3, ""),  # the number of the touch that was taken back
        members[0].number: (first, 4, payer),
        members[1].number: (first, 4, payer),
    }


def test_lines_typed_without_network_survive_the_page_and_arrive_once(
    open_page, who, sign_in, fund_server, faults
) -> None:
    faults.expect(NO_NETWORK)
    phone = open_page(**PHONE)
    sign_in(phone, who.leader)
    use_english(phone, fund_server)
    phone.goto(SHEET)
    settled(phone)
    phone.evaluate("navigator.serviceWorker.ready")
    kept = phone.evaluate(KEPT)
    assert axe_faults(phone) == []
    pay(phone, who.members[2])
    expect(phone.locator("#draft-state")).to_have_text("Everything is saved.")
    phone.context.set_offline(True)
    type_five_lines(phone, who.members)
    expect(phone.locator("#draft-state")).to_contain_text("No network. Go on")
    expect(phone.locator("#totals")).to_have_text("1 of 6 still to pay, cash with me 2,190.00 baht")
    assert (axe_faults(phone), CollectionLine.objects.count()) == ([], 1)
    other = phone.context.new_page()
    phone.close()  # the battery is dead, and there is no network yet
    other.goto(SHEET)
    expect(other.locator("#totals")).to_have_text("1 of 6 still to pay, cash with me 2,190.00 baht")
    assert f'"loaded": {other.evaluate(LOADED_AT)}' in kept  # the page as it was kept
    expect(other.locator("h1")).to_have_css("font-weight", "600")  # with its look
    other.context.set_offline(False)
    expect(other.locator("#draft-state")).to_have_text("Everything is saved.")
    expect(other.locator("#totals")).to_have_text("1 of 6 still to pay, cash with me 2,190.00 baht")
    other.goto("/accounts/logout/")
    other.locator("main button[type=submit]").click()
    settled(other)
    assert other.evaluate("caches.has('sheet-pages')") is False
    # one touch with the network, one on its way when it went, and all the others in one batch
    assert (written(), SheetSend.objects.count()) == (five_lines(who.members), 3)


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def test_a_batch_whose_answer_was_lost_is_taken_once_and_only_for_its_own_user(
    open_page, who, sign_in, fund_server, faults
) -> None:
    faults.expect(NO_NETWORK)
    faults.expect("409")
    phone, member, second = open_page(**PHONE), who.members[3], who.members[4]
    sign_in(phone, who.leader)
    use_english(phone, fund_server)
    phone.goto(SHEET)
    state = phone.locator("#draft-state")
    phone.route("**/send/", lose_the_answer)
    pay(phone, member)
    expect(state).to_contain_text("On this phone: 1. The program did not answer")
    phone.unroute("**/send/")

    other = make_user("leader", community=who.community)
    sign_in(phone, other)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(state).to_contain_text("Another user is signed in on this phone now")
    others_page = phone.context.new_page()
    others_page.goto(SHEET)
    expect(others_page.locator("#rows")).to_contain_text("Paid 365.00")  # the program has it
    expect(others_page.locator("#draft-state")).to_have_text("")
    others_page.close()

    phone.context.clear_cookies(name="sessionid")
    pay(phone, second)
    expect(state).to_contain_text("You are signed out. What you typed stays on this phone (2)")
    sign_in(phone, who.leader)
    login = phone.get_by_role("link", name="Sign in").get_attribute("href")
    phone.goto(unquote(login.partition("?next=")[2]))
    expect(state).to_have_text("Everything is saved.")
    sent = SheetSend.objects.order_by("pk").values_list("sent_by", "answer__lines")
    assert list(sent) == [
        (who.leader.pk, [{"n": member.number, "state": "written"}]),
        (who.leader.pk, [{"n": second.number, "state": "written"}]),
    ]
    assert written() == {member.number: (Decimal("365.00"), 1, ""), second.number: (Decimal("365.00"), 2, "")}


def test_what_was_changed_elsewhere_is_decided_and_what_came_too_late_stays_in_sight(
    phone, who, sign_in, fund_server
) -> None:
    sign_in(phone, who.leader)
    use_english(phone, fund_server)
    phone.goto(SHEET)
    sheet, (here, there, late) = CollectionSheet.objects.get(), who.members[3:]
    facts = {"sheet": sheet, "paid_on": TODAY, "by": who.leader, "today": TODAY}
    for member in (here, there):
        write_line(member=member, amount=Decimal("730"), **facts)
        pay(phone, member)
    row = phone.locator(f"#m{here.number}")
    expect(row).to_contain_text("Written on another device meanwhile: Paid 730.00")
    expect(phone.locator("#draft-state")).to_contain_text("To look at: 2")
    assert axe_faults(phone) == []
    row.get_by_role("button", name="What I typed").click()
    expect(row).to_contain_text("Paid 365.00 · 1 Nov 2563 · receipt 12/1")
    phone.locator(f"#m{there.number}").get_by_role("button", name="What is there").click()
    expect(phone.locator("#draft-state")).to_have_text("Everything is saved.")
    assert {line.member_id: line.amount for line in sheet.lines.all()} == {here.pk: 365, there.pk: 730}

    third, rest = who.members[2], phone.locator("#draft-rest")
    write_line(member=third, amount=Decimal("730"), **facts)
    pay(phone, third)
    expect(phone.locator(f"#m{third.number}")).to_contain_text("Written on another device meanwhile")
    phone.goto(f"{SHEET}submit/")  # where she is in no row
    rest.get_by_role("button", name="What I typed").click()
    expect(rest).to_be_hidden()
    assert sheet.lines.get(member=third).amount == 365
    phone.goto(SHEET)

    one_line = phone.context.new_page()
    one_line.goto(f"{SHEET}?edit={late.number}")  # the same line where there is no script
    assert axe_faults(one_line) == []
    one_line.close()

    submit_sheet(sheet=sheet, **acting(who.leader))
    pay(phone, late)
    expect(phone.locator(f"#m{late.number}")).to_contain_text("Sheet 2563/0001 has been submitted")
    phone.goto(SHEET)
    expect(rest).to_contain_text(late.full_name)
    assert axe_faults(phone) == []
    rest.get_by_role("button", name="Forget what I typed").click()
    expect(rest).to_be_hidden()

"""Money on its way to the cash box: counted piece by piece, agreed to, its age, its differences, its slip; the door."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from contributions.cash_ages import cash_with_collectors, cash_with_me
from contributions.door import give_door_receipt, receipt_behind
from contributions.entry_fees import EntryFeePaid
from contributions.handing_over import (
    DifferenceUnexplained,
    DoesNotAddUp,
    NotHerMoney,
    NothingCounted,
    accept_sheet,
    agree_to_count,
    refuse_count,
)
from contributions.models import CollectionLine, CollectionSheet, DoorReceipt
from contributions.papers import hand_over_slip, render_slip, sheet_paper
from contributions.queries import sheet_rows
from contributions.sheet_lines import give_line_codes
from contributions.sheets import SheetClosed, submit_sheet, write_line
from contributions.voids import void_receipt
from ledger.check import check_ledger
from ledger.models import Entry, EntryKind, Receipt
from office.models import ActionLog
from tests.contributions.conftest import NOW, TODAY, acting, books, make_cast, member_owing, regulate
from tests.contributions.test_receipt_books import given, put
from tests.contributions.test_sheets import TAKEN_ON, YEAR, accept, opened, submitted, write
from tests.factories import CommunityFactory, make_user
from tests.pdf_reading import pdfium_text
from tests.races import at_once

PIECES = {"500": 1, "100": 2, "20": 1, "10": 1}  # 730 baht
SHEET = "/money-in/sheets/2563/1/"


@pytest.fixture
def strict(db):
    return make_cast(controls="strict")


def counted(who, count: int = 2) -> CollectionSheet:
    sheet, _members = submitted(who, count)
    return accept(sheet, who, "730.00", notes_and_coins=PIECES)


def agree(sheet, who, sum_counted: str = "730.00", by=None) -> CollectionSheet:
    return agree_to_count(sheet=sheet, counted=Decimal(sum_counted), **acting(by or who.leader))


# --- counting ---------------------------------------------------------------------------------------------


def test_notes_and_coins_make_the_sum_or_are_refused(who) -> None:
    sheet, _members = submitted(who)
    with pytest.raises(DoesNotAddUp, match=r"730\.00.*700\.00"):
        accept(sheet, who, "700.00", "ขาด", notes_and_coins=PIECES)
    with pytest.raises(DoesNotAddUp):
        accept(sheet, who, "730.00", notes_and_coins={"30": 1})
    assert accept(sheet, who, "730.00", notes_and_coins=PIECES).notes_and_coins == PIECES


def test_at_strict_the_collector_agrees_before_anything_is_booked(strict) -> None:
    sheet, _members = submitted(strict)
    with pytest.raises(DoesNotAddUp):
        accept(sheet, strict, "730.00")
    sheet = accept(sheet, strict, "730.00", notes_and_coins=PIECES)
    assert (sheet.state, sheet.accepted_on, Entry.objects.count(), "1010" in books()) == ("counted", None, 1, False)
    sheet = agree(sheet, strict)
    assert (sheet.state, sheet.accepted_on, sheet.collector_agreed_at) == ("accepted", TODAY, NOW)
    assert (sheet.acceptance_entry.posted_by, books()) == (
        strict.treasurer,
        {"1010": Decimal("730.00"), "4110": Decimal("-730.00")},
    )
    assert (agree(sheet, strict).state, Entry.objects.count()) == ("accepted", 2)
    assert check_ledger().problems == ()


def test_nobody_agrees_but_the_collector_and_to_what_she_saw(strict) -> None:
    sheet = counted(strict)
    second = make_user("leader", community=strict.community)
    for by in (strict.treasurer, second):
        with pytest.raises(NotHerMoney):
            agree(sheet, strict, by=by)
    accept(sheet, strict, "700.00", "ขาด 30", notes_and_coins={"500": 1, "100": 2})
    with pytest.raises(NothingCounted):
        agree(sheet, strict, "730.00")
    strict.leader.leaderships.update(until=TODAY)
    assert agree(sheet, strict, "700.00", by=second).counted == Decimal("700.00")  # she leads there no more
    assert books()["4590"] == Decimal("30.00")


def test_a_count_that_is_not_right_is_counted_once_more_and_why_is_told(client, strict) -> None:
    sheet = counted(strict)
    click = {"by": strict.leader, "request_id": uuid.uuid4()}
    for _ in range(2):
        refuse_count(sheet=sheet, counted=Decimal("730.00"), reason="นับได้ 750", **click)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.counted, sheet.notes_and_coins) == ("submitted", None, {})
    assert ActionLog.objects.get(action="count-refused").details["reason"] == "นับได้ 750"
    client.force_login(strict.treasurer)
    assert "นับได้ 750" in client.get(f"{SHEET}accept/").content.decode()


def test_a_receipt_made_void_since_the_count_asks_for_another_count(strict) -> None:
    sheet = counted(strict)
    facts = {"by": strict.treasurer, "second_person": None, "today": TODAY, "now": NOW}
    void_receipt(receipt=Receipt.objects.first(), reason="ผิดคน", **facts)
    with pytest.raises(DifferenceUnexplained):
        agree(sheet, strict)


def test_the_collector_and_a_recount_at_once_book_one_count(committed_db) -> None:
    who = make_cast(controls="strict")
    sheet = counted(who)
    less = {"500": 1, "100": 2}
    found = at_once(
        lambda: agree(sheet, who),
        lambda: accept(sheet, who, "700.00", "ขาด", notes_and_coins=less),
        lambda: agree(sheet, who),
    )
    booked = Entry.objects.filter(kind=EntryKind.HAND_OVER).count()
    state = CollectionSheet.objects.get().state
    refused = sum(isinstance(one, NothingCounted) for one in found)
    assert (booked, state, refused) in [(1, "accepted", 0), (0, "counted", 2)]
    assert check_ledger().problems == ()


def test_two_submissions_of_one_sheet_book_it_once(committed_db) -> None:
    who = make_cast()
    sheet = opened(who)
    write(sheet, member_owing(who.community), who)
    found = at_once(*[lambda: submit_sheet(sheet=sheet, **acting(who.leader))] * 4)
    assert ({one.submission_entry_id for one in found}, Entry.objects.count(), books()["4110"]) == (
        {Entry.objects.get().pk},
        1,
        -YEAR,
    )


# --- pages ------------------------------------------------------------------------------------------------


def test_the_pieces_are_typed_in_place_of_the_sum(client, who) -> None:
    submitted(who)
    client.force_login(who.treasurer)
    typed = {"pieces_500": "1", "pieces_100": "2", "pieces_20": "1", "pieces_10": "1"}
    sent = client.post(f"{SHEET}accept/", {"request_id": str(uuid.uuid4()), "counted": "", **typed})
    assert sent.url == "/money-in/sheets/"
    assert CollectionSheet.objects.get().notes_and_coins == PIECES
    nothing = client.post(f"{SHEET}accept/", {"request_id": str(uuid.uuid4()), "counted": ""})
    assert list(nothing.context["form"].errors) == ["counted"]


def test_both_sides_confirm_on_their_pages(client, strict) -> None:
    counted(strict)
    client.force_login(strict.leader)
    assert f"{SHEET}agree/" in client.get("/money-in/sheets/").content.decode()
    page = f"{SHEET}agree/"
    assert client.get(page).context["pieces"] == [("500", 1), ("100", 2), ("20", 1), ("10", 1)]
    typed = {"request_id": str(uuid.uuid4()), "counted": "730.00"}
    wordless = client.post(page, {**typed, "answer": "refuse"})
    assert list(wordless.context["form"].errors) == ["reason"]
    assert client.post(page, {**typed, "answer": "agree"}).url == SHEET
    assert CollectionSheet.objects.get().state == "accepted"
    client.force_login(make_user("leader", community=CommunityFactory(number=2)))
    assert client.get(page).status_code == 404


def test_differences_stay_in_sight_on_the_sheet_in_a_list_and_on_the_collectors_row(client, who) -> None:
    sheet, _members = submitted(who)
    accept(sheet, who, "700.00", "ทอนเกิน")
    client.force_login(who.auditor)
    listed = client.get("/money-in/differences/").context["page"].rows
    assert [(one.label, one.difference, one.difference_reason) for one in listed] == [
        ("2563/0001", Decimal("-30.00"), "ทอนเกิน")
    ]
    shown = client.get(SHEET).content.decode()
    assert ("-30.00" in shown, "ทอนเกิน" in shown) == (True, True)
    assert [row.over_short for row in cash_with_collectors(TODAY)] == [Decimal("-30.00")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_differences_has_no_query_for_each(client, who, django_assert_num_queries, count) -> None:
    for number in range(count):
        who.community = CommunityFactory(number=10 + number)
        who.leader = make_user("leader", community=who.community)
        accept(submitted(who, 1)[0], who, "360.00", "ทอนเกิน")
    client.force_login(who.committee)
    with django_assert_num_queries(6):
        page = client.get("/money-in/differences/").context["page"]
    assert [sheet.difference for sheet in page.rows] == [Decimal("-5.00")] * count


# --- cash and its age -------------------------------------------------------------------------------------


def test_cash_with_a_collector_counts_from_the_oldest_money_taken(who) -> None:
    sheet, members = submitted(who)
    second_place = CommunityFactory(number=2)
    other = make_user("leader", community=second_place, display_name="ผู้นำ อีกคน")
    who.community, mine, who.leader = second_place, who.leader, other
    draft = opened(who)
    write(draft, member_owing(second_place), who, paid_on=TAKEN_ON - timedelta(days=5))
    rows = [(row.collector, row.noted, row.handed_in, row.age(TODAY)) for row in cash_with_collectors(TODAY)]
    assert rows == [(other, YEAR, 0, 17), (mine, 0, YEAR * 2, 12)]
    facts = {"by": who.treasurer, "second_person": None, "today": TODAY, "now": NOW}
    void_receipt(receipt=Receipt.objects.get(member=members[0]), reason="ผิดคน", **facts)
    assert (cash_with_me(mine, TODAY).total, cash_with_me(other, TODAY).total) == (YEAR, YEAR)
    accepted = accept(sheet, who, "365.00")
    assert [row.collector for row in cash_with_collectors(TODAY)] == [other]
    second = {"second_person": make_user("treasurer")}
    void_receipt(receipt=Receipt.objects.get(member=members[1]), reason="ผิดคน", **facts | second)
    assert [(line.members, line.expected) for line in hand_over_slip([accepted], who.fund).lines] == [(1, YEAR)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_cash_has_no_query_for_each(client, who, django_assert_num_queries, count) -> None:
    for number in range(count):
        who.community = CommunityFactory(number=10 + number)
        who.leader = make_user("leader", community=who.community)
        submitted(who, 1)
    client.force_login(who.treasurer)
    with django_assert_num_queries(12):
        page = client.get("/money-in/cash-with-collectors/")
    assert (len(page.context["rows"]), page.context["total"]) == (count, YEAR * count)


def test_a_leader_sees_her_own_cash_and_nobody_elses(client, who) -> None:
    submitted(who)
    client.force_login(who.leader)
    assert client.get("/money-in/sheets/").context["mine"].total == Decimal("730.00")
    assert client.get("/money-in/cash-with-collectors/").status_code == 403


# --- papers -----------------------------------------------------------------------------------------------


def test_the_slip_has_room_to_count_before_and_says_what_was_counted_after(client, who) -> None:
    sheet, _members = submitted(who)
    client.force_login(who.leader)
    answer = client.get(f"{SHEET}slip/")
    assert (answer.status_code, client.get("/money-in/hand-over/slip/").content[:5]) == (200, b"%PDF-")
    before = pdfium_text(answer.content)
    assert ("730.00" in before, "เจ็ดร้อยสามสิบบาทถ้วน" in before, "ผู้นำ สมมติ" in before) == (True, True, True)
    accept(sheet, who, "700.00", "ทอนเกิน", notes_and_coins={"500": 1, "100": 2})
    sheet.refresh_from_db()
    after = pdfium_text(render_slip(hand_over_slip([sheet], who.fund)))
    for words in ("เจ็ดร้อยบาทถ้วน", "-30.00", "ทอนเกิน", "เหรัญญิก สมมติ"):
        assert words in after


def test_a_sheet_that_is_being_filled_in_has_no_slip(client, who) -> None:
    opened(who)
    client.force_login(who.leader)
    assert [client.get(f"{SHEET}slip/").status_code, client.get("/money-in/hand-over/slip/").status_code] == [404, 404]


def test_a_line_keeps_its_code_when_others_come_and_go(who) -> None:
    first, second = (member_owing(who.community, first_name=name) for name in ("กกก", "ขขข"))
    sheet = opened(who)
    codes = {row.member: row.code_label for row in give_line_codes(sheet, sheet_rows(sheet, TODAY))}
    assert codes == {first: "001", second: "002"}
    between = member_owing(who.community, first_name="กขข")
    sheet.refresh_from_db()
    again = {row.member: row.code_label for row in give_line_codes(sheet, sheet_rows(sheet, TODAY))}
    assert again == {first: "001", between: "003", second: "002"}
    write(sheet, first, who)
    submit_sheet(sheet=sheet, **acting(who.leader))
    member_owing(who.community)
    give_line_codes(sheet, sheet_rows(sheet, TODAY))
    assert len(CollectionSheet.objects.get().line_codes) == 3


def test_the_printed_sheet_has_codes_room_to_write_and_no_ids(client, who) -> None:
    on_paper, empty = member_owing(who.community), member_owing(who.community)
    sheet, book = opened(who), given(who)
    put(sheet, on_paper, who, book, 7)
    client.force_login(who.leader)
    text = pdfium_text(client.get(f"{SHEET}pdf/").content)
    for words in ("001", "002", "12/7", on_paper.first_name, empty.first_name, "365.00"):
        assert words in text
    sheet.refresh_from_db()
    rows = sheet_paper(sheet, sheet_rows(sheet, TODAY), who.fund).rows
    assert [(row[0], row[5]) for row in rows] == [("001", "365.00"), ("002", "")]


# --- the receipt on the phone -----------------------------------------------------------------------------


def door_receipt(sheet, member) -> DoorReceipt:
    return give_door_receipt(list(sheet.lines.filter(member=member)), sheet=sheet)


def test_a_receipt_on_the_phone_becomes_the_numbered_one(client, who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    client.force_login(who.leader)
    sent = client.post(f"{SHEET}door-receipt/", {"member": member.number})
    receipt = DoorReceipt.objects.get()
    assert sent.url == f"/money-in/door/{receipt.public_token}/show/"
    assert member.first_name in client.get(sent.url).content.decode()
    assert door_receipt(sheet, member) == receipt
    write(sheet, member, who, YEAR * 2)
    submit_sheet(sheet=sheet, **acting(who.leader))
    behind = receipt_behind(receipt)
    assert (behind.total, client.get(sent.url).url) == (YEAR * 2, behind.get_absolute_url())


def test_the_public_page_says_what_holds_and_names_nobody(client, who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    address = f"/money-in/door/{door_receipt(sheet, member).public_token}/"
    page = client.get(address)
    text = page.content.decode()
    assert (page.status_code, "365.00" in text, "2563/0001" in text) == (200, True, True)
    assert [one in text for one in (member.first_name, member.family_name, who.leader.display_name)] == [False] * 3
    submit_sheet(sheet=sheet, **acting(who.leader))
    assert "2563/000001" in client.get(address).content.decode()
    facts = {"by": who.treasurer, "second_person": None, "today": TODAY, "now": NOW}
    void_receipt(receipt=Receipt.objects.get(), reason="ผิดคน", **facts)
    assert client.get(address).context["void"] is not None
    assert client.get(f"/money-in/door/{uuid.uuid4()}/").status_code == 404


def test_the_receipt_of_a_line_that_was_taken_off_says_so(client, who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    receipt = door_receipt(sheet, member)
    write_line(sheet=sheet, member=member, amount=None, paid_on=TAKEN_ON, by=who.leader, today=TODAY)
    page = client.get(f"/money-in/door/{receipt.public_token}/")
    assert (page.status_code, page.context["days"]) == (200, [])


def test_one_payer_without_a_paper_number_has_one_receipt(who) -> None:
    sheet, pair = opened(who), [member_owing(who.community) for _ in range(2)]
    for member in pair:
        put(sheet, member, who, payer="นายผู้จ่าย สมมติ")
    submit_sheet(sheet=sheet, **acting(who.leader))
    receipt = Receipt.objects.get()
    assert (receipt.party_name, receipt.total, receipt.label) == ("นายผู้จ่าย สมมติ", YEAR * 2, "2563/000001")


def test_no_receipt_at_the_door_of_a_sheet_that_was_handed_in(who) -> None:
    sheet, members = submitted(who)
    with pytest.raises(SheetClosed):
        door_receipt(sheet, members[0])


# --- entry fees -------------------------------------------------------------------------------------------


def test_an_entry_fee_stands_on_the_receipt_and_in_no_leg(who) -> None:
    regulate(date(2020, 1, 1), entry_fee=20)
    member = member_owing(who.community, joined_on=date(2020, 10, 1), paid_through=date(2020, 9, 30))
    sheet = opened(who)
    facts = {"amount": YEAR, "entry_fee": Decimal("20.00"), "paid_on": TAKEN_ON, "by": who.leader, "today": TODAY}
    write_line(sheet=sheet, member=member, **facts)
    sheet = submit_sheet(sheet=sheet, **acting(who.leader))
    receipt = Receipt.objects.get()
    assert (sheet.total, receipt.total, [line.amount for line in receipt.lines.all()]) == (
        Decimal("385.00"),
        Decimal("385.00"),
        [YEAR, Decimal("20.00")],
    )
    with pytest.raises(EntryFeePaid, match="2563/000001"):
        write_line(sheet=opened(who), member=member, **facts)
    accept_sheet(sheet=sheet, counted=Decimal("385.00"), difference_reason="", **acting(who.treasurer))
    assert books() == {"1010": Decimal("385.00"), "4110": -YEAR, "4510": Decimal("-20.00")}
    assert CollectionLine.objects.get().baht == Decimal("385.00")

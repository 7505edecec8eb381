"""Paper receipt books: given out, used number by number, brought back with every number explained."""

import uuid
from datetime import date

import pytest
from django.db import transaction

from bansong_fund.lib.errors import DomainError
from contributions.models import DoorReceipt
from contributions.queries.receipt_books import books_of, count_books, fates_of
from contributions.receipt_books import (
    BookKnown,
    BookReturned,
    BookWithHolder,
    NotABook,
    NotALeader,
    NotHerBook,
    NumberNotInBook,
    NumbersNotHandedIn,
    NumbersUnexplained,
    NumberUsed,
    give_book,
    give_on,
    return_book,
    spans,
    spoil_number,
)
from contributions.sheet_lines import TakenAtDoor, hold_draft, put_lines
from contributions.sheets import open_sheet, submit_sheet, write_line
from contributions.voids import void_receipt
from ledger.check import check_ledger
from ledger.documents import ReasonNeeded
from ledger.models import Entry, Receipt, ReceiptBook
from members.models import Member
from office.models import ActionLog
from tests.contributions.conftest import NOW, TODAY, acting, make_cast, member_owing
from tests.contributions.test_sheets import TAKEN_ON, YEAR, opened
from tests.factories import CommunityFactory, make_user
from tests.races import at_once


def given(who, label: str = "12", first: int = 1, last: int = 10, holder=None, **changes: object) -> ReceiptBook:
    facts = {"label": label, "first_number": first, "last_number": last, "holder": holder or who.leader}
    return give_book(**facts, by=who.treasurer, today=TODAY, request_id=uuid.uuid4(), **changes)


def put(sheet, member, who, book=None, number=None, *, payer: str = "", by=None):
    facts = {"amount": YEAR, "paid_on": TAKEN_ON, "by": by or who.leader, "today": TODAY}
    return write_line(sheet=sheet, member=member, book=book, number=number, payer_name=payer, **facts)


def spoil(book, who, number: int, kind: str = "void", reason: str = "เขียนผิด"):
    facts = {"by": who.leader, "today": TODAY, "request_id": uuid.uuid4()}
    return spoil_number(book=book, number=number, kind=kind, reason=reason, **facts)


def kinds(book) -> list[str]:
    return [fate.kind for fate in fates_of(book)]


def test_a_book_goes_to_a_leader_and_is_known_by_its_cover(who) -> None:
    book = given(who, "๑๒")
    assert (book.label, book.holder, [one.next_number for one in books_of(who.leader)]) == ("12", who.leader, [1])
    with pytest.raises(BookKnown, match="12"):
        given(who, "12")
    with pytest.raises(NotALeader):
        given(who, "13", holder=who.treasurer)


@pytest.mark.parametrize(("label", "first", "last"), [("1/2", 1, 50), ("", 1, 50), ("13", 50, 1), ("13", 1, 5000)])
def test_what_is_no_book_is_refused(who, label, first, last) -> None:
    with pytest.raises(NotABook):
        given(who, label, first, last)


def test_a_line_with_a_paper_number_becomes_that_receipt_and_no_second_one(who) -> None:
    book, sheet = given(who, "ก-7", 101, 150), opened(who)
    on_paper, plain = member_owing(who.community), member_owing(who.community)
    put(sheet, on_paper, who, book, 105)
    put(sheet, plain, who, None)
    submit_sheet(sheet=sheet, **acting(who.leader))
    receipts = {receipt.member: receipt for receipt in Receipt.objects.all()}
    paper, own = receipts[on_paper], receipts[plain]
    assert (paper.book, paper.number, paper.label, paper.total) == ("ก-7", 105, paper.label, YEAR)
    assert (own.book, own.label) == ("", "2563/000001")
    assert check_ledger().problems == ()


def test_one_number_for_several_names_one_payer_and_is_one_receipt_with_a_line_each(who) -> None:
    book, sheet = given(who), opened(who)
    mother, son = member_owing(who.community), member_owing(who.community)
    put(sheet, mother, who, book, 1, payer="นางผู้จ่าย สมมติ")
    put(sheet, son, who, book, 1, payer="นางผู้จ่าย สมมติ")
    submit_sheet(sheet=sheet, **acting(who.leader))
    receipt = Receipt.objects.get()
    assert (receipt.number, receipt.party_name, receipt.member, receipt.total) == (1, "นางผู้จ่าย สมมติ", None, YEAR * 2)
    assert [line.amount for line in receipt.lines.all()] == [YEAR, YEAR]
    assert {paid.member for paid in receipt.dues.all()} == {mother, son}


def test_a_number_is_used_once_and_the_refusal_says_where(who) -> None:
    book, sheet = given(who), opened(who)
    first = member_owing(who.community)
    put(sheet, first, who, book, 1)
    with pytest.raises(NumberUsed, match=first.first_name) as refusal:
        put(sheet, member_owing(who.community), who, book, 1)
    assert (refusal.value.field, "2563/0001" in str(refusal.value)) == ("number", True)
    put(sheet, first, who, book, 1)  # the same line again changes nothing
    submit_sheet(sheet=sheet, **acting(who.leader))
    with pytest.raises(NumberUsed, match="2563/0001"):
        put(opened(who), member_owing(who.community), who, book, 1)


def test_a_number_that_was_typed_wrongly_is_free_again(who) -> None:
    book, sheet, member = given(who), opened(who), member_owing(who.community)
    put(sheet, member, who, book, 3)
    put(sheet, member, who, book, 2)
    put(sheet, member_owing(who.community), who, book, 3)
    assert sorted(DoorReceipt.objects.values_list("number", flat=True)) == [2, 3]
    write_line(sheet=sheet, member=member, amount=None, paid_on=TAKEN_ON, by=who.leader, today=TODAY)
    assert list(DoorReceipt.objects.values_list("number", flat=True)) == [3]


def test_numbers_outside_the_book_of_another_or_of_one_that_is_back_are_refused(who) -> None:
    book, sheet, member = given(who), opened(who), member_owing(who.community)
    with pytest.raises(NumberNotInBook, match="11"):
        put(sheet, member, who, book, 11)
    second = make_user("leader", community=CommunityFactory(number=2))
    with pytest.raises(NotHerBook, match=second.display_name):
        put(sheet, member, who, given(who, "99", holder=second), 1)
    spoil(book, who, 1)
    with pytest.raises(NumberUsed, match="เขียนผิด"):
        put(sheet, member, who, book, 1)
    return_book(book=book, by=who.treasurer, today=TODAY)
    with pytest.raises(BookReturned):
        put(sheet, member, who, book, 2)


def test_a_book_comes_back_when_every_number_is_explained(who) -> None:
    book, sheet = given(who, last=5), opened(who)
    put(sheet, member_owing(who.community), who, book, 1)
    put(sheet, member_owing(who.community), who, book, 4)
    assert kinds(book) == ["used", "skipped", "skipped", "used", "unused"]
    with pytest.raises(NumbersNotHandedIn, match="1, 4"):
        return_book(book=book, by=who.treasurer, today=TODAY)
    submit_sheet(sheet=sheet, **acting(who.leader))
    with pytest.raises(NumbersUnexplained, match="2–3"):
        return_book(book=book, by=who.treasurer, today=TODAY)
    spoil(book, who, 2, "lost", "ปลิวหาย")
    spoil(book, who, 3, "blank", "ข้ามไป")
    assert return_book(book=book, by=who.treasurer, today=TODAY).returned_to == who.treasurer
    assert kinds(book) == ["used", "lost", "blank", "used", "unused"]


def test_the_rest_of_a_book_goes_to_the_next_leader_and_the_way_is_written_down(who) -> None:
    book, second = given(who, last=3), make_user("leader", community=who.community)
    with pytest.raises(BookWithHolder):
        give_on(book=book, holder=second, by=who.treasurer, today=TODAY)
    spoil(book, who, 1)
    return_book(book=book, by=who.treasurer, today=TODAY)
    book = give_on(book=book, holder=second, by=who.treasurer, today=TODAY)
    assert (book.holder, book.returned_on, [one.next_number for one in books_of(second)]) == (second, None, [2])
    log = ActionLog.objects.order_by("pk").values_list("action", "details__holder", "details__numbers")
    names = (who.leader.display_name, second.display_name)
    assert list(log) == [
        ("book-given", names[0], "1–3"),
        ("book-returned", names[0], "1–3"),
        ("book-given", names[1], "2–3"),
    ]


def test_a_paper_receipt_made_void_keeps_its_number(client, who) -> None:
    book, sheet = given(who), opened(who)
    put(sheet, member_owing(who.community), who, book, 1)
    submit_sheet(sheet=sheet, **acting(who.leader))
    client.force_login(who.treasurer)
    page = client.get("/money-in/paper-receipts/12/1/void/")
    assert (page.status_code, "12" in page.content.decode()) == (200, True)
    sent = client.post("/money-in/paper-receipts/12/1/void/", {"request_id": str(uuid.uuid4()), "reason": "ผิดคน"})
    assert sent.url == "/books/paper-receipts/12/1/"
    assert (kinds(book)[0], count_books([book])[0].void, count_books([book])[0].used) == ("void", 1, 0)
    with pytest.raises(NumberUsed):
        put(opened(who), member_owing(who.community), who, book, 1)
    assert check_ledger().problems == ()


def test_a_used_number_is_not_spoiled_and_a_spoiled_one_has_a_reason(who) -> None:
    book, sheet = given(who), opened(who)
    put(sheet, member_owing(who.community), who, book, 1)
    with pytest.raises(NumberUsed):
        spoil(book, who, 1)
    with pytest.raises(ReasonNeeded):
        spoil(book, who, 2, reason=" ")
    spoil(book, who, 2)
    with pytest.raises(NumberUsed):
        spoil(book, who, 2, "lost")


def test_who_takes_a_sheet_over_keeps_the_numbers_written_on_it(who) -> None:
    book, sheet, member = given(who), opened(who), member_owing(who.community)
    put(sheet, member, who, book, 1)
    who.leader.leaderships.update(until=TODAY)
    second = make_user("leader", community=who.community)
    put(sheet, member, who, book, 1, by=second)
    submit_sheet(sheet=sheet, **acting(second))
    assert Receipt.objects.get().book == "12"


def test_numbers_are_told_as_people_write_them() -> None:
    assert spans([5, 3, 4, 9, 11, 10]) == "3–5, 9–11"


def test_two_lines_at_once_cannot_bear_one_number(committed_db) -> None:
    who = make_cast()
    book, sheet = given(who), opened(who)
    other_place = CommunityFactory(number=2)
    who.leader.leaderships.create(community=other_place, since=date(2010, 5, 1))
    other = open_sheet(community=other_place, **acting(who.leader))
    first, second = member_owing(who.community), member_owing(other_place)
    found = at_once(lambda: put(sheet, first, who, book, 1), lambda: put(other, second, who, book, 1))
    assert (sum(isinstance(one, NumberUsed) for one in found), DoorReceipt.objects.count()) == (1, 1)


def test_a_receipt_for_several_is_shown_to_a_leader_only_where_all_of_them_are_hers(client, who) -> None:
    sheet, pair = opened(who), [member_owing(who.community) for _ in range(2)]
    for member in pair:
        put(sheet, member, who, given(who) if member is pair[0] else ReceiptBook.objects.get(), 1, payer="นางแม่ สมมติ")
    submit_sheet(sheet=sheet, **acting(who.leader))
    away = CommunityFactory(number=2)
    other, page = make_user("leader", community=away), Receipt.objects.get().get_absolute_url()

    def seen_by() -> list[int]:
        answers = []
        for user in (who.leader, other, who.auditor):
            client.force_login(user)
            answers.append(client.get(page).status_code)
        return answers

    assert seen_by() == [200, 404, 200]
    Member.objects.filter(pk=pair[1].pk).update(community=away)
    assert seen_by() == [404, 404, 200]


@pytest.mark.parametrize("count", [1, 40])
def test_forty_paper_numbers_take_as_many_queries_as_one(who, django_assert_num_queries, count) -> None:
    book, sheet = given(who, last=50), opened(who)
    members = [member_owing(who.community) for _ in range(count)]
    taken = [TakenAtDoor(one, YEAR, TAKEN_ON, book=book, number=place) for place, one in enumerate(members, 1)]
    with django_assert_num_queries(16), transaction.atomic():
        answers = put_lines(hold_draft(sheet), taken, by=who.leader, today=TODAY)
    assert [(line.member, line.door_receipt_id is not None) for line in answers] == [(one, True) for one in members]


def test_a_book_that_comes_back_while_a_number_is_typed_has_no_number_on_an_open_sheet(committed_db) -> None:
    who = make_cast()
    book, sheet, member = given(who), opened(who), member_owing(who.community)
    found = at_once(
        lambda: return_book(book=book, by=who.treasurer, today=TODAY), lambda: put(sheet, member, who, book, 1)
    )
    refused = [type(one).__name__ for one in found if isinstance(one, DomainError)]
    came_back = ReceiptBook.objects.get().returned_on is not None
    assert (refused, came_back, DoorReceipt.objects.count()) in [
        (["BookReturned"], True, 0),
        (["NumbersNotHandedIn"], False, 1),
    ]


# --- pages ------------------------------------------------------------------------------------------------

BOOKS = "/money-in/receipt-books/"


def test_the_treasurer_gives_a_book_out_and_takes_it_back_on_the_pages(client, who) -> None:
    client.force_login(who.treasurer)
    facts = {"label": "12", "first_number": "1", "last_number": "50", "holder": who.leader.pk}
    wrong = client.post(BOOKS, {**facts, "last_number": "0", "request_id": str(uuid.uuid4())})
    assert list(wrong.context["form"].errors) == ["last_number"]
    assert client.post(BOOKS, {**facts, "request_id": str(uuid.uuid4())}).url == BOOKS
    book = ReceiptBook.objects.get()
    page = f"{BOOKS}{book.pk}/"
    spoilt = {"number": "1", "kind": "void", "reason": "เปื้อน", "request_id": str(uuid.uuid4())}
    assert client.post(page, spoilt).url == page
    assert client.post(f"{page}back/").url == page
    assert "เปื้อน" in client.get(page).content.decode()
    on = {"holder": who.leader.pk, "request_id": str(uuid.uuid4())}
    assert client.post(f"{page}on/", on).url == page
    assert ReceiptBook.objects.get().returned_on is None


def test_a_leader_sees_her_own_books_only_and_gives_none_out(client, who) -> None:
    mine, second = given(who), make_user("leader", community=CommunityFactory(number=2))
    other = given(who, "99", holder=second)
    client.force_login(who.leader)
    assert [row.book for row in client.get(BOOKS).context["rows"]] == [mine]
    assert [client.get(f"{BOOKS}{book.pk}/").status_code for book in (mine, other)] == [200, 404]
    assert client.post(f"{BOOKS}{mine.pk}/back/").status_code == 403
    facts = {"label": "13", "first_number": "1", "last_number": "50", "holder": who.leader.pk}
    client.post(BOOKS, {**facts, "request_id": str(uuid.uuid4())})
    assert ReceiptBook.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_books_and_a_books_page_have_no_query_for_each(
    client, who, django_assert_num_queries, count
) -> None:
    sheet = opened(who)
    for number in range(count):
        book = given(who, str(number))
        put(sheet, member_owing(who.community), who, book, 1)
        put(sheet, member_owing(who.community), who, book, 2)
    client.force_login(who.auditor)
    with django_assert_num_queries(8):
        client.get(BOOKS)
    with django_assert_num_queries(13):
        client.get(f"{BOOKS}{book.pk}/")


def test_a_voided_paper_receipt_can_be_confirmed_by_a_second_person(client, who) -> None:
    book, sheet = given(who), opened(who)
    put(sheet, member_owing(who.community), who, book, 1)
    sheet = submit_sheet(sheet=sheet, **acting(who.leader))
    receipt = Receipt.objects.get()
    client.force_login(who.committee)
    assert client.post("/money-in/paper-receipts/12/1/void/confirm/").url == receipt.get_absolute_url()
    assert Entry.objects.count() == 1  # nobody had asked
    void_receipt(receipt=receipt, reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)

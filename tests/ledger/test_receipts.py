"""Receipts as they are handed out: an original, counted copies, previews that count nothing, a register of numbers."""

import io
import uuid
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bansong_fund.lib.pdf_text import fold_sara_am
from contributions.voids import ask_to_void, void_receipt, void_voucher
from ledger.models import DocumentSequence, Receipt, ReceiptBook, ReceiptCopy, ReceiptVoid, SpoiledNumber
from ledger.number_papers import AT_ONCE
from ledger.receipt_copies import NothingToPrint, OnPaperAlready, order_receipts, print_receipt, receipts_of_entry
from members.models import Fund
from office.jobs import result_path, run_job
from office.models import Job, ReadingLog
from tests.contributions.conftest import NOW, TODAY, acting, books, make_cast, member_owing
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, gift, grant
from tests.contributions.test_sheets import submitted
from tests.contributions.test_voids import handed_over, void
from tests.factories import CommunityFactory, MeetingFactory, make_user
from tests.pdf_reading import page_texts, pdfium_text
from tests.races import at_once


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast()


@pytest.fixture
def treasurer(client, who):
    client.force_login(who.treasurer)
    client.cookies["django_language"] = "en"
    return client


def printed(receipt: Receipt, who, **changes) -> ReceiptCopy:
    facts = {"by": who.treasurer, "now": NOW, "request_id": uuid.uuid4()} | changes
    return print_receipt(receipt=receipt, **facts)


def press(client, path: str = "2563/1", **given) -> str:
    """The print button: where it leads."""
    answer = client.post(f"/books/receipts/{path}/print/", {"request_id": str(uuid.uuid4())} | given)
    assert answer.status_code == 302
    return answer.url


# --- copies -----------------------------------------------------------------------------------------------


def test_the_first_print_is_the_original_and_each_later_one_a_copy(who) -> None:
    receipt, click = gift(who, "ร้านหนึ่ง"), uuid.uuid4()
    first = printed(receipt, who, request_id=click)
    assert printed(receipt, who, request_id=click) == first
    assert [printed(receipt, who).number for _print in range(2)] == [1, 2]
    assert list(receipt.copies.order_by("number").values_list("number", flat=True)) == [0, 1, 2]


def test_eight_prints_at_once_are_eight_numbers(committed_db) -> None:
    who = make_cast()
    receipt = gift(who, "ร้านหนึ่ง")
    copies = at_once(*[partial(printed, receipt, who)] * 8)
    assert sorted(copy.number for copy in copies) == list(range(8))


def test_the_paper_says_which_print_it_is(treasurer, who) -> None:
    gift(who, "ร้านหนึ่ง")
    said = {}
    said["preview"] = pdfium_text(treasurer.get("/books/receipts/2563/1/pdf/").content)
    said["original"] = pdfium_text(treasurer.get(press(treasurer)).content)
    said["copy"] = pdfium_text(treasurer.get(press(treasurer)).content)
    marks = ["PREVIEW", "COPY", "Preview, not a receipt", "Original", "Copy no. 1", "Printed again on"]
    assert {name: [text.count(mark) for mark in marks] for name, text in said.items()} == {
        "preview": [2, 0, 2, 0, 0, 0],
        "original": [0, 0, 0, 1, 0, 0],
        "copy": [0, 2, 0, 0, 2, 2],
    }
    assert ReceiptCopy.objects.count() == 2


def test_a_print_opens_again_for_a_quarter_of_an_hour_and_for_nobody_else(treasurer, who, client) -> None:
    gift(who, "ร้านหนึ่ง")
    address = press(treasurer, language="both")
    assert address == "/books/receipts/2563/1/copies/0/?language=both"
    assert [treasurer.get(address)["Content-Type"] for _reload in range(2)] == ["application/pdf"] * 2
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert treasurer.get(address).url == "/books/receipts/2563/1/"
    client.force_login(who.committee)
    assert client.get(address).url == "/books/receipts/2563/1/"


def test_the_page_offers_the_next_copy_and_names_those_before(treasurer, who) -> None:
    receipt = gift(who, "ร้านหนึ่ง")
    assert "Print the receipt" in treasurer.get("/books/receipts/2563/1/").content.decode()
    printed(receipt, who), printed(receipt, who)
    page = treasurer.get("/books/receipts/2563/1/").content.decode()
    assert ("Print copy no. 2" in page, "Copy no. 1 ·" in page, "Original ·" in page) == (True, True, True)


def test_a_damaged_form_prints_nothing(treasurer, who) -> None:
    gift(who, "ร้านหนึ่ง")
    assert press(treasurer, request_id="no id") == "/books/receipts/2563/1/"
    assert ReceiptCopy.objects.count() == 0


def test_a_leader_prints_for_her_members_only(client, who) -> None:
    pay(member_owing(who.community), who, THIS_YEAR)
    client.force_login(who.leader)
    assert client.get(press(client)).status_code == 200
    client.force_login(make_user("leader", community=CommunityFactory(number=2)))
    answers = [client.post(f"/books/receipts/2563/1/{path}") for path in ("print/", "pdf/")]
    assert [answer.status_code for answer in answers] == [404, 405]
    assert client.get("/books/receipts/2563/1/copies/0/").status_code == 404


# --- all receipts of a sheet -------------------------------------------------------------------------------


def ordered(who, entry_number: int, *, again: bool = False, by=None, request_id=None) -> Job:
    return order_receipts(
        entry_number=entry_number,
        again=again,
        by=by or who.leader,
        now=NOW,
        request_id=request_id or uuid.uuid4(),
        site="https://fund.example.org",
        language="en",
    )


def pages_of(job: Job) -> list[str]:
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    return page_texts(result_path(job.stored_name).read_bytes())


def test_all_receipts_of_a_sheet_are_one_paper_and_void_ones_are_left_out(who) -> None:
    sheet, _members = submitted(who, 4)
    void(Receipt.objects.get(number=4), who)
    printed(Receipt.objects.get(number=1), who)
    click = uuid.uuid4()
    job = ordered(who, sheet.submission_entry.number, request_id=click)
    assert ordered(who, sheet.submission_entry.number, request_id=click) == job
    pages = pages_of(job)
    assert [("2563/000002" in page, "2563/000003" in page) for page in pages] == [(True, False), (False, True)]
    assert [page.count("Original") for page in pages] == [1, 1]
    assert ReadingLog.objects.filter(what="receipt", user=who.leader).count() == 2
    with pytest.raises(NothingToPrint):
        ordered(who, sheet.submission_entry.number)
    again = pages_of(ordered(who, sheet.submission_entry.number, again=True))
    assert [page.count("Copy no. 1") for page in again] == [2, 2, 2]


def test_a_job_that_a_killed_worker_left_prints_the_same_again(who) -> None:
    sheet, _members = submitted(who, 2)
    job = ordered(who, sheet.submission_entry.number)
    first = pages_of(job)
    Job.objects.update(state="waiting")
    assert pages_of(job) == first
    assert ReceiptCopy.objects.count() == 2


def test_the_page_of_a_sheets_receipts_starts_the_job_for_the_leader_of_the_members(client, who) -> None:
    sheet, _members = submitted(who, 2)
    client.force_login(who.leader)
    address = f"/books/receipts/of-entry/{sheet.submission_entry.number}/"
    assert client.get(address).context["left"] == 2
    answer = client.post(address, {"request_id": str(uuid.uuid4())})
    assert answer.url == f"/jobs/{Job.objects.get().pk}/"
    client.force_login(make_user("leader", community=CommunityFactory(number=2)))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_receipts_of_an_entry_are_one_query(who, django_assert_num_queries, count) -> None:
    sheet, _members = submitted(who, count)
    with django_assert_num_queries(2):  # the user's roles and the receipts
        assert len(receipts_of_entry(who.treasurer, sheet.submission_entry.number)) == count


# --- receipts written by hand ------------------------------------------------------------------------------


def paper_receipt(who) -> Receipt:
    """A receipt that stands in paper book ก1 as number 7."""
    issued = gift(who, "ร้านในเล่ม")
    copy = Receipt.objects.get(pk=issued.pk)
    copy.pk, copy.request_id, copy.public_token, copy.book, copy.number = None, uuid.uuid4(), uuid.uuid4(), "ก1", 7
    copy.save(force_insert=True)
    return copy


def test_a_paper_receipt_is_shown_and_never_printed(treasurer, who) -> None:
    receipt = paper_receipt(who)
    page = treasurer.get(receipt.get_absolute_url()).content.decode()
    assert "written by hand in a paper book" in page
    assert [f"/receipts/{receipt.year_be}/7/" in page, "/print/" in page, "<svg" in page] == [False, False, False]
    with pytest.raises(OnPaperAlready):
        printed(receipt, who)
    assert treasurer.post("/books/receipts/2563/7/print/", {"request_id": str(uuid.uuid4())}).status_code == 404


# --- voids by page -----------------------------------------------------------------------------------------


def ask(client, path: str = "2563/1", reason: str = "พิมพ์ผิด"):
    return client.post(
        f"/money-in/receipts/{path}/void/", {"reason": reason, "request_id": str(uuid.uuid4())}, follow=True
    )


def test_a_small_fund_voids_by_one_person(treasurer, who) -> None:
    handed_over(who)
    Fund.objects.update(controls="small")
    page = ask(treasurer)
    assert "Made void on" in page.content.decode()
    assert ReceiptVoid.objects.get().second_person is None


@pytest.mark.parametrize("controls", ["standard", "strict"])
def test_after_the_hand_over_a_second_person_confirms_on_the_page(treasurer, who, client, controls) -> None:
    receipt = handed_over(who)
    Fund.objects.update(controls=controls)
    assert "A second person has to confirm it" in ask(treasurer).content.decode()
    assert "Confirm: make it void" not in treasurer.get(receipt.get_absolute_url()).content.decode()
    client.force_login(who.committee)
    assert "Confirm: make it void" in client.get(receipt.get_absolute_url()).content.decode()
    client.post("/money-in/receipts/2563/1/void/confirm/")
    assert (ReceiptVoid.objects.get().second_person, books()["4110"]) == (who.committee, -365)


def test_a_void_of_a_void_is_refused_and_changes_nothing(treasurer, who) -> None:
    void(gift(who, "ร้านหนึ่ง"), who)
    assert "/void/" not in treasurer.get("/books/receipts/2563/1/").content.decode()
    assert "is void already; nothing was changed" in ask(treasurer, reason="อีกครั้ง").content.decode()
    assert ReceiptVoid.objects.count() == 1


def test_a_void_receipt_prints_void_and_is_asked_for_once(treasurer, who) -> None:
    receipt = gift(who, "ร้านหนึ่ง")
    ask_to_void(receipt=receipt, reason="ผิดคน", **acting(who.treasurer))
    void(receipt, who, "พิมพ์ผิดคน", second_person=who.committee)
    text = fold_sara_am(pdfium_text(treasurer.get(press(treasurer)).content))
    assert (text.count("VOID"), fold_sara_am("พิมพ์ผิดคน") in text) == (2, True)


# --- the register of all numbers ---------------------------------------------------------------------------


@pytest.fixture
def register(treasurer):
    return lambda path="", **query: treasurer.get(f"/books/receipts/numbers/{path}", query)


def test_the_register_has_every_number_in_its_order_and_none_missing(register, who) -> None:
    receipts = [gift(who, f"ร้าน {number}") for number in range(3)]
    void(receipts[1], who, "พิมพ์ผิดคน")
    page = register(year="2563")
    assert [row.label for row in page.context["page"].rows] == ["2563/000001", "2563/000002", "2563/000003"]
    assert page.context["said"] == ("2563/000001–000003: 2 in force of 2,000.00 baht, 1 void, no number missing")
    assert "พิมพ์ผิดคน" in page.content.decode()
    assert [row.label for row in register(which="void").context["page"].rows] == ["2563/000002"]
    assert [row.label for row in register(after="2").context["page"].rows] == ["2563/000003"]


def test_a_number_that_no_receipt_bears_is_named(register, who) -> None:
    gift(who, "ร้านหนึ่ง")
    DocumentSequence.objects.filter(series="receipt").update(last=3)
    assert register().context["said"].endswith("missing: 2, 3")


def test_a_year_without_receipts_says_so(register) -> None:
    assert register().context["said"] == "No receipt was issued in 2563."


def test_paper_books_stand_beside_with_what_became_of_their_numbers(register, who) -> None:
    facts = {"first_number": 1, "last_number": 50, "holder": who.leader, "given_by": who.treasurer, "given_on": TODAY}
    book = ReceiptBook.objects.create(label="ก1", **facts)
    spoiled = {"kind": "void", "reason": "เขียนผิด", "written_by": who.leader, "written_on": TODAY}
    SpoiledNumber.objects.create(book=book, number=1, **spoiled)
    paper_receipt(who)
    (row,) = register().context["books"]
    assert (row.book, row.used, row.void, row.spoiled, row.left, row.baht) == (book, 1, 0, 1, 48, 1000)


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_for_no_row_by_itself(register, who, django_assert_num_queries, count) -> None:
    for number in range(count):
        void(gift(who, f"ร้าน {number}"), who)
    with django_assert_num_queries(13):
        register()


def test_the_register_comes_as_a_sheet_and_on_paper(register, who) -> None:
    hostile = gift(who, "=HYPERLINK(1)")
    void(gift(who, "ร้านสอง"), who, "พิมพ์ผิดคน")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(register("xlsx/").content)).get_sheet_by_index(0).to_python()
    rows = [row for row in sheet if str(row[0]).startswith("2563/0")][1:]
    assert [(row[0], row[2], row[4], row[5]) for row in rows] == [
        (hostile.label, "=HYPERLINK(1)", 1000, 1000),
        ("2563/000002", "ร้านสอง", 1000, 0),
    ]
    (text,) = page_texts(register("pdf/").content)
    page = " ".join(text.split()).replace("ผิด คน", "ผิดคน")  # a narrow column breaks the words
    said = ["2563/000002", "no number missing", "พิมพ์ผิดคน", "Auditor"]
    assert [words for words in said if fold_sara_am(words) not in fold_sara_am(page)] == []


def test_a_long_register_is_made_by_the_worker(register, treasurer, who, monkeypatch) -> None:
    monkeypatch.setitem(AT_ONCE, "xlsx", 0)
    gift(who, "ร้านหนึ่ง")
    form = register("xlsx/")
    assert "Make the file" in form.content.decode()
    answer = treasurer.post("/books/receipts/numbers/xlsx/", {"request_id": str(uuid.uuid4())})
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_name) == ("done", "receipt-numbers-2563.xlsx")


# --- voids for the committee -------------------------------------------------------------------------------


def test_the_committee_sees_what_was_made_void_since_its_last_meeting(client, who) -> None:
    grant(who, "1000.00")
    voucher = cost(who)
    early = void_receipt(
        receipt=gift(who, "ร้านเก่า"), reason="เก่า", by=who.treasurer, second_person=None, today=TODAY, now=NOW
    )
    void_voucher(voucher=voucher, reason="จ่ายซ้ำ", by=who.treasurer, today=TODAY, now=NOW)
    for day in (date(2020, 9, 1), date(2020, 10, 5), TODAY):
        MeetingFactory(held_on=day)
    client.force_login(who.committee)
    page = client.get("/books/voids/")
    assert page.context["since"] == date(2020, 10, 5)  # today's own meeting looks back to the one before
    assert [(row.label, row.total) for row in page.context["voids"]] == [
        (early.receipt.label, 1000),
        (voucher.label, voucher.total),
    ]
    text = fold_sara_am(pdfium_text(client.get("/books/voids/pdf/").content))
    assert [words for words in ("เก่า", "จ่ายซ้ำ", early.receipt.label) if fold_sara_am(words) not in text] == []


def test_the_list_of_voids_is_not_for_a_leader(client, who) -> None:
    client.force_login(who.leader)
    assert [client.get(f"/books/{path}").status_code for path in ("voids/", "receipts/numbers/")] == [403, 403]

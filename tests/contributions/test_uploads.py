"""A sheet filled in on a computer: what each row would do is shown first, and all of it is written or nothing."""

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bansong_fund.lib.sheet_reader import read_rows
from contributions.models import CollectionLine, CollectionSheet, SheetUpload
from contributions.queries import sheet_rows
from contributions.sheet_lines import give_line_codes
from contributions.sheet_uploads import BadFile, RowsRefused, confirm_upload, empty_sheet, take_upload
from contributions.sheets import SheetClosed, open_sheet, submit_sheet
from tests.contributions.conftest import NOW, TODAY, acting, member_owing
from tests.contributions.test_receipt_books import given, put
from tests.contributions.test_sheets import TAKEN_ON, YEAR, accept, opened, write
from tests.factories import CommunityFactory, make_user
from tests.made_sheets import as_csv, as_ods, as_xlsx

HEAD = ["เลขที่สมาชิก", "ชื่อ", "ชำระ", "วันที่", "เล่มที่", "เลขที่ใบเสร็จ", "ผู้ชำระ"]
PAGE = "/money-in/sheets/2563/1/upload/"


def file_of(*rows, head=HEAD, name: str = "sheet.xlsx", write_file=as_xlsx) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_file([head, *rows]))


def row_of(member, amount="365", day=TAKEN_ON, *paper, payer=None) -> list:
    book, number = paper or (None, None)
    return [member.number, member.full_name, amount, day, book, number, payer]


def taken(sheet, who, file, **changes) -> SheetUpload:
    return take_upload(sheet=sheet, file=file, day=TODAY, **acting(who.leader) | changes)


def confirmed(upload, who) -> SheetUpload:
    return confirm_upload(upload=upload, by=who.leader, today=TODAY, now=NOW)


def faults(upload) -> list[tuple[int, bool]]:
    return [(row["line"], bool(row["faults"])) for row in upload.rows]


def lines() -> list[tuple]:
    rows = CollectionLine.objects.order_by("member__number")
    return list(rows.values_list("member__number", "amount", "paid_on", "door_receipt__number"))


@pytest.mark.parametrize(
    ("write_file", "name"),
    [(as_xlsx, "a.xlsx"), (as_ods, "a.ods"), (lambda rows: as_csv(rows, "cp874"), "a.csv")],
    ids=["xlsx", "ods", "csv"],
)
def test_the_rows_are_shown_and_nothing_is_written_before_they_are_confirmed(who, write_file, name) -> None:
    book, sheet = given(who), opened(who)
    paid, twice, nothing = (member_owing(who.community) for _ in range(3))
    file = file_of(
        row_of(paid, 365, TAKEN_ON, "12", 4),
        row_of(twice, "730", None),
        row_of(nothing, None),
        name=name,
        write_file=write_file,
    )
    upload = taken(sheet, who, file)
    assert ([(row["name"], row["does"]) for row in upload.rows], lines()) == (
        [(paid.full_name, "new"), (twice.full_name, "new")],
        [],
    )
    confirmed(upload, who)
    assert lines() == [(paid.number, YEAR, TAKEN_ON, 4), (twice.number, YEAR * 2, TODAY, None)]
    assert book.door_receipts.get().number == 4


def test_the_same_file_twice_is_harmless(who) -> None:
    given(who)
    sheet, member = opened(who), member_owing(who.community)
    rows = [row_of(member, 365, TAKEN_ON, 12, 4)]
    confirmed(taken(sheet, who, file_of(*rows)), who)
    again = taken(sheet, who, file_of(*rows))
    assert [row["does"] for row in again.rows] == ["same"]
    confirmed(again, who)
    confirmed(again, who)
    assert lines() == [(member.number, YEAR, TAKEN_ON, 4)]


def test_files_go_with_the_sheets_acceptance_or_after_90_days(who) -> None:
    other = CommunityFactory(number=2)
    lasting = open_sheet(community=other, **acting(who.leader))
    sheet, members = opened(who), [member_owing(who.community), member_owing(other)]
    neighbour = taken(lasting, who, file_of(row_of(members[1])))
    confirmed(taken(sheet, who, file_of(row_of(members[0]))), who)
    submit_sheet(sheet=sheet, **acting(who.leader))
    assert SheetUpload.objects.count() == 2
    accept(sheet, who, "365.00")
    assert SheetUpload.objects.get() == neighbour
    fresh = taken(lasting, who, file_of(row_of(members[1])), now=NOW + timedelta(days=90))
    assert set(SheetUpload.objects.all()) == {neighbour, fresh}
    SheetUpload.objects.filter(pk=fresh.pk).update(uploaded_at=NOW + timedelta(days=90))
    last = taken(lasting, who, file_of(row_of(members[1])), now=NOW + timedelta(days=90, seconds=1))
    assert set(SheetUpload.objects.all()) == {fresh, last}


def test_a_file_that_changes_a_line_says_what_stood_there(who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    upload = taken(sheet, who, file_of(row_of(member, 730)))
    assert [(row["does"], row["before"]) for row in upload.rows] == [("changes", "365.00")]


def test_wrong_rows_are_named_and_then_none_is_written(who) -> None:
    given(who)
    stranger, second = member_owing(CommunityFactory(number=2)), make_user("leader", community=who.community)
    given(who, "77", holder=second)
    good, died, doubled, *rest = [member_owing(who.community) for _ in range(9)]
    died.memberships.update(ended_on=date(2020, 10, 1), end_reason="died")
    sheet = opened(who)
    put(sheet, rest[0], who, given(who, "13"), 1)
    upload = taken(
        sheet,
        who,
        file_of(
            row_of(good),
            row_of(stranger),
            row_of(died),
            row_of(doubled),
            row_of(doubled),
            row_of(rest[1], "-365"),
            row_of(rest[1], "365.005"),
            row_of(rest[2], "สามร้อย"),
            row_of(rest[2], "365", "2/11/2563"),
            row_of(rest[3], "365", TAKEN_ON, "13", 1),
            row_of(rest[4], "365", TAKEN_ON, "77", 1),
            row_of(rest[4], "365", TAKEN_ON, None, 5),
            row_of(rest[5], "0"),
        ),
    )
    wrong = [line for line, has_fault in faults(upload) if has_fault]
    assert wrong == [3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    with pytest.raises(RowsRefused, match="3, 4, 6, 7, 8…"):
        confirmed(upload, who)
    assert lines() == [(rest[0].number, YEAR, TAKEN_ON, 1)]


def test_what_has_become_wrong_since_the_preview_writes_nothing_and_is_named(who) -> None:
    sheet, pair = opened(who), [member_owing(who.community) for _ in range(2)]
    upload = taken(sheet, who, file_of(*map(row_of, pair)))
    pair[1].memberships.update(ended_on=date(2020, 10, 1), end_reason="died")
    with pytest.raises(RowsRefused, match="3"):
        confirmed(upload, who)
    upload.refresh_from_db()
    assert (faults(upload), lines()) == ([(2, False), (3, True)], [])


def test_a_sheet_that_was_handed_in_meanwhile_takes_no_file(who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    upload = taken(sheet, who, file_of(row_of(member, 730)))
    submit_sheet(sheet=sheet, **acting(who.leader))
    with pytest.raises(SheetClosed):
        confirmed(upload, who)
    with pytest.raises(SheetClosed):
        taken(sheet, who, file_of(row_of(member, 730)))


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.xlsx", b"PK\x03\x04 not a zip"),
        SimpleUploadedFile("a.csv", "ชื่อ,บ้านเลขที่\nก,1\n".encode()),
        SimpleUploadedFile("a.csv", ",".join(HEAD).encode()),
        SimpleUploadedFile("a.csv", ("เลขที่สมาชิก,ชำระ\n" + "1,\n" * 4000).encode()),
    ],
    ids=["torn", "no headings", "no rows", "too many rows"],
)
def test_what_is_no_sheet_is_refused_at_the_file(who, file) -> None:
    with pytest.raises(BadFile) as refusal:
        taken(opened(who), who, file)
    assert (refusal.value.field, SheetUpload.objects.count()) == ("file", 0)


def test_the_empty_sheet_comes_back_filled_in_by_its_codes(who, tmp_path) -> None:
    sheet = opened(who)
    member = member_owing(who.community, first_name="=1+1")  # a name that a sheet program would run
    rows = give_line_codes(sheet, sheet_rows(sheet, TODAY))
    made = tmp_path / "sheet.xlsx"
    made.write_bytes(empty_sheet(sheet, rows))
    head, first = (row.cells for row in read_rows(made, 0))
    assert (first[:3], first[4]) == (("001", member.number, member.full_name), 365)
    filled = [[*first[:1], None, *first[2:5], 365, None, TAKEN_ON]]
    upload = taken(sheet, who, SimpleUploadedFile("back.xlsx", as_xlsx([list(head), *filled])))
    assert [(row["name"], row["faults"]) for row in upload.rows] == [(member.full_name, [])]


def test_a_downloaded_sheet_sent_back_keeps_the_receipts_that_were_given_at_the_door(who, tmp_path) -> None:
    book, sheet, members = given(who), opened(who), [member_owing(who.community) for _ in range(3)]
    put(sheet, members[0], who, book, 4, payer="ผู้ชำระ สมมติ")
    put(sheet, members[1], who, payer="ผู้ชำระ สมมติ")
    before = set(sheet.lines.values_list("member", "amount", "door_receipt"))
    made = tmp_path / "sheet.xlsx"
    made.write_bytes(empty_sheet(sheet, give_line_codes(sheet, sheet_rows(sheet, TODAY))))
    head, *rows = (list(row.cells) for row in read_rows(made, 0))
    for cut in (len(head), 8):  # with the columns of the receipt, and without them
        back = SimpleUploadedFile("back.xlsx", as_xlsx([line[:cut] for line in [head, *rows]]))
        upload = taken(sheet, who, back)
        assert [(row["does"], row["faults"]) for row in upload.rows] == [("same", []), ("same", [])]
        confirmed(upload, who)
        assert set(sheet.lines.values_list("member", "amount", "door_receipt")) == before


def test_hostile_cells_are_words_and_nothing_else(client, who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    upload = taken(
        sheet,
        who,
        file_of(
            row_of(member, payer="<script>alert(1)</script>"),
            ["=cmd|' /C calc'!A0", "x" * 5000, "1e400", "31/2/2563", "../../etc", 10**30, "\u202e"],
            [True, None, float("1e308"), date(1850, 1, 1), -1, -1, None],
            head=HEAD,
            write_file=as_ods,
        ),
    )
    assert [bool(row["faults"]) for row in upload.rows] == [False, True, True]
    client.force_login(who.leader)
    assert "<script>alert" not in client.get(f"{PAGE}{upload.pk}/").content.decode()
    submitted_page = client.get(f"{PAGE}{upload.pk}/")
    assert submitted_page.context["wrong"] == 2


@pytest.mark.parametrize("count", [1, 3, 40])
def test_reading_a_file_takes_as_many_queries_for_one_row_as_for_forty(who, django_assert_num_queries, count) -> None:
    given(who)
    sheet, members = opened(who), [member_owing(who.community) for _ in range(count)]
    file = file_of(*map(row_of, members))
    with django_assert_num_queries(21):
        taken(sheet, who, file)


def test_a_leader_uploads_looks_and_confirms_on_the_pages(client, who) -> None:
    member = member_owing(who.community)
    opened(who)
    client.force_login(who.leader)
    template = client.get("/money-in/sheets/2563/1/sheet.xlsx")
    assert (template.status_code, template.content[:2]) == (200, b"PK")
    day = {"date": "2020-10-20", "request_id": str(uuid.uuid4())}
    wrong = client.post(PAGE, {**day, "file": io.BytesIO(b"nothing")})
    assert list(wrong.context["form"].errors) == ["file"]
    sent = client.post(PAGE, {**day, "file": file_of(row_of(member, "365", None))})
    upload = SheetUpload.objects.get()
    assert (sent.url, lines()) == (f"{PAGE}{upload.pk}/", [])
    assert member.first_name in client.get(sent.url).content.decode()
    assert client.post(sent.url, {"request_id": str(uuid.uuid4())}).url == "/money-in/sheets/2563/1/"
    assert lines() == [(member.number, YEAR, date(2020, 10, 20), None)]
    client.force_login(make_user("leader", community=CommunityFactory(number=2)))
    assert [client.get(path).status_code for path in (PAGE, sent.url)] == [404, 404]
    client.force_login(who.treasurer)
    assert client.get(PAGE).status_code == 403


def test_the_whole_sheet_comes_to_its_sum(who) -> None:
    members = [member_owing(who.community) for _ in range(30)]
    sheet = opened(who)
    confirmed(taken(sheet, who, file_of(*map(row_of, members))), who)
    submit_sheet(sheet=sheet, **acting(who.leader))
    assert CollectionSheet.objects.get().total == Decimal("10950.00")

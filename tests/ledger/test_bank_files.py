"""A bank's file: columns matched once, every line looked through, all or nothing written."""

import re
import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ledger.bank_files import look_through, read_bank_file
from ledger.models import BankFileFormat, PassbookLine
from office.models import InterruptedForm
from tests.contributions.conftest import TODAY, make_cast
from tests.ledger.test_passbook import typed, write
from tests.made_sheets import as_csv, as_xlsx

D = Decimal
HEADS = ["วันที่", "รายการ", "ถอน", "ฝาก", "คงเหลือ"]
PAGE = "/books/passbooks/12001/file/"


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast(controls="small")


def look(who: SimpleNamespace, content: bytes, columns: dict[str, int] | None = None, name: str = "bank.csv") -> list:
    file = read_bank_file(SimpleUploadedFile(name, content))
    places = columns or {"date": 0, "code": 1, "taken_out": 2, "paid_in": 3, "balance": 4}
    return look_through(who.bank, file, places, today=TODAY)


def states(found: list) -> list[tuple[str, Decimal]]:
    return [(row.state, row.line.balance) for row in found]


@pytest.mark.parametrize("encoding", ["cp874", "utf-8-sig", "utf-8", "utf-16"])
def test_a_thai_file_is_read_in_whatever_encoding_it_comes(who, encoding) -> None:
    rows = [["ธนาคารทดสอบ สาขาเวียงสระ"], HEADS, [date(2020, 10, 2), "ฝากเงินสด", "", "1,250.50", "1,750.50"]]
    [line] = look(who, as_csv(rows, encoding))
    assert (line.state, line.line.line_on, line.line.code) == ("new", date(2020, 10, 2), "ฝากเงินสด")
    assert (line.line.paid_in, line.line.balance) == (D("1250.50"), D("1750.50"))


def test_a_file_that_begins_with_the_newest_is_turned_round_and_what_stands_is_left_out(who) -> None:
    write(who, typed(1, "0", "0", "500"), typed(2, "0", "100", "600"))
    rows = [
        HEADS,
        [date(2020, 10, 4), "ATM", 50.25, None, 559.75],
        [date(2020, 10, 4), "CSH", None, 10, 610],
        [date(2020, 10, 2), "CSH", None, 100, 600],
    ]
    found = look(who, as_xlsx(rows), name="bank.xlsx")
    assert states(found) == [("stands", D(600)), ("new", D(610)), ("new", D("559.75"))]


def test_a_line_twice_in_the_file_is_named_and_left_out(who) -> None:
    day = date(2020, 10, 2)
    block = [[day, "A", "", "10", "10"], [day, "B", "", "5", "15"]]
    found = look(who, as_csv([HEADS, *block, *block, [date(2020, 10, 3), "C", "1", "", "14"]]))
    assert states(found) == [("new", D(10)), ("new", D(15)), ("twice", D(10)), ("twice", D(15)), ("new", D(14))]


def test_a_column_of_both_with_a_minus_for_out_is_read(who) -> None:
    rows = [["Date", "Description", "Amount", "Balance"], ["2/10/2563", "x", "100.00", "100.00"]]
    rows += [["3/10/2563", "y", "-40.00", "60.00"], ["4/10/2563", "z", "(10.00)", "50.00"]]
    found = look(who, as_csv(rows), {"date": 0, "code": 1, "taken_out": 2, "paid_in": 2, "balance": 3})
    assert [row.line.paid_in - row.line.taken_out for row in found] == [D(100), D(-40), D(-10)]


def test_hostile_and_broken_cells_are_named_by_their_row(who) -> None:
    rows = [HEADS, ["2/10/2563", "=HYPERLINK(1)", "", "10", "10"], ["ตุลาคม 2563", "x", "", "1", "11"]]
    rows += [["3/10/2563", "x" * 200, "", "1", "11"], ["4/10/2563", "#REF!", "", "1", "11"]]
    rows += [["5/10/2563", "x", "", "-1", "9"], ["6/10/2563", "x", "abc", "", "9"], ["7/10/2563", "x", "1", "", ""]]
    rows += [["", "รวม", "1", "13", ""], ["8/10/2563", "x", "", "7", "99"]]
    found = look(who, as_csv(rows))
    assert [row.state for row in found] == ["new"] + ["wrong"] * 7
    assert (found[0].line.code, all(row.fault for row in found[1:])) == ("=HYPERLINK(1)", True)
    assert "10.00 − 0.00 + 7.00" in found[-1].fault


def send(client, content: bytes | None, **fields: object):
    sent = {"request_id": uuid.uuid4()} | fields
    if content is not None:
        sent["file"] = SimpleUploadedFile("bank.csv", content)
    return client.post(PAGE, sent)


def test_the_file_is_looked_at_then_written_at_once_and_its_columns_are_remembered(client, who) -> None:
    client.force_login(who.treasurer)
    content = as_csv(
        [["a", "b", "c", "d", "e"], ["2/10/2563", "<i>", "", "10", "10"], ["3/10/2563", "y", "4", "", "6"]]
    )
    asked = send(client, content)
    assert ("columns" in asked.context, "rows" in asked.context) == (True, False)
    places = {
        f"columns-{name}": place for place, name in enumerate(("date", "code", "taken_out", "paid_in", "balance"))
    }
    kept = re.search(r'name="kept_files" value="([^"]+)"', asked.content.decode())[1]
    shown = send(client, None, kept_files=kept, **places)
    assert (shown.context["new"], shown.context["wrong"], "&lt;i&gt;" in shown.content.decode()) == (2, 0, True)
    assert PassbookLine.objects.count() == 0
    kept = re.search(r'name="kept_files" value="([^"]+)"', shown.content.decode())[1]
    confirmed = {"kept_files": kept, "confirm": "1", "request_id": uuid.uuid4()} | places
    assert send(client, None, **confirmed)["Location"] == "/books/passbooks/12001/"
    assert send(client, content, **confirmed)["Location"] == "/books/passbooks/12001/"
    assert [row.balance for row in PassbookLine.objects.order_by("position")] == [D(10), D(6)]
    assert BankFileFormat.objects.get().columns["balance"] == 4
    assert (send(client, content).context["new"], InterruptedForm.objects.count()) == (0, 1)


def test_a_wrong_line_or_no_sheet_writes_nothing(client, who) -> None:
    client.force_login(who.treasurer)
    rows = [HEADS, ["2/10/2563", "x", "", "10", "10"], ["3/10/2563", "y", "", "10", "21"]]
    refused = send(client, as_csv(rows), confirm="1")
    assert (refused.context["wrong"], PassbookLine.objects.count()) == (1, 0)
    for nonsense in (b"\x00\x01\x02" * 50, b"PK\x03\x04broken", b"one line"):
        assert send(client, nonsense, confirm="1").status_code == 200
    assert send(client, as_csv(rows), **{"columns-date": "99", "columns-balance": "x"}).status_code == 200
    assert PassbookLine.objects.count() == 0

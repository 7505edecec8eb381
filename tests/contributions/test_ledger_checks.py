"""`check_ledger` over books with a sheet, a paper book, funds and a passbook: each falsified row is found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from contributions.sheets import submit_sheet
from contributions.voids import ask_to_void, confirm_void
from ledger.check import check_ledger
from ledger.models import Line, PassbookLine, PassbookTick, Receipt
from members.models import Fund
from tests.contributions.conftest import NOW, TODAY, acting, make_cast, member_owing
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, grant
from tests.contributions.test_receipt_books import given, put, spoil
from tests.contributions.test_sheets import accept, opened
from tests.ledger.conftest import book
from tests.ledger.test_closing import close
from tests.ledger.test_restricted import move, with_funds

Falsify = Callable[[str, str], object]


@pytest.fixture
def who(committed_db) -> SimpleNamespace:
    """A sheet with a paper number, two of its receipts void, dues at the office, a fund, a passbook, a closed month."""
    cast = with_funds(make_cast())
    Fund.objects.update(founded_on=date(2020, 10, 1))
    paper, sheet = given(cast), opened(cast)
    for number in (1, None, None):
        put(sheet, member_owing(cast.community), cast, paper if number else None, number)
    submit_sheet(sheet=sheet, **acting(cast.leader))
    _void(cast, Receipt.objects.get(book="", kind="dues", number=2))
    accept(sheet, cast, "700.00", "ขาด 30")
    _void(cast, Receipt.objects.get(book="", kind="dues", number=3))
    spoil(paper, cast, 2)
    pay(member_owing(cast.community), cast, THIS_YEAR)
    grant(cast)
    cost(cast, "80.00", place=cast.cash)
    move(cast)
    book("1010", "4590", "5.00", on=date(2020, 10, 5))
    close(cast, 10, counted=Decimal("5.00"))
    _type_passbook(cast)
    return cast


def _void(cast: SimpleNamespace, receipt: Receipt) -> None:
    facts = {"receipt": receipt, "today": TODAY, "now": NOW}
    ask_to_void(**(acting(cast.treasurer) | facts), reason="พิมพ์ผิด")
    confirm_void(**facts, by=cast.committee)


def _type_passbook(cast: SimpleNamespace) -> None:
    banked = Line.objects.filter(debit=cast.bank).first()
    written = {"account": cast.bank, "line_on": TODAY, "written_by": cast.treasurer}
    PassbookLine.objects.create(**written, position=1, balance=Decimal(100))
    row = PassbookLine.objects.create(
        **written, position=2, paid_in=banked.amount, balance=banked.amount + Decimal(100)
    )
    PassbookTick.objects.create(passbook_line=row, line=banked, amount=banked.amount, ticked_by=cast.treasurer)


@pytest.fixture
def falsified(committed_db, test_cluster) -> Falsify:
    """Change rows of a table as the superuser, with the triggers off; they are as before at the end."""

    @contextmanager
    def change(table: str, statement: str) -> Iterator[None]:
        with test_cluster.connect(committed_db) as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(f"CREATE TEMP TABLE kept AS TABLE {table}")
            superuser.execute(statement)
            yield
            superuser.execute(f"DELETE FROM {table}")
            superuser.execute(f"INSERT INTO {table} SELECT * FROM kept")

    return change


def checks_that_failed() -> set[str]:
    return {problem.check for problem in check_ledger().problems}


RESEALED = """
    UPDATE {} SET closing_checklist = jsonb_set(closing_checklist, '{{-1,note}}', to_jsonb('1:' || repeat('a', 64)))
     WHERE closed_at IS NOT NULL
"""
TURNED_ROUND = "UPDATE {} SET taken_out = paid_in, paid_in = 0, balance = 100 - paid_in WHERE position = 2"
# table, what is done to it, and the checks that find it
FALSIFIED = [
    ("contributions_duespayment", "UPDATE {} SET amount = 366 WHERE sheet_id IS NULL", "money in|members' totals|legs"),
    ("contributions_gift", "UPDATE {} SET amount = amount + 1", "money in|legs"),
    ("contributions_runningcost", "UPDATE {} SET amount = 81", "costs"),
    ("contributions_collectionsheet", "UPDATE {} SET total = total + 1", "sheets|hand-overs"),
    ("contributions_collectionsheet", "UPDATE {} SET counted = counted + 1", "hand-overs"),
    ("contributions_collectionsheet", "UPDATE {} SET acceptance_entry_id = NULL", "sheets|hand-overs"),
    ("contributions_collectionsheet", "UPDATE {} SET state = 'draft'", "sheets|hand-overs|paper books"),
    ("contributions_collectionline", "DELETE FROM {} WHERE id = (SELECT min(id) FROM {})", "sheets"),
    ("contributions_duespayment", "UPDATE {} SET sheet_id = (SELECT id FROM contributions_collectionsheet)", "sheets"),
    ("contributions_doorreceipt", "UPDATE {} SET number = 3", "paper books"),
    ("contributions_doorreceipt", "DELETE FROM {}", "paper books"),
    ("contributions_duescover", "DELETE FROM {}", "dues"),
    ("contributions_duescover", "UPDATE {} SET covers = daterange('2021-01-01', '2022-01-01')", "dues"),
    ("ledger_receiptbook", "UPDATE {} SET first_number = 3", "paper books"),
    ("ledger_receiptbook", "UPDATE {} SET label = '99'", "paper books"),
    ("ledger_spoilednumber", "UPDATE {} SET number = 1", "paper books"),
    ("ledger_spoilednumber", "UPDATE {} SET number = 11", "paper books"),
    ("ledger_receiptvoid", "DELETE FROM {} WHERE id = (SELECT max(id) FROM {})", "reversals|dues|members' totals|legs"),
    ("ledger_fundtransfer", "UPDATE {} SET amount = amount + 1", "fund transfers"),
    ("ledger_fundtransfer", "UPDATE {} SET source_id = target_id, target_id = source_id", "fund transfers"),
    ("ledger_fundtransfer", "DELETE FROM {}", "fund transfers"),
    ("ledger_accountingmonth", RESEALED, "closed months"),
    ("ledger_passbookline", "UPDATE {} SET balance = balance + 1 WHERE position = 2", "passbooks"),
    ("ledger_passbookline", "UPDATE {} SET position = 3 WHERE position = 2", "passbooks"),
    ("ledger_passbookline", TURNED_ROUND, "passbook ticks"),
    ("ledger_passbooktick", "UPDATE {} SET amount = amount + 1", "passbook ticks"),
]


def test_each_falsified_row_of_money_in_is_found(who, falsified) -> None:
    assert check_ledger().problems == ()
    found = []
    for table, statement, _checks in FALSIFIED:
        with falsified(table, statement.format(*[table] * 2)):
            found.append((table, statement, "|".join(sorted(checks_that_failed()))))
    assert found == [(table, done, "|".join(sorted(checks.split("|")))) for table, done, checks in FALSIFIED]
    assert check_ledger().problems == ()

"""`check_ledger` over books with a sheet, a paper book, funds and a passbook: each falsified row is found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from html import escape
from types import SimpleNamespace
from uuid import uuid4

import pytest

from contributions.gifts import ContributorFacts
from contributions.in_kind import record_in_kind
from contributions.interest import record_interest
from contributions.models import GrantSource
from contributions.sheets import submit_sheet
from contributions.voids import ask_to_void, confirm_void
from ledger.check import check_ledger
from ledger.closing import close_year
from ledger.models import FiscalYear, Line, PassbookLine, PassbookTick, Receipt
from ledger.receipt_copies import print_receipt
from ledger.reconciling import reconcile
from ledger.reversing import ask_to_reverse, confirm_reversal
from members.models import Fund
from tests.contributions.conftest import NOW, TODAY, acting, make_cast, member_owing
from tests.contributions.test_commitments import asked, step
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_envelopes import comes_back, issue
from tests.contributions.test_events import event, item, sold
from tests.contributions.test_money_in import cost, grant
from tests.contributions.test_money_in import move as move_money
from tests.contributions.test_receipt_books import given, put, spoil
from tests.contributions.test_rounds import matching
from tests.contributions.test_sheets import accept, opened
from tests.factories import make_fund, make_user
from tests.ledger.conftest import book
from tests.ledger.test_closing import close
from tests.ledger.test_opening import lock, type_all
from tests.ledger.test_restricted import move, with_funds
from tests.set_up.test_thai_pages import english_in

Falsify = Callable[[str, str], object]


@pytest.fixture
def who(committed_db) -> SimpleNamespace:
    """A sheet with a paper number, two of its receipts void, dues at the office, a fund, a passbook, a closed month.

    Besides: an entry reversed by two persons, interest, a round that was promised, an event, copies, a reconciliation.
    """
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
    _more_money_in(cast)
    return cast


def _more_money_in(cast: SimpleNamespace) -> None:
    wrong = move_money(cast, "10.00")
    ask_to_reverse(entry=wrong, reason="นับผิด", **acting(cast.treasurer))
    confirm_reversal(entry=wrong, by=cast.committee, today=TODAY, now=NOW)
    interest = {"gross": Decimal("2.00"), "tax": Decimal("0.02"), "credited_on": TODAY, "bank_account": cast.bank}
    record_interest(**interest, **acting(cast.treasurer))
    promise = asked(cast, source=GrantSource.CODI_MATCHING)
    step(cast, promise, "approved", amount=Decimal("900.00"))
    matching(cast, commitment=promise)
    fair = event()
    issue(cast, fair, 1, 2)
    comes_back(cast, fair, 1)
    shirts = item(cast, fair, stock=2)
    for _sale in range(2):
        sold(cast, shirts, 1)
    giver = {"contributor": ContributorFacts(name="ร้านทดสอบ"), "description": "ข้าวสาร", "received_on": TODAY}
    record_in_kind(**giver, **acting(cast.committee))
    for _print in range(2):
        print_receipt(receipt=Receipt.objects.get(book="", number=1), by=cast.treasurer, now=NOW, request_id=uuid4())
    signed = {"by": cast.treasurer, "today": TODAY, "now": NOW, "request_id": uuid4()}
    reconcile(cast.bank, TODAY, explanation="", **signed)


def _void(cast: SimpleNamespace, receipt: Receipt) -> None:
    facts = {"receipt": receipt, "today": TODAY, "now": NOW}
    ask_to_void(**(acting(cast.treasurer) | facts), reason="พิมพ์ผิด")
    confirm_void(**facts, by=cast.committee)


def _type_passbook(cast: SimpleNamespace) -> None:
    banked = Line.objects.filter(debit=cast.bank).first()
    written = {"account": cast.bank, "line_on": TODAY, "written_by": cast.treasurer, "written_at": NOW}
    PassbookLine.objects.create(**written, position=1, balance=Decimal(0))
    row = PassbookLine.objects.create(**written, position=2, paid_in=banked.amount, balance=banked.amount)
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
    """The names of the checks; what they say to a reader of Thai has no English in it."""
    problems = check_ledger().problems
    assert english_in("\n".join(escape(str(problem)) for problem in problems)) == []
    return {problem.check for problem in problems}


RESEALED = """
    UPDATE {} SET closing_checklist = jsonb_set(closing_checklist, '{{-1,note}}', to_jsonb('1:' || repeat('a', 64)))
     WHERE closed_at IS NOT NULL
"""
TURNED_ROUND = "UPDATE {} SET taken_out = paid_in, paid_in = 0, balance = -paid_in WHERE position = 2"
BOTH_OF_SHEETS = "sheets|sheet lines"
RECONCILED = "reconciliations"
OTHER_REVERSAL = """
    UPDATE {} SET reversal_id = (SELECT id FROM ledger_entry WHERE number = 1) WHERE id = (SELECT min(id) FROM {})
"""
SWAPPED = """
    UPDATE {} SET amount = amount + CASE id WHEN (SELECT min(id) FROM {}) THEN 1
                                            WHEN (SELECT max(id) FROM {}) THEN -1 ELSE 0 END
"""
# table, what is done to it, and the checks that find it
FALSIFIED = [
    ("contributions_duespayment", "UPDATE {} SET amount = 366 WHERE sheet_id IS NULL", "money in|members' totals|legs"),
    ("contributions_gift", "UPDATE {} SET amount = amount + 1", "money in|legs"),
    ("contributions_runningcost", "UPDATE {} SET amount = 81", "costs"),
    ("contributions_collectionsheet", "UPDATE {} SET total = total + 1", "sheets|hand-overs"),
    ("contributions_collectionsheet", "UPDATE {} SET counted = counted + 1", "hand-overs"),
    ("contributions_collectionsheet", "UPDATE {} SET acceptance_entry_id = NULL", "sheets|hand-overs"),
    ("contributions_collectionsheet", "UPDATE {} SET state = 'draft'", "sheets|sheet lines|hand-overs|paper books"),
    ("contributions_collectionline", "DELETE FROM {} WHERE id = (SELECT min(id) FROM {})", "sheets|sheet lines"),
    (
        "contributions_duespayment",
        "UPDATE {} SET sheet_id = (SELECT id FROM contributions_collectionsheet)",
        BOTH_OF_SHEETS,
    ),
    ("contributions_doorreceipt", "UPDATE {} SET number = 3", "paper books"),
    ("contributions_doorreceipt", "DELETE FROM {}", "paper books"),
    ("contributions_duescover", "DELETE FROM {}", "dues"),
    ("contributions_duescover", "UPDATE {} SET covers = daterange('2021-01-01', '2022-01-01')", "dues"),
    ("ledger_receiptbook", "UPDATE {} SET first_number = 3", "paper books"),
    ("ledger_receiptbook", "UPDATE {} SET label = '99'", "paper books"),
    ("ledger_spoilednumber", "UPDATE {} SET number = 1", "paper books"),
    ("ledger_spoilednumber", "UPDATE {} SET number = 11", "paper books"),
    (
        "ledger_receiptvoid",
        "DELETE FROM {} WHERE id = (SELECT max(id) FROM {})",
        "reversals|dues|members' totals|legs|paid through",
    ),
    ("ledger_fundtransfer", "UPDATE {} SET amount = amount + 1", "fund transfers"),
    ("ledger_fundtransfer", "UPDATE {} SET source_id = target_id, target_id = source_id", "fund transfers"),
    ("ledger_fundtransfer", "DELETE FROM {}", "fund transfers"),
    ("ledger_accountingmonth", RESEALED, "closed months"),
    ("ledger_passbookline", "UPDATE {} SET balance = balance + 1 WHERE position = 2", "passbooks|reconciliations"),
    ("ledger_passbookline", "UPDATE {} SET position = 3 WHERE position = 2", "passbooks"),
    ("ledger_passbookline", TURNED_ROUND, "passbook ticks|reconciliations"),
    ("ledger_passbooktick", "UPDATE {} SET amount = amount + 1", "passbook ticks"),
    (
        "ledger_passbookline",
        "UPDATE {} SET balance = balance + 1, paid_in = paid_in + 1 WHERE position = 2",
        RECONCILED,
    ),
    ("ledger_reconciliation", "UPDATE {} SET passbook_balance = passbook_balance + 1", RECONCILED),
    ("ledger_reconciliation", "UPDATE {} SET ledger_balance = ledger_balance - 1", RECONCILED),
    ("ledger_reconciliation", "UPDATE {} SET items = '[]', explanation = ''", RECONCILED),
    (
        "ledger_reversalconfirmation",
        "UPDATE {} SET confirmed_by_id = (SELECT asked_by_id FROM ledger_reversalrequest)",
        "reversals",
    ),
    ("ledger_reversalconfirmation", "DELETE FROM {}", "reversals"),
    ("ledger_receiptvoid", "UPDATE {} SET second_person_id = voided_by_id", "void receipts"),
    ("ledger_receiptvoid", OTHER_REVERSAL, "void receipts|reversals"),
    ("ledger_receipt", "UPDATE {} SET date = '2020-11-02' WHERE book = '' AND number = 1", "papers|days"),
    (
        "ledger_receipt",
        "UPDATE {} SET account_id = (SELECT id FROM ledger_account WHERE code = '1010')",
        "papers|accounts",
    ),
    ("ledger_paymentvoucher", "UPDATE {} SET account_id = (SELECT max(id) FROM ledger_account)", "papers"),
    ("ledger_receiptcopy", "DELETE FROM {} WHERE number = 0", "copies"),
    ("ledger_receiptcopy", "UPDATE {} SET number = 5 WHERE number = 1", "copies"),
    ("ledger_accountingmonth", "UPDATE {} SET closing_checklist = '[]'", "closed months"),
    (
        "ledger_accountingmonth",
        "UPDATE {} SET closed_at = now() WHERE first_day = '2020-12-01'",
        "closed months|closed periods",
    ),
    ("contributions_collectionline", "UPDATE {} SET paid_on = paid_on - 1", "sheet lines"),
    ("contributions_collectionline", SWAPPED, "sheet lines"),
    ("contributions_duespayment", "UPDATE {} SET paid_on = paid_on + 1 WHERE sheet_id IS NULL", "days"),
    ("contributions_gift", "UPDATE {} SET received_on = received_on - 1", "days"),
    (
        "contributions_gift",
        "UPDATE {} SET income_account_id = (SELECT id FROM ledger_account WHERE code = '4420')",
        "accounts",
    ),
    ("contributions_grant", "UPDATE {} SET source = 'other-state'", "accounts|commitments"),
    ("contributions_runningcost", "UPDATE {} SET cost_account_id = (SELECT max(id) FROM ledger_account)", "accounts"),
    ("contributions_interestcredit", "UPDATE {} SET tax = 0", "accounts"),
    (
        "members_membership",
        "UPDATE {} SET paid_through = paid_through + 1 WHERE paid_through > '2020-06-01'",
        "paid through",
    ),
    ("contributions_roundmember", "DELETE FROM {} WHERE id = (SELECT max(id) FROM {})", "rounds"),
    ("contributions_roundmember", "UPDATE {} SET amount = amount + 1", "rounds"),
    ("contributions_matchinground", "UPDATE {} SET number = NULL", "rounds"),
    ("contributions_matchinground", "UPDATE {} SET baht_per_member = 1", "rounds"),
    ("contributions_commitment", "UPDATE {} SET state = 'agreed'", "commitments"),
    ("contributions_commitmentstep", "UPDATE {} SET amount = 1 WHERE state = 'received'", "commitments"),
    ("contributions_grant", "UPDATE {} SET commitment_id = NULL", "commitments"),
    ("contributions_envelope", "UPDATE {} SET state = 'returned'", "envelopes"),
    ("contributions_saleitem", "UPDATE {} SET stock = 1", "sales"),
    ("contributions_inkindgift", "UPDATE {} SET number = 2", "numbers"),
    ("contributions_collectionsheet", "UPDATE {} SET number = 2", "numbers|sheets"),
    ("contributions_collectionsheet", "UPDATE {} SET collector_id = collector_id + 1000", "sheets"),
    ("contributions_gift", "UPDATE {} SET contributor_id = contributor_id + 1000", "gifts"),
    ("contributions_runningcost", "DELETE FROM {}", "costs"),
    ("ledger_receiptline", "UPDATE {} SET covers_until = covers_until + 1", "dues"),
    ("ledger_account", "UPDATE {} SET leg = 1 WHERE code = '4410'", "accounts"),
    ("ledger_account", "UPDATE {} SET type = 'asset' WHERE code = '5220'", "accounts"),
    ("ledger_passbookline", "UPDATE {} SET line_on = line_on - 400 WHERE position = 2", "passbooks"),
    ("ledger_accountingmonth", "DELETE FROM {} WHERE first_day = '2020-12-01'", "periods"),
    ("ledger_accountingmonth", "UPDATE {} SET closed_at = NULL", "closed periods"),
]


def not_found_so(rows: list[tuple[str, str, str]], falsified: Falsify) -> list[tuple[str, str, set[str]]]:
    """The falsified rows that other checks find than is said, with those that do."""
    assert check_ledger().problems == ()
    other = []
    for table, statement, checks in rows:
        with falsified(table, statement.format(*[table] * 3)):
            if (failed := checks_that_failed()) != set(checks.split("|")):
                other.append((table, statement, failed))
    assert check_ledger().problems == ()
    return other


def test_each_falsified_row_of_money_in_is_found(who, falsified) -> None:
    assert not_found_so(FALSIFIED, falsified) == []


CLOSED = [
    ("ledger_openingtotal", "UPDATE {} SET amount = amount + 1 WHERE id = (SELECT min(id) FROM {})", "opening"),
    ("ledger_openingbalance", "UPDATE {} SET amount = amount + 1 WHERE id = (SELECT min(id) FROM {})", "opening"),
    ("ledger_fiscalyear", "UPDATE {} SET closed_at = NULL WHERE year_be = 2562", "closed periods"),
    ("ledger_fiscalyear", "UPDATE {} SET closed_at = NULL WHERE year_be = 2563", "closed years|closed months"),
    ("ledger_accountingmonth", "UPDATE {} SET closed_at = NULL WHERE first_day = '2020-03-01'", "closed periods"),
    ("ledger_ledgersum", "DELETE FROM {} WHERE is_closing AND credit > 0", "kept sums|closed years"),
]


def test_each_falsified_row_of_an_opening_and_a_closed_year_is_found(committed_db, falsified) -> None:
    make_fund()
    type_all(make_user("treasurer"))
    lock(make_user("committee"))
    book("1010", "4520", "100.00", on=date(2020, 1, 1))
    book("5220", "1010", "30.00", on=date(2020, 2, 1))
    close_year(FiscalYear.objects.get(year_be=2563), by=None, now=NOW)
    assert not_found_so(CLOSED, falsified) == []

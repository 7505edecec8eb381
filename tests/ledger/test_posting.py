"""The one writer of the books, and what the database itself refuses."""

import threading
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from ledger.closing import YearClosed, close_year
from ledger.models import (
    Account,
    AccountingMonth,
    Entry,
    EntryKind,
    FiscalYear,
    LedgerHead,
    LedgerSum,
    Line,
)
from ledger.periods import BeforeTheFund, PeriodClosed, fund_year_bounds
from ledger.posting import AlreadyReversed, EntryDraft, LineDraft, NotAnAmount, post, reverse
from ledger.queries import balance, income_by_leg, money_in_hand, trial_balance
from members.models import Fund
from tests.factories import make_fund
from tests.ledger.conftest import NOW, book


def test_a_receipt_moves_cash_and_income(fund, a) -> None:
    book("1010", "4110", "365.00")
    assert [(account.code, debit, credit) for account, debit, credit in trial_balance()] == [
        ("1010", Decimal("365.00"), Decimal("0.00")),
        ("4110", Decimal("0.00"), Decimal("365.00")),
    ]


def test_entries_are_numbered_without_gaps_and_the_head_follows(fund) -> None:
    first, second = book("1010", "4110", "365.00"), book("1010", "4110", "365.00")
    head = LedgerHead.objects.get()
    assert (first.number, second.number, head.number, head.chain_hash) == (1, 2, 2, second.chain_hash)


def test_the_same_request_posts_once(fund) -> None:
    request_id = uuid.uuid4()
    first, second = (book("1010", "4110", "365.00", request_id=request_id) for _ in range(2))
    assert (first.pk, Entry.objects.count(), balance(first.posted_lines[0].debit)) == (second.pk, 1, Decimal("365.00"))


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "NaN"])
def test_what_is_no_amount_of_baht_is_refused_before_it_is_written(fund, amount) -> None:
    with pytest.raises(NotAnAmount):
        book("1010", "4110", amount)
    assert (Entry.objects.count(), LedgerSum.objects.count()) == (0, 0)


def test_a_float_is_no_amount(fund, a) -> None:
    draft = EntryDraft(
        date=date(2020, 11, 1),
        kind=EntryKind.RECEIPT,
        lines=[LineDraft(a("1010"), a("4110"), 365.0)],  # type: ignore[arg-type]
        posted_by=None,
    )
    with pytest.raises(NotAnAmount), transaction.atomic():
        post(draft, posted_at=NOW)


def test_posting_outside_a_transaction_is_a_programmers_error(committed_db) -> None:
    make_fund()
    cash, dues = Account.objects.get(code="1010"), Account.objects.get(code="4110")
    draft = EntryDraft(
        date=date(2020, 11, 1), kind=EntryKind.RECEIPT, lines=[LineDraft(cash, dues, Decimal(1))], posted_by=None
    )
    with pytest.raises(RuntimeError, match="inside the transaction"):
        post(draft, posted_at=NOW)


def test_a_reversal_mirrors_the_lines_and_is_made_once(fund, a) -> None:
    Fund.objects.update(controls="small")  # from `standard` on a void or a second person stands beside a reversal
    entry = book("1010", "4110", "365.00")
    lines = list(Line.objects.filter(entry=entry).select_related("entry", "debit", "credit", "restricted_fund"))

    def undo() -> Entry:
        with transaction.atomic():
            return reverse(lines, on=date(2020, 11, 1), by=None, memo="ผิดคน", request_id=uuid.uuid4(), posted_at=NOW)

    mirror = undo().posted_lines[0]
    assert (mirror.debit.code, mirror.credit.code, mirror.amount, mirror.reverses_id) == (
        "4110",
        "1010",
        Decimal("365.00"),
        lines[0].pk,
    )
    assert balance(a("1010")) == Decimal("0.00")
    with pytest.raises(AlreadyReversed):
        undo()


def test_a_day_before_the_founding_is_refused(fund) -> None:
    with pytest.raises(BeforeTheFund):
        book("1010", "4110", "365.00", on=date(2010, 4, 30))


def test_a_closed_month_is_refused_by_the_verb_and_by_the_database(fund) -> None:
    book("1010", "4110", "365.00", on=date(2020, 10, 5))
    AccountingMonth.objects.filter(first_day=date(2020, 10, 1)).update(closed_at=NOW)
    with pytest.raises(PeriodClosed):
        book("1010", "4110", "365.00", on=date(2020, 10, 6))
    with pytest.raises(Exception, match="is closed"), transaction.atomic():
        Entry.objects.create(number=9, date=date(2020, 10, 6), kind="receipt", posted_at=NOW, chain_hash="0" * 64)


def test_a_closing_moves_the_year_to_the_accumulated_fund_and_stays_out_of_the_figures(fund, a) -> None:
    book("1010", "4110", "1000.00", on=date(2020, 3, 1))
    book("5120", "1010", "300.00", on=date(2020, 4, 1), kind=EntryKind.PAYMENT)
    year = FiscalYear.objects.get(year_be=2563)
    entry = close_year(year, by=None, now=NOW)
    assert [(line.debit.code, line.credit.code, line.amount) for line in entry.posted_lines] == [
        ("4110", "3010", Decimal("1000.00")),
        ("3010", "5120", Decimal("300.00")),
    ]
    assert balance(a("3010")) == Decimal("-700.00")
    assert income_by_leg(date(2020, 1, 1), date(2020, 12, 31))[1] == Decimal("1000.00")
    with pytest.raises(PeriodClosed):
        book("1010", "4110", "1.00", on=date(2020, 3, 1))
    with pytest.raises(YearClosed):
        close_year(year, by=None, now=NOW)


def test_the_money_of_the_fund_is_the_sum_of_its_places(fund, a) -> None:
    book("1010", "4110", "500.25")
    book("12001", "1010", "400.00", kind=EntryKind.TRANSFER)
    money = money_in_hand()
    assert (money.banked, money.cash, money.total) == (Decimal("400.00"), Decimal("100.25"), Decimal("500.25"))


@pytest.mark.parametrize(
    ("start_month", "first", "last"),
    [(1, date(2020, 1, 1), date(2020, 12, 31)), (10, date(2019, 10, 1), date(2020, 9, 30))],
)
def test_a_fund_year_is_bounded_by_its_starting_month(start_month, first, last) -> None:
    assert fund_year_bounds(date(2020, 2, 29), start_month) == (first, last)


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line", "ledger_receipt", "ledger_paymentvoucher"])
def test_the_serving_role_may_not_change_what_is_posted(fund, table, statement) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_entry SET id = id", "DELETE FROM ledger_line", "TRUNCATE ledger_line CASCADE"]
)
def test_the_triggers_refuse_the_owner_too(committed_db, test_cluster, statement) -> None:
    make_fund()
    book("1010", "4110", "365.00")
    test_cluster.point_django_at(committed_db, "fund_owner")
    with pytest.raises(DatabaseError, match="append-only"):
        connection.cursor().execute(statement)


def test_eight_at_once_post_eight_entries_behind_one_another(committed_db) -> None:
    make_fund()

    def work() -> None:
        try:
            for _ in range(5):
                book("1010", "4110", "1.00")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Entry.objects.values_list("number", flat=True)) == list(range(1, 41))
    assert balance(Account.objects.get(code="1010")) == Decimal("40.00")

"""The span of a report: which days it names, and that any days are summed exactly."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.closing import close_year
from ledger.models import Account, AccountingMonth, AccountType, EntryKind, FiscalYear, Line
from ledger.periods import lay_years_anew, open_year, year_spans
from ledger.queries import months_and_days, moved_between, movements
from ledger.spans import (
    FREE,
    SpanChooser,
    fund_year_of,
    fund_year_span,
    month_span,
    named_span,
    span_of,
    year_earlier,
)
from ledger.trial_balances import balances_before_closing, trial_balance_of
from members.models import Fund
from tests.ledger.conftest import NOW, book

TODAY = date(2020, 11, 1)
DAYS = st.dates(date(2018, 1, 1), date(2021, 12, 31))


@given(first=st.none() | DAYS, last=DAYS)
def test_a_stretch_of_days_is_cut_into_whole_months_and_the_days_besides(first, last) -> None:
    if first is not None and last < first:
        first, last = last, first
    cut = months_and_days(first, last)
    since = cut.months_from or date(2017, 1, 1)
    whole = [since + timedelta(days=n) for n in range((cut.months_until - since).days)]
    rest = [start + timedelta(days=n) for start, end in cut.days for n in range((end - start).days + 1)]
    begin = first or date(2017, 1, 1)
    assert sorted(whole + rest) == [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
    assert (since.day, cut.months_until.day) == (1, 1)


@pytest.mark.parametrize(
    ("value", "first", "last", "reaches"),
    [
        ("fund-2562", date(2019, 1, 1), date(2019, 12, 31), date(2019, 12, 31)),
        ("fund-2563", date(2020, 1, 1), date(2020, 12, 31), TODAY),
        ("calendar-2561", date(2018, 1, 1), date(2018, 12, 31), date(2018, 12, 31)),
        ("fiscal-2563", date(2019, 10, 1), date(2020, 9, 30), date(2020, 9, 30)),
        ("month-2020-02", date(2020, 2, 1), date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_span_is_asked_for_by_name_and_links_keep_it(fund, value, first, last, reaches) -> None:
    span = SpanChooser({"span": value}, fund, TODAY).span
    assert (span.first, span.last, span.reaches, span.query) == (first, last, reaches, f"span={value}")


def test_free_days_reach_to_the_day_and_what_runs_still_counts_its_month_whole(fund) -> None:
    asked = {"first": "2020-02-11", "last": "2020-03-20"}
    span = SpanChooser(asked, fund, TODAY).span
    assert (span.first, span.last, span.query) == (
        date(2020, 2, 11),
        date(2020, 3, 20),
        "first=2020-02-11&last=2020-03-20",
    )
    running = SpanChooser(asked | {"last": "2020-11-01"}, fund, TODAY).span
    assert (running.last, running.reaches) == (date(2020, 11, 30), TODAY)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"span": "fund-99"},
        {"span": "month-2020-13"},
        {"span": "'; drop"},
        {"first": "2020-03-01"},
        {"first": "ไม่ใช่วัน", "last": "2020-03-01"},
        {"first": "2020-03-02", "last": "2020-03-01"},
    ],
)
def test_what_names_no_days_shows_the_running_fund_year(fund, asked) -> None:
    chooser = SpanChooser(asked, fund, TODAY)
    assert chooser.span == fund_year_of(TODAY, fund, today=TODAY)
    assert bool(chooser.form.errors) == ("first" in asked)


def test_the_chooser_offers_years_since_the_founding_and_two_years_of_months(fund) -> None:
    offered = dict(SpanChooser({"span": "month-2012-05"}, fund, TODAY).groups())
    values = [[value for value, _words in rows] for rows in offered.values()]
    assert [(rows[0], rows[-1], len(rows)) for rows in values] == [
        ("fund-2563", "fund-2553", 11),
        ("fiscal-2564", "fiscal-2553", 12),
        ("month-2020-11", "month-2012-05", 25),
    ]


def test_the_year_before_a_leap_february_is_a_whole_month_too(fund) -> None:
    assert year_earlier(month_span(date(2020, 2, 5), today=TODAY)) == (date(2019, 2, 1), date(2019, 2, 28))
    assert year_earlier(month_span(date(2021, 2, 5), today=TODAY)) == (date(2020, 2, 1), date(2020, 2, 29))


def test_chosen_days_up_to_today_compare_with_the_same_days_and_not_with_a_whole_month() -> None:
    chosen = span_of(FREE, date(2020, 10, 1), date(2020, 11, 1), today=date(2020, 11, 1))
    assert year_earlier(chosen) == (date(2019, 10, 1), date(2019, 11, 1))
    ended = span_of(FREE, date(2020, 10, 1), date(2020, 10, 31), today=date(2020, 11, 1))
    assert year_earlier(ended) == (date(2019, 10, 1), date(2019, 10, 31))


@pytest.fixture
def year_of_bookings(fund) -> None:
    """365 baht in on every fourteenth day of 2562 and 2563; 100 out now and then; 2562 closed."""
    for week in range(48):
        day = date(2019, 1, 1) + timedelta(days=14 * week)
        book("1010", "4110", "365.00", on=day)
        if week % 3 == 0:
            book("5120", "1010", "100.25", on=day, kind=EntryKind.PAYMENT)
    close_year(FiscalYear.objects.get(year_be=2562), by=None, now=NOW)


def from_lines(first: date, last: date) -> Decimal:
    lines = Line.objects.filter(entry__date__range=(first, last)).exclude(entry__kind="closing")
    return sum((line.amount for line in lines if line.credit.code == "4110"), Decimal(0))


@pytest.mark.parametrize(
    ("days", "queries"),
    [
        ((date(2019, 1, 1), date(2019, 12, 31)), 1),
        ((date(2019, 3, 1), date(2019, 3, 20)), 2),
        ((date(2019, 3, 13), date(2019, 3, 14)), 2),
        ((date(2019, 3, 13), date(2019, 4, 10)), 2),
        ((date(2019, 12, 13), date(2020, 6, 10)), 3),
        ((date(2019, 12, 13), date(2020, 5, 31)), 3),
    ],
)
def test_any_days_are_summed_exactly_and_whole_months_read_no_line(
    year_of_bookings, a, django_assert_num_queries, days, queries
) -> None:
    dues = a("4110")
    with django_assert_num_queries(queries):
        moved = moved_between(*days)
    found = moved.get(dues.pk)
    assert (found.credit if found else Decimal(0)) == from_lines(*days)


def test_whole_years_agree_with_the_movements_of_the_annual_report(year_of_bookings) -> None:
    first, last = date(2019, 1, 1), date(2019, 12, 31)
    moved = moved_between(first, last)
    for account, amount in movements(first, last, types=(AccountType.INCOME,)):
        assert -(moved[account.pk].balance if account.pk in moved else Decimal(0)) == amount


def test_a_trial_balance_stands_before_its_closing_beside_the_same_day_a_year_before(
    year_of_bookings, fund, django_assert_num_queries
) -> None:
    with django_assert_num_queries(4):  # two fund years, the kept sums, the accounts
        found = trial_balance_of(fund_year_span(2563, fund, today=TODAY), fund, today=TODAY)
    earlier = {row.account.code: row.earlier for row in found.rows if row.earlier}
    assert earlier == {"1010": Decimal("8952.75"), "4110": Decimal("-9855.00"), "5120": Decimal("902.25")}
    assert found.earlier_day == date(2019, 12, 31)
    alone = trial_balance_of(fund_year_span(2562, fund, today=TODAY), fund, today=TODAY)
    assert ({row.account.code: row.balance for row in alone.rows}, alone.earlier_day) == (earlier, None)
    sums = found.sums
    assert (sums["debit"], sums["earlier_debit"]) == (sums["credit"], sums["earlier_credit"])


def test_a_trial_balance_of_a_day_inside_a_month_holds_that_day_and_no_later_one(year_of_bookings) -> None:
    found = balances_before_closing([(date(2020, 1, 20), date(2020, 1, 1)), (date(2019, 1, 20), date(2019, 1, 1))])
    codes = {account.pk: account.code for account in Account.objects.all()}
    rows = {codes[key]: amounts for key, amounts in found.items()}
    assert rows["4110"] == [Decimal("-365.00"), -from_lines(date(2019, 1, 1), date(2019, 1, 20))]
    assert rows["3010"] == [Decimal("-8952.75"), 0]
    assert [sum(column) for column in zip(*rows.values(), strict=True)] == [0, 0]


def test_names_are_read_again_as_they_were_written(fund) -> None:
    for value in ("fund-2561", "calendar-2560", "fiscal-2559", "month-2019-10"):
        assert named_span(value, fund, today=TODAY).value == value


# --- a fund year that begins in another month --------------------------------------------------------------


def years() -> list[tuple[int, date, date]]:
    return list(FiscalYear.objects.values_list("year_be", "starts_on", "ends_on"))


def test_a_new_first_month_makes_the_open_year_a_short_one(year_of_bookings) -> None:
    before = moved_between(None, date(2020, 12, 31))
    lay_years_anew(10)
    assert years() == [
        (2562, date(2019, 1, 1), date(2019, 12, 31)),
        (2563, date(2020, 1, 1), date(2020, 9, 30)),
        (2564, date(2020, 10, 1), date(2021, 9, 30)),
    ]
    assert AccountingMonth.objects.get(first_day=date(2020, 10, 1)).fiscal_year_id == 2564
    assert moved_between(None, date(2020, 12, 31)) == before
    assert fund_year_span(2563, Fund.objects.get(), today=TODAY).last == date(2020, 9, 30)


def test_where_the_short_year_has_no_number_of_its_own_the_next_is_a_long_one(year_of_bookings) -> None:
    lay_years_anew(10)
    close_year(FiscalYear.objects.get(year_be=2563), by=None, now=NOW)
    lay_years_anew(1)
    assert years()[2:] == [(2564, date(2020, 10, 1), date(2021, 12, 31))]
    assert FiscalYear.objects.get(year_be=2564).months.count() == 15
    assert open_year(date(2022, 3, 1), Fund.objects.get()).starts_on == date(2022, 1, 1)


@given(first=st.dates(date(2018, 1, 1), date(2020, 12, 1)), month=st.integers(1, 12), days=st.integers(0, 900))
def test_years_laid_anew_join_without_a_gap_and_bear_numbers_of_their_own(first, month, days) -> None:
    first = first.replace(day=1)
    spans = list(year_spans(first, first + timedelta(days=days), month, [first.year + 542, first.year + 543]))
    assert [start for start, _end in spans] == [first, *(end + timedelta(days=1) for _start, end in spans[:-1])]
    assert len({end.year for _start, end in spans}) == len(spans)
    assert all(timedelta(0) < end - start < timedelta(days=2 * 366) for start, end in spans)


def test_an_older_year_opened_later_ends_where_the_next_begins(fund) -> None:
    lay_years_anew(10)
    fund.fund_year_start_month = 10
    made = open_year(date(2019, 11, 5), fund)
    assert (made.starts_on, made.ends_on) == (date(2019, 10, 1), date(2019, 12, 31))

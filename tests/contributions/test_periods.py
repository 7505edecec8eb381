"""Which spans dues are paid for, by the words of the regulation."""

from datetime import date
from decimal import Decimal
from itertools import islice, pairwise

import pytest

from contributions.periods import DuesRules, Period, add_months, span_words, unbroken_until
from members.regulations import NoRuleInForce
from tests.contributions.conftest import YEARLY


def rules(*, start_month: int = 1, late: object = None, **dues: object) -> DuesRules:
    terms = YEARLY | {"dues": {"baht": 365, "every": "year", "period": "calendar"} | dues, "joining_late": late}
    return DuesRules([(date(2010, 5, 1), terms)], start_month)


def first(count: int, dues: DuesRules, joined_on: date, unpaid: date | None = None) -> list[tuple[date, date]]:
    periods = islice(dues.periods(joined_on, unpaid or joined_on), count)
    return [(period.covers_from, period.covers_until) for period in periods]


def test_who_joins_in_the_year_pays_for_that_year_first() -> None:
    assert first(2, rules(), date(2019, 5, 10)) == [
        (date(2019, 5, 10), date(2019, 12, 31)),
        (date(2020, 1, 1), date(2020, 12, 31)),
    ]


LATE = {"from_month": 10, "counts_for": "next"}


@pytest.mark.parametrize(
    ("joined_on", "until"),
    [
        (date(2019, 9, 30), date(2019, 12, 31)),
        (date(2019, 10, 1), date(2020, 12, 31)),
        (date(2019, 12, 31), date(2020, 12, 31)),
    ],
)
def test_who_joins_from_october_pays_for_the_next_year(joined_on, until) -> None:
    assert first(1, rules(late=LATE), joined_on) == [(joined_on, until)]


def test_joining_late_moves_only_the_first_period() -> None:
    assert first(2, rules(late=LATE), date(2019, 11, 5), date(2021, 1, 1)) == [
        (date(2021, 1, 1), date(2021, 12, 31)),
        (date(2022, 1, 1), date(2022, 12, 31)),
    ]


def test_a_fund_year_from_may_ends_in_april() -> None:
    dues = rules(period="fund", start_month=5, late={"from_month": 3, "counts_for": "next"})
    assert first(2, dues, date(2019, 6, 1)) == [
        (date(2019, 6, 1), date(2020, 4, 30)),
        (date(2020, 5, 1), date(2021, 4, 30)),
    ]
    assert first(1, dues, date(2020, 3, 1)) == [(date(2020, 3, 1), date(2021, 4, 30))]


def test_a_period_of_membership_runs_from_the_day_of_joining() -> None:
    assert first(2, rules(period="membership"), date(2019, 5, 10)) == [
        (date(2019, 5, 10), date(2020, 5, 9)),
        (date(2020, 5, 10), date(2021, 5, 9)),
    ]


def test_who_joined_on_a_leap_day_completes_a_common_year_on_the_first_of_march() -> None:
    assert first(5, rules(period="membership"), date(2020, 2, 29)) == [
        (date(2020, 2, 29), date(2021, 2, 28)),
        (date(2021, 3, 1), date(2022, 2, 28)),
        (date(2022, 3, 1), date(2023, 2, 28)),
        (date(2023, 3, 1), date(2024, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ]


def test_months_of_membership_from_the_31st_lose_and_repeat_no_day() -> None:
    spans = first(13, rules(period="membership", every="month"), date(2019, 1, 31))
    assert all(later[0].toordinal() == earlier[1].toordinal() + 1 for earlier, later in pairwise(spans))
    assert spans[:3] == [
        (date(2019, 1, 31), date(2019, 2, 28)),
        (date(2019, 3, 1), date(2019, 3, 30)),
        (date(2019, 3, 31), date(2019, 4, 30)),
    ]


@pytest.mark.parametrize(
    ("every", "until"),
    [("half-year", date(2019, 6, 30)), ("quarter", date(2019, 6, 30)), ("month", date(2019, 5, 31))],
)
def test_shorter_periods_end_with_their_calendar(every, until) -> None:
    assert first(1, rules(every=every), date(2019, 5, 10)) == [(date(2019, 5, 10), until)]


def test_the_first_day_of_a_period_decides_its_price() -> None:
    dues = DuesRules([
        (date(2010, 5, 1), YEARLY),
        (date(2020, 1, 1), YEARLY | {"dues": {"baht": 500.5, "every": "year", "period": "calendar"}}),
    ])  # fmt: skip
    assert list(islice(dues.periods(date(2015, 1, 1), date(2019, 1, 1)), 2)) == [
        Period(date(2019, 1, 1), date(2019, 12, 31), Decimal("365.00")),
        Period(date(2020, 1, 1), date(2020, 12, 31), Decimal("500.50")),
    ]


def test_a_day_before_the_first_regulation_is_refused() -> None:
    with pytest.raises(NoRuleInForce):
        next(rules().periods(date(2009, 1, 1), date(2009, 1, 1)))


def test_a_day_that_the_month_lacks_is_the_first_of_the_next() -> None:
    assert (add_months(date(2019, 1, 31), 1), add_months(date(2019, 12, 31), 2)) == (date(2019, 3, 1), date(2020, 3, 1))


def test_a_gap_ends_the_unbroken_cover() -> None:
    covers = [(date(2021, 1, 1), date(2021, 12, 31)), (date(2019, 1, 1), date(2019, 12, 31))]
    assert unbroken_until(date(2018, 12, 31), covers) == date(2019, 12, 31)


def test_spans_are_said_as_people_say_them() -> None:
    assert [
        span_words(date(2020, 1, 1), date(2020, 12, 31), "th"),
        span_words(date(2019, 1, 1), date(2020, 12, 31), "th"),
        span_words(date(2020, 5, 10), date(2020, 12, 31), "th"),
    ] == ["2563", "2562–2563", "10 พ.ค. – 31 ธ.ค. 2563"]

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from welfare.rules.spans import (
    LimitYear,
    Stretch,
    anniversary,
    completed_years,
    days_since_anniversary,
    holding_step,
    limit_year,
    reached_on,
    split_nights,
)

days = st.dates(date(1930, 1, 1), date(2090, 12, 31))


def test_a_year_ends_on_the_anniversary():
    assert anniversary(date(2019, 5, 1), 1) == date(2020, 5, 1)


def test_who_began_on_29_february_completes_a_year_on_1_march():
    assert anniversary(date(2016, 2, 29), 1) == date(2017, 3, 1)


def test_who_began_on_29_february_completes_four_years_on_29_february():
    assert anniversary(date(2016, 2, 29), 4) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("start", "day", "years"),
    [
        (date(1960, 4, 14), date(2020, 4, 13), 59),
        (date(1960, 4, 14), date(2020, 4, 14), 60),
        (date(2016, 2, 29), date(2017, 2, 28), 0),
        (date(2016, 2, 29), date(2017, 3, 1), 1),
        (date(2020, 1, 1), date(2020, 1, 1), 0),
        (date(2020, 1, 2), date(2020, 1, 1), -1),
    ],
)
def test_completed_years(start, day, years):
    assert completed_years(start, day) == years


def test_days_since_the_anniversary_begin_at_nought():
    assert days_since_anniversary(date(2015, 3, 10), date(2020, 3, 10)) == 0
    assert days_since_anniversary(date(2015, 3, 10), date(2020, 3, 9)) == 365


def test_a_wait_of_180_days_is_served_on_day_180():
    assert reached_on(date(2020, 1, 1), days=180) == date(2020, 6, 29)


def test_a_span_of_no_days_is_served_at_once():
    assert reached_on(date(2020, 1, 1), days=0) == date(2020, 1, 1)


def test_a_span_in_years_is_no_number_of_days():
    assert reached_on(date(2019, 3, 1), years=1) == date(2020, 3, 1)
    assert reached_on(date(2019, 3, 1), days=365) == date(2020, 2, 29)


def test_steps_are_half_open():
    starts = [date(2020, 1, 1), date(2020, 7, 1)]
    assert holding_step(starts, date(2019, 12, 31)) is None
    assert holding_step(starts, date(2020, 1, 1)) == 0
    assert holding_step(starts, date(2020, 6, 30)) == 0
    assert holding_step(starts, date(2020, 7, 1)) == 1


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("calendar", date(2020, 1, 1), date(2020, 12, 31)),
        ("fund", date(2019, 10, 1), date(2020, 9, 30)),
        ("membership", date(2019, 6, 15), date(2020, 6, 14)),
    ],
)
def test_the_limit_year_of_a_day_by_its_kind(kind, first, last):
    year = limit_year(date(2020, 2, 29), kind, fund_year_start_month=10, joined_on=date(2011, 6, 15))
    assert year == LimitYear(first, last)


def test_a_membership_year_of_29_february_ends_on_the_last_of_february():
    year = limit_year(date(2018, 2, 28), "membership", joined_on=date(2016, 2, 29))
    assert year == LimitYear(date(2017, 3, 1), date(2018, 2, 28))


def test_without_joining_the_calendar_year_stands_in():
    year = limit_year(date(2020, 5, 1), "membership", fund_year_start_month=10)
    assert year == LimitYear(date(2020, 1, 1), date(2020, 12, 31))


def test_28_december_to_3_january_is_four_nights_and_two():
    stretches = list(split_nights(date(2019, 12, 28), date(2020, 1, 3)))
    assert stretches == [Stretch(date(2019, 12, 28), 4), Stretch(date(2020, 1, 1), 2)]


def test_a_stay_is_cut_at_the_end_of_every_kind_of_year():
    stretches = list(
        split_nights(date(2019, 9, 29), date(2020, 1, 2), fund_year_start_month=10, joined_on=date(2015, 11, 5))
    )
    assert stretches == [
        Stretch(date(2019, 9, 29), 2),
        Stretch(date(2019, 10, 1), 35),
        Stretch(date(2019, 11, 5), 57),
        Stretch(date(2020, 1, 1), 1),
    ]


def test_a_stay_turned_round_has_no_nights():
    assert list(split_nights(date(2020, 1, 3), date(2020, 1, 1))) == []


@given(start=days, years=st.integers(0, 60))
def test_an_anniversary_completes_exactly_so_many_years(start, years):
    reached = anniversary(start, years)
    assert completed_years(start, reached) == years
    assert completed_years(start, reached - timedelta(days=1)) == years - 1


@given(start=days, day=days)
def test_every_day_lies_in_its_own_membership_year(start, day):
    assert limit_year(day, "membership", joined_on=start).holds(day)


@given(admission=days, nights=st.integers(0, 900), month=st.integers(1, 12), joined=days)
def test_no_night_is_lost_or_counted_twice(admission, nights, month, joined):
    discharge = admission + timedelta(days=nights)
    stretches = list(split_nights(admission, discharge, fund_year_start_month=month, joined_on=joined))
    counted = [first + timedelta(days=night) for first, count in stretches for night in range(count)]
    assert counted == [admission + timedelta(days=night) for night in range(nights)]

"""Days of the Buddhist era, written, read and reckoned with."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bansong_fund.lib import thai_dates
from bansong_fund.lib.thai_dates import DateError, parse_day_month_year, parse_thai_date
from bansong_fund.lib.thai_text import thai_digits

days = st.dates(date(1857, 1, 1), date(2256, 12, 31))
FOUNDING = date(2010, 5, 1)


def refusal(text: str) -> str:
    with pytest.raises(DateError) as raised:
        parse_thai_date(text)
    return str(raised.value)


def test_a_day_is_written_in_the_buddhist_era():
    assert thai_dates.format_date(FOUNDING, "long", "th") == "1 พฤษภาคม 2553"
    assert thai_dates.format_date(FOUNDING, "short", "th") == "1 พ.ค. 2553"
    assert thai_dates.format_date(FOUNDING, "full", "th") == "วันที่ 1 เดือน พฤษภาคม พ.ศ. 2553"
    assert thai_dates.format_date(date(2020, 11, 1), "long", "en") == "1 November 2563"
    assert thai_dates.format_date(date(2020, 11, 1), "short", "en") == "1 Nov 2563"
    assert thai_dates.format_date(date(2020, 11, 1), "full", "en") == "1 November B.E. 2563"


def test_the_active_language_is_the_default_and_thai_stands_for_unknown_ones(english):
    assert thai_dates.format_date(FOUNDING) == "1 May 2553"
    assert thai_dates.active_language("en-gb") == "en"
    assert thai_dates.active_language("de") == "th"


def test_months_and_spans_are_written_without_saying_things_twice():
    assert thai_dates.format_month(FOUNDING, language="th") == "พฤษภาคม 2553"
    assert thai_dates.format_month(FOUNDING, "short", "th") == "พ.ค. 2553"
    span = thai_dates.format_range
    assert span(FOUNDING, FOUNDING, language="th") == "1 พฤษภาคม 2553"
    assert span(FOUNDING, date(2010, 5, 31), language="th") == "1–31 พฤษภาคม 2553"
    assert span(FOUNDING, date(2010, 6, 30), language="th") == "1 พฤษภาคม – 30 มิถุนายน 2553"
    assert span(FOUNDING, date(2011, 6, 30), "short", "th") == "1 พ.ค. 2553 – 30 มิ.ย. 2554"


def test_a_moment_is_read_on_the_clock_of_bangkok():
    moment = datetime(2020, 10, 31, 18, 5, tzinfo=UTC)
    assert thai_dates.format_moment(moment, language="th") == "1 พ.ย. 2563 01.05 น."
    assert thai_dates.format_moment(moment, language="en") == "1 Nov 2563 01:05"


@pytest.mark.parametrize(
    "text",
    [
        "1/5/2563",
        "01/05/2563",
        "1-5-2563",
        "1.5.2563",
        "1 พ.ค. 2563",
        "1 พ.ค.2563",
        "1 พค 2563",
        "1 พฤษภาคม 2563",
        "1 พฤษภาคม พ.ศ. 2563",
        "วันที่ 1 เดือน พฤษภาคม พ.ศ. 2563",
        "๑ พฤษภาคม ๒๕๖๓",
        "๑/๕/๒๕๖๓",
        " 1 \u00a0พ.ค.\u200b 2563 ",
        "1 May 2563",
        "1 may 2563",
        "2020-05-01",
        "๒๐๒๐-๐๕-๐๑",
    ],
)
def test_a_day_is_read_in_every_way_people_write_it(text):
    assert parse_thai_date(text) == date(2020, 5, 1)


def test_29_february_is_a_day_in_the_leap_years_of_the_gregorian_calendar(english):
    assert parse_thai_date("29/02/2567") == date(2024, 2, 29)
    assert parse_thai_date("29 ก.พ. 2543") == date(2000, 2, 29)
    assert thai_dates.format_date(date(2024, 2, 29), language="th") == "29 กุมภาพันธ์ 2567"
    assert refusal("29/2/2566") == "There is no 29 February 2566: that month has 28 days."
    assert refusal("29/2/2568") == "There is no 29 February 2568: that month has 28 days."
    assert refusal("29/2/2443") == "There is no 29 February 2443: that month has 28 days."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/4/2563", "There is no 31 April 2563: that month has 30 days."),
        ("0/1/2563", "There is no 0 January 2563: that month has 31 days."),
        ("1/13/2563", "There is no month 13. Write a month from 1 to 12."),
        ("1/5/63", "Write the year with four digits: 2563, not 63."),
        ("1 พ.ค. 08", "Write the year with four digits: 2508, not 8."),
        ("1/5/2020", "Years are written in the Buddhist era: did you mean 2563?"),
        ("1 พ.ค. 2020", "Years are written in the Buddhist era: did you mean 2563?"),
        ("29/2/2024", "Years are written in the Buddhist era: did you mean 2567?"),
        ("1/5/3106", "Years are written in the Buddhist era: did you mean 2563?"),
        (
            "1/5/256",
            "There is no year 256 here. Write the year of the Buddhist era with four digits, like 2563.",
        ),
        (
            "1/5/25633",
            "There is no year 25633 here. Write the year of the Buddhist era with four digits, like 2563.",
        ),
        (
            "2563-05-01",
            (
                "A date written year first takes the Gregorian year, and 2563 is none of those here: "
                "did you mean 1/5/2563?"
            ),
        ),
        ("2020-02-30", "There is no 30 February 2563: that month has 29 days."),
        ("", "“” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563."),
        ("tomorrow", "“tomorrow” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563."),
        ("1 พ.ศ. 2563", "“1 พ.ศ. 2563” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563."),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_what_was_probably_meant(english, text, sentence):
    assert refusal(text) == sentence


def test_three_boxes_are_read_one_by_one(english):
    assert parse_day_month_year("๒๙", "2", " 2567 ") == date(2024, 2, 29)
    assert parse_day_month_year(1, 5, 2563) == date(2020, 5, 1)
    with pytest.raises(DateError, match=r"^“25a3” is not a year"):
        parse_day_month_year("1", "5", "25a3")
    with pytest.raises(DateError, match=r"^“” is not a day"):
        parse_day_month_year("", "5", "2563")


@given(days)
def test_every_day_written_is_read_back(day):
    for language in ("th", "en"):
        for style in ("long", "short"):
            assert parse_thai_date(thai_dates.format_date(day, style, language)) == day
    full = thai_dates.format_date(day, "full", "th")
    assert parse_thai_date(full) == parse_thai_date(thai_digits(full)) == day
    assert parse_thai_date(day.isoformat()) == day
    assert parse_day_month_year(day.day, day.month, thai_dates.be_year(day)) == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_a_refusal(text):
    try:
        day = parse_thai_date(text)
    except DateError:
        return
    assert 2400 <= thai_dates.be_year(day) <= 2799


def test_the_two_eras_lie_543_years_apart():
    assert thai_dates.be_year(date(2020, 11, 1)) == 2563
    assert thai_dates.from_be_year(2563) == 2020


def test_age_is_in_completed_years():
    birth = date(1960, 11, 2)
    assert thai_dates.age_on(birth, date(2020, 11, 1)) == 59
    assert thai_dates.age_on(birth, date(2020, 11, 2)) == 60
    assert thai_dates.age_on(birth, birth) == 0
    with pytest.raises(ValueError, match="before the birth"):
        thai_dates.age_on(birth, date(1960, 11, 1))


def test_born_on_a_leap_day_one_grows_older_on_the_first_of_march():
    leap_day = date(2004, 2, 29)
    assert thai_dates.age_on(leap_day, date(2019, 2, 28)) == 14
    assert thai_dates.age_on(leap_day, date(2019, 3, 1)) == 15
    assert thai_dates.age_on(leap_day, date(2020, 2, 29)) == 16


def test_a_year_has_its_bounds_by_the_month_it_begins_in():
    assert thai_dates.year_bounds(2563) == (date(2020, 1, 1), date(2020, 12, 31))
    assert thai_dates.year_bounds(2563, first_month=10) == (date(2019, 10, 1), date(2020, 9, 30))
    assert thai_dates.year_bounds(2554, first_month=5) == (date(2010, 5, 1), date(2011, 4, 30))

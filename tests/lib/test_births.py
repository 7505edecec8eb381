"""Births as far as they are known: read, shown, and put into the three boxes."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from bansong_fund.lib.births import BirthDate, first_possible_day, format_birth, parse_birth
from bansong_fund.lib.form_fields import BirthDateField, set_today, with_birth
from bansong_fund.lib.template_tags import birth_date
from bansong_fund.lib.thai_dates import DateError

TODAY = date(2020, 11, 1)
OF_YEAR, OF_MONTH = BirthDate(date(1947, 1, 1), "year"), BirthDate(date(1947, 5, 1), "month")
OF_DAY = BirthDate(date(1947, 5, 9), "day")


class PersonForm(forms.Form):
    birth_date = BirthDateField(required=False)


def person_form(data=None, **initial) -> PersonForm:
    form = PersonForm(data, initial=initial)
    set_today(form, TODAY)
    return form


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("2490", OF_YEAR),
        (" ๒๔๙๐ ", OF_YEAR),
        ("พ.ศ. 2490", OF_YEAR),
        ("ปี พ.ศ.๒๔๙๐", OF_YEAR),
        ("2490 B.E.", OF_YEAR),
        ("5/2490", OF_MONTH),
        ("พ.ค. 2490", OF_MONTH),
        ("เดือนพฤษภาคม พ.ศ. 2490", OF_MONTH),
        ("May 2490", OF_MONTH),
        ("9/5/2490", OF_DAY),
        ("๙ พฤษภาคม ๒๔๙๐", OF_DAY),
        ("1947-05-09", OF_DAY),
    ],
)
def test_a_birth_is_read_as_far_as_it_is_known(text, birth) -> None:
    assert parse_birth(text) == birth


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("90", "four digits: 2590"),
        ("1947", "did you mean 2490"),
        ("3033", "did you mean 2490"),
        ("13/2490", "no month 13"),
        ("ไม่ทราบ", "is not a date"),
        ("999999999999", "is not a year"),
    ],
)
def test_what_is_no_birth_is_refused_with_what_to_write(english, text, sentence) -> None:
    with pytest.raises(DateError, match=sentence):
        parse_birth(text)


@pytest.mark.parametrize(
    ("birth", "thai", "short", "english"),
    [
        (OF_YEAR, "พ.ศ. 2490", "พ.ศ. 2490", "2490 B.E."),
        (OF_MONTH, "พฤษภาคม 2490", "พ.ค. 2490", "May 2490"),
        (OF_DAY, "9 พฤษภาคม 2490", "9 พ.ค. 2490", "9 May 2490"),
    ],
)
def test_a_birth_is_shown_as_far_as_it_is_known(birth, thai, short, english) -> None:
    shown = (
        format_birth(*birth, language="th"),
        format_birth(*birth, "short", "th"),
        format_birth(*birth, language="en"),
    )
    assert shown == (thai, short, english)


@pytest.mark.parametrize("birth", [OF_YEAR, OF_MONTH, OF_DAY])
@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_shown_is_read_back(birth, language) -> None:
    assert parse_birth(format_birth(*birth, language=language)) == birth


def test_the_filter_asks_the_person_how_far_her_birth_is_known() -> None:
    class Person:
        birth_date = date(1947, 7, 1)
        birth_precision = "year"

    assert (birth_date(Person()), birth_date(Person(), "long-en"), birth_date(None)) == ("พ.ศ. 2490", "2490 B.E.", "")


def test_a_bare_year_can_have_begun_on_its_first_day() -> None:
    days = [first_possible_day(date(1947, 7, 15), precision) for precision in ("year", "month", "day")]
    assert days == [date(1947, 1, 1), date(1947, 7, 1), date(1947, 7, 15)]


@pytest.mark.parametrize(
    ("boxes", "birth"),
    [(("", "", "๒๔๙๐"), OF_YEAR), (("", "5", "2490"), OF_MONTH), (("9", "5", "2490"), OF_DAY), (("", "", ""), None)],
)
def test_the_day_and_the_month_may_stay_empty(boxes, birth) -> None:
    form = person_form(dict(zip(("birth_date_day", "birth_date_month", "birth_date_year"), boxes, strict=True)))
    assert form.is_valid()
    assert form.cleaned_data["birth_date"] == birth


@pytest.mark.parametrize("boxes", [("9", "", "2490"), ("9", "5", ""), ("", "5", "")])
def test_a_day_needs_its_month_and_both_a_year(english, boxes) -> None:
    form = person_form(dict(zip(("birth_date_day", "birth_date_month", "birth_date_year"), boxes, strict=True)))
    assert form.errors["birth_date"] == [
        "Write the day, the month and the year, or only the year where no more is known."
    ]


def test_this_year_is_taken_and_the_next_is_not(english) -> None:
    assert person_form({"birth_date_year": "2563"}).is_valid()
    assert "is after today" in person_form({"birth_date_year": "2564"}).errors["birth_date"][0]


@pytest.mark.parametrize(
    ("birth", "boxes"), [(OF_YEAR, ["2490"]), (OF_MONTH, ["2490"]), (OF_DAY, ["9", "2490"]), ("2490", ["2490"])]
)
def test_the_boxes_show_what_is_known(birth, boxes) -> None:
    html = str(person_form(birth_date=birth)["birth_date"])
    values = [part.split('"')[0] for part in html.split('" value="')[1:]]
    assert [value for value in values if value] == boxes
    assert ("selected" in html, "data-year" in html, "required" in html) == (birth in (OF_MONTH, OF_DAY), False, False)


def test_the_day_and_how_far_it_is_known_are_laid_apart() -> None:
    assert with_birth({"birth_date": OF_YEAR, "sex": "f"}) == {
        "birth_date": date(1947, 1, 1),
        "birth_precision": "year",
        "sex": "f",
    }
    assert with_birth({"birth_date": None}) == {"birth_date": None}


def test_an_empty_birth_where_one_is_needed_is_said(english) -> None:
    with translation.override("en"):
        field = BirthDateField()
        with pytest.raises(forms.ValidationError, match="or only the year"):
            field.clean(None)

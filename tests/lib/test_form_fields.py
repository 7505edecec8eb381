"""What people type in a form: taken, or refused at its field with the text left as typed."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.utils import translation

from bansong_fund.lib.form_fields import (
    BahtFormField,
    NationalIdField,
    PersonNameField,
    PhoneField,
    ThaiDateField,
    set_today,
)

TODAY = date(2020, 11, 1)


class PaymentForm(forms.Form):
    paid_on = ThaiDateField(earliest=date(2010, 5, 1))
    amount = BahtFormField(allow_zero=False)
    national_id = NationalIdField(required=False)
    phone = PhoneField(required=False)
    name = PersonNameField(required=False)


def typed(**values: str) -> dict[str, str]:
    good = {"paid_on_day": "1", "paid_on_month": "5", "paid_on_year": "2563", "amount": "365"}
    return good | values


def payment_form(data: dict[str, str] | None = None, **initial: object) -> PaymentForm:
    form = PaymentForm(data, initial=initial)
    set_today(form, TODAY)
    return form


def errors_of(field: forms.Field, value: object) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        field.clean(value)
    return list(raised.value.messages)


def test_a_whole_form_gives_exact_values(english):
    form = payment_form(
        typed(
            amount="๑,๒๕๐.๕๐",
            paid_on_day="๒๙",
            paid_on_month="2",
            paid_on_year="๒๕๖๓",
            national_id="1-0012-34567-89-8",
            phone="+66 81 234 5678",
            name=" น\u0e4d\u0e49าฝน\u200b ",
        )
    )
    assert form.errors == {}
    assert form.cleaned_data == {
        "paid_on": date(2020, 2, 29),
        "amount": Decimal("1250.50"),
        "national_id": "1001234567898",
        "phone": "0812345678",
        "name": "น้ำฝน",
    }


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("29", "2", "2566", "There is no 29 February 2566: that month has 28 days."),
        ("2", "11", "2563", "2 Nov 2563 is after today, 1 Nov 2563. Write an earlier day."),
        ("30", "4", "2553", "30 Apr 2553 is before 1 May 2553, the earliest day allowed here."),
        ("1", "5", "63", "Write the year with four digits: 2563, not 63."),
        ("1", "5", "2020", "Years are written in the Buddhist era: did you mean 2563?"),
        ("1", "5", "๒๐๒๐", "Years are written in the Buddhist era: did you mean 2563?"),
        ("1", "5", "3106", "Years are written in the Buddhist era: did you mean 2563?"),
        ("1", "", "2563", "Write the day, the month and the year: one of them is empty."),
        (
            "x",
            "5",
            "2563",
            "“x” is not a day. Write day, month and year in digits, for example 1/5/2563.",
        ),
        ("", "", "", "Write the day, the month and the year."),
    ],
)
def test_a_wrong_day_is_refused_at_its_field(english, day, month, year, sentence):
    form = payment_form(typed(paid_on_day=day, paid_on_month=month, paid_on_year=year))
    assert form.errors == {"paid_on": [sentence]}


def test_the_future_is_said_in_thai_months():
    with translation.override("th"):
        form = payment_form(typed(paid_on_day="2", paid_on_month="11"))
        assert "1 พ.ย. 2563" in form.errors["paid_on"][0]


def test_today_itself_and_the_earliest_day_are_taken():
    assert payment_form(typed(paid_on_day="1", paid_on_month="11")).is_valid()
    assert payment_form(typed(paid_on_year="2553")).is_valid()


def test_a_field_may_allow_the_future():
    field = ThaiDateField(future_allowed=True)
    assert field.clean(("1", "5", "2599")) == date(2056, 5, 1)


def test_a_field_that_does_not_know_the_day_crashes_rather_than_let_the_future_pass():
    with pytest.raises(RuntimeError, match="set_today"):
        ThaiDateField().clean(("1", "5", "2563"))


def test_a_day_of_another_form_does_not_reach_this_one():
    set_today(PaymentForm(), date(2000, 1, 1))
    assert PaymentForm().fields["paid_on"].today is None
    assert PaymentForm().fields["paid_on"].widget.today is None


@pytest.mark.parametrize("text", ["1/5/2563", "1 พ.ค. 2563", "2020-05-01"])
def test_one_text_under_the_field_name_is_taken_too(text):
    form = payment_form({"paid_on": text, "amount": "1"})
    assert form.is_valid()
    assert form.cleaned_data["paid_on"] == date(2020, 5, 1)


def shown(form: forms.Form, name: str = "paid_on") -> str:
    page = engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}").render({"form": form})
    return page[page.index(f'id="div_id_{name}"') :].split('id="div_id_', 2)[1]


def test_what_was_typed_stays_beside_its_error(english):
    page = shown(payment_form(typed(paid_on_day="๒๙", paid_on_month="2", paid_on_year="2566")))
    assert 'name="paid_on_day" value="๒๙" class="form-control is-invalid"' in page
    assert '<option value="2" selected>February</option>' in page
    assert 'name="paid_on_year" value="2566"' in page
    assert page.count('aria-invalid="true"') == 3
    assert page.index("data-thai-date") < page.index("that month has 28 days")


def test_a_text_that_is_no_date_stays_in_the_first_box(english):
    page = shown(payment_form({"paid_on": "tomorrow", "amount": "1"}))
    assert 'name="paid_on_day" value="tomorrow"' in page


def test_the_boxes_are_a_named_group_with_buttons_for_the_programs_day(english):
    page = shown(payment_form(paid_on=date(2020, 5, 1)))
    assert "<fieldset" in page
    assert "<legend" in page
    assert [page.count(f'aria-label="{label}"') for label in ("Day", "Month", "Year (B.E.)")] == [1, 1, 1]
    assert page.count('inputmode="numeric"') == 2
    assert 'value="1"' in page
    assert '<option value="5" selected>May</option>' in page
    assert 'value="2563"' in page
    assert 'data-day="1" data-month="11" data-year="2563">Today</button>' in page
    assert 'data-day="31" data-month="10" data-year="2563">Yesterday</button>' in page
    assert "style=" not in page
    assert "<script" not in page


def test_no_button_offers_a_day_before_the_earliest(english):
    form = PaymentForm()
    set_today(form, date(2010, 5, 1))
    page = shown(form)
    assert ("Today</button>" in page, "Yesterday</button>" in page) == (True, False)


def test_without_a_day_there_are_no_buttons():
    assert "<button" not in shown(PaymentForm())


def test_the_months_have_thai_names_in_thai():
    with translation.override("th"):
        assert '<option value="5">พฤษภาคม</option>' in shown(payment_form())


def test_a_form_knows_whether_a_day_or_amount_was_changed():
    before = {"paid_on": date(2020, 5, 1), "amount": Decimal(365), "national_id": "1001234567898"}
    same = payment_form(typed(amount="365.00", national_id="1 0012 34567 89 8"), **before)
    assert same.changed_data == []
    assert payment_form(typed(paid_on_day="2"), **before).changed_data == ["paid_on", "national_id"]
    assert payment_form(typed(paid_on_day="32", national_id="1001234567898"), **before).changed_data == ["paid_on"]


def test_amounts_say_what_is_wrong(english):
    field = BahtFormField(allow_zero=False)
    assert errors_of(field, "1.005") == [
        "“1.005” has more than two decimal places. Write baht and satang, for example 1,250.50."
    ]
    assert errors_of(field, "0") == ["The amount is 0.00 baht. Write an amount above zero."]
    assert errors_of(field, "-1") == ["-1.00 baht is below zero. Write an amount without a minus sign."]
    assert BahtFormField(allow_negative=True).clean("(1,250.50)") == Decimal("-1250.50")
    assert BahtFormField(required=False).clean("  ") is None


def test_an_amount_is_offered_with_commas_and_kept_as_typed(english):
    page = shown(payment_form(amount=Decimal("1250.50")), "amount")
    assert 'value="1,250.50"' in page
    assert 'inputmode="decimal"' in page
    assert 'value="1.005"' in shown(payment_form(typed(amount="1.005")), "amount")


@pytest.mark.parametrize(
    "text", ["1001234567898", "1-0012-34567-89-8", "1 0012 34567 89 8", "๑๐๐๑๒๓๔๕๖๗๘๙๘", "\u200b1001234567898 "]
)
def test_a_national_id_is_read_however_it_is_grouped(text):
    assert NationalIdField().clean(text) == "1001234567898"


def test_a_national_id_of_another_length_is_refused_and_one_with_a_wrong_check_digit_is_not(english):
    assert errors_of(NationalIdField(), "123456789012") == [
        "A national ID number has 13 digits, and this one has 12. Compare with the card."
    ]
    assert errors_of(NationalIdField(), "AB12345") == [
        "Write the 13 digits of the national ID number, without letters."
    ]
    assert NationalIdField().clean("1001234567899") == "1001234567899"
    assert NationalIdField(required=False).clean("") == ""


def test_a_national_id_and_a_phone_are_offered_in_groups():
    page = shown(payment_form(national_id="1001234567898"), "national_id")
    assert 'value="1-0012-34567-89-8"' in page
    assert 'value="081-234-5678"' in shown(payment_form(phone="0812345678"), "phone")


def test_a_wrong_phone_says_how_one_is_written(english):
    assert errors_of(PhoneField(), "12345") == [
        (
            "“12345” is not a phone number. A mobile has 10 digits, for example 081-234-5678; "
            "a line has 9, for example 077-123-456."
        )
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("สมหญิง", "สมหญิง"),
        (" ณ\u00a0 อยุธยา ", "ณ อยุธยา"),
        ("เเก้ว", "แก้ว"),
        ("O’Neil-Smith Jr.", "O’Neil-Smith Jr."),
        ("สม\x07ชาย\u200d", "สมชาย"),
        ("แดง (เล็ก)", "แดง (เล็ก)"),
        ("ก" * 100, "ก" * 100),
    ],
)
def test_a_name_is_kept_in_one_spelling(text, name):
    assert PersonNameField().clean(text) == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("สมชาย😀", "A name has letters only. Take out: 😀"),
        ("❤\ufe0fแดง<b>", "A name has letters only. Take out: < > ❤ \ufe0f"),
        ("฿แดง", "A name has letters only. Take out: ฿"),
        ("12/3", "“12/3” has no letter in it. Write the name."),
        ("ก" * 101, "A name has at most 100 letters, and this one has 101. Shorten it."),
    ],
)
def test_what_is_no_name_is_refused(english, text, sentence):
    assert errors_of(PersonNameField(), text) == [sentence]

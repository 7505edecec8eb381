"""Form fields that take what Thai people type and answer, at the field, what is wrong and what to write."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib import births, money, national_id, phones, promptpay, thai_dates
from bansong_fund.lib.births import BirthDate
from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits, normalise

NAME_LENGTH = 100


class _RefusingField(forms.Field, ABC):
    """A text field whose `parse` raises DomainError; the sentence is shown at the field, the text stays."""

    input_attrs: Mapping[str, str] = {}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **self.input_attrs}

    def to_python(self, value: Any) -> Any:
        if value is None or (isinstance(value, str) and not normalise(value)):
            return self.empty
        try:
            return self.parse(value)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code="invalid") from refusal

    empty: Any = ""

    @abstractmethod
    def parse(self, value: Any) -> Any:
        """Return what was typed as data, or raise DomainError."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


# --- amounts ----------------------------------------------------------------------------------------------


class BahtFormField(_RefusingField):
    """An amount in baht; None when left empty."""

    widget = forms.TextInput
    input_attrs = {"inputmode": "decimal", "autocomplete": "off"}
    empty = None

    def __init__(self, *, allow_negative: bool = False, allow_zero: bool = True, **kwargs: Any) -> None:
        self.allow_negative = allow_negative
        self.allow_zero = allow_zero
        super().__init__(**kwargs)

    def parse(self, value: Decimal | int | str) -> Decimal:
        if not isinstance(value, str):
            return money.exact_baht(value)
        return money.parse_baht(value, allow_negative=self.allow_negative, allow_zero=self.allow_zero)

    def prepare_value(self, value: Any) -> Any:
        return money.format_baht(value) if isinstance(value, Decimal | int) else value


# --- people -----------------------------------------------------------------------------------------------


class NationalIdField(_RefusingField):
    """The thirteen digits of a national ID number, "" when left empty.

    A wrong check digit is no error here: ask `national_id.check_national_id` and let the form want a reason.
    """

    widget = forms.TextInput
    input_attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "30"}

    def parse(self, value: str) -> str:
        return national_id.read_number(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch("[0-9]{13}", value):
            return national_id.format_full(value)
        return value


class PhoneField(_RefusingField):
    """The digits of a Thai phone number, "" when left empty."""

    widget = forms.TextInput
    input_attrs = {"inputmode": "tel", "autocomplete": "off", "maxlength": "30"}

    def parse(self, value: str) -> str:
        return phones.parse_phone(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch("0[0-9]{8,9}", value):
            return phones.format_phone(value)
        return value


class PromptpayField(_RefusingField):
    """The 13 digits under which the fund is paid by PromptPay, "" when left empty."""

    widget = forms.TextInput
    input_attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "30"}

    def parse(self, value: str) -> str:
        return promptpay.read_fund_number(value)


class PersonNameField(_RefusingField):
    """A first name, family name or nickname in one spelling, at most 100 letters; "" when left empty."""

    widget = forms.TextInput
    input_attrs = {"autocomplete": "off"}

    def parse(self, value: str) -> str:
        name = normalise(value)
        if strange := sorted({letter for letter in name if not _stands_in_names(letter)}):
            message = _("A name has letters only. Take out: %(characters)s")
            raise DomainError(message % {"characters": " ".join(strange)})
        if not any(unicodedata.category(letter).startswith("L") for letter in name):
            raise DomainError(_("“%(text)s” has no letter in it. Write the name.") % {"text": name})
        if len(name) > NAME_LENGTH:
            message = _("A name has at most %(most)d letters, and this one has %(count)d. Shorten it.")
            raise DomainError(message % {"most": NAME_LENGTH, "count": len(name)})
        return name


def _stands_in_names(letter: str) -> bool:
    if "\ufe00" <= letter <= "\ufe0f":  # they turn the sign before them into an emoji
        return False
    return unicodedata.category(letter) in _IN_NAMES or letter in " .,-'’()/\"“”"


_IN_NAMES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}


# --- days -------------------------------------------------------------------------------------------------


class ThaiDateWidget(forms.Widget):
    """Three boxes, day, month and year of the Buddhist era, with buttons for today and yesterday.

    Sends NAME_day, NAME_month and NAME_year; a text under NAME alone ("1/5/2563", "2020-05-01") is taken too.
    """

    template_name = "widgets/thai_date.html"
    use_fieldset = True
    today: date | None = None
    earliest: date | None = None
    parts = ("day", "month", "year")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = tuple(str(data.get(f"{name}_{part}") or "").strip() for part in self.parts)
        return typed if any(typed) else data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key in data for key in (name, *(f"{name}_{part}" for part in self.parts)))

    def id_for_label(self, id_: str) -> str:
        return ""  # the legend names the group; each box has a name of its own

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        day, month, year = _boxes(value)
        months = enumerate(thai_dates.MONTHS[thai_dates.active_language()], start=1)
        context["widget"] |= {
            "day": day,
            "year": year,
            "months": [(str(number), word, str(number) == month) for number, word in months],
            "invalid": _marked_invalid(context["widget"]["attrs"]),
            "days": self._quick_days(),
        }
        return context

    def _quick_days(self) -> list[tuple[str, date]]:
        if self.today is None:
            return []
        days = [(_("Today"), self.today), (_("Yesterday"), self.today - timedelta(days=1))]
        return [(word, day) for word, day in days if self.earliest is None or day >= self.earliest]


def _marked_invalid(attrs: Mapping[str, Any]) -> bool:
    return "aria-invalid" in attrs or "is-invalid" in attrs.get("class", "").split()


def _boxes(value: Any) -> tuple[str, str, str]:
    """Return what stands in the three boxes; a text that is no date comes back in the first, as typed."""
    if isinstance(value, tuple):
        return value[0], arabic_digits(value[1]).lstrip("0"), value[2]
    if isinstance(value, str) and value.strip():
        try:
            value = thai_dates.parse_thai_date(value)
        except DomainError:
            return value, "", ""
    if isinstance(value, date):
        return str(value.day), str(value.month), str(thai_dates.be_year(value))
    return "", "", ""


class ThaiDateField(_RefusingField):
    """A day, typed in the Buddhist era; None when left empty.

    The program's day may be another than the clock's, so the form gives it: `today=` or `set_today(form, today)`.
    Without it a field that allows no future day crashes, since it could not tell.
    """

    widget = ThaiDateWidget
    empty = None
    default_error_messages = {"required": gettext_lazy("Write the day, the month and the year.")}

    def __init__(
        self,
        *,
        today: date | None = None,
        future_allowed: bool = False,
        earliest: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.future_allowed = future_allowed
        self.earliest = earliest
        super().__init__(**kwargs)
        self.widget.earliest = earliest
        self.set_today(today)

    def set_today(self, today: date | None) -> None:
        self.today = today
        self.widget.today = today

    def parse(self, value: date | str | tuple[str, str, str]) -> date | BirthDate:
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            return thai_dates.parse_thai_date(value)
        if not all(value):
            raise thai_dates.DateError(_("Write the day, the month and the year: one of them is empty."))
        return thai_dates.parse_day_month_year(*value)

    def validate(self, value: date | BirthDate | None) -> None:
        super().validate(value)
        if value is not None:
            self._within_bounds(value.day if isinstance(value, BirthDate) else value)

    def _within_bounds(self, day: date) -> None:
        if not self.future_allowed:
            if self.today is None:
                raise RuntimeError("a date field that allows no future day needs set_today()")
            self._refuse(
                day > self.today, _("%(day)s is after today, %(limit)s. Write an earlier day."), day, self.today
            )
        if self.earliest:
            message = _("%(day)s is before %(limit)s, the earliest day allowed here.")
            self._refuse(day < self.earliest, message, day, self.earliest)

    def _refuse(self, wrong: bool, message: str, day: date, limit: date) -> None:
        if wrong:
            shown = {"day": thai_dates.format_date(day, "short"), "limit": thai_dates.format_date(limit, "short")}
            raise ValidationError(message % shown, code="out_of_bounds")


class BirthDateWidget(ThaiDateWidget):
    """The three boxes, of which only the year must be filled. Nobody is born today or yesterday: no buttons."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # the browser would ask for the day and the month

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, _as_known(value), attrs)

    def _quick_days(self) -> list[tuple[str, date]]:
        return []


def _as_known(value: Any) -> Any:
    """Return the boxes of a birth, or of a text that is one; another value as it came."""
    if isinstance(value, str) and value.strip():
        try:
            value = births.parse_birth(value)
        except DomainError:
            return value
    return births.parts_of_birth(value) if isinstance(value, BirthDate) else value


class BirthDateField(ThaiDateField):
    """A date of birth as far as it is known: a `BirthDate` (day, precision); None when left empty.

    `with_birth` lays the two into the form's cleaned values. A form that shows a birth gives a BirthDate as initial.
    """

    widget = BirthDateWidget
    default_error_messages = {"required": gettext_lazy("Write the date of birth, or only the year.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "Where only the year is known, leave day and month empty. For January to March before 2484 old papers"
                " may name the year before, since the year began in April then."
            ),
        )
        super().__init__(**kwargs)

    def parse(self, value: Any) -> BirthDate:
        if isinstance(value, BirthDate):
            return value
        if isinstance(value, date):
            return BirthDate(value)
        return births.parse_birth(value) if isinstance(value, str) else births.birth_of_parts(value)


def with_birth(cleaned: dict[str, Any], name: str = "birth_date") -> dict[str, Any]:
    """Return cleaned values with the field `name` split into `name` (a date or None) and `birth_precision`.

    `name` may be absent, where the field has an error.
    """
    birth = cleaned.get(name)
    split = {name: birth.day, "birth_precision": birth.precision} if birth else {}
    return {**cleaned, **split}


def set_today(form: forms.BaseForm, today: date) -> None:
    """Tell every date field of a form which day it is."""
    fields: Iterable[forms.Field] = form.fields.values()
    for field in fields:
        if isinstance(field, ThaiDateField):
            field.set_today(today)

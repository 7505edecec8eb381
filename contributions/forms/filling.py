"""The forms of the page on which a sheet is filled in: the day and the receipt of every touch, and one line typed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField
from contributions.queries.receipt_books import BookCounts

MOST_NUMBER = 2_000_000_000


class FillForm(forms.Form):
    """The day on which money was taken at the door, and what the payer gets; what was taken is on the buttons.

    Where she holds no paper book there is nothing to choose: the receipt is on the phone.
    """

    date = ThaiDateField(label=gettext_lazy("Money taken on"))
    book = forms.ChoiceField(label=gettext_lazy("Receipt given at the door"), required=False)
    number = forms.IntegerField(
        label=gettext_lazy("Next number"), required=False, min_value=1, max_value=MOST_NUMBER, localize=False
    )

    def __init__(self, *args: Any, today: date, books: Sequence[BookCounts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next_numbers = {one.book.label: one.next_number for one in books}
        self.last_numbers = {one.book.label: one.book.last_number for one in books}
        self.books = {one.book.label: one.book for one in books}
        self.fields["date"].set_today(today)
        words = [(label, _("Paper book %(label)s") % {"label": label}) for label in self.books]
        self.fields["book"].choices = [("", _("On the phone, without paper")), *words]
        self.fields["book"].widget.attrs["class"] = "form-select"
        self.fields["number"].widget.attrs |= {"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}
        if not books:
            del self.fields["book"], self.fields["number"]

    def clean(self) -> dict[str, Any]:
        """A book without a number means its next one."""
        data = self.cleaned_data
        label = data.get("book") or ""
        data["book"] = self.books.get(label)
        if data["book"] is None:
            data["number"] = None
        elif not data.get("number") and "number" not in self.errors:
            data["number"] = self.next_numbers[label]
            if data["number"] is None:
                self.add_error("book", _("Book %(label)s is full. Choose another.") % {"label": label})
        return data


class OneLineForm(FillForm):
    """One member's line typed: any amount, an entry fee, who paid, and whom of her house the payer paid for too."""

    amount = BahtFormField(label=gettext_lazy("Amount (baht)"), required=False)
    entry_fee = BahtFormField(label=gettext_lazy("Entry fee (baht)"), required=False)
    payer_name = forms.CharField(
        label=gettext_lazy("Paid by (if not the member)"), required=False, max_length=200, widget=forms.TextInput
    )
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Paid for these of the house too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["amount", "entry_fee", "others", "payer_name", "date", "book", "number"]

    def __init__(self, *args: Any, has_fee: bool, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = others
        if not others:
            del self.fields["others"]
        if not has_fee:
            del self.fields["entry_fee"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("amount", "entry_fee"):
            data[name] = data.get(name) or Decimal("0.00")
        return data


class SentLineForm(forms.Form):
    """One line of a batch that a phone sends. The names are short: they go over a village's network."""

    n = forms.IntegerField(min_value=1, max_value=999_999_999)
    undo = forms.BooleanField(required=False)
    amount = BahtFormField(required=False)
    fee = BahtFormField(required=False)
    day = ThaiDateField()
    book = forms.CharField(required=False, max_length=20)
    no = forms.IntegerField(required=False, min_value=1, max_value=MOST_NUMBER)
    payer = forms.CharField(required=False, max_length=200)
    seen = forms.CharField(required=False, max_length=8)

    def __init__(self, data: Any, *, today: date) -> None:
        words = data if isinstance(data, dict) else {}
        super().__init__({key: _as_text(value) for key, value in words.items()})
        self.fields["day"].set_today(today)

    def why_not(self) -> str:
        """Everything that is wrong with the line, in one sentence after the other."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


def _as_text(value: Any) -> str:
    """A phone sends words and whole numbers; anything else counts as nothing."""
    if value is True:
        return "true"
    return str(value) if isinstance(value, str | int) and value is not False else ""

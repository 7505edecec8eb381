"""What is filled in about a passbook: its lines, what they are in the books, a day to reconcile, a bank's file."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.money import ZERO
from ledger.bank_files import COLUMN_NAMES, NEEDED, Columns
from ledger.passbook import TypedLine

ROWS_TO_TYPE = 10
PAIR = re.compile(r"([0-9]{1,18}):([0-9]{1,18}(?:,[0-9]{1,18}){0,200})")


class PassbookRow(forms.Form):
    """A line as it stands in the passbook. Left empty altogether, there is none."""

    line_on = ThaiDateField(label=_("Date"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    code = forms.CharField(label=_("Code"), required=False, max_length=20)
    taken_out = BahtFormField(label=_("Taken out"), required=False)
    paid_in = BahtFormField(label=_("Paid in"), required=False)
    balance = BahtFormField(label=_("Balance"), allow_negative=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "form-control", "aria-label": self._label(name)}

    def _label(self, name: str) -> str:
        number = str(self.prefix).rpartition("-")[2]
        row = int(number) + 1 if number.isdecimal() else 1
        return gettext("Row %(row)d: %(field)s") % {"row": row, "field": self.fields[name].label}

    def line(self) -> TypedLine:
        typed = self.cleaned_data
        out, paid_in = typed["taken_out"] or ZERO, typed["paid_in"] or ZERO
        return TypedLine(typed["line_on"], typed["code"], out, paid_in, typed["balance"])


PassbookRows = forms.formset_factory(PassbookRow, extra=ROWS_TO_TYPE, max_num=ROWS_TO_TYPE)


class TickForm(RequestForm):
    """Which lines of the books a line of the passbook is."""

    lines = forms.MultipleChoiceField(
        label=_("Lines of the books"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose the line, or the lines, of the books that this is."),
            "invalid_choice": _("A line that you chose has been ticked off meanwhile. Choose anew."),
        },
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = list(choices)  # type: ignore[attr-defined]


class TickAllForm(RequestForm):
    """What was left chosen among the proposals: a passbook line and its lines of the books, as "12:34,35"."""

    pairs: dict[int, list[int]]

    def clean(self) -> dict[str, Any]:
        chosen = self.data.getlist("tick")  # type: ignore[attr-defined]
        found = [PAIR.fullmatch(text) for text in chosen]
        if not chosen or not all(found):
            raise ValidationError(gettext("Nothing was chosen. Leave a tick where a proposal is right."))
        self.pairs = {int(pair[1]): [int(key) for key in pair[2].split(",")] for pair in found if pair}
        return super().clean() or self.cleaned_data


class ReconcileForm(RequestForm):
    """The words about what differed before the first typed line."""

    explanation = forms.CharField(
        label=_("Where the difference from before the first typed line comes from"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AsOfForm(forms.Form):
    """The day that is reconciled."""

    as_of = ThaiDateField(label=_("Reconcile to the end of"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)


class BankFileForm(RequestForm):
    """A file from the bank."""

    file = forms.FileField(
        label=_("File from the bank"),
        help_text=_("Saved as .xlsx, .ods or .csv, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={"empty": _("The file is empty. Choose the file that holds the lines.")},
    )


class ColumnsForm(forms.Form):
    """Which column of the bank's file holds what. Out and in may be one column, with a minus for out."""

    prefix = "columns"

    def __init__(self, *args: Any, heads: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [("", "–"), *((str(place), f"{place + 1}. {head}") for place, head in enumerate(heads))]
        for name, label in COLUMN_NAMES.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=places, coerce=int, empty_value=None, required=name in NEEDED
            )

    def columns(self) -> Columns:
        return {name: place for name, place in self.cleaned_data.items() if place is not None}

"""The forms of collection sheets: what was counted, what the collector says to it, paper books, a filled-in file."""

from datetime import date as date_type
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField
from bansong_fund.lib.forms import RequestForm
from contributions.handing_over import DENOMINATIONS, MOST_PIECES, counted_of
from ledger.models import SpoiledNumber
from office.models import User
from office.roles import Role


def _plain_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class AcceptForm(RequestForm):
    """What was counted, by note and coin where that is wanted or handy, and what explains a difference.

    The sum may be left empty where notes and coins are written: they make it.
    """

    counted = BahtFormField(label=_("Counted (baht)"), required=False)
    difference_reason = forms.CharField(
        label=_("Where a difference comes from (needed if the sums differ)"), required=False, max_length=250
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for piece in DENOMINATIONS:
            self.fields[_piece_field(piece)] = forms.IntegerField(
                label=piece,
                required=False,
                min_value=0,
                max_value=MOST_PIECES,
                widget=forms.TextInput(attrs=PIECE_ATTRS),
            )

    def pieces(self) -> list[tuple[str, forms.BoundField]]:
        """Each note and coin with its box, for the page."""
        return [(piece, self[_piece_field(piece)]) for piece in DENOMINATIONS]

    def has_piece_errors(self) -> bool:
        return any(bound.errors for _piece, bound in self.pieces())

    def notes_and_coins(self) -> dict[str, int]:
        cleaned = {piece: self.cleaned_data.get(_piece_field(piece)) for piece in DENOMINATIONS}
        return {piece: count for piece, count in cleaned.items() if count}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("counted") is None and "counted" not in self.errors:
            pieces = self.notes_and_coins()
            if pieces:
                cleaned["counted"] = counted_of(pieces)
            else:
                self.add_error("counted", gettext("Write the sum that you counted."))
        return cleaned


PIECE_ATTRS = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control"}


def _piece_field(piece: str) -> str:
    return f"pieces_{piece.replace('.', '_')}"


class AgreeForm(RequestForm):
    """The collector agrees to what she saw, or says what is wrong."""

    counted = BahtFormField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What is wrong (if you do not agree)"),
        required=False,
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HolderField(forms.ModelChoiceField):
    """A leader, by name."""

    def label_from_instance(self, user: User) -> str:
        return user.display_name


def leaders() -> Any:
    return (
        User.objects.filter(is_active=True, role_grants__role=Role.LEADER, role_grants__revoked_at=None)
        .order_by("display_name")
        .distinct()
    )


class GiveBookForm(RequestForm):
    """A new paper book and who has it now."""

    label = forms.CharField(label=_("Number of the book, as printed on its cover"), max_length=20)
    first_number = forms.IntegerField(label=_("First number"), min_value=1, max_value=9_999_999)
    last_number = forms.IntegerField(label=_("Last number"), min_value=1, max_value=9_999_999)
    holder = HolderField(User.objects.none(), label=_("Given to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = leaders()
        self.helper = _plain_helper()


class GiveOnForm(RequestForm):
    """A half-used book goes to the next leader."""

    holder = HolderField(User.objects.none(), label=_("Given to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = leaders()
        self.helper = _plain_helper()


class SpoilForm(RequestForm):
    """What became of a number that is on no receipt."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=9_999_999)
    kind = forms.ChoiceField(label=_("What happened"), choices=SpoiledNumber.Kind.choices)
    reason = forms.CharField(label=_("How it came about"), max_length=250)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()


class SheetFileForm(RequestForm):
    """A sheet that was filled in on a computer, and the day for rows that name none."""

    file = forms.FileField(
        label=_("The filled-in sheet"),
        help_text=_("Saved as .xlsx, .ods or .csv, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={"empty": _("The file is empty. Choose the file that holds the sheet.")},
    )
    date = ThaiDateField(label=_("Money taken on, where a row names no day"))

    def __init__(self, *args: Any, today: date_type, **kwargs: Any) -> None:
        super().__init__(*args, initial={"date": today}, **kwargs)
        self.fields["date"].set_today(today)
        self.helper = _plain_helper()

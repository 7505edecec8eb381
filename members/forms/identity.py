"""The ID of a person on a form: a national one, a stateless person's or foreigner's, a passport, or none."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import read_number, read_passport
from members.models import IdKind
from members.verbs import true_kind


class IdFields(forms.Form):
    """Three fields for a form of a person. The kind follows from thirteen digits; the checksum is the verbs' to judge.

    `number_needed` False lets the number stay empty: then the one that the register has is kept.
    """

    number_needed = True

    id_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of ID"),
        choices=IdKind.choices,
        initial=IdKind.CITIZEN,
        help_text=gettext_lazy("A number that begins with 0, 6, 7 or 8 says itself whose it is."),
    )
    national_id = forms.CharField(
        label=gettext_lazy("National ID number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "40"}),
    )
    id_reason = forms.CharField(
        label=gettext_lazy("Why this number is right although its check digit is not"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only where the program has warned of the number."),
    )

    def clean_national_id(self) -> str:
        kind, text = self.cleaned_data.get("id_kind", IdKind.CITIZEN), self.cleaned_data["national_id"]
        if not text:
            self._refuse_missing(kind)
            return ""
        if kind == IdKind.NONE:
            raise ValidationError(_("You chose “No ID”, and here is a number. Choose its kind, or take it out."))
        try:
            number = read_passport(text) if kind == IdKind.PASSPORT else read_number(text)
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal
        self.cleaned_data["id_kind"] = true_kind(kind, number)
        return number

    def _refuse_missing(self, kind: str) -> None:
        if not self.number_needed or kind == IdKind.NONE:
            return
        if kind == IdKind.PASSPORT:
            raise ValidationError(_("Write the number of the passport, or choose “No ID” above."))
        raise ValidationError(_("Write the 13 digits, or choose “No ID” above if the person has no card."))

"""The forms with which a registrar settles whether two rows are one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_text import arabic_digits, normalise

APART = "apart"


class SettleForm(RequestForm):
    """One person, and which number is kept; or two. `verdict` is the button that was pressed."""

    verdict = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("How you know"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For instance: asked her, compared the ID card, twins. It stays with the verdict."),
    )

    def __init__(self, *args: Any, numbers: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = numbers

    def clean(self) -> dict[str, Any]:
        """`verdict` becomes the number that is kept, or `APART`."""
        cleaned = super().clean()
        verdicts = {str(number): number for number in self.numbers} | {APART: APART}
        cleaned["verdict"] = verdicts.get(cleaned.get("verdict", ""))
        if cleaned["verdict"] is None:
            self.add_error(None, _("Press one of the buttons."))
        return cleaned


class UndoForm(RequestForm):
    """Takes a verdict back."""

    reason = forms.CharField(label=gettext_lazy("Why it is undone"), max_length=200)


class TwoNumbersForm(forms.Form):
    """Two rows that nobody but the registrar takes for one person."""

    one = forms.CharField(label=gettext_lazy("Member no."), max_length=12)
    other = forms.CharField(label=gettext_lazy("and member no."), max_length=12)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("one", "other"):
            text = arabic_digits(normalise(cleaned.get(name, "")))
            if text.isdecimal() and len(text) < 9:
                cleaned[name] = int(text)
            elif name in cleaned:
                self.add_error(name, _("Write a member number."))
        if "one" in cleaned and cleaned.get("one") == cleaned.get("other"):
            self.add_error("other", _("Write another number: a member is no double of herself."))
        return cleaned

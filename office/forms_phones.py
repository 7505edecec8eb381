"""Forms of leaders' phones: the PIN, and the PIN chosen twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_text import arabic_digits
from office.phones import PIN_LENGTH

SIX_DIGITS = _("A PIN has six digits.")


class PinField(forms.CharField):
    """Six digits, Thai ones too, on the phone's figures; never shown again."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "pin", "maxlength": PIN_LENGTH}
        super().__init__(widget=forms.PasswordInput(attrs=attrs), max_length=30, **options)

    def clean(self, value: Any) -> str:
        digits = arabic_digits(super().clean(value)).replace(" ", "")
        if len(digits) != PIN_LENGTH or not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError(SIX_DIGITS)
        return digits


class PinForm(forms.Form):
    pin = PinField(label=_("Your PIN of six digits"))


class ChoosePinForm(RequestForm):
    pin = PinField(label=_("Choose a PIN of six digits"))
    pin_again = PinField(label=_("The same PIN once more"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("pin"), values.get("pin_again")
        if first and second and first != second:
            self.add_error("pin_again", _("The two are not the same. Choose the PIN again."))
        return values

"""The forms of collection sheets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField
from bansong_fund.lib.forms import RequestForm


class LineForm(forms.Form):
    """The day on which money was taken at the door; what was taken is on the buttons."""

    date = ThaiDateField(label=_("Money taken on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].set_today(today)


class AcceptForm(RequestForm):
    """What was counted, and what explains a difference."""

    counted = BahtFormField(label=_("Counted (baht)"))
    difference_reason = forms.CharField(
        label=_("Where a difference comes from (needed if the sums differ)"), required=False, max_length=250
    )

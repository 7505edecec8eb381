"""The form of the counting sheet."""

from datetime import date as date_type
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import ThaiDateField
from contributions.counting import COUNTERS, Counter
from contributions.forms.sheets import AcceptForm


class CountForm(AcceptForm):
    """Day, three counters, notes and coins, the sum that they make, and what explains a difference."""

    date = ThaiDateField(label=_("Counted on"))

    def __init__(self, *args: Any, today: date_type, **kwargs: Any) -> None:
        super().__init__(*args, initial={"date": today}, **kwargs)
        self.fields["date"].set_today(today)
        self.fields["counted"].required = True
        for place in range(1, COUNTERS + 1):
            name, as_what = _("Counter %(place)s: name"), _("Counter %(place)s: post")
            self.fields[f"counter_{place}"] = forms.CharField(label=name % {"place": place}, max_length=150)
            field = forms.CharField(label=as_what % {"place": place}, max_length=100, required=False)
            self.fields[f"post_{place}"] = field

    def counter_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and post of each counter, for the page."""
        return [(self[f"counter_{place}"], self[f"post_{place}"]) for place in range(1, COUNTERS + 1)]

    def counters(self) -> list[Counter]:
        data = self.cleaned_data
        return [Counter(data[f"counter_{place}"], data[f"post_{place}"]) for place in range(1, COUNTERS + 1)]

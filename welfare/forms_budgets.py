"""The form of budgets: an amount for each of the nine kinds, and the meeting that resolved on them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField
from bansong_fund.lib.forms import RequestForm
from members.models import Meeting
from welfare.forms_arrears import meeting_choices
from welfare.models import Category


class BudgetForm(RequestForm):
    """A field left empty leaves the kind as it stands."""

    meeting = forms.TypedChoiceField(label=_("Meeting that resolved on it"), coerce=int)

    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = meeting_choices(meetings, by_regulation=False)
        for kind in Category:
            self.fields[kind.value] = BahtFormField(label=kind.label, required=False)

    def amounts(self) -> dict[str, Decimal]:
        """Baht of each kind that was written."""
        asked = {kind.value: self.cleaned_data.get(kind.value) for kind in Category}
        return {kind: baht for kind, baht in asked.items() if baht is not None}

"""Why the whole ID is to be seen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm
from office.reading import REASONS


class RevealForm(RequestForm):
    """One of four buttons, each a reason."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()))

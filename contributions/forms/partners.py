"""The forms of partners: who they are, what is agreed, what was done together."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import BahtFormField, ThaiDateField
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from contributions.models import ContributorKind
from members.models import Community
from office.fields import AttachmentsField


class PartnerForm(RequestForm):
    name_th = forms.CharField(label=_("Name in Thai"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContributorKind.choices, initial=ContributorKind.AGENCY)
    work_th = forms.CharField(label=_("Works with the fund at (in Thai)"), required=False, max_length=250)
    work_en = forms.CharField(label=_("Works with the fund at (in English)"), required=False, max_length=250)
    contact = forms.CharField(label=_("Contact"), required=False, max_length=250)
    since = ThaiDateField(label=_("Since"), required=False)
    until = ThaiDateField(label=_("Until (empty: still today)"), required=False, future_allowed=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].set_today(today)


class AgreementForm(RequestForm):
    subject = forms.CharField(label=_("What is agreed"), max_length=250)
    reference = forms.CharField(label=_("No. of the paper"), required=False, max_length=100)
    agreed_on = ThaiDateField(label=_("Agreed on"))
    until = ThaiDateField(label=_("Until (empty: no end agreed)"), required=False, future_allowed=True)
    papers = AttachmentsField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agreed_on", "until"):
            self.fields[name].set_today(today)


class CommunityField(forms.ModelChoiceField):
    def label_from_instance(self, community: Community) -> str:
        return local_name(community)


class ActivityForm(RequestForm):
    title = forms.CharField(label=_("Activity"), max_length=250)
    held_on = ThaiDateField(label=_("Date"))
    community = CommunityField(
        Community.objects.order_by("number"), label=_("Community"), required=False, empty_label=_("Several, or another")
    )
    participants = forms.IntegerField(label=_("How many took part"), required=False, min_value=1, max_value=1_000_000)
    income_raised = BahtFormField(
        label=_("Income of those who took part (baht)"),
        help_text=_("What they earned by it; it is not the fund's money."),
        required=False,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=250)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].set_today(today)

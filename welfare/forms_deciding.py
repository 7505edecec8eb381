"""Forms beside the decisions: urgent grants, taking a payment back, the settings of deciding and paying."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField
from bansong_fund.lib.forms import RequestForm
from members.models import Resolution
from office.models import User
from office.roles import Role
from welfare.models import UrgentGrant, WelfareSettings
from welfare.settings import Wanted
from welfare.urgent import Verdict

RATIFY, REFUSE, LATER = "ratify", "refuse", "later"


class WhyForm(RequestForm):
    """Why a payment is taken back, or a grant cannot wait."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=250, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RatifyForm(RequestForm):
    """What the meeting says of each urgent grant."""

    def __init__(self, *args: Any, grants: Sequence[UrgentGrant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grants = grants
        verdicts = [(RATIFY, _("Ratify")), (REFUSE, _("Do not ratify")), (LATER, _("Not now"))]
        for grant in grants:
            self.fields[f"ratify_{grant.pk}"] = forms.ChoiceField(
                label=_("Decision"), choices=verdicts, initial=RATIFY, widget=forms.RadioSelect
            )
            self.fields[f"why_{grant.pk}"] = forms.CharField(label=_("Reason"), required=False, max_length=500)

    def rows(self) -> list[dict[str, Any]]:
        """Each grant with its fields, as the page draws it."""
        return [
            {"grant": grant, "verdict": self[f"ratify_{grant.pk}"], "reason": self[f"why_{grant.pk}"]}
            for grant in self.grants
        ]

    def verdicts(self) -> list[Verdict]:
        """What was said, without the grants put off."""
        said = self.cleaned_data
        return [
            Verdict(grant.pk, said[f"ratify_{grant.pk}"] == RATIFY, said.get(f"why_{grant.pk}", ""))
            for grant in self.grants
            if said.get(f"ratify_{grant.pk}", LATER) != LATER
        ]


class WelfareSettingsForm(RequestForm):
    """The fund's settings of deciding and paying, and the resolution under which they change."""

    appeal_days = forms.IntegerField(
        label=gettext_lazy("Days after a rejection within which one may ask again"), min_value=1, max_value=3650
    )
    two_approvals_above = BahtFormField(label=gettext_lazy("At the strict level, two people approve above (baht)"))
    urgent_death_grants = forms.BooleanField(
        label=gettext_lazy("Chair and treasurer may grant a death grant ahead of the meeting"), required=False
    )
    chair = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Chair"), required=False, empty_label="—")
    delivery_due_days = forms.IntegerField(
        label=gettext_lazy("Days after which money on its way is overdue"), min_value=1, max_value=365
    )
    resolution = forms.ModelChoiceField(
        Resolution.objects.none(), label=gettext_lazy("Under which resolution"), empty_label=None
    )

    def __init__(self, *args: Any, settings: WelfareSettings, resolutions: Sequence[Resolution], **kwargs: Any) -> None:
        initial = {name: getattr(settings, name) for name in Wanted.__slots__}
        super().__init__(*args, initial=initial, **kwargs)
        committee = {"role_grants__role": Role.COMMITTEE, "role_grants__revoked_at": None, "is_active": True}
        self.fields["chair"].queryset = User.objects.filter(**committee).distinct().order_by("display_name", "pk")
        choice = self.fields["resolution"]
        choice.queryset = Resolution.objects.filter(pk__in=[one.pk for one in resolutions]).select_related("meeting")
        choice.label_from_instance = lambda one: f"{one.label} {one.subject}"

    def wanted(self) -> Wanted:
        """The settings as typed; call after `is_valid`."""
        return Wanted(**{name: self.cleaned_data[name] for name in Wanted.__slots__})

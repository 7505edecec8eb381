"""The form on which a meeting's verdicts on applications to membership are written down."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_dates import format_date
from members.models import Application, Meeting
from welfare.admissions import Admission

ACCEPT, REFUSE, LATER = "accept", "refuse", "later"


class MeetingChoice(forms.ModelChoiceField):
    """Meetings by kind, number and day."""

    def label_from_instance(self, meeting: Meeting) -> str:
        return f"{meeting.get_kind_display()} {meeting.label}, {format_date(meeting.held_on)}"


class AdmissionsForm(RequestForm):
    """Which meeting, and for each application a verdict and, where it is refused, the reason."""

    meeting = MeetingChoice(
        Meeting.objects.none(), label=gettext_lazy("Meeting that resolved"), empty_label=gettext_lazy("Choose one")
    )

    def __init__(self, *args: Any, applications: list[Application], meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = applications
        self.fields["meeting"].queryset = meetings
        verdicts = [(ACCEPT, _("Accept")), (REFUSE, _("Refuse")), (LATER, _("Not now"))]
        for one in applications:
            self.fields[f"verdict_{one.pk}"] = forms.ChoiceField(
                label=_("Decision"), choices=verdicts, initial=ACCEPT, widget=forms.RadioSelect
            )
            self.fields[f"reason_{one.pk}"] = forms.CharField(
                label=_("Reason, if refused"), required=False, max_length=500
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each application with its fields, as the page draws it."""
        return [
            {"application": one, "verdict": self[f"verdict_{one.pk}"], "reason": self[f"reason_{one.pk}"]}
            for one in self.applications
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.admissions():
            raise forms.ValidationError(_("Decide at least one application; all stand on “Not now”."))
        return cleaned

    def admissions(self) -> list[Admission]:
        """What was decided, without those put off."""
        cleaned = self.cleaned_data
        return [
            Admission(
                application_id=one.pk,
                accept=cleaned[f"verdict_{one.pk}"] == ACCEPT,
                reason=cleaned.get(f"reason_{one.pk}", ""),
            )
            for one in self.applications
            if cleaned.get(f"verdict_{one.pk}", LATER) != LATER
        ]

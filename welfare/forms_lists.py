"""The forms of benefit lists: opening, striking out, adding, sending in, deciding."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField, PersonNameField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.thai_dates import active_language
from ledger.models import RestrictedFund
from members.models import Meeting, Member
from members.queries import children_of
from welfare.claim_form import grade_choices
from welfare.list_proposals import about_children
from welfare.models import ListLine
from welfare.rules.document import BenefitTerms, RegulationDocument

REJECTIONS = 5  # places for lines that the meeting refuses by themselves


class OpenListForm(RequestForm):
    """A new list: which benefit, by which day rights are judged."""

    benefit_code = forms.ChoiceField(label=gettext_lazy("Benefit"))
    event_on = ThaiDateField(
        label=gettext_lazy("Day by which rights are judged"),
        help_text=gettext_lazy("The yearly day of the benefit; after a disaster the day on which it struck."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title on the papers"),
        help_text=gettext_lazy("Left empty, the list is called as the benefit is."),
        required=False,
        max_length=150,
    )
    event_name = forms.CharField(
        label=gettext_lazy("Name of the disaster"),
        help_text=gettext_lazy("Only after a disaster: everybody writes it the same, and each house is helped once."),
        required=False,
        max_length=60,
    )
    restricted_fund = forms.ModelChoiceField(
        RestrictedFund.objects.none(),
        label=gettext_lazy("Paid out of a restricted fund"),
        required=False,
        empty_label=gettext_lazy("No, out of the general fund"),
    )

    def __init__(self, *args: Any, today: date, document: RegulationDocument | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)
        language = active_language()
        benefits = [one for one in document.benefits if one.by_list] if document else []
        self.fields["benefit_code"].choices = [(one.code, one.name.in_language(language)) for one in benefits]
        funds = RestrictedFund.objects.filter(is_open=True).exclude(code="general")
        self.fields["restricted_fund"].queryset = funds
        self.fields["restricted_fund"].label_from_instance = local_name
        if not funds:
            del self.fields["restricted_fund"]


class StrikeForm(RequestForm):
    """Why somebody is taken off the list."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AddForm(RequestForm):
    """Somebody whom the program did not propose: what this benefit asks of her, and why."""

    child_name = PersonNameField(label=gettext_lazy("Name of the child"))
    child_birth_date = ThaiDateField(label=gettext_lazy("Birth date of the child"))
    grade = forms.ChoiceField(label=gettext_lazy("Damage"), widget=forms.RadioSelect)
    loss_amount = BahtFormField(label=gettext_lazy("Loss in baht"))
    proposed_amount = BahtFormField(label=gettext_lazy("Sum asked for, in baht"))
    units = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=999, initial=1)
    reason = forms.CharField(
        label=gettext_lazy("Why does she belong on the list?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, member: Member, benefit: BenefitTerms, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)
        pays, language = benefit.pays, active_language()
        asked = {
            "child_name": about_children(benefit),
            "child_birth_date": about_children(benefit),
            "grade": bool(pays.by_grade),
            "loss_amount": pays.percent_of_loss is not None,
            "proposed_amount": pays.up_to is not None,
            "units": benefit.unit in ("child", "item", "person"),
        }
        known = children_of(member).order_by("birth_date", "id")[:2] if asked["child_name"] else []
        if len(known) == 1:
            self.initial |= {"child_name": known[0].name, "child_birth_date": known[0].birth_date}
        self.fields["grade"].choices = grade_choices(benefit, language)
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]


class SendForm(RequestForm):
    """Sending a list in; a reason where communities have not confirmed."""

    reason = forms.CharField(
        label=gettext_lazy("Why it goes in though communities have not confirmed"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CancelForm(RequestForm):
    """Ending a list that is still with the communities."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class DecideListForm(RequestForm):
    """One resolution for the whole list; single people may be refused with a reason."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=gettext_lazy("Meeting"), empty_label=None)
    reason = forms.CharField(
        label=gettext_lazy("Reason, where the regulation leaves it to the committee"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, meetings: Any, lines: Iterable[ListLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        self.fields["meeting"].label_from_instance = _meeting_name
        self._lines: dict[int, list[ListLine]] = {}
        for line in lines:
            self._lines.setdefault(line.member.number, []).append(line)
        for place in range(1, REJECTIONS + 1):
            self.fields[f"number_{place}"] = forms.IntegerField(
                label=_("Member no. (%(place)d)") % {"place": place}, required=False, min_value=1
            )
            self.fields[f"why_{place}"] = forms.CharField(
                label=_("Why not (%(place)d)") % {"place": place}, required=False, max_length=300
            )

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        rejected: dict[int, str] = {}
        for place in range(1, REJECTIONS + 1):
            number, why = asked.get(f"number_{place}"), asked.get(f"why_{place}", "")
            if number is None:
                continue
            lines = self._lines.get(number, [])
            if not lines:
                self.add_error(f"number_{place}", _("No member of this number waits on this list."))
            if not why:
                self.add_error(f"why_{place}", _("Say why; the member is told."))
            rejected |= {line.pk: why for line in lines}
        asked["rejected"] = rejected
        return asked

    @property
    def refused_places(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of member number and reason."""
        return [(self[f"number_{place}"], self[f"why_{place}"]) for place in range(1, REJECTIONS + 1)]


def _meeting_name(meeting: Meeting) -> str:
    return f"{meeting.get_kind_display()} {meeting.label}"

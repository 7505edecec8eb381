"""The forms of care: a person on the list, a visit, its follow-up, a referral and its answer."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import PersonNameField, PhoneField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from members.forms.register import CommunityChoice
from members.models import Community
from office.models import User
from welfare.care import PersonFacts, VisitFacts
from welfare.models import CarePerson, Referral

RHYTHM = {"min_value": 1, "max_value": 365, "required": False}
TWO_ROWS = forms.Textarea(attrs={"rows": 2})


class UserChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.display_name


class DatedForm(RequestForm):
    """A form of days: none of them after `today` but those that allow it."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)


class RhythmForm(RequestForm):
    """Why somebody is visited, and how often."""

    reason = forms.ChoiceField(label=_("Why she is visited"), choices=CarePerson.Reason.choices)
    visit_every_days = forms.IntegerField(
        label=_("Visit every … days"), help_text=_("Empty: only when a visit is planned."), **RHYTHM
    )


class StrangerForm(RhythmForm):
    """The same of who is no member: her name, and where she is found."""

    name = PersonNameField(label=_("Name"))
    address = forms.CharField(label=_("Address, or how to find her"), required=False, max_length=250)
    phone = PhoneField(label=_("Phone"), required=False)

    field_order = ("request_id", "name", "address", "phone", "reason", "visit_every_days")


class NewPersonForm(StrangerForm):
    """A member by her number, or somebody of a community by name."""

    member_number = forms.IntegerField(label=_("Member no."), required=False, min_value=1, max_value=999_999_999)
    community = CommunityChoice(Community.objects.none(), label=_("Community"), required=False)
    since = ThaiDateField(label=_("Since"))

    field_order = (
        *("request_id", "member_number", "name", "community", "address", "phone", "reason", "visit_every_days"),
        "since",
    )

    def __init__(self, *args: Any, communities: QuerySet[Community], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)
        self.fields["community"].queryset = communities
        self.fields["name"].required = False
        self.fields["member_number"].help_text = _("Of a member. Leave it empty for who is none.")
        self.fields["name"].help_text = _("Only of who is no member.")


def person_facts(data: dict[str, Any]) -> PersonFacts:
    names = ("reason", "visit_every_days", "name", "address", "phone")
    return PersonFacts(**{name: data[name] for name in names if name in data})


class VisitForm(DatedForm):
    """A visit, written down in under a minute: a few words are enough."""

    visited_on = ThaiDateField(label=_("Visited on"))
    note = forms.CharField(
        label=_("How she is"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. No diagnosis: what a doctor said stays with her."),
    )
    needs = forms.CharField(label=_("What she needs"), required=False, max_length=500, widget=TWO_ROWS)
    follow_up_by = UserChoice(
        User.objects.none(), label=_("Who follows it up"), required=False, empty_label=_("Nobody yet")
    )
    follow_up_until = ThaiDateField(label=_("Until when"), required=False, future_allowed=True)

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up_by"].queryset = users

    def facts(self) -> VisitFacts:
        names = ("visited_on", "note", "needs", "follow_up_by", "follow_up_until")
        return VisitFacts(**{name: self.cleaned_data[name] for name in names})


class AssignForm(DatedForm):
    """Who follows up what a visit found."""

    follow_up_by = UserChoice(User.objects.none(), label=_("Who follows it up"), empty_label=None)
    follow_up_until = ThaiDateField(label=_("Until when"), required=False, future_allowed=True)

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up_by"].queryset = users


class PlanForm(DatedForm):
    planned_on = ThaiDateField(label=_("Planned for"), future_allowed=True)
    visitor = UserChoice(User.objects.none(), label=_("Who goes there"), empty_label=None)

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visitor"].queryset = users


class EndForm(DatedForm):
    until = ThaiDateField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=TWO_ROWS)


class FollowUpForm(DatedForm):
    done_on = ThaiDateField(label=_("Done on"))
    outcome = forms.CharField(label=_("What came of it"), max_length=500, widget=TWO_ROWS)


class ReferralForm(DatedForm):
    to = forms.ChoiceField(label=_("Referred to"), choices=Referral.To.choices)
    to_name = forms.CharField(label=_("Whom there (name, office)"), required=False, max_length=150)
    asked = forms.CharField(label=_("What they were asked for"), max_length=500, widget=TWO_ROWS)
    referred_on = ThaiDateField(label=_("Date"))


class AnswerForm(DatedForm):
    answered_on = ThaiDateField(label=_("Answered on"))
    answer = forms.CharField(label=_("Their answer"), max_length=500, widget=TWO_ROWS)
    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=[("", _("Not ended yet")), *Referral.Outcome.choices], required=False
    )


class ProposalsForm(RequestForm):
    """The members of the register who were ticked, by number; one that is not proposed is refused."""

    visit_every_days = forms.IntegerField(label=_("Visit every … days"), **RHYTHM)
    chosen = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, error_messages={"required": _("Choose at least one member.")}
    )

    def __init__(self, *args: Any, numbers: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(number), str(number)) for number in numbers]


class PlaceForm(forms.Form):
    """A list narrowed to one community."""

    community = CommunityChoice(Community.objects.none(), label=_("Community"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities

    def chosen(self) -> Community | None:
        return self.cleaned_data.get("community") if self.is_valid() else None

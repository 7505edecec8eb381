"""Houses: searching them, choosing a head, putting an address right, moving a member."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.thai_text import normalise
from members.forms.people import HouseNumberField, MooField
from members.forms.register import CommunityChoice
from members.life import House
from members.models import Community, Household, Member


class HouseFilterForm(forms.Form):
    q = forms.CharField(label=_("House no."), required=False, max_length=30)
    community = CommunityChoice(Community.objects.none(), label=_("Community"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities


class PersonChoice(forms.ModelChoiceField):
    """People by name and number."""

    def label_from_instance(self, member: Member) -> str:
        return f"{member.full_name} ({member.number})"


class HeadForm(RequestForm):
    """Who is the head of a house; nobody, with a reason."""

    head = PersonChoice(
        Member.objects.none(), label=_("Head of the household"), required=False, empty_label=_("Nobody for now")
    )
    reason = forms.CharField(label=_("Why there is no head"), required=False, max_length=200)

    def __init__(self, *args: Any, people: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["head"].queryset = people


class HouseForm(RequestForm):
    """A house by its registration."""

    house_number = HouseNumberField(required=True)
    moo = MooField()
    lane = forms.CharField(label=_("Lane (Soi)"), required=False, max_length=60)
    road = forms.CharField(label=_("Road"), required=False, max_length=60)

    def house(self) -> House:
        asked = self.cleaned_data
        return House(asked["house_number"], asked["moo"], normalise(asked["lane"]), normalise(asked["road"]))


def facts_of(household: Household | None) -> dict[str, str]:
    """What a form over this house begins with."""
    if household is None:
        return {}
    return {name: getattr(household, name) for name in ("house_number", "moo", "lane", "road")}

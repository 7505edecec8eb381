"""The register narrowed: by text, community, standing, type, age and sex, alike on screen, on paper and in a file."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.national_id import LENGTH, format_masked
from bansong_fund.lib.thai_text import arabic_digits, normalise
from bansong_fund.lib.widgets import LongSelect
from members.lists import (
    DUE_TO_LAPSE,
    ENDED_BECAUSE,
    EVERYBODY,
    TYPE_NAMES,
    Found,
    count_current,
    count_found,
    with_standing,
)
from members.models import Fund, Member, Sex
from members.queries import search_members, visible_communities, visible_members
from members.regulations import NoRuleInForce, standing_rules
from members.standing import STANDING_NAMES, Standing, StandingRules
from members.types import member_type_on, years_before
from office.models import User

RULES_BEFORE_A_REGULATION = StandingRules(suspend_after_days=90, lapse_after_days=365)
OLDEST = 130
EMPTY = gettext_lazy("All")

BOTH = gettext_lazy("Current and former members")
CURRENT_ONLY = ("current", gettext_lazy("Current members"))

STANDINGS = [
    (Standing.GOOD.value, STANDING_NAMES[Standing.GOOD]),
    (Standing.ARREARS.value, STANDING_NAMES[Standing.ARREARS]),
    (Standing.SUSPENDED.value, STANDING_NAMES[Standing.SUSPENDED]),
    (DUE_TO_LAPSE, gettext_lazy("Due to lapse")),
    (Standing.ENDED.value, STANDING_NAMES[Standing.ENDED]),
    *((code, reason.label) for code, reason in ENDED_BECAUSE.items()),
    (EVERYBODY, BOTH),
]


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


class _AgeFilter(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "3", "autocomplete": "off"})
        super().__init__(min_value=0, max_value=OLDEST, widget=widget, **kwargs)


class MemberFilter(django_filters.FilterSet):
    """Without a standing: the current members; with a text, the former ones too, since one looks for a person."""

    q = django_filters.CharFilter(
        method="by_text", label=gettext_lazy("Name, number, ID, phone or house"), max_length=100
    )
    community = django_filters.ChoiceFilter(
        field_name="community__number",
        label=gettext_lazy("Community"),
        empty_label=EMPTY,
        widget=LongSelect(attrs={"class": "form-select"}),
    )
    standing = django_filters.ChoiceFilter(
        method="by_standing",
        label=gettext_lazy("Standing"),
        choices=STANDINGS,
        widget=_select(),
        empty_label=gettext_lazy("Current members"),
    )
    type = django_filters.ChoiceFilter(
        method="by_type",
        label=gettext_lazy("Type"),
        choices=list(TYPE_NAMES.items()),
        empty_label=EMPTY,
        widget=_select(),
    )
    sex = django_filters.ChoiceFilter(
        label=gettext_lazy("Sex"), choices=Sex.choices, empty_label=EMPTY, widget=_select()
    )
    age_from = _AgeFilter(method="from_age", label=gettext_lazy("Age from"))
    age_to = _AgeFilter(method="to_age", label=gettext_lazy("Age to"))

    class Meta:
        model = Member
        fields: list[str] = []

    def __init__(self, data: Any = None, *, user: User, today: date, fund: Fund | None) -> None:
        super().__init__(_standing_said(data or {}), queryset=visible_members(user).order_by("sort_key", "id"))
        self.user, self.today = user, today
        self.fund = fund or Fund()
        self.rules = _rules(today)
        self.communities = list(visible_communities(user))
        choices = [(str(one.number), local_name(one)) for one in self.communities]
        self.filters["community"].extra["choices"] = choices
        if self.data.get("q", "").strip():
            self.filters["standing"].extra |= {"empty_label": BOTH, "choices": [CURRENT_ONLY, *STANDINGS[:-1]]}

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by field; a field with an error asks for nothing."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    def filter_queryset(self, members: QuerySet[Member]) -> QuerySet[Member]:
        members = super().filter_queryset(members)
        return members if {"q", "standing"} & self.asked.keys() else self.by_standing(members, "", "")

    def by_text(self, members: QuerySet[Member], _name: str, text: str) -> QuerySet[Member]:
        return search_members(members, text)

    def by_standing(self, members: QuerySet[Member], _name: str, standing: str) -> QuerySet[Member]:
        return with_standing(members, standing, self.today, self.rules)

    def by_type(self, members: QuerySet[Member], _name: str, kind: str) -> QuerySet[Member]:
        return members.alias(type_today=member_type_on(self.today, self.fund)).filter(type_today=kind)

    def from_age(self, members: QuerySet[Member], _name: str, age: int) -> QuerySet[Member]:
        return members.filter(birth_date__lte=years_before(self.today, age))

    def to_age(self, members: QuerySet[Member], _name: str, age: int) -> QuerySet[Member]:
        return members.filter(birth_date__gt=years_before(self.today, age + 1))

    def count(self) -> Found:
        """How many members the list has: of whole communities from the kept counts."""
        if self.asked.keys() <= {"community"}:
            community = self.asked.get("community")
            return count_current(self.user, int(community) if community else None)
        return count_found(self.qs)

    def in_words(self) -> str:
        """What the list was narrowed to, for its head and for the log; a whole ID stays masked."""
        said = []
        for name, value in self.asked.items():
            choices = dict(getattr(self.form.fields[name], "choices", []))
            words = _without_ids(value) if name == "q" else choices.get(value, value)
            said.append(_("%(what)s: %(value)s") % {"what": self.form.fields[name].label, "value": words})
        return " · ".join(said) or _("Current members")


def _standing_said(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with the standing that needs no words left out: everybody beside a text, the current members without."""
    data = {name: data.get(name) for name in data}
    if data.get("standing") == (EVERYBODY if data.get("q", "").strip() else CURRENT_ONLY[0]):
        data["standing"] = ""
    return data


def _without_ids(text: str) -> str:
    digits = re.sub("[^0-9]", "", arabic_digits(text))
    return format_masked(digits) if len(digits) >= LENGTH else normalise(text)


def _rules(today: date) -> StandingRules:
    try:
        return standing_rules(today)
    except NoRuleInForce:
        return RULES_BEFORE_A_REGULATION

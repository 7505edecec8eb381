"""The list of claims, narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.thai_text import arabic_digits, normalise
from bansong_fund.lib.widgets import LongSelect
from members.models import Community
from members.queries import search_members, visible_communities, visible_members
from office.models import User
from welfare.models import Category, Claim, ClaimState


class ClaimFilter(django_filters.FilterSet):
    """By state, kind, community, year of the claim number and text (claim number, or the member)."""

    q = django_filters.CharFilter(method="by_text", label=gettext_lazy("Claim no., name or member no."))
    state = django_filters.ChoiceFilter(
        choices=ClaimState.choices, label=gettext_lazy("State"), empty_label=gettext_lazy("All")
    )
    category = django_filters.ChoiceFilter(
        choices=Category.choices, label=gettext_lazy("Kind"), empty_label=gettext_lazy("All")
    )
    community = django_filters.ChoiceFilter(
        field_name="community__number",
        label=gettext_lazy("Community"),
        empty_label=gettext_lazy("All"),
        widget=LongSelect,
    )
    year = django_filters.NumberFilter(field_name="year_be", label=gettext_lazy("Year (B.E.)"))

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        communities = visible_communities(user).only("number", "name_th", "name_en")
        self.filters["community"].extra["choices"] = [(str(one.number), _named(one)) for one in communities]

    def by_text(self, claims: QuerySet[Claim], _name: str, text: str) -> QuerySet[Claim]:
        """A claim's number ("2563/123"), else whatever the search of members understands."""
        year, slash, number = arabic_digits(normalise(text)).partition("/")
        if slash and year.isdecimal() and number.isdecimal():
            return claims.filter(year_be=int(year), number=int(number))
        found = search_members(visible_members(self.user), text).order_by()
        return claims.filter(Q(member__in=found.values("pk")))


def _named(community: Community) -> str:
    return _("%(number)d %(name)s") % {"number": community.number, "name": local_name(community)}

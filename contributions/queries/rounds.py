"""Reading matching rounds: who counts, who was matched how often; and contributors."""

from datetime import date
from typing import Any

from django.db.models import Aggregate, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from contributions.models import Contributor, MatchingRound, RoundMember
from members.models import (
    Member,
    Membership,
    OpeningFacts,
)


def matched_members(cutoff_on: date, most: int) -> QuerySet[Member]:
    """Who counts in a round: running members with a full year on the cut-off, fewer than `most` matches so far.

    The members matched least come first, then by number. CODI's form: "one full year as of 30 September", and
    a member "may be matched at most three times".
    """
    return with_matches(full_year_members(cutoff_on)).filter(matches__lt=most).order_by("matches", "number")


def full_year_members(cutoff_on: date) -> QuerySet[Member]:
    """The members whose membership runs on the cut-off and has lasted a full year by then, each once."""
    full_year = Q(joined_on__lte=_a_year_before(cutoff_on))
    running = Q(ended_on=None) | Q(ended_on__gte=cutoff_on)
    return Member.objects.filter(
        merged_into=None, pk__in=Membership.objects.filter(full_year, running).values("member")
    )


def with_matches(members: QuerySet[Member], *, by: date | None = None) -> QuerySet[Member]:
    """With `matches`: in how many rounds each person was matched: by her own row, her doubles, before this program.

    `by`: without the rounds whose money came after that day. A round whose receipt is void counts no more. For members
    that are not doubles themselves.
    """
    held = RoundMember.objects.filter(matching_round__number__isnull=False).order_by()
    if by is not None:
        held = held.exclude(matching_round__in=MatchingRound.objects.filter(grants__received_on__gt=by))
    before = OpeningFacts.objects.order_by()
    parts = (
        _per_person(held.filter(member=OuterRef("pk")), "member", Count("pk")),
        _per_person(held.filter(member__merged_into=OuterRef("pk")), "member__merged_into", Count("pk")),
        _per_person(before.filter(member=OuterRef("pk")), "member", Sum("rounds_matched")),
        _per_person(before.filter(member__merged_into=OuterRef("pk")), "member__merged_into", Sum("rounds_matched")),
    )
    return members.annotate(matches=sum(parts, Value(0)))


def _per_person(rows: QuerySet[Any], person: str, what: Aggregate) -> Coalesce:
    return Coalesce(Subquery(rows.values(person).annotate(n=what).values("n")), 0, output_field=IntegerField())


def _a_year_before(day: date) -> date:
    """Who joined on 29 February completes the year on 1 March, so on that day's eve nobody newer counts."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def last_cutoff(today: date) -> date:
    """The last 30 September, the day on which CODI counts."""
    cutoff = date(today.year, 9, 30)
    return cutoff if cutoff <= today else date(today.year - 1, 9, 30)


def contributors() -> QuerySet[Contributor]:
    return Contributor.objects.order_by("name", "number")

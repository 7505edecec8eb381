"""Reading matching rounds: who counts, who was matched how often, who is in a round; and contributors."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Aggregate, Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from contributions.models import Contributor, MatchingRound, RoundMember
from members.models import (
    Community,
    Member,
    Membership,
    OpeningFacts,
)

MOST_MATCHES = 3  # CODI's form: "may be matched at most three times"
ROUND_TH = "เงินสมทบจากรัฐผ่าน พอช. รอบที่"  # with what the line of a round's receipt begins, before its number


# How often each person was matched, in one pass over each table, where `with_matches` asks four times for each member.
MATCHES = """
        SELECT coalesce(m.merged_into_id, m.id) AS person, sum(found.times) AS times
          FROM (SELECT held.member_id, count(*) AS times
                  FROM contributions_roundmember held
                  JOIN contributions_matchinground one ON one.id = held.matching_round_id AND one.number IS NOT NULL
                 GROUP BY held.member_id
                 UNION ALL
                SELECT member_id, rounds_matched FROM members_openingfacts) found
          JOIN members_member m ON m.id = found.member_id
         GROUP BY 1
"""


def matched_members(cutoff_on: date, most: int) -> QuerySet[Member]:
    """Who counts in a round: running members with a full year on the cut-off, fewer than `most` matches so far.

    The members matched least come first, then by number. CODI's form: "one full year as of 30 September", and
    a member "may be matched at most three times".
    """
    often = RawSQL(f"SELECT person FROM ({MATCHES}) matches WHERE times >= %s", [most])  # noqa: S608, S611 - our words
    return with_matches(full_year_members(cutoff_on).exclude(pk__in=often)).order_by("matches", "number")


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


WOULD_BE_IN = f"""
    WITH matches AS MATERIALIZED ({MATCHES})
    SELECT m.community_id, coalesce(matches.times, 0)::int, count(*)
      FROM members_member m LEFT JOIN matches ON matches.person = m.id
     WHERE m.merged_into_id IS NULL AND coalesce(matches.times, 0) < %(most)s
       AND m.id IN (SELECT member_id FROM members_membership
                     WHERE joined_on <= %(joined_by)s AND (ended_on IS NULL OR ended_on >= %(cutoff_on)s))
     GROUP BY 1, 2
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class WouldBeIn:
    """Who would be in a round with this cut-off: how many from each community, and how often matched before."""

    cutoff_on: date
    communities: tuple[tuple[Community, int], ...]
    matches: tuple[int, ...]  # members never matched, once, twice

    @property
    def members(self) -> int:
        return sum(self.matches)


def would_be_in(cutoff_on: date) -> WouldBeIn:
    """The preview of a round, counted in two queries: the same members as `matched_members`, at any size."""
    places: Counter[int] = Counter()
    times: Counter[int] = Counter()
    with connection.cursor() as cursor:
        days = {"joined_by": _a_year_before(cutoff_on), "cutoff_on": cutoff_on, "most": MOST_MATCHES}
        cursor.execute(WOULD_BE_IN, days)
        for community, matches, members in cursor.fetchall():
            places[community] += members
            times[matches] += members
    found = Community.objects.filter(pk__in=places).order_by("number")
    return WouldBeIn(
        cutoff_on,
        tuple((community, places[community.pk]) for community in found),
        tuple(times[matches] for matches in range(MOST_MATCHES)),
    )


def rounds() -> QuerySet[MatchingRound]:
    """Every round, the newest first, with `amount`; one whose receipt is void has no number."""
    amount = RoundMember.objects.filter(matching_round=OuterRef("pk")).order_by().values("matching_round")
    return MatchingRound.objects.annotate(
        amount=Subquery(amount.annotate(sum=Sum("amount")).values("sum")),
    ).order_by("-cutoff_on", "-pk")


def round_communities(one: MatchingRound) -> list[tuple[Community, int, Any]]:
    """Members and baht of a round by the community where each is now, in two queries."""
    rows = one.members.order_by().values_list("member__community")
    sums = {key: (members, baht) for key, members, baht in rows.annotate(n=Count("pk"), baht=Sum("amount"))}
    return [(place, *sums[place.pk]) for place in Community.objects.filter(pk__in=sums).order_by("number")]


def round_rows(one: MatchingRound) -> QuerySet[RoundMember]:
    """Who is in a round and with how many baht, by community and number, with `joined_on`."""
    rows = one.members.select_related("member", "member__community")
    joined = _last_joined("member", one.cutoff_on)
    return rows.annotate(joined_on=joined).order_by("member__community__number", "member__number")


def with_joining(members: QuerySet[Member], cutoff_on: date) -> QuerySet[Member]:
    """With `joined_on`: the day on which the membership of the cut-off began."""
    return members.select_related("community").annotate(joined_on=_last_joined("pk", cutoff_on))


def _last_joined(person: str, cutoff_on: date) -> Subquery:
    hers = Membership.objects.filter(member=OuterRef(person), joined_on__lte=cutoff_on)
    return Subquery(hers.order_by("-joined_on").values("joined_on")[:1])


def with_round_numbers(members: QuerySet[Member]) -> QuerySet[Member]:
    """With `round_numbers`: the rounds that each person was matched in, by her own row or a double's; void ones not."""
    held = RoundMember.objects.filter(matching_round__number__isnull=False).order_by("matching_round__number")
    own = held.filter(member=OuterRef("pk"))
    doubles = held.filter(member__merged_into=OuterRef("pk"))
    both = [ArraySubquery(rows.values(n=F("matching_round__number"))) for rows in (own, doubles)]
    return members.annotate(round_numbers=Func(*both, function="array_cat"))


def last_cutoff(today: date) -> date:
    """The last 30 September, the day on which CODI counts."""
    cutoff = date(today.year, 9, 30)
    return cutoff if cutoff <= today else date(today.year - 1, 9, 30)


def contributors() -> QuerySet[Contributor]:
    return Contributor.objects.order_by("name", "number")


def round_told(words: str) -> int | None:
    """The number of the round of which a receipt's Thai line is; None where the line is of no round."""
    found = re.match(rf"{re.escape(ROUND_TH)} (\d+) ", words)
    return int(found[1]) if found else None

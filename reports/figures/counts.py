"""Members as CODI counts them, on any day: founding, cumulative and current, and who can be matched.

Everybody is fetched once, grouped by all that the tables ask for; each table is a sum over the same groups, so the
tables cannot disagree. A double is nobody of her own.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from contributions.queries import full_year_members, with_matches
from members.models import Community, Fund, Member, Membership, Sex
from members.types import member_type_on, years_before
from reports.figures.flow import founding_year_ends
from reports.figures.people import community_on, running_on

YEARS_IN_A_BAND = 5
OLDEST_BAND = 17  # 85 and more
BANDS = range(OLDEST_BAND + 1)
UNKNOWN_BIRTH = -1
MOST_MATCHES = 3


class Group(NamedTuple):
    """Who is counted together: so many members alike in everything that a table asks."""

    community: int
    kind: str
    sex: str
    band: int
    is_current: bool
    is_founding: bool
    members: int


@dataclass(frozen=True, slots=True)
class MatchCount:
    """Members by how often they were matched: 0, 1, 2, and 3 for three times or more."""

    current: dict[int, int]
    full_year: dict[int, int]

    @property
    def all_current(self) -> int:
        return sum(self.current.values())

    @property
    def all_full_year(self) -> int:
        return sum(self.full_year.values())

    @property
    def matchable(self) -> int:
        """With a full year on the cut-off and fewer than three matches: who counts in the next round."""
        return sum(members for times, members in self.full_year.items() if times < MOST_MATCHES)


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """All counts of a day; `cutoff_on` is the 30 September for which full years are counted."""

    day: date
    cutoff_on: date
    groups: tuple[Group, ...]
    communities: tuple[Community, ...]
    matches: MatchCount

    @property
    def founding(self) -> int:
        return sum(group.members for group in self.groups if group.is_founding)

    @property
    def cumulative(self) -> int:
        return sum(group.members for group in self.groups)

    @property
    def current(self) -> int:
        return sum(group.members for group in self.groups if group.is_current)

    def by(self, key: Callable[[Group], object], *, current_only: bool = True) -> Counter:
        """Members by what `key` makes of their group: `counts.by(lambda group: (group.band, group.sex))`."""
        found: Counter = Counter()
        for group in self.groups:
            if group.is_current or not current_only:
                found[key(group)] += group.members
        return found

    @property
    def sexes(self) -> list[str]:
        """Female and male; and "" where of somebody it is not written down."""
        return [*Sex.values, *({group.sex for group in self.groups} - set(Sex.values))]


def member_counts(day: date, cutoff_on: date, fund: Fund) -> MemberCounts:
    """The counts of `day`, in three queries whatever the size of the fund."""
    return MemberCounts(
        day=day,
        cutoff_on=cutoff_on,
        groups=tuple(_groups(day, fund)),
        communities=tuple(Community.objects.all()),
        matches=_matches(day, cutoff_on),
    )


def _groups(day: date, fund: Fund) -> Iterable[Group]:
    running = Membership.objects.filter(running_on(day)).values("member")
    founders = Membership.objects.filter(joined_on__lte=min(founding_year_ends(fund), day)).values("member")
    rows = (
        joined_by(day)
        .annotate(
            in_community=community_on(day),
            kind=member_type_on(day, fund),
            band=_band_on(day),
            is_current=_whether(Q(pk__in=running)),
            is_founding=_whether(Q(pk__in=founders)),
        )
        .values_list("in_community", "kind", "sex", "band", "is_current", "is_founding")
    )
    return (Group(*row) for row in rows.annotate(members=Count("pk")).order_by())


def ages_on(day: date) -> Counter:
    """Current members of a day by (five-year band, sex), in one query; see `BANDS`."""
    running = Membership.objects.filter(running_on(day)).values("member")
    rows = Member.objects.filter(merged_into=None, pk__in=running).annotate(band=_band_on(day))
    counted = rows.values_list("band", "sex").annotate(members=Count("pk")).order_by()
    return Counter({(band, sex): members for band, sex, members in counted})


def joined_by(day: date) -> QuerySet[Member]:
    """Everybody who had ever joined by the day, each person once."""
    return Member.objects.filter(
        merged_into=None, pk__in=Membership.objects.filter(joined_on__lte=day).values("member")
    )


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _band_on(day: date) -> Case:
    """The five-year age group on the day: 0 for 0–4 … 17 for 85 and more; `UNKNOWN_BIRTH` without a date of birth."""
    oldest_first = [
        When(birth_date__lte=years_before(day, band * YEARS_IN_A_BAND), then=Value(band)) for band in reversed(BANDS)
    ]
    return Case(
        When(birth_date=None, then=Value(UNKNOWN_BIRTH)),
        *oldest_first,
        default=Value(0),
        output_field=IntegerField(),
    )


def _matches(day: date, cutoff_on: date) -> MatchCount:
    full_year = full_year_members(cutoff_on).values("pk")
    running = Membership.objects.filter(running_on(day)).values("member")
    persons = Member.objects.filter(Q(pk__in=running) | Q(pk__in=full_year), merged_into=None)
    rows = (
        with_matches(persons, by=day)
        .annotate(is_current=_whether(Q(pk__in=running)), is_full_year=_whether(Q(pk__in=full_year)))
        .values_list("matches", "is_current", "is_full_year")
        .annotate(members=Count("pk"))
        .order_by()
    )
    current, whole = dict.fromkeys(range(MOST_MATCHES + 1), 0), dict.fromkeys(range(MOST_MATCHES + 1), 0)
    for times, is_current, is_full_year, members in rows:
        place = min(times, MOST_MATCHES)
        current[place] += members * is_current
        whole[place] += members * is_full_year
    return MatchCount(current, whole)


def matchable_members(day: date, cutoff_on: date, fund: Fund) -> QuerySet[Member]:
    """Full-year members of the cut-off matched fewer than three times: `matches`, `kind` on `day`, `joined_on`."""
    joined = Membership.objects.filter(member=OuterRef("pk"), joined_on__lte=cutoff_on).order_by("-joined_on")
    members = with_matches(full_year_members(cutoff_on), by=day).filter(matches__lt=MOST_MATCHES)
    return members.annotate(
        kind=member_type_on(day, fund), joined_on=Subquery(joined.values("joined_on")[:1])
    ).select_related("community")

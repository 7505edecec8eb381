"""What hangs on the notice board: a month of the whole fund and of each community, in counts and sums and no names.

All communities are asked for at once: seventeen sheets take the queries of one. Welfare is counted as in the annual
report, members from their kept counts back; dues and the four legs are the kept sums, so every sheet ties to the books.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.models import AccountingMonth, AccountRole, CommunitySum, LedgerSum
from ledger.queries import MONEY_ROLES
from ledger.spans import Span, fund_year_of
from members.models import Community, CommunityStay, Fund, Meeting, MemberCount, Membership
from reports.figures.money import LEGS
from reports.figures.people import community_on, running_on
from reports.figures.welfare import Kind, Paid, WelfareFigures, welfare_over


@dataclass(frozen=True, slots=True)
class People:
    """Members at a month's start and end; `moved` is who moved in from other communities, less who moved out."""

    at_start: int
    joined: int
    left: int
    current: int

    @property
    def moved(self) -> int:
        return self.current - self.at_start - self.joined + self.left


@dataclass(frozen=True, slots=True)
class KindPaid:
    """A kind of welfare: what was paid in the month and in the fund year so far."""

    code: str
    name: Words
    month: Paid
    year: Paid


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month on one sheet: of a community, or of the whole fund (`community` None). Amounts: (month, year so far)."""

    community: Community | None
    people: People
    dues: tuple[Decimal, Decimal]
    kinds: tuple[KindPaid, ...]

    @property
    def paid(self) -> KindPaid:
        """All kinds together; persons are not added up, for one may have received several kinds."""
        return KindPaid("", Words(""), _together(k.month for k in self.kinds), _together(k.year for k in self.kinds))

    @property
    def shown_kinds(self) -> list[KindPaid]:
        """The kinds that paid something this year."""
        return [kind for kind in self.kinds if kind.month != Paid() or kind.year != Paid()]


def _together(rows: Iterable[Paid]) -> Paid:
    found = list(rows)
    return Paid(0, sum(row.times for row in found), sum((row.baht for row in found), ZERO))


@dataclass(frozen=True, slots=True)
class Board:
    """A month of all sheets. `legs` by number: (month, year so far); `money` is what the fund has at the month's end.

    `since` is the first day of the fund year, of which the sheets tell what there was so far. Provisional until the
    month is over and closed.
    """

    month: Span
    since: date
    is_provisional: bool
    fund: Sheet
    communities: tuple[Sheet, ...]
    legs: dict[int, tuple[Decimal, Decimal]]
    money: Decimal
    next_meeting: Meeting | None

    @property
    def all_legs(self) -> tuple[Decimal, Decimal]:
        month, year = zip(*self.legs.values(), strict=True)
        return sum(month, ZERO), sum(year, ZERO)

    def sheet_of(self, number: int) -> Sheet | None:
        """The sheet of a community by its number; 0 is the whole fund."""
        if number == 0:
            return self.fund
        return next((sheet for sheet in self.communities if sheet.community.number == number), None)


def board_of(month: Span, fund: Fund, *, today: date) -> Board:
    """A month's figures of the fund and each community, in about a dozen queries whatever their number."""
    year = fund_year_of(month.first, fund, today=today)
    places: list[Community | None] = [None, *Community.objects.all()]
    people, (dues, legs) = people_between(month.first, month.last), _paid_in(month, year)
    in_month, in_year = welfare_over([(month.first, month.last), (year.first, month.last)])
    sheets = [
        Sheet(place, people_of(people, key), dues[key], _kinds(in_month, in_year, place))
        for place in places
        for key in [place.pk if place else None]
    ]
    return Board(
        month=month,
        since=year.first,
        is_provisional=not is_closed(month),
        fund=sheets[0],
        communities=tuple(sheets[1:]),
        legs=legs,
        money=_money_at(month.last),
        next_meeting=Meeting.objects.filter(held_on__gt=month.reaches, held_on__gte=today).order_by("held_on").first(),
    )


def is_closed(month: Span) -> bool:
    """Whether the books of a month are closed, by itself or with its year."""
    closed = Q(closed_at__isnull=False) | Q(fiscal_year__closed_at__isnull=False)
    return AccountingMonth.objects.filter(closed, first_day=month.first).exists()


# --- members ----------------------------------------------------------------------------------------------


def people_between(first: date, last: date) -> list[dict[int, int]]:
    """Members at the start, who joined, who left, members at the end: each by the community's key.

    Who joined or left counts where she was on the last day.
    """
    memberships, days = Membership.objects.filter(member__merged_into=None), (first, last)
    came, went = Q(joined_on__range=days), Q(ended_on__range=days)
    changes = _placed(memberships.filter(came | went), last)
    rows = list(changes.annotate(came=Count("pk", filter=came), went=Count("pk", filter=went)).order_by())
    kept = dict(MemberCount.objects.values_list("community", "current"))
    return [
        _members_on(first - timedelta(days=1), kept),
        defaultdict(int, {key: joined for key, joined, _left in rows}),
        defaultdict(int, {key: left for key, _joined, left in rows}),
        _members_on(last, kept),
    ]


def _members_on(day: date, kept: dict[int, int]) -> dict[int, int]:
    """The members when `day` is over, by community: the kept counts of now, less what changed since.

    Only those are looked at who joined, left or moved after the day, so that a month in a large fund takes no longer
    than what happened since.
    """
    moved = CommunityStay.objects.filter(since__gt=day).values("member")
    changed = Membership.objects.filter(Q(joined_on__gt=day) | Q(ended_on__gt=day)).values("member")
    hers = Membership.objects.filter(member__merged_into=None, member__in=changed.union(moved))
    now, then = Count("pk", filter=Q(ended_on=None)), Count("pk", filter=running_on(day))
    found = defaultdict(int, kept)
    for place_then, place_now, members_now, members_then in (
        _placed(hers, day, "member__community").annotate(now=now, then=then).order_by()
    ):
        found[place_now] -= members_now
        found[place_then] += members_then
    return found


def people_of(found: list[dict[int, int]], key: int | None) -> People:
    """Of a community by its key, of the whole fund for None."""
    return People(*(sum(rows.values()) if key is None else rows[key] for rows in found))


def _placed(memberships: QuerySet[Membership], day: date, *fields: str) -> Any:
    """Grouped by the community in which each was on the day."""
    return memberships.annotate(place=community_on(day, person="member__")).values_list("place", *fields)


# --- money ------------------------------------------------------------------------------------------------


Pair = tuple[Decimal, Decimal]  # in the month, in the fund year up to its end


def _paid_in(month: Span, year: Span) -> tuple[dict[int | None, Pair], dict[int, Pair]]:
    """Members' contributions by community, None for the fund; and the four legs. Two queries over the kept sums."""
    days = {"month__range": (year.first.replace(day=1), month.last), "is_closing": False}
    baht = F("credit") - F("debit")
    sums = {"of_month": Coalesce(Sum(baht, filter=Q(month__gte=month.first)), ZERO), "of_year": Sum(baht)}
    here = CommunitySum.objects.filter(account__role=AccountRole.DUES, **days).values_list("community")
    whole = LedgerSum.objects.filter(account__leg__isnull=False, **days).values_list("account__role", "account__leg")
    dues: dict[int | None, Pair] = defaultdict(lambda: (ZERO, ZERO))
    legs: dict[int, Pair] = dict.fromkeys(LEGS, (ZERO, ZERO))
    for key, *pair in here.annotate(**sums).order_by():
        dues[key] = (pair[0], pair[1])
    for role, leg, of_month, of_year in whole.annotate(**sums).order_by():
        legs[leg] = (legs[leg][0] + of_month, legs[leg][1] + of_year)
        if role == AccountRole.DUES:
            dues[None] = (of_month, of_year)
    return dues, legs


def _money_at(last: date) -> Decimal:
    """Banks, cash box, cash and advances with leaders, at a month's end."""
    held = LedgerSum.objects.filter(account__role__in=MONEY_ROLES, month__lte=last)
    return held.aggregate(baht=Sum(F("debit") - F("credit")))["baht"] or ZERO


def _kinds(in_month: WelfareFigures, in_year: WelfareFigures, place: Community | None) -> tuple[KindPaid, ...]:
    return tuple(
        KindPaid(kind.code, kind.name, _paid(in_month, of_month, place), _paid(in_year, kind, place))
        for of_month, kind in zip(in_month.kinds, in_year.kinds, strict=True)
    )


def _paid(figures: WelfareFigures, kind: Kind, place: Community | None) -> Paid:
    if place is None:
        return Paid(kind.persons, kind.times, kind.baht)
    return figures.cells.get((place.pk, kind.code), Paid())

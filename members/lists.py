"""The register as a list: filtered, in Thai dictionary order, page by page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from members.models import Member
from members.queries import search_members, with_membership
from members.standing import STANDING_NAMES, Standing, StandingRules, standing_on

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MemberRow:
    member: Member
    standing: Standing
    paid_through: date | None

    @property
    def standing_name(self) -> object:
        return STANDING_NAMES[self.standing]


@dataclass(frozen=True, slots=True)
class MemberPage:
    rows: list[MemberRow]
    next_after: int | None  # member number behind which the next page starts


def with_standing(members: QuerySet[Member], standing: str, today: date, rules: StandingRules) -> QuerySet[Member]:
    """Members of a standing; none chosen means all whose membership runs."""
    if standing == Standing.ENDED:
        return members.exclude(memberships__ended_on=None)
    running = Q(memberships__ended_on=None)
    suspended_before = today - timedelta(days=rules.suspend_after_days)
    windows = {
        Standing.GOOD: Q(memberships__paid_through__gte=today),
        Standing.ARREARS: Q(memberships__paid_through__lt=today, memberships__paid_through__gte=suspended_before),
        Standing.SUSPENDED: Q(memberships__paid_through__lt=suspended_before),
    }
    # one filter() call: both conditions must hold for the same membership
    return members.filter(running & windows.get(standing, Q()))


def find_members(
    members: QuerySet[Member], *, text: str, community: object, standing: str, today: date, rules: StandingRules
) -> QuerySet[Member]:
    """The register narrowed by what was asked. A search without a standing finds former members too."""
    if community:
        members = members.filter(community=community)
    if standing or not text:
        members = with_standing(members, standing, today, rules)
    return search_members(members, text) if text else members.order_by("sort_key", "id")


def page_of(members: QuerySet[Member], *, after: Member | None, today: date, rules: StandingRules) -> MemberPage:
    """One page behind a member, in three queries whatever the size of the register."""
    if after is not None:
        behind = Q(sort_key__gt=after.sort_key) | Q(sort_key=after.sort_key, id__gt=after.id)
        members = members.filter(behind, sort_key__gte=after.sort_key)
    found = list(with_membership(members)[: PAGE_SIZE + 1])
    rows = [_row(member, today, rules) for member in found[:PAGE_SIZE]]
    return MemberPage(rows, rows[-1].member.number if len(found) > PAGE_SIZE else None)


def _row(member: Member, today: date, rules: StandingRules) -> MemberRow:
    latest = next(iter(member.latest_memberships), None)
    if latest is None:
        return MemberRow(member, Standing.NOT_A_MEMBER, None)
    if latest.ended_on is not None and latest.ended_on < today:
        return MemberRow(member, Standing.ENDED, latest.paid_through)
    return MemberRow(member, standing_on(latest.paid_through, today, rules), latest.paid_through)

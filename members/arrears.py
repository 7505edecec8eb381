"""Members behind with their dues: who is to be told, who was told, who will soon be due to lapse."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from members.models import ArrearsNotice, Community, Member, Membership
from members.standing import StandingRules

PAGE_SIZE = 50
SOON = timedelta(days=60)


class Stage(StrEnum):
    """How far behind a membership is, and whether its member knows."""

    TO_TELL = "to-tell"  # due to lapse, and nobody has told her of these arrears
    TOLD = "told"  # due to lapse, and she was told
    SOON = "soon"  # due to lapse within sixty days
    SUSPENDED = "suspended"  # rights suspended, not due to lapse


def notices_that_hold() -> QuerySet[ArrearsNotice]:
    """Of the outer membership, those given for the arrears that it has now: a payment ends a notice's force."""
    return ArrearsNotice.objects.filter(membership=OuterRef("pk"), paid_through=OuterRef("paid_through"))


def memberships_behind(
    members: QuerySet[Member], stage: Stage, *, today: date, rules: StandingRules
) -> QuerySet[Membership]:
    """The running memberships of these members that are at this stage on the day, by what was received so far."""
    due_before = today - timedelta(days=rules.lapse_after_days)
    suspended_before = today - timedelta(days=rules.suspend_after_days)
    running = Membership.objects.filter(ended_on=None, member__in=members)
    if stage == Stage.SOON:
        return running.filter(paid_through__gte=due_before, paid_through__lt=due_before + SOON)
    if stage == Stage.SUSPENDED:
        return running.filter(paid_through__gte=due_before, paid_through__lt=suspended_before)
    told = Exists(notices_that_hold())
    return running.filter(told if stage == Stage.TOLD else ~told, paid_through__lt=due_before)


def due_from(paid_through: date, rules: StandingRules) -> date:
    """The first day on which a membership paid through that day is due to lapse."""
    return paid_through + timedelta(days=rules.lapse_after_days + 1)


@dataclass(frozen=True, slots=True)
class ArrearsRow:
    """A membership behind with its dues. `notices`: those that hold, the first given first."""

    membership: Membership
    due_from: date
    notices: list[ArrearsNotice]

    @property
    def member(self) -> Member:
        return self.membership.member

    @property
    def last_notice(self) -> ArrearsNotice | None:
        return self.notices[-1] if self.notices else None

    def may_lapse_from(self, notice_days: int) -> date | None:
        """The first day on which a meeting may end the membership; None without a notice."""
        if not self.notices:
            return None
        return max(self.notices[0].given_on + timedelta(days=notice_days), self.due_from)


def with_people(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """With member, house, community and notices, community by community in the order of names; in two queries."""
    notices = Prefetch("notices", queryset=ArrearsNotice.objects.select_related("given_by"), to_attr="all_notices")
    related = ("member", "member__household", "member__community")
    ordered = memberships.order_by("member__community__number", "member__sort_key", "member_id")
    return ordered.select_related(*related).prefetch_related(notices)


def arrears_row(membership: Membership, rules: StandingRules) -> ArrearsRow:
    """The row of a membership that came `with_people`."""
    holding = [one for one in membership.all_notices if one.paid_through == membership.paid_through]
    return ArrearsRow(membership, due_from(membership.paid_through, rules), holding)


@dataclass(frozen=True, slots=True)
class ArrearsPage:
    rows: list[ArrearsRow]
    next_after: int | None  # member number behind which the next page starts


def arrears_page(
    memberships: QuerySet[Membership], *, community: Community | None, after: Member | None, rules: StandingRules
) -> ArrearsPage:
    """One page of memberships behind, those of one community where it is named, behind a member."""
    if community is not None:
        memberships = memberships.filter(member__community=community)
    if after is not None:
        memberships = memberships.filter(_behind(after))
    found = list(with_people(memberships)[: PAGE_SIZE + 1])
    rows = [arrears_row(one, rules) for one in found[:PAGE_SIZE]]
    return ArrearsPage(rows, rows[-1].member.number if len(found) > PAGE_SIZE else None)


def _behind(after: Member) -> Q:
    same_name = Q(member__sort_key=after.sort_key, member_id__gt=after.pk)
    same_community = Q(member__community=after.community_id) & (Q(member__sort_key__gt=after.sort_key) | same_name)
    return Q(member__community__number__gt=after.community.number) | same_community

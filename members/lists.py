"""The register as a list: narrowed, in Thai dictionary order, page by page; what a row says on screen and in a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bansong_fund.lib.thai_dates import age_on
from members.models import EndReason, Fund, Member, MemberCount, Membership
from members.queries import visible_communities, with_membership
from members.standing import STANDING_NAMES, Standing, StandingRules, is_due_to_lapse, standing_on
from members.types import member_type_on
from office.models import User

PAGE_SIZE = 50
COUNTED_UP_TO = 1000
CHUNK = 2000

DUE_TO_LAPSE = "due"
EVERYBODY = "all"
ENDED_BECAUSE = {f"ended-{reason}": reason for reason in EndReason}

# One member's type, as a list says it; the counts speak of many.
TYPE_NAMES: dict[str, Promise] = {
    "general": gettext_lazy("General"),
    "child": gettext_lazy("Child or youth"),
    "elderly": gettext_lazy("Elderly"),
    "disadvantaged": gettext_lazy("Disadvantaged"),
    "disabled": gettext_lazy("Person with disability"),
}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as she is on the list's day. Paid through and due to lapse say something of running memberships only."""

    member: Member
    standing: Standing
    day: date
    membership: Membership | None = None
    due_to_lapse: bool = False

    @property
    def standing_name(self) -> str:
        if self.standing == Standing.ENDED:
            return str(EndReason(self.membership.end_reason).label)
        name = str(STANDING_NAMES[self.standing])
        return _("%(standing)s, due to lapse") % {"standing": name} if self.due_to_lapse else name

    @property
    def joined_on(self) -> date | None:
        return self.membership.joined_on if self.membership else None

    @property
    def paid_through(self) -> date | None:
        return self.membership.paid_through if self.membership else None

    @property
    def type_name(self) -> str:
        return str(TYPE_NAMES[self.member.member_type])

    @property
    def house(self) -> str:
        """ "12/3 Moo 4"."""
        home = self.member.household
        if home is None or not home.moo:
            return home.house_number if home else ""
        return _("%(house)s Moo %(moo)s") % {"house": home.house_number, "moo": home.moo}

    @property
    def age(self) -> int | None:
        """Full years; None of the dead and of those whose birth is not known."""
        born = self.member.birth_date
        return age_on(born, self.day) if born and self.member.died_on is None else None


@dataclass(frozen=True, slots=True)
class MemberPage:
    rows: list[MemberRow]
    next_after: int | None  # member number behind which the next page starts
    is_first: bool

    @property
    def is_whole(self) -> bool:
        """Whether there is no other page: then nobody need count."""
        return self.is_first and self.next_after is None


def with_standing(members: QuerySet[Member], standing: str, today: date, rules: StandingRules) -> QuerySet[Member]:
    """Members of a standing, or whose last membership ended for a reason; "" means all whose membership runs."""
    if standing == EVERYBODY:
        return members
    if standing == Standing.ENDED:
        return members.exclude(memberships__ended_on=None)
    if standing in ENDED_BECAUSE:
        return _ended_because(members, ENDED_BECAUSE[standing])
    suspended_before = today - timedelta(days=rules.suspend_after_days)
    due_before = today - timedelta(days=rules.lapse_after_days)
    windows = {
        Standing.GOOD: Q(memberships__paid_through__gte=today),
        Standing.ARREARS: Q(memberships__paid_through__lt=today, memberships__paid_through__gte=suspended_before),
        Standing.SUSPENDED: Q(memberships__paid_through__lt=suspended_before),
        DUE_TO_LAPSE: Q(memberships__paid_through__lt=due_before),
    }
    # one filter() call: both conditions must hold for the same membership
    return members.filter(Q(memberships__ended_on=None) & windows.get(standing, Q()))


def _ended_because(members: QuerySet[Member], reason: EndReason) -> QuerySet[Member]:
    """The last membership decides: who resigned, came back and died is dead."""
    hers = Membership.objects.filter(member=OuterRef("pk"))
    last = Subquery(hers.order_by("-joined_on").values("end_reason")[:1])
    return members.filter(Exists(hers.filter(end_reason=reason))).alias(last_reason=last).filter(last_reason=reason)


def page_of(
    members: QuerySet[Member], *, after: Member | None, today: date, rules: StandingRules, fund: Fund
) -> MemberPage:
    """One page behind a member, in four queries whatever the size of the register."""
    if after is not None:
        behind = Q(sort_key__gt=after.sort_key) | Q(sort_key=after.sort_key, id__gt=after.id)
        members = members.filter(behind, sort_key__gte=after.sort_key)
        if "leads" in members.query.annotations:  # she stood at the head of the first page
            members = members.filter(leads=1)
    found = list(with_membership(members)[: PAGE_SIZE + 1])
    # by itself: within the list the server would look up the types of all its members
    types = member_type_on(today, fund, few=True)
    keys = [member.pk for member in found]
    type_of = dict(Member.objects.filter(pk__in=keys).annotate(type_today=types).values_list("pk", "type_today"))
    for member in found:
        member.member_type = type_of[member.pk]
    rows = [member_row(member, today, rules) for member in found[:PAGE_SIZE]]
    return MemberPage(rows, rows[-1].member.number if len(found) > PAGE_SIZE else None, is_first=after is None)


def rows_of(members: QuerySet[Member], *, today: date, rules: StandingRules, fund: Fund) -> Iterator[MemberRow]:
    """Every row of a list, in its order, from the database piece by piece: a file of 400,000 needs no such memory."""
    listed: Iterable[Member] = _as_listed(members, today, fund).iterator(chunk_size=CHUNK)
    return (member_row(member, today, rules) for member in listed)


def _as_listed(members: QuerySet[Member], today: date, fund: Fund) -> QuerySet[Member]:
    return with_membership(members).annotate(member_type=member_type_on(today, fund))


def member_row(member: Member, today: date, rules: StandingRules) -> MemberRow:
    """The row of a member who came with her last membership and her type."""
    last = next(iter(member.latest_memberships), None)
    if last is None:
        return MemberRow(member, Standing.NOT_A_MEMBER, today)
    if last.ended_on is not None:
        return MemberRow(member, Standing.ENDED, today, last)
    standing = standing_on(last.paid_through, today, rules)
    return MemberRow(member, standing, today, last, is_due_to_lapse(last.paid_through, today, rules))


@dataclass(frozen=True, slots=True)
class Found:
    """How many members a list has; past a thousand nobody waits for the exact number."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        told = {"count": f"{self.number:,}"}
        if self.is_more:
            return _("More than %(count)s members") % told
        return ngettext("%(count)s member", "%(count)s members", self.number) % told


def count_found(members: QuerySet[Member]) -> Found:
    """Exact up to a thousand."""
    number = members.order_by()[: COUNTED_UP_TO + 1].count()
    return Found(COUNTED_UP_TO, is_more=True) if number > COUNTED_UP_TO else Found(number)


def count_current(user: User, community: int | None = None) -> Found:
    """The current members whom a user may see, of one community (by its number) or all, from the kept counts."""
    counts = MemberCount.objects.filter(community__in=visible_communities(user))
    if community is not None:
        counts = counts.filter(community__number=community)
    return Found(counts.aggregate(sum=Sum("current"))["sum"] or 0)

"""One community in a span of days, for its leader: members, standing, dues, sheets, claims, what waits.

Standing, claims under way and what waits are as of today; members, dues and what was paid are of the span.
"""

import functools
import operator
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Min, Q, Sum

from bansong_fund.lib.money import ZERO
from contributions.models import CollectionLine, CollectionSheet, DuesPayment, EntryFee
from ledger.models import AccountRole, EntryKind, Line
from ledger.spans import Span, year_earlier
from members.arrears import Stage, memberships_behind
from members.models import Community, Meeting, Member, Membership
from members.regulations import NoRuleInForce, standing_rules
from reports.figures.board import People, people_between, people_of
from reports.figures.welfare import Kind, welfare_over
from welfare.models import Claim, ClaimState, DeliveryLine

UNDER_WAY = (ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.VERIFIED, ClaimState.APPROVED)
State = CollectionSheet.State


@dataclass(frozen=True, slots=True)
class StandingCounts:
    """Running memberships by how far they are paid. `due`: due to lapse; `to_tell`: of these, who was not told yet."""

    good: int
    arrears: int
    suspended: int
    due: int
    to_tell: int


@dataclass(frozen=True, slots=True)
class SheetMoney:
    """A sheet of the community: whose money it is, how many baht the collector had to hand over, and what was counted.

    `counted` is None until it is accepted; `oldest`, since when the oldest money is out, once it is.
    """

    sheet: CollectionSheet
    members: int
    baht: Decimal
    counted: Decimal | None
    oldest: date | None

    @property
    def is_out(self) -> bool:
        return self.sheet.state != State.ACCEPTED


@dataclass(frozen=True, slots=True)
class CommunityFigures:
    """Dues in baht, beside the same days a year before. `under_way`: claims not paid yet, (count, baht) by state."""

    community: Community
    span: Span
    people: People
    standing: StandingCounts | None
    dues: tuple[Decimal, Decimal]
    sheets: tuple[SheetMoney, ...]
    under_way: dict[str, tuple[int, Decimal]]
    kinds: tuple[Kind, ...]
    on_the_way: tuple[int, Decimal, date | None]
    next_meeting: Meeting | None

    @property
    def cash_out(self) -> Decimal:
        """What is on sheets that the treasurer has not accepted yet."""
        return sum((row.baht for row in self.sheets if row.is_out), ZERO)


def community_figures(community: Community, span: Span, *, today: date) -> CommunityFigures:
    """A community's figures, in some twenty queries whatever its size."""
    welfare = welfare_over([(span.first, span.last)])[0]
    kinds = tuple(
        Kind(kind.code, kind.name, paid.persons, paid.times, paid.baht)
        for kind in welfare.kinds
        if (paid := welfare.cells.get((community.pk, kind.code)))
    )
    return CommunityFigures(
        community=community,
        span=span,
        people=people_of(people_between(span.first, span.last), community.pk),
        standing=_standing(community, today),
        dues=_dues(community, (span.first, span.last), year_earlier(span)),
        sheets=tuple(_sheets(community, span)),
        under_way=_under_way(community),
        kinds=kinds,
        on_the_way=_on_the_way(community),
        next_meeting=Meeting.objects.filter(held_on__gte=today).order_by("held_on").first(),
    )


def _standing(community: Community, today: date) -> StandingCounts | None:
    """None where no regulation is in force."""
    try:
        rules = standing_rules(today)
    except NoRuleInForce:
        return None
    suspended = today - timedelta(days=rules.suspend_after_days)
    due = today - timedelta(days=rules.lapse_after_days)
    members = Member.objects.filter(community=community, merged_into=None)
    running = Membership.objects.filter(ended_on=None, member__in=members)
    found = running.aggregate(
        good=Count("pk", filter=Q(paid_through__gte=today)),
        arrears=Count("pk", filter=Q(paid_through__lt=today, paid_through__gte=suspended)),
        suspended=Count("pk", filter=Q(paid_through__lt=suspended, paid_through__gte=due)),
        due=Count("pk", filter=Q(paid_through__lt=due)),
    )
    to_tell = memberships_behind(members, Stage.TO_TELL, today=today, rules=rules).count()
    return StandingCounts(**found, to_tell=to_tell)


def _dues(community: Community, *spans: tuple[date, date]) -> tuple[Decimal, ...]:
    """Members' contributions booked for the community in each span, from its lines; reversals are taken off."""
    within = [Q(entry__date__range=days) for days in spans]
    lines = Line.objects.filter(functools.reduce(operator.or_, within), community=community)
    sums = lines.exclude(entry__kind=EntryKind.CLOSING).aggregate(
        **{f"in_{n}": Sum("amount", filter=days & Q(credit__role=AccountRole.DUES)) for n, days in enumerate(within)},
        **{f"back_{n}": Sum("amount", filter=days & Q(debit__role=AccountRole.DUES)) for n, days in enumerate(within)},
    )
    return tuple((sums[f"in_{n}"] or ZERO) - (sums[f"back_{n}"] or ZERO) for n in range(len(spans)))


def _sheets(community: Community, span: Span) -> list[SheetMoney]:
    """The sheets handed in or accepted in the span, and those whose money is still out; the newest first."""
    days = (span.first, span.last)
    of_span = Q(submitted_on__range=days) | Q(accepted_on__range=days)
    found = CollectionSheet.objects.filter(of_span | ~Q(state=State.ACCEPTED), community=community)
    sheets = list(found.select_related("collector").annotate(n=Count("lines")).order_by("-opened_on", "-pk"))
    keys = [sheet.pk for sheet in sheets]
    money, gone = _money_of(keys), _gone_from(keys)
    return [_sheet_money(sheet, gone[sheet.pk], *money.get(sheet.pk, (ZERO, None))) for sheet in sheets]


def _sheet_money(sheet: CollectionSheet, gone: int, baht: Decimal, oldest: date | None) -> SheetMoney:
    is_accepted = sheet.state == State.ACCEPTED
    counted = sheet.counted if is_accepted else None
    return SheetMoney(sheet, sheet.n - gone, baht, counted, None if is_accepted else oldest)


# As on the slip: a receipt that became void after the hand-over was handed over too.
HANDED_OVER = Q(receipt__void=None) | Q(receipt__void__reversal__number__gt=F("sheet__acceptance_entry__number"))
GONE = Q(receipt__void__isnull=False) & (
    Q(sheet__acceptance_entry=None) | Q(receipt__void__reversal__number__lt=F("sheet__acceptance_entry__number"))
)


def _money_of(sheets: list[int]) -> dict[int, tuple[Decimal, date | None]]:
    """By sheet what the collector has or had to hand over, in baht, and the day of its oldest money."""
    lines = CollectionLine.objects.filter(sheet__in=sheets, sheet__state=State.DRAFT).values_list("sheet")
    queries = [lines.annotate(baht=Sum(F("amount") + F("entry_fee")), day=Min("paid_on"))]
    for paid in (DuesPayment, EntryFee):
        held = paid.objects.filter(HANDED_OVER, sheet__in=sheets).values_list("sheet")
        queries.append(held.annotate(baht=Sum("amount"), day=Min("paid_on")))
    found: dict[int, tuple[Decimal, date | None]] = {}
    for key, baht, day in (row for query in queries for row in query.order_by()):
        before, oldest = found.get(key, (ZERO, None))
        found[key] = (before + baht, min(day, oldest or day))
    return found


def _gone_from(sheets: list[int]) -> Counter[int]:
    """By sheet how many members' receipts were void when it was handed over, or are where it was not."""
    dues, fees = (paid.objects.filter(GONE, sheet__in=sheets).order_by() for paid in (DuesPayment, EntryFee))
    gone = dues.values_list("sheet", "member").union(fees.values_list("sheet", "membership__member"))
    return Counter(sheet for sheet, _member in gone)


def _under_way(community: Community) -> dict[str, tuple[int, Decimal]]:
    claims = Claim.objects.filter(community=community, state__in=UNDER_WAY).order_by()
    sums = {
        "n": Count("pk"),
        "approved": Sum("amount_approved"),
        "reckoned": Sum("amount", filter=Q(amount_approved=None)),
    }
    rows = claims.values_list("state").annotate(**sums)
    found = {state: (n, (approved or ZERO) + (reckoned or ZERO)) for state, n, approved, reckoned in rows}
    return {state.value: found.get(state.value, (0, ZERO)) for state in UNDER_WAY}


def _on_the_way(community: Community) -> tuple[int, Decimal, date | None]:
    """Claims whose money somebody carries to the receivers: how many, how many baht, since when."""
    still = DeliveryLine.objects.filter(settlement=None, claim__community=community)
    sums = still.aggregate(n=Count("pk"), baht=Sum("amount"), since=Min("delivery__handed_on"))
    return sums["n"], sums["baht"] or ZERO, sums["since"]

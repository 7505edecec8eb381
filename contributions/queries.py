"""Reading money in: what members owe, how far they had paid on a day, the sheets a user may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice, takewhile
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from contributions.models import CollectionLine, CollectionSheet, Contributor, DuesPayment, MatchingRound, RoundMember
from contributions.periods import ONE_DAY, DuesRules, Period, unbroken_until
from members.application_queries import FirstDues, first_dues_waiting
from members.models import (
    Application,
    Community,
    Fund,
    Leadership,
    Member,
    Membership,
    OpeningFacts,
    Regulation,
    SettledDouble,
)
from members.persons import joined_stays, overlap
from members.queries import survivor_key, visible_communities
from office.models import User
from office.roles import Role

MOST_PERIODS = 60  # five years of monthly dues: nobody is asked for more at once
PERIODS_AHEAD = 2


def dues_rules() -> DuesRules:
    """The dues of every version of the regulation, in two queries."""
    versions = Regulation.objects.order_by("effective_from").values_list("effective_from", "document__membership")
    start_month = Fund.objects.values_list("fund_year_start_month", flat=True).get()
    return DuesRules(list(versions), start_month)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that still holds: the span that it covers, and the receipt that shows it."""

    covers_from: date
    covers_until: date
    receipt_label: str


def later_covers(memberships: Iterable[Membership]) -> dict[int, list[Paid]]:
    """Payments that hold days behind the paid-through day, by member key, in one query.

    There are few: a voided receipt in the middle leaves such, and one who left and came back within a paid year.
    What her doubles paid is among them.
    """
    memberships = list(memberships)
    own, doubles = (_covers_behind(memberships, person) for person in ("member", "member__merged_into"))
    found: dict[int, list[Paid]] = defaultdict(list)
    for member_id, first, last, year_be, number in own.union(doubles, all=True).order_by("covers_from"):
        found[member_id].append(Paid(first, last, f"{year_be}/{number:06d}"))
    return found


def _covers_behind(memberships: list[Membership], person: str) -> QuerySet[DuesPayment, tuple[Any, ...]]:
    held = {
        f"{person}__memberships__in": memberships,
        "covers_until__gt": F(f"{person}__memberships__paid_through"),
        "cover__isnull": False,
    }
    columns = (person, "covers_from", "covers_until", "receipt__year_be", "receipt__number")
    return DuesPayment.objects.filter(**held).values_list(*columns)


def unpaid_periods(membership: Membership, rules: DuesRules, covers: Iterable[Paid] = ()) -> list[Period]:
    """The next periods to pay, the oldest first, at most `MOST_PERIODS`; those paid behind a gap are left out."""
    held = list(covers)
    coming = islice(rules.periods(membership.joined_on, membership.paid_through + ONE_DAY), MOST_PERIODS)
    return [period for period in coming if not any(_overlap(period, paid) for paid in held)]


def _overlap(period: Period, paid: Paid) -> bool:
    return paid.covers_from <= period.covers_until and period.covers_from <= paid.covers_until


def owed_of(periods: Iterable[Period], membership: Membership, today: date) -> list[Period]:
    """Of the unpaid periods, those that have begun by `today`, or by the day on which the membership ended."""
    until = min(today, membership.ended_on) if membership.ended_on else today
    return list(takewhile(lambda period: period.covers_from <= until, periods))


def dues_owed(membership: Membership, today: date, rules: DuesRules | None = None) -> list[Period]:
    """What is owed up to and including the current period, the oldest first; prices as the regulation sets them.

    For a new member the first period is the one of joining, or that and the next as one when she joined late.
    """
    rules = rules or dues_rules()
    covers = later_covers([membership]).get(membership.member_id, ())
    return owed_of(unpaid_periods(membership, rules, covers), membership, today)


def payable_periods(
    membership: Membership, today: date, rules: DuesRules | None = None, *, ahead: int = PERIODS_AHEAD
) -> list[Period]:
    """What is owed, and the next `ahead` periods that can be paid before they begin."""
    covers = later_covers([membership]).get(membership.member_id, ())
    periods = unpaid_periods(membership, rules or dues_rules(), covers)
    return periods[: len(owed_of(periods, membership, today)) + ahead]


def paid_through_on(membership: Membership, day: date) -> date:
    """The last day covered by what had been received on or before `day`: later payments never change it."""
    return paid_through_of([membership], day)[membership.pk]


def paid_through_of(memberships: Iterable[Membership], day: date | None = None) -> dict[int, date]:
    """`paid_through_on` for many memberships in one query, by their keys; without a day: by all that holds today.

    Only payments whose receipt is not void count, and only as far as they cover without a gap. A membership
    without any payment here keeps what is written in it (its paid-through day came with the register). What a
    double paid beside a membership counts for it too, from the membership's own last paid day on.
    """
    memberships = list(memberships)
    stays = paid_stays(memberships, day)
    beside = _stays_beside(stays.values())
    before = _bases_before_merging({stays[key].membership.member_id for key in beside})
    found = {}
    for membership in memberships:
        stay = stays[membership.pk]
        spans = [*stay.covers, *(span for double in beside.get(membership.pk, ()) for span in double.spans)]
        base = before.get(membership.member_id, stay.base) if membership.pk in beside else stay.base
        base = base if base < stay.base and base >= membership.joined_on - ONE_DAY else stay.base
        found[membership.pk] = unbroken_until(base, spans)
    return found


@dataclass(frozen=True, slots=True)
class PaidStay:
    """A membership with what was paid for it: through `base` before its first payment here, then `covers`."""

    membership: Membership
    base: date
    covers: list[tuple[date, date]]

    @property
    def spans(self) -> list[tuple[date, date]]:
        """All that is paid, from the day of joining on."""
        joined_on = self.membership.joined_on
        return [(joined_on, self.base), *self.covers] if self.base >= joined_on else self.covers


def paid_stays(memberships: list[Membership], day: date | None) -> dict[int, PaidStay]:
    """All memberships of these members and of their doubles, with their payments, by key, in one query."""
    members = {one.member_id for one in memberships}
    own, doubles = (
        Membership.objects.filter(member__in=members),
        Membership.objects.filter(member__merged_into__in=members),
    )
    rows = Membership.objects.filter(pk__in=own.order_by().values("pk").union(doubles.order_by().values("pk")))
    columns = ("dues__covers_from", "dues__covers_until", "dues__paid_on", "dues__cover")
    facts = ("member_id", "member__merged_into_id", "joined_on", "ended_on", "paid_through")
    known = {one.pk: one for one in memberships}
    bases: dict[int, date] = {}
    covers: dict[int, list[tuple[date, date]]] = defaultdict(list)
    stays: dict[int, Membership] = {}
    for key, *written, first, last, paid_on, cover in rows.values_list("pk", *facts, *columns):
        if key not in stays:
            member_id, merged_into, *days = written
            stays[key] = Membership(
                pk=key,
                member=Member(pk=member_id, merged_into_id=merged_into),
                **dict(zip(("joined_on", "ended_on", "paid_through"), days, strict=True)),
            )
        if first is not None:
            bases[key] = min(first - ONE_DAY, bases.get(key, first - ONE_DAY))
            if cover is not None and (day is None or paid_on <= day):
                covers[key].append((first, last))
    return {
        key: PaidStay(stay, bases.get(key, known.get(key, stay).paid_through), covers[key])
        for key, stay in stays.items()
    }


def _stays_beside(stays: Iterable[PaidStay]) -> dict[int, list[PaidStay]]:
    """By the key of a person's own membership: the stays of her doubles that ran beside it; most have none."""
    persons: dict[int, list[PaidStay]] = defaultdict(list)
    for stay in stays:
        persons[survivor_key(stay.membership.member)].append(stay)
    found: dict[int, list[PaidStay]] = defaultdict(list)
    for rows in persons.values():
        joined_stays([stay.membership for stay in rows])
        doubles = [stay for stay in rows if stay.membership.is_doubles]
        for own in [stay for stay in rows if doubles and not stay.membership.is_doubles]:
            beside = [double for double in doubles if overlap(own.membership, double.membership)]
            if beside:
                found[own.membership.pk] = beside
    return found


def _bases_before_merging(survivors: Collection[int]) -> dict[int, date]:
    """Through when each of these had paid by her own row on the day of her first merge; no query without doubles."""
    if not survivors:
        return {}
    merges = SettledDouble.objects.filter(survivor__in=survivors, undone_at=None, paid_through_before__isnull=False)
    rows = merges.order_by("survivor", "settled_at", "id").distinct("survivor")
    return dict(rows.values_list("survivor", "paid_through_before"))


# --- collection sheets ------------------------------------------------------------------------------------


def members_with_dues(keys: Collection[int]) -> set[int]:
    """Of these members' keys, those of whom the books have taken dues, by a merged double's row too."""
    paid = DuesPayment.objects.filter(Q(member__in=keys) | Q(member__merged_into__in=keys))
    return {survivor or own for own, survivor in paid.values_list("member_id", "member__merged_into_id")}


def led_communities(user: User) -> QuerySet[Community]:
    """The communities in which a user collects: those that she leads now."""
    if not user.has_role(Role.LEADER):
        return Community.objects.none()
    return Community.objects.filter(leaderships__user=user, leaderships__until=None).order_by("number")


def visible_sheets(user: User) -> QuerySet[CollectionSheet]:
    """The sheets of the communities whose people a user may see."""
    return CollectionSheet.objects.filter(community__in=visible_communities(user)).select_related(
        "community", "collector", "accepted_by"
    )


def is_left_behind(sheet: CollectionSheet) -> bool:
    """Whether the collector leads the sheet's community no more, so that the leader of now hands it in."""
    leading = Leadership.objects.filter(user=sheet.collector_id, community=sheet.community_id, until=None)
    return sheet.state == CollectionSheet.State.DRAFT and not leading.exists()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A member on a sheet: what she owes, what can be paid, and what was written down."""

    member: Member
    membership: Membership
    owed: Decimal
    choices: list[Decimal]  # sums of whole periods: one, two, … up to what is owed and two periods ahead
    line: CollectionLine | None
    first_dues: FirstDues | None = None  # what was taken with the application, where nothing is paid yet

    @property
    def settled(self) -> bool:
        """Nothing left to ask at this door."""
        return self.owed == 0 or (self.line is not None and self.line.amount >= self.owed)


def running_memberships(community: Community) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(member__community=community, member__merged_into=None, ended_on=None)
        .select_related("member", "member__household")
        .order_by("member__sort_key", "member_id")
    )


def left_with_first_dues(community: Community) -> QuerySet[Membership]:
    """Last memberships that have ended before the first dues, taken with the application, stood on a sheet."""
    taken = Application.objects.filter(
        member=OuterRef("member"), resolution=OuterRef("accepted_by"), first_dues_baht__isnull=False
    )
    later = Membership.objects.filter(member=OuterRef("member"), joined_on__gt=OuterRef("joined_on"))
    unpaid = Membership.objects.filter(ended_on__isnull=False, paid_through__lt=F("joined_on"))
    here = unpaid.filter(member__community=community, member__merged_into=None, accepted_by__isnull=False)
    return here.filter(Exists(taken), ~Exists(later))


def sheet_rows(sheet: CollectionSheet, today: date) -> list[SheetRow]:
    """The current members of the sheet's community in the order of their names, in six queries.

    Who paid and has died or left since stays in sight, also where the money was taken with her application and stands
    on no sheet yet: it is with the collector. One query more asks for the first dues of those who have joined and paid
    nothing yet, where there are such.
    """
    rules = dues_rules()
    lines = {line.member_id: line for line in sheet.lines.all()}
    running = list(running_memberships(sheet.community))
    memberships = _with_those_who_left(running, set(lines), left_with_first_dues(sheet.community))
    covers, first = later_covers(memberships), first_dues_waiting(memberships)
    rows = [
        _sheet_row(membership, rules, covers.get(membership.member_id, []), lines.get(membership.member_id), today)
        for membership in memberships
    ]
    return [replace(row, first_dues=first[row.member.pk]) if row.member.pk in first else row for row in rows]


def _with_those_who_left(
    running: list[Membership], with_line: Collection[int], first_dues: QuerySet[Membership]
) -> list[Membership]:
    gone = set(with_line) - {membership.member_id for membership in running}
    left = Q(member__in=gone) | Q(pk__in=first_dues.values("pk"))
    last = Membership.objects.filter(left).select_related("member", "member__household")
    everyone = [*running, *last.order_by("member_id", "-joined_on").distinct("member_id")]
    return sorted(everyone, key=lambda membership: (membership.member.sort_key, membership.member_id))


def _sheet_row(
    membership: Membership, rules: DuesRules, covers: list[Paid], line: CollectionLine | None, today: date
) -> SheetRow:
    periods = unpaid_periods(membership, rules, covers)
    owed = owed_of(periods, membership, today)
    sums, total = [], Decimal("0.00")
    for period in periods[: len(owed) + PERIODS_AHEAD]:
        total += period.baht
        sums.append(total)
    return SheetRow(membership.member, membership, sum((p.baht for p in owed), Decimal("0.00")), sums, line)


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """ "42 of 238 still to pay, cash with me 3,285 baht"."""

    members: int
    still_to_pay: int
    paid: int
    cash: Decimal


def sheet_totals(rows: Iterable[SheetRow]) -> SheetTotals:
    rows = list(rows)
    lines = [row.line for row in rows if row.line]
    return SheetTotals(
        len(rows),
        sum(not row.settled for row in rows),
        len(lines),
        sum((line.amount for line in lines), Decimal("0.00")),
    )


def money_of_sheet(sheet: CollectionSheet) -> Decimal:
    """What the collector has to hand over: the payments of the sheet whose receipts hold."""
    found = sheet.payments.filter(cover__isnull=False).aggregate(total=Sum("amount"))["total"]
    return found or Decimal("0.00")


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

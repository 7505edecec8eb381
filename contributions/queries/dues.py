"""Reading dues: what members owe, and how far they had paid on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice, takewhile
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from contributions.allocating import Credit, less_credit, overlap
from contributions.models import DuesPayment, EntryFee
from contributions.periods import ONE_DAY, DuesRules, Period, add_months, unbroken_until
from ledger.models import receipt_label
from members.models import (
    Fund,
    Member,
    Membership,
    Regulation,
    SettledDouble,
)
from members.persons import joined_stays
from members.persons import overlap as stays_overlap
from members.queries import survivor_key

MOST_PERIODS = 60  # five years of monthly dues: nobody is asked for more at once
PERIODS_AHEAD = 2
MONTHS_AHEAD = 36  # a period that begins later is not taken yet


def dues_rules() -> DuesRules:
    """The dues of every version of the regulation, in two queries."""
    versions = Regulation.objects.order_by("effective_from").values_list("effective_from", "document__membership")
    start_month = Fund.objects.values_list("fund_year_start_month", flat=True).get()
    return DuesRules(list(versions), start_month)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that still holds: its span, and the receipt that shows it.

    `credit`: the baht of a payment that covers nothing yet, a part of what the span costs; nought where it covers it.
    """

    covers_from: date
    covers_until: date
    receipt_label: str
    credit: Decimal = Decimal("0.00")


def later_covers(memberships: Iterable[Membership]) -> dict[int, list[Paid]]:
    """Payments that hold days behind the paid-through day or are credit towards them, by member key, in one query.

    There are few: part payments, what a voided receipt in the middle leaves, and one who left and came back within a
    paid year. What her doubles paid is among them.
    """
    memberships = list(memberships)
    own, doubles = (_covers_behind(memberships, person) for person in ("member", "member__merged_into"))
    found: dict[int, list[Paid]] = defaultdict(list)
    for member_id, first, last, cover, amount, *receipt in own.union(doubles, all=True).order_by("covers_from"):
        credit = Decimal("0.00") if cover is not None else amount
        found[member_id].append(Paid(first, last, receipt_label(*receipt), credit))
    return found


def _covers_behind(memberships: list[Membership], person: str) -> QuerySet[DuesPayment, tuple[Any, ...]]:
    held = {
        f"{person}__memberships__in": memberships,
        "covers_until__gt": F(f"{person}__memberships__paid_through"),
    }
    stands = Q(cover__isnull=False) | Q(receipt__void__isnull=True)
    columns = (person, "covers_from", "covers_until", "cover", "amount")
    receipt = ("receipt__year_be", "receipt__number", "receipt__book")
    return DuesPayment.objects.filter(stands, **held).values_list(*columns, *receipt)


def unpaid_periods(membership: Membership, rules: DuesRules, covers: Sequence[Paid] = ()) -> list[Period]:
    """The next periods to pay, the oldest first, at most `MOST_PERIODS`; those paid behind a gap are left out.

    Each asks its price less the part payments that stand towards it.
    """
    held = [paid for paid in covers if not paid.credit]
    coming = islice(rules.periods(membership.joined_on, membership.paid_through + ONE_DAY), MOST_PERIODS)
    unpaid = [period for period in coming if not any(overlap(period, paid) for paid in held)]
    return less_credit(unpaid, open_credit(covers)) if len(held) < len(covers) else unpaid


def open_credit(paid: Iterable[Paid]) -> list[Credit]:
    """Of these payments, those that cover nothing and whose span nothing else covers: they stand as credit."""
    paid = list(paid)
    held = [one for one in paid if not one.credit]
    return [
        Credit(one.covers_from, one.covers_until, one.credit)
        for one in paid
        if one.credit and not any(overlap(one, other) for other in held)
    ]


def credit_among(payments: Iterable[DuesPayment]) -> Decimal:
    """Baht of these payments of one person that stand towards a period not paid yet; with `cover` and void read."""
    stand = [one for one in payments if not hasattr(one.receipt, "void")]
    paid = [
        Paid(one.covers_from, one.covers_until, "", Decimal("0.00") if hasattr(one, "cover") else one.amount)
        for one in stand
    ]
    return sum((one.baht for one in open_credit(paid)), Decimal("0.00"))


def within_reach(periods: Iterable[Period], today: date) -> list[Period]:
    """The unpaid periods that money can be taken for now: all that begin in the next `MONTHS_AHEAD` months."""
    return list(takewhile(lambda period: period.covers_from <= add_months(today, MONTHS_AHEAD), periods))


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


@dataclass(frozen=True, slots=True)
class Payable:
    """What can be paid for a member now: all periods within reach, and the entry fee that is due; sums in baht."""

    member: Member
    membership: Membership
    periods: list[Period]
    owed: Decimal
    entry_fee: Decimal
    is_chosen: bool


def payable_of(
    members: Iterable[Member], today: date, *, chosen: Collection[int], rules: DuesRules | None = None
) -> list[Payable]:
    """What can be paid for each of these `with_membership`; in three queries, and one more where fees are asked."""
    members = [one for one in members if one.latest_memberships]
    memberships = [one.latest_memberships[0] for one in members]
    rules = rules or dues_rules()
    covers, fees = later_covers(memberships), entry_fee_due(memberships, rules)
    found = []
    for member, membership in zip(members, memberships, strict=True):
        periods = within_reach(unpaid_periods(membership, rules, covers.get(member.pk, ())), today)
        owed = sum((period.baht for period in owed_of(periods, membership, today)), Decimal("0.00"))
        fee = fees.get(membership.pk, Decimal("0.00"))
        found.append(Payable(member, membership, periods, owed, fee, member.pk in chosen))
    return found


def entry_fee_due(memberships: Iterable[Membership], rules: DuesRules) -> dict[int, Decimal]:
    """The entry fee, in baht, of each running membership that owes one, by its key; in one query, none without fees.

    The version in force on the day of joining says how much. Who came with the register, her dues paid before this
    program, owes none; who comes back owes it anew.
    """
    asked = {one.pk: (one, rules.entry_fee_on(one.joined_on)) for one in memberships if one.ended_on is None}
    asked = {key: (one, fee) for key, (one, fee) in asked.items() if fee > 0}
    if not asked:
        return {}
    held = EntryFee.objects.filter(membership__joined_on=OuterRef("joined_on"), receipt__void__isnull=True)
    own, doubles = Q(membership=OuterRef("pk")), Q(membership__member__merged_into=OuterRef("member"))
    rows = Membership.objects.filter(~Exists(held.filter(own)), ~Exists(held.filter(doubles)), pk__in=asked)
    rows = rows.filter(member__merged_into=None).exclude(member__opening_facts__as_of__gte=F("joined_on"))
    first = dict(rows.annotate(first=Min("dues__covers_from")).values_list("pk", "first"))
    return {
        key: fee
        for key, (one, fee) in asked.items()
        if key in first and (first[key] or one.paid_through + ONE_DAY) <= one.joined_on
    }


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
    return {one.pk: _through(one, stays[one.pk], beside.get(one.pk, ()), before) for one in memberships}


def _through(
    membership: Membership, stay: "PaidStay", beside: Sequence["PaidStay"], before: Mapping[int, date]
) -> date:
    base = before.get(membership.member_id, stay.base) if beside else stay.base
    base = base if base < stay.base and base >= membership.joined_on - ONE_DAY else stay.base
    return unbroken_until(base, [*stay.covers, *(span for double in beside for span in double.spans)])


class PaidHistory:
    """`paid_through_on` for every membership of the fund and any day, out of two queries made once."""

    def __init__(self) -> None:
        payments = _read_payments(Membership.objects.all())
        self._persons: dict[int, _Payments] = {}
        for key, stay in payments.stays.items():
            person = self._persons.setdefault(survivor_key(stay.member), _Payments({}, {}, []))
            person.stays[key] = stay
            if key in payments.bases:
                person.bases[key] = payments.bases[key]
        for one in payments.standing:
            self._persons[survivor_key(one.stay.member)].standing.append(one)
        doubles = {key for key, person in self._persons.items() if len(person.stays) > 1}
        self._before = _bases_before_merging(doubles)

    def through(self, membership: Membership, day: date) -> date:
        """The last day of this membership covered by what had been received on or before `day`."""
        person = self._persons[survivor_key(membership.member)]
        stays = person.on(day)
        beside = _stays_beside(stays.values()) if len(stays) > 1 else {}
        return _through(membership, stays[membership.pk], beside.get(membership.pk, ()), self._before)


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
    return _read_payments(rows).on(day, {one.pk: one.paid_through for one in memberships})


def _read_payments(rows: QuerySet[Membership]) -> "_Payments":
    columns = ("dues__covers_from", "dues__covers_until", "dues__paid_on", "dues__cover", "dues__receipt__void")
    facts = ("member_id", "member__merged_into_id", "joined_on", "ended_on", "paid_through")
    found = _Payments({}, {}, [])
    bases, stays = found.bases, found.stays
    for key, *written, first, last, paid_on, cover, void in rows.values_list("pk", *facts, *columns):
        if key not in stays:
            member_id, merged_into, *days = written
            stays[key] = Membership(
                pk=key,
                member=Member(pk=member_id, merged_into_id=merged_into),
                **dict(zip(("joined_on", "ended_on", "paid_through"), days, strict=True)),
            )
        if first is not None:
            bases[key] = min(first - ONE_DAY, bases.get(key, first - ONE_DAY))
            if cover is not None or void is None:
                found.standing.append(_Standing(stays[key], first, last, paid_on, cover is not None))
    return found


@dataclass(frozen=True, slots=True)
class _Standing:
    """A payment whose receipt is not void: it `holds` its span, or is a part of what the span costs."""

    stay: Membership
    covers_from: date
    covers_until: date
    paid_on: date
    holds: bool


@dataclass(frozen=True, slots=True)
class _Payments:
    """Memberships by key, through when each was paid before its first payment here, and the payments that stand."""

    stays: dict[int, Membership]
    bases: dict[int, date]
    standing: list[_Standing]

    def on(self, day: date | None, written: Mapping[int, date] | None = None) -> dict[int, PaidStay]:
        """As it was by the end of `day`; `written`: the paid-through days where the caller has them."""
        covers = _covered(self.standing, day)
        written = written or {}
        return {
            key: PaidStay(stay, self.bases.get(key, written.get(key, stay.paid_through)), covers[key])
            for key, stay in self.stays.items()
        }


def _covered(stand: list[_Standing], day: date | None) -> dict[int, list[tuple[date, date]]]:
    """The spans paid by the end of `day`, by the key of their membership; without a day: all that are held.

    A span paid in parts is paid on the latest of their days, in whatever order they were written down.
    """
    parts: dict[int, list[_Standing]] = defaultdict(list)
    for one in stand:
        if not one.holds:
            parts[survivor_key(one.stay.member)].append(one)
    covers: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for one in stand:
        if one.holds and (day is None or _paid_on(one, parts[survivor_key(one.stay.member)]) <= day):
            covers[one.stay.pk].append((one.covers_from, one.covers_until))
    return covers


def _paid_on(holder: _Standing, parts: Iterable[_Standing]) -> date:
    return max([holder.paid_on, *(part.paid_on for part in parts if overlap(holder, part))])


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
            beside = [double for double in doubles if stays_overlap(own.membership, double.membership)]
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


def members_with_dues(keys: Collection[int]) -> set[int]:
    """Of these members' keys, those of whom the books have taken dues, by a merged double's row too."""
    paid = DuesPayment.objects.filter(Q(member__in=keys) | Q(member__merged_into__in=keys))
    return {survivor or own for own, survivor in paid.values_list("member_id", "member__merged_into_id")}

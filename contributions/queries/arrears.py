"""Reading arrears: what a member owes, for which periods, and from when what follows where it is not paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Sum

from bansong_fund.lib.money import ZERO
from contributions.models import CollectionLine, CollectionSheet
from contributions.periods import ONE_DAY, DuesRules, Period
from contributions.queries.dues import dues_rules, entry_fee_due, later_covers, owed_of, unpaid_periods
from members.application_queries import first_dues_waiting
from members.arrears import due_from
from members.models import Member, Membership
from members.standing import StandingRules

LINES_ALONE = 6  # more unpaid periods than these stand together where they have one price


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Unpaid periods that follow on one another: first and last day, how many, baht each, part paid, baht still."""

    covers_from: date
    covers_until: date
    count: int
    price: Decimal
    credit: Decimal
    baht: Decimal


@dataclass(frozen=True, slots=True)
class Arrears:
    """What a running membership owes, in baht, and what follows.

    `taken`: with her leader, on a sheet that is not handed in yet. Rights are suspended from `suspended_from` on, and
    the membership is due to lapse from `lapses_from` on (`by_itself`: without a meeting), unless it is paid before.
    """

    member: Member
    membership: Membership
    lines: tuple[OwedLine, ...]
    entry_fee: Decimal
    taken: Decimal
    suspended_from: date
    lapses_from: date
    by_itself: bool

    @property
    def dues(self) -> Decimal:
        return sum((line.baht for line in self.lines), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((line.credit for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """What is to be paid now; never below nought."""
        return max(self.dues + self.entry_fee - self.taken, ZERO)

    @property
    def since(self) -> date | None:
        return self.lines[0].covers_from if self.lines else None

    @property
    def until(self) -> date | None:
        return self.lines[-1].covers_until if self.lines else None


def arrears_of(memberships: Iterable[Membership], today: date) -> dict[int, Arrears]:
    """Of these memberships with their members: those that run and owe dues or an entry fee, by their keys.

    In two queries, two more where somebody owes, and up to two where somebody is new. Raises `NoRuleInForce`.
    """
    memberships = [one for one in memberships if one.ended_on is None]
    rules = dues_rules()
    terms, fees = rules.terms_on(today), entry_fee_due(memberships, rules)
    days = StandingRules(terms["suspend_after_days"], terms["lapse_after_days"])
    periods = _owed_periods([one for one in memberships if one.paid_through < today], rules, today)
    owing = [one for one in memberships if periods.get(one.pk) or one.pk in fees]
    taken = _taken_at_the_door(owing) if owing else {}
    return {
        one.pk: Arrears(
            member=one.member,
            membership=one,
            lines=_lines(periods.get(one.pk, [])),
            entry_fee=fees.get(one.pk, ZERO),
            taken=taken.get(one.member_id, ZERO),
            suspended_from=one.paid_through + timedelta(days=days.suspend_after_days + 1),
            lapses_from=due_from(one.paid_through, days),
            by_itself=terms.get("lapse") == "automatic",
        )
        for one in owing
    }


def _owed_periods(behind: Sequence[Membership], rules: DuesRules, today: date) -> dict[int, list[Period]]:
    covers = later_covers(behind) if behind else {}
    return {one.pk: owed_of(unpaid_periods(one, rules, covers.get(one.member_id, ())), one, today) for one in behind}


def _taken_at_the_door(memberships: Sequence[Membership]) -> dict[int, Decimal]:
    """Baht that a leader has and that stand in no books yet, by the member's key: on an open sheet, or first dues."""
    keys = [one.member_id for one in memberships]
    drafts = CollectionLine.objects.filter(sheet__state=CollectionSheet.State.DRAFT, member__in=keys)
    sums = drafts.order_by().values_list("member_id").annotate(baht=Sum(F("amount") + F("entry_fee")))
    first = {member: dues.baht for member, dues in first_dues_waiting(memberships).items()}
    return first | dict(sums)  # what was taken with the application stands on the sheet as soon as there is a line


def _lines(periods: Sequence[Period]) -> tuple[OwedLine, ...]:
    lines: list[OwedLine] = []
    for period in periods:
        line = OwedLine(
            period.covers_from, period.covers_until, 1, period.baht + period.credit, period.credit, period.baht
        )
        if lines and len(periods) > LINES_ALONE and _goes_on(lines[-1], line):
            lines[-1] = _joined(lines[-1], line)
        else:
            lines.append(line)
    return tuple(lines)


def _goes_on(one: OwedLine, other: OwedLine) -> bool:
    follows = one.covers_until + ONE_DAY == other.covers_from
    return follows and one.price == other.price and not one.credit and not other.credit


def _joined(one: OwedLine, other: OwedLine) -> OwedLine:
    count, baht = one.count + other.count, one.baht + other.baht
    return OwedLine(one.covers_from, other.covers_until, count, one.price, ZERO, baht)

"""Reading collection sheets: whose they are, what stands on them, what their money is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from contributions.models import CollectionLine, CollectionSheet, DuesPayment, EntryFee
from contributions.periods import DuesRules
from contributions.queries.dues import (
    PERIODS_AHEAD,
    Paid,
    dues_rules,
    entry_fee_due,
    later_covers,
    owed_of,
    unpaid_periods,
)
from ledger.models import AccountRole, Line, Receipt
from members.application_queries import FirstDues, first_dues_waiting
from members.models import (
    Application,
    Community,
    Leadership,
    Member,
    Membership,
)
from members.queries import visible_communities
from office.models import User
from office.roles import Role


def led_communities(user: User) -> QuerySet[Community]:
    """The communities in which a user collects: those that she leads now."""
    if not user.has_role(Role.LEADER):
        return Community.objects.none()
    return Community.objects.filter(leaderships__user=user, leaderships__until=None).order_by("number")


def visible_sheets(user: User) -> QuerySet[CollectionSheet]:
    """The sheets of the communities whose people a user may see."""
    return CollectionSheet.objects.filter(community__in=visible_communities(user)).select_related(
        "community", "collector", "accepted_by", "submission_entry"
    )


def is_left_behind(sheet: CollectionSheet) -> bool:
    """Whether the collector leads the sheet's community no more, so that the leader of now hands it in."""
    return sheet.state == CollectionSheet.State.DRAFT and not collects_there(sheet.collector, sheet)


def collects_there(user: User, sheet: CollectionSheet) -> bool:
    """Whether a user leads the sheet's community now."""
    return Leadership.objects.filter(user=user, community=sheet.community_id, until=None).exists()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A member on a sheet: what she owes, what can be paid, and what was written down."""

    member: Member
    membership: Membership
    owed: Decimal
    choices: list[Decimal]  # sums of whole periods: one, two, … up to what is owed and two periods ahead
    line: CollectionLine | None
    first_dues: FirstDues | None = None  # what was taken with the application, where nothing is paid yet
    entry_fee: Decimal = Decimal("0.00")  # due with the first dues of a new member
    code: int | None = None  # her line on the printed sheet, once it was printed

    @property
    def full(self) -> Decimal:
        """What pays her up at this door: the dues owed, and a new member's entry fee."""
        return self.owed + self.entry_fee

    @property
    def code_label(self) -> str:
        """The line's code as it is printed: 045."""
        return f"{self.code:03d}" if self.code else ""

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
    lines = {line.member_id: line for line in sheet.lines.select_related("door_receipt__book")}
    running = list(running_memberships(sheet.community))
    memberships = _with_those_who_left(running, set(lines), left_with_first_dues(sheet.community))
    covers, first = later_covers(memberships), first_dues_waiting(memberships)
    rows = [
        _sheet_row(membership, rules, covers.get(membership.member_id, []), lines.get(membership.member_id), today)
        for membership in memberships
    ]
    fees = entry_fee_due(memberships, rules)
    codes = {key: place for place, key in enumerate(sheet.line_codes, start=1)}
    return [
        replace(
            row,
            first_dues=first.get(row.member.pk),
            entry_fee=fees.get(row.membership.pk, Decimal("0.00")),
            code=codes.get(row.member.pk),
        )
        for row in rows
    ]


def _with_those_who_left(
    running: list[Membership], with_line: Collection[int], first_dues: QuerySet[Membership]
) -> list[Membership]:
    gone = set(with_line) - {membership.member_id for membership in running}
    with_dues = set(first_dues.values_list("pk", flat=True))  # asked first: as a part of the next it may take minutes
    if not (gone or with_dues):
        return running
    left = Q(member__in=gone) | Q(pk__in=with_dues)
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
        sum((line.baht for line in lines), Decimal("0.00")),
    )


def money_of_sheet(sheet: CollectionSheet) -> Decimal:
    """What the collector has to hand over: dues and entry fees of the sheet whose receipts hold."""
    held = {"receipt__void__isnull": True}
    dues, fees = (
        rows.filter(**held).order_by().values_list("amount", "pk") for rows in (sheet.payments, sheet.entry_fees)
    )
    return sum((amount for amount, _key in dues.union(fees, all=True)), Decimal("0.00"))


def money_of_sheets(sheets: QuerySet[CollectionSheet]) -> Decimal:
    """What is to be handed over of all these sheets together, as `money_of_sheet` says it of one. One query."""
    held = {"receipt__void__isnull": True, "sheet__in": sheets}
    dues, fees = (
        paid.objects.filter(**held).order_by().values_list("sheet").annotate(baht=Sum("amount"))
        for paid in (DuesPayment, EntryFee)
    )
    return sum((baht for _sheet, baht in dues.union(fees, all=True)), Decimal("0.00"))


def expected_of(sheet: CollectionSheet) -> Decimal:
    """What was to be handed over: as things stand now, or of an accepted sheet what the hand-over took from her."""
    if sheet.acceptance_entry_id is None:
        return money_of_sheet(sheet)
    taken = Line.objects.filter(entry=sheet.acceptance_entry_id, credit__role=AccountRole.COLLECTOR)
    return taken.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


def members_handed_over(sheet: CollectionSheet) -> int:
    """How many members' money that is: those on the sheet, less whose receipt was void by then."""
    by_then = {"receipt__void__isnull": False}
    if sheet.acceptance_entry is not None:
        by_then = {"receipt__void__reversal__number__lt": sheet.acceptance_entry.number}
    dues, fees = sheet.payments.filter(**by_then), sheet.entry_fees.filter(**by_then)
    gone = dues.order_by().values("member").union(fees.order_by().values("membership__member"))
    return sheet.lines.exclude(member__in=gone).count()


def receipts_of_sheet(sheet: CollectionSheet) -> dict[int, Receipt]:
    """The receipt of each member on a sheet that was handed in, by the member's key, in two queries."""
    fees = sheet.entry_fees.select_related("receipt__void", "membership")
    found = {fee.membership.member_id: fee.receipt for fee in fees}
    return found | {paid.member_id: paid.receipt for paid in sheet.payments.select_related("receipt__void")}


def paper_numbers(sheet: CollectionSheet) -> dict[int, str]:
    """By the members' keys: the paper receipt that was written at the door."""
    rows = sheet.lines.filter(door_receipt__book__isnull=False)
    columns = ("member_id", "door_receipt__book__label", "door_receipt__number")
    return {key: f"{label}/{number}" for key, label, number in rows.values_list(*columns)}

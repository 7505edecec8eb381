"""Dues at the office: one member, one or several whole periods, one receipt; how any dues are written down."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import format_date
from contributions.allocating import Share, allocate
from contributions.entry_fees import fee_words, fees_paid, refuse_other_fee
from contributions.models import CollectionSheet, DuesCover, DuesPayment, EntryFee
from contributions.periods import DuesRules, span_words
from contributions.queries import (
    MONTHS_AHEAD,
    Paid,
    dues_owed,
    dues_rules,
    entry_fee_due,
    later_covers,
    paid_through_of,
    paid_through_on,
    unpaid_periods,
    within_reach,
)
from contributions.verbs import Income, cash_or, money_verb, receipt_of, refuse_future, take_income
from ledger.accounts import account
from ledger.documents import PaperLine
from ledger.models import Account, AccountRole, Receipt, ReceiptKind
from ledger.posting import LineDraft
from members.models import EndReason, Member, Membership
from members.queries import of_person
from members.verbs import set_paid_through_of
from office.models import User

__all__ = ["dues_owed", "paid_through_of", "paid_through_on", "record_dues"]


class PaidAlready(DomainError):
    """The period was paid before; the receipt is named."""


class OlderPeriodFirst(DomainError):
    """An older period is still unpaid."""


class NotAMember(DomainError):
    """The membership had ended, or had not begun, on the day the money was taken."""


class NothingChosen(DomainError):
    """No period was chosen."""


class TooFarAhead(DomainError):
    """The money would pay for periods that begin later than dues are taken for."""


class OtherSum(DomainError):
    """The periods ask another sum by now than the one that was shown to who takes the money."""


@money_verb(receipt_of)
def record_dues(
    *,
    membership: Membership,
    covers_from: Sequence[date],
    paid_on: date,
    bank_account: Account | None,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    payer_name: str = "",
    reference: str = "",
    entry_fee: Decimal = ZERO,
    shown: Decimal | None = None,
) -> Receipt:
    """Take dues for whole periods, named by their first days; cash, or a transfer to `bank_account`.

    One receipt and one entry with a line a period; the member is paid up to their end. `payer_name`: who paid,
    where it was not the member. `entry_fee`: a new member's, on a line of its own; it may come alone. `shown`: the
    baht of the periods as the page had them, which is what was taken. Raises `PaidAlready`, `OlderPeriodFirst`,
    `OtherSum`, `NotAMember`, `NothingChosen`, `TooFarAhead`, `EntryFeePaid`, `NotTheFeeDue`, `FutureDate`,
    `PeriodClosed`.
    """
    refuse_future(paid_on, today)
    membership = hold_memberships([membership.pk])[membership.pk]
    refuse_not_a_member(membership, paid_on)
    if entry_fee:
        refuse_other_fee(membership, entry_fee, entry_fee_due([membership], dues_rules()), fees_paid([membership]))
    shares = _chosen_shares(membership, covers_from, today) if covers_from or not entry_fee else []
    _refuse_other_sum(membership, shares, shown)
    place, member = cash_or(bank_account), membership.member
    income = Income(
        date=paid_on,
        kind=ReceiptKind.DUES,
        party_name=payer_name or member.full_name,
        account=place,
        means_reference=reference,
        member=member,
        lines=income_lines(member, place, shares, entry_fee),
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    write_payments([DuesTaken(membership, receipt, share, paid_on, by) for share in shares])
    if entry_fee:
        EntryFee.objects.create(membership=membership, receipt=receipt, amount=entry_fee, paid_on=paid_on)
    return receipt


def income_lines(
    member: Member, place: Account, shares: Iterable[Share], entry_fee: Decimal
) -> list[tuple[LineDraft, PaperLine]]:
    """The lines of a member on a receipt: each period or part of one, then her entry fee."""
    dues = account(AccountRole.DUES)
    found = [(dues, share.amount, dues_words(member, share)) for share in shares]
    if entry_fee:
        found.append((account(AccountRole.ENTRY_FEE), entry_fee, fee_words(member)))
    return [
        (LineDraft(place, income, baht, community=member.community, member=member), words)
        for income, baht, words in found
    ]


def hold_memberships(keys: Iterable[int]) -> dict[int, Membership]:
    """Lock memberships in one order, so that two of us never wait for each other crosswise."""
    rows = Membership.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows.select_related("member", "member__community")}


def refuse_not_a_member(membership: Membership, paid_on: date) -> None:
    """Raises `NotAMember` with the day and what to do with the money; for a merged double, with the number to use."""
    name = membership.member.full_name
    if membership.member.merged_into_id is not None:
        message = _("No. %(double)s was merged into member no. %(number)s. Write the money down there.")
        numbers = {"double": membership.member.number, "number": membership.member.merged_into.number}
        raise NotAMember(message % numbers, field="date")
    if paid_on < membership.joined_on:
        message = _("%(name)s joined on %(day)s; nothing can be paid before that. Correct the day of payment.")
        raise NotAMember(message % {"name": name, "day": format_date(membership.joined_on)}, field="date")
    if membership.ended_on is None or paid_on <= membership.ended_on:
        return
    if membership.end_reason == EndReason.DIED:
        message = _("%(name)s died on %(day)s. No dues are taken after that: give the money back to the family.")
    else:
        message = _(
            "The membership of %(name)s ended on %(day)s. No dues are taken after that: enrol the person again, or"
            " give the money back."
        )
    raise NotAMember(message % {"name": name, "day": format_date(membership.ended_on)}, field="date")


def _chosen_shares(membership: Membership, covers_from: Sequence[date], today: date) -> list[Share]:
    wanted = sorted(set(covers_from))
    if not wanted:
        raise NothingChosen(_("No period is chosen. Tick what is paid."), field="periods")
    held = later_covers([membership]).get(membership.member_id, [])
    coming = unpaid_periods(membership, dues_rules(), held)
    chosen = coming[: len(wanted)]
    if [period.covers_from for period in chosen] != wanted:
        refuse_paid(membership, wanted, held)
        message = _("%(name)s has not paid for %(period)s yet. Tick the oldest periods first.")
        words = span_words(coming[0].covers_from, coming[0].covers_until)
        raise OlderPeriodFirst(message % {"name": membership.member.full_name, "period": words}, field="periods")
    if len(within_reach(chosen, today)) < len(chosen):
        raise TooFarAhead(_too_far(membership, today, dues_rules(), held), field="periods")
    return [Share(period, period.baht) for period in chosen]


def _refuse_other_sum(membership: Membership, shares: Sequence[Share], shown: Decimal | None) -> None:
    now = sum((share.amount for share in shares), ZERO)
    if shown is None or shown == now:
        return
    message = _(
        "Something was paid or changed meanwhile: these periods of %(name)s ask %(now)s baht now, not %(shown)s."
        " Nothing was written. Compare with the money that you have, then press once more."
    )
    baht = {"now": format_baht(now), "shown": format_baht(shown)}
    raise OtherSum(message % {"name": membership.member.full_name, **baht}, field="periods")


def shares_of(
    membership: Membership, amount: Decimal, today: date, rules: DuesRules, paid: Sequence[Paid] = ()
) -> list[Share]:
    """What `amount` (baht above nought) pays: whole periods, the oldest first, and a part of the next.

    Raises `TooFarAhead` with the most that can be taken.
    """
    periods = within_reach(unpaid_periods(membership, rules, paid), today)
    if amount > sum(period.baht for period in periods):
        raise TooFarAhead(_too_far(membership, today, rules, paid), field="amount")
    return allocate(amount, periods)


def _too_far(membership: Membership, today: date, rules: DuesRules, paid: Sequence[Paid]) -> str:
    periods = within_reach(unpaid_periods(membership, rules, paid), today)
    message = _(
        "Dues are taken up to %(months)s months ahead: of %(name)s at most %(most)s baht now. Take less, and the rest"
        " later."
    )
    most = format_baht(sum((period.baht for period in periods), ZERO))
    return message % {"months": MONTHS_AHEAD, "name": membership.member.full_name, "most": most}


def refuse_paid(membership: Membership, wanted: Sequence[date], held: Sequence[Paid]) -> None:
    """Raises `PaidAlready`, naming the receipt, when one of these days is covered."""
    held = [*(paid for paid in held if not paid.credit), *_covers_of(membership)]
    for day in wanted:
        label = next((paid.receipt_label for paid in held if paid.covers_from <= day <= paid.covers_until), None)
        if label or day <= membership.paid_through:
            raise PaidAlready(_paid_already(label), field="periods")


def _paid_already(label: str | None) -> str:
    if label is None:
        return _("This period has been paid already. Tick another, or none.")
    return _("This period has been paid already: see receipt no. %(number)s.") % {"number": label}


def _covers_of(membership: Membership) -> list[Paid]:
    rows = DuesPayment.objects.filter(membership=membership, cover__isnull=False).select_related("receipt")
    return [Paid(row.covers_from, row.covers_until, row.receipt.label) for row in rows]


def dues_words(member: Member, share: Share) -> PaperLine:
    """The line of a receipt: whose dues, for which span or which part of it, in both languages."""
    period = share.period
    th, en = (span_words(period.covers_from, period.covers_until, language) for language in ("th", "en"))
    which, of = f"ประจำงวด {th}", f"for {en}"
    if share.is_part:
        which, of = f"บางส่วนของงวด {th}", f"in part for {en}"
    elif period.credit:
        which, of = f"ส่วนที่เหลือของงวด {th}", f"for {en}, the rest"
    return PaperLine(
        f"เงินสมทบสมาชิก เลขที่ {member.number} {which}",
        f"Contribution of member no. {member.number} {of}",
        {"covers_from": period.covers_from, "covers_until": period.covers_until},
    )


@dataclass(frozen=True, slots=True)
class DuesTaken:
    """A payment to write down: who, by which receipt, what of which span, on which day, by whose hand."""

    membership: Membership
    receipt: Receipt
    share: Share
    paid_on: date
    collected_by: User | None
    sheet: CollectionSheet | None = None


def write_payments(taken: Sequence[DuesTaken]) -> None:
    """Write payments, the hold of those that are no part on their spans, and the memberships' paid-through days."""
    payments = DuesPayment.objects.bulk_create([_payment(one) for one in taken], batch_size=2000)
    DuesCover.objects.bulk_create(
        [
            DuesCover(payment=row, member=row.member, covers=DateRange(row.covers_from, row.covers_until, "[]"))
            for row in payments
            if not row.is_part
        ],
        batch_size=2000,
    )
    reckon_paid_through({one.membership.pk: one.membership for one in taken}.values())


def _payment(one: DuesTaken) -> DuesPayment:
    return DuesPayment(
        membership=one.membership,
        member=one.membership.member,
        receipt=one.receipt,
        sheet=one.sheet,
        amount=one.share.amount,
        covers_from=one.share.period.covers_from,
        covers_until=one.share.period.covers_until,
        is_part=one.share.is_part,
        paid_on=one.paid_on,
        collected_by=one.collected_by,
    )


def uncover(payments: Sequence[DuesPayment]) -> None:
    """Let go of the spans of payments whose receipt has become void, with `member` read.

    Where one was a part of what a later payment completed, that span is covered no more either: what was paid besides
    is credit towards it again.
    """
    covers = DuesCover.objects.filter(payment__in=payments)
    held = set(covers.values_list("payment_id", flat=True))
    covers.delete()
    for part in payments:
        if part.pk not in held:
            _uncover_completed(part)


def _uncover_completed(part: DuesPayment) -> None:
    hers = DuesPayment.objects.filter(of_person(part.member), receipt__void__isnull=True)
    met = Q(covers_from__lte=part.covers_until, covers_until__gte=part.covers_from)
    for holder in hers.filter(met, cover__isnull=False).select_related("membership"):
        met = Q(covers_from__lte=holder.covers_until, covers_until__gte=holder.covers_from)
        towards = hers.filter(met & (Q(cover__isnull=True) | Q(pk=holder.pk)))
        if sum(towards.values_list("amount", flat=True)) < _price(holder):
            DuesCover.objects.filter(payment=holder).delete()


def _price(holder: DuesPayment) -> Decimal:
    """What the whole span of a payment costs, by the versions in force on the first days of its periods."""
    coming = dues_rules().periods(holder.membership.joined_on, holder.covers_from)
    periods = takewhile(lambda period: period.covers_from <= holder.covers_until, coming)
    return sum((period.baht for period in periods), ZERO)


def reckon_paid_through(memberships: Iterable[Membership]) -> None:
    """Write the last day of the unbroken cover into each membership whose day moved.

    A double's payments count for the person that it was merged into, whose memberships are reckoned with it.
    """
    memberships = list(memberships)
    survivors = {one.member.merged_into_id for one in memberships} - {None}
    if survivors:
        keys = Membership.objects.filter(member__in=survivors).values_list("pk", flat=True)
        memberships += hold_memberships(set(keys) - {one.pk for one in memberships}).values()
    days = paid_through_of(memberships)
    set_paid_through_of((one, days[one.pk]) for one in memberships if one.paid_through != days[one.pk])

"""CODI's matching rounds: who is in them, how much each brought, and the money as it came."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.commitments import OtherSource, hold_commitment, note_money
from contributions.grants import grant_income
from contributions.models import Commitment, Grant, GrantSource, MatchingRound, RoundMember
from contributions.queries import MOST_MATCHES, ROUND_TH, matched_members
from contributions.verbs import money_verb, receipt_of, refuse_future, refuse_no_amount, refuse_too_much, take_income
from ledger.documents import PaperLine
from ledger.models import Account, Receipt
from members.models import Fund, Member
from office.models import User


class RoundRecorded(DomainError):
    """The round of this number stands in the books."""


class TooFewMembers(DomainError):
    """Fewer members can be matched than the round counts."""


class NoSum(DomainError):
    """A round pays so much for each member, or a sum for all."""


class NotYetCounted(DomainError):
    """Who has a full year on a day to come cannot be known."""


class NoCut(DomainError):
    """The sum received is more than the members' baht together, so it is no cut one."""


@money_verb(receipt_of)
def record_round(
    *,
    number: int,
    cutoff_on: date,
    member_count: int | None,
    baht_per_member: Decimal | None,
    lump: Decimal | None,
    received_from: str,
    received_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
    commitment: Commitment | None = None,
) -> Receipt:
    """A matching round of CODI: so many baht for each of its members, or a sum that is shared among them.

    Who is in it is computed: running members with a full year on `cutoff_on`, at most three matches each, the
    least matched first; all of them, or `member_count` where CODI approved fewer. `lump` alone is a sum for all;
    beside `baht_per_member` it is what came of a sum that was cut. Raises `RoundRecorded`, `TooFewMembers`, `NoSum`,
    `NoCut`, `NotYetCounted`, `TooMuch`, `FutureDate`, `AmountNeeded`, `PeriodClosed`, `OtherSource`, `NotPromised`.
    """
    refuse_future(received_on, today)
    _refuse_cutoff_ahead(cutoff_on, today)
    _refuse_no_sum(baht_per_member, lump)
    promised = hold_commitment(commitment, GrantSource.CODI_MATCHING)
    _refuse_other_round(promised, number)
    Fund.objects.select_for_update().get()  # one round at a time: the next one counts this one's matches
    _refuse_recorded(number)
    members = members_of_round(cutoff_on, member_count)
    _refuse_too_thin(len(members), lump)
    amounts = amounts_of_round(len(members), baht_per_member, lump)
    total = sum(amounts, Decimal("0.00"))
    refuse_too_much(total, "baht_per_member")
    income = grant_income(
        GrantSource.CODI_MATCHING,
        _round_words(number, len(members)),
        total,
        received_from=received_from,
        received_on=received_on,
        place=place,
        reference=reference,
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    matching_round = MatchingRound.objects.create(
        number=number,
        year_be=be_year(received_on),
        cutoff_on=cutoff_on,
        baht_per_member=baht_per_member,
        member_count=len(members),
        lump=lump,
    )
    _write_members(matching_round, members, amounts)
    facts = {"receipt": receipt, "amount": total, "received_on": received_on, "reference": reference}
    Grant.objects.create(source=GrantSource.CODI_MATCHING, matching_round=matching_round, commitment=promised, **facts)
    note_money(promised, receipt, total, received_on, by=by, now=now)
    return receipt


def amounts_of_round(heads: int, baht_per_member: Decimal | None, lump: Decimal | None) -> list[Decimal]:
    """Baht for each of so many members, the first ones first. Raises `NoCut`."""
    if lump is None:
        return [baht_per_member] * heads
    if baht_per_member is not None and lump > heads * baht_per_member:
        message = _(
            "%(count)s members at %(each)s baht make %(whole)s baht, less than the %(sum)s baht received. Leave one of"
            " the two empty."
        )
        figures = {
            "count": f"{heads:,}",
            "each": format_baht(baht_per_member),
            "whole": format_baht(heads * baht_per_member),
            "sum": format_baht(lump),
        }
        raise NoCut(message % figures, field="lump")
    return shared(lump, heads)


def shared(lump: Decimal, heads: int) -> list[Decimal]:
    """A sum shared to the satang; the first ones get the satang that is left over."""
    each, left = divmod(int(lump * 100), heads)
    return [Decimal(each + (place < left)) / 100 for place in range(heads)]


def members_of_round(cutoff_on: date, member_count: int | None = None) -> list[Member]:
    """Who is in a round with this cut-off: all who can be matched, or the first `member_count` of them."""
    eligible = list(matched_members(cutoff_on, MOST_MATCHES))
    wanted = len(eligible) if member_count is None else member_count
    if not 0 < wanted <= len(eligible):
        message = _(
            "%(wanted)s members are wanted, but %(count)s can be matched: they had a full year on %(day)s and fewer"
            " than three matches."
        )
        figures = {"wanted": f"{wanted:,}", "count": f"{len(eligible):,}", "day": format_date(cutoff_on)}
        raise TooFewMembers(message % figures, field="member_count")
    return eligible[:wanted]


def _refuse_too_thin(heads: int, lump: Decimal | None) -> None:
    """A match uses up one of a member's three, so it is at least a satang."""
    if lump is not None and lump * 100 < heads:
        message = _("%(sum)s baht cannot be shared among %(count)s members. Write the sum again.")
        raise NoSum(message % {"sum": format_baht(lump), "count": f"{heads:,}"}, field="lump")


def _refuse_cutoff_ahead(cutoff_on: date, today: date) -> None:
    if cutoff_on > today:
        message = _("%(day)s is still to come, so who has a full year then is not known. Write the cut-off day again.")
        raise NotYetCounted(message % {"day": format_date(cutoff_on)}, field="cutoff")


def _refuse_no_sum(baht_per_member: Decimal | None, lump: Decimal | None) -> None:
    if baht_per_member is None and lump is None:
        raise NoSum(_("Write the baht for each member, or the whole sum."), field="baht_per_member")
    if baht_per_member is not None:
        refuse_no_amount(baht_per_member, "baht_per_member")
    if lump is not None:
        refuse_no_amount(lump, "lump")


def _refuse_other_round(promised: Commitment | None, number: int) -> None:
    if promised is not None and promised.round_number not in (None, number):
        message = _("Round %(promised)s was promised there, and this is round %(number)s. Choose another promise.")
        figures = {"promised": promised.round_number, "number": number}
        raise OtherSource(message % figures, field="commitment")


def _round_words(number: int, heads: int) -> PaperLine:
    return PaperLine(
        f"{ROUND_TH} {number} สมาชิก {heads:,} คน",
        f"State contribution through CODI, round {number}, {heads:,} members",
    )


def _refuse_recorded(number: int) -> None:
    found = Grant.objects.filter(matching_round__number=number).select_related("receipt").first()
    if found is not None:
        message = _(
            "Round %(number)s was recorded already: receipt no. %(receipt)s. Where a second part of its money came,"
            " make that receipt void and record the whole sum."
        )
        raise RoundRecorded(message % {"number": number, "receipt": found.receipt.label}, field="number")
    if MatchingRound.objects.filter(number=number).exists():
        raise RoundRecorded(_("Round %(number)s was recorded already.") % {"number": number}, field="number")


def _write_members(matching_round: MatchingRound, members: Sequence[Member], amounts: Sequence[Decimal]) -> None:
    rows = [
        RoundMember(matching_round=matching_round, member=member, amount=amount)
        for member, amount in zip(members, amounts, strict=True)
    ]
    RoundMember.objects.bulk_create(rows, batch_size=5000)

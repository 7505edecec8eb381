"""What single members paid and received in a span, for any number of them in a fixed number of queries.

It reads persons: a member's own rows and those of the doubles that were merged into her.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words
from contributions.models import DuesPayment, EntryFee
from contributions.periods import span_words
from ledger.models import Receipt
from members.models import Member
from reports.words import in_both
from welfare.models import Claim, ClaimState
from welfare.passbook import benefit_of

ENTRY_FEE = _("Entry fee")
PART: Promise = _("part of %(period)s")


@dataclass(frozen=True, slots=True)
class Paid:
    """Money of a member that the fund has: on which day it changed hands, by which receipt, for what."""

    day: date
    receipt: Receipt
    purpose: Words
    baht: Decimal


@dataclass(frozen=True, slots=True)
class Received:
    """A benefit that was paid to a member."""

    day: date
    benefit: Words
    voucher: str
    baht: Decimal


def persons_of(members: Collection[int]) -> dict[int, int]:
    """The member by the key of each of her rows: her own, and her doubles'."""
    doubles = Member.objects.filter(merged_into__in=members).values_list("pk", "merged_into_id")
    return {key: key for key in members} | dict(doubles)


def paid_by(persons: dict[int, int], first: date, last: date) -> dict[int, list[Paid]]:
    """Dues and entry fees paid from `first` to `last`, by member and in order of days; void receipts left out."""
    found: dict[int, list[Paid]] = {}
    span = {"paid_on__range": (first, last), "receipt__void": None}
    fees = EntryFee.objects.filter(membership__member__in=persons, **span).select_related("receipt", "membership")
    for fee in fees.order_by("pk"):
        one = Paid(fee.paid_on, fee.receipt, in_both(ENTRY_FEE), fee.amount)
        found.setdefault(persons[fee.membership.member_id], []).append(one)
    dues = DuesPayment.objects.filter(member__in=persons, **span).select_related("receipt", "cover").order_by("pk")
    for paid in dues:
        one = Paid(paid.paid_on, paid.receipt, _purpose(paid), paid.amount)
        found.setdefault(persons[paid.member_id], []).append(one)
    for rows in found.values():
        rows.sort(key=_day)
    return found


def _day(row: Paid) -> date:
    return row.day


def _purpose(paid: DuesPayment) -> Words:
    """The period; a payment that covers nothing is a part of it."""
    period = Words(*(span_words(paid.covers_from, paid.covers_until, code) for code in ("th", "en")))
    if hasattr(paid, "cover"):
        return period
    return Words(in_both(PART, period=period.th).th, in_both(PART, period=period.en).en)


def received_by(persons: dict[int, int], first: date, last: date) -> dict[int, list[Received]]:
    """Claims paid from `first` to `last`, by member and in order of days."""
    found: dict[int, list[Received]] = {}
    claims = Claim.objects.filter(member__in=persons, state=ClaimState.PAID, paid_on__range=(first, last))
    for claim in claims.select_related("voucher", "regulation").defer("regulation__document").order_by("paid_on", "pk"):
        voucher = claim.voucher.label if claim.voucher else ""
        one = Received(claim.paid_on, benefit_of(claim), voucher, claim.amount_approved)
        found.setdefault(persons[claim.member_id], []).append(one)
    return found

"""Legs 2 and 3: the municipality's contribution, CODI's start-up grant and matching rounds, other state bodies."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.models import Grant, GrantSource, MatchingRound, RoundMember
from contributions.queries import matched_members
from contributions.verbs import Income, money_verb, receipt_of, refuse_future, refuse_no_amount, take_income
from ledger.accounts import account
from ledger.documents import PaperLine
from ledger.models import Account, AccountRole, Receipt, ReceiptKind
from ledger.posting import LineDraft
from members.models import Fund, Member
from office.models import User

MOST_MATCHES = 3

INCOME_ROLES = {
    GrantSource.MUNICIPALITY: AccountRole.MUNICIPALITY,
    GrantSource.CODI_START_UP: AccountRole.CODI_START_UP,
    GrantSource.CODI_MATCHING: AccountRole.CODI_MATCHING,
    GrantSource.OTHER_STATE: AccountRole.OTHER_STATE,
}
RECEIPT_KINDS = {
    GrantSource.MUNICIPALITY: ReceiptKind.MUNICIPALITY,
    GrantSource.CODI_START_UP: ReceiptKind.CODI,
    GrantSource.CODI_MATCHING: ReceiptKind.CODI,
    GrantSource.OTHER_STATE: ReceiptKind.OTHER,
}
WORDS = {
    GrantSource.MUNICIPALITY: ("เงินสมทบกองทุนสวัสดิการชุมชน ปี {year}", "Municipality's contribution for {year}"),
    GrantSource.CODI_START_UP: ("เงินประเดิมกองทุนสวัสดิการชุมชน", "CODI start-up grant"),
    GrantSource.OTHER_STATE: ("เงินสนับสนุนจากหน่วยงานรัฐ ปี {year}", "Contribution of a state body for {year}"),
}


class RoundRecorded(DomainError):
    """The round of this number stands in the books."""


class TooFewMembers(DomainError):
    """Fewer members can be matched than the round counts."""


class OneOfTwo(DomainError):
    """A round pays so much for each member or a lump, not both and not neither."""


@money_verb(receipt_of)
def record_grant(
    *,
    source: GrantSource,
    received_from: str,
    amount: Decimal,
    received_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
) -> Receipt:
    """Money of the municipality, a start-up grant, or another state body: one receipt, one entry.

    `place`: the bank account or the cash box that it went to. Raises `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(received_on, today)
    refuse_no_amount(amount)
    th, en = (words.format(year=be_year(received_on)) for words in WORDS[source])
    income = _income(
        source,
        PaperLine(th, en),
        amount,
        received_from=received_from,
        received_on=received_on,
        place=place,
        reference=reference,
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    Grant.objects.create(source=source, receipt=receipt, amount=amount, received_on=received_on, reference=reference)
    return receipt


def _income(
    source: GrantSource,
    words: PaperLine,
    amount: Decimal,
    *,
    received_from: str,
    received_on: date,
    place: Account,
    reference: str,
) -> Income:
    return Income(
        date=received_on,
        kind=RECEIPT_KINDS[source],
        party_name=received_from,
        account=place,
        means_reference=reference[:100],
        lines=[(LineDraft(place, account(INCOME_ROLES[source]), amount), words)],
    )


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
) -> Receipt:
    """A matching round of CODI: so many baht for each of its members, or a lump, which is shared among them.

    Who is in it is computed: running members with a full year on `cutoff_on`, at most three matches each, the
    least matched first; all of them, or `member_count` where CODI approved fewer. Raises `RoundRecorded`,
    `TooFewMembers`, `OneOfTwo`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(received_on, today)
    _refuse_both_or_neither(baht_per_member, lump)
    Fund.objects.select_for_update().get()  # one round at a time: the next one counts this one's matches
    _refuse_recorded(number)
    members = members_of_round(cutoff_on, member_count)
    amounts = [baht_per_member] * len(members) if lump is None else shared(lump, len(members))
    total = sum(amounts, Decimal("0.00"))
    source = GrantSource.CODI_MATCHING
    income = _income(
        source,
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
    )
    _write_members(matching_round, members, amounts)
    Grant.objects.create(
        source=source,
        receipt=receipt,
        matching_round=matching_round,
        amount=total,
        received_on=received_on,
        reference=reference,
    )
    return receipt


def _refuse_both_or_neither(baht_per_member: Decimal | None, lump: Decimal | None) -> None:
    if (baht_per_member is None) == (lump is None):
        raise OneOfTwo(_("Write either the baht for each member or the whole sum, not both."), field="baht_per_member")
    refuse_no_amount(baht_per_member if lump is None else lump, "baht_per_member" if lump is None else "lump")


def _round_words(number: int, heads: int) -> PaperLine:
    return PaperLine(
        f"เงินสมทบจากรัฐผ่าน พอช. รอบที่ {number} สมาชิก {heads:,} คน",
        f"State contribution through CODI, round {number}, {heads:,} members",
    )


def _refuse_recorded(number: int) -> None:
    found = Grant.objects.filter(matching_round__number=number).select_related("receipt").first()
    if found is not None:
        message = _("Round %(number)s was recorded already: receipt no. %(receipt)s.")
        raise RoundRecorded(message % {"number": number, "receipt": found.receipt.label}, field="number")
    if MatchingRound.objects.filter(number=number).exists():
        raise RoundRecorded(_("Round %(number)s was recorded already.") % {"number": number}, field="number")


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


def shared(lump: Decimal, heads: int) -> list[Decimal]:
    """A sum shared to the satang; the first ones get the satang that is left over."""
    each, left = divmod(int(lump * 100), heads)
    return [Decimal(each + (place < left)) / 100 for place in range(heads)]


def _write_members(matching_round: MatchingRound, members: Sequence[Member], amounts: Sequence[Decimal]) -> None:
    rows = [
        RoundMember(matching_round=matching_round, member=member, amount=amount)
        for member, amount in zip(members, amounts, strict=True)
    ]
    RoundMember.objects.bulk_create(rows, batch_size=5000)

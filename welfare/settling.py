"""Settling a delivery, in parts and over days: what was delivered is paid with its vouchers, the rest comes back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.verbs import money_verb, refuse_future
from ledger.accounts import advance_account, benefit_account
from ledger.documents import PaperDraft, label, next_numbers, write_vouchers
from ledger.models import Account, Entry, EntryKind, PaymentVoucher
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, post_all
from members.models import Controls
from office.models import User
from welfare.controls import OneHand, controls_level, refuse_paying
from welfare.deliveries import NobodyToDeliver, keep_slips, write_steps
from welfare.models import Claim, Delivery, DeliveryLine, DeliverySettlement
from welfare.paying import (
    VOUCHER_SERIES,
    Recipient,
    paying_line,
    refuse_not_paying,
    resolution_words,
    sealed_id,
    signed_by,
    voucher_line,
)
from welfare.steps import lock_claims, needed_reason, take_step
from welfare.transitions import Action, transition


class NotOnItsWay(DomainError):
    """The claim is none of this delivery's, or is settled already."""


class WrongSettleDay(DomainError):
    """Nobody received the money before it was handed to who carries it."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A claim (its key) whose signed slip is back, and who saw the money handed over.

    `national_id`: 13 digits, asked where a beneficiary receives the money.
    """

    claim: int
    witness: str = ""
    second_witness: str = ""
    is_thumb_print: bool = False
    national_id: str = ""


def settlement_of(request_id: uuid.UUID) -> DeliverySettlement | None:
    """The settlement that this request made before, if it did."""
    return DeliverySettlement.objects.filter(request_id=request_id).first()


@dataclass(slots=True)
class _Settling:
    """What is being settled: the locked claims and their open lines by claim, and who does it when."""

    delivery: Delivery
    advance: Account
    claims: dict[int, Claim]
    lines: dict[int, DeliveryLine]
    on: date
    by: User
    now: datetime
    request_id: uuid.UUID
    numbers: list[int] = field(default_factory=list)

    def of(self, keys: Sequence[int]) -> list[Claim]:
        return [self.claims[key] for key in sorted(keys)]


@money_verb(settlement_of)
def settle(
    *,
    delivery: Delivery,
    settled_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    delivered: Sequence[Delivered] = (),
    returned: Mapping[int, str] | None = None,
    returned_to: Account | None = None,
    papers: Sequence[File] = (),
) -> DeliverySettlement:
    """Some or all lines of a delivery are at an end: signed slips are back and the claims paid, or the money is back.

    `returned`: claims' keys and why each was not delivered; they are to be paid once more. Each claim has a voucher;
    the delivery of a list has one for all. `papers` are photographs of the slips. Raises `NobodyToDeliver`,
    `NotOnItsWay`, `NotNow`, `NotYours`, `OwnClaim`, `OneHand`, `RecipientId`, `WitnessNeeded`, `ReasonNeeded`,
    `NotAPayingAccount`, `FutureDate`, `WrongSettleDay`, `PeriodClosed`, `FileRefused`.
    """
    back = {key: needed_reason(reason) for key, reason in (returned or {}).items()}
    keys = [*(one.claim for one in delivered), *back]
    claims = {claim.pk: claim for claim in lock_claims(keys)}
    lines = _open_lines(delivery, keys)
    _refuse_settling(delivery, [claims[one.claim] for one in delivered], returned_to, settled_on, by=by, today=today)
    if back:
        refuse_not_paying(returned_to, field="returned_to")
    hold_open_month(settled_on)
    settling = _Settling(delivery, advance_account(delivery.carrier), claims, lines, settled_on, by, now, request_id)
    drafts = _voucher_drafts(settling, delivered)
    entries = _post_settlement(settling, drafts, back, returned_to)
    vouchers = _write_vouchers(settling, drafts, entries)
    settlement = _write_settlement(settling, back, returned_to, entries)
    _pay(settling, delivered, vouchers, settlement, today=today)
    _take_back(settling, back, settlement, today=today)
    keep_slips(delivery, papers, by=by, now=now, request_id=request_id)
    return settlement


def _open_lines(delivery: Delivery, keys: list[int]) -> dict[int, DeliveryLine]:
    """The open lines of these claims, by claim; their rows are guarded by the claims' locks."""
    if not keys:
        raise NobodyToDeliver(_("Tick at least one line: its slip is back, or its money is."))
    found = DeliveryLine.objects.filter(delivery=delivery, settlement=None, claim__in=keys)
    lines = {line.claim_id: line for line in found}
    if len(lines) != len(keys):
        message = _(
            "Somebody has written down meanwhile what became of one of these claims (delivery %(number)s), or it is"
            " ticked twice. Look at the list once more; nothing was written."
        )
        raise NotOnItsWay(message % {"number": delivery.label})
    return lines


def _refuse_settling(
    delivery: Delivery, delivered: list[Claim], returned_to: Account | None, on: date, *, by: User, today: date
) -> None:
    level = controls_level()
    refuse_future(on, today)
    if on < delivery.handed_on:
        message = _("The money was handed over on %(day)s; nobody received it before that.")
        raise WrongSettleDay(message % {"day": format_date(delivery.handed_on)}, field="date")
    if by.pk == delivery.carrier_id and level != Controls.SMALL:
        raise OneHand(_("You carried this money yourself: another treasurer takes the slips and the money back."))
    for claim in delivered:
        transition(claim, Action.PAY, by)
        refuse_paying(claim, by, level)


def _voucher_drafts(settling: _Settling, delivered: Sequence[Delivered]) -> list[tuple[PaperDraft, list[Claim]]]:
    """What each voucher will say, with its claims: one for each claim, or one for all of a list."""
    if not delivered:
        return []
    if settling.delivery.benefit_list_id is not None:
        return [_annexed(settling, delivered)]
    return [_draft_of(settling, one) for one in sorted(delivered, key=lambda one: one.claim)]


def _draft_of(settling: _Settling, one: Delivered) -> tuple[PaperDraft, list[Claim]]:
    claim = settling.claims[one.claim]
    sealed = sealed_id(claim, Recipient(claim.recipient_name, one.national_id))
    draft = PaperDraft(
        date=settling.on,
        party_name=claim.recipient_name,
        account=settling.advance,
        request_id=uuid.uuid5(settling.request_id, f"voucher {claim.pk}"),
        lines=[voucher_line(claim)],
        member=claim.member,
        extra={"recipient_id_encrypted": sealed, "resolution_label": resolution_words(claim), **_witnesses(one)},
    )
    return draft, [claim]


def _annexed(settling: _Settling, delivered: Sequence[Delivered]) -> tuple[PaperDraft, list[Claim]]:
    """One voucher for all: who received stands in the signed sheet that is its annex."""
    claims = settling.of([one.claim for one in delivered])
    seen = [_witnesses(one) for one in delivered]
    party = _("%(count)d people, as in the annexed sheet of list %(list)s")
    draft = PaperDraft(
        date=settling.on,
        party_name=party % {"count": len(claims), "list": settling.delivery.benefit_list.label},
        account=settling.advance,
        request_id=uuid.uuid5(settling.request_id, "voucher"),
        lines=[voucher_line(claim) for claim in claims],
        extra={
            # who appealed is granted by a later resolution than the others of her list
            "resolution_label": ", ".join(dict.fromkeys(resolution_words(claim) for claim in claims))[:60],
            **next((signed for signed in seen if signed["is_thumb_print"]), seen[0]),
        },
    )
    return draft, claims


def _witnesses(one: Delivered) -> dict[str, Any]:
    return signed_by(one.witness, one.second_witness, is_thumb_print=one.is_thumb_print)


def _post_settlement(
    settling: _Settling,
    drafts: list[tuple[PaperDraft, list[Claim]]],
    back: Mapping[int, str],
    returned_to: Account | None,
) -> list[Entry]:
    """The entries, in the order of the vouchers; last the money that came back, where some did."""
    year = be_year(settling.on)
    settling.numbers = list(next_numbers(VOUCHER_SERIES, year, len(drafts))) if drafts else []
    posts = [
        EntryDraft(
            date=settling.on,
            kind=EntryKind.PAYMENT,
            lines=[paying_line(claim, benefit_account(claim.category), settling.advance) for claim in claims],
            posted_by=settling.by,
            memo=_("Delivery %(number)s, by %(carrier)s") % _named(settling.delivery),
            document_kind="voucher",
            document_number=label(year, number),
            request_id=draft.request_id,
        )
        for number, (draft, claims) in zip(settling.numbers, drafts, strict=True)
    ]
    if returned_to is not None and back:
        posts.append(
            EntryDraft(
                date=settling.on,
                kind=EntryKind.TRANSFER,
                lines=[paying_line(claim, returned_to, settling.advance) for claim in settling.of(list(back))],
                posted_by=settling.by,
                memo=_("Delivery %(number)s: money back from %(carrier)s") % _named(settling.delivery),
                document_kind="delivery",
                document_number=settling.delivery.label,
                request_id=uuid.uuid5(settling.request_id, "returned"),
            )
        )
    return post_all(posts, posted_at=settling.now)


def _named(delivery: Delivery) -> dict[str, str]:
    return {"number": delivery.label, "carrier": delivery.carrier.display_name}


def _write_vouchers(
    settling: _Settling, drafts: list[tuple[PaperDraft, list[Claim]]], entries: list[Entry]
) -> dict[int, PaymentVoucher]:
    """The vouchers, by claim."""
    written = write_vouchers(
        [
            (draft, number, entry, entry.posted_lines)
            for (draft, _claims), number, entry in zip(drafts, settling.numbers, entries[: len(drafts)], strict=True)
        ],
        by=settling.by,
        issued_at=settling.now,
    )
    return {claim.pk: voucher for voucher, (_draft, claims) in zip(written, drafts, strict=True) for claim in claims}


def _write_settlement(
    settling: _Settling, back: Mapping[int, str], returned_to: Account | None, entries: list[Entry]
) -> DeliverySettlement:
    came_back = sum((settling.lines[key].amount for key in back), ZERO)
    return DeliverySettlement.objects.create(
        request_id=settling.request_id,
        delivery=settling.delivery,
        settled_on=settling.on,
        returned=came_back,
        returned_to=returned_to if back else None,
        return_entry=entries[-1] if back else None,
        settled_by=settling.by,
        settled_at=settling.now,
    )


def _pay(
    settling: _Settling,
    delivered: Sequence[Delivered],
    vouchers: Mapping[int, PaymentVoucher],
    settlement: DeliverySettlement,
    *,
    today: date,
) -> None:
    for claim in settling.of([one.claim for one in delivered]):
        line = settling.lines[claim.pk]
        line.outcome, line.settlement, line.voucher = DeliveryLine.Outcome.DELIVERED, settlement, vouchers[claim.pk]
        line.save(update_fields=["outcome", "settlement", "voucher"])
        claim.voucher, claim.paid_by, claim.paid_on = vouchers[claim.pk], settling.by, settling.on
        saved = ("voucher", "paid_by", "paid_on")
        take_step(claim, Action.PAY, by=settling.by, today=today, now=settling.now, saved=saved)


def _take_back(settling: _Settling, back: Mapping[int, str], settlement: DeliverySettlement, *, today: date) -> None:
    for claim in settling.of(list(back)):
        line = settling.lines[claim.pk]
        line.outcome, line.settlement, line.reason = DeliveryLine.Outcome.RETURNED, settlement, back[claim.pk][:300]
        line.save(update_fields=["outcome", "settlement", "reason"])
        write_steps([claim], "money-back", line.reason, by=settling.by, today=today, now=settling.now)

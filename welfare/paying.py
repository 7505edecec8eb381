"""Paying an approved claim, and taking a payment back: one voucher, one entry, one transaction."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import check_national_id, encrypt_id, is_demo_number
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.verbs import money_verb, refuse_future, refuse_overdrawn
from ledger.accounts import benefit_account
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_vouchers
from ledger.models import (
    Account,
    AccountRole,
    Entry,
    EntryKind,
    PaymentMeans,
    PaymentVoucher,
)
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Fund, Meeting
from office.models import User
from welfare.controls import controls_level, refuse_paying
from welfare.models import Claim, ClaimState
from welfare.on_the_way import refuse_bound, refuse_fund_short
from welfare.regulations import version_on
from welfare.rules.document import BenefitTerms
from welfare.steps import lock_claim, take_step
from welfare.transitions import Action, transition

VOUCHER_SERIES = "voucher"
PAYING_ROLES = (AccountRole.CASH, AccountRole.BANK)


class PaidAlready(DomainError):
    """Somebody paid this claim before; who and when is told."""


class NotAPayingAccount(DomainError):
    """Claims are paid out of the cash box or a bank account."""


class WrongMeans(DomainError):
    """Out of the cash box goes cash; a transfer or a cheque comes out of the bank."""


class RecipientId(DomainError):
    """The recipient's ID number is needed, or doubtful."""


class WrongPayDay(DomainError):
    """A payment before its decision."""


class WitnessNeeded(DomainError):
    """A thumb print is made before two witnesses."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the money in the hand. `national_id`: 13 digits; asked where it is not the member herself."""

    name: str
    national_id: str = ""
    address: str = ""
    phone: str = ""


def voucher_of(request_id: uuid.UUID) -> PaymentVoucher | None:
    """The voucher that this request wrote before, if it did."""
    return PaymentVoucher.objects.filter(request_id=request_id).first()


@money_verb(voucher_of)
def pay_claim(
    *,
    claim: Claim,
    account: Account,
    paid_on: date,
    recipient: Recipient,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    means: PaymentMeans = PaymentMeans.CASH,
    means_reference: str = "",
    witness: str = "",
    second_witness: str = "",
    is_thumb_print: bool = False,
) -> PaymentVoucher:
    """Pay an approved claim out of the cash box or a bank account: voucher, entry and PAID, or nothing at all.

    The same request pays once. Raises `PaidAlready` (by whom and when), `NotNow`, `NotYours`, `OwnClaim`, `OneHand`,
    `MoneyElsewhere`, `NotAPayingAccount`, `WrongMeans`, `RecipientId`, `WitnessNeeded`, `FutureDate`,
    `WrongPayDay`, `PeriodClosed`, `NotEnoughMoney`, `FundOverdrawn`.
    """
    claim = lock_claim(claim)
    if claim.state == ClaimState.PAID and claim.voucher.request_id == request_id:
        return claim.voucher
    refuse_paid(claim)
    refuse_bound([claim])
    refuse_wrong_means(account, means)
    signed = signed_by(witness, second_witness, is_thumb_print=is_thumb_print)
    payment = Payment(account, paid_on, recipient, means, means_reference, signed)
    return pay_locked(claim, payment, by=by, today=today, now=now, request_id=request_id)


@dataclass(frozen=True, slots=True)
class Payment:
    """One claim's payment: out of which account, when, to whom, how; `signed` as `signed_by` says it."""

    account: Account
    paid_on: date
    recipient: Recipient
    means: PaymentMeans = PaymentMeans.CASH
    means_reference: str = ""
    signed: dict[str, Any] = field(default_factory=dict)


def pay_locked(
    claim: Claim, payment: Payment, *, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> PaymentVoucher:
    """Pay a claim whose row is locked, inside the caller's transaction. Raises what `pay_claim` does."""
    account, paid_on = payment.account, payment.paid_on
    transition(claim, Action.PAY, by)
    refuse_paying(claim, by, controls_level())
    check_payment(claim, account, paid_on, today)
    sealed = sealed_id(claim, payment.recipient)
    hold_open_month(paid_on)
    year = be_year(paid_on)
    number = next_numbers(VOUCHER_SERIES, year)[0]
    entry = _post_payment(claim, account, paid_on, label(year, number), request_id, by=by, now=now)
    refuse_overdrawn(account)
    refuse_fund_short([claim.restricted_fund])
    paper = _voucher_draft(claim, payment, request_id)
    paper = replace(paper, extra={**(paper.extra or {}), "recipient_id_encrypted": sealed, **payment.signed})
    claim.voucher = write_vouchers([(paper, number, entry, entry.posted_lines)], by=by, issued_at=now)[0]
    claim.paid_by, claim.paid_on = by, paid_on
    take_step(claim, Action.PAY, by=by, today=today, now=now, saved=("voucher", "paid_by", "paid_on"))
    return claim.voucher


def _voucher_draft(claim: Claim, payment: Payment, request_id: uuid.UUID) -> PaperDraft:
    recipient = payment.recipient
    return PaperDraft(
        date=payment.paid_on,
        party_name=recipient.name or claim.recipient_name,
        party_address=recipient.address,
        party_phone=recipient.phone,
        account=payment.account,
        request_id=request_id,
        lines=[voucher_line(claim)],
        means=payment.means,
        means_reference=payment.means_reference,
        member=claim.member,
        extra={"resolution_label": resolution_words(claim)},
    )


def resolution_words(claim: Claim) -> str:
    """The resolution as the voucher names it; an urgent grant is paid ahead of the meeting that ratifies it.

    Committee and general meetings are numbered each by themselves, so a general meeting is named as one.
    """
    if claim.resolution is None:
        return _("Urgent, before the meeting")
    meeting = claim.resolution.meeting
    kind = f"{meeting.get_kind_display()} " if meeting.kind == Meeting.Kind.GENERAL else ""
    return f"{kind}{claim.resolution.label}"


def signed_by(witness: str, second_witness: str, *, is_thumb_print: bool) -> dict[str, Any]:
    """Who saw the receiver sign, as a voucher keeps it. Raises `WitnessNeeded`: a thumb print takes two."""
    if is_thumb_print and not (witness and second_witness):
        message = _("A thumb print is made before two witnesses. Write the names of both.")
        raise WitnessNeeded(message, field="second_witness" if witness else "witness")
    return {"witness_name": witness, "second_witness_name": second_witness, "is_thumb_print": is_thumb_print}


def refuse_paid(claim: Claim) -> None:
    """Raises `PaidAlready`, with who paid and when."""
    if claim.state == ClaimState.PAID:
        message = _("%(name)s paid claim %(number)s on %(day)s (voucher %(voucher)s). Nothing was paid a second time.")
        told = {"name": claim.paid_by.display_name, "number": claim.label, "voucher": claim.voucher.label}
        raise PaidAlready(message % {**told, "day": format_date(claim.paid_on)})


def refuse_not_paying(account: Account | None, *, field: str = "account") -> None:
    """Raises `NotAPayingAccount` for what is neither the cash box nor an open bank account."""
    if account is None or account.role not in PAYING_ROLES or not account.is_open:
        raise NotAPayingAccount(_("Choose the cash box or an open bank account of the fund."), field=field)


def refuse_wrong_means(account: Account | None, means: PaymentMeans) -> None:
    """Raises `WrongMeans` for a transfer or a cheque out of the cash box; cash may be drawn from the bank for it."""
    if account is not None and account.role == AccountRole.CASH and means != PaymentMeans.CASH:
        message = _("Money in the cash box is paid in cash. For a transfer or a cheque choose the bank account.")
        raise WrongMeans(message, field="account")


def check_payment(claim: Claim, account: Account, paid_on: date, today: date) -> None:
    """Raises `NotAPayingAccount`, `FutureDate`, `WrongPayDay`."""
    refuse_not_paying(account)
    refuse_future(paid_on, today)
    if paid_on < claim.decided_on:
        message = _("The claim was approved on %(decided)s; it cannot be paid on %(day)s, before that.")
        days = {"decided": format_date(claim.decided_on), "day": format_date(paid_on)}
        raise WrongPayDay(message % days, field="date")


def sealed_id(claim: Claim, recipient: Recipient) -> str:
    """The recipient's ID, sealed: the member's own as registered, another person's as asked at the payment.

    Raises `RecipientId`.
    """
    benefit = benefit_of(claim)
    to_member = benefit is None or benefit.recipient == "member"
    if not recipient.national_id:
        if to_member and claim.recipient_name == claim.member.full_name:
            return claim.member.national_id_encrypted
        if benefit is not None and benefit.recipient == "beneficiary":
            message = _(
                "Ask for the ID card of %(name)s and write its 13 digits: the voucher shows who received the money."
            )
            raise RecipientId(message % {"name": recipient.name or claim.recipient_name}, field="national_id")
        return ""
    check = check_national_id(recipient.national_id)
    if not check.ok:
        message = _("%(problem)s Compare it with the card and write it again.")
        raise RecipientId(message % {"problem": check.message}, field="national_id")
    if is_demo_number(recipient.national_id) and not Fund.objects.filter(is_demo=True).exists():
        raise RecipientId(
            _("This number has the province code 00, which only invented people have. Copy it from the card again."),
            field="national_id",
        )
    return encrypt_id(recipient.national_id)


def _post_payment(
    claim: Claim, account: Account, paid_on: date, number: str, request_id: uuid.UUID, *, by: User, now: datetime
) -> Entry:
    line = paying_line(claim, benefit_account(claim.category), account)
    draft = EntryDraft(
        date=paid_on,
        kind=EntryKind.PAYMENT,
        lines=[line],
        posted_by=by,
        memo=_("Claim %(number)s, %(name)s") % {"number": claim.label, "name": claim.member.full_name},
        document_kind="voucher",
        document_number=number,
        request_id=request_id,
    )
    return post(draft, posted_at=now)


def paying_line(claim: Claim, debit: Account, credit: Account) -> LineDraft:
    """The approved sum of a claim from one account to another, for its member, community and restricted fund."""
    return LineDraft(
        debit=debit,
        credit=credit,
        amount=claim.amount_approved or Decimal(0),
        community=claim.community,
        member=claim.member,
        restricted_fund=claim.restricted_fund,
    )


def benefit_of(claim: Claim) -> BenefitTerms | None:
    """The benefit as the version that judged the claim has it."""
    return version_on(claim.event_from).benefit(claim.benefit_code) if claim.regulation_id else None


def benefit_names(claim: Claim) -> tuple[str, str]:
    """The benefit's Thai and English name in the version that judged the claim; the category where there is none."""
    benefit = benefit_of(claim)
    if benefit is None:
        return str(claim.get_category_display()), str(claim.get_category_display())
    return benefit.name.th, benefit.name.en


def voucher_line(claim: Claim) -> PaperLine:
    """What the money is for, in both languages: benefit, whose, for which child, the days; never a diagnosis."""
    thai, english = benefit_names(claim)
    until = claim.event_until if claim.event_until and claim.event_until != claim.event_from else None
    days = {
        language: format_date(claim.event_from, "short", language)
        + (f" – {format_date(until, 'short', language)}" if until else "")
        for language in ("th", "en")
    }
    who, child = claim.member, claim.child
    for_thai, for_english = (f" สำหรับ {child.name}", f" for {child.name}") if child else ("", "")
    return PaperLine(
        text_th=f"{thai} {who.full_name} (เลขที่สมาชิก {who.number}){for_thai} {days['th']}"[:250],
        text_en=f"{english}, {who.full_name} (member no. {who.number}){for_english}, {days['en']}"[:250],
        extra={"claim_number": claim.label},
    )

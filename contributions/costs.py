"""Running costs, costs of the annual event, public benefit: each with its voucher."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import File
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year
from contributions.closing_checks import COST
from contributions.events import hold_open_event
from contributions.models import Campaign, RunningCost
from contributions.verbs import means_of, money_verb, refuse_future, refuse_no_amount, refuse_overdrawn
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_vouchers
from ledger.models import Account, AccountRole, EntryKind, PaymentVoucher, RestrictedFund
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from ledger.restricted import refuse_closed_fund, refuse_fund_overdrawn
from office.attachments import keep_attachment
from office.models import User

COST_ROLES = (AccountRole.ADMINISTRATION, AccountRole.EVENT_COST, AccountRole.PUBLIC_BENEFIT)


class ResolutionNeeded(DomainError):
    """Money for public benefit is spent by a resolution."""


class NotOfTheEvent(DomainError):
    """Only a cost of the annual event names an event: its net result is income less these costs."""


def voucher_of(request_id: uuid.UUID) -> PaymentVoucher | None:
    return PaymentVoucher.objects.filter(request_id=request_id).first()


@money_verb(voucher_of)
def pay_cost(
    *,
    cost_account: Account,
    description: str,
    payee: str,
    amount: Decimal,
    paid_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    shop_receipt: str = "",
    resolution_label: str = "",
    restricted_fund: RestrictedFund | None = None,
    campaign: Campaign | None = None,
    papers: Sequence[File] = (),
) -> PaymentVoucher:
    """Pay a cost out of the cash box or a bank account, with a numbered voucher.

    `shop_receipt`: the number of the shop's paper; without one a certificate in lieu of it is printed and signed.
    `restricted_fund`: the fund that the money was set aside in; None: the general one. `campaign`: the event
    that it was spent on. `papers` are photographs.
    Raises `NotEnoughMoney`, `FundOverdrawn`, `FundClosed`, `ResolutionNeeded`, `NotOfTheEvent`, `EventClosed`,
    `FutureDate`, `AmountNeeded`, `FileRefused`, `PeriodClosed`.
    """
    refuse_future(paid_on, today)
    refuse_no_amount(amount)
    _refuse_no_resolution(cost_account, resolution_label)
    _hold_event(campaign, cost_account)
    if restricted_fund is not None:
        refuse_closed_fund(restricted_fund)
    hold_open_month(paid_on)
    number = next_numbers("voucher", be_year(paid_on))[0]
    entry = post(
        EntryDraft(
            date=paid_on,
            kind=EntryKind.PAYMENT,
            lines=[LineDraft(cost_account, place, amount, restricted_fund=restricted_fund)],
            posted_by=by,
            document_kind="voucher",
            document_number=label(be_year(paid_on), number),
            request_id=request_id,
        ),
        posted_at=now,
    )
    refuse_overdrawn(place)
    if restricted_fund is not None:
        refuse_fund_overdrawn(restricted_fund)
    draft = PaperDraft(
        date=paid_on,
        party_name=payee,
        account=place,
        request_id=request_id,
        lines=[_words(cost_account, description)],
        means=means_of(place),
        extra={"resolution_label": resolution_label},
    )
    voucher = write_vouchers([(draft, number, entry, entry.posted_lines)], by=by, issued_at=now)[0]
    facts = {"cost_account": cost_account, "amount": amount, "paid_on": paid_on, "shop_receipt": shop_receipt}
    cost = RunningCost.objects.create(voucher=voucher, campaign=campaign, recorded_at=now, **facts)
    add_cost_papers(cost, papers, by=by, now=now, request_id=request_id)
    return voucher


def add_cost_papers(
    cost: RunningCost, papers: Sequence[File], *, by: User, now: datetime, request_id: uuid.UUID
) -> None:
    """Photographs of the shop's receipt or of the signed certificate, now or later. Raises `FileRefused`."""
    for place, file in enumerate(papers):
        keep_attachment(
            file,
            owner_kind=COST,
            owner_id=cost.pk,
            purpose="cost",
            by=by,
            now=now,
            request_id=uuid.uuid5(request_id, f"paper {place}"),
            field="papers",
        )


def _hold_event(campaign: Campaign | None, cost_account: Account) -> None:
    """Lock the event that a cost names, before the month."""
    if campaign is None:
        return
    if cost_account.role != AccountRole.EVENT_COST:
        message = _("Only a cost of the annual event names an event. Choose that kind of cost, or no event.")
        raise NotOfTheEvent(message, field="campaign")
    hold_open_event(campaign)


def _refuse_no_resolution(cost_account: Account, resolution_label: str) -> None:
    if cost_account.role == AccountRole.PUBLIC_BENEFIT and not resolution_label:
        message = _("Public benefit is paid by a resolution. Write its meeting and number, for example 3/2563 (2).")
        raise ResolutionNeeded(message, field="resolution")


def _words(cost_account: Account, description: str) -> PaperLine:
    return PaperLine(f"{cost_account.name_th}: {description}"[:250], f"{cost_account.name_en}: {description}"[:250])

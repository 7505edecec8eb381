"""Running costs, costs of the annual event, public benefit: each with its voucher."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year
from contributions.models import RunningCost
from contributions.verbs import means_of, money_verb, refuse_future, refuse_no_amount, refuse_overdrawn
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_vouchers
from ledger.models import Account, AccountRole, EntryKind, PaymentVoucher
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from office.models import User

COST_ROLES = (AccountRole.ADMINISTRATION, AccountRole.EVENT_COST, AccountRole.PUBLIC_BENEFIT)


class ResolutionNeeded(DomainError):
    """Money for public benefit is spent by a resolution."""


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
) -> PaymentVoucher:
    """Pay a cost out of the cash box or a bank account, with a numbered voucher.

    `shop_receipt`: the number of the shop's paper; without one the voucher stands as the certificate in lieu.
    Raises `NotEnoughMoney`, `ResolutionNeeded`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(paid_on, today)
    refuse_no_amount(amount)
    _refuse_no_resolution(cost_account, resolution_label)
    hold_open_month(paid_on)
    number = next_numbers("voucher", be_year(paid_on))[0]
    entry = post(
        EntryDraft(
            date=paid_on,
            kind=EntryKind.PAYMENT,
            lines=[LineDraft(cost_account, place, amount)],
            posted_by=by,
            document_kind="voucher",
            document_number=label(be_year(paid_on), number),
            request_id=request_id,
        ),
        posted_at=now,
    )
    refuse_overdrawn(place)
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
    RunningCost.objects.create(voucher=voucher, recorded_at=now, **facts)
    return voucher


def _refuse_no_resolution(cost_account: Account, resolution_label: str) -> None:
    if cost_account.role == AccountRole.PUBLIC_BENEFIT and not resolution_label:
        message = _("Public benefit is paid by a resolution. Write its meeting and number, for example 3/2563 (2).")
        raise ResolutionNeeded(message, field="resolution")


def _words(cost_account: Account, description: str) -> PaperLine:
    return PaperLine(f"{cost_account.name_th}: {description}"[:250], f"{cost_account.name_en}: {description}"[:250])

"""Entries, shirts, tables sold at an event: each sale with its receipt, and never more than there are."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import exact_baht, format_baht
from bansong_fund.lib.thai_text import normalise
from contributions.events import hold_open_event
from contributions.gifts import ANONYMOUS
from contributions.models import Campaign, Contributor, Sale, SaleItem
from contributions.queries.events import with_sold
from contributions.verbs import (
    Income,
    money_verb,
    receipt_of,
    refuse_future,
    refuse_no_amount,
    refuse_too_much,
    take_income,
)
from ledger.accounts import account
from ledger.documents import PaperLine
from ledger.models import Account, AccountRole, Receipt, ReceiptKind
from ledger.posting import LineDraft
from office.models import User


class SoldOut(DomainError):
    """More would be sold than there are."""


def item_of(request_id: uuid.UUID) -> SaleItem | None:
    return SaleItem.objects.filter(request_id=request_id).first()


@money_verb(item_of)
def add_item(
    *,
    campaign: Campaign,
    kind: str,
    name: str,
    price: Decimal,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    stock: int | None = None,
) -> SaleItem:
    """What is sold at an event; `price` in baht, `stock` pieces or None for no limit. Raises `AmountNeeded`,
    `EventClosed`.
    """
    refuse_no_amount(price, "price")
    held = hold_open_event(campaign)
    facts = {"kind": kind, "name": normalise(name), "price": price, "stock": stock}
    return SaleItem.objects.create(campaign=held, request_id=request_id, **facts)


@money_verb(lambda _request_id: None)
def change_item(
    *,
    item: SaleItem,
    kind: str,
    name: str,
    price: Decimal,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    stock: int | None = None,
) -> SaleItem:
    """Correct an item; what was sold keeps its price. Raises `SoldOut` below what is sold, `EventClosed`."""
    refuse_no_amount(price, "price")
    hold_open_event(item.campaign)
    held = SaleItem.objects.select_for_update().get(pk=item.pk)
    if stock is not None and (sold := _sold(held)) > stock:
        message = _("%(sold)s are sold already, so there cannot be only %(stock)s.")
        raise SoldOut(message % {"sold": sold, "stock": stock}, field="stock")
    held.kind, held.name, held.price, held.stock = kind, normalise(name), price, stock
    held.save()
    return held


@money_verb(receipt_of)
def sell(
    *,
    item: SaleItem,
    quantity: int,
    sold_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    buyer_name: str = "",
    contributor: Contributor | None = None,
    reference: str = "",
) -> Receipt:
    """So many of an item, with one receipt: income of the event.

    Raises `SoldOut`, `AmountNeeded`, `TooMuch`, `FutureDate`, `EventClosed`, `PeriodClosed`.
    """
    refuse_future(sold_on, today)
    refuse_no_amount(Decimal(quantity), "quantity")
    campaign = hold_open_event(item.campaign)
    held = SaleItem.objects.select_for_update().get(pk=item.pk)
    _refuse_sold_out(held, quantity)
    refuse_too_much(held.price * quantity, "quantity")
    amount = exact_baht(held.price * quantity)
    buyer = contributor.name if contributor else normalise(buyer_name)
    number = contributor.number if contributor else None
    line = LineDraft(place, account(AccountRole.EVENT_INCOME), amount, contributor_number=number)
    income = Income(
        date=sold_on,
        kind=ReceiptKind.OTHER,
        party_name=buyer or ANONYMOUS,
        account=place,
        means_reference=reference,
        contributor_number=number,
        lines=[(line, _words(campaign, held, quantity))],
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    facts = {"quantity": quantity, "amount": amount, "sold_on": sold_on, "buyer_name": buyer}
    Sale.objects.create(item=held, contributor=contributor, receipt=receipt, **facts)
    return receipt


def _words(campaign: Campaign, item: SaleItem, quantity: int) -> PaperLine:
    sold = f"{item.name} {quantity} × {format_baht(item.price)}"
    return PaperLine(f"{campaign.name_th}: {sold}"[:250], f"{campaign.name_en}: {sold}"[:250])


def _sold(item: SaleItem) -> int:
    """Pieces whose receipts hold: a void puts them back into the stock."""
    return with_sold(SaleItem.objects.filter(pk=item.pk)).get().sold


def _refuse_sold_out(item: SaleItem, quantity: int) -> None:
    if item.stock is None or (left := item.stock - _sold(item)) >= quantity:
        return
    message = _("Of “%(name)s” only %(left)s are left, so %(quantity)s cannot be sold.")
    raise SoldOut(message % {"name": item.name, "left": left, "quantity": quantity}, field="quantity")

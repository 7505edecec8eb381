"""Pledges (แจ้งความจำนงบริจาค): written down, fulfilled by one gift or several, or given up. No claim of the fund."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import format_date
from contributions.events import hold_event, hold_open_event
from contributions.gifts import ContributorFacts, find_or_make_contributor, take_gift
from contributions.models import Campaign, Pledge
from contributions.queries.events import with_paid
from contributions.verbs import money_verb, receipt_of, refuse_future, refuse_no_amount
from ledger.documents import ReasonNeeded
from ledger.models import Account, Receipt
from office.models import User


class PledgeNotOpen(DomainError):
    """The pledge is fulfilled, or was given up."""


class DueBeforePledged(DomainError):
    """The day by which it is to come lies before the pledge."""


class BeforeThePledge(DomainError):
    """The money of a pledge comes after it."""


def pledge_of(request_id: uuid.UUID) -> Pledge | None:
    return Pledge.objects.filter(request_id=request_id).first()


@money_verb(pledge_of)
def write_pledge(
    *,
    contributor: ContributorFacts,
    amount: Decimal,
    pledged_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    campaign: Campaign | None = None,
    due_on: date | None = None,
) -> Pledge:
    """What somebody says she will give; nothing is booked.

    Raises `FutureDate`, `AmountNeeded`, `DueBeforePledged`, `EventClosed`, `SameName`.
    """
    refuse_future(pledged_on, today)
    refuse_no_amount(amount)
    if due_on is not None and due_on < pledged_on:
        message = _("%(due)s lies before the day of the pledge, %(day)s.")
        words = {"due": format_date(due_on), "day": format_date(pledged_on)}
        raise DueBeforePledged(message % words, field="due_on")
    held = None if campaign is None else hold_open_event(campaign)
    giver = find_or_make_contributor(contributor, on=pledged_on)
    facts = {"amount": amount, "pledged_on": pledged_on, "due_on": due_on, "request_id": request_id}
    return Pledge.objects.create(contributor=giver, campaign=held, **facts)


@money_verb(receipt_of)
def pay_pledge(
    *,
    pledge: Pledge,
    income_account: Account,
    amount: Decimal,
    received_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
) -> Receipt:
    """Money for a pledge, all of it or a part; more than was pledged is a gift all the same.

    It is a gift at the pledge's event, or, once that is closed, without one. Raises `PledgeNotOpen`,
    `BeforeThePledge`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(received_on, today)
    refuse_no_amount(amount)
    event = None if pledge.campaign is None else hold_event(pledge.campaign)
    held = _hold_open_pledge(pledge)
    if received_on < held.pledged_on:
        message = _("The pledge is of %(day)s. Its money cannot have come before.")
        raise BeforeThePledge(message % {"day": format_date(held.pledged_on)}, field="date")
    giver = held.contributor
    gift = take_gift(
        contributor=ContributorFacts(name=giver.name, number=giver.number),
        income_account=income_account,
        amount=amount,
        received_on=received_on,
        place=place,
        campaign=event if event is not None and event.closed_on is None else None,
        pledge=held,
        reference=reference,
        by=by,
        now=now,
        request_id=request_id,
    )
    return gift.receipt


@money_verb(lambda _request_id: None)
def give_up_pledge(
    *, pledge: Pledge, reason: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> Pledge:
    """What is still to come of a pledge is awaited no longer. Raises `PledgeNotOpen`, `ReasonNeeded`."""
    if not reason.strip():
        raise ReasonNeeded(_("Say why the pledge is given up; the reason stays with it."), field="reason")
    held = _hold_open_pledge(pledge)
    held.given_up_on, held.reason = today, reason.strip()
    held.save(update_fields=["given_up_on", "reason"])
    return held


def _hold_open_pledge(pledge: Pledge) -> Pledge:
    held = Pledge.objects.select_for_update().get(pk=pledge.pk)
    if held.given_up_on is not None:
        message = _("The pledge was given up on %(day)s. Record the money as a gift.")
        raise PledgeNotOpen(message % {"day": format_date(held.given_up_on)})
    if (paid := with_paid(Pledge.objects.filter(pk=held.pk)).get().paid) >= held.amount:
        message = _("The pledge of %(amount)s baht is fulfilled: %(paid)s baht came in. Record the money as a gift.")
        raise PledgeNotOpen(message % {"amount": format_baht(held.amount), "paid": format_baht(paid)})
    return held

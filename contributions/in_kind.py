"""Gifts in kind: acknowledged under a number of the year, never booked as money."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from bansong_fund.lib.thai_dates import be_year
from contributions.events import hold_open_event
from contributions.gifts import ContributorFacts, find_or_make_contributor
from contributions.models import Campaign, InKindGift
from contributions.verbs import money_verb, refuse_future, refuse_no_amount
from ledger.documents import next_numbers
from office.models import User


def in_kind_of(request_id: uuid.UUID) -> InKindGift | None:
    return InKindGift.objects.filter(request_id=request_id).first()


@money_verb(in_kind_of)
def record_in_kind(
    *,
    contributor: ContributorFacts,
    description: str,
    received_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    campaign: Campaign | None = None,
    said_value: Decimal | None = None,
) -> InKindGift:
    """What was given in kind, with the next number of its year; `said_value`: what the giver says it is worth, baht.

    Raises `FutureDate`, `AmountNeeded`, `EventClosed`, `SameName`.
    """
    refuse_future(received_on, today)
    if said_value is not None:
        refuse_no_amount(said_value, "said_value")
    held = None if campaign is None else hold_open_event(campaign)
    giver = find_or_make_contributor(contributor, on=received_on)
    year_be = be_year(received_on)
    return InKindGift.objects.create(
        number=next_numbers("in-kind", year_be)[0],
        year_be=year_be,
        contributor=giver,
        campaign=held,
        description=description.strip(),
        said_value=said_value,
        received_on=received_on,
        request_id=request_id,
    )

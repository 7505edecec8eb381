"""Numbered envelopes (ซอง) of an event: handed out in ranges, brought back with money, empty, or lost."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import normalise
from contributions.events import hold_event, hold_open_event
from contributions.gifts import ContributorFacts, take_gift
from contributions.models import Campaign, Envelope
from contributions.verbs import money_verb, receipt_of, refuse_future, refuse_no_amount
from ledger.accounts import account
from ledger.models import Account, AccountRole, Receipt
from office.models import User

MOST_AT_ONCE = 500
State = Envelope.State
STILL_OUT = (State.ISSUED, State.LOST)  # one that was given up for lost may be found


class EnvelopeTaken(DomainError):
    """A number was handed out before."""


class NoSuchRange(DomainError):
    """The last number lies before the first, or there are too many."""


class EnvelopeNotOut(DomainError):
    """The envelope was never handed out, or is back already."""


class BeforeItWentOut(DomainError):
    """The day lies before the day on which the envelope was handed out."""


@money_verb(lambda _request_id: None)
def issue_envelopes(
    *,
    campaign: Campaign,
    first: int,
    last: int,
    issued_to: str,
    issued_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> list[Envelope]:
    """Hand the envelopes `first` to `last` to somebody; the same once more changes nothing.

    Raises `EnvelopeTaken`, `NoSuchRange`, `FutureDate`, `EventClosed`.
    """
    refuse_future(issued_on, today)
    _refuse_range(first, last)
    held = hold_open_event(campaign)
    holder = normalise(issued_to)
    numbers = range(first, last + 1)
    there = list(Envelope.objects.filter(campaign=held, number__in=numbers))
    facts = {"issued_to": holder, "issued_on": issued_on, "issued_by": by}
    if len(there) == len(numbers) and all(_is_this(one, facts) for one in there):
        return there
    if there:
        message = _("Envelope no. %(number)s was handed to %(holder)s on %(day)s. Choose other numbers.")
        one = there[0]
        words = {"number": one.number, "holder": one.issued_to, "day": format_date(one.issued_on)}
        raise EnvelopeTaken(message % words, field="first")
    return Envelope.objects.bulk_create(Envelope(campaign=held, number=number, **facts) for number in numbers)


def _is_this(envelope: Envelope, facts: dict[str, object]) -> bool:
    return all(getattr(envelope, name) == value for name, value in facts.items())


@money_verb(receipt_of)
def return_envelope(
    *,
    campaign: Campaign,
    number: int,
    contributor: ContributorFacts,
    amount: Decimal,
    returned_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
) -> Receipt:
    """An envelope comes back with money: a gift at the event, with its receipt.

    Raises `EnvelopeNotOut`, `BeforeItWentOut`, `FutureDate`, `AmountNeeded`, `EventClosed`, `SameName`,
    `PeriodClosed`.
    """
    refuse_future(returned_on, today)
    refuse_no_amount(amount)
    held = hold_open_event(campaign)
    (envelope,) = _envelopes_out(held, [number], returned_on, STILL_OUT)
    gift = take_gift(
        contributor=contributor,
        income_account=account(AccountRole.EVENT_INCOME),
        amount=amount,
        received_on=returned_on,
        place=place,
        campaign=held,
        reference=reference,
        by=by,
        now=now,
        request_id=request_id,
    )
    envelope.state, envelope.returned_on, envelope.gift = State.RETURNED, returned_on, gift
    envelope.save()
    return gift.receipt


@money_verb(lambda _request_id: None)
def write_off_envelopes(
    *,
    campaign: Campaign,
    first: int,
    last: int,
    state: str,
    on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    note: str = "",
) -> int:
    """Envelopes come back empty, or are lost; how many. The same once more changes nothing.

    Of a closed event too: a void after its closing opens an envelope again. Raises `EnvelopeNotOut`,
    `BeforeItWentOut`, `NoSuchRange`, `FutureDate`.
    """
    refuse_future(on, today)
    _refuse_range(first, last)
    held = hold_event(campaign)
    found = _envelopes_out(held, range(first, last + 1), on, {*STILL_OUT, State(state)})
    for envelope in found:
        envelope.state, envelope.returned_on, envelope.note = State(state), on, note.strip()
    Envelope.objects.bulk_update(found, ["state", "returned_on", "note"])
    return len(found)


def _envelopes_out(held: Campaign, numbers: Sequence[int], on: date, states: Collection[State]) -> list[Envelope]:
    """Lock these envelopes, each of which stands in one of these states and went out by that day."""
    found = list(Envelope.objects.select_for_update().filter(campaign=held, number__in=numbers).order_by("number"))
    for number in sorted(set(numbers) - {one.number for one in found}):
        message = _("Envelope no. %(number)s was never handed out at this event. Look at the number again.")
        raise EnvelopeNotOut(message % {"number": number}, field="number")
    for envelope in found:
        _refuse_not_out(envelope, on, states)
    return found


def _refuse_not_out(envelope: Envelope, on: date, states: Collection[State]) -> None:
    words = {"number": envelope.number, "state": envelope.get_state_display(), "day": format_date(envelope.issued_on)}
    if envelope.state not in states:
        message = _("Envelope no. %(number)s is back already: “%(state)s”. Nothing was changed.")
        raise EnvelopeNotOut(message % words, field="number")
    if on < envelope.issued_on:
        message = _("Envelope no. %(number)s was handed out on %(day)s. It cannot come back before that day.")
        raise BeforeItWentOut(message % words, field="date")


def _refuse_range(first: int, last: int) -> None:
    if last < first:
        message = _("The last number, %(last)s, lies before the first, %(first)s.")
        raise NoSuchRange(message % {"first": first, "last": last}, field="last")
    if last - first >= MOST_AT_ONCE:
        message = _("These are more than %(most)s envelopes. Write them down in several ranges.")
        raise NoSuchRange(message % {"most": MOST_AT_ONCE}, field="last")


# --- inside a void ----------------------------------------------------------------------------------------


def hold_envelope_of(receipt: Receipt) -> Envelope | None:
    """Lock the envelope whose money a receipt is for; its event is held before."""
    return Envelope.objects.select_for_update(of=("self",)).filter(gift__receipt=receipt).first()


def take_envelope_out_again(envelope: Envelope | None) -> None:
    """The receipt is void: the envelope is out as it was before."""
    if envelope is not None:
        envelope.state, envelope.returned_on, envelope.gift = State.ISSUED, None, None
        envelope.save()

"""The counting sheet of an event: three people count its cash by note and coin; a difference is named and booked.

The fund's cash box is one: what the receipts of the event brought stands in it already. The count says whether it is
there, and what it is over or short goes to the account for that, so that box and books agree again.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import normalise
from contributions.handing_over import DifferenceUnexplained, DoesNotAddUp, counted_of
from contributions.models import Campaign, CashCount, Gift, Sale
from contributions.queries.events import HOLDS, costs_of
from contributions.verbs import money_verb, refuse_future, refuse_overdrawn
from ledger.accounts import account
from ledger.models import AccountRole, Entry, EntryKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from office.models import User

COUNTERS = 3
COUNT_DOCUMENT = "count"


class CountersNeeded(DomainError):
    """Three different people count the cash of an event."""


class NothingToCount(DomainError):
    """No cash of the event came in since the last count."""


class CountedLater(DomainError):
    """A count of a later day is written: counts follow one another."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Who counted, as what."""

    name: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """The cash of an event up to a day: what came in, what was paid out of it, what earlier counts expected."""

    came: Decimal
    paid: Decimal
    counted_before: Decimal

    @property
    def expected(self) -> Decimal:
        return self.came - self.paid - self.counted_before


def cash_to_count(campaign: Campaign, on: date | None = None) -> Uncounted:
    """The event's cash that no count expected yet, up to `on`; in four queries.

    Void receipts and vouchers count for nothing, also where a count came before the void: the next one expects so much
    less. What was paid before the day of the event came out of the fund's box and is not expected back.
    """
    until = {} if on is None else {"received_on__lte": on}
    in_cash = {"receipt__account__role": AccountRole.CASH}
    gifts = Gift.objects.filter(HOLDS, campaign=campaign, **in_cash, **until)
    sales = Sale.objects.filter(HOLDS, item__campaign=campaign, **in_cash)
    costs = costs_of(campaign).filter(voucher__account__role=AccountRole.CASH, paid_on__gte=campaign.held_on)
    if on is not None:
        sales, costs = sales.filter(sold_on__lte=on), costs.filter(paid_on__lte=on)
    came = sum((rows.aggregate(n=Sum("amount"))["n"] or ZERO for rows in (gifts, sales)), ZERO)
    paid = costs.aggregate(n=Sum("amount"))["n"] or ZERO
    before = campaign.counts.aggregate(n=Sum("expected"))["n"] or ZERO
    return Uncounted(came, paid, before)


def uncounted_cash(campaign: Campaign) -> Decimal:
    """Baht in cash that the event brought and that no count expected yet; below nought after a void."""
    return cash_to_count(campaign).expected


def _count(request_id: uuid.UUID) -> CashCount | None:
    return CashCount.objects.filter(request_id=request_id).first()


@money_verb(_count)
def record_count(
    *,
    campaign: Campaign,
    counters: Sequence[Counter],
    notes_and_coins: Mapping[str, int],
    counted: Decimal,
    counted_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    difference_reason: str = "",
) -> CashCount:
    """Write down a count of the event's cash; what is over or short is booked against the cash box.

    `counted`: the sum in baht as the three say it, which the notes and coins must make. Raises `CountersNeeded`,
    `DoesNotAddUp`, `DifferenceUnexplained`, `NothingToCount`, `CountedLater`, `FutureDate`, `PeriodClosed`,
    `NotEnoughMoney`.
    """
    refuse_future(counted_on, today)
    three = _three(counters)
    pieces = {piece: count for piece, count in notes_and_coins.items() if count}
    _refuse_wrong_pieces(counted, pieces)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    _refuse_earlier(campaign, counted_on)
    expected, reason = cash_to_count(campaign, counted_on).expected, difference_reason.strip()
    _refuse_nothing(counted, expected)
    _refuse_unexplained(counted, expected, reason)
    hold_open_month(counted_on)
    count = CashCount(
        request_id=request_id,
        campaign=campaign,
        counted_on=counted_on,
        counters=[{"name": one.name, "post": one.post} for one in three],
        notes_and_coins=pieces,
        counted=counted,
        expected=expected,
        difference_reason=reason if counted != expected else "",
        written_by=by,
        written_at=now,
    )
    count.entry = _book(count)
    count.save()
    return count


def _three(counters: Sequence[Counter]) -> list[Counter]:
    found = [Counter(normalise(one.name), normalise(one.post)) for one in counters if normalise(one.name)]
    if len({one.name.casefold().replace(" ", "") for one in found}) != COUNTERS or len(found) != COUNTERS:
        raise CountersNeeded(_("Three different people count and sign. Write the name of each."), field="counter_1")
    return found


def _refuse_wrong_pieces(counted: Decimal, pieces: Mapping[str, int]) -> None:
    total = counted_of(pieces)
    if counted < 0 or total != counted:
        message = _("The notes and coins make %(pieces)s baht, the sum says %(counted)s. Count them once more.")
        shown = {"pieces": format_baht(total), "counted": format_baht(counted)}
        raise DoesNotAddUp(message % shown, field="counted")


def _refuse_earlier(campaign: Campaign, counted_on: date) -> None:
    last = campaign.counts.order_by("-counted_on").first()
    if last is not None and counted_on < last.counted_on:
        message = _("A count of %(day)s is written already. Write this one with that day or a later one.")
        raise CountedLater(message % {"day": format_date(last.counted_on)}, field="date")


def _refuse_nothing(counted: Decimal, expected: Decimal) -> None:
    if expected < 0:
        message = _(
            "Since the last count more was given back or paid out than came in: %(baht)s baht. Count once more cash has"
            " come in."
        )
        raise NothingToCount(message % {"baht": format_baht(-expected)})
    if expected == 0 and counted == 0:
        raise NothingToCount(_("No cash of this event came in since the last count. There is nothing to count."))


def _refuse_unexplained(counted: Decimal, expected: Decimal, reason: str) -> None:
    if counted != expected and not reason:
        message = _(
            "%(counted)s baht were counted, the receipts less the costs make %(expected)s. Say where the difference"
            " comes from."
        )
        shown = {"counted": format_baht(counted), "expected": format_baht(expected)}
        raise DifferenceUnexplained(message % shown, field="difference_reason")


def _book(count: CashCount) -> Entry | None:
    """The entry of a difference; none where the sums agree."""
    cash, over_short = account(AccountRole.CASH), account(AccountRole.CASH_OVER_SHORT)
    over = count.counted - count.expected
    if over == 0:
        return None
    line = LineDraft(cash, over_short, over) if over > 0 else LineDraft(over_short, cash, -over)
    entry = post(
        EntryDraft(
            date=count.counted_on,
            kind=EntryKind.HAND_OVER,
            lines=[line],
            posted_by=count.written_by,
            memo=count.difference_reason,
            document_kind=COUNT_DOCUMENT,
            document_number=count_label(count.campaign, count.campaign.counts.count() + 1),
            request_id=count.request_id,
        ),
        posted_at=count.written_at,
    )
    refuse_overdrawn(cash)
    return entry


def count_label(campaign: Campaign, place: int) -> str:
    """How a count is named: year and key of its event, and which count of it, from 1: "2563-7/1"."""
    return f"{campaign.year_be}-{campaign.pk}/{place}"

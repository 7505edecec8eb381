"""The annual event (ผ้าป่า, walk-run, banquet …): made with its day and target, corrected, and held while money moves."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import be_year, format_date
from bansong_fund.lib.thai_text import normalise
from contributions.counting import uncounted_cash
from contributions.models import Campaign, Envelope
from contributions.verbs import money_verb, refuse_no_amount
from ledger.models import Receipt
from office.models import User


class EventClosed(DomainError):
    """Nothing is put to a closed event."""


class NotReadyToClose(DomainError):
    """Something of the event is still to be done before it is closed."""


class SameEvent(DomainError):
    """An event of this name stands in the list for this year."""


def event_of(request_id: uuid.UUID) -> Campaign | None:
    return Campaign.objects.filter(request_id=request_id).first()


@money_verb(event_of)
def make_event(
    *,
    kind: str,
    name_th: str,
    held_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    name_en: str = "",
    place: str = "",
    target: Decimal | None = None,
) -> Campaign:
    """An event, before or after its day; `target` in baht. Raises `SameEvent`, `AmountNeeded`."""
    facts = _facts(kind=kind, name_th=name_th, name_en=name_en, held_on=held_on, place=place, target=target)
    _refuse_same(facts["name_th"], facts["year_be"])
    return Campaign.objects.create(**facts, request_id=request_id)


@transaction.atomic(durable=True)
def change_event(
    *,
    campaign: Campaign,
    kind: str,
    name_th: str,
    held_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    name_en: str = "",
    place: str = "",
    target: Decimal | None = None,
) -> Campaign:
    """Correct what stands of an open event; the same words twice change nothing.

    Raises `EventClosed`, `SameEvent`, `AmountNeeded`.
    """
    held = hold_open_event(campaign)
    facts = _facts(kind=kind, name_th=name_th, name_en=name_en, held_on=held_on, place=place, target=target)
    _refuse_same(facts["name_th"], facts["year_be"], but=held)
    for name, value in facts.items():
        setattr(held, name, value)
    held.save()
    return held


@transaction.atomic(durable=True)
def close_event(*, campaign: Campaign, by: User, today: date, now: datetime, request_id: uuid.UUID) -> Campaign:
    """Close an event: nothing more is put to it. Closing it twice changes nothing. Pledges may stay open.

    Raises `NotReadyToClose` before its day, while envelopes are out, or while cash is not counted.
    """
    held = hold_event(campaign)
    if held.closed_on is not None:
        return held
    if missing := missing_before_closing(held, today):
        raise NotReadyToClose(" ".join(missing))
    held.closed_on, held.closed_by = today, by
    held.save(update_fields=["closed_on", "closed_by"])
    return held


def missing_before_closing(campaign: Campaign, today: date) -> list[str]:
    """What is still to be done, each in a sentence; cash below nought was given back after its count."""
    missing = []
    if campaign.held_on > today:
        missing.append(_("It is held on %(day)s.") % {"day": format_date(campaign.held_on)})
    if out := campaign.envelopes.filter(state=Envelope.State.ISSUED).count():
        words = ngettext(
            "%(count)s envelope is out: write down that it came back, empty, or that it is lost.",
            "%(count)s envelopes are out: write down that they came back, empty, or that they are lost.",
            out,
        )
        missing.append(words % {"count": out})
    if (cash := uncounted_cash(campaign)) > 0:
        message = _("%(baht)s baht in cash are not counted yet: three people count them and sign.")
        missing.append(message % {"baht": format_baht(cash)})
    return missing


def _facts(
    *, kind: str, name_th: str, name_en: str, held_on: date, place: str, target: Decimal | None
) -> dict[str, object]:
    if target is not None:
        refuse_no_amount(target, "target")
    thai = normalise(name_th)
    facts = {"kind": kind, "name_th": thai, "name_en": normalise(name_en) or thai, "place": place.strip()}
    return facts | {"held_on": held_on, "year_be": be_year(held_on), "target": target}


def _refuse_same(name_th: object, year_be: object, but: Campaign | None = None) -> None:
    same = Campaign.objects.filter(name_th__iexact=name_th, year_be=year_be)
    if same.exclude(pk=but.pk if but else None).exists():
        message = _("“%(name)s” of %(year)s stands in the list already. Open it there, or choose another name.")
        raise SameEvent(message % {"name": name_th, "year": year_be}, field="name_th")


# --- held by every verb that moves money or envelopes of it ------------------------------------------------


def hold_event(campaign: Campaign) -> Campaign:
    """Lock the event's row: the first lock of every verb about an event."""
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def hold_open_event(campaign: Campaign) -> Campaign:
    """Lock the event. Raises `EventClosed`."""
    held = hold_event(campaign)
    if held.closed_on is not None:
        message = _(
            "“%(name)s” was closed on %(day)s: nothing more is put to it. Record it without the event, or choose"
            " another one."
        )
        words = {"name": local_name(held), "day": format_date(held.closed_on)}
        raise EventClosed(message % words, field="campaign")
    return held


def hold_events_of(receipt: Receipt) -> list[Campaign]:
    """Lock the event that a receipt's gift or sale belongs to, for a void; a closed one too."""
    events = Campaign.objects.select_for_update(no_key=True, of=("self",))
    if (gift := getattr(receipt, "gift", None)) is not None:
        return list(events.filter(pk=gift.campaign_id))
    if (sale := getattr(receipt, "sale", None)) is not None:
        return list(events.filter(items=sale.item_id))
    return []

"""Who sits on the committee: dated seats, which end and are never deleted, and with which posts papers name them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import plain
from members.models import CommitteeSeat, Fund, Member, SeatKind
from office.action_log import log_action
from office.models import User

CHAIR_TH = "ประธาน"  # with what the chair's post begins; a vice-chair's begins otherwise


class SeatedAlready(DomainError):
    """Somebody of this name sits on the committee in these days already."""


class WrongSeatDays(DomainError):
    """A seat does not end before it began."""


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What papers say of a person on the committee; an empty English name or post falls back to the Thai one.

    `kind` is a `SeatKind`; `community_post` what she is in her community (chair of the community, say); `place` orders
    the list, lowest first.
    """

    name: str
    post_th: str
    since: date
    kind: str = SeatKind.MEMBER
    name_en: str = ""
    post_en: str = ""
    community_post: str = ""
    phone: str = ""
    member: Member | None = None
    place: int = 0


# --- queries ------------------------------------------------------------------------------------------------


def seats_on(day: date) -> QuerySet[CommitteeSeat]:
    """Who sits on the committee on a day, in the order of the list. One query."""
    return seats_between(day, day)


def seats_between(first: date, last: date) -> QuerySet[CommitteeSeat]:
    """Who sat on the committee on any day from `first` to `last`, both counted, in the order of the list."""
    return CommitteeSeat.objects.filter(Q(until=None) | Q(until__gte=first), since__lte=last)


def chair_of(seats: Iterable[CommitteeSeat]) -> CommitteeSeat | None:
    """Who sits as chair of the fund; None where the list names nobody."""
    return next((one for one in seats if one.post_th.startswith(CHAIR_TH)), None)


# --- verbs --------------------------------------------------------------------------------------------------


@transaction.atomic
def seat(*, facts: SeatFacts, by: User, request_id: uuid.UUID) -> CommitteeSeat:
    """Give somebody a seat from a day. The same `request_id` finds the first seat. Raises `SeatedAlready`."""
    Fund.objects.select_for_update().get()  # a second click waits here for the first
    if (found := CommitteeSeat.objects.filter(request_id=request_id).first()) is not None:
        return found
    _refuse_twice(facts)
    seated = CommitteeSeat.objects.create(**_columns(facts), request_id=request_id)
    log_action(by, "seat-given", subject=seated, post=facts.post_th, since=facts.since.isoformat())
    return seated


@transaction.atomic
def change_seat(*, seat: CommitteeSeat, facts: SeatFacts, by: User) -> CommitteeSeat:
    """Put right what stands of a seat; only what changed is written and logged, the same facts change nothing.

    Raises `SeatedAlready`, `WrongSeatDays`.
    """
    Fund.objects.select_for_update().get()
    seat = CommitteeSeat.objects.select_for_update().get(pk=seat.pk)
    changed = {name: value for name, value in _columns(facts).items() if getattr(seat, name) != value}
    if not changed:
        return seat
    if seat.until is not None:
        _refuse_early_end(facts.since, seat.until, field="since")
    _refuse_twice(facts, seat)
    for name, value in changed.items():
        setattr(seat, name, value)
    seat.save(update_fields=list(changed))
    log_action(by, "seat-changed", subject=seat, changed=sorted(changed))
    return seat


@transaction.atomic
def end_seat(*, seat: CommitteeSeat, until: date | None, by: User) -> CommitteeSeat:
    """End a seat with a day, or with None take back an end that was wrong. The same day again changes nothing.

    Raises `WrongSeatDays`, and `SeatedAlready` where the seat would run beside a later one of the same person.
    """
    Fund.objects.select_for_update().get()
    seat = CommitteeSeat.objects.select_for_update().get(pk=seat.pk)
    if seat.until == until:
        return seat
    if until is not None:
        _refuse_early_end(seat.since, until, field="until")
    before, seat.until = seat.until, until
    _refuse_twice(_facts(seat), seat)
    seat.save(update_fields=["until"])
    days = {"before": before.isoformat() if before else "", "until": until.isoformat() if until else ""}
    log_action(by, "seat-ended" if until else "seat-runs-on", subject=seat, **days)
    return seat


def _columns(facts: SeatFacts) -> dict[str, object]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def _facts(seat: CommitteeSeat) -> SeatFacts:
    return SeatFacts(name=seat.name, post_th=seat.post_th, since=seat.since)


def _refuse_early_end(since: date, until: date, *, field: str) -> None:
    if until < since:
        message = _("The seat began on %(since)s and cannot end on %(until)s. Write that day or a later one.")
        raise WrongSeatDays(message % {"since": format_date(since), "until": format_date(until)}, field=field)


def _refuse_twice(facts: SeatFacts, own: CommitteeSeat | None = None) -> None:
    until = own.until if own else None
    others = seats_between(facts.since, until or date.max).exclude(pk=own.pk if own else None)
    for other in others:
        if plain(other.name) == plain(facts.name):
            message = _("%(name)s sits on the committee as %(post)s since %(day)s. End that seat first.")
            shown = {"name": other.name, "post": other.post_th, "day": format_date(other.since)}
            raise SeatedAlready(message % shown, field="name")

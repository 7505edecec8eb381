"""Sponsors (เจ้าภาพ) of an event: who stands for which part of it."""

import uuid
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from contributions.events import hold_open_event
from contributions.gifts import ContributorFacts, find_or_make_contributor
from contributions.models import Campaign, Sponsor
from contributions.verbs import money_verb
from office.action_log import log_action
from office.models import ActionLog, User

TAKEN_OFF = "sponsor-taken-off"


class SponsorsAlready(DomainError):
    """She stands among the sponsors of this event."""


class NoSponsor(DomainError):
    """She stands among the sponsors no more."""


def sponsor_of(request_id: uuid.UUID) -> Sponsor | None:
    return Sponsor.objects.filter(request_id=request_id).first()


@money_verb(sponsor_of)
def add_sponsor(
    *,
    campaign: Campaign,
    contributor: ContributorFacts,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    part: str = "",
) -> Sponsor:
    """A sponsor behind those who stand there; found among the contributors, or new among them.

    Raises `SponsorsAlready`, `EventClosed`, `SameName`.
    """
    held = hold_open_event(campaign)
    giver = find_or_make_contributor(contributor, on=today)
    if held.sponsors.filter(contributor=giver).exists():
        message = _("%(name)s stands among the sponsors of this event already.")
        raise SponsorsAlready(message % {"name": giver.name}, field="name")
    last = held.sponsors.aggregate(last=Max("position"))["last"] or 0
    return Sponsor.objects.create(
        campaign=held, contributor=giver, part=part.strip(), position=last + 1, request_id=request_id
    )


def taken_off(request_id: uuid.UUID) -> ActionLog | None:
    return ActionLog.objects.filter(action=TAKEN_OFF, details__request_id=str(request_id)).first()


@money_verb(taken_off)
def take_sponsor_off(*, sponsor: Sponsor, by: User, today: date, now: datetime, request_id: uuid.UUID) -> ActionLog:
    """Take a sponsor off an open event; what she gave stays hers. Returns the line of the log that tells it.

    Raises `NoSponsor`, `EventClosed`.
    """
    event = hold_open_event(sponsor.campaign)
    held = event.sponsors.select_for_update(of=("self",)).select_related("contributor").filter(pk=sponsor.pk).first()
    if held is None:
        raise NoSponsor(_("She stands among the sponsors of this event no more. Nothing was changed."))
    told = {"event": local_name(event), "part": held.part, "number": held.contributor.number}
    done = log_action(by, TAKEN_OFF, subject=held.contributor, **told, request_id=str(request_id))
    held.delete()
    return done

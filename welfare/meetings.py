"""Meetings: opening one, who was there, what was resolved. Decisions on claims stand under a resolution."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year, format_date
from members.models import Fund, Meeting, Resolution
from office.models import User
from office.roles import Role
from welfare.transitions import NotYours

KEEPS_MINUTES = (Role.COMMITTEE, Role.REGISTRAR)


class NamedTwice(DomainError):
    """Somebody stands twice among those present, and would count twice."""


class MeetingDay(DomainError):
    """A meeting cannot be held on this day, or has resolved already."""


@dataclass(frozen=True, slots=True)
class Attendant:
    """One person present: name, post in the fund, and the user's key where she signs in here."""

    name: str
    post: str = ""
    user_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "post": self.post, "user": self.user_id}


@transaction.atomic
def open_meeting(
    *,
    held_on: date,
    by: User,
    today: date,
    request_id: uuid.UUID,
    place: str = "",
    present: Sequence[Attendant] = (),
    kind: str = Meeting.Kind.COMMITTEE,
) -> Meeting:
    """Open (or plan, where `held_on` lies ahead) a meeting under the next number of its year (ครั้งที่ n/2563).

    The same request opens once. Raises `NotYours`, `NamedTwice`, `MeetingDay` for a day before the fund was founded.
    """
    fund = Fund.objects.select_for_update().get()  # one meeting is numbered at a time
    found = Meeting.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    _refuse_other_roles(by)
    _refuse_twice(present)
    if held_on < fund.founded_on:
        message = _("The fund was founded on %(founded)s; no meeting was held before. Correct the day.")
        raise MeetingDay(message % {"founded": format_date(fund.founded_on)}, field="held_on")
    year = be_year(held_on)
    last = Meeting.objects.filter(kind=kind, year_be=year).aggregate(last=Max("number"))["last"] or 0
    return Meeting.objects.create(
        request_id=request_id,
        kind=kind,
        number=last + 1,
        year_be=year,
        held_on=held_on,
        place=place,
        present=[attendant.to_json() for attendant in present],
        recorded_by=by,
    )


@transaction.atomic
def record_present(*, meeting: Meeting, present: Sequence[Attendant], by: User) -> Meeting:
    """Write down who was there. Raises `NamedTwice`, `NotYours`, `MeetingDay` once the meeting has resolved."""
    _refuse_other_roles(by)
    _refuse_twice(present)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.resolutions.exists():
        message = _("Meeting %(meeting)s has resolved already; who was there no longer changes.")
        raise MeetingDay(message % {"meeting": meeting.label}, field="present")
    meeting.present = [attendant.to_json() for attendant in present]
    meeting.save(update_fields=["present"])
    return meeting


@transaction.atomic
def write_resolution(
    *, meeting: Meeting, subject: str, by: User, today: date, now: datetime, request_id: uuid.UUID, text: str = ""
) -> Resolution:
    """Write the meeting's next resolution; never changed afterwards. The same request writes once.

    Raises `MeetingDay` for a meeting that lies ahead, `NotYours`.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    found = Resolution.objects.filter(request_id=request_id).select_related("meeting").first()
    if found is not None:
        return found
    _refuse_other_roles(by)
    if meeting.held_on > today:
        message = _("Meeting %(meeting)s is planned for %(day)s. It can resolve when that day has come.")
        raise MeetingDay(message % {"meeting": meeting.label, "day": format_date(meeting.held_on)})
    last = meeting.resolutions.aggregate(last=Max("number"))["last"] or 0
    return Resolution.objects.create(
        request_id=request_id,
        meeting=meeting,
        number=last + 1,
        subject=subject,
        text=text,
        written_by=by,
        written_at=now,
    )


def _refuse_twice(present: Sequence[Attendant]) -> None:
    names = [attendant.name for attendant in present]
    if twice := next((name for name in names if names.count(name) > 1), None):
        message = _("%(name)s is named twice among those present. Name everybody once.")
        raise NamedTwice(message % {"name": twice}, field="present")


def _refuse_other_roles(by: User) -> None:
    if not by.has_role(*KEEPS_MINUTES):
        raise NotYours(_("Meetings are kept by the committee and the registrar. Ask one of them."))

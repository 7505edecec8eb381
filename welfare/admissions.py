"""A meeting's resolution on applications to membership: a whole list, all or none."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from members.accepting import accept_application, refuse_application
from members.applications import hold_applications
from members.models import Application, Controls, Meeting, Member, Resolution
from members.persons import survivor_of
from members.queries import survivor_key
from office.models import User
from welfare.controls import OneHand, OwnClaim, controls_level, refuse_small_meeting
from welfare.meetings import write_resolution


@dataclass(frozen=True, slots=True)
class Admission:
    """What the meeting resolved on one application."""

    application_id: int
    accept: bool
    reason: str = ""


class AdmissionsRefused(DomainError):
    """One or more applications cannot be decided so; nothing was decided. `by_application` has a refusal for each."""

    def __init__(self, by_application: dict[int, DomainError], labels: dict[int, str]) -> None:
        self.by_application = by_application
        told = " ".join(f"{labels[key]}: {refusal}" for key, refusal in by_application.items())
        super().__init__(_("Nothing was decided yet. %(refusals)s") % {"refusals": told})


def admitted_by(request_id: uuid.UUID | None) -> list[Application] | None:
    """What this request decided before; None where it did not."""
    found = Resolution.objects.filter(request_id=request_id).first() if request_id else None
    return list(found.applications.order_by("year_be", "number")) if found else None


@transaction.atomic
def decide_admissions(
    *, meeting: Meeting, admissions: Sequence[Admission], request_id: uuid.UUID, by: User, today: date, now: datetime
) -> list[Application]:
    """Write the meeting's resolution on these applications, and accept or refuse them under it, all or none.

    Members' numbers follow the applications'. The same request decides once. Raises `TooFewPresent`, `NotYours`,
    `MeetingDay`, or `AdmissionsRefused` with a refusal for each that cannot be decided so: `OwnClaim`, `OneHand`,
    `ApplicationClosed`, `BeforeItWasWritten`, `ReasonMissing`, and what an enrolment raises.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)  # a second click waits here for the first
    if (found := admitted_by(request_id)) is not None:
        return found
    refuse_small_meeting(meeting)
    wanted = {admission.application_id: admission for admission in admissions}
    applications = hold_applications(wanted)
    resolution = write_resolution(
        meeting=meeting,
        subject=_subject(admissions),
        text=_text(applications, wanted),
        by=by,
        today=today,
        now=now,
        request_id=request_id,
    )
    level = controls_level()
    refusals: dict[int, DomainError] = {}
    for application in applications:
        try:
            with transaction.atomic():
                _decide(application, wanted[application.pk], resolution, level, by=by, today=today, now=now)
        except DomainError as refusal:
            refusals[application.pk] = refusal
    if refusals:
        raise AdmissionsRefused(refusals, {one.pk: one.label for one in applications})
    return applications


def _subject(admissions: Sequence[Admission]) -> str:
    accepted = sum(admission.accept for admission in admissions)
    message = _("Applications to membership: %(accepted)d accepted, %(refused)d refused")
    return message % {"accepted": accepted, "refused": len(admissions) - accepted}


def _text(applications: Sequence[Application], wanted: dict[int, Admission]) -> str:
    """The applications as the minutes name them, one a line."""
    lines = []
    for one in applications:
        verdict = wanted[one.pk]
        said = _("accepted") if verdict.accept else _("refused: %(reason)s") % {"reason": verdict.reason.strip()}
        lines.append(f"{one.label} {one.full_name}: {said}")
    return "\n".join(lines)


def _decide(
    application: Application,
    admission: Admission,
    resolution: Resolution,
    level: str,
    *,
    by: User,
    today: date,
    now: datetime,
) -> None:
    refuse_deciding(application, by, level)
    if admission.accept:
        accept_application(application=application, resolution=resolution, by=by, today=today, now=now)
    else:
        refuse_application(application=application, resolution=resolution, reason=admission.reason, by=by)


def refuse_deciding(application: Application, by: User, level: str) -> None:
    """Raises `OwnClaim` for one's own household, and above `small` `OneHand` where the decider entered it."""
    if _is_own(application, by):
        message = _(
            "Application %(number)s comes from your own household. Nobody decides for herself:"
            " another person has to take this step."
        )
        raise OwnClaim(message % {"number": application.label})
    if level != Controls.SMALL and application.entered_by_id == by.pk:
        message = _("You entered application %(number)s, so another person writes down what the meeting decided.")
        raise OneHand(message % {"number": application.label})


def _is_own(application: Application, by: User) -> bool:
    mine = Member.objects.filter(user=by).select_related("household", "merged_into__household").first()
    if mine is None:
        return False
    rows = {mine, survivor_of(mine)}
    digest = application.national_id_digest
    if digest and digest in {row.national_id_digest for row in rows}:
        return True
    former = application.former_member
    if former is not None and survivor_key(former) == survivor_key(mine):
        return True
    houses = [row.household for row in rows if row.household is not None]
    its_house = (application.community_id, application.house_number, application.moo)
    same_house = its_house in [(house.community_id, house.house_number, house.moo) for house in houses]
    return same_house or (former is not None and former.household_id in [house.pk for house in houses])

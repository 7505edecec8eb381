"""A meeting's verdict on an application: the applicant becomes a member, comes back, or is refused.

Which meeting, who may decide and what happens to the whole list stand in `welfare.admissions`.
"""

import uuid
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import decrypt_id
from bansong_fund.lib.thai_dates import age_on, format_date
from members.applications import MAJORITY, ApplicationClosed, ReasonMissing
from members.life import House, change_name, reenter_member
from members.models import (
    Application,
    ApplicationState,
    Beneficiary,
    Consent,
    Fund,
    Guardian,
    Member,
    Resolution,
)
from members.queries import of_person, survivor_key
from members.verbs import (
    NamedBeneficiary,
    NamedGuardian,
    PersonFacts,
    check_id,
    enrol_member,
    name_around,
    person_columns,
    with_reckoned_birth,
)
from office.models import User

NAMES = ("title", "first_name", "family_name")
ID_COLUMNS = ("national_id_encrypted", "national_id_digest", "national_id_last4", "id_kind", "id_reason")


class BeforeItWasWritten(DomainError):
    """A meeting cannot decide what was applied for after it."""


def joining_day(application: Application, held_on: date) -> date:
    """Tenure starts on the day of the meeting, or on the earlier one on which the first dues were taken."""
    return min(application.first_dues_on or held_on, held_on)


def accept_application(
    *, application: Application, resolution: Resolution, by: User, today: date, now: datetime
) -> Member:
    """Take the applicant into the fund under a resolution; a former member back under her old number.

    `application` is held by the caller, in one transaction with the resolution. Raises `ApplicationClosed`,
    `BeforeItWasWritten`, and what `enrol_member` or `reenter_member` raises.
    """
    _refuse_undecidable(application, resolution)
    joined_on = joining_day(application, resolution.meeting.held_on)
    facts = {"joined_on": joined_on, "by": by, "today": today, "now": now, "resolution": resolution}
    member = _take_in(application, **facts) if application.former_member is None else _take_back(application, **facts)
    _write_consents(application, member, by=by, now=now)
    application.member = member
    _decide(application, ApplicationState.ACCEPTED, resolution, by)
    return member


def refuse_application(*, application: Application, resolution: Resolution, reason: str, by: User) -> Application:
    """Write down that the meeting refused, and why. Raises `ReasonMissing`, `ApplicationClosed`, and as above."""
    _refuse_undecidable(application, resolution)
    if not reason.strip():
        raise ReasonMissing(_("Write down why the meeting refused this application."), field="reason")
    application.decision_reason = reason.strip()
    return _decide(application, ApplicationState.REFUSED, resolution, by)


def _decide(application: Application, state: str, resolution: Resolution, by: User) -> Application:
    application.state, application.resolution = state, resolution
    application.decided_by, application.decided_on = by, resolution.meeting.held_on
    application.save(update_fields=["state", "resolution", "decided_by", "decided_on", "decision_reason", "member"])
    return application


def _refuse_undecidable(application: Application, resolution: Resolution) -> None:
    if application.state != ApplicationState.CERTIFIED:
        message = _("Application %(number)s is now: %(state)s. A meeting decides what is certified.")
        told = {"number": application.label, "state": application.get_state_display()}
        raise ApplicationClosed(message % told)
    held_on = resolution.meeting.held_on
    if held_on < application.applied_on:
        message = _("The meeting was held on %(held)s, before this application of %(applied)s. Choose a later meeting.")
        days = {"held": format_date(held_on), "applied": format_date(application.applied_on)}
        raise BeforeItWasWritten(message % days)


# --- from the application to the register ---------------------------------------------------------------------


def person_of(application: Application) -> PersonFacts:
    """The applicant as an enrolment wants her, the ID unsealed."""
    same = ("title", "first_name", "family_name", "nickname", "sex", "birth_date", "birth_precision", "id_kind")
    more = ("id_reason", "phone", "occupation", "address", "nationality", "marital_status")
    place = ("house_number", "moo", "lane", "road")
    sealed = application.national_id_encrypted
    return PersonFacts(
        **{name: getattr(application, name) for name in (*same, *more, *place)},
        national_id=decrypt_id(sealed) if sealed else "",
    )


def beneficiaries_of(application: Application) -> list[NamedBeneficiary]:
    return [NamedBeneficiary(**one) for one in application.beneficiaries]


def guardian_of(application: Application, day: date) -> NamedGuardian | None:
    """Who acts for the applicant, while she is a minor on `day`."""
    if not application.guardian_name or age_on(application.birth_date, day) >= MAJORITY:
        return None
    return NamedGuardian(application.guardian_name, application.guardian_relation, application.guardian_phone)


def member_request(application: Application) -> uuid.UUID:
    """The request id of the member that an application becomes: one application, one member."""
    return uuid.uuid5(application.request_id, "member")


def _take_in(
    application: Application, *, joined_on: date, resolution: Resolution, by: User, today: date, now: datetime
) -> Member:
    return enrol_member(
        person=person_of(application),
        community=application.community,
        joined_on=joined_on,
        by=by,
        today=today,
        now=now,
        request_id=member_request(application),
        beneficiaries=beneficiaries_of(application),
        guardian=guardian_of(application, joined_on),
        accepted_by=resolution,
    )


def _take_back(
    application: Application, *, joined_on: date, resolution: Resolution, by: User, today: date, now: datetime
) -> Member:
    """A former member returns: her number stays, tenure runs afresh from `joined_on`, the facts are renewed."""
    fund, who = Fund.objects.get(), {"by": by, "today": today, "now": now}
    person = with_reckoned_birth(person_of(application), joined_on=joined_on, fund=fund)
    member = Member.objects.get(pk=survivor_key(application.former_member))
    check_id(person, fund=fund, except_member=member)
    reenter_member(
        member=member,
        community=application.community,
        joined_on=joined_on,
        request_id=member_request(application),
        accepted_by=resolution,
        house=House(person.house_number, person.moo, person.lane, person.road) if person.house_number else None,
        **who,
    )
    member.refresh_from_db()
    names = {name: getattr(person, name) for name in NAMES}
    if names != {name: getattr(member, name) for name in NAMES}:
        shown_by = _("Application %(number)s") % {"number": application.label}
        change_name(
            member=member,
            **names,
            changed_on=joined_on,
            shown_by=shown_by,
            request_id=uuid.uuid5(application.request_id, "name"),
            **who,
        )
        member.refresh_from_db()
    _renew_facts(person, member)
    _name_anew(application, member, joined_on, by=by)
    return member


def _renew_facts(person: PersonFacts, member: Member) -> None:
    """What the application says of the person holds from now on; what it leaves empty stays as the register has it."""
    kept = {*NAMES, *(ID_COLUMNS if not person.national_id else ())}
    columns = {name: value for name, value in person_columns(person).items() if name not in kept and value}
    for name, value in columns.items():
        setattr(member, name, value)
    member.save(update_fields=list(columns))


def _name_anew(application: Application, member: Member, day: date, *, by: User) -> None:
    """Beneficiaries and guardian are those of the new application."""
    Beneficiary.objects.filter(of_person(member), replaced_on=None).update(replaced_on=day)
    earlier = Guardian.objects.filter(of_person(member), until=None, since__lt=day)
    earlier.update(until=day - timedelta(days=1))
    name_around(member, beneficiaries_of(application), guardian_of(application, day), since=day, by=by)


def _write_consents(application: Application, member: Member, *, by: User, now: datetime) -> None:
    """The notice and what was agreed to, as of the day of the application; a minor's were given by her guardian."""
    guardian = guardian_of(application, application.applied_on)
    running = set(Consent.objects.filter(member=member, withdrawn_on=None).values_list("kind", flat=True))
    Consent.objects.bulk_create(
        Consent(
            member=member,
            kind=kind,
            given_on=application.applied_on,
            given_by=guardian.name if guardian else "",
            recorded_by=by,
            recorded_at=now,
        )
        for kind in application.consents
        if kind not in running
    )

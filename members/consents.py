"""What a person agreed to, or was told, about her data; and how she takes it back (PDPA, section 19)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.life import hold_member, refuse_future
from members.models import Consent, Group, GroupFlag, Member
from members.persons import survivor_of
from members.queries import of_person
from members.verbs import WrongDates
from office.models import User


class NoConsent(DomainError):
    """Health and disability are kept with the person's consent only (PDPA, section 26)."""


class NotWithdrawable(DomainError):
    """That a notice was handed over is a fact and no consent."""


@transaction.atomic
def give_consent(
    *, member: Member, kind: str, given_on: date, by: User | None, today: date, now: datetime, given_by: str = ""
) -> Consent:
    """Write down a consent, or that the privacy notice was handed over; one that runs already is returned.

    `given_by` is the guardian's name, for a minor. Raises `NotHere`, `WrongDates`.
    """
    member = hold_member(member)
    running = consents_of(member).filter(kind=kind, withdrawn_on=None).first()
    if running is not None:
        return running
    refuse_future(given_on, today, field="given_on")
    return Consent.objects.create(
        member=member,
        kind=Consent.Kind(kind),
        given_on=given_on,
        given_by=given_by.strip(),
        recorded_by=by,
        recorded_at=now,
    )


@transaction.atomic
def withdraw_consent(*, consent: Consent, on: date, today: date) -> Consent:
    """Take a consent back from the day `on`. What rests on it ends: without it no mark of disability runs.

    A second click finds it withdrawn. Raises `NotWithdrawable`, `WrongDates`.
    """
    member = hold_member(survivor_of(consent.member))
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.kind == Consent.Kind.NOTICE:
        raise NotWithdrawable(_("The notice was handed over; that cannot be taken back."))
    if consent.withdrawn_on is not None:
        return consent
    refuse_future(on, today)
    if on < consent.given_on:
        message = _("It was given on %(day)s. Write that day or a later one.")
        raise WrongDates(message % {"day": format_date(consent.given_on)}, field="on")
    consent.withdrawn_on = on
    consent.save(update_fields=["withdrawn_on"])
    if consent.kind == Consent.Kind.HEALTH:
        _end_marks(member, on)
    return consent


def _end_marks(member: Member, on: date) -> None:
    """The last day of a mark of disability is the day before; one that began later has its first day as its last."""
    for flag in GroupFlag.objects.filter(of_person(member), group=Group.DISABLED, until=None):
        flag.until = max(on - timedelta(days=1), flag.since)
        flag.save(update_fields=["until"])


def consents_of(member: Member) -> QuerySet[Consent]:
    """What the person was told and agreed to, under her number or a double's."""
    return Consent.objects.filter(of_person(member))


def has_consent(member: Member, kind: str) -> bool:
    """Whether a consent of this kind runs."""
    return consents_of(member).filter(kind=kind, withdrawn_on=None).exists()

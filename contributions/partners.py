"""Partners (the millipede's part 2): who works with the fund at what, what is agreed, and what was done together."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import normalise
from contributions.models import Partner, PartnerActivity, PartnerAgreement
from contributions.verbs import money_verb, refuse_future
from members.models import Community
from office.action_log import log_action
from office.attachments import keep_attachment
from office.models import User

PARTNER_PAPERS = "partner-agreement"


class SamePartner(DomainError):
    """A partner of this name stands in the list."""


class EndsBeforeItBegins(DomainError):
    """A last day lies before the first."""


def partner_of(request_id: uuid.UUID) -> Partner | None:
    return Partner.objects.filter(request_id=request_id).first()


def agreement_of(request_id: uuid.UUID) -> PartnerAgreement | None:
    return PartnerAgreement.objects.filter(request_id=request_id).first()


def activity_of(request_id: uuid.UUID) -> PartnerActivity | None:
    return PartnerActivity.objects.filter(request_id=request_id).first()


@money_verb(partner_of)
def enter_partner(
    *,
    name_th: str,
    kind: str,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    name_en: str = "",
    work_th: str = "",
    work_en: str = "",
    contact: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Partner:
    """A partner, once by its Thai name. Raises `SamePartner`, `EndsBeforeItBegins`."""
    _refuse_backwards(since, until)
    name = normalise(name_th)
    _refuse_same(name, Partner.objects.all())
    facts = {"name_en": name_en, "work_th": work_th, "work_en": work_en, "contact": contact}
    return Partner.objects.create(name_th=name, kind=kind, since=since, until=until, request_id=request_id, **facts)


def change_partner(
    *,
    partner: Partner,
    name_th: str,
    kind: str,
    name_en: str,
    work_th: str,
    work_en: str,
    contact: str,
    since: date | None,
    until: date | None,
) -> None:
    """Correct what stands of a partner, or write down that the work with it has ended.

    Raises `SamePartner`, `EndsBeforeItBegins`.
    """
    _refuse_backwards(since, until)
    _refuse_same(normalise(name_th), Partner.objects.exclude(pk=partner.pk))
    partner.name_th, partner.name_en, partner.kind = normalise(name_th), name_en, kind
    partner.work_th, partner.work_en, partner.contact = work_th, work_en, contact
    partner.since, partner.until = since, until
    partner.save()


@money_verb(agreement_of)
def enter_agreement(
    *,
    partner: Partner,
    subject: str,
    agreed_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
    until: date | None = None,
    papers: Sequence[File] = (),
) -> PartnerAgreement:
    """What is agreed, with its papers. Raises `FutureDate`, `EndsBeforeItBegins`, `FileRefused`."""
    refuse_future(agreed_on, today)
    _refuse_backwards(agreed_on, until)
    facts = {"subject": subject, "reference": reference, "agreed_on": agreed_on, "until": until}
    agreement = PartnerAgreement.objects.create(partner=partner, request_id=request_id, **facts)
    for place, file in enumerate(papers):
        keep_attachment(
            file,
            owner_kind=PARTNER_PAPERS,
            owner_id=agreement.pk,
            purpose="agreement",
            by=by,
            now=now,
            request_id=uuid.uuid5(request_id, f"paper {place}"),
            field="papers",
        )
    return agreement


@money_verb(activity_of)
def enter_activity(
    *,
    partner: Partner,
    title: str,
    held_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    community: Community | None = None,
    participants: int | None = None,
    income_raised: Decimal | None = None,
    note: str = "",
) -> PartnerActivity:
    """What was done together. `income_raised`: what those who took part earned, in baht; it is not the fund's money.

    Raises `FutureDate`.
    """
    refuse_future(held_on, today)
    facts = {"title": title, "held_on": held_on, "community": community, "note": note}
    return PartnerActivity.objects.create(
        partner=partner, participants=participants, income_raised=income_raised, request_id=request_id, **facts
    )


ACTIVITY_CORRECTED = "activity-corrected"


@transaction.atomic(durable=True)
def change_activity(
    *,
    activity: PartnerActivity,
    title: str,
    held_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    community: Community | None = None,
    participants: int | None = None,
    income_raised: Decimal | None = None,
    note: str = "",
) -> PartnerActivity:
    """Correct what was written down of an activity; the log keeps what stood there. Twice the same changes nothing.

    Raises `FutureDate`.
    """
    refuse_future(held_on, today)
    held = PartnerActivity.objects.select_for_update().get(pk=activity.pk)
    facts = {"title": title, "held_on": held_on, "community": community, "note": note}
    facts |= {"participants": participants, "income_raised": income_raised}
    stood = {name: getattr(held, name) for name, value in facts.items() if getattr(held, name) != value}
    if not stood:
        return held
    for name, value in facts.items():
        setattr(held, name, value)
    held.save()
    was = {name: None if value is None else str(value) for name, value in stood.items()}
    log_action(by, ACTIVITY_CORRECTED, subject=held, was=was)
    return held


def _refuse_same(name: str, others: QuerySet[Partner]) -> None:
    if others.filter(name_th__iexact=name).exists():
        raise SamePartner(_("%(name)s stands in the list of partners already.") % {"name": name}, field="name_th")


def _refuse_backwards(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        message = _("%(last)s lies before %(first)s. Write the last day again.")
        raise EndsBeforeItBegins(message % {"first": format_date(first), "last": format_date(last)}, field="until")

"""The register of contributors (leg 4): who they are, because of whom they give, and whether they may be named."""

import uuid
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import normalise
from contributions.models import Contributor, ContributorKind, Partner
from contributions.verbs import money_verb, refuse_future
from ledger.documents import next_numbers
from office.models import User


class SameContributor(DomainError):
    """A contributor of this name stands in the register."""


class RefusedLater(DomainError):
    """She took her consent back on a later day than the one on which she had agreed."""


def contributor_of(request_id: uuid.UUID) -> Contributor | None:
    return Contributor.objects.filter(request_id=request_id).first()


@money_verb(contributor_of)
def enter_contributor(
    *,
    name: str,
    kind: ContributorKind,
    is_local: bool,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    phone: str = "",
    address: str = "",
    note: str = "",
    brought_by: Partner | None = None,
    is_another: bool = False,
) -> Contributor:
    """A contributor before the first gift, with the next number; not named until she agrees.

    `is_another`: somebody else of the same name. Raises `SameContributor`.
    """
    next_numbers("contributor", 0)  # one at a time: two new ones never take the same number or name
    wanted = normalise(name)
    if not is_another:
        _refuse_same(wanted)
    last = Contributor.objects.aggregate(last=Max("number"))["last"] or 0
    facts = {"kind": kind, "is_local": is_local, "phone": phone, "address": address, "note": note}
    return Contributor.objects.create(
        number=last + 1, name=wanted, brought_by=brought_by, request_id=request_id, **facts
    )


def _refuse_same(name: str) -> None:
    same = Contributor.objects.filter(name__iexact=name).order_by("number").first()
    if same is not None:
        message = _("%(name)s stands in the register as no. %(number)s. Tick the box where this is somebody else.")
        raise SameContributor(message % {"name": same.name, "number": same.number}, field="name")


def change_contributor(
    *,
    contributor: Contributor,
    name: str,
    kind: ContributorKind,
    is_local: bool,
    phone: str,
    address: str,
    note: str,
    brought_by: Partner | None,
) -> None:
    """Correct what the register says; receipts keep what stood on them. Doing it twice changes nothing."""
    contributor.name = normalise(name)
    contributor.kind, contributor.is_local = kind, is_local
    contributor.phone, contributor.address, contributor.note = phone, address, note
    contributor.brought_by = brought_by
    fields = ["name", "kind", "is_local", "phone", "address", "note", "brought_by"]
    contributor.save(update_fields=fields)


def record_consent(*, contributor: Contributor, may_be_named: bool, on: date, today: date) -> None:
    """Whether she may be named in public, as she said on a day; the answer before stays in her history.

    Raises `FutureDate`, `RefusedLater`.
    """
    refuse_future(on, today)
    if may_be_named and refused_after(contributor, on):
        message = _("On %(day)s she did not agree. Only what she says on that day or later can change it.")
        raise RefusedLater(message % {"day": format_date(contributor.consent_on)}, field="on")
    contributor.may_be_named, contributor.consent_on = may_be_named, on
    contributor.save(update_fields=["may_be_named", "consent_on"])


def refused_after(contributor: Contributor, on: date) -> bool:
    """Whether she refused to be named on a later day: what she had said by `on` names her no more."""
    said_on = contributor.consent_on
    return not contributor.may_be_named and said_on is not None and said_on > on

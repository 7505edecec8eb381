"""What one person asked to reverse or to make void, and a second person has not confirmed yet.

Apps above the ledger add what waits of their own papers to `SOURCES` in their `ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from ledger.models import Entry, ReversalRequest
from office.models import User


@dataclass(frozen=True, slots=True)
class Waits:
    """A request: which paper or entry, of whom, how many baht, where it is confirmed; who asked, when and why."""

    kind_name: str
    label: str
    party_name: str
    total: Decimal
    address: str
    asked_by: User
    asked_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """Requests of one kind: those that wait, as rows with `asked_by`, and how one of them is shown."""

    waiting: Callable[[], QuerySet[Any]]
    shown: Callable[[Any], Waits]


def waiting_voids() -> list[Waits]:
    """All that waits for a second person, what was asked first on top: one query for each kind."""
    found = [(row, source) for source in SOURCES for row in source.waiting()]
    return [source.shown(row) for row, source in sorted(found, key=lambda pair: pair[0].asked_at)]


def to_confirm(user: User) -> int:
    """How many requests wait for this user: all but her own. One query."""
    first, *others = (source.waiting().order_by().exclude(asked_by=user).values_list("asked_by") for source in SOURCES)
    return first.union(*others, all=True).count()


def _reversals() -> QuerySet[ReversalRequest]:
    answered = Entry.objects.filter(reverses=OuterRef("entry"))
    rows = ReversalRequest.objects.filter(~Exists(answered)).select_related("asked_by", "entry__memo_row")
    return rows.annotate(baht=Sum("entry__lines__amount"))


def _shown(request: Any) -> Waits:
    number, memo = request.entry.number, getattr(request.entry, "memo_row", None)
    return Waits(
        kind_name=_("Entry no."),
        label=str(number),
        party_name=memo.text if memo else request.entry.get_kind_display(),
        total=request.baht,
        address=reverse("ledger:entry", args=[number]),
        asked_by=request.asked_by,
        asked_on=request.asked_on,
        reason=request.reason,
    )


SOURCES: list[Source] = [Source(_reversals, _shown)]

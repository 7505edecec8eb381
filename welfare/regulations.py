"""Versions of the regulation as documents: which one judges a day, and how a new one is taken in."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.models import Regulation
from members.regulations import regulation_on
from office.models import User
from welfare.models import Claim, ClaimState
from welfare.rules.document import BenefitTerms, RegulationDocument, read_regulation
from welfare.rules.facts import Terms, terms_for

DECIDED_STATES = (ClaimState.APPROVED, ClaimState.REJECTED, ClaimState.PAID)
CLAIMS_NAMED = 10


REGULATION_LOCK = 5_630_001  # among the database's advisory locks


def hold_versions(*, alone: bool = False) -> None:
    """Hold the versions until the transaction ends: together while claims are decided, alone while one is stored.

    So that no claim is decided by the version before while a new one that judges its event is being stored.
    """
    name = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}(%s)", [REGULATION_LOCK])


class DateTaken(DomainError):
    """A version of the regulation starts on this day already."""


class ReachesBehindDecisions(DomainError):
    """A version would start on or before the event day of a claim that was decided already."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its row's key, the document, and the first day of the next version (None: it is the newest)."""

    pk: int
    document: RegulationDocument
    effective_until: date | None

    def terms(self, code: str) -> Terms:
        """The terms of one benefit; KeyError where this version does not offer it."""
        return terms_for(self.document, code, effective_until=self.effective_until)

    def benefit(self, code: str) -> BenefitTerms | None:
        """One benefit, or None where this version does not offer it."""
        return self.document.benefit(code) if self.document.offers(code) else None


def version_on(day: date) -> Version:
    """The version in force on `day`, in one query once its document is known. Raises `NoRuleInForce`."""
    rows = list(Regulation.objects.order_by("effective_from").values_list("pk", "effective_from", "sha256"))
    started = [row for row in rows if row[1] <= day]
    if not started:
        regulation_on(day)  # raises the refusal, which has one wording
    pk, _start, sha256 = started[-1]
    following = rows[len(started)][1] if len(started) < len(rows) else None
    return Version(pk, _document(pk, sha256), following)


def all_versions() -> list[Version]:
    """Every version of the regulation, the oldest first; in one query once their documents are known."""
    rows = list(Regulation.objects.order_by("effective_from").values_list("pk", "effective_from", "sha256"))
    following = [*(row[1] for row in rows[1:]), None][: len(rows)]
    return [Version(pk, _document(pk, sha256), then) for (pk, _, sha256), then in zip(rows, following, strict=True)]


def document_on(day: date) -> RegulationDocument:
    """The document of the version in force on `day`. Raises `NoRuleInForce`."""
    return version_on(day).document


def document_of(regulation: Regulation) -> RegulationDocument:
    """The document of a stored version: no query once it is known, also where its row came without the document."""
    return _document(regulation.pk, regulation.sha256)


@lru_cache(maxsize=32)
def _document(pk: int, sha256: str) -> RegulationDocument:
    return RegulationDocument.from_json(Regulation.objects.values_list("document", flat=True).get(pk=pk))


@transaction.atomic
def load_regulation(text: str, *, by: User | None, now: datetime) -> Regulation:
    """Check a regulation file (YAML text) whole and store it as a new version, or not at all.

    Raises `RegulationFaults` with every fault and its place, `DateTaken`, `ReachesBehindDecisions`.
    """
    return store_document(read_regulation(text), by=by, now=now)


def refuse_as_new(document: RegulationDocument) -> None:
    """Raise `DateTaken` or `ReachesBehindDecisions` where this document cannot become the next version."""
    _refuse_taken_date(document)
    _refuse_reaching_behind(document)


@transaction.atomic
def store_document(document: RegulationDocument, *, by: User | None, now: datetime) -> Regulation:
    """Store a checked document as a new version; refused as `refuse_as_new` refuses."""
    hold_versions(alone=True)
    refuse_as_new(document)
    stored = document.to_json()
    canonical = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Regulation.objects.create(
        name_th=document.name.th,
        name_en=document.name.en,
        reference=document.reference,
        effective_from=document.effective_from,
        document=stored,
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
        loaded_by=by,
        loaded_at=now,
    )


def _refuse_taken_date(document: RegulationDocument) -> None:
    if Regulation.objects.filter(effective_from=document.effective_from).exists():
        message = _(
            "A version that starts on %(day)s is stored already, and a version never changes."
            " Give the new one a later day in effective_from."
        )
        raise DateTaken(message % {"day": format_date(document.effective_from)}, field="effective_from")


def _refuse_reaching_behind(document: RegulationDocument) -> None:
    decided = Claim.objects.filter(state__in=DECIDED_STATES, event_from__gte=document.effective_from)
    count = decided.count()
    if not count:
        return
    named = decided.order_by("event_from", "id")[:CLAIMS_NAMED]
    message = _(
        "This version would start on %(day)s, but claims with an event on that day or later are decided already"
        " (%(count)d: %(numbers)s). Let it start after %(last)s."
    )
    raise ReachesBehindDecisions(
        message
        % {
            "day": format_date(document.effective_from),
            "count": count,
            "numbers": ", ".join(claim.label for claim in named) + (" …" if count > CLAIMS_NAMED else ""),
            "last": format_date(decided.order_by("event_from").last().event_from),
        },
        field="effective_from",
    )

"""What was entered about one event: the facts of a claim before anybody judges them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from bansong_fund.lib.thai_text import normalise, plain
from bansong_fund.lib.titles import split_name
from members.models import Child
from office.models import Attachment
from welfare.models import Claim, Claimant
from welfare.rules import facts as rules

CLAIM_PAPERS = "claim"  # owner_kind of the papers handed in for a claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as it was entered. Days are Gregorian; `units` counts children, items or persons, never nights."""

    benefit_code: str
    event_from: date
    received_on: date
    event_until: date | None = None
    units: int | None = None
    grade: str = ""
    loss_amount: Decimal | None = None
    proposed_amount: Decimal | None = None
    child_name: str = ""
    child_birth_date: date | None = None
    event_key: str = ""
    exclusions_affirmed: tuple[str, ...] = ()
    evidence: frozenset[str] = frozenset()
    recipient_name: str = ""
    recipient_relation: str = ""
    recipient_relative_of: str = ""
    claimant: str = Claimant.MEMBER
    claimant_name: str = ""
    claimant_relation: str = ""
    note: str = ""

    @property
    def children(self) -> tuple[rules.Child, ...]:
        """The child that the event is about, if one was named or dated."""
        if not self.child_name and self.child_birth_date is None:
            return ()
        key = child_key(self.child_name, self.child_birth_date)
        return (rules.Child(key=key, name=self.child_name, birth_date=self.child_birth_date),)


def child_key(name: str, birth_date: date | None) -> str:
    """What makes a child the same child in either parent's claim: name and birth date; "" while one is unknown.

    One parent writes ด.ช.สมชาย ใจดี, the other เด็กชายสมชาย  ใจดี or สมชายใจดี: title and spaces make no other child.
    """
    if not name or birth_date is None:
        return ""
    return f"{_without_title(name)}|{birth_date.isoformat()}"


@lru_cache(maxsize=4096)
def _without_title(name: str) -> str:
    _title, first, family = split_name(name)
    return plain(first + family).replace(" ", "")


def event_key(text: str) -> str:
    """The name of a flood or storm in one spelling, so that two leaders mean the same one."""
    return plain(normalise(text))[:60]


def event_of(claim: Claim, evidence: frozenset[str] | None = None) -> Event:
    """What a stored claim says of its event; papers handed in count with those ticked off.

    `evidence`: instead of what is looked up, where the papers are known already or change nothing.
    """
    child: Child | None = claim.child
    return Event(
        benefit_code=claim.benefit_code,
        event_from=claim.event_from,
        event_until=claim.event_until,
        received_on=claim.received_on or claim.event_until or claim.event_from,
        units=claim.units,
        grade=claim.grade,
        loss_amount=claim.loss_amount,
        proposed_amount=claim.proposed_amount,
        child_name=child.name if child else "",
        child_birth_date=child.birth_date if child else None,
        event_key=claim.event_key,
        exclusions_affirmed=tuple(claim.exclusions_affirmed),
        evidence=papers_of(claim) if evidence is None else evidence,
        recipient_name=claim.recipient_name,
        recipient_relation=claim.recipient_relation,
        recipient_relative_of=claim.recipient_relative_of,
        claimant=claim.claimant,
        claimant_name=claim.claimant_name,
        claimant_relation=claim.claimant_relation,
        note=claim.note,
    )


def papers_of(claim: Claim) -> frozenset[str]:
    """Codes of the papers that are there: ticked off on paper, or handed in as a file."""
    handed_in = Attachment.objects.filter(owner_kind=CLAIM_PAPERS, owner_id=claim.pk).values_list("purpose", flat=True)
    return frozenset(claim.evidence_seen) | frozenset(handed_in)

"""What stands beside each decision: the member's other claims, and what is left to her of every limit.

For one claim or for a page of them, in the same few queries.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from members.models import Fund, Member, Membership, OpeningDrawn
from members.persons import joined_stays
from members.standing import Standing
from welfare.bulk import COUNTED_FIELDS, CountedClaim, Shelf, counted_claim
from welfare.eligibility import (
    COUNTING_STATES,
    DRAWN_FIELDS,
    DRAWN_KEYS,
    Background,
    drawn_of,
    facts_of,
    running_or_lapsed,
)
from welfare.events import event_of
from welfare.models import Claim, ClaimState
from welfare.queries import listed
from welfare.regulations import Version, all_versions
from welfare.rules.facts import PriorClaim
from welfare.rules.left import Left, left_of

HISTORY_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """Of one claim's person: how many other claims, baht paid on them, the latest of them; what is left to her.

    `left` is None where no rule is in force on the day of the event.
    """

    count: int
    paid: Decimal
    latest: tuple[Claim, ...]
    left: tuple[Left, ...] | None


class Persons:
    """The persons of some claims: their rows in the register and their stays. Three queries."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        asked = Member.objects.filter(pk__in={claim.member_id for claim in claims}).values_list("pk", "merged_into_id")
        keys = {merged_into or key for key, merged_into in asked}
        self.rows = {row.pk: row for row in Member.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys))}
        self.houses = {row.household_id for row in self.rows.values()} - {None}
        self._stays: dict[int, list[Membership]] = defaultdict(list)
        for stay in Membership.objects.filter(member__in=self.rows).order_by("-joined_on", "-id"):
            stay.member = self.rows[stay.member_id]
            self._stays[self.person_of(stay.member_id)].append(stay)

    def person_of(self, key: int) -> int:
        """The key of the person of this row: for a double, of the row that it was merged into."""
        return self.rows[key].merged_into_id or key

    def stays_of(self, person: int) -> tuple[Membership, ...]:
        return tuple(joined_stays(self._stays[person]))

    def keys(self, member: int, house: int | None) -> list[tuple[str, int]]:
        """Under what a row of a claim or of an opening is found: the person, if she is one of these, and the house."""
        person = [("person", self.person_of(member))] if member in self.rows else []
        return [*person, ("house", house)] if house is not None else person


def beside_each(claims: Sequence[Claim]) -> dict[int, Beside]:
    """What stands beside these claims (with their children joined), by their keys; in eight queries for all."""
    if not claims:
        return {}
    persons = Persons(claims)
    history, counted, drawn = _history(persons), _counted(persons), _drawn(persons)
    start_month, versions = Fund.objects.values_list("fund_year_start_month", flat=True).get(), all_versions()
    found = {}
    for claim in claims:
        person = persons.rows[persons.person_of(claim.member_id)]
        keys = persons.keys(person.pk, person.household_id)
        prior = [one.prior for one in counted.under(*keys) if one.counts_before(claim)]
        prior += [one for row in drawn.under(*keys) for one in row]
        others = [one for one in history[person.pk] if one.pk != claim.pk]
        known = {"stays": persons.stays_of(person.pk), "prior": tuple(prior)}
        found[claim.pk] = Beside(
            count=len(others),
            paid=sum((one.amount_approved for one in others if one.state == ClaimState.PAID), Decimal(0)),
            latest=tuple(others[:HISTORY_SHOWN]),
            left=_left(claim, person, **known, start_month=start_month, versions=versions),
        )
    return found


def _history(persons: Persons) -> dict[int, list[Claim]]:
    """All claims of each person, newest first."""
    found: dict[int, list[Claim]] = defaultdict(list)
    for claim in listed(Claim.objects.filter(member__in=persons.rows)).order_by("-event_from", "-id"):
        found[persons.person_of(claim.member_id)].append(claim)
    return found


def _counted(persons: Persons) -> Shelf[CountedClaim]:
    shelf: Shelf[CountedClaim] = Shelf()
    theirs = Q(member__in=persons.rows) | Q(household__in=persons.houses)
    rows = Claim.objects.filter(theirs, state__in=COUNTING_STATES).order_by("event_from", "id")
    for row in rows.values(*COUNTED_FIELDS):
        shelf.put(counted_claim(row), *persons.keys(row["member_id"], row["household_id"]))
    return shelf


def _drawn(persons: Persons) -> Shelf[tuple[PriorClaim, ...]]:
    shelf: Shelf[tuple[PriorClaim, ...]] = Shelf()
    theirs = Q(member__in=persons.rows) | Q(member__household__in=persons.houses)
    for row in OpeningDrawn.objects.filter(theirs).order_by("id").values(*DRAWN_FIELDS, *DRAWN_KEYS):
        shelf.put(tuple(drawn_of(row)), *persons.keys(row["member_id"], row["member__household_id"]))
    return shelf


def _left(
    claim: Claim,
    person: Member,
    *,
    stays: tuple[Membership, ...],
    prior: tuple[PriorClaim, ...],
    start_month: int,
    versions: Sequence[Version],
) -> tuple[Left, ...] | None:
    """As `meeting_cases.left_beside` for one claim, which a test holds; standing and dues change nothing of it."""
    started = [version for version in versions if version.document.effective_from <= claim.event_from]
    if not started:
        return None
    version = started[-1]
    if version.benefit(claim.benefit_code) is None:
        return ()
    background = Background(
        member=person,
        before=claim,
        version=version,
        memberships=stays,
        membership=running_or_lapsed(stays, claim.event_from),
        paid_through=None,
        standing=Standing.NOT_A_MEMBER,
        groups=frozenset(),
        prior=prior,
        beneficiary_named=False,
        fund_year_start_month=start_month,
        fund_wide=lambda *_asked: (0, Decimal(0)),
    )
    return left_of(facts_of(background, event_of(claim, frozenset())), version.terms(claim.benefit_code))

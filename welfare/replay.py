"""What if: the claims of one fund year judged again under another version of the regulation. Nothing is written.

Every claim that was sent in with an event of that year is reckoned in the order of submission, by the same rules and
facts as ever, beside the earlier claims as they would have come out under the other version. The other version judges
the whole year, whatever its own first day.

What people decided stays decided. A claim that the committee rejected although the rules allowed it is not granted by
another version; a sum that the committee set itself stands, up to what the version allows. Only where the rules
themselves refused, or reckoned the sum that was approved, does the other version speak.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from ledger.models import FiscalYear
from members.models import Member
from welfare.bulk import FundFacts, Shelf, gather_fund
from welfare.eligibility import COUNTING_STATES, GRANTED_STATES, PRIOR_FIELDS, WAITING_STATES, prior_of
from welfare.events import Event, event_of
from welfare.models import Claim, ClaimState
from welfare.regulations import Version
from welfare.rules.document import RegulationDocument
from welfare.rules.facts import BEFORE_PROGRAM, PriorClaim
from welfare.rules.limits import baht_in, lies_in
from welfare.rules.spans import LimitYear
from welfare.rules.steps import Assessment, Step

REPLAYED_STATES = (*COUNTING_STATES, ClaimState.REJECTED)
LONGEST_LIMIT_YEAR = timedelta(days=366)

Place = tuple[datetime, int, int]  # when it was sent in, then its number
OnStep = Callable[[int, int], None]


class NoSuchYear(DomainError):
    """The fund has no such year in its books."""


class Change(StrEnum):
    """What the other version would have made of a claim."""

    SAME = "same"
    MORE = "more"
    LESS = "less"
    REFUSED = "refused"
    GRANTED = "granted"
    COMMITTEE = "committee"


CHANGE_NAMES = {
    Change.SAME: gettext_lazy("The same"),
    Change.MORE: gettext_lazy("Gets more"),
    Change.LESS: gettext_lazy("Gets less"),
    Change.REFUSED: gettext_lazy("Refused instead"),
    Change.GRANTED: gettext_lazy("Granted instead"),
    Change.COMMITTEE: gettext_lazy("To the committee instead"),
}


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decided claim: baht approved (0 where it was rejected), baht under the other version, and why.

    `person` is the key of whom it is paid for: the same for all numbers of hers that were merged.
    `open_up_to`: baht that the committee could grant under the other version, which nobody has decided.
    """

    claim: Claim
    person: int
    member_name: str
    approved: Decimal
    result: Decimal
    change: Change
    why: tuple[Step, ...]
    open_up_to: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """Baht more (or, below nought, less) than was approved."""
        return self.result - self.approved


@dataclass(slots=True)
class Tally:
    """Totals of a benefit, or of all."""

    claims: int = 0
    approved: Decimal = ZERO
    result: Decimal = ZERO
    open_up_to: Decimal = ZERO
    changes: Counter[Change] = field(default_factory=Counter)

    @property
    def difference(self) -> Decimal:
        return self.result - self.approved

    def add(self, row: Replayed) -> None:
        self.claims += 1
        self.approved += row.approved
        self.result += row.result
        self.open_up_to += row.open_up_to
        self.changes[row.change] += 1


@dataclass(frozen=True, slots=True)
class Replay:
    """A year under another version: every decided claim in the order of submission, and the totals."""

    year_be: int
    document: RegulationDocument
    rows: list[Replayed]

    @property
    def changed(self) -> list[Replayed]:
        """The claims that would have come out otherwise."""
        return [row for row in self.rows if row.change != Change.SAME]

    def by_benefit(self) -> dict[str, Tally]:
        """Totals by the benefit's code, in the order of the codes."""
        found: dict[str, Tally] = defaultdict(Tally)
        for row in self.rows:
            found[row.claim.benefit_code].add(row)
        return dict(sorted(found.items()))

    def of_change(self, change: Change) -> tuple[int, int, Decimal]:
        """How many claims come out so, of how many persons, and baht more or less in all."""
        rows = [row for row in self.rows if row.change == change]
        return len(rows), len({row.person for row in rows}), sum((row.difference for row in rows), ZERO)

    def by_person(self) -> list[list[Replayed]]:
        """The claims of each person who would have got otherwise, by who gains or loses most."""
        found: dict[int, list[Replayed]] = defaultdict(list)
        for row in self.rows:
            found[row.person].append(row)
        touched = [rows for rows in found.values() if any(row.change != Change.SAME for row in rows)]
        return sorted(touched, key=lambda rows: -abs(sum(row.difference for row in rows)))

    def total(self) -> Tally:
        """Totals of the whole year."""
        tally = Tally()
        for row in self.rows:
            tally.add(row)
        return tally


def replay_year(
    year_be: int, document: RegulationDocument, *, fund: FundFacts | None = None, on_step: OnStep | None = None
) -> Replay:
    """Judge the claims with an event in this fund year by the document. Raises `NoSuchYear`.

    `fund`: facts gathered already; `on_step` is told how many of how many claims are done.
    """
    year = FiscalYear.objects.filter(pk=year_be).first()
    if year is None:
        raise NoSuchYear(_("The books have no fund year %(year)d. Choose one that they have.") % {"year": year_be})
    run = _Run(year, document, fund or gather_fund())
    claims = run.claims()
    rows = []
    for done, claim in enumerate(claims, start=1):
        event = event_of(claim, evidence=frozenset())
        assessment = run.assess(claim, event)
        row = _compared(claim, assessment, run.person_of(claim))
        run.keep(claim, event, assessment, row.result)
        if claim.state not in WAITING_STATES:
            rows.append(row)
        if on_step is not None and (done % 200 == 0 or done == len(claims)):
            on_step(done, len(claims))
    return Replay(year_be, document, rows)


class _Run:
    """One replay: what was gathered, and what has come out so far."""

    def __init__(self, year: FiscalYear, document: RegulationDocument, fund: FundFacts) -> None:
        self.year, self.fund = year, fund
        first = min(document.effective_from, year.starts_on)
        self.version = Version(0, document.model_copy(update={"effective_from": first}), None)
        self.outcomes: Shelf[PriorClaim] = Shelf()
        self.counts = _Counts()
        self._places: dict[str, Place] = {}  # of the claims that are not judged again
        self._read_others()

    def claims(self) -> list[Claim]:
        """Every claim that was sent in with an event of the year, in the order of submission."""
        asked = Claim.objects.filter(
            state__in=REPLAYED_STATES, event_from__range=(self.year.starts_on, self.year.ends_on)
        )
        rows = asked.select_related("child", "community").defer("assessment")
        return sorted(rows, key=_place)

    def _read_others(self) -> None:
        """When the claims of other years were sent in, and what those of the year before drew on the whole fund."""
        others = Claim.objects.filter(state__in=COUNTING_STATES).exclude(
            event_from__range=(self.year.starts_on, self.year.ends_on)
        )
        for year_be, number, submitted, entered in others.values_list(
            "year_be", "number", "submitted_at", "entered_at"
        ):
            self._places[f"{year_be}/{number:06d}"] = (submitted or entered, year_be, number)
        just_before = (self.year.starts_on - LONGEST_LIMIT_YEAR, self.year.starts_on - timedelta(days=1))
        near = others.filter(state__in=GRANTED_STATES, event_from__range=just_before)
        for row in near.values("community_id", *PRIOR_FIELDS):
            self.counts.put(row["community_id"], prior_of(row))

    def person_of(self, claim: Claim) -> Member:
        return self.fund.member(claim.member_id)

    def assess(self, claim: Claim, event: Event) -> Assessment:
        """Reckon one claim beside those before it as they came out."""
        child = event.children[0].key if event.children else ""
        found = self.fund.background(claim.member_id, claim.event_from, before=claim, child=child, version=self.version)
        mine = _place(claim)
        others = [prior for prior in found.prior if self._was_before(prior, mine)]
        keys: list[object] = [("person", found.member.pk)]
        if found.member.household_id is not None:
            keys.append(("house", found.member.household_id))
        if child:
            keys.append(("child", child))
        prior = (*others, *self.outcomes.under(*keys))
        return self.fund.assess_on(replace(found, prior=prior, fund_wide=self.counts.so_far), event)

    def _was_before(self, prior: PriorClaim, mine: Place) -> bool:
        """What was drawn before the program, and the claims of other years sent in before; not this year's."""
        if prior.number == BEFORE_PROGRAM:
            return True
        place = self._places.get(prior.number)
        return place is not None and place < mine

    def keep(self, claim: Claim, event: Event, assessment: Assessment, result: Decimal) -> None:
        """Let the claim count for those after it, as it came out."""
        if result <= 0 and not (claim.state in WAITING_STATES and assessment.outcome != "refused"):
            return
        children = tuple(child.key for child in event.children if child.key)
        person = self.fund.member(claim.member_id).pk
        keys: list[object] = [("person", person)]
        if claim.household_id is not None:
            keys.append(("house", claim.household_id))
        keys += [("child", key) for key in children]
        prior = PriorClaim(
            number=claim.label,
            benefit_code=claim.benefit_code,
            event_from=claim.event_from,
            event_until=claim.event_until,
            amount=result,
            units=assessment.units_paid or claim.units or 1,
            parts=assessment.parts if result == assessment.amount else (),
            member_key=str(person),
            household_key=str(claim.household_id or ""),
            child_keys=children,
            event_key=claim.event_key,
        )
        self.outcomes.put(prior, *keys)
        self.counts.put(claim.community_id, prior)


class _Counts:
    """Claims of a community and baht of the fund, by benefit and limit year, as they come out one after the other."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[int, PriorClaim]]] = defaultdict(list)
        self._sums: dict[tuple[str, LimitYear], tuple[int, Counter[int], Decimal]] = {}

    def put(self, community: int, claim: PriorClaim) -> None:
        self._rows[claim.benefit_code].append((community, claim))

    def so_far(self, code: str, year: LimitYear, community: int, _before: Claim | None) -> tuple[int, Decimal]:
        """Reads only what came since it was asked last."""
        rows = self._rows[code]
        read, claims, spent = self._sums.get((code, year), (0, Counter(), ZERO))
        for where, claim in rows[read:]:
            claims[where] += year.holds(claim.event_from)
            spent += baht_in(claim, year) if lies_in(claim, year) else ZERO
        self._sums[code, year] = len(rows), claims, spent
        return claims[community], spent


def _place(claim: Claim) -> Place:
    return claim.submitted_at or claim.entered_at, claim.year_be, claim.number


def _compared(claim: Claim, assessment: Assessment, person: Member) -> Replayed:
    who = (person.pk, person.full_name)
    approved = claim.amount_approved or ZERO if claim.state in GRANTED_STATES else ZERO
    newly_open = claim.state == ClaimState.REJECTED and claim.outcome == "refused"
    if newly_open and assessment.outcome == "needs_decision":
        return Replayed(claim, *who, approved, ZERO, Change.COMMITTEE, _why(assessment), _allowed(assessment))
    result = _granted(claim, assessment, approved)
    change = _change(approved, result)
    return Replayed(claim, *who, approved, result, change, () if change == Change.SAME else _why(assessment))


def _granted(claim: Claim, assessment: Assessment, approved: Decimal) -> Decimal:
    """Baht under the other version; see the module's head on what people decided."""
    if assessment.outcome == "refused":
        return ZERO
    if claim.state in WAITING_STATES:
        return assessment.amount
    if claim.state == ClaimState.REJECTED:
        return assessment.amount if claim.outcome == "refused" else ZERO
    if approved == claim.amount and assessment.amount > 0:
        return assessment.amount
    return min(approved, _allowed(assessment))


def _allowed(assessment: Assessment) -> Decimal:
    """The sum, or the most that the committee may set where it is the committee's to set."""
    ceilings = [step.figures["up_to"] for step in assessment.steps if step.code == "amount_open"]
    return next((sum_due for sum_due in ceilings if isinstance(sum_due, Decimal)), assessment.amount)


def _change(approved: Decimal, result: Decimal) -> Change:
    if approved == result:
        return Change.SAME
    if approved == 0:
        return Change.GRANTED
    if result == 0:
        return Change.REFUSED
    return Change.MORE if result > approved else Change.LESS


def _why(assessment: Assessment) -> tuple[Step, ...]:
    """The refusals; else how the sum is paid, and what lowered it or left it to the committee."""
    if assessment.refusals:
        return assessment.refusals
    return tuple(
        step
        for step in assessment.steps
        if step.code.startswith(("pays_", "limit_", "percent_ceiling")) or step.code in ("late", "amount_open")
    )

"""Reckons every claim of the plan by the fund's own rules, on the facts that the register will hold."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from bansong_fund.demo.load_people import paid_through
from bansong_fund.demo.load_world import World
from bansong_fund.demo.shapes import Child as PlannedChild
from bansong_fund.demo.shapes import Claim, Person
from members.models import Group
from members.standing import StandingRules, standing_on
from welfare.eligibility import vouched_for
from welfare.events import child_key, event_key
from welfare.rules.assess import assess
from welfare.rules.facts import Child, ClaimFacts, PriorClaim, terms_for
from welfare.rules.steps import Assessment

COUNTED = frozenset({"paid", "approved", "verified", "submitted"})
PAPERS_SEEN = frozenset({"verified", "approved", "rejected", "paid"})


class PlanBroken(RuntimeError):
    """The rules reckon a claim otherwise than the plan says: one of the two is wrong."""


class Reckoner:
    """Takes the claims in the order in which they came in, and remembers what counts for the later ones."""

    def __init__(self, world: World) -> None:
        self.world = world
        membership = world.document.membership
        self.standing_rules = StandingRules(membership.suspend_after_days, membership.lapse_after_days)
        self.terms = {benefit.code: terms_for(world.document, benefit.code) for benefit in world.document.benefits}
        self.events = {one.key: event_key(one.name_th) for one in world.plan.disasters}
        self.payments: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for payment in world.plan.dues:
            self.payments[payment.person].append((payment.paid_on, payment.year))
        self.of_household: dict[int, list[PriorClaim]] = defaultdict(list)
        self.in_community: Counter[tuple[str, int, int]] = Counter()

    def reckon(self, claim: Claim) -> Assessment:
        """Raises `PlanBroken` where outcome or sum are not the plan's."""
        person = self.world.plan.person(claim.person)
        facts = self._facts(claim, person)
        assessment = assess(facts, self.terms[claim.benefit])
        if (assessment.outcome, assessment.amount) != (claim.expected, claim.amount):
            raise PlanBroken(
                f"{claim.key}: {assessment.outcome} {assessment.amount}, not {claim.expected} {claim.amount}"
            )
        if claim.status in COUNTED:
            self.of_household[person.household].append(self._prior(claim, facts, assessment))
            self.in_community[claim.benefit, person.community, claim.event_on.year] += 1
        return assessment

    def papers(self, claim: Claim) -> list[str]:
        """The papers that were seen: the first of each that would do, once the registrar has checked."""
        if claim.status not in PAPERS_SEEN:
            return []
        return sorted({papers[0] for papers in self.terms[claim.benefit].benefit.evidence})

    def _facts(self, claim: Claim, person: Person) -> ClaimFacts:
        world = self.world
        member = world.members[claim.person]
        place = (claim.benefit, person.community, claim.event_on.year)
        return ClaimFacts(
            event_from=claim.event_on,
            event_until=claim.event_ends_on,
            received_on=claim.received_on,
            member_key=str(member.pk),
            household_key=str(member.household_id),
            joined_on=person.joined_on,
            birth_date=person.birth_date,
            died_on=member.died_on,
            standing=str(self._standing(person, claim.event_on)),
            groups=_groups(person, claim.event_on),
            units=claim.units,
            children=_children(claim.child),
            grade=claim.grade or "",
            proposed_amount=claim.proposed,
            event_key=self.events.get(claim.disaster or "", ""),
            evidence=frozenset(self.papers(claim)),
            register_vouches=vouched_for(member),
            beneficiary_named=person.beneficiary is not None,
            prior=tuple(self.of_household[person.household]),
            community_claims={date(claim.event_on.year, 1, 1): self.in_community[place]},
        )

    def _standing(self, person: Person, day: date) -> str:
        payments = self.payments[person.number]
        years = [year for paid_on, year in payments if paid_on <= day]
        if years or not payments:
            through = paid_through(person.joined_on, max(years, default=None))
        else:
            through = person.joined_on - timedelta(days=1)
        return standing_on(through, day, self.standing_rules)

    def _prior(self, claim: Claim, facts: ClaimFacts, assessment: Assessment) -> PriorClaim:
        return PriorClaim(
            number=f"{claim.received_on.year + 543}/{claim.number:06d}",
            benefit_code=claim.benefit,
            event_from=claim.event_on,
            event_until=claim.event_ends_on,
            amount=assessment.amount,
            units=assessment.units_paid or claim.units or 1,
            parts=assessment.parts,
            member_key=facts.member_key,
            household_key=facts.household_key,
            child_keys=tuple(child.key for child in facts.children),
            event_key=facts.event_key,
        )


def _groups(person: Person, day: date) -> frozenset[str]:
    flags = {Group.DISABLED: person.disabled_from, Group.DISADVANTAGED: person.disadvantaged_from}
    return frozenset(str(group) for group, since in flags.items() if since is not None and since <= day)


def _children(child: PlannedChild | None) -> tuple[Child, ...]:
    if child is None:
        return ()
    return (Child(key=child_key(child.name, child.birth_date), name=child.name, birth_date=child.birth_date),)

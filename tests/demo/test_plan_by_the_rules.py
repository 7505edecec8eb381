"""Every claim of the plan comes out of the fund's own rules with the outcome and the sum that the plan says."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from bansong_fund.demo.figures import DATA
from bansong_fund.demo.plan import shared_plan
from bansong_fund.demo.shapes import Claim, Plan
from welfare.rules.assess import assess
from welfare.rules.document import read_regulation
from welfare.rules.facts import Child, ClaimFacts, PriorClaim, terms_for

COUNTED = {"paid", "approved", "verified", "submitted"}


def standing(paid: list[tuple[date, int]], day: date) -> str:
    years = [year for paid_on, year in paid if paid_on <= day]
    if not years:
        return "suspended"
    behind = (day - date(max(years), 12, 31)).days
    return "good" if behind <= 0 else "arrears" if behind <= 90 else "suspended"


def groups(plan: Plan, claim: Claim) -> frozenset[str]:
    person = plan.person(claim.person)
    flags = {"disabled": person.disabled_from, "disadvantaged": person.disadvantaged_from}
    return frozenset(name for name, since in flags.items() if since is not None and since <= claim.event_on)


def child_key(claim: Claim) -> str:
    return f"{claim.child.name} {claim.child.birth_date}" if claim.child else ""


def facts_of(plan: Plan, claim: Claim, paid: list[tuple[date, int]]) -> dict:
    person = plan.person(claim.person)
    child = claim.child
    return {
        "event_from": claim.event_on,
        "received_on": claim.received_on,
        "event_until": claim.event_ends_on,
        "member_key": str(claim.person),
        "household_key": str(person.household),
        "joined_on": person.joined_on,
        "birth_date": person.birth_date,
        "died_on": person.ended_on if person.end_reason == "died" else None,
        "standing": standing(paid, claim.event_on),
        "groups": groups(plan, claim),
        "units": claim.units,
        "children": (Child(key=child_key(claim), name=child.name, birth_date=child.birth_date),) if child else (),
        "grade": claim.grade or "",
        "proposed_amount": claim.proposed,
        "event_key": claim.disaster or "",
        "beneficiary_named": person.beneficiary is not None,
    }


def as_prior(plan: Plan, claim: Claim) -> PriorClaim:
    return PriorClaim(
        number=claim.key,
        benefit_code=claim.benefit,
        event_from=claim.event_on,
        amount=claim.amount,
        units=claim.units or 1,
        event_until=claim.event_ends_on,
        member_key=str(claim.person),
        household_key=str(plan.person(claim.person).household),
        child_keys=(child_key(claim),) if claim.child else (),
        event_key=claim.disaster or "",
    )


def test_every_claim_is_reckoned_as_the_plan_says():
    plan = shared_plan()
    regulation = read_regulation((DATA / "regulation-bansong.yaml").read_text(encoding="utf-8"))
    terms = {benefit.code: terms_for(regulation, benefit.code) for benefit in regulation.benefits}
    paid: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for one in plan.dues:
        paid[one.person].append((one.paid_on, one.year))
    of_house: dict[int, list[PriorClaim]] = defaultdict(list)
    quota: Counter[tuple[str, int, int]] = Counter()
    found, expected = [], []
    for claim in plan.claims:
        person = plan.person(claim.person)
        place = (claim.benefit, person.community, claim.event_on.year)
        facts = ClaimFacts(
            **facts_of(plan, claim, paid[claim.person]),
            prior=tuple(of_house[person.household]),
            community_claims={date(claim.event_on.year, 1, 1): quota[place]},
        )
        assessment = assess(facts, terms[claim.benefit])
        found.append((claim.key, assessment.outcome, assessment.amount))
        expected.append((claim.key, claim.expected, Decimal(claim.amount)))
        if claim.status in COUNTED:
            of_house[person.household].append(as_prior(plan, claim))
            quota[place] += 1
    assert found == expected

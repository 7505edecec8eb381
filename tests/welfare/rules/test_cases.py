"""Cases as sentences: `cases/*.yaml`. Each names the facts, and what must come of them, exactly.

What a case leaves out is a member (m1 of household h1) who joined on 1 January 2011, was born on
5 May 1970, is in good standing, hands in every paper on the day the event ends, and has claimed
nothing before. `refusals` and `notes` are all of them, in order; `steps`, where given, every step.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from welfare.rules.assess import assess
from welfare.rules.facts import Child, ClaimFacts, PriorClaim, Terms, terms_for
from welfare.rules.steps import Assessment, PaidPart

CASES = [
    pytest.param(case, id=case["name"])
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
CLOSING = {"amount", "amount_if_decided", "amount_open"}
SETS = ("groups", "exclusions_yes", "evidence", "register_vouches")


def prior_claim(given: dict[str, Any], benefit_code: str) -> PriorClaim:
    parts = tuple(PaidPart(day, units, Decimal(baht)) for day, units, baht in given.pop("parts", ()))
    given["amount"] = Decimal(given["amount"])
    given["child_keys"] = tuple(given.get("child_keys", ()))
    known = {"benefit_code": benefit_code, "member_key": "m1", "household_key": "h1"}
    return PriorClaim(**{**known, **given}, parts=parts)


def claim_facts(given: dict[str, Any], terms: Terms) -> ClaimFacts:
    given = dict(given)
    known: dict[str, Any] = {
        "member_key": "m1",
        "household_key": "h1",
        "joined_on": date(2011, 1, 1),
        "birth_date": date(1970, 5, 5),
        "beneficiary_named": True,
        "received_on": given.get("event_until") or given["event_from"],
        "evidence": [paper for papers in terms.benefit.evidence for paper in papers],
    }
    for name in ("loss", "proposed_amount"):
        if name in given:
            given[name] = Decimal(given[name])
    given["prior"] = tuple(prior_claim(dict(each), terms.benefit.code) for each in given.get("prior", ()))
    given["children"] = tuple(Child(**child) for child in given.get("children", ()))
    if "fund_spent" in given:
        given["fund_spent"] = {day: Decimal(baht) for day, baht in given["fund_spent"].items()}
    merged = {**known, **given}
    return ClaimFacts(**{**merged, **{name: frozenset(merged.get(name, ())) for name in SETS}})


def result_of(assessment: Assessment) -> dict[str, Any]:
    return {
        "outcome": assessment.outcome,
        "amount": str(assessment.amount),
        "refusals": [step.code for step in assessment.refusals],
        "notes": [step.code for step in assessment.steps if step.ok is None and step.code not in CLOSING],
    }


@pytest.mark.parametrize("case", CASES)
def test_case(case, bansong, every_key):
    regulation = every_key if case.get("regulation") == "every-key" else bansong
    terms = terms_for(regulation, case["benefit"], effective_until=case.get("effective_until"))
    assessment = assess(claim_facts(case["facts"], terms), terms)
    expected = {
        "outcome": case["outcome"],
        "amount": case.get("amount", "0.00"),
        "refusals": case.get("refusals", []),
        "notes": case.get("notes", []),
    }
    assert result_of(assessment) == expected
    if "units" in case:
        assert assessment.units_paid == case["units"]
    if "steps" in case:
        assert [step.code for step in assessment.steps] == case["steps"]
    for language, sentences in case.get("says", {}).items():
        told = [step.sentence(language) for step in assessment.steps]
        assert [line for line in told if line in sentences] == sentences
    assert Assessment.from_json(assessment.to_json()) == assessment


def test_there_are_as_many_cases_as_were_asked_for():
    assert len(CASES) >= 80
    assert len({case.values[0]["name"] for case in CASES}) == len(CASES)

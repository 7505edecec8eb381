"""Reads `cases/*.yaml`: what each names, put together with what it leaves out."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from welfare.rules.facts import Child, ClaimFacts, PriorClaim, Terms
from welfare.rules.steps import Assessment, PaidPart

CASES: list[dict[str, Any]] = [
    case
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

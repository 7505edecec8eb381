"""Cases as sentences: `cases/*.yaml`. Each names the facts, and what must come of them, exactly.

What a case leaves out is a member (m1 of household h1) who joined on 1 January 2011, was born on
5 May 1970, is in good standing, hands in every paper on the day the event ends, and has claimed
nothing before. `refusals` and `notes` are all of them, in order; `steps`, where given, every step.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.welfare.rules.casework import CASES, claim_facts, result_of
from tests.welfare.rules.conftest import BANSONG, EVERY_KEY
from welfare.rules.assess import assess
from welfare.rules.document import RegulationDocument, known_keys, read_regulation
from welfare.rules.facts import terms_for
from welfare.rules.steps import Assessment

# What no reckoning goes by (names, how a benefit is proposed, dues and joining), and parts that nothing can do without.
NOT_RECKONED = {
    *("name", "th", "en", "reference", "effective_from", "benefits", "code", "membership", "pays", "limits"),
    *(
        "entry_fee",
        "dues",
        "every",
        "period",
        "joining_late",
        "from_month",
        "counts_for",
        "joining",
        "lapse",
        "by_list",
    ),
    *("requires", "from", "days", "years", "unit", "baht", "percent", "category", "codi_category"),
    *("lapse_after_days", "suspend_after_days"),
}
DEFECTS = {
    *("rate + rate × nights", "the rate only", "birth counted twice", "age by the difference of years"),
    *("the year of entry", "loose tiers", "one sex only", "whole baht", "a button hidden before 365 days"),
    *("a sum chosen from a list", "hard-coded benefits"),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
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
    assert len(CASES) >= 150
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_each_known_defect_of_other_programs_has_its_case():
    named = {case["name"].removeprefix("Defect, ").split(":")[0] for case in CASES if case["name"].startswith("Defect")}
    assert named == DEFECTS


# --- a case for each key: taken out of the regulation, it changes what some case comes to --------------------


@cache
def texts() -> dict[str, RegulationDocument]:
    paths = {"bansong": BANSONG, "every-key": EVERY_KEY}
    return {name: read_regulation(path.read_text(encoding="utf-8")) for name, path in paths.items()}


def comes_to(document: RegulationDocument, case: dict[str, Any]) -> Assessment:
    """What the case comes to there; its facts are those of the regulation as it stands."""
    code, until = case["benefit"], case.get("effective_until")
    facts = claim_facts(case["facts"], terms_for(texts()[case.get("regulation", "bansong")], code))
    return assess(facts, terms_for(document, code, effective_until=until))


def differs(case: dict[str, Any], document: RegulationDocument, other: RegulationDocument) -> bool:
    try:
        return comes_to(document, case) != comes_to(other, case)
    except (StopIteration, ValueError):  # without the only way of paying nothing can be reckoned at all
        return True


def without_a_key(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each key of a benefit with the way to it."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        if isinstance(key, str):
            yield key, (*path, key)
        yield from without_a_key(value, (*path, key))


def taken_out(document: dict[str, Any], path: tuple[Any, ...]) -> RegulationDocument | None:
    """The regulation without this key; None where it cannot do without."""
    copy = RegulationDocument.from_json(document).to_json()
    node: Any = copy
    for step in path[:-1]:
        node = node[step]
    node.pop(path[-1])
    try:
        return RegulationDocument.from_json(copy)
    except ValueError:
        return None


def test_every_key_that_a_reckoning_goes_by_has_a_case_that_would_differ_without_it():
    asked, found = known_keys() - NOT_RECKONED, set()
    for name, document in texts().items():
        stored = document.to_json()
        cases = [case for case in CASES if case.get("regulation", "bansong") == name]
        by_code = {code: [case for case in cases if case["benefit"] == code] for code in document.codes}
        for key, path in without_a_key(stored):
            if key in found or key not in asked:
                continue
            other = taken_out(stored, path)
            touched = by_code[document.codes[path[1]]] if path[0] == "benefits" else cases
            if other is not None and any(differs(case, document, other) for case in touched):
                found.add(key)
    assert found == asked

"""The reckoning of a claim: facts and terms in, outcome, sum and every step out.

Pure: no database, no clock, nothing rounded but a percentage. All conditions are looked at, and all
refusals are told, not the first.
"""

from datetime import date

from welfare.rules.checks import conditions
from welfare.rules.document import RegulationDocument
from welfare.rules.facts import ClaimFacts, Terms
from welfare.rules.limits import Payment, pay_within_limits, year_split
from welfare.rules.pays import Reckoning, reckon
from welfare.rules.steps import ZERO, Assessment, Outcome, PaidPart, Step

# Steps that neither grant nor refuse: the sum stands, and the committee decides with a reason.
LEFT_TO_COMMITTEE = frozenset({"late", "suspended_committee", "no_beneficiary", "household_same_day", "amount_open"})


def assess(facts: ClaimFacts, terms: Terms) -> Assessment:
    """Reckon one claim under the terms of its benefit (the fund's regulation)."""
    steps = list(conditions(facts, terms))
    reckoning = reckon(facts, terms)
    steps += reckoning.steps
    if terms.benefit.unit == "night":
        steps += year_split(facts, terms, reckoning.stretches)
    payment = pay_within_limits(reckoning, facts, terms)
    steps += payment.steps
    return _conclude(steps, reckoning, payment)


def _conclude(steps: list[Step], reckoning: Reckoning, payment: Payment) -> Assessment:
    refusals = [step for step in steps if step.ok is False]
    if refusals:
        return _refused([step for step in steps if step.ok is not False], refusals)
    if reckoning.open_sum:
        last = Step("amount_open", {"up_to": payment.amount}, ok=None)
        return Assessment("needs_decision", ZERO, 0, (*steps, last))
    for_committee = any(step.code in LEFT_TO_COMMITTEE for step in steps)
    outcome: Outcome = "needs_decision" if for_committee else "eligible"
    code = "amount_if_decided" if for_committee else "amount"
    last = Step(code, {"sum": payment.amount}, ok=None if for_committee else True)
    return Assessment(outcome, payment.amount, _units(payment.parts), (*steps, last), payment.parts)


def _refused(looked_at: list[Step], refusals: list[Step]) -> Assessment:
    return Assessment("refused", ZERO, 0, (*looked_at, *refusals))


def _units(parts: tuple[PaidPart, ...]) -> int:
    return sum(part.units for part in parts)


def no_rule_in_force(day: date) -> Assessment:
    """The refusal of an event on a day for which the fund had no regulation: named, and never a silent 0."""
    return _refused([], [Step("no_rule_in_force", {"event_from": day}, ok=False)])


def benefit_not_offered(regulation: RegulationDocument, code: str, day: date) -> Assessment:
    """The refusal of a benefit that the version in force on that day does not have."""
    names = {"regulation_th": regulation.name.th, "regulation_en": regulation.name.en}
    return _refused([], [Step("benefit_not_offered", {**names, "benefit": code, "event_from": day}, ok=False)])

"""Proves the plan's claims against the year table and, by a reckoning of its own, the regulation."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.days import full_years
from bansong_fund.demo.figures import (
    BIRTHS,
    CATEGORIES,
    DEATH_STEPS,
    DEATHS,
    DISASTERS,
    GRADES,
    HOSPITAL_NIGHTS,
    SCHOLARSHIPS_PER_COMMUNITY,
    year_table,
)
from bansong_fund.demo.shapes import TODAY, Claim, Plan

CLAIM_WITHIN = {
    "birth-gift": 90,
    "birth-mother-nights": 90,
    "hospital-night": 60,
    "death-grant": 90,
    "disaster-relief": 60,
}
WAITING = {"scholarship": 365, "career-grant": 365, "housing-repair": 365, "disaster-relief": 0}
GRADE_BAHT = dict(GRADES)
Key = tuple[object, ...]


def claim_problems(plan: Plan) -> list[str]:
    """What does not hold among the claims, in sentences."""
    found: list[str] = []
    paid_through = PaidThrough(plan)
    for claim in plan.claims:
        found += [f"{claim.key} ({claim.benefit}): {what}" for what in _claim(plan, claim, paid_through)]
    for check in (_years, _behind_the_counts, _limits, _refused_and_open, _lists, _meetings):
        found += check(plan)
    return found


class PaidThrough:
    """Standing by what was received on or before a day."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.payments: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for one in plan.dues:
            self.payments[one.person].append((one.paid_on, one.year))

    def has_rights(self, number: int, day: date) -> bool:
        """Paid for, or no more than 90 days behind."""
        years = [year for paid_on, year in self.payments[number] if paid_on <= day]
        return bool(years) and day <= date(max(years), 12, 31) + timedelta(days=90)


def _claim(plan: Plan, claim: Claim, paid_through: PaidThrough) -> Iterable[str]:
    """One claim against the regulation: outcome, amount, deadline, dates."""
    outcome, amount = reckon(plan, claim, paid_through)
    if (outcome, amount) != (claim.expected, claim.amount):
        yield f"{claim.expected} {claim.amount}, reckoned {outcome} {amount}"
    person = plan.person(claim.person)
    ends = claim.event_ends_on or claim.event_on
    last = person.ended_on or TODAY
    if not person.joined_on <= claim.event_on <= ends <= last:
        yield "the event is outside the membership"
    if claim.received_on < ends or (claim.received_on - ends).days > CLAIM_WITHIN.get(claim.benefit, 365):
        yield "handed in too late or too early"
    days = [claim.received_on, claim.verified_on, claim.decided_on, claim.paid_on]
    done = [day for day in days if day is not None]
    if done != sorted(done) or (claim.status == "paid") != (claim.paid_on is not None and claim.meeting is not None):
        yield f"steps on {done} in state {claim.status}"
    if claim.paid_on and claim.paid_on.year != claim.event_on.year:
        yield "paid in another year than the event's"


def reckon(plan: Plan, claim: Claim, paid_through: PaidThrough) -> tuple[str, Decimal]:
    """Outcome and amount by the provisional regulation, apart from yearly and lifetime limits."""
    person = plan.person(claim.person)
    if (claim.event_on - person.joined_on).days < WAITING.get(claim.benefit, 180):
        return "refused", Decimal(0)
    age = full_years(person.birth_date, claim.event_on)
    flags = (person.disabled_from, person.disadvantaged_from)
    if claim.benefit == "elderly-gift" and age < 60:
        return "refused", Decimal(0)
    if claim.benefit == "disadvantaged-aid" and not any(since and since <= claim.event_on for since in flags):
        return "refused", Decimal(0)
    if claim.benefit == "scholarship" and (
        claim.child is None or full_years(claim.child.birth_date, claim.event_on) > 25
    ):
        return "refused", Decimal(0)
    outcome = "eligible" if paid_through.has_rights(claim.person, claim.event_on) else "needs_decision"
    return outcome, _amount(plan, claim)


def _amount(plan: Plan, claim: Claim) -> Decimal:
    """Baht by the regulation's way of paying: by nights, children, tenure, grade, up to a sum, or flat."""
    tenure = full_years(plan.person(claim.person).joined_on, claim.event_on)
    nights = ((claim.event_ends_on or claim.event_on) - claim.event_on).days
    match claim.benefit:
        case "hospital-night":
            return Decimal(100) * min(nights, 20)
        case "birth-mother-nights":
            return Decimal(100) * min(nights, 5)
        case "death-grant":
            return next(amount for amount, start, stop in DEATH_STEPS if start <= tenure < stop)
        case "career-grant" | "housing-repair":
            return min(claim.proposed or Decimal(0), Decimal(5000))
    flat = {
        "elderly-gift": Decimal(0) if tenure < 3 else Decimal(200) if tenure < 10 else Decimal(300),
        "disaster-relief": GRADE_BAHT.get(claim.grade or "", Decimal(0)),
        "birth-gift": Decimal(500) * (claim.units or 0),
    }
    return flat.get(claim.benefit, Decimal(500))


def counts_as_case(claim: Claim) -> bool:
    """A mother's nights belong to the birth that the newborn gift counts."""
    return claim.benefit != "birth-mother-nights"


def _years(plan: Plan) -> list[str]:
    found: list[str] = []
    cases: Counter[Key] = Counter()
    baht: dict[Key, Decimal] = defaultdict(Decimal)
    for claim in plan.claims:
        if claim.paid_on is not None:
            cases[claim.paid_on.year, claim.category] += counts_as_case(claim)
            baht[claim.paid_on.year, claim.category] += claim.amount
    for year, row in year_table().items():
        for name in CATEGORIES:
            key = (year, name)
            if (cases[key], baht[key]) != (row.cases[name], row.baht[name]):
                found.append(f"{year} {name}: {cases[key]} cases, {baht[key]} baht")
        welfare = sum((baht[year, name] for name in CATEGORIES), Decimal(0))
        if welfare != row.money["welfare"]:
            found.append(f"{year} welfare: {welfare}")
    return found


def _behind_the_counts(plan: Plan) -> list[str]:
    """Deaths by step, children and nights, scholarships by community, households by grade."""
    paid = [claim for claim in plan.claims if claim.paid_on is not None]
    deaths = Counter((one.event_on.year, one.amount) for one in paid if one.category == "death")
    wanted_deaths = {
        (year, step[0]): count
        for year, counts in DEATHS.items()
        for step, count in zip(DEATH_STEPS, counts, strict=True)
        if count
    }
    units: Counter[Key] = Counter()
    for one in paid:
        units[one.benefit, one.event_on.year] += one.units or 0
    grades = Counter((one.event_on, one.grade) for one in paid if one.category == "disaster")
    wanted_grades = {
        (day, grade): count
        for day, _, _, hit in DISASTERS
        for (grade, _), count in zip(GRADES, hit, strict=True)
        if count
    }
    pupils = Counter(
        (one.event_on.year, plan.person(one.person).community) for one in paid if one.category == "education"
    )
    wanted_pupils = {
        (year, community): count for year, count in SCHOLARSHIPS_PER_COMMUNITY.items() for community in range(1, 18)
    }
    found = [] if dict(deaths) == wanted_deaths else ["deaths by step of tenure"]
    found += [] if dict(grades) == wanted_grades else ["households hit by grade"]
    found += [] if dict(pupils) == wanted_pupils else ["scholarships by community"]
    for year, (children, nights) in BIRTHS.items():
        if (units["birth-gift", year], units["birth-mother-nights", year]) != (children, nights):
            found.append(f"{year}: children and mothers' nights")
        if units["hospital-night", year] != HOSPITAL_NIGHTS[year]:
            found.append(f"{year}: nights in hospital")
    return found


def _limits(plan: Plan) -> list[str]:
    """What the regulation allows once, or up to so much, a year, life, household or child."""
    nights: Counter[Key] = Counter()
    once: Counter[Key] = Counter()
    houses: Counter[int] = Counter()
    for claim in plan.claims:
        if claim.status in ("draft", "rejected", "cancelled"):
            continue
        person, year = plan.person(claim.person), claim.event_on.year
        if claim.benefit == "hospital-night":
            nights[claim.person, year] += claim.units or 0
        elif claim.benefit == "birth-gift":
            once[claim.benefit, claim.child] += 1
        elif claim.benefit == "disaster-relief":
            once[claim.benefit, person.household, claim.disaster] += 1
        elif claim.benefit == "death-grant":
            once[claim.benefit, claim.person] += 1
        elif claim.benefit == "housing-repair":
            once[claim.benefit, person.household, year] += 1
            houses[person.household] += 1
        else:
            once[claim.benefit, claim.person, year] += 1
    found = [f"{key}: {count} nights" for key, count in nights.items() if count > 20]
    found += [f"{key}: claimed {count} times" for key, count in once.items() if count > 1]
    return found + [f"house {key}: repaired {count} times" for key, count in houses.items() if count > 2]


def _refused_and_open(plan: Plan) -> list[str]:
    """Two deaths a year are not paid; every state of a claim's life is there on the last day."""
    found: list[str] = []
    unpaid = Counter(c.event_on.year for c in plan.claims if c.category == "death" and c.paid_on is None)
    if dict(unpaid) != dict.fromkeys(DEATHS, 2):
        found.append(f"deaths not paid: {dict(unpaid)}")
    states = {claim.status for claim in plan.claims}
    if states != {"draft", "submitted", "verified", "approved", "rejected", "paid", "cancelled"}:
        found.append(f"states of claims: {sorted(states)}")
    reasoned = [claim.key for claim in plan.claims if claim.status == "rejected" and not claim.reason_th]
    return found + [f"{key}: rejected without a reason" for key in reasoned]


def _lists(plan: Plan) -> list[str]:
    """April's lists are complete: everyone who is due is on them, and nobody else; handed over in April."""
    found: list[str] = []
    paid_through = PaidThrough(plan)
    for year, row in year_table().items():
        day = date(year, 4, 1)
        due = {
            one.number
            for one in plan.persons
            if full_years(one.birth_date, day) >= 60
            and one.joined_on <= day
            and full_years(one.joined_on, day) >= 3
            and (one.ended_on is None or one.ended_on > date(year, 4, 13))
            and paid_through.has_rights(one.number, day)
        }
        listed = [c for c in plan.claims if c.category == "elderly" and c.event_on.year == year]
        in_april = all(c.paid_on is not None and c.paid_on.month == 4 for c in listed)
        if {c.person for c in listed} != due or len(due) != row.cases["elderly"] or not in_april:
            found.append(f"{year}: {len(due)} elderly are due, {len(listed)} on the list")
    return found


def _meetings(plan: Plan) -> list[str]:
    days = {meeting.key: meeting.held_on for meeting in plan.meetings}
    found = [c.key for c in plan.claims if c.meeting is not None and days[c.meeting] != c.decided_on]
    numbers = [claim.key for claim in plan.claims]
    if len(set(numbers)) != len(numbers) or numbers != sorted(numbers):
        found.append("claims are not numbered in the order in which they came in")
    return found

"""The conditions of a benefit, looked at one after the other; every refusal is kept, none hides another."""

from collections.abc import Iterator
from datetime import date, timedelta

from welfare.rules.facts import Child, ClaimFacts, PriorClaim, Terms
from welfare.rules.spans import completed_years, days_since_anniversary, reached_on
from welfare.rules.steps import Figure, Step


def conditions(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """Every step before the reckoning, in the order in which they are shown."""
    yield version(facts, terms)
    yield from dates(facts)
    yield from membership(facts, terms)
    yield from ages(facts, terms)
    yield from group(facts, terms)
    yield from exclusions(facts, terms)
    yield from lateness(facts, terms)
    yield from once_only(facts, terms)
    yield from overlaps(facts, terms)
    yield from evidence(facts, terms)
    yield from beneficiary(facts, terms)


def version(facts: ClaimFacts, terms: Terms) -> Step:
    """The version in force on the first day of the event decides, never that of the day of entry."""
    regulation = terms.regulation
    if facts.event_from < regulation.effective_from:
        figures = {"effective_from": regulation.effective_from, "event_from": facts.event_from}
        return Step("version_not_in_force", figures, ok=False)
    if terms.effective_until is not None and facts.event_from >= terms.effective_until:
        figures = {"effective_until": terms.effective_until, "event_from": facts.event_from}
        return Step("version_replaced", figures, ok=False)
    return Step(
        "version",
        {
            "regulation_th": regulation.name.th,
            "regulation_en": regulation.name.en,
            "reference": regulation.reference,
            "effective_from": regulation.effective_from,
        },
    )


def dates(facts: ClaimFacts) -> Iterator[Step]:
    """Dates that cannot be: an end before the beginning, papers before the end."""
    if facts.event_until is not None and facts.event_until < facts.event_from:
        figures = {"event_from": facts.event_from, "event_until": facts.event_until}
        yield Step("dates_reversed", figures, ok=False)
    elif facts.received_on < facts.event_end:
        figures = {"received_on": facts.received_on, "event_end": facts.event_end}
        yield Step("received_before_event", figures, ok=False)


def membership(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """Tenure, waiting time and standing on the day of the event; an event after death is nobody's."""
    event, joined = facts.event_from, facts.joined_on
    if joined is None:
        yield Step("not_a_member", {"event_from": event}, ok=False)
    elif event < joined:
        yield Step("before_joining", {"event_from": event, "joined_on": joined}, ok=False)
    else:
        yield tenure(joined, event)
        yield from waiting(joined, facts, terms)
        yield standing(facts, terms)
    death = terms.benefit.category == "death"
    if facts.died_on is not None and event > facts.died_on and terms.benefit.subject == "member" and not death:
        yield Step("after_death", {"event_from": event, "died_on": facts.died_on}, ok=False)


def tenure(joined: date, event: date) -> Step:
    """How long the running membership had lasted, by anniversaries."""
    years, days = completed_years(joined, event), days_since_anniversary(joined, event)
    return Step("tenure", {"joined_on": joined, "event_from": event, "years": years, "days": days})


def waiting(joined: date, facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """The wait counts from the day of joining as day 0 and is served on its last day.

    The benefit's own waiting time overrides the membership's, also for those who joined at an age
    from which that is longer.
    """
    own = terms.benefit.requires.waiting_days
    age = completed_years(facts.birth_date, joined) if facts.birth_date else None
    days = own if own is not None else terms.membership.waiting_days_at_age(age)
    if own is None and age is not None and days != terms.membership.waiting_days:
        yield Step("waiting_by_age", {"age": age, "waiting_days": days})
    if days == 0:
        yield Step("no_waiting")
        return
    served_on = reached_on(joined, days=days)
    if facts.event_from >= served_on:
        yield Step("waiting", {"waiting_days": days, "served_on": served_on})
    else:
        figures: dict[str, Figure] = {"waiting_days": days, "served_on": served_on, "event_from": facts.event_from}
        yield Step("waiting_not_over", figures, ok=False)


def standing(facts: ClaimFacts, terms: Terms) -> Step:
    """Standing on the day of the event; arrears keep their rights, and `paid_up: false` waives suspension.

    It does not waive the membership itself: who has lapsed is no member.
    """
    plain = {
        "good": Step("standing_good"),
        "arrears": Step("standing_arrears"),
        "lapsed": Step("lapsed", ok=False),
        "not-a-member": Step("not_a_member", {"event_from": facts.event_from}, ok=False),
    }
    if facts.standing != "suspended":
        return plain[facts.standing]
    figures = {"suspend_after_days": terms.membership.suspend_after_days}
    if not terms.benefit.requires.paid_up:
        return Step("standing_not_asked")
    if terms.membership.arrears_by_committee:
        return Step("suspended_committee", figures, ok=None)
    return Step("suspended", figures, ok=False)


def ages(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """The member's age, and the child's, in completed years on the day of the event."""
    requires = terms.benefit.requires
    if requires.min_age is not None or requires.max_age is not None:
        bounds = (requires.min_age, requires.max_age)
        yield from _age(facts.birth_date, facts.event_from, *bounds, prefix="", fact="birth_date")
    if requires.subject_min_age is not None or requires.subject_max_age is not None:
        bounds = (requires.subject_min_age, requires.subject_max_age)
        for child in facts.children or (Child(),):
            born = child.birth_date
            yield from _age(born, facts.event_from, *bounds, prefix="subject_", fact="child_birth_date")


def _age(
    born: date | None, event: date, least: int | None, most: int | None, *, prefix: str, fact: str
) -> Iterator[Step]:
    if born is None:
        yield Step("missing_fact", {"fact": fact}, ok=False)
        return
    age = completed_years(born, event)
    if least is not None and age >= least:
        yield Step(f"{prefix}min_age_met", {"age": age, "min_age": least})
    elif least is not None:
        figures: dict[str, Figure] = {"age": age, "min_age": least, "reached_on": reached_on(born, years=least)}
        yield Step(f"{prefix}below_min_age", figures, ok=False)
    if most is not None:
        code = f"{prefix}max_age_met" if age <= most else f"{prefix}above_max_age"
        yield Step(code, {"age": age, "max_age": most}, ok=age <= most)


def group(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """Any one of the groups is enough."""
    asked = terms.benefit.requires.group
    if asked is None:
        return
    found = tuple(each for each in asked if each in facts.groups)
    yield Step("group_met", {"groups": found}) if found else Step("group_missing", {"groups": asked}, ok=False)


def exclusions(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """The regulation's questions to whoever enters the claim; each yes refuses it."""
    asked = terms.benefit.excludes
    affirmed = [each for each in asked if each in facts.exclusions_yes]
    for each in affirmed:
        yield Step("excluded", {"exclusion": each}, ok=False)
    if asked and not affirmed:
        yield Step("exclusions_none", {"exclusions": asked})


def lateness(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """From the end of the event to the day the leader had the papers; a late claim is the committee's."""
    within = terms.benefit.claim_within_days
    if within is None:
        return
    last_day = facts.event_end + timedelta(days=within)
    figures = {"received_on": facts.received_on, "last_day": last_day}
    late = (facts.received_on - last_day).days
    if late > 0:
        yield Step("late", {**figures, "late": late}, ok=None)
    else:
        yield Step("in_time", {**figures, "within": within})


def once_only(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """`once_per`: the same child by whichever parent, or the same event by whoever of the household."""
    same_benefit = [prior for prior in facts.prior if prior.benefit_code == terms.benefit.code and prior.has_event]
    if terms.benefit.once_per == "child":
        yield from _once_per_child(facts, same_benefit)
    elif terms.benefit.once_per == "household":
        for prior in same_benefit:
            if facts.of_household(prior) and _same_event(facts, prior):
                yield Step("household_claimed", {"number": prior.number}, ok=False)
            elif facts.of_household(prior) and facts.event_from == prior.event_from:
                # two names for one flood, or a flood and a fire: the committee knows
                yield Step("household_same_day", {"number": prior.number}, ok=None)
    yield from _same_day(facts, same_benefit)


def _once_per_child(facts: ClaimFacts, same_benefit: list[PriorClaim]) -> Iterator[Step]:
    if not facts.children:
        yield Step("missing_fact", {"fact": "child"}, ok=False)
    keys = [child.key for child in facts.children]
    for place, child in enumerate(facts.children):
        name = child.name or child.key
        if child.key and child.key in keys[:place]:
            yield Step("child_twice", {"child": name}, ok=False)
            continue
        for prior in same_benefit:
            if child.key and child.key in prior.child_keys:
                yield Step("child_claimed", {"child": name, "number": prior.number}, ok=False)
            elif facts.of_household(prior) and _born_together(child, prior):
                # twins, or one child under two spellings: for people to look at
                yield Step("child_born_same_day", {"child": name, "number": prior.number}, ok=None)


def _born_together(child: Child, prior: PriorClaim) -> bool:
    day = child.birth_date.isoformat() if child.birth_date else ""
    return bool(day) and any(key.endswith(f"|{day}") for key in prior.child_keys)


def _same_event(facts: ClaimFacts, prior: PriorClaim) -> bool:
    """Named events are the same by name; where either has none, by the day."""
    if facts.event_key and prior.event_key:
        return facts.event_key == prior.event_key
    return facts.event_from == prior.event_from


def _same_day(facts: ClaimFacts, same_benefit: list[PriorClaim]) -> Iterator[Step]:
    """A hint, not a rule: the same benefit for the same member and day is most often one matter twice."""
    keys = {child.key for child in facts.children if child.key}
    alike = [
        prior.number
        for prior in same_benefit
        if facts.own(prior) and prior.event_from == facts.event_from and keys == set(prior.child_keys)
    ]
    if alike:
        yield Step("same_day", {"numbers": tuple(alike)}, ok=None)


def overlaps(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """A night in hospital is paid once, under whichever benefit it was claimed first."""
    if terms.benefit.unit != "night" or facts.event_until is None:
        return
    for prior in facts.prior:
        if prior.benefit_code not in terms.night_codes or not facts.own(prior) or prior.event_until is None:
            continue
        if prior.event_from < facts.event_until and facts.event_from < prior.event_until:
            figures: dict[str, Figure] = {
                "number": prior.number,
                "prior_from": prior.event_from,
                "prior_until": prior.event_until,
            }
            yield Step("nights_overlap", figures, ok=False)


def evidence(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """Papers still asked for; a fact that the register vouches for needs none."""
    held = facts.evidence | facts.register_vouches
    missing = [papers for papers in terms.benefit.evidence if held.isdisjoint(papers)]
    for papers in missing:
        yield Step("evidence_missing", {"papers": papers}, ok=None)
    if terms.benefit.evidence and not missing:
        yield Step("evidence_complete")


def beneficiary(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """Without a named, living beneficiary the committee decides among the next of kin."""
    if terms.benefit.recipient == "beneficiary" and not facts.beneficiary_named:
        yield Step("no_beneficiary", ok=None)

"""What a member had drawn before this program counts against the limits, and says so."""

from datetime import date
from decimal import Decimal

import pytest

from members.models import OpeningDrawn
from tests.factories import HouseholdFactory, MemberFactory
from tests.welfare.cast import Cast, assemble, event, stay
from welfare.eligibility import assess_event
from welfare.rules.opening import Drawn, drawn_before

AS_OF = date(2020, 9, 30)


@pytest.fixture
def who(db) -> Cast:
    return assemble()


def drew(member, code: str, **sums: object) -> OpeningDrawn:
    return OpeningDrawn.objects.create(member=member, benefit_code=code, as_of=AS_OF, **sums)


def reckoned(member, nights: int = 3):
    return assess_event(member, stay(date(2020, 10, 5), date(2020, 10, 5 + nights)))


def test_nights_of_the_year_before_the_program_leave_fewer(who) -> None:
    drew(who.member, "hospital-night", year_times=4, year_units=18, year_baht=Decimal(1800), life_times=9)
    found = reckoned(who.member)
    assert (found.outcome, found.amount) == ("eligible", Decimal("200.00"))
    assert (
        "At most 20 nights per member are paid in the year 2563 BE; 18 nights used already (drawn before this program):"
        " 1 night fewer."
    ) in found.sentences("en")
    assert any("(รับไปก่อนใช้โปรแกรมนี้)" in each for each in found.sentences("th"))


def test_claims_and_what_was_drawn_before_are_told_together(who) -> None:
    claim = who.submitted(event=stay(date(2020, 10, 1), date(2020, 10, 2)))
    drew(who.member, "hospital-night", year_units=18, year_baht=Decimal(1800))
    told = " ".join(reckoned(who.member).sentences("en"))
    assert f"19 nights used already (claim no. {claim.label}, drawn before this program): 2 nights fewer." in told


def test_what_was_drawn_in_another_year_counts_in_life_only(who) -> None:
    drew(who.member, "hospital-night", year_times=2, year_units=20, year_baht=Decimal(2000), life_times=9)
    assert assess_event(who.member, stay(date(2019, 10, 5), date(2019, 10, 8))).amount == Decimal("300.00")
    OpeningDrawn.objects.update(as_of=date(2019, 12, 31))
    assert reckoned(who.member).amount == Decimal("300.00")


def test_a_grant_of_the_year_was_the_years_grant(who) -> None:
    drew(who.member, "career-grant", year_times=1, year_baht=Decimal(3000), life_times=1)
    found = assess_event(who.member, event("career-grant", proposed_amount=Decimal(1000)))
    assert [step.sentence("en") for step in found.refusals] == [
        "At most 1 claim per member in the year 2563 BE; all are used (drawn before this program)."
    ]


def test_a_household_has_one_limit_whoever_of_it_drew_before(who) -> None:
    mate = MemberFactory(community=who.home, household=who.member.household, number=102)
    drew(mate, "housing-repair", life_times=2, life_baht=Decimal(9000))
    refusals = assess_event(who.member, event("housing-repair", proposed_amount=Decimal(1000))).refusals
    assert [step.code for step in refusals] == ["limit_claims_per_lifetime_used_up"]
    away = MemberFactory(community=who.home, household=HouseholdFactory(community=who.home), number=103)
    assert assess_event(away, event("housing-repair", proposed_amount=Decimal(1000))).refusals == ()


def test_the_day_of_the_opening_is_no_event_that_a_claim_repeats(who) -> None:
    drew(who.member, "disaster-relief", year_times=1, year_baht=Decimal(500))
    found = assess_event(who.member, event("disaster-relief", AS_OF, grade="minor"))
    assert (found.outcome, [step.code for step in found.steps if step.code in ("same_day", "household_claimed")]) == (
        "eligible",
        [],
    )


@pytest.mark.parametrize(
    ("sums", "in_year", "units", "baht", "in_life"),
    [
        ({}, 0, 0, 0, 0),
        ({"year_times": 3, "year_units": 7, "year_baht": Decimal(700), "life_times": 5}, 3, 7, 700, 5),
        ({"year_times": 2, "year_baht": Decimal(900)}, 2, 2, 900, 2),
        ({"year_baht": Decimal(900)}, 1, 1, 900, 1),
        ({"life_times": 2}, 0, 0, 0, 2),
        ({"year_times": 2, "life_times": 1}, 2, 2, 0, 2),
    ],
)
def test_times_units_and_baht_are_all_there(sums, in_year: int, units: int, baht: int, in_life: int) -> None:
    priors = list(drawn_before(Drawn(benefit_code="x", as_of=AS_OF, member_key="1", **sums)))
    parts = [part for prior in priors for part in prior.parts if part.day == AS_OF]
    told = (len(parts), sum(part.units for part in parts), sum(part.amount for part in parts), len(priors))
    assert told == (in_year, units, baht, in_life)

"""The plan of the demonstration fund: every number of the year table, and no day of it impossible."""

import pickle
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from stdnum.th import pin

from bansong_fund.demo.figures import year_table
from bansong_fund.demo.plan import build_plan, shared_plan
from bansong_fund.demo.shapes import LAST_DAY, Plan
from bansong_fund.demo.verify import balances, problems


@pytest.fixture(scope="module")
def plan() -> Plan:
    return shared_plan()


@pytest.fixture
def own_plan(plan) -> Plan:
    """A copy that the test may spoil."""
    return pickle.loads(pickle.dumps(plan))


def test_the_plan_ties_to_the_year_table_and_the_regulation(plan):
    assert problems(plan) == []


def test_two_plans_are_the_same(plan):
    assert build_plan() == plan


def test_the_year_table_ties_in_itself():
    closing = Decimal(0)
    for row in year_table().values():
        money = row.money
        assert money["legs"] == money["leg1"] + money["leg2"] + money["leg3"] + money["leg4"]
        assert money["welfare"] == sum(row.baht.values())
        closing += money["legs"] + money["interest_net"] - money["welfare"] - money["admin"] - money["event"]
        assert money["closing"] == closing
    assert closing == Decimal("14328280.76")


def test_all_ids_are_valid_and_of_the_province_that_does_not_exist(plan):
    assert all(pin.is_valid(person.national_id) for person in plan.persons)
    assert {person.national_id[1:3] for person in plan.persons} == {"00"}


def test_the_plan_has_the_size_that_is_published(plan):
    counted = (len(plan.communities), len(plan.persons), len(plan.contributors))
    assert counted == (17, 5143, 137)
    assert sum(1 for person in plan.persons if person.ended_on is None) == 4118


def test_the_money_lies_in_five_kinds_of_places_and_sums_to_the_fund(plan):
    held = balances(plan, LAST_DAY)
    assert Counter(place.split(":")[0] for place in held) == {"cash": 1, "savings": 1, "fixed": 1, "leader": 3}
    assert sum(held.values()) == Decimal("14328280.76")


def test_no_telephone_number_of_the_plan_exists(plan):
    assert {person.phone[:4] for person in plan.persons} == {"", "000-"}


def test_no_claim_is_dated_after_the_demonstrations_day(plan):
    days = [
        day
        for claim in plan.claims
        for day in (claim.event_on, claim.event_ends_on, claim.received_on, claim.verified_on, claim.paid_on)
        if day is not None
    ]
    assert max(days) <= plan.today


def spoil_amount(plan: Plan) -> None:
    plan.claims[0].amount += Decimal("0.01")


def spoil_joining(plan: Plan) -> None:
    person = plan.person(next(c.person for c in plan.claims if c.category == "career"))
    person.joined_on = LAST_DAY - timedelta(days=3)


def spoil_dues(plan: Plan) -> None:
    plan.dues[5000].paid_on = date(2009, 1, 1)


def spoil_sheet(plan: Plan) -> None:
    plan.sheets[7].total -= Decimal(365)


def spoil_gift(plan: Plan) -> None:
    plan.gifts[11] = replace(plan.gifts[11], amount=plan.gifts[11].amount + Decimal("0.01"))


def spoil_interest(plan: Plan) -> None:
    plan.interest[4] = replace(plan.interest[4], tax=plan.interest[4].tax + Decimal("0.01"))


def spoil_move(plan: Plan) -> None:
    plan.moves[9] = replace(plan.moves[9], amount=Decimal(90_000_000))


def spoil_id(plan: Plan) -> None:
    plan.persons[77].national_id = plan.persons[78].national_id


def spoil_round(plan: Plan) -> None:
    plan.rounds[0] = replace(plan.rounds[0], persons=(*plan.rounds[0].persons[1:], 5143))


def spoil_birth(plan: Plan) -> None:
    listed = next(claim for claim in plan.claims if claim.category == "elderly")
    plan.person(listed.person).birth_date = date(1990, 1, 1)


def spoil_death(plan: Plan) -> None:
    grant = next(claim for claim in plan.claims if claim.category == "death" and claim.status == "paid")
    grant.status, grant.paid_on = "rejected", None


def spoil_double_claim(plan: Plan) -> None:
    grants = [claim for claim in plan.claims if claim.category == "career"]
    grants[1].person = grants[0].person


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_amount,
        spoil_joining,
        spoil_dues,
        spoil_sheet,
        spoil_gift,
        spoil_interest,
        spoil_move,
        spoil_id,
        spoil_round,
        spoil_birth,
        spoil_death,
        spoil_double_claim,
    ],
)
def test_a_spoilt_plan_is_found_out(own_plan, spoil):
    spoil(own_plan)
    assert problems(own_plan) != []

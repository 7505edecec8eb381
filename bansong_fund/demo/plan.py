"""Puts the whole plan together; see the package's docstring for what is in it."""

from functools import cache

from bansong_fund.demo import claims_lists, claims_single, claims_special
from bansong_fund.demo.cash import plan_moves
from bansong_fund.demo.days import Diary, plan_meetings
from bansong_fund.demo.desk import Desk
from bansong_fund.demo.flow import simulate
from bansong_fund.demo.gifts import plan_campaigns, plan_contributors, plan_gifts
from bansong_fund.demo.lives import Life
from bansong_fund.demo.money import plan_costs, plan_grants, plan_interest
from bansong_fund.demo.people import plan_people
from bansong_fund.demo.rounds import plan_rounds
from bansong_fund.demo.shapes import Community, Plan
from bansong_fund.demo.sheets import plan_dues
from bansong_fund.demo.staff import COMMITTEE, leader_name, plan_staff

COMMUNITIES = 17


def build_plan() -> Plan:
    """A new plan, the same every time; takes about two seconds."""
    plan = Plan()
    numbers = range(1, COMMUNITIES + 1)
    plan.communities = [Community(number, f"ชุมชนที่ {number}", f"Community {number}") for number in numbers]
    plan.meetings = plan_meetings(COMMITTEE)
    diary = Diary(plan.meetings)
    lives = simulate()
    plan.persons, plan.households, elderly_lists = plan_people(lives, diary)
    _plan_welfare(plan, lives, diary, elderly_lists)
    plan.users = plan_staff(plan, lives)
    plan.dues, plan.sheets = plan_dues(lives, {number: leader_name(number) for number in numbers})
    _plan_income(plan, lives)
    plan.moves = plan_moves(plan)
    return plan


@cache
def shared_plan() -> Plan:
    """One plan for all readers of a process; do not change it."""
    return build_plan()


def _plan_welfare(plan: Plan, lives: list[Life], diary: Diary, elderly_lists: dict[int, list[int]]) -> None:
    desk = Desk(lives, plan.persons, diary)
    claims_special.deaths(desk)
    claims_lists.elderly(desk, elderly_lists)
    claims_lists.education(desk)
    claims_lists.disadvantaged(desk)
    claims_single.births(desk)
    claims_single.sickness(desk)
    claims_single.careers_and_houses(desk)
    plan.disasters = claims_single.disasters(desk)
    claims_special.early_hospital_stays(desk)
    claims_special.open_claims(desk)
    plan.claims = claims_special.number_claims(desk.claims)


def _plan_income(plan: Plan, lives: list[Life]) -> None:
    plan.rounds = plan_rounds(lives)
    plan.grants = plan_grants(plan.rounds)
    plan.contributors = plan_contributors()
    plan.campaigns = plan_campaigns()
    plan.gifts = plan_gifts(plan.contributors, plan.campaigns)
    plan.interest = plan_interest()
    plan.costs = plan_costs(plan.campaigns)

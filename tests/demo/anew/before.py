"""The fund as it stood on the last evening of 2561: the demonstration's own loading, of the plan up to that day."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from bansong_fund.demo.load_books import write_books
from bansong_fund.demo.load_claims import ClaimsPlan
from bansong_fund.demo.load_dues import DuesPlan
from bansong_fund.demo.load_money import MoneyPlan
from bansong_fund.demo.load_office import (
    load_accounts,
    load_leaderships,
    load_meetings,
    load_rules,
    load_users,
    make_fund,
)
from bansong_fund.demo.load_people import load_communities, load_register
from bansong_fund.demo.load_world import World
from bansong_fund.demo.shapes import Plan
from ledger.periods import open_year
from tests.demo.anew.plans import FIRST, LAST, known_on


@dataclass
class Before:
    """What was loaded: the world of 2561, and its claims, whose rules remember what was given."""

    world: World
    claims: ClaimsPlan


def load_before(plan: Plan, now: datetime) -> Before:
    """Load what happened before 2562, close 2561, open 2562. The meetings of 2562 are in the calendar already."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        world = World(known_on(plan, FIRST), now, make_fund())
        for load in (load_communities, load_users, load_leaderships, load_accounts, load_rules):
            load(world)
        calendar = [one for one in plan.meetings if one.held_on <= LAST]
        load_meetings(replace(world, plan=replace(plan, meetings=calendar)))
        load_register(world)
        parts = DuesPlan(world), MoneyPlan(world), ClaimsPlan(world)
        write_books(world, [posting for part in parts for posting in part.postings()])
        for part in parts:
            part.write_rows()
        open_year(FIRST, world.fund)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Before(world, parts[2])

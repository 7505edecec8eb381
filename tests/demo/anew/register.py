"""Who joins and who leaves: the register's, not money in. Joiners by the loader's blocks, ends by the verb."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bansong_fund.demo.load_people import load_households, load_persons
from bansong_fund.demo.load_world import World
from bansong_fund.demo.shapes import Person, Plan
from members.models import MemberSequence, Membership
from members.verbs import count_members, end_membership


def people_join(world: World, plan: Plan, persons: Sequence[Person], today: date) -> None:
    """They stand in the register with a membership that no dues cover yet."""
    keys = {one.household for one in persons} - world.households.keys()
    houses = [one for one in plan.households if one.key in keys]
    fresh = [replace(one, ended_on=None, end_reason=None, end_meeting=None, notice_on=None) for one in persons]
    part = replace(world, plan=replace(plan, persons=fresh, households=houses, dues=[], today=today))
    load_households(part)
    load_persons(part)
    for one in persons:
        count_members(world.communities[one.community], current=1, cumulative=1)
    MemberSequence.objects.filter(pk=1).update(last=max(one.number for one in persons))


def membership_ends(world: World, person: Person, today: date) -> None:
    """A death, a move, a resignation or a lapse, written down on its day."""
    membership = Membership.objects.get(member__number=person.number)
    end_membership(membership=membership, on=person.ended_on, reason=person.end_reason, today=today)
    world.members[person.number].died_on = person.ended_on if person.end_reason == "died" else None

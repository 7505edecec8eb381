"""The people of a grown fund: current members as many as asked for, and one for each sixteen who has gone."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from bansong_fund.demo import names
from bansong_fund.demo.grow_tables import NULL, Table
from bansong_fund.demo.grow_world import LAST_YEAR, TODAY, World, moment
from bansong_fund.lib.national_id import encrypt_id, id_digest
from members.models import Beneficiary, CommunityStay, EndReason, GroupFlag, Household, Member, MemberCount, Membership

ONE_IN_GONE = 16
ONE_IN_NEWER = 10  # joined after the founding
PEOPLE_A_HOUSE = 4
MEMBER_COLUMNS = (
    *("number", "title", "first_name", "family_name", "nickname", "sex", "birth_date", "national_id_encrypted"),
    *("national_id_digest", "national_id_last4", "phone", "occupation", "community_id", "household_id", "died_on"),
    *("is_invented", "registered_by_id", "registered_at"),
)


@dataclass(slots=True)
class Person:
    """A member: her number is her key, and that of her one membership."""

    number: int
    community: int
    household: int
    sex: str
    birth: date
    joined: date
    ended: date | None
    reason: str
    last_paid: int  # the year through which dues are paid
    title: str = ""
    full_name: str = ""

    def runs_on(self, day: date) -> bool:
        return self.joined <= day and (self.ended is None or day <= self.ended)

    def full_years_on(self, day: date) -> int:
        return day.year - self.joined.year - ((day.month, day.day) < (self.joined.month, self.joined.day))

    def age_on(self, day: date) -> int:
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


def make_people(world: World) -> list[Person]:
    """Write the members with houses, memberships, beneficiaries, marks and the kept counts."""
    current = world.members
    total = current + current // ONE_IN_GONE
    people = [_person(world, number, is_current=not _is_gone(number, total)) for number in range(1, total + 1)]
    _write_houses(world, people)
    _write_members(world, people)
    _write_memberships(world, people)
    current_of = Counter(one.community for one in people if one.ended is None)
    all_of = Counter(one.community for one in people)
    MemberCount.objects.bulk_create(
        MemberCount(community_id=number, current=current_of[number], cumulative=all_of[number])
        for number in range(1, world.communities + 1)
    )
    return people


def _is_gone(number: int, total: int) -> bool:
    """One of each full round of the communities, another community each time."""
    turn, place = divmod(number - 1, ONE_IN_GONE + 1)
    return turn < total // (ONE_IN_GONE + 1) and place == turn % (ONE_IN_GONE + 1)


def _person(world: World, number: int, *, is_current: bool) -> Person:
    rng = world.rng
    turn, place = divmod(number - 1, world.communities)
    community = place + 1
    house = (turn // PEOPLE_A_HOUSE) * world.communities + community
    joined = _joined(rng, world) if number % ONE_IN_NEWER == 0 else world.founded_on
    ended, reason, last_paid = None, "", LAST_YEAR - rng.choices((0, 1, 2), (94, 4, 2))[0]
    if not is_current:
        last_paid = rng.randrange(joined.year, LAST_YEAR)
        ended = max(date(last_paid, 7, 1) + timedelta(days=rng.randrange(180)), joined + timedelta(days=30))
        reason = rng.choice((EndReason.DIED, EndReason.DIED, EndReason.RESIGNED, EndReason.MOVED))
    birth = TODAY - timedelta(days=int(365.25 * rng.triangular(10, 92, 45)))
    last_paid = max(last_paid, joined.year)
    return Person(number, community, house, rng.choice("fffmm"), min(birth, joined), joined, ended, reason, last_paid)


def _joined(rng: random.Random, world: World) -> date:
    """A day from January to September of a year: who joins later pays for the next year, which is not tried here."""
    year = rng.choice(world.years[:-1] or world.years)
    return date(year, 1, 1) + timedelta(days=rng.randrange(240))


def _write_houses(world: World, people: list[Person]) -> None:
    table = Table(Household, ("community_id", "house_number", "moo"), world.rng)
    for number in range(1, max(person.household for person in people) + 1):
        turn, place = divmod(number - 1, world.communities)
        table.add(place + 1, f"{turn + 1}/{number % 9 + 1}", number % 8 + 1)
    table.finish()


def _write_members(world: World, people: list[Person]) -> None:
    rng, registrar = world.rng, world.users["registrar"].pk
    table = Table(Member, MEMBER_COLUMNS, rng)
    for person, national_id in zip(people, names.national_ids(len(people), rng), strict=True):
        first, family = names.first_name(person.sex, rng), names.family_name(rng)
        person.title = names.title_for(person.sex, person.birth, rng.random() < 0.6)
        person.full_name = f"{person.title}{first} {family}"
        died = person.ended if person.reason == EndReason.DIED else NULL
        table.add(
            *(person.number, person.title, first, family, rng.choice(names.NICKNAMES), person.sex, person.birth),
            *(encrypt_id(national_id), id_digest(national_id), national_id[-4:], names.phone(rng)),
            *(rng.choice(names.OCCUPATIONS)[0], person.community, person.household, died, True),
            *(registrar, moment(person.joined)),
        )
    table.finish()


def _write_memberships(world: World, people: list[Person]) -> None:
    rng = world.rng
    memberships = Table(Membership, ("member_id", "joined_on", "ended_on", "end_reason", "paid_through"), rng)
    stays = Table(CommunityStay, ("member_id", "community_id", "since"), rng)
    heirs = Table(Beneficiary, ("member_id", "name", "relation", "named_on"), rng)
    flags = Table(GroupFlag, ("member_id", "group", "since"), rng)
    for person in people:
        paid_through = date(person.last_paid, 12, 31)
        memberships.add(person.number, person.joined, person.ended or NULL, person.reason, paid_through)
        stays.add(person.number, person.community, person.joined)
        heirs.add(person.number, names.full_name(rng), rng.choice(("child", "spouse", "sibling")), person.joined)
        if person.number % 30 == 0:
            flags.add(person.number, "disabled" if person.number % 60 else "disadvantaged", person.joined)
    for table in (memberships, stays, heirs, flags):
        table.finish()

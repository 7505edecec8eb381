"""Who signs in: a leader for each community, and the office."""

from bansong_fund.demo.days import stream
from bansong_fund.demo.desk import age_on
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import TODAY, Person, Plan, Staff

OFFICE = (
    ("registrar", ("registrar",)),
    ("committee1", ("committee",)),
    ("committee2", ("committee",)),
    ("committee3", ("committee",)),
    ("treasurer", ("treasurer",)),
    ("auditor", ("auditor",)),
    ("administrator", ("administrator",)),
)
COMMITTEE = ("committee1", "committee2", "committee3", "registrar", "treasurer")


def leader_name(community: int) -> str:
    return f"leader{community}"


def plan_staff(plan: Plan, lives: list[Life]) -> list[Staff]:
    """Members in good standing from households without any claim, so that nobody decides for her own."""
    rng = stream("staff")
    claiming = {plan.person(claim.person).household for claim in plan.claims}
    ready = [one for one in plan.persons if _is_ready(one, lives[one.number - 1], claiming)]
    ready.sort(key=lambda one: one.joined_on.year)
    users, taken = [], set()
    for community in plan.communities:
        person = next(one for one in ready if one.community == community.number)
        taken.add(person.number)
        users.append(_staff(leader_name(community.number), ("leader",), person, (community.number,)))
    rest = [one for one in ready if one.number not in taken][:60]
    for (username, roles), person in zip(OFFICE, rng.sample(rest, len(OFFICE)), strict=True):
        users.append(_staff(username, roles, person))
    return users


def _is_ready(person: Person, life: Life, claiming: set[int]) -> bool:
    current = person.ended_on is None and life.stopped is None and life.covered() >= TODAY.year
    return current and person.household not in claiming and 30 <= age_on(person, TODAY) <= 58


def _staff(username: str, roles: tuple[str, ...], person: Person, communities: tuple[int, ...] = ()) -> Staff:
    name = f"{person.title}{person.first_name} {person.family_name} (สมมติ)"
    return Staff(username, name, roles, person.number, communities)

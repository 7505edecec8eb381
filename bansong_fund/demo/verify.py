"""Proves a plan against the year table, to the person and the satang. Reads the plan only.

`problems(plan)` returns sentences, empty when all ties. The claims' part is in `verify_claims`.
"""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from bansong_fund.demo.cash import flows
from bansong_fund.demo.days import full_years, years_before
from bansong_fund.demo.figures import CODI_ROUNDS, SISTER_FUNDS_GIFT, SUPPORTERS, TYPES_AT_END, year_table
from bansong_fund.demo.names import check_digit
from bansong_fund.demo.shapes import LAST_DAY, Person, Plan
from bansong_fund.demo.verify_claims import claim_problems

ROLES = {"leader", "registrar", "committee", "treasurer", "auditor", "administrator"}


def problems(plan: Plan) -> list[str]:
    """What does not hold in the plan, in sentences."""
    found: list[str] = []
    for check in (_people, _types, _papers, _dues, _sheets, _legs, _rounds, _costs_and_interest, _balances, _staff):
        found += check(plan)
    return found + claim_problems(plan)


def differs(what: str, found: object, wanted: object) -> list[str]:
    """A sentence where two values differ; no sentence where they are equal."""
    return [] if found == wanted else [f"{what}: {found} instead of {wanted}"]


def _people(plan: Plan) -> list[str]:
    found: list[str] = []
    joined = Counter(person.joined_on.year for person in plan.persons)
    died = Counter(one.ended_on.year for one in plan.persons if one.end_reason == "died" and one.ended_on)
    left = Counter(
        one.ended_on.year for one in plan.persons if one.end_reason in ("resigned", "moved", "lapsed") and one.ended_on
    )
    members = 0
    for year, row in year_table().items():
        members += joined[year] - died[year] - left[year]
        counted = {"joined": joined[year], "died": died[year], "left": left[year], "members_end": members}
        for name, count in counted.items():
            found += differs(f"{year} {name}", count, row.counts[name])
    found += differs("numbers", [one.number for one in plan.persons], list(range(1, len(plan.persons) + 1)))
    days = [one.joined_on for one in plan.persons]
    return found + differs("persons in the order of joining", days, sorted(days))


def type_of(person: Person, day: date) -> str:
    """The CODI type on a day: disabled, disadvantaged, elderly, child, general, in this order."""
    if person.disabled_from is not None and person.disabled_from <= day:
        return "disabled"
    if person.disadvantaged_from is not None and person.disadvantaged_from <= day:
        return "disadvantaged"
    age = full_years(person.birth_date, day)
    return "elderly" if age >= 60 else "child" if age < 18 else "general"


def _types(plan: Plan) -> list[str]:
    types = Counter(type_of(one, LAST_DAY) for one in plan.persons if one.ended_on is None)
    return differs("types on the last day", dict(sorted(types.items())), dict(sorted(TYPES_AT_END.items())))


def _papers(plan: Plan) -> list[str]:
    """IDs, names, birth dates, houses and ends of every person."""
    found: list[str] = []
    house_of = {house.key: house for house in plan.households}
    houses = {(house.community, house.house_no, house.moo) for house in plan.households}
    found += differs("distinct houses", len(houses), len(plan.households))
    found += differs("distinct IDs", len({one.national_id for one in plan.persons}), len(plan.persons))
    for one in plan.persons:
        body = one.national_id
        good = body[0] in "12345" and body[1:3] == "00" and len(body) == 13 and body[12] == check_digit(body[:12])
        if not good:
            found.append(f"person {one.number}: ID {body}")
        if house_of[one.household].community != one.community or not one.birth_date < one.joined_on:
            found.append(f"person {one.number}: house or birth date")
        if one.ended_on is not None and not one.joined_on < one.ended_on <= LAST_DAY:
            found.append(f"person {one.number}: ended on {one.ended_on}")
        lapsed = one.end_reason == "lapsed"
        noticed = one.notice_on is not None and one.ended_on is not None and (one.ended_on - one.notice_on).days >= 30
        if lapsed != noticed or lapsed != (one.end_meeting is not None):
            found.append(f"person {one.number}: a lapse needs a notice and a meeting")
        if not (one.is_invented and one.note and one.beneficiary and one.first_name and one.family_name):
            found.append(f"person {one.number}: not marked as invented, or without a name")
    return found


def _dues(plan: Plan) -> list[str]:
    found: list[str] = []
    payers: dict[int, set[int]] = defaultdict(set)
    for one in plan.dues:
        person = plan.person(one.person)
        if not person.joined_on <= one.paid_on <= (person.ended_on or LAST_DAY):
            found.append(f"dues of {one.person}: paid on {one.paid_on}")
        late_joiner = person.joined_on.month >= 10 and one.year == one.paid_on.year + 1 == person.joined_on.year + 1
        if one.year != one.paid_on.year and not late_joiner:
            found.append(f"dues of {one.person}: {one.year} paid in {one.paid_on.year}")
        payers[one.paid_on.year].add(one.person)
    for year, row in year_table().items():
        received = sum((one.amount for one in plan.dues if one.paid_on.year == year), Decimal(0))
        found += differs(f"{year} payers", len(payers[year]), row.counts["payers"])
        found += differs(f"{year} leg 1", received, row.money["leg1"])
    found += differs("a year paid twice", len({(one.person, one.year) for one in plan.dues}), len(plan.dues))
    of_2562 = {one.person for one in plan.dues if one.year == 2019}
    found += differs("dues of 2562 are received in 2562", of_2562, payers[2019])
    return found + _arrears(plan, of_2562)


def _arrears(plan: Plan, of_2562: set[int]) -> list[str]:
    current = [one for one in plan.persons if one.ended_on is None]
    of_2563 = {one.person for one in plan.dues if one.year == 2020}
    behind_2562 = [one for one in current if one.joined_on < date(2019, 10, 1) and one.number not in of_2562]
    behind_2563 = [one for one in current if one.joined_on < date(2020, 10, 1) and one.number not in of_2563]
    if len(behind_2562) < 242 or len(behind_2563) < 478:
        return [f"arrears: {len(behind_2562)} for 2562, {len(behind_2563)} for 2563"]
    return []


def _sheets(plan: Plan) -> list[str]:
    found: list[str] = []
    totals: dict[str, Decimal] = defaultdict(Decimal)
    by_key = {sheet.key: sheet for sheet in plan.sheets}
    for one in plan.dues:
        if one.sheet is None:
            continue
        totals[one.sheet] += one.amount
        sheet = by_key[one.sheet]
        if not (sheet.opened_on <= one.paid_on <= sheet.submitted_on and sheet.community == one.community):
            found.append(f"{one.sheet}: dues of {one.person} on {one.paid_on}")
    for sheet in plan.sheets:
        found += differs(sheet.key, sheet.total, totals[sheet.key])
        if sheet.submitted_on.year != sheet.year or (sheet.accepted_on or LAST_DAY).year != sheet.year:
            found.append(f"{sheet.key}: runs over the year's end")
    return found


def _legs(plan: Plan) -> list[str]:
    found: list[str] = []
    for year, row in year_table().items():
        for leg in (2, 3):
            received = sum((g.amount for g in plan.grants if g.leg == leg and g.received_on.year == year), Decimal(0))
            found += differs(f"{year} leg {leg}", received, row.money[f"leg{leg}"])
        given = sum((gift.amount for gift in plan.gifts if gift.received_on.year == year), Decimal(0))
        found += differs(f"{year} leg 4", given, row.money["leg4"])
    givers = {gift.contributor for gift in plan.gifts}
    found += differs("supporters", (len(plan.contributors), len(givers)), (SUPPORTERS, SUPPORTERS))
    sister = [(gift.received_on, gift.amount) for gift in plan.gifts if gift.contributor == 1][:1]
    found += differs("gift of the sister funds", sister, [SISTER_FUNDS_GIFT])
    return found + [f"{gift.key}: {gift.amount}" for gift in plan.gifts if gift.amount <= 0]


def _rounds(plan: Plan) -> list[str]:
    found: list[str] = []
    matches: Counter[int] = Counter()
    for one, (cut_off, day, count, rate) in zip(plan.rounds, CODI_ROUNDS, strict=True):
        found += differs(f"round {one.number}", (one.cut_off, one.received_on, one.rate), (cut_off, day, rate))
        found += differs(f"round {one.number}: members", len(set(one.persons)), count)
        matches.update(one.persons)
        for number in one.persons:
            person = plan.person(number)
            if person.joined_on > years_before(cut_off, 1) or (person.ended_on or LAST_DAY) < cut_off:
                found.append(f"round {one.number}: person {number} has no full year")
    return found + [f"person {number}: matched {times} times" for number, times in matches.items() if times > 3]


def _costs_and_interest(plan: Plan) -> list[str]:
    found: list[str] = []
    for year, row in year_table().items():
        net = sum((one.net for one in plan.interest if one.received_on.year == year), Decimal(0))
        admin = sum((c.amount for c in plan.costs if c.kind != "event" and c.paid_on.year == year), Decimal(0))
        event = sum((c.amount for c in plan.costs if c.kind == "event" and c.paid_on.year == year), Decimal(0))
        found += differs(f"{year} interest", net, row.money["interest_net"])
        found += differs(f"{year} administration", admin, row.money["admin"])
        found += differs(f"{year} event costs", event, row.money["event"])
    return found + [f"{cost.key}: {cost.amount}" for cost in plan.costs if cost.amount <= 0]


def balances(plan: Plan, day: date) -> dict[str, Decimal]:
    """What lies in each place at the end of `day`: cash, savings, fixed, leader:<community>."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for on, entries in flows(plan).items():
        for place, amount in entries if on <= day else ():
            held[place] += amount
    for move in plan.moves:
        if move.moved_on <= day:
            held[move.source] -= move.amount
            held[move.target] += move.amount
    return {place: amount for place, amount in held.items() if amount}


def _balances(plan: Plan) -> list[str]:
    """Each year's closing balance, and no place below zero at the end of any day."""
    found: list[str] = []
    by_day = flows(plan)
    for move in plan.moves:
        by_day[move.moved_on] += [(move.source, -move.amount), (move.target, move.amount)]
    held: dict[str, Decimal] = defaultdict(Decimal)
    closing: dict[int, Decimal] = {}
    for day in sorted(by_day):
        for place, amount in by_day[day]:
            held[place] += amount
        found += [f"{day}: {place} at {amount}" for place, amount in held.items() if amount < 0]
        closing[day.year] = sum(held.values(), Decimal(0))
    for year, row in year_table().items():
        found += differs(f"{year} closing", closing[year], row.money["closing"])
    places = {place for place, amount in held.items() if amount}
    leaders = [place for place in places if place.startswith("leader:")]
    if not {"cash", "savings", "fixed"} <= places or not 1 <= len(leaders) <= 4:
        found.append(f"places of the money: {sorted(places)}")
    return found


def _staff(plan: Plan) -> list[str]:
    roles = {role for user in plan.users for role in user.roles}
    led = [community for user in plan.users for community in user.communities]
    found = differs("roles", roles, ROLES) + differs("communities led", led, list(range(1, 18)))
    claiming = {plan.person(claim.person).household for claim in plan.claims}
    for user in plan.users:
        person = plan.person(user.person)
        if person.household in claiming or person.ended_on or "(สมมติ)" not in user.display_name:
            found.append(f"user {user.username}")
        if user.communities and user.communities != (person.community,):
            found.append(f"user {user.username} leads another community")
    return found

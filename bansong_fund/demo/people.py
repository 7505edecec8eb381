"""From lives to persons: the register of the demonstration fund."""

from bansong_fund.demo.ages import knows_year_only, plan_births
from bansong_fund.demo.days import Diary, stream
from bansong_fund.demo.flags import choose_flagged, mark
from bansong_fund.demo.flow import lapse_notice
from bansong_fund.demo.households import settle
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import Household, Person


def plan_people(lives: list[Life], diary: Diary) -> tuple[list[Person], list[Household], dict[int, list[int]]]:
    """The persons in the order of their numbers, their households, and April's lists of the elderly."""
    flagged = choose_flagged(lives)
    births, lists = plan_births(lives, set(flagged))
    rng = stream("people")
    persons = []
    for life in lives:
        person = Person(life.number, life.community, life.joined_on, birth_date=births[life.number])
        if person.birth_date.month == person.birth_date.day == 1 and knows_year_only(person.birth_date, person.number):
            person.birth_precision = "year"
        person.ended_on, person.end_reason = life.ended_on, life.end_reason
        if life.end_reason == "lapsed":
            person.notice_on = lapse_notice(life, rng)
            person.end_meeting = next(one.key for one in diary.meetings if one.held_on == life.ended_on)
        persons.append(person)
    mark(persons, flagged, lives)
    return persons, settle(persons), lists

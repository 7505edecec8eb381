"""Births known only to the year: enrolled, and moved by the setting."""

import uuid
from datetime import UTC, date, datetime

import pytest

from members.births import move_year_only_births, reckoned_birth
from members.models import Fund, Member
from members.settings import set_year_only_births
from members.verbs import PersonFacts, WrongDates, enrol_member
from office.models import ActionLog
from tests.factories import TODAY, MemberFactory, make_user

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)


def enrol(community, born: date, joined_on: date, precision: str = "year") -> Member:
    person = PersonFacts("นาย", "สมมติ", "ใจดี", "m", born, birth_precision=precision, id_kind="none")
    registrar = make_user("registrar")
    return enrol_member(
        person=person,
        community=community,
        joined_on=joined_on,
        by=registrar,
        today=TODAY,
        now=NOW,
        request_id=uuid.uuid4(),
    )


@pytest.mark.parametrize(
    ("choice", "precision", "born", "joined_on", "reckoned"),
    [
        ("january", "year", date(1947, 9, 9), date(2015, 1, 1), date(1947, 1, 1)),
        ("july", "year", date(1947, 1, 1), date(2015, 1, 1), date(1947, 7, 1)),
        ("july", "year", date(2015, 1, 1), date(2015, 3, 8), date(2015, 3, 8)),
        ("july", "year", date(2016, 1, 1), date(2015, 3, 8), date(2016, 1, 1)),
        ("july", "year", date(1947, 1, 1), None, date(1947, 7, 1)),
        ("july", "month", date(1947, 5, 9), date(2015, 1, 1), date(1947, 5, 1)),
        ("july", "day", date(1947, 5, 9), date(2015, 1, 1), date(1947, 5, 9)),
    ],
)
def test_a_birth_is_reckoned_as_the_fund_has_settled(choice, precision, born, joined_on, reckoned) -> None:
    assert reckoned_birth(born, precision, joined_on=joined_on, choice=choice) == reckoned


def test_nobody_is_refused_for_joining_before_the_middle_of_her_first_year(first) -> None:
    Fund.objects.update(year_only_births="july")
    member = enrol(first, date(2020, 1, 1), date(2020, 3, 8))
    assert (member.birth_date, member.birth_precision) == (date(2020, 3, 8), "year")


def test_a_year_after_joining_is_refused_still(first) -> None:
    with pytest.raises(WrongDates):
        enrol(first, date(2016, 1, 1), date(2015, 3, 8))


def test_the_setting_moves_every_such_birth_and_no_other(first) -> None:
    of_year = {"community": first, "birth_precision": "year"}
    old = MemberFactory(birth_date=date(1947, 1, 1), **of_year)
    new = MemberFactory(birth_date=date(2018, 1, 1), joined_on=date(2018, 3, 8), **of_year)
    never = MemberFactory(birth_date=date(1990, 1, 1), joined_on=None, **of_year)
    of_day = MemberFactory(community=first, birth_date=date(1947, 1, 1))
    admin = make_user("administrator")
    assert set_year_only_births("july", by=admin) == 3
    born = dict(Member.objects.values_list("pk", "birth_date"))
    assert born == {
        old.pk: date(1947, 7, 1),
        new.pk: date(2018, 3, 8),
        never.pk: date(1990, 7, 1),
        of_day.pk: date(1947, 1, 1),
    }
    assert ActionLog.objects.get(action="fund-changed").details["after"] == {"year_only_births": "july", "members": 3}


def test_the_setting_can_be_taken_back(first) -> None:
    one = MemberFactory(community=first, birth_precision="year", birth_date=date(1947, 1, 1))
    set_year_only_births("july", by=None)
    assert set_year_only_births("july", by=None) == 0
    assert set_year_only_births("january", by=None) == 1
    one.refresh_from_db()
    assert one.birth_date == date(1947, 1, 1)


def test_the_move_is_one_statement(first, django_assert_num_queries) -> None:
    for _each in range(3):
        MemberFactory(community=first, birth_precision="year", birth_date=date(1947, 1, 1))
    with django_assert_num_queries(1):
        assert move_year_only_births("july") == 3
    assert move_year_only_births("july") == 0

"""Who sits on the committee, and since when."""

import uuid
from datetime import date

import pytest

from members.committee import (
    SeatedAlready,
    SeatFacts,
    WrongSeatDays,
    change_seat,
    end_seat,
    seat,
    seats_between,
    seats_on,
)
from members.models import CommitteeSeat, SeatKind
from office.models import ActionLog
from tests.factories import make_fund, make_user
from tests.races import at_once

CHAIR = SeatFacts("นายสมมติ ใจดี", "ประธาน", date(2018, 1, 1), name_en="Mr Sommut Jaidee", post_en="Chair")
MONK = SeatFacts("พระครูสมมติ", "กรรมการ", date(2019, 6, 1), kind=SeatKind.MONK, place=1)


def seated(facts: SeatFacts, **given) -> CommitteeSeat:
    return seat(**{"facts": facts, "by": make_user(), "request_id": uuid.uuid4()} | given)


def names(seats) -> list[str]:
    return [one.name for one in seats]


def test_a_seat_holds_from_its_first_to_its_last_day(fund) -> None:
    chair, monk = seated(CHAIR), seated(MONK)
    end_seat(seat=chair, until=date(2020, 3, 31), by=make_user())
    assert names(seats_on(date(2018, 1, 1))) == [chair.name]
    assert names(seats_on(date(2020, 3, 31))) == [chair.name, monk.name]
    assert names(seats_on(date(2020, 4, 1))) == [monk.name]
    assert names(seats_between(date(2020, 1, 1), date(2020, 12, 31))) == [chair.name, monk.name]
    assert names(seats_on(date(2017, 12, 31))) == []


def test_a_second_click_gives_no_second_seat_and_ends_no_second_time(fund) -> None:
    key, user = uuid.uuid4(), make_user()
    first, again = seated(CHAIR, request_id=key), seated(CHAIR, request_id=key)
    for _click in range(2):
        end_seat(seat=first, until=date(2020, 1, 1), by=user)
        change_seat(seat=first, facts=SeatFacts(CHAIR.name, "เหรัญญิก", CHAIR.since), by=user)
    assert (first, CommitteeSeat.objects.count()) == (again, 1)
    assert list(ActionLog.objects.values_list("action", flat=True)) == ["seat-given", "seat-ended", "seat-changed"]


def test_nobody_sits_twice_at_once_and_no_seat_ends_before_it_began(fund) -> None:
    chair = seated(CHAIR)
    with pytest.raises(SeatedAlready) as refusal:
        seated(SeatFacts("นายสมมติ  ใจดี", "กรรมการ", date(2020, 1, 1)))
    assert refusal.value.field == "name"
    with pytest.raises(WrongSeatDays):
        end_seat(seat=chair, until=date(2017, 12, 31), by=make_user())
    end_seat(seat=chair, until=date(2019, 12, 31), by=make_user())
    later = seated(SeatFacts(CHAIR.name, "กรรมการ", date(2020, 1, 1)))
    with pytest.raises(SeatedAlready):
        end_seat(seat=chair, until=None, by=make_user())
    with pytest.raises(WrongSeatDays):
        change_seat(seat=chair, facts=SeatFacts(CHAIR.name, "ประธาน", date(2020, 5, 1)), by=make_user())
    assert (CommitteeSeat.objects.get(pk=chair.pk).until, later.until) == (date(2019, 12, 31), None)


def test_eight_clicks_at_once_give_one_seat_and_two_people_of_one_name_do_not_both_sit(committed_db) -> None:
    make_fund()
    user, key = make_user(), uuid.uuid4()
    found = at_once(*[lambda: seat(facts=CHAIR, by=user, request_id=key)] * 8)
    assert ({one.pk for one in found}, CommitteeSeat.objects.count()) == ({found[0].pk}, 1)
    others = at_once(*[lambda: seat(facts=MONK, by=user, request_id=uuid.uuid4())] * 4)
    assert sorted(type(one).__name__ for one in others) == ["CommitteeSeat", *["SeatedAlready"] * 3]

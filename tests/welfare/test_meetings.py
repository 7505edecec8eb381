"""Meetings: numbered in their year, with who was there, and what they resolved."""

import uuid
from datetime import date

import pytest
from django.utils import translation

from members.models import Meeting
from tests.welfare.cast import NOW
from welfare.meetings import Attendant, MeetingDay, open_meeting, record_present, write_resolution
from welfare.transitions import NotYours

PRESENT = [Attendant("นายหนึ่ง สมมติ", "ประธาน"), Attendant("นางสอง สมมติ")]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def opened(cast, held_on: date, **changes) -> Meeting:
    facts = {"held_on": held_on, "by": cast.committee, "today": cast.today, "request_id": uuid.uuid4()}
    return open_meeting(**(facts | changes))


def resolved(cast, meeting: Meeting, request_id: uuid.UUID | None = None):
    facts = {"subject": "ทดสอบ", "by": cast.committee, "today": cast.today, "now": NOW}
    return write_resolution(meeting=meeting, request_id=request_id or uuid.uuid4(), **facts)


def test_meetings_are_numbered_in_their_year_and_kind(cast):
    Meeting.objects.all().delete()
    days = [date(2019, 12, 1), date(2020, 1, 5), date(2020, 2, 5)]
    labels = [opened(cast, day).label for day in days]
    general = opened(cast, date(2020, 3, 1), kind=Meeting.Kind.GENERAL).label
    assert (labels, general) == (["1/2562", "1/2563", "2/2563"], "1/2563")


def test_the_same_request_opens_one_meeting(cast):
    request_id = uuid.uuid4()
    first = opened(cast, cast.today, request_id=request_id)
    assert opened(cast, cast.today, request_id=request_id).pk == first.pk


def test_a_meeting_before_the_fund_was_founded_is_refused(cast):
    with pytest.raises(MeetingDay) as refusal:
        opened(cast, date(2010, 4, 30))
    assert refusal.value.field == "held_on"


def test_leaders_open_no_meetings(cast):
    with pytest.raises(NotYours):
        opened(cast, cast.today, by=cast.leader)


def test_resolutions_are_numbered_in_their_meeting(cast):
    meeting = opened(cast, cast.today)
    request_id = uuid.uuid4()
    first = resolved(cast, meeting, request_id)
    assert [first.number, resolved(cast, meeting).number, resolved(cast, meeting, request_id).number] == [1, 2, 1]
    assert first.label == f"{meeting.label} (1)"


def test_who_was_there_is_written_before_the_first_resolution(cast):
    meeting = record_present(meeting=opened(cast, cast.today), present=PRESENT, by=cast.registrar)
    assert [one["name"] for one in meeting.present] == ["นายหนึ่ง สมมติ", "นางสอง สมมติ"]
    resolved(cast, meeting)
    with pytest.raises(MeetingDay, match="who was there no longer changes"):
        record_present(meeting=meeting, present=PRESENT, by=cast.registrar)


def test_a_planned_meeting_resolves_nothing_yet(cast):
    with pytest.raises(MeetingDay, match="It can resolve when that day has come"):
        resolved(cast, opened(cast, date(2020, 12, 1)))

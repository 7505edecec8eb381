"""Meetings: numbered in their year, with who was there, and what they resolved."""

import uuid
from datetime import date

import pytest
from django.utils import translation

from members.models import ArrearsNotice, Meeting
from office.models import ActionLog, ReadingLog
from tests.factories import MemberFactory
from tests.pdf_reading import pypdf_text
from tests.reports.conftest import client_of
from tests.welfare.cast import NOW, event, stay
from welfare.deciding import Decision
from welfare.meetings import Attendant, MeetingDay, open_meeting, record_present, write_resolution
from welfare.models import WelfareSettings
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


def page_of(cast, tail: str = "") -> str:
    return f"/meetings/committee/2563/{cast.meeting.number}/{tail}"


def pdf_text(client, path: str) -> str:
    return " ".join(pypdf_text(client.get(path).content).split())


def test_agenda_and_minutes_say_what_waits_and_what_was_decided(cast):
    old = MemberFactory(community=cast.home, birth_date=date(1950, 1, 1))
    nights = cast.verified(event=stay(date(2020, 7, 1), date(2020, 7, 3), received_on=date(2020, 10, 1)))
    gift, client = cast.verified(event=event("elderly-gift"), member=old), client_of(cast.auditor)
    agenda = pdf_text(client, page_of(cast, "agenda/en.pdf"))
    for words in ("Agenda", "5 present; there is a quorum", nights.label, gift.label, "Left after that"):
        assert words in agenda, words
    cast.decide(Decision(nights.pk, True, reason="the hospital was late"), Decision(gift.pk, False, reason="given"))
    minutes = pdf_text(client, page_of(cast, "minutes/en.pdf"))
    for words in ("Annex to the minutes", "Approved", "the hospital was late", "Rejected", "given", "Took the minutes"):
        assert words in minutes, words
    assert gift.label not in pdf_text(client, page_of(cast, "agenda/en.pdf"))
    assert client.get(page_of(cast, "minutes/xx.pdf")).status_code == 404
    assert client_of(cast.leader).get(page_of(cast, "minutes/en.pdf")).status_code == 403


def test_the_page_decides_with_a_reason_a_relative_and_the_sum_that_it_showed(cast):
    claim, client = cast.verified(), client_of(cast.committee)
    shown = client.get(page_of(cast)).content.decode()
    assert (f'name="seen_{claim.pk}" value="300.00"' in shown, f"{claim.number}/beside/" in shown) == (True, True)
    left = client.get(f"/claims/{claim.year_be}/{claim.number}/beside/")
    assert (left.status_code, ReadingLog.objects.filter(what="claim page").count()) == (200, 1)
    form = {f"verdict_{claim.pk}": "approve", f"reason_{claim.pk}": "", f"relative_{claim.pk}": "นางเหรัญญิก"}
    client.post(page_of(cast), form | {f"seen_{claim.pk}": "300.00", "request_id": str(uuid.uuid4())})
    claim.refresh_from_db()
    assert (claim.state, claim.decision_relative_of) == ("approved", "นางเหรัญญิก")


def test_a_meeting_of_more_cases_than_a_page_holds_goes_on_the_next_page(cast, monkeypatch):
    monkeypatch.setattr("welfare.views.meetings.AT_ONE_MEETING", 1)
    first, second = cast.verified(), cast.verified(event=stay(date(2020, 9, 1), date(2020, 9, 2)))
    monkeypatch.setattr("welfare.meeting_papers.AT_ONE_MEETING", 1)
    client = client_of(cast.committee)
    pages = [[row["claim"] for row in client.get(page_of(cast), {"page": n}).context["rows"]] for n in (1, 2)]
    assert pages == [[first], [second]]
    assert "agenda/en.pdf?page=2" in client.get(page_of(cast), {"page": 2}).content.decode()
    agenda = pdf_text(client, page_of(cast, "agenda/en.pdf?page=2"))
    told = "Welfare claims 2 to 2 of 2 that wait" in agenda, first.label in agenda, second.label in agenda
    assert told == (True, False, True)


def test_the_agenda_names_who_may_lapse_and_the_page_leads_there(cast):
    told, client = MemberFactory(community=cast.home, paid_through=date(2018, 12, 31)), client_of(cast.committee)
    membership = told.memberships.get()
    ArrearsNotice.objects.create(
        membership=membership, given_on=date(2020, 10, 1), how="phone", paid_through=membership.paid_through
    )
    agenda = pdf_text(client, page_of(cast, "agenda/en.pdf"))
    assert ("Memberships that may end for arrears" in agenda, f"({told.number})" in agenda) == (True, True)
    assert f"/arrears/due/?meeting={cast.meeting.pk}" in client.get(page_of(cast)).content.decode()


def test_the_settings_change_under_a_resolution_and_are_logged(cast):
    resolution, client = cast.decided().resolution, client_of(cast.committee)
    form = {"appeal_days": "45", "two_approvals_above": "8000", "delivery_due_days": "10", "chair": ""}
    form |= {"resolution": resolution.pk, "request_id": str(uuid.uuid4())}
    client.post("/welfare-settings/", form | {"urgent_death_grants": "on"})
    assert WelfareSettings.objects.count() == 0
    client.post("/welfare-settings/", form | {"urgent_death_grants": "on", "chair": cast.committee.pk})
    row = WelfareSettings.objects.get()
    assert (row.appeal_days, row.chair, row.resolution) == (45, cast.committee, resolution)
    assert ActionLog.objects.get(action="welfare-settings-changed").details["appeal_days"] == "45"
    assert client_of(cast.auditor).post("/welfare-settings/", form | {"appeal_days": "1"}).status_code == 200
    assert WelfareSettings.objects.get().appeal_days == 45

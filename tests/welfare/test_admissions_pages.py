"""The page on which a meeting's list is decided, and what becomes of the first dues."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from contributions.models import CollectionSheet
from contributions.queries import sheet_rows
from contributions.sheets import open_sheet, submit_sheet
from members.application_queries import FirstDues, first_dues_waiting
from members.life import leave_fund, transfer_member
from members.models import Application, Meeting, Membership, Resolution
from members.verbs import end_membership
from office.models import User
from tests.factories import MeetingFactory
from tests.pdf_reading import pdfium_text
from tests.welfare.cast import Cast
from tests.welfare.test_admissions import accepted, applied, decide
from welfare.admissions import Admission


def client_of(user: User) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user)
    return client


def verdicts(meeting: Meeting, **by_key: str) -> dict[str, str]:
    return {"request_id": str(uuid.uuid4()), "meeting": str(meeting.pk), **by_key}


PAGE = "/meetings/applications/"


def test_the_registrar_writes_the_resolution_on_the_whole_list(cast) -> None:
    yes, no, later = (applied(cast) for _ in range(3))
    form = verdicts(
        cast.meeting,
        **{f"verdict_{yes.pk}": "accept", f"verdict_{no.pk}": "refuse", f"verdict_{later.pk}": "later"},
        **{f"reason_{no.pk}": "อยู่นอกเขต"},
    )
    client = client_of(cast.registrar)
    answer = client.post(PAGE, form)
    assert (answer.status_code, answer["Location"]) == (302, f"/meetings/committee/2563/{cast.meeting.number}/")
    states = list(Application.objects.order_by("number").values_list("state", flat=True))
    assert states == ["accepted", "refused", "certified"]
    assert "อยู่นอกเขต" in client.get(answer["Location"]).content.decode()
    again = client.post(PAGE, form)  # a double click
    assert (again["Location"], Resolution.objects.count()) == (answer["Location"], 1)


def test_a_refusal_without_a_reason_stands_at_its_row_and_nothing_is_decided(cast) -> None:
    yes, no = applied(cast), applied(cast)
    form = verdicts(cast.meeting, **{f"verdict_{yes.pk}": "accept", f"verdict_{no.pk}": "refuse"})
    answer = client_of(cast.committee).post(PAGE, form)
    assert set(answer.context["form"].errors) == {"__all__", f"reason_{no.pk}"}
    assert set(Application.objects.values_list("state", flat=True)) == {"certified"}


def test_a_list_that_stands_on_not_now_is_answered(cast) -> None:
    one = applied(cast)
    answer = client_of(cast.registrar).post(PAGE, verdicts(cast.meeting, **{f"verdict_{one.pk}": "later"}))
    assert "Decide at least one" in answer.context["form"].non_field_errors()[0]


def test_a_meeting_that_lies_ahead_cannot_be_chosen(cast) -> None:
    one, ahead = applied(cast), MeetingFactory(held_on=date(2020, 12, 1))
    answer = client_of(cast.registrar).post(PAGE, verdicts(ahead, **{f"verdict_{one.pk}": "accept"}))
    assert list(answer.context["form"].errors) == ["meeting"]


def test_without_a_meeting_the_page_leads_to_opening_one(cast) -> None:
    applied(cast)
    Meeting.objects.all().delete()
    page = client_of(cast.registrar).get(PAGE).content.decode()
    assert reverse("welfare:open_meeting") in page


@pytest.mark.parametrize("role", ["leader", "treasurer", "auditor"])
def test_others_have_no_such_page(cast, role) -> None:
    assert client_of(getattr(cast, role)).get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_application_and_for_three(cast, count, django_assert_num_queries) -> None:
    for _ in range(count):
        applied(cast)
    client = client_of(cast.registrar)
    client.get(PAGE)
    # session, user, roles, fund, applications, meetings (keys, then the choices)
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_the_printed_form_shows_what_the_meeting_decided(cast) -> None:
    yes, no = applied(cast), applied(cast)
    accepted(cast, yes)
    refuse = {f"verdict_{no.pk}": "refuse", f"reason_{no.pk}": "อยู่นอกเขต"}
    client_of(cast.registrar).post(PAGE, verdicts(cast.meeting, **refuse))
    client = client_of(cast.leader)
    texts = [pdfium_text(client.get(f"/members/applications/2563/{n}.pdf?language=en").content) for n in (1, 2)]
    assert [cast.meeting.label in text for text in texts] == [True, True]
    assert ["อยู่นอกเขต" in text for text in texts] == [False, True]


def test_the_members_page_leads_to_her_application(cast) -> None:
    application = applied(cast)
    member = accepted(cast, application)
    client = client_of(cast.leader)
    link = reverse("members:member_applications", args=[member.number])
    assert link in client.get(f"/members/{member.number}/").content.decode()
    assert client.get(link)["Location"] == "/members/applications/2563/1/"
    assert client.get(reverse("members:member_applications", args=[101])).status_code == 200


# --- the first dues -----------------------------------------------------------------------------------------


def with_dues(cast: Cast) -> Application:
    return applied(cast, first_dues_on=date(2020, 10, 20), first_dues_baht=Decimal("365"))


def sheet_of(cast: Cast) -> CollectionSheet:
    return open_sheet(community=cast.home, request_id=uuid.uuid4(), **cast.by(cast.leader))


def test_money_taken_with_an_application_is_proposed_on_the_next_sheet_until_it_is_posted(
    committed_cast,
) -> None:
    cast = committed_cast
    member = accepted(cast, with_dues(cast))
    sheet = sheet_of(cast)
    proposed = {row.member.number: row.first_dues for row in sheet_rows(sheet, cast.today)}
    assert (proposed[101], proposed[member.number].baht) == (None, Decimal("365.00"))
    client = client_of(cast.leader)
    page = f"/money-in/sheets/{sheet.year_be}/{sheet.number}/"
    assert "Paid with the application" in client.get(page).content.decode()
    client.post(page, {"first": str(member.number), "date": "2020-11-01"})
    line = sheet.lines.get()
    assert (line.member, line.amount, line.paid_on) == (member, Decimal("365.00"), date(2020, 10, 20))

    listed = reverse("members:applications")
    assert "with the leader" in client.get(listed).content.decode()
    submit_sheet(sheet=sheet, request_id=uuid.uuid4(), **cast.by(cast.leader))
    assert "with the leader" not in client.get(listed).content.decode()
    assert {row.first_dues for row in sheet_rows(sheet_of(cast), cast.today)} == {None}


def test_before_the_meeting_and_after_a_refusal_no_sheet_proposes_it(committed_cast) -> None:
    cast = committed_cast
    application = with_dues(cast)
    sheet = sheet_of(cast)
    assert {row.first_dues for row in sheet_rows(sheet, cast.today)} == {None}
    refuse = {f"verdict_{application.pk}": "refuse", f"reason_{application.pk}": "อยู่นอกเขต"}
    client_of(cast.registrar).post(PAGE, verdicts(cast.meeting, **refuse))
    assert {row.first_dues for row in sheet_rows(sheet, cast.today)} == {None}
    page = client_of(cast.leader).get("/members/applications/2563/1/").content.decode()
    assert "Give the first dues of 365.00 baht" in page


def test_an_application_leads_to_nobody_who_has_moved_out_of_sight(cast) -> None:
    member = accepted(cast, applied(cast))
    link, page = f'href="/members/{member.number}/"', "/members/applications/2563/1/"
    leader, registrar = client_of(cast.leader), client_of(cast.registrar)
    assert link in leader.get(page).content.decode()
    transfer_member(
        member=member, community=cast.away, on=cast.today, request_id=uuid.uuid4(), **cast.by(cast.registrar)
    )
    assert [link in one.get(page).content.decode() for one in (leader, registrar)] == [False, True]


def test_first_dues_of_one_who_died_before_the_next_sheet_are_handed_in(committed_cast) -> None:
    cast = committed_cast
    member = accepted(cast, with_dues(cast))
    facts = {"on": date(2020, 10, 25), "reason": "died", "today": cast.today}
    end_membership(membership=member.memberships.get(), **facts)
    sheet = sheet_of(cast)
    assert {row.member.number for row in sheet_rows(sheet, cast.today) if row.first_dues} == {member.number}
    client, page = client_of(cast.leader), f"/money-in/sheets/{sheet.year_be}/{sheet.number}/"
    assert "Paid with the application" in client.get(page).content.decode()
    client.post(page, {"first": str(member.number), "date": "2020-11-01"})
    submit_sheet(sheet=sheet, request_id=uuid.uuid4(), **cast.by(cast.leader))
    assert "with the leader" not in client.get(reverse("members:applications")).content.decode()
    assert member.number not in {row.member.number for row in sheet_rows(sheet_of(cast), cast.today)}


def test_first_dues_of_one_who_came_back_are_those_of_her_second_application(cast) -> None:
    """The other's resolution is that of her first application too."""
    hers, other = with_dues(cast), with_dues(cast)
    decide(cast, Admission(hers.pk, accept=True), Admission(other.pk, accept=True))
    member = Application.objects.get(pk=hers.pk).member
    leave_fund(
        member=member, on=date(2020, 10, 22), reason="resigned", request_id=uuid.uuid4(), **cast.by(cast.registrar)
    )
    days = {"applied_on": date(2020, 10, 25), "first_dues_on": date(2020, 10, 28)}
    accepted(cast, applied(cast, former_number=member.number, first_dues_baht=Decimal("730"), **days))
    waiting = first_dues_waiting(Membership.objects.filter(ended_on=None))
    assert waiting[member.pk] == FirstDues(Decimal("730.00"), date(2020, 10, 28))
    assert len(waiting) == 2

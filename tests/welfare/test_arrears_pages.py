"""The pages of arrears: who is to be told, one touch, letters, and the meeting's list."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from members.models import ArrearsNotice, Meeting, Membership, Resolution
from office.models import Job, ReadingLog
from tests.factories import TODAY, MeetingFactory, MemberFactory
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401

LONG_AGO = date(2018, 12, 31)
LIST = reverse("welfare:notices")
LETTERS = reverse("welfare:notice_letters")
DUE = reverse("welfare:due_to_lapse")


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def behind(cast, number: int, **fields) -> Membership:
    facts = {"community": cast.home, "paid_through": LONG_AGO, "first_name": f"ค้าง{number}"}
    return MemberFactory(number=number, **(facts | fields)).memberships.get()


def tell(membership: Membership, day: date) -> ArrearsNotice:
    return ArrearsNotice.objects.create(
        membership=membership, given_on=day, how="line", paid_through=membership.paid_through
    )


def numbers(answer) -> list[int]:
    return [row.member.number for row, *_ in answer.context["rows"]]


# --- the list and the touch ----------------------------------------------------------------------------------


def test_the_list_shows_what_each_owes_and_how_to_reach_her(cast) -> None:
    behind(cast, 201, phone="0812345678")
    answer = client_of(cast.leader).get(LIST)
    page = answer.content.decode()
    assert numbers(answer) == [201]
    for words in ('href="tel:0812345678"', "081-234-5678", "730.00", "31 Dec 2561", "Not told yet"):
        assert words in page, words


def test_one_touch_writes_the_notice_and_the_member_leaves_the_list(cast) -> None:
    membership, leader = behind(cast, 201), client_of(cast.leader)
    form = {"request_id": str(uuid.uuid4()), "how": "in-person"}
    address = reverse("welfare:record_notice", args=[201])
    for _ in range(2):  # a double click
        answer = leader.post(f"{address}?community={cast.home.pk}", form)
        assert answer["Location"] == f"{LIST}?community={cast.home.pk}"
    notice = ArrearsNotice.objects.get()
    assert (notice.membership, notice.how, notice.given_on, notice.given_by) == (
        membership,
        "in-person",
        TODAY,
        cast.leader,
    )
    assert (numbers(leader.get(LIST)), numbers(leader.get(LIST, {"stage": "told"}))) == ([], [201])


def test_another_day_is_written_on_a_page_of_its_own_and_what_was_typed_stays(cast) -> None:
    behind(cast, 201)
    leader, address = client_of(cast.leader), reverse("welfare:record_notice", args=[201])
    form = {"request_id": str(uuid.uuid4()), "how": "letter", "note": "her sister took it"}
    wrong = {"given_on_day": "5", "given_on_month": "12", "given_on_year": "2563"}
    answer = leader.post(address, form | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["given_on"])
    assert "her sister took it" in answer.content.decode()
    assert leader.post(address, form | wrong | {"given_on_month": "10"}).status_code == 302
    assert ArrearsNotice.objects.get().given_on == date(2020, 10, 5)


def test_who_has_paid_meanwhile_is_told_so_not_written_down(cast) -> None:
    membership = behind(cast, 201)
    leader = client_of(cast.leader)
    Membership.objects.filter(pk=membership.pk).update(paid_through=date(2020, 12, 31))
    form = {"request_id": str(uuid.uuid4()), "how": "phone"}
    page = leader.post(reverse("welfare:record_notice", args=[201]), form).content.decode()
    assert "has paid through 31 December 2563" in page
    assert ArrearsNotice.objects.count() == 0


def test_a_leader_tells_her_own_people_only(cast) -> None:
    behind(cast, 201, community=cast.away)
    leader = client_of(cast.leader)
    assert numbers(leader.get(LIST)) == []
    form = {"request_id": str(uuid.uuid4()), "how": "phone"}
    assert leader.post(reverse("welfare:record_notice", args=[201]), form).status_code == 404


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        ("leader", [200, 200, 403]),
        ("registrar", [200, 200, 200]),
        ("committee", [200, 403, 200]),
        ("treasurer", [200, 403, 403]),
        ("auditor", [200, 403, 403]),
    ],
)
def test_who_opens_which_page(cast, role, answers) -> None:
    behind(cast, 201)
    client = client_of(getattr(cast, role))
    pages = (LIST, reverse("welfare:record_notice", args=[201]), DUE)
    assert [client.get(page).status_code for page in pages] == answers


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("stage", ["to-tell", "told"])
def test_the_list_asks_the_same_number_of_queries(cast, count, stage, django_assert_num_queries) -> None:
    for number in range(count):
        membership = behind(cast, 201 + number)
        if stage == "told":
            tell(membership, TODAY)
    registrar = client_of(cast.registrar)
    registrar.get(LIST, {"stage": stage})
    # session, user, roles, fund; the rules; communities to choose (counted, read); memberships, their notices;
    # dues in all versions, the fund's year, payments behind a gap
    with django_assert_num_queries(12):
        registrar.get(LIST, {"stage": stage})


# --- letters -------------------------------------------------------------------------------------------------


def test_the_letters_say_what_is_owed_what_happens_and_where_to_pay(cast) -> None:
    for number in (201, 202):
        behind(cast, number, household=cast.member.household)
    cast.fund.phone = "077123456"
    cast.fund.save()
    form = {"request_id": str(uuid.uuid4()), "language": "en", "member": ["201", "202"]}
    answer = client_of(cast.leader).post(LETTERS, form)
    pages = page_texts(answer.content)
    assert (answer["Content-Type"], len(pages)) == ("application/pdf", 2)
    for words in (
        "Notice of unpaid contributions",
        "ค้าง201",
        "730.00",
        "Seven hundred and thirty baht",
        "2562–2563",
        "1 April 2562",
        "1 December 2563",  # thirty days after the letter
        cast.leader.display_name,
        "077-123-456",
        "xxx-1234",
        "Slip for the fund",
    ):
        assert words.casefold() in pages[0].casefold(), words
    assert "ค้าง202" in pages[1]
    assert ArrearsNotice.objects.count() == 0  # printing tells nobody
    assert ReadingLog.objects.get(what="notice letters").subject_name == "201, 202"


@pytest.mark.parametrize("language", ["th", "both"])
def test_a_letter_is_one_page_in_thai_and_in_both(cast, language) -> None:
    behind(cast, 201, household=cast.member.household)
    form = {"request_id": str(uuid.uuid4()), "language": language, "member": "201"}
    assert len(page_texts(client_of(cast.registrar).post(LETTERS, form).content)) == 1


def test_a_leader_prints_no_letters_for_others(cast) -> None:
    behind(cast, 201, community=cast.away)
    form = {"request_id": str(uuid.uuid4()), "language": "en", "member": "201"}
    text = page_texts(client_of(cast.leader).post(LETTERS, form).content)[0]
    assert ("ค้าง201" in text, "Nobody is behind any more." in text) == (False, True)


def test_many_letters_are_the_workers(cast) -> None:
    for number in range(201, 213):
        behind(cast, number)
    form = {"request_id": str(uuid.uuid4()), "language": "th", "everyone": "1"}
    answer = client_of(cast.registrar).post(LETTERS, form)
    job = Job.objects.get()
    assert (job.kind, job.parameters["numbers"], answer["Location"]) == (
        "notice-letters",
        list(range(201, 213)),
        reverse("office:job", args=[job.pk]),
    )


def test_nobody_ticked_is_said(cast) -> None:
    answer = client_of(cast.registrar).post(LETTERS, {"request_id": str(uuid.uuid4()), "language": "th"})
    assert (answer.status_code, answer["Location"]) == (302, LIST)


# --- the meeting's list --------------------------------------------------------------------------------------


def test_the_meetings_list_parts_who_may_lapse_from_who_may_not_yet(cast) -> None:
    told, lately, untold = behind(cast, 201), behind(cast, 202), behind(cast, 203)
    tell(told, TODAY - timedelta(days=30))
    tell(lately, TODAY - timedelta(days=29))
    answer = client_of(cast.committee).get(DUE)
    assert [row.membership for row, _owed in answer.context["ready"]] == [told]
    assert [row.membership for row, *_ in answer.context["not_yet"]] == [lately, untold]
    page = answer.content.decode()
    assert "Told on 3 Oct 2563: a meeting on 2 Nov 2563 or later" in page
    assert "Not told yet: told today, a meeting on 1 Dec 2563 or later" in page


def lapse_form(cast, *memberships: Membership, meeting: Meeting | None = None) -> dict[str, object]:
    return {
        "request_id": str(uuid.uuid4()),
        "meeting": str((meeting or cast.meeting).pk),
        "chosen": [str(one.pk) for one in memberships],
    }


def test_the_resolution_is_written_once_and_stands_on_the_meetings_page(cast) -> None:
    membership = behind(cast, 201)
    tell(membership, TODAY - timedelta(days=30))
    committee, form = client_of(cast.committee), lapse_form(cast, membership)
    address = reverse("welfare:meeting", args=["committee", 2563, cast.meeting.number])
    assert [committee.post(DUE, form)["Location"] for _ in range(2)] == [address, address]
    assert Resolution.objects.count() == 1
    assert "No. 201" in committee.get(address).content.decode()


def test_one_who_paid_while_the_page_was_open_stops_the_whole_list(cast) -> None:
    first, second = behind(cast, 201), behind(cast, 202)
    for one in (first, second):
        tell(one, TODAY - timedelta(days=30))
    Membership.objects.filter(pk=second.pk).update(paid_through=date(2020, 12, 31))
    answer = client_of(cast.committee).post(DUE, lapse_form(cast, first, second))
    assert (answer.status_code, "has paid through 31 December 2563" in answer.content.decode()) == (200, True)
    assert Membership.objects.filter(end_reason="lapsed").count() == 0


def test_a_meeting_of_two_and_nobody_chosen_are_refused_in_words(cast) -> None:
    membership = behind(cast, 201)
    tell(membership, TODAY - timedelta(days=30))
    committee = client_of(cast.committee)
    small = MeetingFactory(number=99, present=[{"name": "หนึ่ง"}, {"name": "สอง"}])
    assert (
        "a decision takes at least 3"
        in committee.post(DUE, lapse_form(cast, membership, meeting=small)).content.decode()
    )
    assert "Choose at least one member." in committee.post(DUE, lapse_form(cast)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_meetings_list_asks_the_same_number_of_queries(cast, count, django_assert_num_queries) -> None:
    for number in range(count):
        tell(behind(cast, 201 + number), TODAY - timedelta(days=30))
        behind(cast, 301 + number)
    committee = client_of(cast.committee)
    committee.get(DUE)
    # session, user, roles, fund; the rules twice; meetings; told and untold with their notices; what they owe
    with django_assert_num_queries(14):
        committee.get(DUE)

"""Care: who is visited and when, what was found, who follows it up, whom somebody was referred to; and who reads it."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from members.models import GroupFlag
from office.models import ReadingLog
from tests.factories import TODAY, HouseholdFactory, MemberFactory, make_user
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401
from welfare import care as verbs
from welfare.care import PersonFacts, VisitFacts
from welfare.care_queries import (
    CareFigures,
    care_by_community,
    care_figures,
    listed_persons,
    proposals,
    visible_persons,
)
from welfare.models import CarePerson, CareVisit, Referral
from welfare.personal_data import personal_data_paper
from welfare.transitions import NotYours

LIST = reverse("welfare:care")
OPEN = reverse("welfare:care_open")
WEEK = timedelta(days=7)


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def added(cast, member=None, *, since: date = TODAY - 10 * WEEK, every: int | None = 30, **facts) -> CarePerson:
    common = {"since": since, "request_id": uuid.uuid4(), **cast.by(cast.leader)}
    place = None if member else cast.home
    told = PersonFacts(reason="elderly", visit_every_days=every, **facts)
    return verbs.add_person(member=member, community=place, facts=told, **common)


def visited(cast, person: CarePerson, day: date = TODAY, **facts) -> CareVisit:
    told = VisitFacts(visited_on=day, **({"note": "เดินไม่สะดวก"} | facts))
    return verbs.record_visit(person=person, facts=told, request_id=uuid.uuid4(), **cast.by(cast.leader))


def referred(cast, visit: CareVisit, day: date = TODAY, to: str = "municipality") -> Referral:
    facts = {"asked": "ราวจับในห้องน้ำ", "referred_on": day, "request_id": uuid.uuid4()}
    return verbs.refer(visit=visit, to=to, by=cast.leader, today=TODAY, **facts)


def next_days(cast) -> dict[str, date | None]:
    return {one.full_name: one.next_on for one in listed_persons(visible_persons(cast.leader))}


# --- the plan ---------------------------------------------------------------------------------------------


def test_who_is_due_first_stands_on_top(cast):
    never = added(cast, name="นายไม่เคย มีใครเยี่ยม")
    rhythm = added(cast, name="นางเดือนละ ครั้ง")
    added(cast, name="นางไม่มี กำหนด", every=None)
    planned = added(cast, cast.member, every=None)
    visited(cast, rhythm, TODAY - WEEK)
    plan = {"visitor": cast.leader, "request_id": uuid.uuid4(), **cast.by(cast.leader)}
    verbs.plan_visit(person=planned, planned_on=TODAY + WEEK, **plan)
    assert next_days(cast) == {
        "นายไม่เคย มีใครเยี่ยม": never.since,
        cast.member.full_name: TODAY + WEEK,
        "นางเดือนละ ครั้ง": TODAY - WEEK + timedelta(days=30),
        "นางไม่มี กำหนด": None,
    }
    made = visited(cast, planned)
    assert (made.planned_on, made.visited_on) == (TODAY + WEEK, TODAY)  # the visit that was planned
    assert next_days(cast)[cast.member.full_name] is None


def test_a_visit_is_written_down_on_the_phone_and_twice_the_same_is_one(cast):
    person, leader = added(cast, cast.member), client_of(cast.leader)
    page = leader.get(LIST).content.decode()
    address = reverse("welfare:new_visit", args=[person.pk])
    assert f'href="{address}"' in page
    form = {"request_id": str(uuid.uuid4()), "note": "Well", "needs": "Rice", "follow_up_by": cast.registrar.pk}
    form |= {"follow_up_until_day": "8", "follow_up_until_month": "11", "follow_up_until_year": "2563"}
    form |= {"visited_on_day": "1", "visited_on_month": "11", "visited_on_year": "2563"}
    for _ in range(2):
        assert leader.post(address, form)["Location"] == reverse("welfare:care_person", args=[person.pk])
    visit = CareVisit.objects.get()
    assert (visit.visited_on, visit.visitor, visit.follow_up_until) == (TODAY, cast.leader, TODAY + WEEK)
    page = leader.get(LIST).content.decode()
    assert f"Rice · {cast.registrar.display_name}, until 8 Nov 2563" in page
    answer = leader.post(address, form | {"request_id": str(uuid.uuid4()), "visited_on_day": "2", "note": "Tomorrow"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["visited_on"])
    assert "Tomorrow" in answer.content.decode()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"visited_on": TODAY + WEEK, "note": "x"}, "visited_on"),
        ({"visited_on": TODAY, "note": " "}, "note"),
        ({"visited_on": TODAY, "note": "x", "follow_up_until": TODAY}, "follow_up_by"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast, facts, field):
    person = added(cast, cast.member)
    with pytest.raises(verbs.DomainError) as refused:
        verbs.record_visit(person=person, facts=VisitFacts(**facts), request_id=uuid.uuid4(), **cast.by(cast.leader))
    assert (refused.value.field, CareVisit.objects.count()) == (field, 0)


def test_nobody_of_elsewhere_follows_up_and_only_leaders_and_registrars_write(cast):
    person = added(cast, cast.member)
    stranger = make_user("leader", community=cast.away)
    told = VisitFacts(visited_on=TODAY, note="x", follow_up_by=stranger)
    with pytest.raises(verbs.SomethingMissing):
        verbs.record_visit(person=person, facts=told, request_id=uuid.uuid4(), **cast.by(cast.leader))
    told = VisitFacts(visited_on=TODAY, note="x")
    with pytest.raises(NotYours):
        verbs.record_visit(person=person, facts=told, request_id=uuid.uuid4(), **cast.by(cast.committee))


def test_a_member_is_on_the_list_once_and_is_taken_up_again_after_its_end(cast):
    person = added(cast, cast.member)
    with pytest.raises(verbs.CaredForAlready):
        added(cast, cast.member)
    verbs.end_care(person=person, until=TODAY, reason="ย้ายไปอยู่กับลูก", by=cast.leader, today=TODAY)
    with pytest.raises(verbs.CareEnded):
        visited(cast, person)
    assert added(cast, cast.member, since=TODAY) == person
    assert visited(cast, person).person == person


# --- what is open -----------------------------------------------------------------------------------------


def test_a_follow_up_and_a_referral_stay_open_until_their_outcome(cast):
    visit = visited(cast, added(cast, cast.member), TODAY - WEEK, needs="ราวจับ", follow_up_by=cast.leader)
    referral = referred(cast, visit, TODAY - WEEK)
    leader = client_of(cast.leader)
    assert [list(leader.get(LIST).context[name]) for name in ("follow_ups", "referrals")] == [[visit], [referral]]
    answer = {"referral": referral, "by": cast.leader, "today": TODAY}
    verbs.answer_referral(answered_on=TODAY - WEEK, answer="ได้รับเรื่องแล้ว", outcome="", **answer)
    assert Referral.objects.get().closed_on is None
    verbs.answer_referral(answered_on=TODAY, answer="ติดตั้งแล้ว", outcome="helped", **answer)
    verbs.answer_referral(answered_on=TODAY, answer="ติดตั้งแล้ว", outcome="helped", **answer)  # a double click
    with pytest.raises(verbs.DoneAlready):
        verbs.answer_referral(answered_on=TODAY, answer="ไม่ได้", outcome="refused", **answer)
    verbs.follow_up(visit=visit, done_on=TODAY, outcome="ใช้ได้ดี", by=cast.leader, today=TODAY)
    assert [list(leader.get(LIST).context[name]) for name in ("follow_ups", "referrals")] == [[], []]


def test_a_need_that_nobody_took_on_stays_open_until_somebody_does(cast):
    visit = visited(cast, added(cast, cast.member), TODAY - WEEK, needs="ไม้เท้า")
    leader, away = client_of(cast.leader), client_of(make_user("leader", community=cast.away))
    address = reverse("welfare:assign_follow_up", args=[visit.pk])
    for page in (LIST, OPEN):
        answer = leader.get(page)
        assert (list(answer.context["needs"]), f'href="{address}"' in answer.content.decode()) == ([visit], True)
        assert (list(away.get(page).context["needs"]), away.get(address).status_code) == ([], 404)
    form = {"request_id": str(uuid.uuid4()), "follow_up_by": cast.registrar.pk, "follow_up_until_day": "30"}
    form |= {"follow_up_until_month": "10", "follow_up_until_year": "2563"}
    assert leader.post(address, form).status_code == 302
    assert ReadingLog.objects.filter(user=cast.leader, what="care open").count() == 2
    own = visited(cast, added(cast, name="นางข้างบ้าน สมมติสกุล"), follow_up_by=cast.leader)
    answer = leader.get(OPEN)
    assert list(answer.context["needs"]) == []
    assert answer.context["by_user"] == [(cast.leader, [own]), (cast.registrar, [visit])]  # one's own on top
    assert "(late)" in answer.content.decode()
    verbs.follow_up(visit=visit, done_on=TODAY, outcome="ได้แล้ว", by=cast.leader, today=TODAY)
    with pytest.raises(verbs.DoneAlready):
        verbs.assign_follow_up(visit=visit, to=cast.leader, until=None, by=cast.leader)


def test_a_visit_is_corrected_by_its_writer_and_the_words_before_stay(cast):
    visit = visited(cast, added(cast, cast.member), needs="ไม้เท้า", follow_up_by=cast.leader)
    neighbour = make_user("leader", community=cast.home)
    told = VisitFacts(visited_on=TODAY, note="ใช้รถเข็น")
    with pytest.raises(NotYours):
        verbs.correct_visit(visit=visit, facts=told, by=neighbour, today=TODAY)
    address = reverse("welfare:correct_visit", args=[visit.pk])
    person = reverse("welfare:care_person", args=[visit.person_id])
    assert f'href="{address}"' not in client_of(neighbour).get(person).content.decode()
    leader = client_of(cast.leader)
    assert f'href="{address}"' in leader.get(person).content.decode()
    form = {"request_id": str(uuid.uuid4()), "note": "ใช้รถเข็น", "needs": "ไม้เท้า", "follow_up_by": cast.leader.pk}
    form |= {"visited_on_day": "31", "visited_on_month": "10", "visited_on_year": "2563"}
    for _ in range(2):
        assert leader.post(address, form)["Location"] == person
    visit.refresh_from_db()
    assert (visit.note, visit.visited_on, visit.follow_up_by) == ("ใช้รถเข็น", TODAY - timedelta(days=1), cast.leader)
    page = leader.get(person).content.decode()
    assert (page.count("Before:"), "เดินไม่สะดวก" in page, "ใช้รถเข็น" in page) == (1, True, True)
    page = client_of(cast.committee).get(person).content.decode()
    assert ("เดินไม่สะดวก" in page, "Corrected " in page) == (False, True)
    referred(cast, visit, TODAY - timedelta(days=1))
    told = VisitFacts(visited_on=TODAY, note="x")  # after the referral that came of it
    with pytest.raises(verbs.WrongCareDay):
        verbs.correct_visit(visit=visit, facts=told, by=cast.registrar, today=TODAY)


def test_the_figures_of_a_span_by_community(cast):
    first, second = added(cast, cast.member), added(cast, name="นางข้างบ้าน สมมติสกุล")
    visit = visited(cast, first, TODAY - WEEK)
    visited(cast, first)
    visited(cast, second, TODAY - timedelta(days=365))  # before 2563 began in the span asked for
    referral = referred(cast, visit, TODAY - WEEK)
    referred(cast, visit, TODAY, to="headman")
    facts = {"answered_on": TODAY, "answer": "ได้", "outcome": "partly", "by": cast.leader, "today": TODAY}
    verbs.answer_referral(referral=referral, **facts)
    expected = CareFigures(persons=2, visited=1, visits=2, referrals=2, answered=1, helped=1)
    assert care_by_community(date(2020, 1, 1), TODAY) == {cast.home.pk: expected}
    assert care_figures(date(2020, 1, 1), TODAY) == expected
    assert client_of(cast.treasurer).get(reverse("welfare:care_figures")).context["total"] == expected


# --- from the register ------------------------------------------------------------------------------------


def test_the_register_proposes_the_marked_and_the_old_who_live_alone(cast):
    alone, shared = HouseholdFactory(community=cast.home), HouseholdFactory(community=cast.home)
    old = {"birth_date": date(1950, 1, 1), "community": cast.home}
    lonely = MemberFactory(number=201, household=alone, **old)
    for number in (202, 203):
        MemberFactory(number=number, household=shared, **old)
    MemberFactory(number=204, **old)  # no house known: not called alone
    marked = MemberFactory(number=205, community=cast.away)
    GroupFlag.objects.create(member=marked, group="disabled", since=TODAY - WEEK)
    ended = MemberFactory(number=206, community=cast.home)
    GroupFlag.objects.create(member=ended, group="disadvantaged", since=TODAY - 2 * WEEK, until=TODAY - WEEK)
    registrar, address = client_of(cast.registrar), reverse("welfare:care_proposals")
    rows = registrar.get(address).context["rows"]
    assert [(one.member, one.reason, one.lives_alone) for one in rows] == [
        (lonely, "elderly", True),
        (marked, "disabled", False),
    ]
    form = {"request_id": str(uuid.uuid4()), "chosen": ["201", "205"], "visit_every_days": "30"}
    assert registrar.post(address, form)["Location"] == LIST
    assert set(CarePerson.objects.values_list("member__number", "reason")) == {(201, "elderly"), (205, "disabled")}
    everywhere = type(cast.home).objects.all()
    assert proposals(everywhere, today=TODAY, most=10) == []
    assert registrar.post(address, form | {"chosen": ["202"]}).status_code == 200  # not proposed: refused


# --- who reads it -----------------------------------------------------------------------------------------


def test_another_communitys_people_are_not_there_and_reading_is_logged(cast):
    person = added(cast, cast.member)
    visit = visited(cast, person)
    referral = referred(cast, visit)
    stranger = client_of(make_user("leader", "treasurer", community=cast.away))
    assert list(stranger.get(LIST).context["persons"]) == []
    for name, key in (
        ("care_person", person.pk),
        ("new_visit", person.pk),
        ("plan_visit", person.pk),
        ("change_care", person.pk),
        ("end_care", person.pk),
        ("follow_up", visit.pk),
        ("refer", visit.pk),
        ("correct_visit", visit.pk),
        ("answer_referral", referral.pk),
    ):
        assert stranger.get(reverse(f"welfare:{name}", args=[key])).status_code == 404, name
    assert client_of(cast.treasurer).get(LIST).status_code == 403
    page = client_of(cast.auditor).get(reverse("welfare:care_person", args=[person.pk]))
    assert (page.status_code, "เดินไม่สะดวก" in page.content.decode()) == (200, True)
    logged = ReadingLog.objects.filter(user=cast.auditor).values_list("subject_kind", "subject_id", "what")
    assert logged.get() == ("member", cast.member.pk, "care page")  # she sees it among those who looked at her data


def test_what_was_found_stands_on_the_paper_of_all_her_data(cast):
    referred(cast, visited(cast, added(cast, cast.member)))
    facts = {"by": cast.registrar, "reason": "asked", "language": "en", "today": TODAY}
    text = " ".join(page_texts(personal_data_paper(cast.member, cast.fund, **facts)))
    for words in ("Home visits", "เดินไม่สะดวก", "Municipality", "ราวจับในห้องน้ำ"):
        assert words in text, words


def test_a_member_who_moved_is_read_about_where_she_is_now(cast):
    person = added(cast, cast.member)
    cast.member.community = cast.away
    cast.member.save(update_fields=["community"])
    there = make_user("leader", community=cast.away)
    assert (list(visible_persons(there)), list(visible_persons(cast.leader))) == ([person], [])


def test_what_was_found_of_a_double_is_read_with_the_row_that_she_was_merged_into(cast):
    double = MemberFactory(number=401, community=cast.away)
    visit = visited(cast, added(cast, double), needs="ไม้เท้า")
    double.merged_into = cast.member
    double.save(update_fields=["merged_into"])
    there = client_of(make_user("leader", community=cast.away))
    page = reverse("welfare:care_person", args=[visit.person_id])
    assert (there.get(page).status_code, list(there.get(LIST).context["persons"])) == (404, [])
    leader = client_of(cast.leader)
    assert leader.get(reverse("welfare:member_care", args=[cast.member.number]))["Location"] == page
    assert f'href="/members/{cast.member.number}/claim/?visit={visit.pk}"' in leader.get(page).content.decode()
    assert list(leader.get(OPEN).context["needs"]) == [visit]
    assert care_by_community(TODAY, TODAY) == {cast.home.pk: CareFigures(persons=1, visited=1, visits=1)}
    with pytest.raises(verbs.CaredForAlready):
        added(cast, cast.member)


def test_the_list_asks_as_much_for_three_as_for_one(cast, django_assert_num_queries):
    leader = client_of(cast.leader)
    for number in (301, 302, 303):
        person = added(cast, MemberFactory(number=number, community=cast.home))
        visit = visited(cast, person, needs="x", follow_up_by=cast.leader)
        referred(cast, visit)
        if number == 301:
            leader.get(LIST)
        with django_assert_num_queries(11):
            leader.get(LIST)
    with django_assert_num_queries(10):
        leader.get(reverse("welfare:care_person", args=[person.pk]))


def test_the_months_sheet_names_who_is_due_with_room_to_write(cast):
    added(cast, cast.member)
    added(cast, name="นางเพิ่งเยี่ยม สมมติสกุล", since=TODAY, every=60)
    visited(cast, CarePerson.objects.get(member=None))
    pdf = client_of(cast.leader).get(reverse("welfare:care_sheet"), {"month": "2020-11", "language": "en"})
    text = page_texts(pdf.content)[0]
    assert "Home visits of November 2563" in text
    assert cast.member.first_name in text
    assert "นางเพิ่งเยี่ยม" not in text

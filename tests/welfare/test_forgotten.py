"""Nobody forgotten: who seems entitled by the register and today's rules, and never claimed; per community."""

import io
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from members.models import Child, GroupFlag, Member
from office.jobs import run_job
from office.models import Job, ReadingLog
from tests.factories import TODAY, MemberFactory, make_user
from tests.welfare.cast import event
from welfare import care as verbs
from welfare.forgotten import forgotten_in
from welfare.models import Category

PAGE, ALL = reverse("welfare:forgotten"), reverse("welfare:forgotten_all")
OLD = date(1950, 1, 1)
A_WHILE_AGO = TODAY - timedelta(days=30)


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def found(cast) -> list[tuple[int, str, int]]:
    lines = forgotten_in(cast.home, today=TODAY)
    return [(line.member.number, line.benefit.code, int(line.amount)) for line in lines]


@pytest.fixture
def old(cast) -> Member:
    return MemberFactory(number=201, community=cast.home, birth_date=OLD, phone="0812345678")


def test_the_elderly_and_the_marked_are_listed_until_they_have_something(cast, old):
    marked = MemberFactory(number=202, community=cast.home)
    GroupFlag.objects.create(member=marked, group="disabled", since=A_WHILE_AGO)
    MemberFactory(number=203, community=cast.away, birth_date=OLD)  # of another community
    assert found(cast) == [(201, "elderly-gift", 200), (202, "disadvantaged-aid", 500)]
    cast.submitted(old, event("elderly-gift", TODAY))
    assert found(cast) == [(202, "disadvantaged-aid", 500)]


def test_a_birth_without_a_gift_is_listed_once_while_it_can_be_claimed(cast):
    other = MemberFactory(number=205, community=cast.home)
    for parent in (cast.member, other):  # the same child under both parents
        Child.objects.create(parent=parent, name="เด็กหญิงใหม่ สมมติสกุล", birth_date=A_WHILE_AGO)
    for name, days in (("เด็กชายสาย สมมติสกุล", 200), ("เด็กชายเก่า สมมติสกุล", 400)):
        Child.objects.create(parent=cast.member, name=name, birth_date=TODAY - timedelta(days=days))
    lines = forgotten_in(cast.home, today=TODAY)
    assert [(line.about, line.by_committee) for line in lines] == [
        ("เด็กชายสาย สมมติสกุล", True),  # too late for the right, not for the committee
        ("เด็กหญิงใหม่ สมมติสกุล", False),
    ]
    facts = {"child_name": "เด็กหญิงใหม่ สมมติสกุล", "child_birth_date": A_WHILE_AGO, "units": 1}
    cast.submitted(other, event("birth-gift", A_WHILE_AGO, **facts, evidence=frozenset({"birth-certificate"})))
    assert [line.about for line in forgotten_in(cast.home, today=TODAY)] == ["เด็กชายสาย สมมติสกุล"]


def test_a_death_without_a_claim_is_listed(cast):
    cast.member.died_on = A_WHILE_AGO
    cast.member.save(update_fields=["died_on"])
    assert found(cast) == [(101, "death-grant", 8000)]


def test_the_page_links_to_the_claim_and_keeps_to_ones_community(cast, old, django_assert_num_queries):
    leader = client_of(cast.leader)
    page = leader.get(PAGE).content.decode()
    for words in ('href="/members/201/"', 'href="/members/201/claim/elderly-gift/?event_from=2020-11-01"', "200.00"):
        assert words in page, words
    assert ReadingLog.objects.filter(user=cast.leader, what="forgotten").count() == 1
    away = client_of(make_user("leader", community=cast.away))
    assert away.get(PAGE, {"community": cast.home.pk}).context["lines"] == []
    assert client_of(cast.treasurer).get(PAGE).status_code == 403
    with django_assert_num_queries(20):
        leader.get(PAGE)
    for number in (301, 302):
        MemberFactory(number=number, community=cast.home, birth_date=OLD)
    with django_assert_num_queries(20):
        leader.get(PAGE)


def test_all_communities_are_counted_by_the_worker(cast, old, django_assert_num_queries):
    other = MemberFactory(number=202, community=cast.away, birth_date=OLD)
    GroupFlag.objects.create(member=other, group="disabled", since=A_WHILE_AGO)
    registrar, form = client_of(cast.registrar), {"request_id": str(uuid.uuid4())}
    assert "Not counted yet" in registrar.get(ALL).content.decode()
    for _ in range(2):
        answer = registrar.post(ALL, form)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    run_job.func(job.pk)
    assert f'href="{ALL}"' in registrar.get(f"/jobs/{job.pk}/").content.decode()
    assert old.full_name not in str(Job.objects.get().parameters)
    committee = client_of(cast.committee)
    committee.get(ALL)
    with django_assert_num_queries(6):
        answer = committee.get(ALL)
    shown = [(row["community"], row["people"], int(row["amount"])) for row in answer.context["rows"]]
    assert shown == [(cast.home, 1, 200), (cast.away, 1, 700)]
    assert answer.context["total"]["kinds"] == [(Category.ELDERLY.label, 2), (Category.DISADVANTAGED.label, 1)]
    assert [client_of(user).get(ALL).status_code for user in (cast.leader, cast.treasurer)] == [403, 403]


def test_the_same_list_is_a_sheet(cast, old):
    answer = client_of(cast.registrar).get(reverse("welfare:forgotten_sheet"), {"community": cast.home.pk})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [rows[-1][place] for place in (0, 1, 3, 5, 8)] == [
        "201",
        old.full_name,
        "0812345678",
        "Yearly benefit of the elderly",
        200.0,
    ]


def test_a_claim_that_grew_from_a_visit_names_it(cast, old):
    person = verbs.add_person(
        member=old,
        facts=verbs.PersonFacts(reason="elderly"),
        since=TODAY,
        request_id=uuid.uuid4(),
        **cast.by(cast.leader),
    )
    told = verbs.VisitFacts(visited_on=TODAY, note="ไม่เคยได้รับเงินผู้สูงอายุ")
    visit = verbs.record_visit(person=person, facts=told, request_id=uuid.uuid4(), **cast.by(cast.leader))
    leader = client_of(cast.leader)
    assert f"?visit={visit.pk}" in leader.get(reverse("welfare:care_person", args=[person.pk])).content.decode()
    chosen = leader.get(f"{reverse('welfare:choose_benefit', args=[201])}?visit={visit.pk}").content.decode()
    assert f"/members/201/claim/elderly-gift/?visit={visit.pk}" in chosen

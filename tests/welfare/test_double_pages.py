"""The pages on which a registrar settles doubles."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from members.around import MarkedAlready, mark_group
from members.models import Member, OpeningDrawn, OpeningFacts, SettledDouble
from members.pairs import alike_pairs
from members.queries import groups_on
from office.models import ReadingLog
from tests.factories import TODAY, HouseholdFactory, MemberFactory, make_user
from tests.welfare.cast import Cast, assemble, fill_box
from tests.welfare.test_merging import another, merge, pay, undo, with_counts
from welfare.models import Claim

SAME = {"first_name": "สมศรี", "family_name": "ใจดี", "birth_date": date(1980, 2, 3)}


@pytest.fixture
def who(db) -> Cast:
    return with_counts(assemble())


@pytest.fixture
def client(who) -> Client:
    return signed_in(who.registrar)


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def pair(who) -> tuple[Member, Member]:
    one = another(who, number=201, **SAME)
    other = another(who, number=202, **(SAME | {"first_name": "สมสี"}))
    return one, other


def settle(client: Client, verdict: str, **facts: str):
    asked = {"verdict": verdict, "reason": "ถามแล้ว", "request_id": str(uuid.uuid4())} | facts
    return client.post("/members/doubles/201/202/", asked, follow=True)


def numbers(response) -> list[tuple[int, int]]:
    return [(pair["first"].number, pair["second"].number) for pair in response.context["pairs"]]


def test_a_pair_is_shown_until_it_is_settled(client, pair) -> None:
    assert numbers(client.get("/members/doubles/")) == [(201, 202)]
    page = settle(client, "apart")
    assert numbers(page) == []
    assert "Two different people" in page.content.decode()


def test_one_person_keeps_the_number_of_the_button(client, pair, who) -> None:
    page = settle(client, "202")
    assert "One person, no. 202" in page.content.decode()
    assert Member.objects.get(number=201).merged_into.number == 202
    moved = client.get("/members/201/")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/members/202/")
    assert "Also member no. 201 (merged on" in client.get("/members/202/").content.decode()


def test_a_refusal_stands_over_the_form_and_what_was_typed_stays(client, pair) -> None:
    pair[0].memberships.update(ended_on=date(2020, 1, 1), end_reason="moved")
    page = settle(client, "201").content.decode()
    assert "Keep no. 202" in page
    assert "ถามแล้ว" in page
    assert SettledDouble.objects.count() == 0


def test_another_verdict_than_a_button_is_refused(client, pair) -> None:
    assert "Press one of the buttons." in settle(client, "101").content.decode()


def test_a_verdict_is_undone_with_a_reason(client, pair, who) -> None:
    settle(client, "201")
    assert client.post("/members/doubles/201/202/undo/", {"request_id": str(uuid.uuid4())}).status_code == 200
    asked = {"reason": "พี่น้องกัน", "request_id": str(uuid.uuid4())}
    assert client.post("/members/doubles/201/202/undo/", asked).status_code == 302
    assert client.post("/members/doubles/201/202/undo/", asked).status_code == 302
    assert (Member.objects.get(number=202).merged_into, SettledDouble.objects.get().undone_by) == (None, who.registrar)


def test_two_rows_that_are_not_alike_are_compared_by_number(client, pair, who) -> None:
    assert client.get("/members/doubles/?one=101&other=๒๐๑").headers["Location"] == "/members/doubles/101/201/"
    told = client.get("/members/doubles/?one=101&other=999").content.decode()
    assert "One of these numbers is nobody" in told
    assert "no double of herself" in client.get("/members/doubles/?one=101&other=101").content.decode()
    assert client.get("/members/doubles/101/101/").status_code == 404
    assert client.get("/members/doubles/101/999/").status_code == 404


def test_opening_both_rows_is_written_down(client, pair) -> None:
    client.get("/members/doubles/201/202/")
    assert sorted(ReadingLog.objects.values_list("subject_id", flat=True)) == sorted(one.pk for one in pair)


@pytest.mark.parametrize("role", ["leader", "committee", "treasurer", "auditor", "administrator"])
def test_only_registrars_settle(who, pair, role: str) -> None:
    client = signed_in(make_user(role))
    paths = ("/members/doubles/", "/members/doubles/201/202/")
    assert [client.get(path).status_code for path in paths] == [403, 403]
    assert client.post("/members/doubles/201/202/undo/").status_code == 403


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_has_no_query_for_each_pair(who, client, pairs: int, django_assert_num_queries) -> None:
    for place in range(pairs):
        born = date(1980, 2, 3 + place)
        for number in (300 + 2 * place, 301 + 2 * place):
            another(who, number=number, **(SAME | {"birth_date": born}))
    client.get("/members/doubles/")
    with django_assert_num_queries(7):  # session, user, fund, roles; pairs, their rows, the settled
        assert len(numbers(client.get("/members/doubles/"))) == pairs


def test_comparing_takes_a_fixed_number_of_queries(client, pair, django_assert_num_queries) -> None:
    client.get("/members/doubles/201/202/")
    with django_assert_num_queries(9):  # as above; rows, memberships, the verdict, two lines of the log
        client.get("/members/doubles/201/202/")


def test_what_came_from_before_stands_on_the_page(client, who) -> None:
    OpeningFacts.objects.create(member=who.member, as_of=TODAY, rounds_matched=2)
    OpeningDrawn.objects.create(
        member=who.member,
        benefit_code="hospital-night",
        as_of=TODAY,
        year_times=2,
        year_units=5,
        year_baht=Decimal(500),
        life_times=4,
        life_baht=Decimal(1500),
    )
    page = client.get("/members/101/").content.decode()
    assert "Before this program" in page
    assert "2 times, 500.00 baht, 5 nights or units; in all: 4 times, 1,500.00 baht" in " ".join(page.split())


# --- the whole register ---------------------------------------------------------------------------------------


def found() -> list[tuple[int, int, str]]:
    rows = Member.objects.in_bulk()
    return [(rows[pair.first].number, rows[pair.second].number, pair.why) for pair in alike_pairs()]


def test_pairs_are_found_by_birth_house_and_phone(who, pair) -> None:
    house = HouseholdFactory(community=who.home)
    unknown = {"birth_date": None, "household": house}
    MemberFactory(number=203, **(SAME | unknown | {"first_name": "ณัฐพล"}))
    MemberFactory(number=204, **(SAME | unknown | {"first_name": "นัฐพล"}))
    MemberFactory(number=205, phone="0812345678", **(SAME | {"first_name": "วันเพ็ญ", "birth_date": date(1990, 1, 1)}))
    MemberFactory(number=206, phone="0812345678", first_name="วันเพ็ญ", family_name="งามตา", birth_date=None)
    year = {"birth_precision": "year", "birth_date": date(1990, 7, 1)}
    MemberFactory(number=207, **(SAME | year | {"first_name": "วันเพ็ญ"}))
    assert found() == [(201, 202, "birth"), (205, 207, "birth"), (203, 204, "house"), (205, 206, "phone")]


def test_a_house_without_its_moo_is_the_house_with_it_and_none_of_another_moo(who) -> None:
    for number, moo in ((301, ""), (302, "4"), (303, "5")):
        house = HouseholdFactory(community=who.home, house_number="12/3", moo=moo)
        MemberFactory(number=number, birth_date=None, household=house, first_name="สายใจ", family_name="งามตา")
    assert found() == [(301, 302, "house"), (301, 303, "house")]


def test_a_verdict_takes_a_pair_away_and_its_undoing_brings_it_back(who, pair) -> None:
    settled = merge(who, *pair)
    assert found() == []
    undo(who, settled)
    assert found() == [(201, 202, "birth")]


def test_a_mark_of_the_double_stands_on_the_persons_page_and_ends_with_her_consent(client, who) -> None:
    double = another(who)
    told = {"today": TODAY, "now": who.now, "by": who.registrar}
    marked = {"group": "disabled", "since": date(2020, 1, 1), "shown_by": "บัตร", "consent_given": True}
    mark_group(member=double, **marked, **told)
    consent = double.consents.get()
    merge(who, who.member, double)
    flag, page = double.group_flags.get(), f"/members/{who.member.number}/"
    assert f"{page}groups/{flag.pk}/end/" in client.get(f"{page}groups/").text
    assert f"{page}consents/{consent.pk}/withdraw/" in client.get(f"{page}consents/").text
    with pytest.raises(MarkedAlready):
        mark_group(member=who.member, **told, **marked | {"since": date(2020, 2, 1)})
    client.post(f"{page}consents/{consent.pk}/withdraw/", {"on": "01/11/2563", "request_id": str(uuid.uuid4())})
    consent.refresh_from_db()
    assert (consent.withdrawn_on, groups_on(who.member, TODAY)) == (TODAY, frozenset())


def test_receipts_and_claims_of_a_double_are_reached_where_the_person_is(who) -> None:
    fill_box()
    double = another(who, community=who.away, paid_through=date(2019, 12, 31))
    receipt = pay(who, double, 2020)
    claim = who.drafted()
    Claim.objects.filter(pk=claim.pk).update(community=who.away)  # as if she had moved here since
    merge(who, who.member, double)
    hers, former = signed_in(who.leader), signed_in(make_user("leader", community=who.away))
    path = reverse("ledger:receipt", args=[receipt.year_be, receipt.number])
    assert [one.get(path).status_code for one in (hers, former)] == [200, 404]
    page, address = f"/members/{who.member.number}/", reverse("welfare:claim", args=[claim.year_be, claim.number])
    assert (claim.label in hers.get(page).text, address in hers.get(page).text) == (True, False)
    assert address in signed_in(who.registrar).get(page).text

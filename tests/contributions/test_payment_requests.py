"""Payment requests: who is asked, for what, by when; the code; the papers; who may see them."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from bansong_fund.lib.national_id import with_check_digit
from contributions.models import CollectionLine, CollectionSheet
from contributions.payment_requests import (
    AT_ONCE,
    NothingToAsk,
    by_when,
    code_for,
    render_requests,
    request_for,
    request_for_house,
    requests_in,
)
from contributions.queries import arrears_of
from members.models import EndReason, Fund
from members.verbs import end_membership
from office.jobs import run_job
from office.models import Job, ReadingLog
from tests.contributions.conftest import TODAY, member_owing, membership, regulate
from tests.contributions.test_dues import pay
from tests.contributions.test_part_payments import give
from tests.factories import CommunityFactory, HouseholdFactory, make_user
from tests.pdf_reading import page_texts, pdfium_text, silent_weasyprint  # noqa: F401 - a warning fails the test

OWN_NUMBER = with_check_digit("099400000000")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def with_number(who) -> None:
    Fund.objects.update(promptpay_id=OWN_NUMBER)
    who.fund.refresh_from_db()


# --- who is asked, for what, by when ------------------------------------------------------------------------


def test_two_years_less_a_part_are_asked_with_their_rate(who) -> None:
    member = member_owing(who.community, paid_through=date(2018, 12, 31))
    give(member, who, "100.00")
    [asked] = request_for(membership(member), TODAY).asked
    lines = [(one.covers_from.year, one.price, one.credit, one.baht) for one in asked.lines]
    year, part = Decimal("365.00"), Decimal("100.00")
    assert lines == [(2019, year, part, Decimal("265.00")), (2020, year, Decimal("0.00"), year)]
    assert (asked.total, asked.suspended_from, asked.lapses_from) == (
        Decimal("630.00"),
        date(2019, 4, 1),
        date(2020, 1, 1),
    )


def test_many_months_stand_on_one_line(who) -> None:
    regulate(date(2010, 6, 1), dues={"baht": 30, "every": "month", "period": "calendar"}, joining_late=None)
    member = member_owing(who.community, paid_through=date(2020, 2, 29))
    [asked] = request_for(membership(member), TODAY).asked
    assert [(one.count, one.price, one.baht) for one in asked.lines] == [(9, Decimal("30.00"), Decimal("270.00"))]


def test_a_newcomer_is_asked_for_the_entry_fee_too(who) -> None:
    regulate(date(2020, 1, 1), entry_fee=50)
    member = member_owing(who.community, joined_on=date(2020, 6, 1), paid_through=date(2020, 5, 31))
    asked = request_for(membership(member), TODAY)
    assert (asked.asked[0].entry_fee, asked.total) == (Decimal("50.00"), Decimal("415.00"))
    assert by_when(asked.asked[0], TODAY).en.startswith("Please pay by 31 May 2564: then your rights begin again")
    pay(member, who, date(2020, 6, 1))
    [fee_alone] = request_for(membership(member), TODAY).asked
    assert (fee_alone.total, by_when(fee_alone, TODAY).en) == (
        Decimal("50.00"),
        "Please pay the entry fee as soon as you can.",
    )


@pytest.mark.parametrize(
    ("reason", "said"),
    [("died", "died on 31 October 2563"), ("left", "ended on 31 October 2563"), ("paid", "paid through 31 December")],
)
def test_who_is_asked_for_nothing_is_named_with_the_reason(who, reason, said) -> None:
    member = member_owing(who.community)
    if reason == "paid":
        pay(member, who, date(2020, 1, 1))
    else:
        why = EndReason.DIED if reason == "died" else EndReason.MOVED
        end_membership(membership=membership(member), on=date(2020, 10, 31), reason=why, today=TODAY)
    page = flat(client_of(who.treasurer).get(f"/money-in/requests/member/{member.number}/").content.decode())
    assert said in page
    answer = client_of(who.treasurer).get(f"/money-in/requests/member/{member.number}/paper/")
    assert (answer.status_code, answer.url) == (302, f"/money-in/requests/member/{member.number}/")


def test_money_at_the_door_is_not_asked_for_again(who) -> None:
    half, whole = member_owing(who.community), member_owing(who.community)
    sheet = CollectionSheet.objects.create(
        year_be=2563, number=1, community=who.community, collector=who.leader, opened_on=TODAY
    )
    for member, baht in ((half, 100), (whole, 365)):
        CollectionLine.objects.create(sheet=sheet, member=member, amount=baht, paid_on=TODAY)
    assert [(one.asked[0].member, one.total) for one in requests_in(who.community, TODAY)] == [
        (half, Decimal("265.00"))
    ]
    with pytest.raises(NothingToAsk, match=r"365\.00"):
        request_for(membership(whole), TODAY)


def test_a_house_is_asked_for_the_sum_of_all_who_owe(who) -> None:
    house = HouseholdFactory(community=who.community)
    first, second = (member_owing(who.community, household=house) for _ in range(2))
    paid_up = member_owing(who.community, household=house, paid_through=date(2020, 12, 31))
    asked = request_for_house(house, [membership(one) for one in (first, second, paid_up)], TODAY)
    assert ([one.member for one in asked.asked], asked.total) == ([first, second], Decimal("730.00"))
    page = flat(client_of(who.treasurer).get(f"/money-in/requests/house/{house.pk}/").content.decode())
    assert f"/money-in/dues/together/?member={first.number}&amp;member={second.number}" in page
    paper = client_of(who.leader).get(f"/money-in/requests/house/{house.pk}/paper/?language=en")
    assert "730.00" in pdfium_text(paper.content)


# --- the paper and the code -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ["ใบแจ้งชำระเงินสมทบ", "สามร้อยหกสิบห้าบาทถ้วน", "พร้อมเพย์"]),
        ("en", ["Payment request", "three hundred and sixty-five baht only", "keep the slip and tell your leader"]),
        ("both", ["ใบแจ้งชำระเงินสมทบ", "Payment request", "365.00"]),
    ],
)
def test_the_paper_says_what_by_when_and_how(who, with_number, language, said) -> None:
    member = member_owing(who.community)
    paper = client_of(who.leader).get(f"/money-in/requests/member/{member.number}/paper/?language={language}")
    text = flat(pdfium_text(paper.content))
    assert [word for word in [*said, str(member.number), who.leader.display_name] if word not in text] == []
    assert ReadingLog.objects.filter(what="payment request", subject_id=member.pk).count() == 1


def test_without_a_number_of_its_own_the_fund_shows_no_code(who) -> None:
    member = member_owing(who.community)
    asked = request_for(membership(member), TODAY)
    for number in ("", "0812345678", "1000000000009"):
        Fund.objects.update(promptpay_id=number, tax_id="")
        assert code_for(asked, Fund.objects.get()) == ""
    text = pdfium_text(render_requests([asked], Fund.objects.get(), today=TODAY, language="en"))
    assert "PromptPay" not in text
    page = client_of(who.leader).get(f"/money-in/requests/member/{member.number}/").content.decode()
    assert "PromptPay" not in page


def test_the_code_on_the_screen_has_the_sum_in_it(who, with_number) -> None:
    member = member_owing(who.community)
    page = client_of(who.leader).get(f"/money-in/requests/member/{member.number}/").content.decode()
    asked = request_for(membership(member), TODAY)
    with override("en"):  # the page's language: the drawing says in words what it is
        assert str(code_for(asked, who.fund)) in page
    assert "Take the money" not in page


def test_long_and_hostile_names_break_no_page(who, with_number) -> None:
    name = "<b>&" + "กขคงจ" * 19
    for _ in range(3):
        member_owing(who.community, first_name=name, family_name="ก" * 99)
    pages = page_texts(render_requests(requests_in(who.community, TODAY), who.fund, today=TODAY, language="both"))
    assert sum(page.count("<b>&") for page in pages) == 3
    assert sum(page.count("365.00") > 0 for page in pages) == len(pages)


# --- all of a community -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    for _ in range(count):
        member_owing(who.community)
    client = client_of(who.treasurer)
    # session, user, roles, fund, communities; versions, year, members, credit, sheets, leaders; the log
    with django_assert_num_queries(12):
        page = client.get("/money-in/requests/?community=1")
    assert page.context["total"] == 365 * count


def test_a_whole_community_comes_from_the_worker(who) -> None:
    members = [member_owing(who.community) for _ in range(AT_ONCE + 1)]
    client = client_of(who.leader)
    sent = {"request_id": str(uuid.uuid4()), "language": "en"}
    assert client.post("/money-in/requests/?community=1", sent).url == client.post("/money-in/requests/", sent).url
    run_job.func(Job.objects.get().pk)
    job = Job.objects.get()
    assert (job.state, job.done, job.total) == (Job.State.DONE, len(members), len(members))
    paper = b"".join(client.get(f"/jobs/{job.pk}/result/").streaming_content)
    text = pdfium_text(paper)
    assert [one.number for one in members if f"{one.number}" not in text] == []


def test_a_leader_asks_in_her_own_community_only(who) -> None:
    elsewhere = CommunityFactory(number=2)
    member = member_owing(elsewhere, household=HouseholdFactory(community=elsewhere))
    client = client_of(who.leader)
    paths = (f"member/{member.number}/", f"house/{member.household_id}/")
    asked = [client.get(f"/money-in/requests/{path}{paper}") for path in paths for paper in ("", "paper/")]
    assert [answer.status_code for answer in asked] == [404] * 4
    assert client.get("/money-in/requests/?community=2").context["chosen"] is None
    for role, status in (("registrar", 200), ("auditor", 403), ("administrator", 403)):
        answer = client_of(make_user(role, username=f"a-{role}")).get(f"/money-in/requests/member/{member.number}/")
        assert (role, answer.status_code) == (role, status)


def test_arrears_cost_four_queries(who, django_assert_num_queries) -> None:
    members = [membership(member_owing(who.community)) for _ in range(3)]
    with django_assert_num_queries(4):
        assert len(arrears_of(members, TODAY)) == 3

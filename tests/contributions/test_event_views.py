"""The desk of an event: its pages, in how many queries, by whom, and what each form writes."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client

from bansong_fund.lib.national_id import with_check_digit
from contributions.gifts import ANONYMOUS, ContributorFacts
from contributions.models import Campaign, Pledge, RunningCost, SaleItem
from contributions.pledges import give_up_pledge
from contributions.queries.events import event_sums
from ledger.accounts import account
from ledger.models import AccountRole
from tests.contributions.conftest import TODAY, acting
from tests.contributions.test_envelopes import comes_back, issue
from tests.contributions.test_events import add_sponsor, gift_at, item, made, pledged, record_in_kind, sold
from tests.contributions.test_partners import client_of
from tests.pdf_reading import poppler_text

EVENTS = "/money-in/events/"


def post(client: Client, path: str, **typed: object):
    answer = client.post(f"/money-in/{path}", {"request_id": uuid.uuid4(), "date": "1/11/2563"} | typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    one = made(who)
    for place in range(count):
        made(who, name_th=f"งาน {place}", held_on=TODAY.replace(year=2015 + place))
        issue(who, one, place * 10 + 1, place * 10 + 3, issued_to=f"ผู้ถือ {place}")
        comes_back(who, one, place * 10 + 1)
        pledged(who, one, "900.00")
        sold(who, item(who, one), 1)
        facts = {"description": "น้ำดื่ม", "received_on": TODAY, "campaign": one}
        names = {"contributor": ContributorFacts(name=f"ร้าน {place}")}
        record_in_kind(**facts, **names, **acting(who.committee))
        add_sponsor(campaign=one, **names, **acting(who.committee))
    client = client_of(who.auditor)
    client.get(EVENTS)
    # session, user, roles, fund, events
    with django_assert_num_queries(5):
        client.get(EVENTS)
    # the first four, event, five sums, earlier ones, pledges, sold, in kind, sponsors
    with django_assert_num_queries(15):
        client.get(f"{EVENTS}{one.pk}/")
    # the first four, event, envelopes, holders
    with django_assert_num_queries(7):
        client.get(f"{EVENTS}{one.pk}/envelopes/")


def test_the_desk_from_the_first_envelope_to_the_closing(who) -> None:
    committee, treasurer = client_of(who.committee), client_of(who.treasurer)
    post(committee, "events/new/", kind="banquet", name_th="โต๊ะจีนทดสอบ", target="20,000")
    one = Campaign.objects.get()
    desk, money = f"events/{one.pk}/", {"account": who.bank.pk}
    post(committee, f"{desk}envelopes/issue/", issued_to="ผู้นำ สมมติ", first="1", last="3")
    post(treasurer, f"{desk}envelopes/return/", number="1", amount="100", **money)
    post(committee, f"{desk}envelopes/without-money/", number="2", last="3", state="empty")
    post(committee, f"{desk}pledges/new/", name="ร้านทดสอบ", kind="shop", amount="1,000")
    pledge = Pledge.objects.get()
    income = {"income": account(AccountRole.EVENT_INCOME).pk}
    post(treasurer, f"pledges/{pledge.pk}/pay/", amount="400", **money, **income)
    post(committee, f"pledges/{pledge.pk}/give-up/", reason="ย้ายไปแล้ว")
    post(committee, f"{desk}items/new/", kind="table", name="โต๊ะละแปดคน", price="2,500", stock="4")
    post(treasurer, f"items/{SaleItem.objects.get().pk}/sell/", quantity="2", name="1 " + ANONYMOUS, **money)
    post(committee, f"{desk}in-kind/new/", name="ร้านทดสอบ", kind="shop", description="น้ำแข็ง", said_value="300")
    post(committee, f"{desk}sponsors/new/", name="ร้านทดสอบ", kind="shop", part="เวที")
    cost = {"cost": account(AccountRole.EVENT_COST).pk, "campaign": one.pk, "description": "เต็นท์", "payee": "ร้านเต็นท์"}
    post(treasurer, "cost/", amount="500", **cost, **money)
    assert "not counted yet" not in committee.get(f"/money-in/{desk}").content.decode()
    post(committee, f"{desk}close/")
    sums = event_sums(one)
    assert (sums.raised, sums.costs, sums.net) == (Decimal("5500.00"), Decimal("500.00"), Decimal("5000.00"))
    assert (sums.transfer, sums.in_kind, one.sponsors.count(), RunningCost.objects.get().campaign) == (5500, 1, 1, one)
    assert "5,500.00" in client_of(who.auditor).get(f"/money-in/{desk}").content.decode()


def test_what_is_refused_stands_at_its_field_and_what_was_typed_stays(who) -> None:
    one = made(who)
    typed = {"request_id": uuid.uuid4(), "date": "1/11/2563", "number": "7", "amount": "50", "account": who.cash.pk}
    page = client_of(who.treasurer).post(f"{EVENTS}{one.pk}/envelopes/return/", typed)
    assert (list(page.context["form"].errors), page.context["form"]["amount"].value()) == (["number"], "50")
    assert client_of(who.treasurer).get(f"{EVENTS}{one.pk}/close/").status_code == 200


def test_a_pledge_shows_the_code_of_the_fund_and_the_desk_fills_the_form_of_a_gift(who) -> None:
    pledge = pledged(who, one := made(who))
    client = client_of(who.treasurer)
    assert "<svg" not in client.get(f"/money-in/pledges/{pledge.pk}/").content.decode()
    who.fund.tax_id = with_check_digit("099400000000")
    who.fund.save()
    page = client.get(f"/money-in/pledges/{pledge.pk}/")
    assert page.context["qr"].startswith("<svg")
    assert f"To {who.fund.name_en}: 1,000.00 baht" in page.content.decode()
    assert client.get(f"/money-in/gift/?event={one.pk}").context["form"]["campaign"].value() == one.pk


@pytest.mark.parametrize("path", ["", "{}/", "{}/envelopes/", "{}/envelopes/return/"])
def test_no_leader_sees_an_event_and_the_auditor_records_nothing(who, path) -> None:
    one = made(who)
    gift_at(who, one)
    assert client_of(who.leader).get(EVENTS + path.format(one.pk)).status_code == 403
    assert client_of(who.auditor).get(EVENTS + path.format(one.pk)).status_code == (403 if "return" in path else 200)


def test_the_letters_name_the_sum_and_the_code_or_what_was_given(who) -> None:
    who.fund.tax_id = with_check_digit("099400000000")
    who.fund.save()
    one = made(who)
    pledge = pledged(who, one, "1250.50")
    facts = {"description": "ข้าวสาร 10 ถุง", "received_on": TODAY, "campaign": one}
    rice = record_in_kind(contributor=ContributorFacts(name="ร้านทดสอบ"), **facts, **acting(who.committee))
    client = client_of(who.auditor)
    letter = poppler_text(client.get(f"/money-in/pledges/{pledge.pk}/letter.pdf?language=th").content)
    assert "1,250.50" in letter
    assert "เดินวิ่งทดสอบ" in letter
    thanks = poppler_text(client.get(f"/money-in/in-kind/{rice.pk}/letter.pdf?language=th").content)
    assert "2563/0001" in thanks
    assert "ข้าวสาร 10 ถุง" in thanks
    give_up_pledge(pledge=pledge, reason="ย้าย", **acting(who.committee))
    assert client.get(f"/money-in/pledges/{pledge.pk}/letter.pdf").status_code == 404

"""Pledges and gifts in kind beside the events: their lists, what is written down there, a certificate for one."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from contributions.events import EventClosed
from contributions.gifts import ContributorFacts
from contributions.models import Gift, InKindGift, Pledge, Sponsor
from contributions.pledges import give_up_pledge, write_pledge
from contributions.sponsors import NoSponsor, add_sponsor, take_sponsor_off
from ledger.accounts import account
from ledger.models import AccountRole
from office.models import ActionLog
from tests.contributions.conftest import TODAY, acting
from tests.contributions.test_event_views import post
from tests.contributions.test_events import event, gift_at, record_in_kind
from tests.contributions.test_partners import client_of
from tests.pdf_reading import poppler_text

SHOP = ContributorFacts(name="ร้านทดสอบ")


def pledged(who, name: str = "ร้านทดสอบ", **facts) -> Pledge:
    facts = {"amount": Decimal(900), "pledged_on": TODAY - timedelta(days=40)} | facts
    return write_pledge(contributor=ContributorFacts(name=name), **facts, **acting(who.committee))


def test_a_pledge_outside_an_event_goes_from_its_list_to_a_plain_gift(who) -> None:
    committee, treasurer = client_of(who.committee), client_of(who.treasurer)
    post(committee, "pledges/new/", name="ร้านทดสอบ", kind="shop", amount="1,000", date="1/10/2563")
    pledge = Pledge.objects.get()
    listed = client_of(who.auditor).get("/money-in/pledges/").context
    assert (listed["page"]["rows"], listed["totals"]) == ([(pledge, 31)], {"count": 1, "baht": Decimal(1000)})
    page = treasurer.get(f"/money-in/pledges/{pledge.pk}/pay/")
    assert page.context["form"]["income"].value() == account(AccountRole.GIFT).pk
    money = {"income": account(AccountRole.GIFT).pk, "account": who.cash.pk}
    post(treasurer, f"pledges/{pledge.pk}/pay/", amount="1000", **money)
    assert (Gift.objects.get().pledge, Gift.objects.get().campaign) == (pledge, None)
    assert treasurer.get("/money-in/pledges/").context["page"]["rows"] == []
    assert treasurer.get("/money-in/pledges/?state=fulfilled").context["page"]["rows"] == [(pledge, 31)]
    gone = pledged(who)
    give_up_pledge(pledge=gone, reason="ย้ายไปแล้ว", **acting(who.committee))
    assert "ย้ายไปแล้ว" in treasurer.get("/money-in/pledges/?state=given-up").content.decode()


def test_a_gift_in_kind_outside_an_event_has_its_number_and_its_letter(who) -> None:
    committee = client_of(who.committee)
    post(committee, "in-kind/new/", name="ร้านทดสอบ", kind="shop", description="ข้าวสาร", said_value="300")
    gift = InKindGift.objects.get()
    page = committee.get("/money-in/in-kind/").content.decode()
    assert (gift.campaign, "2563/0001" in page, f"/money-in/in-kind/{gift.pk}/letter.pdf" in page) == (None, True, True)
    number = gift.contributor.number
    asked = committee.get(f"/money-in/in-kind/new/?contributor={number}").context["form"]
    assert asked["name"].value() == f"{number} ร้านทดสอบ"
    for path in ("pledges/", "in-kind/"):
        statuses = [client_of(user).get(f"/money-in/{path}new/").status_code for user in (who.leader, who.auditor)]
        assert (statuses, client_of(who.leader).get(f"/money-in/{path}").status_code) == ([403, 403], 403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    one = event()
    for place in range(count):
        pledged(who, f"ร้าน {place}", campaign=one)
        facts = {"contributor": ContributorFacts(name=f"ร้าน {place}"), "description": "น้ำ", "received_on": TODAY}
        record_in_kind(campaign=one, **facts, **acting(who.committee))
    client = client_of(who.auditor)
    for path, key in (("pledges/", "page"), ("in-kind/", "page"), (f"events/{one.pk}/givers/", "givers")):
        client.get(f"/money-in/{path}")
        # session, user, roles, fund; the rows and their sum, or the event and its givers
        with django_assert_num_queries(6):
            found = client.get(f"/money-in/{path}").context[key]
        assert len(found["rows"] if key == "page" else found) == count


def test_a_certificate_for_one_is_a_link_at_the_contributor_and_at_the_event(who) -> None:
    one = event()
    gift_at(who, one)
    client = client_of(who.committee)
    giver = Gift.objects.get().contributor
    at_event = f"/money-in/events/{one.pk}/certificates/{giver.number}/?language=th"
    of_year = f"/money-in/contributors/{giver.number}/certificate/2563/?language=th"
    assert at_event in client.get(f"/money-in/events/{one.pk}/givers/").content.decode()
    assert of_year in client.get(f"/money-in/contributors/{giver.number}/").content.decode()
    assert "ร้านทดสอบ" in poppler_text(client.get(at_event).content)


def test_a_sponsor_is_taken_off_an_open_event_once_and_the_log_tells_it(who) -> None:
    one = event()
    sponsor = add_sponsor(campaign=one, contributor=SHOP, part="ประธาน", **acting(who.committee))
    committee = client_of(who.committee)
    path = f"/money-in/events/{one.pk}/sponsors/{sponsor.pk}/off/"
    assert path in committee.get(f"/money-in/events/{one.pk}/").content.decode()
    assert client_of(who.auditor).post(path).status_code == 403
    click = {"request_id": uuid.uuid4()}
    assert [committee.post(path, click).status_code for _ in range(2)] == [302, 302]
    told = ActionLog.objects.get(action="sponsor-taken-off")
    assert (Sponsor.objects.count(), told.subject_name, told.details["part"]) == (0, "ร้านทดสอบ", "ประธาน")
    with pytest.raises(NoSponsor):
        take_sponsor_off(sponsor=sponsor, **acting(who.committee))
    kept = add_sponsor(campaign=one, contributor=SHOP, **acting(who.committee))
    one.closed_on = TODAY
    one.save()
    with pytest.raises(EventClosed):
        take_sponsor_off(sponsor=kept, **acting(who.committee))

"""Partners: who works with the fund, what is agreed, and what came in because of whom."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from contributions.contributors import change_contributor
from contributions.gifts import ContributorFacts, record_gift
from contributions.models import Contributor, Partner, PartnerActivity, PartnerAgreement
from contributions.partners import (
    ACTIVITY_CORRECTED,
    EndsBeforeItBegins,
    SamePartner,
    enter_activity,
    enter_agreement,
    enter_partner,
)
from contributions.queries import partner_years, partners_listed
from contributions.voids import void_receipt
from ledger.accounts import account
from ledger.models import AccountRole, Receipt
from office.models import ActionLog, Attachment
from tests.contributions.conftest import NOW, TODAY, acting
from tests.contributions.test_money_in import gift
from tests.welfare.test_visibility import photograph

PARTNERS = "/money-in/partners/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def partner(who, name: str = "มหาวิทยาลัยทดสอบ", **changes) -> Partner:
    return enter_partner(name_th=name, kind="agency", **changes, **acting(who.committee))


def activity(who, one: Partner, **changes) -> PartnerActivity:
    facts = {"title": "ตลาดนัดทดสอบ", "held_on": date(2020, 10, 3), "participants": 40, **acting(who.committee)}
    return enter_activity(partner=one, **(facts | changes))


def brings(one: Partner, name: str) -> None:
    facts = {"kind": "enterprise", "is_local": True, "phone": "", "address": "", "note": ""}
    change_contributor(contributor=Contributor.objects.get(name=name), name=name, brought_by=one, **facts)


def gift_at(who, work: PartnerActivity, name: str, amount: str) -> Receipt:
    return record_gift(
        contributor=ContributorFacts(name=name),
        income_account=account(AccountRole.GIFT),
        amount=Decimal(amount),
        received_on=TODAY,
        place=who.cash,
        activity=work,
        **acting(who.treasurer),
    )


def test_a_partner_is_entered_once(who) -> None:
    partner(who)
    with pytest.raises(SamePartner):
        partner(who, " มหาวิทยาลัยทดสอบ ")
    with pytest.raises(EndsBeforeItBegins):
        partner(who, "อื่น", since=date(2020, 2, 1), until=date(2020, 1, 1))
    assert Partner.objects.count() == 1


def test_what_came_because_of_whom_counts_each_gift_once_and_no_void_one(who) -> None:
    one, other = partner(who), partner(who, "หน่วยงานทดสอบ")
    work = activity(who, one, income_raised=Decimal("38500.00"))
    gift(who, "วิสาหกิจทดสอบ", "500.00")
    brings(one, "วิสาหกิจทดสอบ")
    gift_at(who, work, "วิสาหกิจทดสอบ", "100.00")  # brought, and at the activity: once
    gift_at(who, work, "นางผู้มาเที่ยว สมมติ", "20.00")
    lost = gift_at(who, work, "นางผู้มาเที่ยว สมมติ", "7.00")
    void_receipt(receipt=lost, reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)
    (year,) = partner_years(one)
    assert (year.brought, year.at_activities, year.total) == (Decimal("600.00"), Decimal("20.00"), Decimal("620.00"))
    assert (year.activities, year.participants, year.income_raised) == (1, 40, Decimal("38500.00"))
    listed = {row.pk: (row.came, row.enterprises, row.activities_held) for row in partners_listed()}
    assert listed == {one.pk: (Decimal("620.00"), 1, 1), other.pk: (0, 0, 0)}
    assert {(row.came, row.activities_held) for row in partners_listed(2562)} == {(0, 0)}


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    one = partner(who)
    for place in range(count):
        partner(who, f"หน่วยงาน {place}")
        work = activity(who, one, title=f"กิจกรรม {place}")
        enter_agreement(partner=one, subject="ตกลง", agreed_on=TODAY, **acting(who.committee))
        gift_at(who, work, f"ร้าน {place}", "100.00")
        brings(one, f"ร้าน {place}")
    client = client_of(who.auditor)
    client.get(PARTNERS)
    # session, user, roles, fund, years, partners
    with django_assert_num_queries(6):
        client.get(PARTNERS)
    # session, user, roles, fund, partner, agreements, papers, gifts, activities twice, contributors
    with django_assert_num_queries(11):
        client.get(f"{PARTNERS}{one.pk}/")


def test_an_agreement_keeps_its_paper_and_no_leader_sees_it(who) -> None:
    one = partner(who)
    day = {"agreed_on_day": "1", "agreed_on_month": "11", "agreed_on_year": "2563"}
    typed = {"request_id": uuid.uuid4(), "subject": "ท่องเที่ยวชุมชน", "papers": photograph(), **day}
    client = client_of(who.committee)
    assert client.post(f"{PARTNERS}{one.pk}/agreements/new/", typed).status_code == 302
    agreement, paper = PartnerAgreement.objects.get(), Attachment.objects.get()
    assert (paper.owner_kind, paper.owner_id) == ("partner-agreement", agreement.pk)
    assert client_of(who.leader).get(f"/papers/{paper.pk}/").status_code == 404
    assert client_of(who.leader).get(PARTNERS).status_code == 403


def test_the_treasurer_puts_a_gift_to_an_activity(who) -> None:
    work = activity(who, partner(who))
    typed = {
        "request_id": uuid.uuid4(),
        "name": "ร้านทดสอบ",
        "kind": "shop",
        "income": account(AccountRole.GIFT).pk,
        "amount": "50",
        "account": who.cash.pk,
        "activity": work.pk,
        "date": "1/11/2563",
    }
    assert client_of(who.treasurer).post("/money-in/gift/", typed).status_code == 302
    assert work.gifts.get().amount == Decimal("50.00")


def test_a_wrong_figure_of_an_activity_is_corrected_and_the_log_keeps_what_stood_there(who) -> None:
    one = partner(who)
    work = activity(who, one)
    address = f"{PARTNERS}{one.pk}/activities/{work.pk}/"
    day = {"held_on_day": "3", "held_on_month": "10", "held_on_year": "2563"}
    typed = {"request_id": uuid.uuid4(), "title": work.title, "participants": "4", "income_raised": "900.50", **day}
    assert [client_of(user).post(address, typed).status_code for user in (who.auditor, who.leader)] == [403, 403]
    assert [client_of(who.committee).post(address, typed).status_code for _ in range(2)] == [302, 302]
    (year,) = partner_years(one)
    assert (year.activities, year.participants, year.income_raised) == (1, 4, Decimal("900.50"))
    assert ActionLog.objects.get(action=ACTIVITY_CORRECTED).details["was"] == {
        "participants": "40",
        "income_raised": None,
    }
    assert client_of(who.committee).get(f"{PARTNERS}{partner(who, 'อื่น').pk}/activities/{work.pk}/").status_code == 404

"""The pages of benefit lists: the whole way by the hands of the right roles, and who sees whose part."""

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ledger.accounts import account
from ledger.models import AccountRole, PaymentVoucher
from office.models import User
from tests.factories import MemberFactory, make_user
from tests.pdf_reading import poppler_text
from tests.welfare.test_pages import text_of
from welfare.lists import open_list, propose
from welfare.models import BenefitList, Claim, Delivery

DAY = date(2020, 10, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def elder(cast, **facts):
    return MemberFactory(**({"community": cast.home, "birth_date": date(1950, 1, 1)} | facts))


def opened(cast) -> BenefitList:
    found = open_list(
        benefit_code="elderly-gift", title="Songkran", event_on=DAY, request_id=uuid.uuid4(), **cast.by(cast.registrar)
    )
    propose(found)
    return found


def path(name: str, *more: int) -> str:
    return reverse(f"welfare:{name}", args=[2563, 1, *more])


def sent(**facts: object) -> dict[str, object]:
    return {"request_id": str(uuid.uuid4()), **facts}


def test_a_list_goes_its_way_from_the_registrar_over_the_leader_to_the_meeting(cast) -> None:
    first, second = elder(cast), elder(cast)
    registrar, leader, committee = map(browser_of, (cast.registrar, cast.leader, cast.committee))
    days = {"event_on_day": "1", "event_on_month": "10", "event_on_year": "2563"}
    answer = registrar.post(reverse("welfare:open_list"), sent(benefit_code="elderly-gift", **days))
    assert answer["Location"] == path("benefit_list")
    line = BenefitList.objects.get().lines.get(member=second)
    hers = reverse("welfare:member", args=[first.number])
    assert "200.00 baht · <strong>With the communities</strong>" in text_of(leader.get(hers))
    for _each in range(2):  # sent twice, she is not put back
        leader.post(path("list_line", line.pk), sent(reason="lives with her son abroad"))
    leader.post(path("list_confirm", cast.home.number), sent())
    registrar.post(path("list_send"), sent())
    assert "no budget is set" in committee.get(path("list_decide")).content.decode()
    committee.post(path("list_decide"), sent(meeting=cast.meeting.pk))
    assert list(Claim.objects.values_list("member", "state")) == [(first.pk, "approved")]
    page = text_of(leader.get(hers))
    assert "by list 2563/0001" in page
    assert "200.00 baht · <strong>Approved, to be paid</strong>" in page
    meeting = reverse("welfare:meeting", args=[cast.meeting.kind, cast.meeting.year_be, cast.meeting.number])
    assert f'<a href="{path("benefit_list")}">List 2563/0001</a>' in text_of(committee.get(meeting))


def test_the_sheet_names_the_last_four_digits_the_sum_in_words_and_places_to_sign(cast) -> None:
    member = elder(cast, national_id_last4="0017")
    found = opened(cast)
    text = poppler_text(browser_of(cast.leader).get(path("list_sheets"), {"community": cast.home.number}).content)
    assert [word in text for word in ("Songkran", member.full_name, "…0017", "Working list")] == [True] * 4
    registrar, committee = browser_of(cast.registrar), browser_of(cast.committee)
    registrar.post(path("list_send"), sent(reason="leader away"))
    committee.post(path("list_decide"), sent(meeting=cast.meeting.pk))
    found.refresh_from_db()
    text = poppler_text(browser_of(cast.leader).get(path("list_sheets"), {"community": cast.home.number}).content)
    told = ("two hundred baht only", "Signature or thumb print", "Witness", found.resolution.label)
    assert [word in text for word in told] == [True] * 4


def test_a_leader_sees_her_own_part_alone(cast) -> None:
    elder(cast), elder(cast, community=cast.away)
    found = opened(cast)
    other = found.lines.get(community=cast.away)
    leader = browser_of(cast.leader)
    away = cast.away.number
    asked = [path("list_community", away), path("list_choose", away), path("list_line", other.pk)]
    asked.append(f"{path('list_sheets')}?community={away}")
    assert [leader.get(one).status_code for one in asked] == [404] * 4
    assert other.member.full_name not in leader.get(path("benefit_list")).content.decode()
    assert browser_of(make_user("leader")).get(path("benefit_list")).status_code == 404
    assert [leader.post(path(name), sent(reason="x")).status_code for name in ("list_send", "list_cancel")] == [403] * 2


def test_the_treasurer_hands_a_decided_part_to_who_delivers_it(cast) -> None:
    first, second, *_others = (elder(cast) for _each in range(5))
    elder(cast, community=cast.away)
    refused = elder(cast, number=4242)
    found = opened(cast)
    browser_of(cast.registrar).post(path("list_send"), sent(reason="leader away"))
    browser_of(cast.registrar).post(path("list_take_back"), sent(reason="too early"))
    browser_of(cast.registrar).post(path("list_send"), sent(reason="leader away"))
    committee = browser_of(cast.committee)
    committee.post(path("list_decide"), sent(meeting=cast.meeting.pk, number_1=refused.number, why_1="lives abroad"))
    page = text_of(committee.get(path("list_community", cast.home.number)))
    assert ("Total: 5 people" in page, "6 people, 1,200.00 baht" in text_of(committee.get(path("benefit_list")))) == (
        True,
        True,
    )
    treasurer = browser_of(cast.treasurer)
    cast.pay(Claim.objects.get(member=first, state="approved"))  # at the desk
    box = account(AccountRole.CASH)
    day = {"date_day": "1", "date_month": "11", "date_year": "2563"}
    handed = sent(carrier=cast.leader.pk, account=box.pk, **day)
    changed = treasurer.post(path("list_deliver", cast.home.number), handed | {"claim": ["1"]})
    assert "What waits of this part has changed." in text_of(changed)
    for _each in range(2):
        answer = treasurer.post(path("list_deliver", cast.home.number), handed)
        assert answer["Location"] == reverse("welfare:delivery", args=[2563, 1])
    made = Delivery.objects.get()
    assert (made.benefit_list, made.community, made.total, made.lines.count()) == (found, cast.home, 800, 4)
    sheet = {"community": cast.home.number, "delivery": made.pk}
    text = poppler_text(treasurer.get(path("list_sheets"), sheet).content)
    assert ("800.00" in text, "1,000.00" in text) == (True, False)
    assert browser_of(make_user("leader", community=cast.home)).get(path("list_sheets"), sheet).status_code == 404
    settled = {"rest": "delivered"} | day  # one answer for all four
    settled |= {f"thumb-{Claim.objects.get(member=second, state='approved').pk}": "on", "witness": "นายหนึ่ง สมมติสกุล"}
    address = reverse("welfare:delivery", args=[made.year_be, made.number])
    assert "A thumb print is made before two witnesses" in text_of(treasurer.post(address, sent(**settled)))
    treasurer.post(address, sent(**settled, second_witness="นายสอง สมมติสกุล"))
    assert sorted(PaymentVoucher.objects.values_list("total", "is_thumb_print")) == [(200, False), (800, True)]
    paid = text_of(browser_of(cast.leader).get(reverse("welfare:member", args=[first.number])))
    assert "200.00 baht · <strong>Paid on 1 Nov 2563</strong>" in paid
    again = treasurer.get(path("list_deliver", cast.home.number))
    assert again["Location"] == path("list_community", cast.home.number)


@pytest.mark.parametrize("count", [1, 3])
def test_a_part_and_a_list_ask_the_same_for_one_person_and_for_three(cast, count, django_assert_num_queries) -> None:
    for _each in range(count):
        elder(cast)
    opened(cast)
    leader = browser_of(cast.leader)
    leader.get(path("benefit_list"))  # warms what is kept
    with django_assert_num_queries(PART_QUERIES):
        leader.get(path("list_community", cast.home.number))
    with django_assert_num_queries(LIST_QUERIES):
        leader.get(path("benefit_list"))


PART_QUERIES, LIST_QUERIES = 10, 8

"""What a visitor tries first in the demonstration: a stay in hospital, from the leader's phone to the voucher."""

import re
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from members.models import Member
from office.models import User
from tests.welfare.test_pages import day, stay_form
from welfare.models import Claim

pytestmark = pytest.mark.usefixtures("demo_db")


def desk(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def as_it_stands(client: Client, address: str) -> dict[str, str]:
    """What a browser sends for a form that nobody has touched: each box with what stands in it."""
    form = client.get(address).context["form"]
    sent: dict[str, str] = {}
    for field in form:
        value = field.value() or next((choice for choice, _word in getattr(field.field, "choices", ())), "")
        sent |= day(field.html_name, value) if isinstance(value, date) else {field.html_name: str(value)}
    return sent


def send(client: Client, address: str, data: dict[str, object]) -> HttpResponse:
    answer = client.post(address, data)
    assert answer.status_code == 302, re.findall(
        r'class="(?:invalid-feedback|alert)[^>]*>(.*?)<', answer.content.decode()
    )
    return answer


def someone_in_good_standing() -> Member:
    """A member of the first community who paid ahead, has a telephone, and was not in hospital this year."""
    members = Member.objects.filter(community__number=1, died_on=None).exclude(phone="")
    members = members.filter(memberships__ended_on=None, memberships__paid_through=date(2020, 12, 31))
    stays = Claim.objects.filter(category="sickness", event_from__year=2020)
    return members.exclude(claims__in=stays).order_by("number")[0]


def test_a_claim_is_entered_checked_decided_and_paid_with_what_the_forms_offer():
    member = someone_in_good_standing()
    send(desk("leader1"), f"/members/{member.number}/claim/hospital-night/", stay_form())
    claim = Claim.objects.order_by("-id")[0]
    send(desk("registrar"), f"/claims/2563/{claim.number}/verify/", {"papers_seen": ["hospital-certificate"]})
    committee = desk("committee1")
    meeting = send(committee, "/meetings/new/", as_it_stands(committee, "/meetings/new/")).url
    send(committee, meeting, as_it_stands(committee, meeting) | {f"verdict_{claim.pk}": "approve"})
    treasurer = desk("treasurer")
    payment = f"/claims/2563/{claim.number}/pay/"
    voucher = send(treasurer, payment, as_it_stands(treasurer, payment) | {"witness": "นายพยาน สมมติ"}).url
    claim.refresh_from_db()
    assert (claim.state, claim.amount_approved, claim.voucher.party_name) == ("paid", 300, member.full_name)
    assert re.fullmatch(r"/vouchers/2563/\d+/", voucher)

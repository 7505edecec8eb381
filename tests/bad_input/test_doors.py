"""Forms sent to rows of another community (404), and by a role that may not send them (403): every POST route."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from contributions.models import CollectionSheet
from ledger.check import check_ledger
from office.roles import CLOSED, PERMISSIONS, PUBLIC, SIGNED_IN, Role
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, booked, browser_of, send
from tests.factories import make_user

FILLED_IN = {"int": "1", "slug": "municipality", "uuid": "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01", "str": "x"}


def _addresses(resolver: URLResolver, path: str = "/", names: tuple[str, ...] = ()) -> dict[str, str]:
    found: dict[str, str] = {}
    for pattern in resolver.url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= _addresses(pattern, here, (*names, pattern.namespace) if pattern.namespace else names)
        elif isinstance(pattern, URLPattern):
            address = re.sub(r"<(\w+):\w+>", lambda part: FILLED_IN[part[1]], here)
            found[":".join((*names, pattern.name or ""))] = address
    return found


ADDRESSES = _addresses(get_resolver())
OURS = {name: address for name, address in ADDRESSES.items() if ":" in name}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_that_may_not_gets_403_from_every_form(house: House, role: str) -> None:
    client = browser_of(make_user(role))
    client.raise_request_exception = False
    closed = {name for name in OURS if isinstance(PERMISSIONS[name], frozenset) and role not in PERMISSIONS[name]}
    assert len(closed) > 10
    before = booked()
    answers = {name: client.post(OURS[name], {}).status_code for name in closed}
    assert answers == dict.fromkeys(closed, 403)
    assert booked() == before


def test_a_user_without_a_role_gets_403_from_every_form(house: House) -> None:
    client = browser_of(make_user())
    closed = {name for name in OURS if PERMISSIONS[name] not in (PUBLIC, SIGNED_IN, CLOSED)}
    assert {name: client.post(OURS[name], {}).status_code for name in closed} == dict.fromkeys(closed, 403)


def test_a_visitor_is_sent_to_the_login_from_every_form(house: House) -> None:
    closed = {name for name in OURS if PERMISSIONS[name] not in (PUBLIC, CLOSED)}
    answers = {name: Client().post(OURS[name], {}) for name in closed}
    found = {name: (answer.status_code, answer.url.split("?")[0]) for name, answer in answers.items()}
    assert found == dict.fromkeys(closed, (302, "/accounts/login/"))


HERS: list[Filled] = [
    forms.claim,
    forms.submit_claim,
    forms.cancel,
    forms.death,
    forms.sheet_line,
    forms.sheet_submit,
    forms.sheet_open,
]


@pytest.mark.parametrize("filled", HERS, ids=[filled.__name__ for filled in HERS])
def test_a_leader_cannot_send_a_form_for_another_community(house: House, filled: Filled) -> None:
    sent = filled(house)
    stranger = make_user("leader", community=house.cast.away)
    before = booked()
    answer = send(forms.Sent(stranger, sent.path, sent.fields))
    assert (answer.status_code, booked()) == (404, before)
    assert send(sent).status_code == 302


@pytest.mark.parametrize("button", ["change/", "submit/", "cancel/", "appeal/", "papers/", ""])
def test_a_claim_of_another_community_is_no_page_at_any_button(house: House, button: str) -> None:
    claim = house.cast.drafted()
    client = browser_of(make_user("leader", community=house.cast.away))
    ask = client.post if button else client.get
    assert ask(forms.claim_path(claim, button), {"reason": "x"}).status_code == 404
    claim.refresh_from_db()
    assert claim.state == "draft"


@pytest.mark.parametrize("page", ["claim/hospital-night/preview/", "claim/", "death/", ""])
def test_a_member_of_another_community_is_no_page(house: House, page: str) -> None:
    client = browser_of(make_user("leader", community=house.cast.away))
    ask = client.post if page.endswith("preview/") else client.get
    assert ask(f"/members/{house.cast.member.number}/{page}").status_code == 404


def test_a_leader_whose_office_ended_sends_nothing_more(house: House) -> None:
    sent = forms.sheet_submit(house)
    house.cast.leader.leaderships.update(until=house.cast.today)
    assert send(sent).status_code == 404
    assert (CollectionSheet.objects.get().state, check_ledger().problems) == ("draft", ())


def test_the_sheets_collector_alone_hands_it_in(house: House) -> None:
    sent = forms.sheet_submit(house)
    other = make_user("leader", community=house.cast.home)
    assert "is ผู้ใช้ทดสอบ" in forms.shown(send(forms.Sent(other, sent.path, sent.fields)))
    assert CollectionSheet.objects.get().state == "draft"


def test_a_voucher_of_a_cost_is_not_taken_back_as_a_claims_payment(house: House) -> None:
    send(forms.cost(house))
    client = browser_of(house.cast.treasurer)
    answer = client.post("/vouchers/2563/1/reverse/", {"reason": "x"})
    assert (answer.status_code, booked()["PaymentVoucherVoid"]) == (404, 0)

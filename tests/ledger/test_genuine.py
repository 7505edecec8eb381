"""The code on a receipt: a public page says whether it is genuine, and names nobody."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client

from bansong_fund.lib.papers import qr_code
from ledger.models import Receipt
from tests.contributions.conftest import make_cast, member_owing
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_voids import void
from tests.ledger.test_receipts import paper_receipt


@pytest.fixture
def who(db) -> SimpleNamespace:
    cache.clear()
    return make_cast()


@pytest.fixture
def scanned(who):
    """What a visitor's phone shows for a token, in English."""
    visitor = Client()
    visitor.cookies["django_language"] = "en"
    return lambda token: visitor.get(f"/genuine/{token}/")


def test_a_genuine_receipt_says_number_day_and_amount_and_no_name(scanned, who) -> None:
    member = member_owing(who.community, first_name="ปิ่น", phone="0800000001")
    receipt = pay(member, who, THIS_YEAR)
    answer = scanned(receipt.public_token)
    page = answer.content.decode()
    said = ["This receipt is genuine", "2563/000001", "365.00", "1 November 2563", "Test Community Welfare Fund"]
    assert [words for words in said if words not in page] == []
    secret = [member.full_name, member.first_name, member.phone, who.treasurer.display_name, f">{member.number}<"]
    assert [words for words in secret if words in page] == []
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert "no-store" in answer["Cache-Control"]


def test_a_void_receipt_says_so_without_the_reason(scanned, who) -> None:
    receipt = pay(member_owing(who.community), who, THIS_YEAR)
    void(receipt, who, "จ่ายแทนนายสมมติ")
    page = scanned(receipt.public_token).content.decode()
    assert ("This receipt is void" in page, "genuine</h1>" in page, "จ่ายแทนนายสมมติ" in page) == (True, False, False)


@pytest.mark.parametrize("token", ["0b5b1c52-6e5e-4b7e-9d7a-3f2f1c9a8d10", "2563", "%27%22<script>", "0" * 3000, "ก"])
def test_what_was_never_issued_is_not_a_receipt_of_this_fund(scanned, token) -> None:
    answer = scanned(token)
    assert (answer.status_code, "Not a receipt of this fund" in answer.content.decode()) == (404, True)


def test_a_paper_receipt_has_no_code(scanned, who) -> None:
    assert scanned(paper_receipt(who).public_token).status_code == 404


def test_the_sixty_first_question_within_a_minute_waits(scanned, who) -> None:
    token = pay(member_owing(who.community), who, THIS_YEAR).public_token
    assert {scanned(token).status_code for _scan in range(60)} == {200}
    assert scanned(token).status_code == 429


def test_the_code_on_the_paper_leads_to_its_own_page(client, who, settings) -> None:
    settings.SITE_URL = "https://fund.example.org"
    receipt = pay(member_owing(who.community), who, THIS_YEAR)
    client.force_login(who.treasurer)
    shown = client.get("/books/receipts/2563/1/").context["code"]
    assert shown.startswith("<svg")
    assert shown == qr_code(f"https://fund.example.org/genuine/{receipt.public_token}/")
    assert Receipt.objects.get().public_token == receipt.public_token

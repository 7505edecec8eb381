"""Two at the same moment: each event is in the books once, and nobody sees a crash."""

import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bansong_fund.lib.errors import DomainError
from contributions.models import Contributor
from contributions.sheets import submit_sheet
from contributions.verbs import NotEnoughMoney
from ledger.check import check_ledger
from ledger.documents import AlreadyVoid
from ledger.models import Entry, Receipt
from tests.contributions.conftest import acting, books, make_cast, member_owing
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, gift, grant, move
from tests.contributions.test_sheets import opened, write
from tests.contributions.test_voids import void
from tests.races import at_once


@pytest.fixture
def who(committed_db) -> SimpleNamespace:
    return make_cast()


def test_eight_clicks_of_one_button_are_one_grant(who) -> None:
    request_id = uuid.uuid4()
    found = at_once(*[lambda: grant(who, request_id=request_id)] * 8)
    assert ({receipt.pk for receipt in found}, Entry.objects.count()) == ({Receipt.objects.get().pk}, 1)
    assert check_ledger().problems == ()


def test_eight_clicks_of_one_button_are_one_year_of_dues(who) -> None:
    member, request = member_owing(who.community), acting(who.treasurer)
    found = at_once(*[lambda: pay(member, who, THIS_YEAR, **request)] * 8)
    assert ({receipt.pk for receipt in found}, books()["4110"]) == ({Receipt.objects.get().pk}, Decimal("-365.00"))


def test_two_windows_take_one_year_once_and_the_other_is_told(who) -> None:
    member = member_owing(who.community)
    found = at_once(*[lambda: pay(member, who, THIS_YEAR)] * 2)
    assert sorted(type(one).__name__ for one in found) == ["PaidAlready", "Receipt"]
    assert check_ledger().problems == ()


def test_two_payments_cannot_take_the_same_money(who) -> None:
    gift(who, "ร้านทดสอบ", "100.00")
    found = at_once(lambda: cost(who, "60.00", place=who.cash), lambda: move(who, "60.00"))
    assert (sum(isinstance(one, NotEnoughMoney) for one in found), books()["1010"]) == (1, Decimal("40.00"))


def test_two_voids_of_one_receipt_reverse_it_once(who) -> None:
    receipt = gift(who, "ร้านทดสอบ")
    found = at_once(lambda: void(receipt, who, "พิมพ์ผิด"), lambda: void(receipt, who, "จำนวนผิด"))
    assert (sum(isinstance(one, AlreadyVoid) for one in found), books()) == (1, {})
    assert check_ledger().problems == ()


def test_new_contributors_at_once_get_numbers_of_their_own(who) -> None:
    at_once(*[lambda name=name: gift(who, name) for name in ("ร้านหนึ่ง", "ร้านสอง", "ร้านหนึ่ง", "ร้านสาม")])
    assert sorted(Contributor.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_the_office_and_the_sheet_never_cover_one_day_twice(who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    found = at_once(lambda: submit_sheet(sheet=sheet, **acting(who.leader)), lambda: pay(member, who, THIS_YEAR))
    until = member.memberships.get().paid_through
    refused = sum(isinstance(one, DomainError) for one in found)
    assert (until, refused) in [(date(2020, 12, 31), 1), (date(2021, 12, 31), 0)]
    assert check_ledger().problems == ()

"""A death: the membership ends, and the beneficiary receives the funeral grant."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from bansong_fund.lib.national_id import decrypt_id, format_full
from tests.browser.walk import MAIN_BUTTON, assert_usable, begin_walk, fill_day
from tests.welfare.cast import ID_NUMBER
from welfare.models import Claim

pytestmark = pytest.mark.browser


def test_a_death_goes_the_whole_way(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    walk.begin("death")
    assert phone.input_value("#id_recipient_name") == "นายผู้รับ สมมติสกุล"
    fill_day(phone, "on", date(2020, 10, 20))
    assert_usable(phone)
    phone.click(MAIN_BUTTON)
    expect(phone.locator("main .done-list")).to_contain_text("2563/000001")
    phone.click("main a.btn-primary.btn-lg")
    expect(phone.locator("main h1")).to_contain_text("2563/000001")
    claim = walk.submit()
    assert claim.amount == Decimal("8000.00")
    membership = walk.cast.member.memberships.get()
    assert (membership.ended_on, membership.end_reason) == (date(2020, 10, 20), "died")

    walk.check(claim)
    walk.decide(claim)
    text = walk.pay(claim, national_id=ID_NUMBER)
    claim = Claim.objects.get()
    assert (claim.state, decrypt_id(claim.voucher.recipient_id_encrypted)) == ("paid", ID_NUMBER)
    for words in ("นายผู้รับ สมมติสกุล", "แปดพันบาทถ้วน", format_full(ID_NUMBER), "นายพยาน สมมติ"):
        assert words in text, words

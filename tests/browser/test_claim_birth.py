"""A birth: the gift for the child, and then the mother's nights."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.walk import assert_usable, begin_walk, fill_day, photographed_certificate

pytestmark = pytest.mark.browser


def test_a_birth_gift_goes_the_whole_way_and_offers_the_mothers_nights(phone, open_page, sign_in, tmp_path) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    walk.begin("birth-gift")
    fill_day(phone, "event_from", date(2020, 10, 20))
    phone.fill("#id_child_name", "ด.ญ.น้ำฝน สมมติสกุล")
    expect(phone.locator("#reckoning")).to_contain_text("500.00")
    assert_usable(phone)
    phone.set_input_files("#id_paper_0", photographed_certificate(tmp_path))
    gift = walk.submit()

    phone.click("main a[href*='birth-mother-nights']")
    assert phone.input_value("#id_event_from_day") == "20"
    fill_day(phone, "event_until", date(2020, 10, 22))
    expect(phone.locator("#reckoning")).to_contain_text("นอน 2 คืน")
    nights = walk.submit()
    assert (gift.amount, nights.amount) == (Decimal("500.00"), Decimal("200.00"))

    walk.check(gift)
    walk.decide(gift)
    text = walk.pay(gift)
    gift.refresh_from_db()
    assert gift.state == "paid"
    for words in ("เงินรับขวัญเด็กแรกเกิด", "ห้าร้อยบาทถ้วน", walk.cast.member.first_name):
        assert words in text, words

"""A claim typed on a phone survives a lost network and a dead battery, and is entered once."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import use_english
from tests.browser.walk import MAIN_BUTTON, address_with, assert_usable, begin_walk, fill_day
from welfare.models import Claim

pytestmark = pytest.mark.browser

GIFT = "/members/101/claim/birth-gift/"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('claim-draft:')).length"


def lose_the_answer(route: Route) -> None:
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_twins_typed_without_network_are_entered_once_when_it_is_back(
    phone, open_page, sign_in, fund_server, faults
) -> None:
    faults.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    faults.expect("htmx:(afterRequest|sendError)")
    walk = begin_walk(phone, open_page, sign_in)
    sign_in(phone, walk.cast.leader)
    use_english(phone, fund_server)
    phone.goto(GIFT)
    state = phone.locator("#draft-state")
    expect(state).to_contain_text("kept on this phone until it is sent")
    phone.get_by_text("Twins or more children").click()
    phone.get_by_text("Nights in hospital of a mother").click()
    assert_usable(phone)
    phone.context.set_offline(True)
    fill_day(phone, "event_from", date(2020, 10, 20))
    phone.fill("#id_child_name", "ด.ญ.น้ำฝน สมมติสกุล")
    phone.fill("#id_child_name_2", "ด.ช.น้ำใส สมมติสกุล")
    phone.check("#id_also_birth-mother-nights")
    fill_day(phone, "also_birth-mother-nights_until", date(2020, 10, 22))
    expect(phone.locator("#reckoning")).to_contain_text("will be reckoned when the claim is sent")
    phone.click(MAIN_BUTTON)
    expect(state).to_contain_text("No network. What you typed stays on this phone")
    expect(phone.locator("#draft-state-below")).to_be_in_viewport()  # beside the button that was touched

    other = phone.context.new_page()
    phone.close()  # the battery is dead
    other.context.set_offline(False)
    other.route("**/claim/birth-gift/", lose_the_answer)
    other.goto("/claims/new/")
    expect(other.locator("#claim-drafts")).to_contain_text("waits to be sent")
    assert_usable(other)
    other.locator("#claim-drafts a").click()
    expect(other.locator("#draft-state")).to_contain_text("stays on this phone and is sent again by itself")
    other.unroute("**/claim/birth-gift/")
    other.evaluate("window.dispatchEvent(new Event('online'))")
    expect(other).to_have_url(address_with("/claims/2563/"))
    assert other.evaluate(KEPT) == 0
    found = Claim.objects.order_by("number").values_list("benefit_code", "state", "amount")
    assert list(found) == [
        ("birth-gift", "submitted", Decimal("500.00")),
        ("birth-gift", "submitted", Decimal("500.00")),
        ("birth-mother-nights", "submitted", Decimal("200.00")),
    ]

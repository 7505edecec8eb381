"""The form of a stay in hospital on a slow network; its whole way is in test_nine_kinds."""

from datetime import date

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Scales, settled, throttle
from tests.browser.walk import begin_walk, fill_day

pytestmark = pytest.mark.browser


def test_what_is_typed_before_the_pages_script_has_come_is_reckoned_too(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    sign_in(phone, walk.cast.leader)
    late: list[Route] = []

    def hold(route: Route) -> None:  # the browser's library marks what it is given, and a built-in method takes no mark
        late.append(route)

    phone.route("**/htmx-2*", hold)
    phone.goto("/members/101/claim/hospital-night/", wait_until="commit")
    fill_day(phone, "event_from", date(2020, 10, 5))
    fill_day(phone, "event_until", date(2020, 10, 8))
    late[0].continue_()
    expect(phone.locator("#reckoning")).to_contain_text("300.00")


def test_the_form_is_light_on_a_villages_network(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    sign_in(phone, walk.cast.leader)
    throttle(phone)
    with Scales(phone) as scales:
        phone.goto("/members/101/claim/hospital-night/", timeout=5_000, wait_until="load")
        settled(phone)
        first = scales.bytes
        phone.goto("/members/101/claim/birth-gift/")
        settled(phone)
    assert 20_000 < first < 150_000
    assert scales.bytes - first < 30_000

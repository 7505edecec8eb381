"""The frame around every page: the house's own rules, seen by a browser."""

import pytest

from tests.browser.conftest import Scales, axe_faults, settled, throttle
from tests.factories import make_fund, make_user

pytestmark = pytest.mark.browser


def test_the_login_page_is_accessible_and_silent(page) -> None:
    page.goto("/accounts/login/")
    assert page.title() != ""
    assert axe_faults(page) == []


def test_the_demonstration_says_so_on_every_page(page, faults) -> None:
    make_fund()
    faults.expect("404")
    page.goto("/nowhere/")
    assert "1 พ.ย. 2563" in page.locator(".demo-banner").inner_text()


def test_a_phone_needs_no_sideways_scrolling(phone) -> None:
    make_fund()
    phone.goto("/accounts/login/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_first_page_is_light_and_the_next_one_lighter(phone, sign_in) -> None:
    make_fund()
    sign_in(phone, make_user("leader"))
    with Scales(phone) as scales:
        phone.goto("/accounts/2fa/")
        settled(phone)
        first = scales.bytes
        phone.goto("/accounts/password/change/")
        settled(phone)
    assert 20_000 < first < 150_000
    assert scales.bytes - first < 30_000


def test_the_first_page_is_there_within_five_seconds_at_400_kbit_a_second(phone) -> None:
    throttle(phone)
    phone.goto("/accounts/login/", timeout=5_000, wait_until="load")
    assert phone.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart") < 5_000


def test_the_pages_are_set_in_sarabun(page) -> None:
    page.goto("/accounts/login/")
    settled(page)
    assert page.evaluate("document.fonts.check('18px Sarabun', 'ที่น้ำกิ้งกือ')")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"

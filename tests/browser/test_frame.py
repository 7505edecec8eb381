"""The frame around every page: the house's own rules, seen by a browser."""

import shutil

import pytest

from tests.browser.conftest import CHROMIUM_FLAGS, Scales, axe_faults, settled, throttle
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


@pytest.fixture
def remembering(browser, fund_server, faults, sign_in):
    """A page of a registrar in a browser that keeps left pages in memory for its Back button, as people's do."""
    flags = {"args": CHROMIUM_FLAGS.split(), "ignore_default_args": ["--disable-back-forward-cache"]}
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    other = browser.browser_type.launch(executable_path=program, **flags)
    page = other.new_page(base_url=fund_server)
    page.on("console", faults.hear)
    make_fund()
    sign_in(page, make_user("registrar"))
    yield page
    other.close()


def test_back_finds_what_was_typed_and_after_signing_out_nothing(remembering) -> None:
    page = remembering
    page.goto("/members/")
    page.goto("/committee/new/")
    page.fill("[name=post_th]", "สมมติ")
    page.goto("/accounts/2fa/")
    page.go_back(wait_until="commit")
    assert page.input_value("[name=post_th]") == "สมมติ"
    page.evaluate("document.querySelector('form[action$=\"logout/\"]').submit()")
    page.wait_for_url("**/accounts/login/")
    for left in ("/committee/new/", "/members/"):  # kept in memory, and not kept
        page.go_back(wait_until="commit")
        page.wait_for_url(f"**/accounts/login/?next={left}")

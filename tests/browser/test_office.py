"""The office's pages as people meet them."""

import re

import pytest
from playwright.sync_api import expect

from office.models import User
from tests.browser.conftest import axe_faults, use_english
from tests.factories import PASSWORD, make_fund, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def english(page, fund_server):
    make_fund()
    use_english(page, fund_server)
    return page


def _sign_in_by_hand(page, user: User) -> None:
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_form_whose_session_ran_out_is_sent_after_the_login(english, sign_in) -> None:
    administrator = make_user("administrator")
    sign_in(english, administrator)
    english.goto("/users/new/")
    english.get_by_label("User name").fill("somsri")
    english.locator("#id_display_name").fill("สมศรี สมมติ")
    english.get_by_label("Registrar").check()
    english.context.clear_cookies(name="sessionid")
    english.get_by_role("button", name="Add and show the code").click()
    expect(english.get_by_role("status")).to_contain_text("what you typed will be sent")
    _sign_in_by_hand(english, administrator)
    english.get_by_role("button", name="Send now").click()
    expect(english.locator("#code")).to_have_text(re.compile(r"\s*[A-Z]{10}\s*"))
    user = User.objects.get(username="somsri")
    assert (user.display_name, user.roles) == ("สมศรี สมมติ", frozenset({"registrar"}))


def test_the_menu_shows_what_the_user_may_open_and_nothing_else(english, sign_in) -> None:
    sign_in(english, make_user("administrator"))
    english.goto("/users/")
    lines = english.get_by_role("navigation", name="Main menu").get_by_role("link").all_inner_texts()
    assert {"Users", "Log"} <= set(lines)
    assert {"Members", "Claims", "Books", "Claims to pay"}.isdisjoint(lines)


def test_a_user_changes_the_language_and_signs_out(page, sign_in) -> None:
    make_fund()
    sign_in(page, make_user("auditor"))
    page.goto("/log/")
    assert page.locator("html").get_attribute("lang") == "th"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/log/")
    assert "/accounts/login/" in page.url


def test_the_first_stop_of_the_keyboard_leads_to_the_content(english) -> None:
    english.goto("/accounts/login/")
    english.keyboard.press("Tab")
    assert english.evaluate("document.activeElement.textContent") == "Skip to the content"
    english.keyboard.press("Enter")
    assert english.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("device", ["page", "phone"])
def test_the_offices_pages_are_accessible_and_fit_the_screen(request, sign_in, device: str) -> None:
    window = request.getfixturevalue(device)
    make_fund()
    sign_in(window, make_user("administrator"))
    other = make_user("leader")
    width = window.viewport_size["width"]
    found = []
    for address in (
        "/users/",
        "/users/new/",
        f"/users/{other.pk}/",
        "/log/",
        "/log/readings/",
        "/accounts/2fa/",
        "/code/",
    ):
        window.goto(address)
        found += [f"{address} {fault}" for fault in axe_faults(window)]
        if window.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{address} is wider than {width} px")
    assert found == []

"""A leader's phone from the card to the lock, as she meets it."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from office.models import EnrolledPhone
from tests.browser.conftest import use_english
from tests.browser.walk import assert_usable
from tests.factories import CommunityFactory, make_fund, make_user

pytestmark = pytest.mark.browser
PIN = "640283"


def choose(phone: Page, again: str = PIN) -> None:
    phone.get_by_label("Choose a PIN of six digits").fill(PIN)
    phone.get_by_label("The same PIN once more").fill(again)
    phone.get_by_role("button", name="Enrol this phone").click()


def type_pin(phone: Page, pin: str) -> None:
    phone.get_by_label("Your PIN of six digits").fill(pin)
    phone.get_by_role("button", name="Open with this PIN").click()


def test_a_leaders_phone_is_enrolled_by_a_card_asks_for_its_pin_and_locks(page, phone, sign_in, fund_server) -> None:
    make_fund()
    cache.clear()
    leader = make_user("leader", community=CommunityFactory(number=1), display_name="ผู้นำ สมมติ")
    for window in (page, phone):
        use_english(window, fund_server)
    sign_in(page, make_user("registrar"))
    page.goto("/phones/")
    page.get_by_role("link", name="ผู้นำ สมมติ").click()
    page.get_by_role("button", name="Issue a card").click()
    expect(page.locator("svg.qr")).to_be_visible()
    address = page.locator("p.secret").inner_text()

    phone.goto(address)
    expect(phone.locator("main")).to_contain_text("This card is for ผู้นำ สมมติ")
    assert_usable(phone)
    choose(phone, again="000000")
    expect(phone.locator("main")).to_contain_text("The two are not the same")
    choose(phone)
    expect(phone.get_by_role("status").first).to_contain_text("It only asks for your PIN")

    phone.context.clear_cookies(name="sessionid")
    phone.goto("/money-in/sheets/")
    expect(phone.get_by_role("heading", name="ผู้นำ สมมติ")).to_be_visible()
    assert_usable(phone)
    type_pin(phone, PIN)
    expect(phone).to_have_url(f"{fund_server}/money-in/sheets/")

    phone.locator(".user-menu summary").click()
    phone.get_by_role("button", name="Sign out").click()
    for left in ("4 tries", "3 tries", "2 tries", "1 try"):
        type_pin(phone, "998877")
        expect(phone.locator("main")).to_contain_text(left)
    type_pin(phone, "998877")
    expect(phone.get_by_role("alert")).to_contain_text("This phone is locked after five wrong PINs.")
    assert_usable(phone)

    page.goto(f"/phones/{leader.pk}/")
    expect(page.locator("main")).to_contain_text("Locked")
    page.get_by_role("button", name="Lost or sold: end this phone").click()
    expect(page.locator("main")).to_contain_text("No phone is enrolled.")
    assert EnrolledPhone.objects.get().ended_by.roles == {"registrar"}

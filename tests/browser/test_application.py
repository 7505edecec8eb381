"""An application to membership, from the leader's phone to the meeting's resolution and the next collection sheet."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from members.models import Application, Member
from tests.browser.conftest import axe_faults
from tests.browser.walk import MAIN_BUTTON, Walk, address_with, assert_usable, begin_walk, fill_day
from tests.browser.walk import photographed_certificate as photographed_card
from tests.pdf_reading import pdfium_text

pytestmark = pytest.mark.browser

TYPED = {
    "title": "นางสาว",
    "first_name": "สมหมาย",
    "family_name": "ใจงามสมมติ",
    "nickname": "หมาย",
    "birth_date_year": "2530",
    "occupation": "ทำสวนยาง",
    "phone": "0812345678",
    "house_number": "45/2",
    "moo": "3",
    "beneficiary_name_1": "นายสมชาย ใจงามสมมติ",
    "first_dues_baht": "365",
}
CHOSEN = {"sex": "f", "id_kind": "none", "marital_status": "single", "beneficiary_relation_1": "sibling"}


def fill_in(page: Page) -> None:
    for name, value in TYPED.items():
        page.fill(f"[name={name}]", value)
    for name, value in CHOSEN.items():
        page.select_option(f"[name={name}]", value)
    fill_day(page, "first_dues_on", date(2020, 10, 20))


def apply_on_the_phone(walk: Walk, card) -> None:
    """The leader writes the application down, forgets the ticks, ticks them, and sends it with a photograph."""
    phone = walk.phone
    walk.sign_in(phone, walk.cast.leader)
    phone.goto("/members/")
    phone.click("main a[href='/members/applications/new/']")
    assert_usable(phone)
    fill_in(phone)
    phone.set_input_files("#id_papers", card)
    phone.click(MAIN_BUTTON)
    expect(phone.locator(".invalid-feedback")).to_have_count(2)
    assert_usable(phone)
    for name in ("knows_rules", "notice", "certified"):
        phone.check(f"[name={name}]")
    phone.check("[name=consents][value=health]")
    phone.dblclick(MAIN_BUTTON)
    expect(phone).to_have_url(address_with("/members/applications/2563/1/"))
    assert_usable(phone)


def decide_at_the_desk(walk: Walk) -> None:
    """The registrar finds it on the list and writes the meeting's resolution."""
    page = walk.desk(walk.cast.registrar)
    page.goto("/members/applications/")
    expect(page.locator("main table")).to_contain_text("ใจงามสมมติ")
    assert axe_faults(page) == []
    page.click("main a[href='/meetings/applications/']")
    assert axe_faults(page) == []
    page.click(MAIN_BUTTON)
    expect(page).to_have_url(address_with("/meetings/committee/2563/"))
    expect(page.locator("main")).to_contain_text("1/2563")
    assert axe_faults(page) == []


def test_an_application_goes_the_whole_way(phone, open_page, sign_in, tmp_path) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    apply_on_the_phone(walk, photographed_card(tmp_path))
    application = Application.objects.get()
    assert (application.state, application.birth_precision) == ("certified", "year")
    form = phone.request.get("/members/applications/2563/1.pdf?language=both")
    assert "ใจงามสมมติ" in pdfium_text(form.body())

    decide_at_the_desk(walk)
    member = Member.objects.get(family_name="ใจงามสมมติ")
    membership = member.memberships.get()
    assert (membership.joined_on, membership.accepted_by.meeting) == (date(2020, 10, 20), walk.cast.meeting)
    assert sorted(member.consents.values_list("kind", flat=True)) == ["health", "notice"]

    phone.goto("/money-in/sheets/")
    phone.click("main form button[type=submit]")
    phone.click(f"#m{member.number} button[name=first]")
    expect(phone.locator(f"#m{member.number} .did")).to_contain_text("365.00")
    assert_usable(phone)


@pytest.mark.parametrize("path", ["/members/privacy-notice/", "/members/applications/"])
def test_the_other_pages_are_usable_on_a_phone(phone, open_page, sign_in, path) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    sign_in(phone, walk.cast.leader)
    phone.goto(path)
    assert_usable(phone)


def test_a_correction_and_a_possible_double_are_usable_on_both_screens(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    Member.objects.filter(pk=walk.cast.member.pk).update(
        first_name=TYPED["first_name"], family_name=TYPED["family_name"], birth_date=date(1987, 3, 1)
    )
    desk = walk.desk(walk.cast.leader)
    desk.goto("/members/applications/new/")
    fill_in(desk)
    for name in ("knows_rules", "notice"):
        desk.check(f"[name={name}]")
    desk.click(MAIN_BUTTON)
    expect(desk.locator("#like-title")).to_be_visible()
    assert axe_faults(desk) == []
    desk.check("[name=another_person]")
    desk.click(MAIN_BUTTON)
    expect(desk).to_have_url(address_with("/members/applications/2563/1/"))
    assert axe_faults(desk) == []
    sign_in(phone, walk.cast.leader)
    phone.goto("/members/applications/2563/1/correct/")
    assert_usable(phone)
    phone.fill("[name=nickname]", "ใหม่")
    phone.click(MAIN_BUTTON)
    expect(phone).to_have_url(re.compile(r"/members/applications/2563/1/$"))
    assert_usable(phone)
    assert Application.objects.get().nickname == "ใหม่"

"""A member moves and takes a new name, in a browser: found in the list, done on one page each, seen in the history."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from members.models import Member
from tests.browser.conftest import axe_faults
from tests.browser.walk import MAIN_BUTTON, fill_day, fits_a_phone
from tests.factories import HouseholdFactory
from tests.welfare.cast import Cast, assemble

pytestmark = pytest.mark.browser

ONE_FORM_PAGES = (
    "contact",
    "correct",
    "leave",
    "return",
    "beneficiaries",
    "children",
    "groups",
    "guardians",
    "consents",
)


@pytest.fixture
def cast(committed_db) -> Cast:
    return assemble()


def assert_usable(page: Page) -> None:
    assert page.viewport_size["width"] > 360 or fits_a_phone(page), page.url
    assert axe_faults(page) == [], page.url


def open_link(page: Page, name: str) -> None:
    """From the member's page to one of the pages under "more"."""
    page.goto("/members/101/")
    page.click(f".links a[href$='/{name}/']")
    assert_usable(page)


def test_a_member_moves_and_marries(phone, page, sign_in, cast) -> None:
    sign_in(phone, cast.registrar)
    phone.goto("/members/101/")
    assert_usable(phone)

    open_link(phone, "transfer")
    phone.select_option("#id_community", str(cast.away.pk))
    fill_day(phone, "on", date(2020, 10, 1))
    phone.fill("#id_house_number", "9/1")
    phone.click(MAIN_BUTTON)
    expect(phone.locator("main")).to_contain_text(cast.away.name_th)

    open_link(phone, "name")
    phone.fill("#id_family_name", "แต่งใหม่")
    phone.fill("#id_shown_by", "ทะเบียนสมรส")
    phone.click(MAIN_BUTTON)
    expect(phone.locator("h1")).to_contain_text("แต่งใหม่")

    open_link(phone, "history")
    expect(phone.locator("main")).to_contain_text("ทะเบียนสมรส")
    expect(phone.locator("main")).to_contain_text(f"{cast.home.name_th} → {cast.away.name_th}")

    sign_in(page, cast.leader)
    answer = page.request.get("/members/101/")
    assert answer.status == 404
    member = Member.objects.get(number=101)
    assert (member.community, member.household.house_number, member.family_name) == (cast.away, "9/1", "แต่งใหม่")


def test_a_birth_of_which_only_the_year_is_known_is_written_so(page, sign_in, cast) -> None:
    sign_in(page, cast.registrar)
    open_link(page, "correct")
    page.fill("#id_birth_date_day", "")
    page.select_option("#id_birth_date_month", "")
    page.fill("#id_birth_date_year", "๒๔๙๐")
    page.select_option("#id_id_kind", "none")
    page.click(MAIN_BUTTON)
    expect(page.locator("main")).to_contain_text("พ.ศ. 2490")


@pytest.mark.parametrize("width", ["page", "phone"])
def test_every_page_about_a_member_is_usable(request, sign_in, cast, width) -> None:
    screen: Page = request.getfixturevalue(width)
    sign_in(screen, cast.registrar)
    for name in ONE_FORM_PAGES:
        screen.goto(f"/members/101/{name}/")
        assert_usable(screen)
    Member.objects.create(
        number=7,
        title="เด็กหญิง",
        first_name="โตแล้ว",
        sex="f",
        birth_date=date(2005, 1, 1),
        community=cast.home,
        household=HouseholdFactory(community=cast.home),
    ).memberships.create(joined_on=date(2015, 1, 1), paid_through=date(2020, 12, 31))
    screen.goto("/members/titles/")
    assert_usable(screen)
    screen.click(MAIN_BUTTON)
    expect(screen.locator("main")).to_contain_text("1")
    assert Member.objects.get(number=7).title == "นางสาว"


def test_a_refused_form_is_usable_and_keeps_what_was_typed(phone, sign_in, cast) -> None:
    sign_in(phone, cast.registrar)
    phone.goto("/members/101/beneficiaries/")
    phone.fill("#id_share_0", "60")
    phone.click(MAIN_BUTTON)
    expect(phone.locator("[role=alert]")).to_contain_text("60")
    assert phone.input_value("#id_share_0") == "60"
    assert_usable(phone)

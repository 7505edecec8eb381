"""A registrar settles a double, on a desktop and on a phone; whoever cannot see or use a mouse can too."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from members.models import Member, SettledDouble
from tests.bad_input.house import House, open_house
from tests.browser.conftest import PHONE, axe_faults, use_english
from tests.factories import MemberFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def house(fund_server) -> House:
    house = open_house()
    for number, first_name in ((901, "สมศรี"), (902, "สมสี")):
        facts = {"family_name": "ใจสมมติ", "birth_date": date(1980, 2, 3), "community": house.cast.home}
        MemberFactory(number=number, first_name=first_name, **facts)
    return house


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_a_double_is_found_merged_and_parted_again(house, open_page, sign_in, fund_server, device) -> None:
    page: Page = open_page(**device)
    sign_in(page, house.cast.registrar)
    use_english(page, fund_server)
    page.goto("/members/doubles/")
    assert axe_faults(page) == []
    page.get_by_role("link", name="Compare no. 901 and no. 902").click()
    assert axe_faults(page) == []
    page.get_by_label("How you know").fill("ถามแล้ว")
    page.get_by_role("button", name="One person: keep no. 901").click()
    expect(page.get_by_text("One person, no. 901.")).to_be_visible()
    page.goto("/members/902/")
    expect(page.get_by_text("Also member no. 902")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_role("link", name="Look at both rows").click()
    page.get_by_label("Why it is undone").fill("พี่น้องกัน")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Undo this verdict").click()
    expect(page.get_by_text("Both numbers stand for themselves again.")).to_be_visible()
    assert (Member.objects.get(number=902).merged_into, SettledDouble.objects.count()) == (None, 1)


def test_the_form_of_enrolment_names_whom_it_found(house, page, sign_in, fund_server) -> None:
    sign_in(page, house.cast.registrar)
    use_english(page, fund_server)
    page.goto("/members/enrol/")
    page.get_by_label("Title").fill("นาง")
    page.get_by_label("First name").fill("สมศรี")
    page.get_by_label("Family name").fill("ใจสมมติ")
    page.get_by_label("Sex").select_option("f")
    page.locator("[name=birth_date_day]").fill("3")
    page.locator("[name=birth_date_month]").select_option("2")
    page.locator("[name=birth_date_year]").fill("2523")
    page.get_by_label("Kind of ID").select_option("none")
    page.locator("[name=community]").select_option(index=1)
    page.locator("main button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_label("It is another person than those named above").check()
    page.locator("main button[type=submit]").last.click()
    expect(page.locator("main h1")).to_contain_text("สมศรี")
    assert Member.objects.filter(first_name="สมศรี", family_name="ใจสมมติ").count() == 2

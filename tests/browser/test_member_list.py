"""The register at a desk and on a phone: finding a member, narrowing the list, taking it home, seeing the whole ID."""

import re

import pytest
from playwright.sync_api import Page

from bansong_fund.lib.national_id import encrypt_id, format_full, format_masked, id_digest, with_check_digit
from members.models import GroupFlag, Member
from office.models import ReadingLog
from tests.browser.conftest import axe_faults, settled, use_english
from tests.factories import CommunityFactory, HouseholdFactory, MemberFactory, make_fund, make_user

pytestmark = pytest.mark.browser

AN_ID = with_check_digit("100123456789")


@pytest.fixture
def register(fund_server) -> list[Member]:
    make_fund()
    communities = [CommunityFactory(number=number) for number in (1, 2)]
    house = HouseholdFactory(community=communities[0], house_number="12/3", moo="4")
    sealed = {"national_id_encrypted": encrypt_id(AN_ID), "national_id_digest": id_digest(AN_ID)}
    fields = {"first_name": "สมหญิง", "family_name": "ใจดีสมมติ", "nickname": "หญิง", "household": house}
    found = [MemberFactory(number=17, community=communities[0], **fields, **sealed)]
    names = ["กมล", "น้ำฝน", "แก้ว", "ไก่", "อารี"]
    for number, name in enumerate(names, start=1):
        found.append(MemberFactory(number=number, first_name=name, community=communities[number % 2]))
    GroupFlag.objects.create(member=found[2], group="disabled", since=found[2].birth_date)
    return found


def names_on(page: Page) -> list[str]:
    return [
        re.split(r"[\s(]", name)[0].removeprefix("นาง") for name in page.locator("tbody .card-head a").all_inner_texts()
    ]


def is_sound(page: Page) -> bool:
    settled(page)
    return axe_faults(page) == [] and not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("device", ["page", "phone"])
def test_a_member_is_found_and_the_list_narrowed(request, sign_in, register, fund_server, device) -> None:
    page: Page = request.getfixturevalue(device)
    use_english(page, fund_server)
    sign_in(page, make_user("registrar"))
    page.goto("/members/")
    assert names_on(page) == ["กมล", "แก้ว", "ไก่", "น้ำฝน", "สมหญิง", "อารี"]
    assert "6 members" in page.get_by_role("status").inner_text()
    assert is_sound(page)
    page.get_by_role("searchbox").fill("นางสมหญิงใจดี")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/members/?q=*")
    assert names_on(page) == ["สมหญิง"]
    page.get_by_role("searchbox").fill("")
    page.locator("summary", has_text="More filters").click()
    page.get_by_label("Type").select_option(label="Person with disability")
    assert is_sound(page)
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**type=disabled*")
    assert names_on(page) == ["น้ำฝน"]
    assert page.get_by_label("Type").is_visible()  # what narrows the list stays in sight
    page.get_by_label("Age from").fill("old")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**age_from=old*")
    assert page.locator(".invalid-feedback").count() == 1
    assert is_sound(page)


def test_the_list_is_taken_home_as_a_sheet(page, sign_in, register, fund_server) -> None:
    use_english(page, fund_server)
    sign_in(page, make_user("registrar"))
    page.goto("/members/?community=1")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["4", "2", "17"]


@pytest.mark.parametrize("device", ["page", "phone"])
def test_the_whole_id_shows_after_one_of_four_buttons(request, sign_in, register, fund_server, device) -> None:
    page: Page = request.getfixturevalue(device)
    use_english(page, fund_server)
    sign_in(page, make_user("registrar"))
    page.goto("/members/17/")
    assert format_masked(AN_ID) in page.locator("#national-id").inner_text()
    page.locator("summary", has_text="Show the whole ID").click()
    assert page.locator("#national-id button").count() == 4
    assert is_sound(page)
    page.get_by_role("button", name="A report to CODI or the municipality").click()
    page.wait_for_url("**/members/17/#national-id")
    assert format_full(AN_ID) in page.locator("#national-id").inner_text()
    assert "A report to CODI or the municipality" in page.locator("main table").last.inner_text()
    assert is_sound(page)
    page.get_by_role("link", name="Who has looked at this person's data").click()
    page.wait_for_url("**/members/17/readings/")
    assert is_sound(page)
    assert ReadingLog.objects.filter(what="national-id").count() == 1

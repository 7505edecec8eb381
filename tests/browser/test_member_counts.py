"""The members' counts and papers in a real browser, on a phone and at a desk."""

from datetime import date

import pytest

from tests.browser.conftest import axe_faults, use_english
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user
from tests.pdf_reading import page_texts

pytestmark = pytest.mark.browser

DEVICES = ["page", "phone"]
COUNTS, PAPERS = "/member-counts/", "/members/papers/"


@pytest.fixture
def members(fund_server):
    make_fund()
    first, second = CommunityFactory(number=1), CommunityFactory(number=2)
    MemberFactory(number=1, community=first, birth_date=date(1950, 1, 1))
    MemberFactory(number=2, community=first, sex="m")
    MemberFactory(number=3, community=second, birth_date=None)
    return first


def no_sideways_scrolling(page) -> bool:
    # not window.innerWidth: a phone's grows with a page that is too wide
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("device", DEVICES)
def test_the_counts_are_accessible_and_fit(request, sign_in, members, device) -> None:
    page = request.getfixturevalue(device)
    sign_in(page, make_user("committee"))
    page.goto(COUNTS)
    assert page.locator("main table").count() == 7
    assert axe_faults(page) == []
    assert no_sideways_scrolling(page)


def test_another_day_is_counted_by_touching_its_button(page, sign_in, members, fund_server) -> None:
    use_english(page, fund_server)
    sign_in(page, make_user("auditor"))
    page.goto(COUNTS)
    page.get_by_role("link", name="End of the last fund year, 31 Dec 2562").click()
    page.wait_for_url("**/member-counts/?day=2019-12-31")
    assert page.get_by_role("status").inner_text() == "Members on 31 December 2562"
    with page.expect_download() as download:
        page.get_by_role("link", name="By type as XLSX").click()
    assert download.value.suggested_filename == "member-counts-2562-12-31-types.xlsx"


@pytest.mark.parametrize("device", DEVICES)
def test_a_leader_prints_the_roll_of_her_community(request, sign_in, members, device, tmp_path) -> None:
    page = request.getfixturevalue(device)
    use_english(page, request.getfixturevalue("fund_server"))
    sign_in(page, make_user("leader", community=members))
    page.goto("/members/communities/")
    assert axe_faults(page) == []
    page.get_by_role("link", name="Roll of Community 1").click()
    page.wait_for_url(f"**{PAPERS}?paper=roll&community=1")
    assert axe_faults(page) == []
    assert no_sideways_scrolling(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    download.value.save_as(tmp_path / "roll.pdf")
    text = "".join(page_texts((tmp_path / "roll.pdf").read_bytes()))
    assert ("ชุมชนที่ 1" in text, "ชุมชนที่ 2" in text) == (True, False)

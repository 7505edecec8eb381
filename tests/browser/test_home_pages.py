"""The home pages as a leader's phone and the office's desk show them, and the first steps of an empty fund."""

import pytest

from members.models import Fund
from tests.browser.conftest import Scales, axe_faults, settled, throttle, use_english
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user
from tests.ledger.conftest import book

pytestmark = pytest.mark.browser

ROLES = ["leader", "registrar", "committee", "treasurer", "auditor", "administrator"]


@pytest.fixture
def leader(fund_server):
    make_fund()
    community = CommunityFactory(number=1)
    MemberFactory(community=community)
    return make_user("leader", community=community)


def test_a_leaders_phone_shows_four_buttons_and_no_sideways_scrolling(phone, sign_in, leader) -> None:
    sign_in(phone, leader)
    phone.goto("/")
    assert phone.locator("a.tile").count() == 4
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe_faults(phone) == []
    assert [min(button.bounding_box()["height"], 100) for button in phone.locator("a.tile").all()] == [100] * 4


def test_the_home_page_is_light_and_the_next_one_lighter(phone, sign_in, leader) -> None:
    sign_in(phone, leader)
    with Scales(phone) as scales:
        phone.goto("/")
        settled(phone)
        first = scales.bytes
        phone.goto("/care/")
        settled(phone)
    assert 20_000 < first < 150_000
    assert scales.bytes - first < 30_000


def test_the_home_page_is_usable_within_five_seconds_at_400_kbit_a_second(phone, sign_in, leader) -> None:
    sign_in(phone, leader)
    throttle(phone)
    phone.goto("/", timeout=10_000, wait_until="load")
    assert phone.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart") < 5_000


@pytest.mark.parametrize("role", ROLES)
def test_each_roles_home_is_accessible(page, sign_in, fund_server, role) -> None:
    make_fund()
    sign_in(page, make_user(role))
    page.goto("/")
    assert page.locator("h1").count() == 1
    assert axe_faults(page) == []


def test_the_registrars_search_box_leads_to_the_register(page, sign_in, fund_server) -> None:
    make_fund()
    MemberFactory(number=7, first_name="สมหญิง", family_name="ใจดีสมมติ")
    sign_in(page, make_user("registrar"))
    page.goto("/")
    page.get_by_role("searchbox").fill("สมหญิง")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/members/?q=*")
    assert "ใจดีสมมติ" in page.locator("main").inner_text()


def test_the_auditor_checks_the_books_with_one_click(page, sign_in, fund_server) -> None:
    make_fund()
    use_english(page, fund_server)
    sign_in(page, make_user("auditor"))
    page.goto("/")
    page.get_by_role("button", name="Check the books now").click()
    page.wait_for_url("**/check-books/result/")
    assert "The books hold: nothing was changed or left out since it was posted." in page.locator("main").inner_text()


def test_an_empty_fund_is_founded_by_its_administrator(page, sign_in, fund_server) -> None:
    use_english(page, fund_server)
    sign_in(page, make_user("administrator"))
    page.goto("/")
    page.wait_for_url("**/first-steps/")
    assert axe_faults(page) == []
    page.get_by_label("Name of the fund in Thai").fill("กองทุนสมมติ")
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_label("Month").select_option("5")
    page.get_by_label("Year (B.E.)").fill("2553")
    page.get_by_label("Number of communities").fill("17")
    first = page.locator("fieldset.panel").first
    first.get_by_label("Name of the account in Thai").fill("ออมทรัพย์")
    first.get_by_label("Bank in Thai").fill("ธนาคารสมมติ")
    first.get_by_label("Last digits of its number").fill("1234")
    page.get_by_role("button", name="Found the fund").click()
    page.wait_for_url("**/")
    assert Fund.objects.get().name_th == "กองทุนสมมติ"
    assert "The fund is founded" in page.locator("main").inner_text()


def test_the_glance_reads_well_on_a_phone(phone, sign_in, leader) -> None:
    for account, amount in (("4110", "365.00"), ("4210", "1250000.50"), ("4410", "12.25")):
        book("12001", account, amount)
    sign_in(phone, leader)
    phone.goto("/glance/")
    # in the founding year no legs over the years; ages and balance are charts of their own making
    assert phone.locator(".chart-bars, .chart-grouped, .chart-pyramid, .chart-line").count() == 5
    assert "1,250,000.50" in phone.locator("main").inner_text()
    assert axe_faults(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

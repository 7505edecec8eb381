"""A registrar brings in her old spreadsheet, in a browser: file, columns, what would happen, written."""

from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from members.models import ImportRun, Member
from office.jobs import run_job
from office.models import User
from tests.browser.conftest import axe_faults
from tests.browser.walk import MAIN_BUTTON, fits_a_phone
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user
from tests.members.register_files import HEADINGS, as_xlsx, person

pytestmark = pytest.mark.browser

PHONE_SIZE, DESKTOP_SIZE = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


@pytest.fixture
def registrar(fund_server) -> User:
    with transaction.atomic():
        make_fund()
        community = CommunityFactory(number=1)
        CommunityFactory(number=2)
        MemberFactory(number=900, first_name="ยุพา", family_name="ทองสุข", community=community)
        return make_user("registrar")


@pytest.fixture
def register(tmp_path) -> Path:
    """Sixty rows with the faults of old registers, and a second sheet that is a community."""
    faults = {
        10: {"joined_on": "1/1/2540"},
        20: {"birth_date": "31/2/2518"},
        30: {"community": "ไม่มีชุมชนนี้"},
        40: {"national_id": person(41)[4]},
        50: {"first_name": "ทดสอบ😀"},
        35: {"first_name": "ยุพา", "family_name": "ทองสุข"},
    }
    rows = [person(number, **faults.get(number, {})) for number in range(1, 61)]
    head = ["ลำดับ", "ชื่อ-สกุล", "วันสมัคร"]
    people = [[1, "นายเดี่ยว ใจงาม", "๑ พ.ค. ๒๕๕๘"], [2, "ด.ญ.เล็ก ใจงาม", "2562"]]
    path = tmp_path / "ทะเบียนเดิม.xlsx"
    path.write_bytes(as_xlsx(("ทะเบียน", [["กองทุนทดสอบ"], HEADINGS, *rows]), ("ชุมชนที่ 2", [head, *people])))
    return path


def assert_fits_and_reads(page: Page) -> None:
    """No violation of WCAG at a phone's and at a desktop's width."""
    for size in (PHONE_SIZE, DESKTOP_SIZE):
        page.set_viewport_size(size)
        assert (axe_faults(page), page.url) == ([], page.url)
        assert size is DESKTOP_SIZE or fits_a_phone(page), page.url


def let_the_worker_work() -> None:
    run_job.call(ImportRun.objects.latest("pk").job_id)


def test_an_old_spreadsheet_becomes_the_register(page, sign_in, registrar, register) -> None:
    sign_in(page, registrar)
    page.goto("/members/")
    page.click("main a[href='/members/import/']")
    assert_fits_and_reads(page)
    page.set_input_files("#id_file", register)
    page.click(MAIN_BUTTON)

    expect(page.locator("#id_community_1")).to_have_value("2")
    assert_fits_and_reads(page)
    page.click(MAIN_BUTTON)
    expect(page.locator("progress")).to_be_visible()
    assert_fits_and_reads(page)
    let_the_worker_work()

    expect(page.locator("#outcome")).to_be_visible()  # the page of the work came to its end by itself
    assert_fits_and_reads(page)
    run = ImportRun.objects.get()
    assert {name: run.counts[name] for name in ("new", "refused", "doubles")} == {"new": 56, "refused": 6, "doubles": 1}
    page.click("a[href*='only=refused']")
    expect(page.locator("main tbody tr")).to_have_count(6)
    assert_fits_and_reads(page)
    with page.expect_download() as download:
        page.click("main a[href$='refused.xlsx']")
    assert download.value.suggested_filename == f"refused-{run.pk}.xlsx"
    page.check("#id_leave_out_doubles")
    page.click(MAIN_BUTTON)
    expect(page.locator("progress")).to_be_visible()
    let_the_worker_work()

    expect(page.locator(".panel-good")).to_be_visible()
    assert_fits_and_reads(page)
    assert Member.objects.count() == 1 + 55
    page.click("main a.btn-primary")
    expect(page.locator("main tbody tr")).to_have_count(50)

"""The way of a claim through the house in a browser: a page for each desk, and the steps that every claim takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from office.models import User
from tests.browser.conftest import axe_faults
from tests.pdf_reading import pdfium_text
from tests.welfare.cast import Cast, assemble, fill_box
from welfare.models import Claim

MAIN_BUTTON = "main button.btn-primary.btn-lg"


@dataclass
class Walk:
    """The desks of the house: the leader's phone, and a desktop for each of the others."""

    cast: Cast
    phone: Page
    open_page: Callable[[], Page]
    sign_in: Callable[[Page, User], None]
    desks: dict[str, Page] = field(default_factory=dict)

    def desk(self, user: User) -> Page:
        if user.username not in self.desks:
            page = self.open_page()
            self.sign_in(page, user)
            self.desks[user.username] = page
        return self.desks[user.username]

    def begin(self, kind: str) -> Page:
        """The leader finds the member in her list and touches the kind."""
        phone = self.phone
        self.sign_in(phone, self.cast.leader)
        phone.goto("/claims/new/")
        phone.fill("#id_q", self.cast.member.first_name)
        phone.click("main button[type=submit]")
        phone.click(".list-group-item")
        phone.click(f"a.tile[href*='{kind}']")
        return phone

    def submit(self) -> Claim:
        """The leader sends the form; gives the claim that it became."""
        self.phone.click(MAIN_BUTTON)
        expect(self.phone).to_have_url(address_with("/claims/2563/"))
        claim = Claim.objects.order_by("-id").first()
        assert claim.state == "submitted"
        return claim

    def check(self, claim: Claim) -> None:
        """The registrar opens it from her work list, ticks every paper and verifies."""
        page = self.desk(self.cast.registrar)
        page.goto("/claims/to-check/")
        page.click(f"text={claim.label}")
        for tick in page.locator("input[name=papers_seen]").all():
            tick.check()
        page.click(MAIN_BUTTON)
        expect(page).to_have_url(address_with("/claims/to-check/"))

    def decide(self, claim: Claim) -> None:
        """The committee opens a meeting, names three present, and approves."""
        page = self.desk(self.cast.committee)
        page.goto("/meetings/")
        expect(page.locator("main")).to_contain_text(claim.label)
        page.click("main a.btn-primary")
        page.fill("#id_present", "นายประธาน สมมติ, ประธาน\nนางกรรมการ สมมติ\nนายเลขา สมมติ, เลขานุการ")
        page.click(MAIN_BUTTON)
        expect(page.locator("main ol").first).to_contain_text("นายเลขา สมมติ, เลขานุการ")
        page.check(f"input[name=verdict_{claim.pk}][value=approve]")
        page.click(MAIN_BUTTON)
        expect(page.locator("main table").first).to_contain_text(claim.label)

    def pay(self, claim: Claim, *, national_id: str = "") -> str:
        """The treasurer pays out of the box; gives what reads back from the voucher's PDF."""
        page = self.desk(self.cast.treasurer)
        page.goto("/claims/to-pay/")
        page.click(f"text={claim.label}")
        page.click("main a.btn-primary")
        if national_id:
            page.fill("#id_national_id", national_id)
        page.fill("#id_witness", "นายพยาน สมมติ")
        page.click(MAIN_BUTTON)
        expect(page).to_have_url(address_with("/vouchers/2563/"))
        link = page.locator("main a.btn-primary").get_attribute("href")
        answer = page.request.get(link)
        assert answer.headers["content-type"] == "application/pdf"
        return pdfium_text(answer.body())


def address_with(part: str) -> re.Pattern[str]:
    """A pattern for an address that holds this part."""
    return re.compile(re.escape(part))


def begin_walk(phone: Page, open_page, sign_in) -> Walk:
    with transaction.atomic():
        cast = assemble()
        fill_box()
    return Walk(cast, phone, open_page, sign_in)


def fill_day(page: Page, name: str, day: date) -> None:
    """Type a day of the Buddhist era into its three boxes."""
    page.fill(f"#id_{name}_day", str(day.day))
    page.select_option(f"#id_{name}_month", str(day.month))
    page.fill(f"#id_{name}_year", str(day.year + 543))


def photographed_certificate(folder: Path) -> Path:
    """A photograph of a paper, as a phone makes it: large, and saying where it was taken."""
    picture = Image.new("RGB", (2400, 1800), "#e8e4da")
    drawing = ImageDraw.Draw(picture)
    for line in range(12):
        drawing.rectangle((200, 200 + line * 110, 1900 - (line % 3) * 250, 230 + line * 110), fill="#444444")
    exif = Image.Exif()
    exif[0x0110] = "Test phone"
    path = folder / "certificate.jpg"
    picture.save(path, exif=exif)
    return path


def fits_a_phone(page: Page) -> bool:
    page.wait_for_load_state()  # a click that follows a link returns before the next page has a body
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def assert_usable(page: Page) -> None:
    assert fits_a_phone(page), page.url
    assert axe_faults(page) == []

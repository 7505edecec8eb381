"""The way of a claim through the house in a browser: a page for each desk, and the steps that every claim takes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from members.models import Member
from office.models import User
from tests.browser.conftest import axe_faults
from tests.pdf_reading import pdfium_text
from tests.welfare.cast import Cast, assemble, fill_box
from welfare.models import BenefitList, Claim

MAIN_BUTTON = "main button.btn-primary.btn-lg"
PRESENT = "นายประธาน สมมติ, ประธาน\nนางกรรมการ สมมติ\nนายเลขา สมมติ, เลขานุการ"


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

    def leader(self) -> Page:
        """The phone, in the leader's hand."""
        if "phone" not in self.desks:
            self.sign_in(self.phone, self.cast.leader)
            self.desks["phone"] = self.phone
        return self.phone

    # --- one claim ---

    def begin(self, kind: str, member: Member | None = None) -> Page:
        """The leader finds the member in her list and touches the kind."""
        phone, found = self.leader(), member or self.cast.member
        phone.goto("/claims/new/")
        phone.fill("#id_q", str(found.number))
        phone.click("main button[type=submit]")
        phone.click(f".list-group-item[href*='/{found.number}/']")
        phone.click(f"a.tile[href*='{kind}']")
        return phone

    def submit(self) -> Claim:
        """The leader sends the form; gives the claim that it became."""
        self.phone.click(MAIN_BUTTON)
        expect(self.phone).to_have_url(address_with("/claims/2563/"))
        claim = Claim.objects.order_by("-id").first()
        assert claim.state == "submitted"
        return claim

    def check(self, *claims: Claim) -> None:
        """The registrar opens each from her work list, ticks every paper and verifies."""
        page = self.desk(self.cast.registrar)
        for claim in claims:
            page.goto("/claims/to-check/")
            page.click(f"text={claim.label}")
            for tick in page.locator("input[name=papers_seen]").all():
                tick.check()
            page.click(MAIN_BUTTON)
            expect(page).to_have_url(address_with("/claims/to-check/"))

    def open_meeting(self, waits: str) -> Page:
        """The committee sees what waits, opens a meeting and names three present; gives its page."""
        page = self.desk(self.cast.committee)
        page.goto("/meetings/")
        expect(page.locator("main")).to_contain_text(waits)
        page.click("main a.btn-primary")
        page.fill("#id_present", PRESENT)
        page.click(MAIN_BUTTON)
        expect(page.locator("main ol").first).to_contain_text("นายเลขา สมมติ, เลขานุการ")
        return page

    def decide(self, *claims: Claim, sums: Mapping[int, str] | None = None) -> None:
        """One resolution of a meeting approves all of them; `sums` by the claim's key where the committee sets one."""
        page = self.open_meeting(claims[0].label)
        for claim in claims:
            page.check(f"input[name=verdict_{claim.pk}][value=approve]")
        for key, baht in (sums or {}).items():
            page.fill(f"input[name=amount_{key}]", baht)
            page.fill(f"input[name=reason_{key}]", "คณะกรรมการกำหนด")
        page.click(MAIN_BUTTON)
        decided = page.locator("main table").first
        for claim in claims:
            expect(decided).to_contain_text(claim.label)

    def pay(self, claim: Claim, *, national_id: str = "", second_witness: str = "") -> str:
        """The treasurer pays out of the box, by a click too many; gives what reads back from the voucher's PDF.

        `second_witness`: the receiver gives her thumb print before two.
        """
        page = self.desk(self.cast.treasurer)
        page.goto("/claims/to-pay/")
        page.click(f"text={claim.label}")
        page.click("main a.btn-primary")
        if national_id:
            page.fill("#id_national_id", national_id)
        page.fill("#id_witness", "นายพยาน สมมติ")
        if second_witness:
            page.check("#id_is_thumb_print")
            page.fill("#id_second_witness", second_witness)
        page.dblclick(MAIN_BUTTON)
        expect(page).to_have_url(address_with("/vouchers/2563/"))
        return pdf_text(page, page.locator("main a.btn-primary").get_attribute("href"))

    # --- a list ---

    def open_list(self, code: str, day: date, *, event: str = "") -> BenefitList:
        """The registrar opens a list; the program proposes who is due."""
        page = self.desk(self.cast.registrar)
        page.goto("/lists/new/")
        page.select_option("#id_benefit_code", code)
        fill_day(page, "event_on", day)
        page.fill("#id_event_name", event)
        page.click(MAIN_BUTTON)
        expect(page).to_have_url(re.compile(r"/lists/2563/\d+/$"))
        return BenefitList.objects.get(benefit_code=code)

    def add(self, found: BenefitList, member: Member, *, grade: str) -> None:
        """The leader adds somebody to her part, with the grade of the damage and why."""
        phone = self.leader()
        phone.goto(self.part(found))
        phone.click("main a.btn-outline-primary")
        phone.fill("#id_q", str(member.number))
        phone.click("main button[type=submit]")
        phone.click(f".list-group-item[href*='/add/{member.number}/']")
        phone.check(f"input[name=grade][value={grade}]")
        phone.fill("#id_reason", "น้ำเข้าบ้าน")
        phone.click(MAIN_BUTTON)
        expect(phone).to_have_url(address_with(self.part(found)))

    def confirm_and_send(self, found: BenefitList, *names: str) -> None:
        """The leader sees these names on her part and confirms it; then the registrar sends the list in."""
        phone, page = self.leader(), self.desk(self.cast.registrar)
        phone.goto(self.part(found))
        for name in names:
            expect(phone.locator("main table")).to_contain_text(name)
        phone.click(MAIN_BUTTON)
        expect(phone.locator(".panel-good")).to_contain_text(self.cast.leader.display_name)
        page.goto(f"/lists/{found.year_be}/{found.number}/")
        page.click(MAIN_BUTTON)
        expect(page.locator(MAIN_BUTTON)).to_have_count(0)

    def decide_lists(self, *lists: BenefitList) -> None:
        """One meeting decides each list by a resolution of its own, from the meeting's page."""
        page = self.open_meeting(lists[0].label)
        meeting = page.url
        for found in lists:
            page.goto(meeting)
            page.click(f"main a[href$='/lists/{found.year_be}/{found.number}/']")
            page.click("main a.btn-primary.btn-lg")
            page.click(MAIN_BUTTON)
            expect(page).to_have_url(re.compile(rf"/lists/{found.year_be}/{found.number}/$"))

    def part(self, found: BenefitList) -> str:
        return f"/lists/{found.year_be}/{found.number}/communities/{self.cast.home.number}/"

    def deliver(self, found: BenefitList) -> str:
        """The leader carries the money of her part, and the signed sheet comes back; gives the voucher's text."""
        page = self.desk(self.cast.treasurer)
        page.goto(self.part(found))
        page.click("main .actions a.btn-primary")
        page.select_option("#id_carrier", str(self.cast.leader.pk))
        page.click(MAIN_BUTTON)
        expect(page).to_have_url(address_with("/deliveries/2563/"))
        for outcome in page.locator("select[name^=outcome-]").all():
            outcome.select_option("delivered")
        page.fill("#id_witness", "นายพยาน สมมติ")
        page.click(MAIN_BUTTON)
        page.locator("main a[href*='/vouchers/']").first.click()
        return pdf_text(page, page.locator("main a.btn-primary").get_attribute("href"))

    def pay_by_list(self, *claims: Claim) -> list[str]:
        """The treasurer pays all of them by one list of the cash box; gives the text of each claim's voucher."""
        page = self.desk(self.cast.treasurer)
        page.goto("/claims/to-pay/")
        for claim in claims:
            page.check(f"input[name=claim][value='{claim.pk}']")
        page.click("button[formaction*='/cash/']")
        page.click(MAIN_BUTTON)
        expect(page).to_have_url(address_with("/payment-lists/2563/"))
        for tick in page.locator("input[name^=line-]").all():
            tick.check()
        page.fill("#id_witness", "นายพยาน สมมติ")
        page.click(MAIN_BUTTON)
        expect(page.locator("main a[href*='/vouchers/']")).to_have_count(len(claims))
        paid = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).select_related("voucher").order_by("pk")
        numbers = [(claim.voucher.year_be, claim.voucher.number) for claim in paid]
        return [pdf_text(page, f"/vouchers/{year}/{number}.pdf") for year, number in numbers]

    # --- who sees it afterwards ---

    def assert_shown(self, member: Member, received: Mapping[str, Decimal]) -> None:
        """The member's page on the leader's phone and her passbook page show each benefit as paid, with its sum."""
        phone = self.leader()
        phone.goto(f"/members/{member.number}/")
        passbook = pdf_text(phone, f"/members/{member.number}/passbook/th.pdf")
        for name, baht in received.items():
            paid = phone.locator("main tr").filter(has_text="จ่ายแล้ว").filter(has_text=name)
            expect(paid).to_contain_text(f"{baht:,.2f}")
            assert re.search(rf"{re.escape(name)}\s+{baht:,.2f}\s+2563/\d{{6}}", passbook), name


def pdf_text(page: Page, address: str) -> str:
    """What reads back from the paper at this address, asked for by who sits at the page."""
    answer = page.request.get(address)
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

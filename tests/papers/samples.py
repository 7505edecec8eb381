"""One of every paper, drawn from the demonstration with its names turned hostile.

A paper that is not drawn here fails `test_every_paper`: add a function and name it in `SAMPLES`.
"""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.test import Client
from PIL import Image

from bansong_fund.lib.papers import (
    Column,
    ListPaper,
    PaperLine,
    ReceiptPaper,
    Signature,
    VoucherPaper,
    Words,
    draw_paper,
    render_list,
    render_receipt,
    render_voucher,
)
from bansong_fund.lib.pdf import Language, bind, render_pdf
from contributions.certificates import certificates_pdf, event_certificate
from contributions.cost_papers import certificate_paper
from contributions.event_letters import in_kind_letter, pledge_letter
from contributions.event_papers import empty_sheet, event_result, render_counting_sheet, render_result
from contributions.gift_papers import gifts_statement
from contributions.models import (
    Campaign,
    CollectionSheet,
    Commitment,
    Contributor,
    Gift,
    InKindGift,
    Pledge,
    RunningCost,
)
from contributions.papers import hand_over_slip, render_slip
from contributions.payment_requests import render_requests, requests_in
from contributions.queries.events import with_paid
from contributions.request_letters import request_letter
from ledger.book_papers import render_book, statement_paper
from ledger.closing_papers import year_paper
from ledger.models import Account, FiscalYear
from ledger.opening_queries import told
from ledger.spans import month_span
from members.application_paper import blank_paper, render_application
from members.cards import card_pdf, cards_of
from members.committee import SeatFacts, seat
from members.fund_head import fund_head
from members.models import Community, Fund, Meeting, Member
from members.regulations import standing_rules
from members.rolls import ROLL_STYLESHEETS, draw_rolls, roll_of
from members.year_texts import TEXTS, add_picture, keep_year_words, stamp_of
from office.models import User
from office.phone_cards import PhoneCardPaper, phone_card_pdf
from reports.annual_report import STYLESHEETS as REPORT_STYLESHEETS
from reports.annual_report import draw_annual_report, lay_out
from reports.assembly import BLANK, PackOrder, draw_page_numbers, pack_papers, pack_title
from reports.audit.pack import PackOrder as AuditOrder
from reports.audit.pack import put_together
from reports.audit.press import STYLESHEETS as AUDIT_STYLESHEETS
from reports.audit.press import front_context
from reports.figures.counts import member_counts
from reports.opening_paper import opening_paper
from reports.views.counts import counts_paper
from tests.factories import make_user
from welfare.arrears import letter_rows, letters_for, render_letters
from welfare.care_papers import render_visits
from welfare.list_papers import Sheet, SheetRow, SheetsPaper, render_sheets
from welfare.meeting_papers import agenda_pdf, minutes_pdf
from welfare.models import CarePerson, CareVisit
from welfare.notices_to_members import Notice, render_notice
from welfare.passbook import passbook_of, passbook_pdf
from welfare.personal_data import personal_data_paper
from welfare.regulation_pages import regulation_pdf, version_in_force
from welfare.slips import Slip, Slips, render_slips

HOSTILE = (
    '<img src="file:///etc/passwd" alt="x">',
    '<link rel="stylesheet" href="{address}a.css">',
    '"><style>@import url({address}b.css)</style>',
    "\u202e<a href='javascript:x'>\u0e01\u0e33\u202c",
)
LONG = "กรุงเทพมหานครอมรรัตนโกสินทร์ผู้ที่ปิ่นน้ำ" * 2
"""82 letters without a space between them."""


@dataclass(frozen=True)
class House:
    """What the samples are drawn of. `bad` is a name that means harm, one after another."""

    fund: Fund
    today: date
    user: User
    community: Community
    member: Member
    texts: tuple[str, ...]
    language: Language = "both"

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, datetime.min.time(), UTC)

    @property
    def name(self) -> str:
        return " ".join(self.texts[:2])


def house_of(address: str, language: Language) -> House:
    """The loaded demonstration with names that try to reach `address`, a web server's."""
    texts = tuple(text.format(address=address) for text in HOSTILE)
    community = Community.objects.annotate(all=Count("members")).order_by("all").first()
    Fund.objects.update(
        name_th=f"กองทุนน้ำผึ้งป่า {texts[0]}", name_en=f"Fund {texts[1]}", area_th=texts[2], area_en=texts[3]
    )
    Community.objects.filter(pk=community.pk).update(name_th=texts[0], name_en=texts[3])
    Member.objects.filter(community=community).update(first_name=texts[0], family_name=texts[1])
    Contributor.objects.update(name=f"{texts[0]} {texts[2]}")
    Campaign.objects.update(name_th=texts[0], name_en=texts[1], place=texts[2])
    longest = Member.objects.filter(community=community, memberships__ended_on=None).order_by("number").first()
    Member.objects.filter(pk=longest.pk).update(first_name=LONG, family_name=texts[3])
    fund = Fund.objects.get()
    community.refresh_from_db()
    user = make_user("registrar", "treasurer", "auditor", "committee")
    return House(fund, fund.demo_day, user, community, Member.objects.get(pk=longest.pk), texts, language)


# --- the papers of the house -------------------------------------------------------------------------------


def receipt(house: House) -> bytes:
    lines = tuple(PaperLine(Words(text, LONG), Decimal("365.00")) for text in house.texts)
    paper = ReceiptPaper(
        *(fund_head(house.fund), "2563", "000001", house.today, house.name, lines, Words("เงินสด", "cash")),
        signature=Signature(Words("เหรัญญิก", "Treasurer"), house.texts[0]),
        member_number="1",
        period=house.texts[1],
        collector=house.texts[2],
        gift=True,
        reprinted_on=house.today,
        copy_number=2,
        qr="https://example.org/" + "a" * 30,
    )
    return render_receipt(paper, house.language)


def long_receipt(house: House) -> bytes:
    lines = tuple(PaperLine(Words(f"{number} {LONG}"), Decimal("1.25")) for number in range(60))
    paper = ReceiptPaper(
        *(fund_head(house.fund), "2563", "000002", house.today, LONG, lines, Words("เงินสด", "cash")),
        signature=Signature(Words("เหรัญญิก", "Treasurer")),
    )
    return render_receipt(paper, house.language)


def voucher(house: House) -> bytes:
    paper = VoucherPaper(
        fund_head(house.fund),
        "2563/000001",
        house.today,
        house.name,
        (PaperLine(Words(house.texts[0], house.texts[1]), Decimal("12000.00")),),
        Words("เงินสด", "cash"),
        Signature(Words("เหรัญญิก", "Treasurer"), LONG),
        address=house.texts[2],
        thumb_print=True,
        witnesses=house.texts[:2],
    )
    return render_voucher(paper, house.language)


def long_list(house: House) -> bytes:
    """As long as the longest that is laid out at once."""
    columns = (Column(Words("ที่", "No."), 1, figures=True), Column(house.texts[0], 6), Column("บาท", 2, figures=True))
    rows = tuple((number, house.texts[number % 4] if number < 8 else "น้ำผึ้งป่า", "365.00") for number in range(150))
    paper = ListPaper(
        fund_head(house.fund),
        house.texts[1],
        columns,
        rows,
        totals=("", "", "54,750.00"),
        amounts=(Decimal(365),) * 150,
    )
    return render_list(paper, house.language)


def empty_list(house: House) -> bytes:
    paper = ListPaper(fund_head(house.fund), "บัญชีว่าง", (Column("ที่"), Column("ชื่อ")), (), landscape=True)
    return render_list(paper, house.language)


def hand_over(house: House) -> bytes:
    sheet = CollectionSheet.objects.filter(state=CollectionSheet.State.ACCEPTED).first()
    return render_slip(hand_over_slip([sheet], house.fund), house.language)


def request(house: House) -> bytes:
    commitment = Commitment.objects.exclude(round_number=None).first()
    return request_letter(commitment, house.fund, today=house.today, language=house.language)


def in_lieu(house: House) -> bytes:
    return certificate_paper(RunningCost.objects.first(), house.fund, house.language)


def payment_request(house: House) -> bytes:
    asked = requests_in(house.community, house.today)[:3]
    return render_requests(asked, house.fund, today=house.today, language=house.language)


def counting(house: House) -> bytes:
    return render_counting_sheet(empty_sheet(_event()), house.fund, house.language)


def result(house: House) -> bytes:
    return render_result(event_result(_event()), house.fund, house.language)


def _event() -> Campaign:
    return Campaign.objects.order_by("-held_on").first()


def thanks(house: House) -> bytes:
    giver = Contributor.objects.first()
    return certificates_pdf([event_certificate(_event(), giver, house.today)], house.fund, house.language)


def pledge(house: House) -> bytes:
    return pledge_letter(with_paid(Pledge.objects.exclude(campaign=None)).first(), house.fund, house.language)


def in_kind(house: House) -> bytes:
    return in_kind_letter(InKindGift.objects.first(), house.fund, house.language)


def year_of_gifts(house: House) -> bytes:
    giver = Gift.objects.order_by("receipt__date").first().contributor
    return gifts_statement(giver, 2562, house.fund, today=house.today, language=house.language)


def arrears(house: House) -> bytes:
    members, rules = Member.objects.filter(community=house.community), standing_rules(house.today)
    rows = letter_rows(members, members.order_by("number").values_list("number", flat=True)[:8], rules=rules)
    letters = letters_for(rows[:2], today=house.today, rules=rules, fund=house.fund)
    return render_letters(letters, fund=house.fund, today=house.today, language=house.language)


def personal_data(house: House) -> bytes:
    language = "en" if house.language == "en" else "th"
    who = {"by": house.user, "reason": house.texts[0], "language": language, "today": house.today}
    return personal_data_paper(house.member, house.fund, **who)


def benefit_list(house: House) -> bytes:
    rows = tuple(SheetRow(text, number, "0000", LONG, Decimal("500.00")) for number, text in enumerate(house.texts, 1))
    paper = SheetsPaper(
        *(fund_head(house.fund), "2563/1", house.texts[0], Words(house.texts[1], "Gift"), house.today, "งาน"),
        resolution="1/2563",
        decided_on=house.today,
        is_decided=True,
        about_children=True,
        sheets=(Sheet(Words(house.texts[2], house.texts[3]), rows),),
    )
    return render_sheets(paper, house.language)


def notice(house: House) -> bytes:
    sentences = tuple(Words(text, LONG) for text in house.texts)
    return render_notice(Notice(fund_head(house.fund), "2563/1", Words("อนุมัติ", "Granted"), sentences), house.language)


def agenda(house: House) -> bytes:
    meeting = Meeting.objects.order_by("-held_on").first()
    return agenda_pdf(meeting, house.fund, by=house.user, language=house.language)


def minutes(house: House) -> bytes:
    meeting = Meeting.objects.order_by("-held_on").first()
    return minutes_pdf(meeting, house.fund, language=house.language)


def delivery_slip(house: House) -> bytes:
    slip = Slip("1", "2563/1", house.name, LONG, "1", Words(*house.texts[:2]), Decimal("500"), "1/2563", house.texts[3])
    return render_slips(Slips(fund_head(house.fund), (slip, slip)), house.language)


def visits(house: House) -> bytes:
    first = house.today.replace(day=1)
    return render_visits([], fund=house.fund, first=first, place=house.texts[0], language=house.language)


def regulation(house: House) -> bytes:
    return regulation_pdf(version_in_force(house.today), house.fund, house.language)


def passbook(house: House) -> bytes:
    return passbook_pdf(passbook_of(house.member, today=house.today, fund=house.fund), house.fund, house.language)


def closed_year(house: House) -> bytes:
    year = FiscalYear.objects.filter(closed_at__isnull=False).order_by("-year_be").first()
    return year_paper(year, house.fund, house.language, today=house.today)


def empty_statement(house: House) -> bytes:
    span = month_span(date(2010, 6, 1), today=house.today)
    return render_book(statement_paper(Account.objects.filter(role="bank").last(), span), house.fund, house.language)


def opening(house: House) -> bytes:
    return opening_paper(told(None), house.fund, house.language, by=house.user, now=house.now)


def phone_card(house: House) -> bytes:
    card = PhoneCardPaper(house.texts[0], "https://example.org/x", house.today)
    return phone_card_pdf(card, fund_head(house.fund), "บัตร", house.language)


def member_card(house: House) -> bytes:
    return card_pdf(cards_of(Member.objects.filter(pk=house.member.pk))[0], house.fund, house.language)


def roll(house: House) -> bytes:
    found = roll_of(house.community, today=house.today, fund=house.fund, rules=standing_rules(house.today))
    html = draw_rolls([replace(found, rows=found.rows[:20])], house.fund, house.language)
    return render_pdf(html, title="ทะเบียน", language=house.language, stylesheets=ROLL_STYLESHEETS)


def application(house: House) -> bytes:
    return render_application(blank_paper(house.fund, house.today, house.community), house.language)


def counts(house: House) -> bytes:
    return counts_paper(member_counts(house.today, date(2020, 9, 30), house.fund), house.fund, house.language)


def annual_report(house: House) -> bytes:
    """With a message, a plan, a seat on the committee, a visit to who is looked after, and a photograph."""
    about = {"by": house.user, "now": house.now}
    words = {name: Words(f"{house.texts[place]} {LONG}", house.texts[3]) for place, name in enumerate(TEXTS)}
    keep_year_words(words, year_be=2562, seen=stamp_of(2562, *TEXTS), request_id=uuid.uuid4(), **about)
    sits = SeatFacts(house.texts[0], house.texts[1], since=date(2015, 1, 1), community_post=LONG)
    seat(facts=sits, by=house.user, request_id=uuid.uuid4())
    cared = {"reason": "elderly", "since": date(2015, 1, 1), "added_by": house.user}
    person = CarePerson.objects.create(member=house.member, community=house.community, **cared)
    CareVisit.objects.create(person=person, visited_on=date(2019, 3, 1), visitor=house.user, entered_by=house.user)
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), "#888").save(picture, "JPEG")
    file = SimpleUploadedFile("x.jpg", picture.getvalue(), "image/jpeg")
    add_picture(file, caption=Words(house.texts[2], LONG), year_be=2562, request_id=uuid.uuid4(), **about)
    return lay_out(draw_annual_report(2562, house.language, today=house.today), **about)


def from_page(address: str, house: House) -> bytes:
    """What a page hands out, to one who may see it."""
    client = Client()
    client.force_login(house.user)
    mark = "&" if "?" in address else "?"
    answer = client.get(f"{address}{mark}language={house.language}")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def month_report(house: House) -> bytes:
    return from_page("/month-report/pdf/?month=2020-09", house)


def community_report(house: House) -> bytes:
    return from_page(f"/community-report/pdf/?community={house.community.number}", house)


def notice_board(house: House) -> bytes:
    return from_page(f"/notice-board/{house.community.number}.pdf", house)


def codi_status(house: House) -> bytes:
    return from_page("/funders/codi-status/pdf/", house)


def any_span(house: House) -> bytes:
    return from_page("/reports/span/pdf/?span=fund-2562", house)


def member_statement(house: House) -> bytes:
    return from_page(f"/member-statements/{house.member.number}/pdf/", house)


def assembly(house: House) -> bytes:
    """The pages around the report, bound, with the numbers laid over."""
    order = PackOrder(2562, house.language, BLANK, 20)
    report = draw_annual_report(2562, house.language, today=house.today, is_part=True)
    drawn = [one.html for one in pack_papers(order, report, house.fund)]
    press = {"title": pack_title(order), "language": house.language}
    parts = [render_pdf(html, **press, stylesheets=REPORT_STYLESHEETS) for html in (drawn[0], drawn[-1])]
    return bind(parts, **press, page_numbers=partial(draw_page_numbers, house.fund, house.language))


def audit(house: House) -> bytes:
    """The pages at the front of the pack, with the numbers laid over."""
    order = AuditOrder(month_span(date(2010, 5, 1), today=house.today), "pdf", house.language)
    pack = put_together(order, house.fund, today=house.today, by=house.user)
    head, title = fund_head(house.fund), pack.title(house.language)
    press = {"title": title, "language": house.language, "stylesheets": AUDIT_STYLESHEETS}
    front = render_pdf(draw_paper("pdf/audit.html", front_context(pack, {}), head, house.language), **press)

    def numbers(count: int) -> bytes:
        plain = replace(head, demonstration=False)
        context = {"shapes": [False] * count, "title": pack.name, "is_provisional": True}
        return render_pdf(draw_paper("pdf/audit_numbers.html", context, plain, house.language), **press)

    return bind([front], title=title, language=house.language, page_numbers=numbers)


SAMPLES: tuple[Callable[[House], bytes], ...] = (
    receipt,
    long_receipt,
    voucher,
    long_list,
    empty_list,
    hand_over,
    request,
    in_lieu,
    payment_request,
    counting,
    result,
    thanks,
    pledge,
    in_kind,
    year_of_gifts,
    arrears,
    personal_data,
    benefit_list,
    notice,
    agenda,
    minutes,
    delivery_slip,
    visits,
    regulation,
    passbook,
    closed_year,
    empty_statement,
    opening,
    phone_card,
    member_card,
    roll,
    application,
    counts,
    annual_report,
    month_report,
    community_report,
    notice_board,
    codi_status,
    any_span,
    member_statement,
    assembly,
    audit,
)

"""Words and pictures of the annual report: written in pages, kept half-finished, refused in words, read back in PDF."""

import io
import re
import uuid
from datetime import date
from decimal import Decimal
from html import unescape

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image
from python_calamine import CalamineWorkbook

from bansong_fund.lib.papers import Words
from contributions.models import Campaign, Contributor, Gift, Partner, PartnerActivity
from ledger.accounts import account
from members.committee import SeatFacts, end_seat, seat
from members.models import Meeting, PaperAnswer, Resolution
from members.year_texts import AuditorsOnly, add_picture, keep_auditor_note, pictures_of, year_words
from office.models import Attachment
from reports.annual_report import annual_report, draw_annual_report
from reports.annual_tables import annual_sheets
from reports.year_texts import paragraphs
from tests.factories import make_user
from tests.papers.structure import faults_of
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import NOW, TODAY, client_of
from welfare.models import CarePerson, CareVisit, Claim
from welfare.personal_data import personal_data_paper

YEAR = "/reports/2562"


def picture(size: tuple[int, int] = (60, 40), kind: str = "JPEG") -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", size).save(target, kind)
    return SimpleUploadedFile("ภาพ.jpg", target.getvalue())


def pdf_file() -> SimpleUploadedFile:
    document, target = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(target)
    return SimpleUploadedFile("paper.pdf", target.getvalue())


def added(caption: str, by, year: int = 2562) -> Attachment:
    about = {"caption": Words(caption, "In English"), "year_be": year, "by": by, "now": NOW}
    return add_picture(picture(), **about, request_id=uuid.uuid4())


# --- words --------------------------------------------------------------------------------------------------


def test_half_a_text_is_kept_a_second_click_keeps_nothing_and_who_comes_late_is_told(worked) -> None:
    treasurer, path = client_of(make_user("treasurer")), f"{YEAR}/words/write/"
    key, seen = str(uuid.uuid4()), treasurer.get(path).context["form"]["seen"].initial
    typed = {"chair-message_th": "ปีนี้กองทุน\r\n\r\nเติบโต", "request_id": key, "seen": seen}
    for _click in range(2):
        assert treasurer.post(path, typed).status_code == 302
    assert (year_words(2562)["chair-message"], PaperAnswer.objects.count()) == (Words("ปีนี้กองทุน\n\nเติบโต"), 1)
    late = {"chair-message_th": "ข้อความอื่น", "request_id": str(uuid.uuid4()), "seen": seen}
    answer = treasurer.post(path, late)
    assert answer.context["form"].errors["chair-message_th"] == ["Saved now: ปีนี้กองทุน\n\nเติบโต"]
    assert "ข้อความอื่น" in answer.content.decode()
    late |= {"seen": answer.context["form"]["seen"].value()}
    assert treasurer.post(path, late).status_code == 302
    assert year_words(2562)["chair-message"].th == "ข้อความอื่น"


def test_the_auditor_alone_writes_the_auditors_note(worked) -> None:
    auditor, treasurer = make_user("auditor"), make_user("treasurer", "committee", "registrar")
    path = f"{YEAR}/auditor-note/"
    assert client_of(treasurer).get(path).status_code == 403
    with pytest.raises(AuditorsOnly):
        keep_auditor_note(Words("ก"), year_be=2562, seen="", by=treasurer, now=NOW, request_id=uuid.uuid4())
    typed = {"auditor-note_th": "ถูกต้อง", "auditor-note_en": "Correct", "request_id": str(uuid.uuid4())}
    assert client_of(auditor).post(path, typed).status_code == 302
    assert client_of(auditor).get(f"{YEAR}/words/write/").status_code == 403
    page = client_of(treasurer).get(f"{YEAR}/words/").content.decode()
    assert ("Correct" in page, path in page) == (True, False)


def test_a_year_without_a_report_has_no_words_and_leaders_see_none(worked, first) -> None:
    registrar = client_of(make_user("registrar"))
    answer = registrar.get("/reports/2450/words/", follow=True)
    assert answer.redirect_chain == [("/reports/", 302)]
    assert "The books hold nothing of the year 2450." in answer.content.decode()
    assert client_of(make_user("leader", community=first)).get(f"{YEAR}/words/").status_code == 403


# --- pictures -----------------------------------------------------------------------------------------------


def test_what_is_no_picture_is_refused_in_words_and_its_caption_stays(worked) -> None:
    client = client_of(make_user("committee"))
    for file, told in (
        (SimpleUploadedFile("ภาพ.jpg", b"hello"), "is not a picture"),
        (SimpleUploadedFile("ภาพ.jpg", b"MZ\x90\x00"), "is a program"),
        (SimpleUploadedFile("ภาพ.jpg", b"\xff\xd8\xff\xe0broken"), "is damaged"),
        (picture((10_001, 10_000), "PNG"), "more than 100 million pixels"),
        (pdf_file(), "is a PDF. The report shows photographs"),
        (None, "Choose a photograph."),
    ):
        typed = {"caption_th": "ประชุมใหญ่", "request_id": str(uuid.uuid4())}
        answer = client.post(f"{YEAR}/pictures/new/", typed | ({"file": file} if file else {}))
        assert told in unescape(answer.content.decode())
        assert answer.context["form"]["caption_th"].value() == "ประชุมใหญ่"
    assert Attachment.objects.count() == 0


def test_pictures_are_added_once_ordered_described_anew_and_taken_out(worked) -> None:
    user = make_user("registrar")
    client, key = client_of(user), str(uuid.uuid4())
    for _click in range(2):
        client.post(f"{YEAR}/pictures/new/", {"caption_th": "หนึ่ง", "request_id": key, "file": picture()})
    two, three = added("สอง", user), added("สาม", user)
    assert [one.caption.th for one in pictures_of(2562)] == ["หนึ่ง", "สอง", "สาม"]
    forward = {"request_id": str(uuid.uuid4())}
    for _click in range(2):
        client.post(f"{YEAR}/pictures/{three.pk}/forward/", forward)
    client.post(f"{YEAR}/pictures/{two.pk}/", {"caption_th": "สองใหม่", "request_id": str(uuid.uuid4())})
    assert [one.caption.th for one in pictures_of(2562)] == ["หนึ่ง", "สาม", "สองใหม่"]
    for _click in range(2):
        assert client.post(f"{YEAR}/pictures/{two.pk}/remove/").status_code == 302
    assert [one.caption.th for one in pictures_of(2562)] == ["หนึ่ง", "สาม"]
    assert client.get(f"{YEAR}/pictures/{two.pk}.jpg").status_code == 404
    assert client.get(f"/reports/2563/pictures/{three.pk}.jpg").status_code == 404, "it is of another year"
    assert client.get(f"{YEAR}/pictures/{three.pk}.jpg")["Content-Type"] == "image/jpeg"
    for number in range(10):
        added(f"ภาพ {number}", user)
    thirteenth = {"caption_th": "ภาพ", "request_id": str(uuid.uuid4()), "file": picture()}
    answer = client.post(f"{YEAR}/pictures/new/", thirteenth)
    assert "has 12 pictures already" in " ".join(answer.context["form"].errors["file"])


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_one_picture_as_for_three(worked, count, django_assert_num_queries) -> None:
    user = make_user("registrar")
    for number in range(count):
        added(f"ภาพ {number}", user)
        seat(facts=SeatFacts(f"กรรมการ {number}", "กรรมการ", date(2018, 1, 1)), by=user, request_id=uuid.uuid4())
    client = client_of(user)
    with django_assert_num_queries(9):
        client.get(f"{YEAR}/words/")
    with django_assert_num_queries(5):
        client.get("/committee/")


# --- the committee and whom the fund names ------------------------------------------------------------------


def test_a_seat_is_given_corrected_and_ended_on_its_pages(worked) -> None:
    client = client_of(make_user("registrar"))
    typed = {
        "name": "นางสมมติ  รักดี",
        "post_th": "เลขานุการ",
        "kind": "headman",
        "number": "1",
        "phone": "081-234-5678",
        "since_day": "1",
        "since_month": "1",
        "since_year": "2562",
        "place": "2",
    }
    proposed = client.get("/committee/new/").context["form"]["since"].value()
    assert proposed is None, "today would leave her out of the report of the year before"
    key = str(uuid.uuid4())
    for _click in range(2):
        assert client.post("/committee/new/", typed | {"request_id": key}).status_code == 302
    row = client.get("/committee/").context["runs"][0]
    assert (row.name, row.member.number, row.phone) == ("นางสมมติ รักดี", 1, "0812345678")
    wrong = client.post(f"/committee/{row.pk}/", typed | {"number": "999", "request_id": key})
    assert "There is no member with this number" in " ".join(wrong.context["form"].errors["number"])
    assert client.post(f"/committee/{row.pk}/", typed | {"post_en": "Secretary", "request_id": key}).status_code == 302
    early = {"until_day": "31", "until_month": "12", "until_year": "2561", "request_id": key}
    assert "cannot end" in str(client.post(f"/committee/{row.pk}/end/", early).context["form"].errors["until"])
    assert client.post(f"/committee/{row.pk}/end/", early | {"until_year": "2562"}).status_code == 302
    her = {"by": make_user("registrar"), "reason": "asked", "language": "en", "today": TODAY}
    paper = pdfium_text(personal_data_paper(row.member, worked.fund, **her))
    assert [words for words in ("Seats on the committee", "เลขานุการ", "081-234-5678") if words not in paper] == []
    page = client.get("/committee/")
    assert (page.context["runs"], [one.post_en for one in page.context["ended"]]) == ([], ["Secretary"])


def test_founders_are_named_line_by_line(worked) -> None:
    client, path = client_of(make_user("administrator")), reverse("reports:named", args=["partners"])
    typed = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0", "form-0-th": "มหาวิทยาลัยสมมติ"}
    refused = client.post(path, typed | {"form-1-en": "Without a Thai name"})
    assert "Write the Thai name, too" in refused.content.decode()
    assert client.post(path, typed | {"form-0-work_en": "research"}).status_code == 302
    worked.fund.refresh_from_db()
    kept = {"th": "มหาวิทยาลัยสมมติ", "en": "", "work_th": "", "work_en": "research"}
    assert worked.fund.partners == [kept]
    assert client.get(reverse("reports:named", args=["others"])).status_code == 404


# --- on paper -----------------------------------------------------------------------------------------------


@pytest.fixture
def told(worked, first) -> None:
    """2563 with everything beside the figures: words, seats, an event, a partner, care, resolutions, a picture."""
    user, auditor = make_user("treasurer"), make_user("auditor")
    words = {
        "chair-message": ('สวัสดีสมาชิก\n<img src="file:///etc/passwd">', "Dear members"),
        "next-plan": ("ขยายสมาชิก", ""),
        "remarks": ("ขอบคุณทุกฝ่าย", "Thanks to all"),
    }
    for name, (thai, english) in words.items():
        about = {"question": name, "year_be": 2563, "text_th": thai, "text_en": english}
        PaperAnswer.objects.create(**about, answered_by=user, answered_at=NOW)
    keep_auditor_note(Words("ถูกต้อง"), year_be=2563, seen="", by=auditor, now=NOW, request_id=uuid.uuid4())
    chair = SeatFacts("นายสมมติ ประธานดี", "ประธาน", date(2015, 1, 1), name_en="Mr Sommut", phone="0812345678")
    end_seat(seat=seat(facts=chair, by=user, request_id=uuid.uuid4()), until=date(2020, 6, 30), by=user)
    for name, post in (("นายรองสมมติ", "รองประธาน"), ("นางประธานใหม่", "ประธานกองทุน")):
        seat(facts=SeatFacts(name, post, date(2020, 7, 1)), by=user, request_id=uuid.uuid4())
    earlier = SeatFacts("นายพ้นแล้ว", "กรรมการ", date(2015, 1, 1))
    end_seat(seat=seat(facts=earlier, by=user, request_id=uuid.uuid4()), until=date(2019, 12, 31), by=user)
    _event_with_partner(worked)
    person = CarePerson.objects.create(
        name="นางในการดูแล", community=first, since=date(2020, 1, 1), reason="elderly", added_by=user
    )
    CareVisit.objects.create(person=person, visited_on=date(2020, 3, 1), visitor=user, entered_by=user)
    agm = Meeting.objects.create(kind="general", number=1, year_be=2563, held_on=date(2020, 3, 21))
    Resolution.objects.create(meeting=agm, number=1, subject="รับรองรายงานประจำปี 2562", text="ชื่อบุคคล")
    plain = Meeting.objects.create(number=77, year_be=2563, held_on=date(2020, 4, 1))
    Resolution.objects.create(meeting=plain, number=1, subject="ซื้อตู้เอกสาร")
    of_a_claim = Claim.objects.filter(event_from__year=2020).get().resolution
    Meeting.objects.filter(pk=of_a_claim.meeting_id).update(held_on=date(2020, 5, 1))
    added("ภาพประชุมใหญ่ <b>", user, 2563)


def _event_with_partner(books) -> None:
    partner = Partner.objects.create(name_th="โรงพยาบาลสมมติ", name_en="Invented hospital", work_th="ตรวจสุขภาพ")
    PartnerActivity.objects.create(partner=partner, title="ตรวจสุขภาพ", held_on=date(2020, 5, 1))
    for year, amount in ((2019, "400.00"), (2020, "612.25")):
        event = Campaign.objects.create(
            year_be=year + 543,
            name_th=f"ผ้าป่า {year}",
            name_en=f"Pha Pa {year}",
            held_on=date(year, 6, 1),
            target=Decimal("1000.00"),
        )
        giver = Contributor.objects.create(number=year, kind="shop", name="ร้านผ้าป่า", brought_by=partner)
        receipt = books.receive("gift", amount, date(2020, 6, 2), contributor_number=giver.number)
        about = {"income_account": account("gift"), "amount": Decimal(amount), "received_on": date(2020, 6, 2)}
        Gift.objects.create(contributor=giver, receipt=receipt, campaign=event, **about)


def gifts_by_plain_sql(numbers: tuple[int, ...]) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sum(l.amount) FROM ledger_line l JOIN ledger_account a ON a.id = l.credit_id
               WHERE a.role = 'gift' AND l.contributor_number = ANY(%s)""",
            [list(numbers)],
        )
        return cursor.fetchone()[0]


def test_the_report_tells_the_year_beside_its_figures(told) -> None:
    pdf = annual_report(2563, "both", today=TODAY, now=NOW, by=None)
    text = " ".join(pdfium_text(pdf).split())
    wanted = [
        *("สวัสดีสมาชิก", '<img src="file:///etc/passwd">', "Dear members", "ขยายสมาชิก", "Thanks to all", "ถูกต้อง"),
        *("นายสมมติ ประธานดี", "Mr Sommut", "Pha Pa 2020", "Pha Pa 2019", "(61 %)", "Invented hospital", "ตรวจสุขภาพ"),
        *("ซื้อตู้เอกสาร", "1/2563 (1)", "รับรองรายงานประจำปี 2562", "ภาพประชุมใหญ่ <b>", "In English"),
        *(f"{gifts_by_plain_sql((2020,)):,.2f}", f"{gifts_by_plain_sql((2019, 2020)):,.2f}"),
    ]
    assert [words for words in wanted if words not in text] == []
    # the cover and the message name who is chair at the end, the list all
    assert [text.count(name) for name in ("นางประธานใหม่", "นายสมมติ ประธานดี", "นายรองสมมติ")] == [3, 1, 1]
    unwanted = ["081", "นายพ้นแล้ว", "ชื่อบุคคล", "มติทดสอบ", "นางในการดูแล"]
    assert [words for words in unwanted if words in text] == []
    assert faults_of(pdf, language="th") == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tags = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert "ภาพประชุมใหญ่ <b> / In English" in [str(one.get("/Alt", "")) for one in tags]
    book = CalamineWorkbook.from_filelike(io.BytesIO(annual_sheets(2563, "en", today=TODAY).content))
    cells = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    raised = float(gifts_by_plain_sql((2020,)))
    assert {"Mr Sommut", "Pha Pa 2020", raised, "Invented hospital", date(2020, 3, 21)} - cells == set()
    assert "0812345678" not in cells


def test_what_has_no_english_is_marked_as_thai_on_an_english_report(told) -> None:
    html = draw_annual_report(2563, "en", today=TODAY).html
    marked = [unescape(text) for text in re.findall(r'<span lang="th">(.*?)</span>', html)]
    assert {"ซื้อตู้เอกสาร", "นายรองสมมติ", "ประธานกองทุน"} - set(marked) == set()
    assert '<span lang="th">' not in draw_annual_report(2563, "both", today=TODAY).html


def test_what_nobody_wrote_is_left_out_but_the_auditors_ruled_place(worked) -> None:
    html = draw_annual_report(2562, "en", today=TODAY).html
    heads = [" ".join(head.split()) for head in re.findall(r"<h2>(.*?)</h2>", unescape(html), re.DOTALL)]
    numbers, names = zip(*(head.split(". ", 1) for head in heads), strict=True)
    assert list(numbers) == [str(number) for number in range(1, len(heads) + 1)]
    beside = ["The chair's message", "The committee", "The annual event", "Partners", "Care at home and referrals"]
    beside += ["Resolutions of the year", "Plan for the next year", "Pictures of the year", "The auditor's note"]
    assert [name for name in names if name in beside] == ["The auditor's note"]
    assert html.count("ruled-line") == 7


def test_a_text_falls_back_to_the_language_there_is() -> None:
    thai = Words("หนึ่ง\n\nสอง")
    assert paragraphs(thai, "en") == [("th", ["หนึ่ง", "สอง"])]
    assert paragraphs(thai, "both") == [("th", ["หนึ่ง", "สอง"])]
    assert paragraphs(Words("ก", "a"), "both") == [("th", ["ก"]), ("en", ["a"])]
    assert paragraphs(Words(""), "th") == []

"""Papers of an event read back: certificates of thanks, the list of thanks, the net result, the counting sheet."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bansong_fund.lib.pdf import page_count
from contributions.certificates import certificates_of, event_certificate, givers_at, letters_of
from contributions.event_papers import empty_sheet, event_result, render_counting_sheet, render_result, sheet_of
from contributions.gifts import ANONYMOUS
from contributions.models import CashCount, Contributor, InKindGift, Sponsor
from office.jobs import run_job
from office.models import Job, ReadingLog
from tests.contributions.conftest import TODAY
from tests.contributions.test_contributors import client_of
from tests.contributions.test_counting import HELD_ON, THREE, count, event, give, spend, void
from tests.pdf_reading import page_texts, pdfium_text, silent_weasyprint  # noqa: F401 - a warning fails its test

LONG = "บริษัท ทดสอบสมมติอุตสาหกรรมเกษตรแปรรูปภาคใต้ตอนบน จำกัด (มหาชน) สำนักงานใหญ่"


def in_kind(campaign, giver: Contributor, number: int = 1) -> InKindGift:
    facts = {"description": "ข้าวสาร 10 กระสอบ", "said_value": Decimal("4000.00"), "received_on": HELD_ON}
    return InKindGift.objects.create(number=number, year_be=2563, contributor=giver, campaign=campaign, **facts)


def contributor(name: str, number: int = 90, **changes) -> Contributor:
    return Contributor.objects.create(number=number, name=name, kind="person", **changes)


def posted(client: Client, address: str):
    return client.post(address, {"request_id": str(uuid.uuid4()), "language": "th"})


# --- certificates -----------------------------------------------------------------------------------------


def test_all_who_gave_get_one_certificate_each_and_the_nameless_none(who) -> None:
    one = event()
    give(who, one, name="ร้านกอ")
    give(who, one, name="ร้านกอ")
    give(who, one, name=ANONYMOUS)
    void(who, give(who, one, name="ร้านขอ"))
    give(who, event(), name="ร้านคอ")
    in_kind(one, contributor("นางงอ สมมติ"))
    Sponsor.objects.create(campaign=one, contributor=contributor("นายจอ สมมติ", 91))
    assert [giver.name for giver in givers_at(one)] == ["นางงอ สมมติ", "นายจอ สมมติ", "ร้านกอ"]
    assert [row.name for row in certificates_of({"year": 2563}, TODAY)] == ["นางงอ สมมติ", "ร้านกอ", "ร้านคอ"]


def test_certificates_name_no_amount_and_keep_to_a_page_across_each(who) -> None:
    one = event()
    give(who, one, "1234.00", name="ร้านทดสอบ")
    give(who, one, "1234.00", name=LONG)
    answer = posted(client_of(who.committee), reverse("contributions:event_certificates", args=[one.pk]))
    pages = page_texts(answer.content)
    assert (len(pages), answer["Content-Type"]) == (2, "application/pdf")
    assert [
        name.replace(" ", "") in text.replace(" ", "").replace("\n", "")
        for name, text in zip((LONG, "ร้านทดสอบ"), pages, strict=True)
    ] == [True, True]
    assert ["1,234" in text or "อนุโมทนา" in text for text in pages] == [False, False]
    assert ReadingLog.objects.get().what == "certificates"


@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_the_longest_name_still_leaves_one_page(who, language) -> None:
    one = event(name_th="งาน" * 60, place="ศาลา" * 40)
    give(who, one, name=("กุณฑลี" * 40)[:200])
    address = reverse("contributions:event_certificate", args=[one.pk, 1])
    assert page_count(client_of(who.auditor).get(f"{address}?language={language}").content) == 1


def test_letters_above_and_below_take_no_room(who) -> None:
    assert (letters_of("กุณฑ์"), letters_of("น้ำ ใจ")) == (3, 5)
    sizes = [event_certificate(event(), Contributor(name="ก" * n), TODAY).size for n in (26, 27, 50, 72, 73)]
    assert sizes == ["large", "middle", "small", "smallest", "two-lines"]


def test_many_certificates_come_from_the_worker_as_one_file(who, settings) -> None:
    one = event()
    for place in range(11):
        in_kind(one, contributor(f"ร้านทดสอบ {place}", 100 + place), number=place + 1)
    client = client_of(who.treasurer)
    answer = posted(client, reverse("contributions:event_certificates", args=[one.pk]))
    job = Job.objects.get()
    assert answer.url == reverse("office:job", args=[job.pk])
    run_job.func(job.pk)
    pdf = b"".join(client.get(reverse("office:job_result", args=[job.pk])).streaming_content)
    assert page_count(pdf) == 11


def test_the_statements_of_all_who_gave_in_a_year_are_one_file_and_leaders_have_none(who) -> None:
    one = event()
    for name, baht in (("ร้านหนึ่ง สมมติ", "250.00"), ("ร้านสอง สมมติ", "99.50"), (ANONYMOUS, "10.00")):
        give(who, one, baht, name)
    client, address = client_of(who.treasurer), reverse("contributions:year_statements", args=[2563])
    posted(client, address)
    job = Job.objects.get()
    run_job.func(job.pk)
    pdf = b"".join(client.get(reverse("office:job_result", args=[job.pk])).streaming_content)
    pages = page_texts(pdf)
    assert [("250.00" in page, "99.50" in page) for page in pages] == [(True, False), (False, True)]
    assert client_of(who.leader).post(address).status_code == 403
    assert posted(client, reverse("contributions:year_statements", args=[2550])).url.endswith("/year/2550/")


def test_one_alone_is_for_who_gave_and_leaders_print_none(who) -> None:
    one = event()
    give(who, one)
    contributor("นางงอ สมมติ")
    address = "/money-in/contributors/{}/certificate/2563/"
    client = client_of(who.treasurer)
    assert [client.get(address.format(number)).status_code for number in (1, 90)] == [200, 404]
    assert client.get(reverse("contributions:event_certificate", args=[one.pk, 90])).status_code == 404
    assert client_of(who.leader).get(address.format(1)).status_code == 403
    nobody = posted(client, reverse("contributions:year_certificates", args=[2550]))
    assert nobody.url == reverse("contributions:contributor_year", args=[2550])


# --- thanks and result ------------------------------------------------------------------------------------


def test_the_list_of_thanks_names_those_who_agreed(who) -> None:
    one = event()
    give(who, one, "100.00", name="ร้านเปิดเผย")
    give(who, one, "250.00", name="นายปิด สมมติ")
    Contributor.objects.filter(name="นายปิด สมมติ").update(may_be_named=False)
    in_kind(one, contributor("นางงอ สมมติ", may_be_named=True))
    in_kind(one, contributor("นายจอ สมมติ", 91), number=2)
    for place, (name, agreed) in enumerate((("บริษัทเจ้าภาพทดสอบ", True), ("นายฉอ สมมติ", False))):
        sponsor = contributor(name, 92 + place, may_be_named=agreed)
        Sponsor.objects.create(campaign=one, contributor=sponsor, part="เวทีใหญ่" if agreed else "พุ่มลับ")
    address = reverse("contributions:event_thanks", args=[one.pk])
    text = pdfium_text(client_of(who.auditor).get(f"{address}?language=th").content)
    wanted = ("ร้านเปิดเผย", "นางงอ สมมติ", "ข้าวสาร 10 กระสอบ", "100.00", "250.00", "350.00")
    assert [words in text for words in (*wanted, "บริษัทเจ้าภาพทดสอบ", "เวทีใหญ่")] == [True] * 8
    assert [words in text for words in ("นายปิด", "นายจอ", "นายฉอ", "พุ่มลับ")] == [False] * 4


def test_the_result_ties_income_costs_and_net(who) -> None:
    one = event(target=Decimal("5000.00"))
    give(who, one)
    give(who, one, "900.00", place=who.bank)
    spend(who, one, "200.00")
    in_kind(one, contributor("นางงอ สมมติ"))
    count(who, one, "1300.00", {"1000": 1, "100": 3}, "ทอนผิด")
    result = event_result(one)
    assert (result.sums.raised, result.sums.costs, result.sums.net) == (
        Decimal("2400.50"),
        Decimal("200.00"),
        Decimal("2200.50"),
    )
    text = pdfium_text(render_result(result, who.fund, "th"))
    wanted = (
        "2,400.50",
        "2563/000001",
        "ค่าเต็นท์",
        "2,200.50",
        "ข้าวสาร 10 กระสอบ",
        "4,000.00",
        "5,000.00",
        "-0.50: ทอนผิด",
    )
    assert [words in text for words in wanted] == [True] * 8


def test_an_event_that_cost_more_than_it_brought_has_its_result(who) -> None:
    one = event()
    give(who, one, "0.25")
    give(who, None, "500.00")
    spend(who, one, "200.25")
    text = pdfium_text(render_result(event_result(one), who.fund, "en"))
    assert ["(200.00)" in text, "The costs are above the income" in text] == [True, True]


# --- the counting sheet -----------------------------------------------------------------------------------


def test_the_counting_sheet_fits_a_page_empty_and_filled(who) -> None:
    one = event()
    give(who, one)
    filled = count(who, one, "1500.00", {"500": 3}, "เหรียญหาย")
    for language in ("th", "en", "both"):
        papers = [render_counting_sheet(sheet, who.fund, language) for sheet in (empty_sheet(one), sheet_of(filled))]
        assert [page_count(paper) for paper in papers] == [1, 1]
        text = pdfium_text(papers[1])
        wanted = ("1,500.50", "1,500.00", "เหรียญหาย", *(row.name for row in THREE))
        assert [words in text for words in wanted] == [True] * 6


def typed(**changes: str) -> dict[str, str]:
    day = {"date_day": "1", "date_month": "11", "date_year": "2563"}
    names = {f"counter_{place}": one.name for place, one in enumerate(THREE, start=1)}
    pieces = {"pieces_1000": "1", "pieces_500": "1", "pieces_0_50": "1", "counted": "1,500.50"}
    return {"request_id": str(uuid.uuid4()), **day, **names, **pieces} | changes


def test_the_treasurer_counts_on_the_page_and_others_look(who, django_assert_num_queries) -> None:
    one = event()
    give(who, one)
    page = reverse("contributions:event_count", args=[one.pk])
    assert client_of(who.auditor).post(page, typed()).status_code == 403
    client = client_of(who.treasurer)
    twice = client.post(page, typed(counter_2=THREE[0].name))
    assert (list(twice.context["form"].errors), twice.context["form"]["counted"].value()) == (["counter_1"], "1,500.50")
    assert list(client.post(page, typed(counted="1,500.00")).context["form"].errors) == ["counted"]
    assert client.post(page, typed()).url == page
    kept = CashCount.objects.get()
    assert (kept.counted, kept.counted_on) == (
        Decimal("1500.50"),
        date(2020, 11, 1),
    )
    auditor = client_of(who.auditor)
    auditor.get(page)
    for _ in range(2):
        # session, user, roles, fund, event, counts, gifts, sales, costs, earlier counts
        with django_assert_num_queries(10):
            shown = auditor.get(page)
        for place in (1, 2):
            give(who, one, "20.00")
            count(who, one, f"{20 * place}.00", {"20": place}, "เกิน" * (place - 1))
    assert (THREE[2].name in shown.content.decode(), shown.context["may_count"]) == (True, False)
    assert client.get(reverse("contributions:counting_sheet", args=[one.pk, kept.pk])).status_code == 200
    assert client.get(reverse("contributions:counting_sheet", args=[event().pk, 1])).status_code == 404

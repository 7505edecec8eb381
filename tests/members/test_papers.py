"""Cards and rolls read back: in each language, by page, with every name; and who may print whose."""

import io
import re
import uuid
from datetime import date

import pikepdf
import pytest
import segno
from django.urls import reverse

from bansong_fund.lib.papers import Words
from members.cards import Card, card_pdf, cards_of, qr_content
from members.models import Member
from members.paper_jobs import cards_pdf, rolls_pdf
from members.queries import search_members, visible_members
from members.rolls import roll_of
from members.standing import StandingRules
from office.jobs import run_job
from office.models import Job, ReadingLog
from tests.factories import TODAY, HouseholdFactory, MemberFactory, make_user
from tests.members.test_views import client_of
from tests.pdf_reading import page_texts, pdfium_text, silent_weasyprint  # noqa: F401

RULES = StandingRules(90, 365)
LANGUAGES = ["th", "en", "both"]
PAPERS = "/members/papers/"


def flat(text: str) -> str:
    return " ".join(text.split())


def tags(pdf: bytes) -> set[str]:
    """The kinds of structure that the document is tagged with."""
    found: set[str] = set()

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.add(str(node.S))
            walk(node.get("/K", pikepdf.Array()))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert bool(document.Root.MarkInfo.Marked)
        walk(document.Root.StructTreeRoot.K)
    return found


def sizes_in_mm(pdf: bytes) -> set[tuple[float, float]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        boxes = [[float(side) for side in page.mediabox] for page in document.pages]
    return {(round(right * 25.4 / 72, 1), round(top * 25.4 / 72, 1)) for _left, _bottom, right, top in boxes}


# --- the card -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ["กองทุนสวัสดิการชุมชนทดสอบ", "เลขทะเบียนสมาชิก 417", "ชุมชนที่ 1", "1 พ.ค. 2553"]),
        ("en", ["Test Community Welfare Fund", "Member no. 417", "Community 1", "1 May 2553"]),
        ("both", ["Test Community Welfare Fund", "เลขทะเบียนสมาชิก Member no. 417", "ชุมชนที่ 1 Community 1"]),
    ],
)
def test_a_card_has_the_size_of_a_bank_card_and_says_whose_it_is(fund, first, language, said) -> None:
    MemberFactory(number=417, first_name="สมหญิง", community=first, joined_on=date(2010, 5, 1))
    pdf = card_pdf(cards_of(Member.objects.all())[0], fund, language)
    text = flat(pdfium_text(pdf))
    assert sizes_in_mm(pdf) == {(85.6, 54.0)}
    assert [words for words in ["นางสมหญิง สมมติสกุล", *said] if words not in text] == []
    assert {"/H1", "/P", "/Figure"} - tags(pdf) == set()


def test_the_code_holds_the_number_that_the_search_box_takes(fund, first) -> None:
    member = MemberFactory(number=417, community=first)
    card = cards_of(Member.objects.all())[0]
    shown = re.search(r'<path[^>]* d="([^"]+)"', card.qr).group(1)
    again = segno.make("417", error="m", micro=False).svg_inline(scale=2, border=4, omitsize=True)
    assert shown == re.search(r'<path[^>]* d="([^"]+)"', again).group(1)
    found = search_members(visible_members(make_user("registrar")), qr_content(417))
    assert list(found) == [member]


@pytest.mark.parametrize(("members", "pages"), [(1, 1), (10, 1), (11, 2), (101, 11)])
def test_ten_cards_stand_on_a_sheet(fund, first, members, pages) -> None:
    name = Card(1, "นางทดสอบ สมมติ", first_words(first), date(2010, 5, 1))
    cards = [Card(number, name.name, name.community, name.joined_on) for number in range(1, members + 1)]
    pdf = cards_pdf(cards, fund, "en")
    texts = page_texts(pdf)
    assert (len(texts), sizes_in_mm(pdf)) == (pages, {(210.0, 297.0)})
    numbers = [int(number) for text in texts for number in re.findall(r"Member no\. (\d+)", text)]
    assert numbers == list(range(1, members + 1))


def first_words(community):
    return Words(community.name_th, community.name_en)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "ก" * 500, "กิ๊ฟ 😀", "A & B"])
def test_a_hostile_name_stays_within_its_card(fund, first, name) -> None:
    pdf = card_pdf(Card(7, name, first_words(first), None), fund, "both")
    text = pdfium_text(pdf)
    assert len(page_texts(pdf)) == 1
    assert name[:4] in text


# --- the roll -----------------------------------------------------------------------------------------------


def people(first) -> None:
    house = HouseholdFactory(community=first, house_number="12/3", moo="4")
    names = ["ไก่", "กมล", "แก้ว", "เอก", "ขวัญ"]
    for number, name in enumerate(names, start=1):
        MemberFactory(number=number, first_name=name, community=first, household=house if number == 2 else None)
    Member.objects.filter(number=4).update(sex="m", birth_date=date(1950, 1, 1))
    Member.objects.filter(number=5).update(birth_date=None)
    Member.objects.get(number=1).memberships.update(paid_through=date(2020, 9, 30))
    Member.objects.get(number=3).memberships.update(ended_on=date(2020, 1, 1), end_reason="moved")
    MemberFactory(number=9, community=first, merged_into=Member.objects.get(number=2))


def test_the_roll_stands_in_thai_order_with_what_the_register_knows(fund, first) -> None:
    people(first)
    roll = roll_of(first, today=TODAY, fund=fund, rules=RULES)
    assert [(row.number, row.house, row.moo, row.age, row.standing) for row in roll.rows] == [
        (2, "12/3", "4", 45, "good"),
        (1, "", "", 45, "arrears"),
        (5, "", "", None, "good"),
        (4, "", "", 70, "good"),
    ]
    assert [numbers for _name, numbers in roll.totals] == [(3, 0, 3), (0, 0, 0), (0, 1, 1), *[(0, 0, 0)] * 2, (3, 1, 4)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ["ชุมชนที่ 1", "1 พฤศจิกายน 2563", "บ้านเลขที่", "2 1 นางไก่ สมมติสกุล หญิง 45 1 ม.ค. 2558 30 ก.ย. 2563"]),
        ("en", ["Community 1", "1 November 2563", "House no.", "2 1 นางไก่ สมมติสกุล Female 45 1 Jan 2558 30 Sep 2563"]),
        ("both", ["ชุมชนที่ 1 Community 1", "บ้านเลขที่ House no.", "หญิง Female 45 1 ม.ค. 2558 30 ก.ย. 2563"]),
    ],
)
def test_the_roll_is_read_back_in_each_language(fund, first, language, said) -> None:
    people(first)
    pdf = rolls_pdf([first], today=TODAY, language=language)
    text = flat(pdfium_text(pdf))
    assert [words for words in said if words not in text] == []
    assert sizes_in_mm(pdf) == {(297.0, 210.0)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} - tags(pdf) == set()


def test_a_long_roll_repeats_its_head_and_numbers_its_pages(fund, first, second) -> None:
    for number in range(1, 61):
        MemberFactory(number=number, first_name="สมชาย" * 12, community=first)
    MemberFactory(number=99, community=second)
    pages = page_texts(rolls_pdf([first, second], today=TODAY, language="en"))
    of_first = pages[:-1]
    assert [f"Page {n}/{len(of_first)}" in flat(page) for n, page in enumerate(of_first, start=1)] == [True] * len(
        of_first
    )
    assert "Page 1/1" in flat(pages[-1])
    rows = [page for page in of_first if "สมชาย" in page]
    assert all("Member" in page and "Community 1" in page for page in rows)
    assert len(rows) > 3


def test_no_id_and_no_phone_stand_on_a_roll(fund, first) -> None:
    MemberFactory(number=1, community=first, phone="0812345678", national_id_last4="9876")
    text = pdfium_text(rolls_pdf([first], today=TODAY, language="th"))
    assert ("9876" in text, "081" in text) == (False, False)


def test_the_roll_of_an_empty_community_says_so(fund, first) -> None:
    assert "Nothing to list" in pdfium_text(rolls_pdf([first], today=TODAY, language="en"))


@pytest.mark.parametrize("members", [1, 3])
def test_a_roll_takes_as_many_queries_for_one_member_as_for_three(
    fund, first, members, django_assert_num_queries
) -> None:
    for _n in range(members):
        MemberFactory(community=first, household=HouseholdFactory(community=first))
    with django_assert_num_queries(3):
        rolls_pdf([first], today=TODAY, language="th")


# --- the page -----------------------------------------------------------------------------------------------


def asked(**fields: object) -> dict[str, object]:
    base = {"paper": "roll", "community": "", "numbers": "", "language": "en", "request_id": uuid.uuid4()}
    return base | fields


def test_a_short_roll_comes_at_once_and_is_written_down(fund, first) -> None:
    people(first)
    leader = make_user("leader", community=first)
    answer = client_of(leader).post(PAPERS, asked(community=1))
    assert [answer[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")] == [
        "application/pdf",
        'attachment; filename="roll-1-en.pdf"',
        "private, no-store",
    ]
    assert list(ReadingLog.objects.values_list("user", "subject_kind", "subject_name", "what")) == [
        (leader.pk, "community", "ชุมชนที่ 1", "roll")
    ]


def test_many_members_are_printed_by_the_worker_once_for_two_clicks(fund, first, second) -> None:
    for number in range(1, 53):
        MemberFactory(number=number, community=first if number > 1 else second)
    registrar = client_of(make_user("registrar"))
    for paper, pages in (("roll", 4), ("cards", 6)):
        data = asked(paper=paper)
        answers = {registrar.post(PAPERS, data).url for _click in range(2)}
        job = Job.objects.latest("pk")
        assert answers == {reverse("office:job", args=[job.pk])}
        run_job.func(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error) == ("done", "")
        pdf = b"".join(registrar.get(reverse("office:job_result", args=[job.pk])).streaming_content)
        assert len(page_texts(pdf)) >= pages
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    ("numbers", "found"), [("2", {2}), ("1, 4-5", {1, 4, 5}), ("๑ ๒", {1, 2}), ("4 - 5", {4, 5}), ("", {1, 2, 4, 5})]
)
def test_cards_of_a_selection(fund, first, numbers, found) -> None:
    people(first)
    answer = client_of(make_user("registrar")).post(PAPERS, asked(paper="cards", numbers=numbers))
    shown = {int(number) for number in re.findall(r"Member no\. (\d+)", pdfium_text(answer.content))}
    assert shown == found
    each = set(Member.objects.filter(number__in=found).values_list("pk", flat=True)) if numbers else {0}
    assert set(ReadingLog.objects.values_list("subject_id", flat=True)) == each  # who was chosen is named


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"paper": "cards", "numbers": "สิบ"}, "numbers"),
        ({"paper": "cards", "numbers": "9-3"}, "numbers"),
        ({"paper": "cards", "numbers": "1-99999999"}, "numbers"),
        ({"paper": "cards", "numbers": "777"}, "numbers"),
        ({"paper": "cards", "numbers": "3"}, "numbers"),  # has moved away
        ({"paper": "book"}, "paper"),
        ({"language": "fr"}, "language"),
        ({"community": "88"}, "community"),
    ],
)
def test_what_cannot_be_printed_is_told_at_its_field(fund, first, wrong, field) -> None:
    people(first)
    answer = client_of(make_user("registrar")).post(PAPERS, asked(**wrong))
    assert (answer.status_code, set(answer.context["form"].errors)) == (200, {field})
    assert ReadingLog.objects.count() == 0


def test_a_leader_prints_her_own_community_alone(fund, first, second) -> None:
    mine, other = MemberFactory(number=1, community=first), MemberFactory(number=2, community=second)
    leader = client_of(make_user("leader", community=first))
    assert leader.get(reverse("members:card", args=[mine.number, "th"])).status_code == 200
    assert leader.get(reverse("members:card", args=[other.number, "th"])).status_code == 404
    assert set(leader.post(PAPERS, asked(community=2)).context["form"].errors) == {"community"}
    assert set(leader.post(PAPERS, asked(paper="cards", numbers="2")).context["form"].errors) == {"numbers"}
    assert "นางทดสอบ" in pdfium_text(leader.post(PAPERS, asked()).content)


def test_a_job_prints_what_its_user_may_see(fund, first, second) -> None:
    mine, other = (MemberFactory(community=place) for place in (first, second))
    leader = make_user("leader", community=first)
    job = Job.objects.create(
        kind="member-cards", requested_by=leader, parameters={"paper_language": "en", "members": [mine.pk, other.pk]}
    )
    run_job.func(job.pk)
    result = client_of(leader).get(reverse("office:job_result", args=[job.pk]))
    shown = re.findall(r"Member no\. (\d+)", pdfium_text(b"".join(result.streaming_content)))
    assert shown == [str(mine.number)]


def test_the_communities_lead_to_their_papers(fund, first) -> None:
    leader = client_of(make_user("leader", community=first))
    page = leader.get(reverse("members:communities")).content.decode()
    assert f"{PAPERS}?paper=roll&amp;community=1" in page
    form = leader.get(PAPERS, {"paper": "cards", "community": "1"}).context["form"]
    assert (form.initial["paper"], form["community"].value()) == ("cards", "1")


def test_everybody_but_the_administrator_prints(fund, first) -> None:
    answers = {
        role: client_of(make_user(role)).get(PAPERS).status_code for role in ("leader", "auditor", "administrator")
    }
    assert answers == {"leader": 200, "auditor": 200, "administrator": 403}

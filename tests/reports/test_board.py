"""The notice board of the demonstration: sums held against the lines, sheets a page each, a page that names nobody."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger.spans import month_end, month_span
from members.models import Fund, Leadership, Member
from office.jobs import run_job
from office.models import Job, User
from reports.figures.board import Board, board_of, people_between
from reports.notice_board import months_of_board, public_kinds, sheet_rows
from tests.factories import make_user
from tests.papers.structure import faults_of
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test
from tests.reports.conftest import client_of

on_demo = pytest.mark.usefixtures("demo_fund")

D = Decimal
TODAY = date(2020, 11, 1)
OCTOBER = (date(2020, 10, 1), date(2020, 10, 31))
THIS_YEAR = (date(2020, 1, 1), date(2020, 10, 31))

# what moved between accounts of a role and all others, by community: credits less debits
MOVED = """
    SELECT l.community_id, sum(CASE WHEN a.id = l.credit_id THEN l.amount ELSE -l.amount END)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
      JOIN ledger_account a ON a.id IN (l.debit_id, l.credit_id) AND a.role = %s
     WHERE e.date BETWEEN %s AND %s GROUP BY 1
"""
MEMBERS = """
    SELECT (SELECT community_id FROM members_communitystay s
             WHERE s.member_id = m.id AND s.since <= %s ORDER BY since DESC LIMIT 1) AS place, count(*)
      FROM members_membership p JOIN members_member m ON m.id = p.member_id AND m.merged_into_id IS NULL
     WHERE p.joined_on <= %s AND (p.ended_on IS NULL OR p.ended_on > %s) GROUP BY 1
"""


def found(sql: str, *values: object) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


@pytest.fixture
def october() -> Board:
    return board_of(month_span(OCTOBER[0], today=TODAY), Fund.objects.get(), today=TODAY)


@on_demo
def test_each_sheet_says_what_the_lines_say(october) -> None:
    dues, year = found(MOVED, "dues", *OCTOBER), found(MOVED, "dues", *THIS_YEAR)
    welfare, welfare_year = found(MOVED, "benefit", *OCTOBER), found(MOVED, "benefit", *THIS_YEAR)
    members = found(MEMBERS, *[OCTOBER[1]] * 3)
    for sheet in october.communities:
        key = sheet.community.pk
        assert sheet.dues == (dues.get(key, D(0)), year.get(key, D(0)))
        assert (sheet.paid.month.baht, sheet.paid.year.baht) == (-welfare.get(key, D(0)), -welfare_year.get(key, D(0)))
        assert sheet.people.current == members[key]
    assert (october.fund.dues[1], october.fund.paid.year.baht) == (sum(year.values()), -sum(welfare_year.values()))


@on_demo
@pytest.mark.parametrize("month", [date(2012, 2, 1), date(2019, 12, 1), date(2020, 11, 1)])
def test_members_counted_back_from_today_are_those_of_the_memberships(month) -> None:
    first, last = month, month_end(month)
    start, *_changes, end = people_between(first, last)
    eve = first - timedelta(days=1)
    for day, counted in ((eve, start), (last, end)):
        assert {key: n for key, n in counted.items() if n} == found(MEMBERS, *[day] * 3)


@on_demo
def test_the_communities_make_the_fund_and_members_add_up(october) -> None:
    whole, parts = october.fund, october.communities
    for place in range(2):
        assert whole.dues[place] == sum(sheet.dues[place] for sheet in parts)
    assert [kind.year.times for kind in whole.kinds] == [
        sum(sheet.kinds[place].year.times for sheet in parts) for place in range(len(whole.kinds))
    ]
    assert whole.people.current == sum(sheet.people.current for sheet in parts)
    assert (whole.people.moved, sum(sheet.people.moved for sheet in parts)) == (0, 0)
    assert (october.money, october.all_legs[1], october.is_provisional) == (D("14328280.76"), D("2736800.00"), True)


@on_demo
def test_what_is_left_over_of_the_fund_tells_the_kinds_of_no_small_community(october, monkeypatch) -> None:
    def named(most: int) -> list[int]:
        monkeypatch.setattr("reports.notice_board.MEMBERS_BEHIND_A_KIND", most)
        return [sheet.people.current for sheet in public_kinds(october)]

    sizes = sorted(sheet.people.current for sheet in october.communities)
    assert (named(500), named(5000)) == ([4118], [])
    assert named(sizes[1]) == [4118, *sizes[2:]]  # the smallest alone would be what the others leave
    assert named(sizes[0]) == [4118, *sizes]


# --- for everybody ----------------------------------------------------------------------------------------


@pytest.fixture
def visitor():
    cache.clear()
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@on_demo
def test_the_public_page_is_not_there_until_the_fund_opens_it(visitor) -> None:
    assert [visitor.get(address).status_code for address in ("/board/", "/board/4/")] == [404, 404]
    Fund.objects.update(notice_board_is_public=True)
    answer = visitor.get("/board/")
    assert (answer.status_code, "4,118" in answer.content.decode()) == (200, True)
    Fund.objects.update(notice_board_is_public=False)
    assert visitor.get("/board/").status_code == 404


@on_demo
def test_the_public_page_names_nobody_and_leads_nowhere_else(visitor, django_assert_max_num_queries) -> None:
    Fund.objects.update(notice_board_is_public=True)
    pages = [visitor.get(address).content.decode() for address in ("/board/", "/board/4/", "/board/4/?month=2020-08")]
    people = Member.objects.values_list("first_name", "family_name")
    names = {f"{first} {family}" for first, family in people} | {family for _first, family in people if len(family) > 4}
    names |= set(User.objects.values_list("display_name", flat=True))
    assert len(names) > 4000
    assert [name for page in pages for name in names if name in page] == []
    links = {link for page in pages for link in re.findall(r'href="([^"]*)"', page)}
    assert [
        link for link in links if not re.fullmatch(r"(/board/[\d/]*)?(\?month=[\d-]+)?|/static/.*|#main", link)
    ] == []
    with django_assert_max_num_queries(3):  # the fund, the cache, what the cache lets go of
        visitor.get("/board/4/")


@on_demo
def test_a_running_month_is_public_to_nobody_and_a_small_community_tells_no_kinds(visitor) -> None:
    Fund.objects.update(notice_board_is_public=True)
    fund = Fund.objects.get()
    assert months_of_board(fund, date(2020, 10, 15), over_only=True)[0] == date(2020, 9, 1)
    answer = visitor.get("/board/4/?month=2020-11")
    assert "no-store" in answer["Cache-Control"]  # no copy that outlives its closing
    assert (answer.context["board"].month.first, len(answer.context["rows"])) == (date(2020, 10, 1), 2)
    assert len(visitor.get("/board/").context["rows"]) == 2 + 9
    assert visitor.get("/board/99/").status_code == 404


def test_a_fund_without_a_booking_has_an_empty_board_and_no_report_of_the_month(fund, first) -> None:
    Fund.objects.update(notice_board_is_public=True)
    treasurer = client_of(make_user("treasurer"))
    assert b"The books are still empty" in treasurer.get("/month-report/").content
    assert treasurer.get("/month-report/pdf/").status_code == 404
    for address in (
        "/board/",
        f"/board/{first.number}/",
        "/notice-board/",
        "/notice-board/0.pdf",
        "/community-report/",
    ):
        assert (address, treasurer.get(address).status_code) == (address, 200)


# --- for the fund's people --------------------------------------------------------------------------------


@pytest.fixture
def leader() -> Client:
    """Who leads community 4."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(Leadership.objects.get(community__number=4, until=None).user)
    return client


@on_demo
def test_a_leader_has_her_own_sheets_alone(leader, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(18):
        page = leader.get("/notice-board/")
    assert (page.context["number"], len(page.context["choices"])) == (4, 2)
    answers = [leader.get(f"/notice-board/{end}").status_code for end in ("?community=9", "9.pdf", "?community=0")]
    assert answers == [404, 404, 200]
    book = CalamineWorkbook.from_filelike(io.BytesIO(leader.get("/notice-board/sheets.xlsx").content))
    rows = book.get_sheet_by_name("Communities").to_python()
    assert [row[0] for row in rows[-2:]] == ["The whole fund", "Community 4"]
    assert (rows[-1][5], rows[2][0]) == (239, "Provisional")
    sheets = [leader.get(f"/notice-board/0.pdf?month=2020-10&language={one}").content for one in ("th", "en", "both")]
    assert [len(page_texts(pdf)) for pdf in sheets] == [1, 1, 1]


@on_demo
def test_all_that_one_may_see_is_made_by_the_worker_a_page_each(leader, october) -> None:
    answer = leader.post(
        "/notice-board/all/?month=2020-10&language=both", {"request_id": "0b5b1c52-6e5e-4b7e-9d7a-3f2f1c9a8d10"}
    )
    job = Job.objects.get(kind="notice-boards")
    assert answer.url == f"/jobs/{job.pk}/"
    run_job.func(job.pk)
    pdf = b"".join(leader.get(f"/jobs/{job.pk}/result/").streaming_content)
    pages = page_texts(pdf)
    assert (len(pages), faults_of(pdf, language="th")) == (2, [])
    text = fold_sara_am(pages[1])
    for said in ("Community 4", "October 2563", "Provisional", "79,205", "14,328,280.76"):
        assert said in text
    assert sheet_rows(october.communities[3])[0].cells == ("", "365", "", "79,205")

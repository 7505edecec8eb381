"""The leader's report of her community: hers alone, its sums from the lines, and what she is to do next."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bansong_fund.lib.pdf_text import fold_sara_am
from contributions.models import CollectionSheet
from ledger.spans import Span, month_span, span_of
from members.models import Community, Leadership, Membership
from reports.figures.community import community_figures
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401 - a warning fails its test
from tests.reports.test_board import MOVED, found

pytestmark = pytest.mark.usefixtures("demo_fund")

TODAY = date(2020, 11, 1)
SUMMER = span_of("free", date(2020, 4, 14), date(2020, 9, 20), today=TODAY)


@pytest.fixture
def fourteen() -> Community:
    return Community.objects.get(number=14)


@pytest.fixture
def leader() -> Client:
    """Who leads community 14."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(Leadership.objects.get(community__number=14, until=None).user)
    return client


@pytest.mark.parametrize("span", [SUMMER, month_span(date(2020, 10, 1), today=TODAY)], ids=["days", "month"])
def test_dues_and_welfare_are_the_sums_of_the_lines(fourteen, span: Span) -> None:
    figures = community_figures(fourteen, span, today=TODAY)
    assert figures.dues[0] == found(MOVED, "dues", span.first, span.last).get(fourteen.pk, Decimal(0))
    paid = found(MOVED, "benefit", span.first, span.last).get(fourteen.pk, Decimal(0))
    assert sum((kind.baht for kind in figures.kinds), Decimal(0)) == -paid


def test_who_is_there_today_is_paid_up_or_behind_and_the_cash_out_is_the_sheet(fourteen) -> None:
    figures = community_figures(fourteen, month_span(date(2020, 10, 1), today=TODAY), today=TODAY)
    standing = figures.standing
    running = Membership.objects.filter(member__community=fourteen, member__merged_into=None, ended_on=None).count()
    assert standing.good + standing.arrears + standing.suspended + standing.due == running == figures.people.current
    sheet = CollectionSheet.objects.get(community=fourteen, state="submitted")
    assert (figures.cash_out, figures.sheets[0].oldest) == (sheet.total, date(2020, 4, 4))


def test_a_leader_reads_her_own_community_alone(leader, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(27):
        page = leader.get("/community-report/")
    assert (page.context["community"].number, page.context["chooser"].span.value) == (14, "month-2020-10")
    assert "Tell 6 members of their arrears." in page.content.decode()
    assert "Provisional" in page.content.decode()  # October is over, and not closed
    assert "Provisional" not in leader.get("/community-report/?span=month-2019-10").content.decode()
    ends = ("?community=9", "pdf/?community=9", "xlsx/?community=9", "?community=x", "csv/?community=14")
    assert [leader.get(f"/community-report/{end}").status_code for end in ends] == [404] * 5


def test_the_paper_and_the_sheet_say_what_the_page_says(leader) -> None:
    query = "?community=14&span=fund-2563"
    page = leader.get(f"/community-report/{query}").content.decode()
    text = fold_sara_am(pdfium_text(leader.get(f"/community-report/pdf/{query}&language=both").content))
    book = CalamineWorkbook.from_filelike(io.BytesIO(leader.get(f"/community-report/xlsx/{query}").content))
    rows = book.get_sheet_by_name("Contributions").to_python()
    assert ("66,795.00" in page, "66,795" in text, rows[-1][1]) == (True, True, 66795.0)
    assert ("Fund year 2563" in text, "Community leader" in text, len(book.sheet_names)) == (True, True, 6)

"""Papers and pages of a fund in which nothing is yet: each table says so, and none is a head over nothing."""

import re
from datetime import date

import pytest

from ledger.periods import open_year
from reports.annual_report import draw_annual_report
from tests.factories import TODAY, make_user
from tests.papers.structure import faults_of
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import R, books, client_of, fund  # noqa: F401

HEAD_OVER_NOTHING = re.compile(r"<tbody[^>]*>\s*</tbody>")


@pytest.mark.parametrize(
    ("page", "paper"),
    [
        ("/member-counts/", "/member-counts/th.pdf"),
        ("/funders/municipality/", "/funders/municipality/pdf/?language=th"),
    ],
)
def test_without_communities_the_tables_by_community_say_so(fund, page, paper) -> None:  # noqa: F811
    client = client_of(make_user("committee"))
    assert HEAD_OVER_NOTHING.findall(client.get(page).content.decode()) == []
    pdf = client.get(paper).content
    assert (faults_of(pdf, language="th"), "ไม่มีรายการ" in pdfium_text(pdf)) == ([], True)


def test_money_without_communities_draws_no_chart_of_them(books) -> None:  # noqa: F811
    open_year(date(2020, 1, 1), books.fund)
    books.receive(R.INTEREST, "10.00", date(2020, 5, 1))
    glance = client_of(make_user("committee")).get("/glance/").content.decode()
    for html in (glance, draw_annual_report(2563, "both", today=TODAY).html):
        assert (HEAD_OVER_NOTHING.findall(html), html.count("chart-grouped")) == ([], 0)

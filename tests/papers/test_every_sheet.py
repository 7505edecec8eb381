"""Every file for Excel of the house, drawn from the demonstration: set up as people expect it."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from bansong_fund.lib.papers import Words
from bansong_fund.lib.sheets import LONGEST_NAME
from reports.audit.exceptions import SORTS
from reports.sheet_names import SHORT, sheet_name
from reports.words import in_both
from tests.factories import make_user
from tests.papers.sheets import faults_of_book
from tests.reports.conftest import client_of

ADDRESSES = {
    "numbers_file": "/books/receipts/numbers/xlsx/?year=2553",
    "account_file": "/books/accounts/12001/xlsx/?span=month-2020-09",
    "entries_file": "/books/journal/file/xlsx/?span=month-2010-05",
    "trial_balance_file": "/books/trial-balance/xlsx/?span=fund-2562",
    "cash_book_file": "/books/cash-book/xlsx/?span=month-2020-09",
    "round_sheet": "/money-in/rounds/1/list.xlsx",
    "contributors_sheet": "/money-in/contributors/list.xlsx",
    "gifts_statement_sheet": "/money-in/contributors/1/statement/2562.xlsx",
    "forgotten_sheet": "/forgotten/sheet.xlsx",
    "statement_file": "/reports/span/xlsx/?span=fund-2562",
    "annual_sheet": "/reports/2562/annual-report.xlsx",
    "matchable_sheet": "/member-counts/matchable/list.xlsx",
    "member_counts_sheet": "/member-counts/ages.xlsx",
    "funder_file": "/funders/codi-status/xlsx/",
    "board_xlsx": "/notice-board/sheets.xlsx",
    "community_report_file": "/community-report/xlsx/?community=1",
    "month_report_file": "/month-report/xlsx/?month=2020-09",
    "attendance_sheet": "/reports/2562/assembly/attendance.xlsx",
    "member_statement_file": "/member-statements/1/xlsx/",
}
# Drawn of what the demonstration has not, and tested beside what they belong to; the first two are sheets to fill in.
ELSEWHERE = {"import_template", "sheet_template", "import_refused", "payment_list_sheet", "list_export"}


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one.name or ""
        else:
            yield from routes(one, route)


def test_every_address_of_a_sheet_is_tried_here() -> None:
    of_sheets = {name for route, name in routes() if re.search(r"\.xlsx$|<slug:form>/$", route)}
    assert of_sheets == set(ADDRESSES) | ELSEWHERE


@pytest.fixture
def reader(demo_fund):
    client = client_of(make_user("registrar", "treasurer", "auditor", "committee"))
    client.cookies["django_language"] = "th"
    return client


def test_every_sheet_prints_sorts_and_adds_up_as_people_expect(reader) -> None:
    found = {}
    for name, address in ADDRESSES.items():
        answer = reader.get(address)
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        is_sheet = "spreadsheet" in answer["Content-Type"]
        found[name] = faults_of_book(data) if is_sheet else [f"{answer.status_code} {answer.get('Location', '')}"]
    assert found == {name: [] for name in ADDRESSES}


def test_a_long_title_has_a_short_name_for_its_tab() -> None:
    for language in ("th", "en"):
        names = [sheet_name(Words(title, title), language) for title in SHORT]
        names += [sheet_name(in_both(sort.title), language) for sort in SORTS.values()]
        assert [name for name in names if len(name) > LONGEST_NAME] == []
        assert len({sheet_name(Words(title, title), language) for title in SHORT}) == len(SHORT)

"""What changes later: a paper of an earlier day says what was so then, and what nobody handed over nobody handed in."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from contributions.closing_checks import sheets_accepted
from contributions.commitments import request_grant, take_step
from contributions.models import CollectionSheet, Commitment, GrantSource
from contributions.queries.sheets import expected_of, members_handed_over
from ledger.models import Receipt
from ledger.spans import month_span
from members.models import CommitteeSeat
from reports.figures.community import SheetMoney, community_figures
from reports.figures.grants import codi_rounds, grant_rows
from reports.figures.sources import sources_and_uses
from reports.home import desks_of
from reports.leader_report import leader_report
from reports.year_tables import beside_tables
from reports.year_texts import year_texts
from reports.years import report_year
from tests.contributions.conftest import TODAY, acting, make_cast
from tests.contributions.test_rounds import matching
from tests.contributions.test_sheets import accept, submitted
from tests.contributions.test_voids import void
from tests.factories import MemberFactory

D = Decimal


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast()


def only_sheet(who) -> SheetMoney:
    """The one sheet of the community's report, which says what the slip says."""
    row = community_figures(who.community, month_span(TODAY, today=TODAY), today=TODAY).sheets[0]
    sheet = CollectionSheet.objects.get()
    assert (row.members, row.baht) == (members_handed_over(sheet), expected_of(sheet))
    return row


def test_a_sheet_is_told_with_what_was_handed_over_not_with_receipts_void_by_then(who) -> None:
    """And a receipt that became void after the count was handed over, whatever became of it."""
    sheet, members = submitted(who)
    assert only_sheet(who).baht == D("730.00")
    void(Receipt.objects.get(member=members[0]), who)
    row = only_sheet(who)
    assert (row.members, row.baht, row.counted, row.oldest) == (1, D("365.00"), None, date(2020, 10, 20))
    with override("en"):
        assert sheets_accepted(TODAY, TODAY).found.startswith("1 sheets, 365.00 baht handed in")
    assert desks_of(who.treasurer, TODAY).treasurer.to_accept_total == D("365.00")
    accept(sheet, who, "370.00", "เกิน 5 บาท")
    row = only_sheet(who)
    assert (row.members, row.baht, row.counted, row.oldest) == (1, D("365.00"), D("370.00"), None)
    report, _steps = leader_report(who.community, month_span(TODAY, today=TODAY), today=TODAY)
    sheets = next(table for table in report.tables if table.title.en == "Collection sheets and cash")
    assert [row.cells[3] for row in sheets.rows] == [
        D("365.00"),
        D("370.00"),
        D("0.00"),
    ]
    void(Receipt.objects.get(member=members[1]), who, second_person=who.committee)
    assert (only_sheet(who).members, only_sheet(who).baht) == (1, D("365.00"))


def test_a_round_keeps_its_number_on_papers_of_days_before_it_became_void(who) -> None:
    """It gave the number back for the round written anew, which then stands alone under it."""
    MemberFactory(community=who.community, joined_on=date(2019, 9, 30))
    receipt = matching(who, 7, received_on=date(2020, 10, 5), today=date(2020, 10, 5))
    void(receipt, who)
    before = TODAY - timedelta(days=1)
    assert [(row.round_number, row.received) for row in codi_rounds(before)] == [(7, D("300.00"))]
    assert sources_and_uses(before).rounds == ((7, D("300.00")),)
    assert (codi_rounds(TODAY), sources_and_uses(TODAY).rounds) == ((), ())
    matching(who, 7)
    assert [(row.round_number, row.received) for row in codi_rounds(TODAY)] == [(7, D("300.00"))]
    assert sources_and_uses(TODAY).rounds == ((7, D("300.00")),)


def test_a_request_is_told_as_it_stood_on_the_day_of_the_paper(who) -> None:
    """Refused later it was asked for until then; agreed upon at less it was promised as approved until then."""

    def asked(year_be: int) -> Commitment:
        about = {"source": GrantSource.MUNICIPALITY, "body": "เทศบาลสมมติ", "requested": D("800.00")}
        return request_grant(**about, year_be=year_be, happened_on=date(2020, 7, 6), **acting(who.committee))

    for one, state, day, baht in (
        (first := asked(2563), "approved", date(2020, 8, 3), "700.00"),
        (second := asked(2564), "approved", date(2020, 8, 3), "450.00"),
        (first, "agreed", date(2020, 9, 21), "500.00"),
        (second, "refused", date(2020, 10, 12), None),
    ):
        amount = D(baht) if baht else None
        take_step(commitment=one, state=state, happened_on=day, amount=amount, **acting(who.committee))

    def told(last: date) -> list[tuple]:
        rows = grant_rows(GrantSource.MUNICIPALITY, date(2020, 7, 1), last, years=(2563, 2564))
        return [(row.year_be, row.requested, row.approved) for row in rows]

    whole = D("800.00")
    assert told(date(2020, 8, 2)) == [(2563, whole, None), (2564, whole, None)]
    assert told(date(2020, 9, 20)) == [(2563, whole, D("700.00")), (2564, whole, D("450.00"))]
    assert told(date(2020, 10, 11)) == [(2563, whole, D("500.00")), (2564, whole, D("450.00"))]
    assert told(date(2020, 10, 12)) == [(2563, whole, D("500.00"))]


def test_the_report_of_a_past_year_tells_the_committee_with_the_days_known_then(worked) -> None:
    """A later end is not told; who sat from the fund's first day needs no day; the chair is the year's last one."""
    founded, today = worked.fund.founded_on, date(2020, 11, 1)
    for name, since, until in (
        ("ก", founded, date(2020, 3, 31)),
        ("ข", date(2019, 4, 1), date(2020, 5, 31)),
        ("ค", date(2018, 1, 1), date(2019, 3, 31)),
        ("ง", date(2020, 4, 1), None),
    ):
        post = "ประธานกองทุน" if name in "ขค" else "กรรมการ"
        CommitteeSeat.objects.create(name=name, post_th=post, since=since, until=until)
    year = report_year(2562, today=today)
    told = year_texts(year, "th")
    assert [(one["name"].th, one["since"], one["until"]) for one in told["committee"]] == [
        ("ก", None, None),
        ("ค", None, date(2019, 3, 31)),
        ("ข", date(2019, 4, 1), None),
    ]
    assert told["chair"]["name"].th == "ข"
    sheet = next(table for table in beside_tables(year) if table.title.en == "The committee")
    assert [row.cells[-1] for row in sheet.rows] == [None, date(2019, 3, 31), None]
    founding = year_texts(replace(year, first=founded.replace(month=1, day=1), last=date(founded.year, 12, 31)), "th")
    assert [one["since"] for one in founding["committee"]] == [None]

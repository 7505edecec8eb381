"""Every figure of the annual report, of its sheets and of any span, held against SQL and sums written apart.

Nothing here reads a kept sum: money is added up from the lines, members from their memberships, stays and marks.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from bansong_fund.demo.figures import year_table
from bansong_fund.lib.papers import Words
from ledger.models import AccountRole
from ledger.periods import open_year
from ledger.spans import SpanChooser
from members.models import Fund, MemberCount
from reports.annual_report import annual_report, draw_annual_report
from reports.annual_tables import annual_sheets, annual_tables
from reports.figures import AnnualFigures, annual_figures
from reports.figures.flow import people_flow
from reports.figures.over_years import over_years
from reports.span_figures import span_figures
from reports.years import report_year
from tests.factories import MemberFactory
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import NOW, TODAY
from tests.reports.test_annual_report import amounts_in

D = Decimal
MONEY = ("bank", "cash", "collector", "advance")
EVERY_SIDE = """
    SELECT e.date, a.code, a.type, a.role, a.category, a.leg, l.community_id,
           CASE WHEN a.role = 'benefit' THEN coalesce(m.merged_into_id, m.id) END, sum(x.baht)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
      JOIN ledger_account a ON a.id = x.account_id
      LEFT JOIN members_member m ON m.id = l.member_id
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


@dataclass(frozen=True, slots=True)
class Side:
    """What an account was debited on a day, less what it was credited, for a community and a member."""

    day: date
    code: str
    type: str
    role: str
    category: str
    leg: int | None
    community: int | None
    member: int | None
    debits: Decimal


class Sides:
    """The lines as they stand, added up here and nowhere else."""

    def __init__(self) -> None:
        self.rows = [Side(*row) for row in fetched(EVERY_SIDE)]

    def debits(self, last: date, first: date = date.min, *, of: Callable[[Side], bool]) -> Decimal:
        return sum((row.debits for row in self.rows if first <= row.day <= last and of(row)), D("0.00"))

    def credits(self, last: date, first: date = date.min, *, of: Callable[[Side], bool]) -> Decimal:
        return -self.debits(last, first, of=of)

    def receivers(self, first: date, last: date, *, of: Callable[[Side], bool]) -> int:
        """Different members who received more than was taken back of them, in one kind and community or another."""
        found: dict[tuple, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            if row.role == "benefit" and first <= row.day <= last and of(row):
                found[row.member, row.category, row.community] += row.debits
        return len({member for (member, *_rest), baht in found.items() if baht > 0})


def fetched(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


# --- money --------------------------------------------------------------------------------------------------


def statements(figures: AnnualFigures) -> dict[str, Any]:
    money, sources = figures.money, figures.sources
    return {
        "accounts": {row.account.code: row.this for row in money.rows},
        "legs": [leg.this for leg in money.legs],
        "welfare": money.welfare.this,
        "administration": money.administration.this,
        "income": money.income.this,
        "costs": money.costs.this,
        "brought": money.money_before.this,
        "carried": money.money.this,
        "assets": money.assets.this,
        "fund": money.fund.this,
        "received": money.received_since_founding,
        "spent": money.spent_since_founding,
        "sources": sources.sources,
        "uses": sources.uses,
        "in banks": sources.banks,
        "in hand": sources.in_hand,
        "welfare ever": sources.welfare,
        "expenses ever": sources.all_expenses,
        "rounds": sum(baht for _number, baht in sources.rounds),
        "banks": {row.account.code: row.booked for row in figures.banks},
    }


def statements_by_lines(sides: Sides, first: date, last: date, codes: dict[str, str]) -> dict[str, Any]:
    def turned(code: str, baht: Decimal) -> Decimal:
        return -baht if codes[code] in ("income", "fund") else baht

    is_money, held = (lambda row: row.role in MONEY), {}
    for code in codes:
        held[code] = turned(code, sides.debits(last, first, of=lambda row, code=code: row.code == code))
    received = sides.credits(last, of=lambda row: row.type == "income")
    return {
        "accounts": held,
        "legs": [sides.credits(last, first, of=lambda row, n=n: row.leg == n) for n in (1, 2, 3, 4)],
        "welfare": sides.debits(last, first, of=lambda row: row.role == "benefit"),
        "administration": sides.debits(last, first, of=lambda row: row.role == "administration"),
        "income": sides.credits(last, first, of=lambda row: row.type == "income"),
        "costs": sides.debits(last, first, of=lambda row: row.type == "cost"),
        "brought": sides.debits(first - timedelta(days=1), of=is_money),
        "carried": sides.debits(last, of=is_money),
        "assets": sides.debits(last, of=lambda row: row.type == "asset"),
        "fund": sides.credits(last, of=lambda row: row.type != "asset"),
        "received": received,
        "spent": sides.debits(last, of=lambda row: row.type == "cost"),
        "sources": received,
        "uses": received,
        "in banks": sides.debits(last, of=lambda row: row.role == "bank"),
        "in hand": sides.debits(last, of=lambda row: row.role in ("cash", "collector", "advance")),
        "welfare ever": sides.debits(last, of=lambda row: row.role == "benefit"),
        "expenses ever": sides.debits(last, of=lambda row: row.type == "cost" and row.role != "benefit"),
        "rounds": sides.credits(last, of=lambda row: row.role == "codi-matching"),
        "banks": {
            code: sides.debits(last, of=lambda row, code=code: row.code == code)
            for (code,) in fetched("SELECT code FROM ledger_account WHERE role = 'bank' ORDER BY code")
        },
    }


# --- members ------------------------------------------------------------------------------------------------

PEOPLE = """
    SELECT p.member_id, m.community_id, m.birth_date, p.joined_on, p.ended_on, p.end_reason
      FROM members_membership p JOIN members_member m ON m.id = p.member_id
     WHERE m.merged_into_id IS NULL
"""


class Register:
    """Who was where, and of which type, on any day: by the rows of the register."""

    def __init__(self) -> None:
        self.people = fetched(PEOPLE)
        self.stays = defaultdict(list)
        for member, community, since in fetched("SELECT member_id, community_id, since FROM members_communitystay"):
            self.stays[member].append((since, community))
        self.marks = fetched(
            "SELECT coalesce(m.merged_into_id, m.id), f.group, f.since, f.until"
            "  FROM members_groupflag f JOIN members_member m ON m.id = f.member_id"
        )
        self.fund = Fund.objects.get()

    def flow(self, first: date, last: date) -> dict[str, Counter]:
        """At the start, in and out by reason, and at the end: by community (its key) and of the whole fund (None)."""
        eve = first - timedelta(days=1)
        told: dict[str, Counter] = defaultdict(Counter)
        before = Counter(member for member, *_rest, joined, _ended, _why in self.people if joined < first)
        for member, home, _born, joined, ended, why in self.people:
            if joined > last or (ended and ended <= eve):
                continue
            come = "start" if joined <= eve else "returned" if before[member] else "joined"
            gone = why if ended and ended <= last else "end"
            origin = self.place(member, home, max(joined, eve))
            place = self.place(member, home, min(ended or last, last))
            for key, words in ((origin, come), (place, gone), (None, come), (None, gone)):
                told[words][key] += 1
        return told

    def place(self, member: int, home: int, day: date) -> int:
        return max(((since, where) for since, where in self.stays[member] if since <= day), default=(None, home))[1]

    def by_type(self, day: date) -> Counter:
        """Those whose membership runs when the day is over, by type."""
        marked: dict[str, set] = defaultdict(set)
        for member, group, since, until in self.marks:
            if since <= day and (until is None or until >= day):
                marked[group].add(member)
        found: Counter = Counter()
        for member, _home, born, joined, ended, _why in self.people:
            if joined <= day and (ended is None or ended > day):
                found[self._type(member, born, day, marked)] += 1
        return found

    def _type(self, member: int, born: date | None, day: date, marked: dict[str, set]) -> str:
        for group in ("disabled", "disadvantaged"):
            if member in marked[group]:
                return group
        if born is None:
            return "general"
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if age >= self.fund.elderly_from_age:
            return "elderly"
        return "child" if age < self.fund.child_under_age else "general"


# --- the walk -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_fund")
def test_every_figure_of_the_annual_report_is_what_the_lines_and_the_register_say() -> None:
    sides, register, today = Sides(), Register(), date(2020, 11, 1)
    codes = dict(fetched("SELECT code, type FROM ledger_account"))
    for year_be in (2562, 2563):
        figures = annual_figures(report_year(year_be, today=today))
        first, last = figures.year.first, figures.year.last
        assert statements(figures) == statements_by_lines(sides, first, last, codes)
        members(figures, register)
        passbooks_and_supporters(figures)
    paid_and_received(figures, sides)
    five_years(figures, sides)


def of_community(role: str, community: int) -> Callable[[Side], bool]:
    return lambda row: row.community == community and row.role == role


def paid_and_received(figures: AnnualFigures, sides: Sides) -> None:
    first, last = figures.year.first, figures.year.last
    for community, this, ever in figures.communities.rows:
        for since, found in ((first, this), (date.min, ever)):
            paid_in = sides.credits(last, since, of=of_community("dues", community.pk))
            received = sides.debits(last, since, of=of_community("benefit", community.pk))
            assert (found.paid_in, found.received) == (paid_in, received)
    dues = sides.credits(last, of=lambda row: row.role == "dues")
    assert (figures.communities.all[1].paid_in, figures.communities.elsewhere[0].paid_in) == (dues, D("0.00"))


def five_years(figures: AnnualFigures, sides: Sides) -> None:
    over, told = figures.over, year_table()
    assert over.names == [str(figures.year.year_be - back) for back in (4, 3, 2, 1, 0)]
    for place, year in enumerate(over.years):
        first, last = year.first, year.ends_on
        legs = [sides.credits(last, first, of=lambda row, n=n: row.leg == n) for n in (1, 2, 3, 4)]
        assert [amounts[place] for amounts in over.legs.values()] == legs
        assert over.balances[place] == sides.debits(last, of=lambda row: row.role in MONEY)
        assert over.welfare[place].persons == sides.receivers(first, last, of=lambda _row: True)
        for kind, (_name, paid) in zip(figures.welfare.kinds, over.kinds, strict=True):
            of_kind = lambda row, code=kind.code: (row.role, row.category) == ("benefit", code)  # noqa: E731
            known = told[first.year].cases[kind.code], sides.debits(last, first, of=of_kind)
            assert (paid[place].times, paid[place].baht) == known
            assert paid[place].persons == sides.receivers(first, last, of=of_kind)
        for community, paid in over.communities:
            of_it = of_community("benefit", community.pk)
            assert paid[place].baht == sides.debits(last, first, of=of_it)
            assert paid[place].persons == sides.receivers(first, last, of=of_it)
        times = sum(paid[place].times for _community, paid in over.communities)
        assert times == over.welfare[place].times == sum(told[first.year].cases.values())


def members(figures: AnnualFigures, register: Register) -> None:
    people, flow = figures.people, register.flow(figures.year.first, figures.year.last)
    rows = [(None, people.flow.fund), *((row.key, row) for row in people.flow.by_community)]
    for key, row in rows:
        shown = (row.at_start, row.joined, row.returned, row.left, row.at_end)
        left = {reason: flow[reason][key] for reason in row.left}
        assert shown == (flow["start"][key], flow["joined"][key], flow["returned"][key], left, flow["end"][key])
    assert people.by_type == {kind: register.by_type(figures.year.last)[kind] for kind in people.by_type}
    ever = {member for member, *_rest, joined, _ended, _why in register.people if joined <= figures.year.last}
    founded = {member for member, *_rest, joined, _ended, _why in register.people if joined <= date(2010, 12, 31)}
    assert (people.cumulative, people.founding) == (len(ever), len(founded))


def passbooks_and_supporters(figures: AnnualFigures) -> None:
    last = figures.year.last
    for row in figures.banks:
        typed = fetched(
            "SELECT balance, line_on FROM ledger_passbookline WHERE account_id = %s AND line_on <= %s"
            " ORDER BY position DESC LIMIT 1",
            *(row.account.pk, last),
        )
        assert ([(row.line.balance, row.line.line_on)] if row.line else []) == typed
        if row.line:
            assert row.difference == row.line.balance - row.booked
    gave = fetched(
        "SELECT count(DISTINCT g.contributor_id) FROM contributions_gift g"
        " LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id"
        " WHERE v.id IS NULL AND g.received_on BETWEEN %s AND %s",
        *(figures.year.first, last),
    )
    assert figures.supporters.all_in_period == gave[0][0]


@pytest.mark.usefixtures("demo_fund")
def test_a_fiscal_year_and_free_days_say_what_their_lines_say() -> None:
    sides, register, fund, today = Sides(), Register(), Fund.objects.get(), date(2020, 11, 1)
    for asked in ({"span": "fiscal-2563"}, {"first": "2019-02-11", "last": "2020-03-05"}):
        span = SpanChooser(asked, fund, today).span
        figures = span_figures(span, fund)
        first, last = span.first, span.reaches
        for account, (this, _earlier) in figures.money.moved:
            debits = sides.debits(last, first, of=lambda row, code=account.code: row.code == code)
            assert this == (-debits if account.type in ("income", "fund") else debits)
        assert figures.sources.sources == sides.credits(last, of=lambda row: row.type == "income")
        assert figures.sources.uses == figures.sources.sources
        assert figures.welfare[0].persons == sides.receivers(first, last, of=lambda _row: True)
        for community, this, _ever in figures.communities.rows:
            dues = sides.credits(
                last, first, of=lambda row, key=community.pk: (row.role, row.community) == ("dues", key)
            )
            assert this.paid_in == dues
        told = register.flow(first, last)
        assert (figures.people.fund.at_start, figures.people.fund.at_end) == (told["start"][None], told["end"][None])
        assert figures.is_provisional


# --- printed and in sheets ------------------------------------------------------------------------------------


def test_the_paper_and_the_sheets_show_every_cell_of_every_table(worked) -> None:
    pdf = pdfium_text(annual_report(2563, "en", today=TODAY, now=NOW, by=None))
    shown, words = amounts_in(pdf), pdf.replace("\n", " ")
    book = CalamineWorkbook.from_filelike(BytesIO(annual_sheets(2563, "en", today=TODAY).content))
    tables = annual_tables(annual_figures(report_year(2563, today=TODAY)))
    assert len(book.sheet_names) >= len(tables), "behind them stands what else happened in the year"
    for name, table in zip(book.sheet_names, tables, strict=False):
        rows = book.get_sheet_by_name(name).to_python()
        assert [row[0] for row in rows[:4]] == [
            *("Test Community Welfare Fund", "Annual report 2563 1 January – 1 November 2563", "Provisional"),
            table.title.en,
        ]
        assert [in_sheet(cell) for row in table.rows for cell in row.cells] == [
            cell for row in rows[5:] for cell in row
        ]
        for row in table.rows:
            baht = [cell for cell in row.cells if isinstance(cell, Decimal) and cell]
            missing = [amount for amount in baht if f"{abs(amount):,.2f}" not in shown]
            assert missing == [], f"{table.title.en}: {row.cells[0]}"
        assert table.title.en in words or table.title.en in ("The four legs", "Supporters")
    ages = book.get_sheet_by_name("Current members by age and sex").to_python()[5:]
    assert (sum(row[-1] for row in ages[:-1]), ages[-1][-1]) == (9, 9)
    assert [row for row in ages if row[0] == "0–4" or row[0] == "10–14"] == [["10–14", 1, 0, 1], ["0–4", 0, 0, 0]][::-1]


def in_sheet(cell: Any) -> Any:
    """A cell as it is read back: an empty one is "", a number one with a point."""
    if isinstance(cell, Words):
        return cell.en
    if isinstance(cell, Decimal | int):
        return float(cell)
    return "" if cell is None else cell


def test_a_founding_year_stands_alone(worked) -> None:
    found = over_years(report_year(2562, today=TODAY))
    assert (found.names, found.balances, found.all_legs) == (["2562"], (D("1539.50"),), (D("5450.00"),))


def test_a_fund_with_one_member_and_one_payment_has_its_report(books, first) -> None:
    open_year(date(2020, 1, 1), books.fund)
    member = MemberFactory(community=first, joined_on=date(2020, 1, 15))
    MemberCount.objects.update_or_create(community=first, defaults={"current": 1, "cumulative": 1})
    books.receive(AccountRole.DUES, "365.00", date(2020, 2, 1), community=first, member=member)
    drawn = draw_annual_report(2563, "en", today=TODAY)
    assert ("365.00" in drawn.html, "100.0 %" in drawn.html, "The four legs over the years" in drawn.html) == (
        *(True, True, False),
    )
    figures = annual_figures(report_year(2563, today=TODAY))
    assert figures.people.flow.by_community[0].joined == figures.people.current == 1
    assert figures.communities.rows[0][1].paid_in == figures.sources.sources == D("365.00")


def test_who_came_back_and_who_moved_are_told_apart(worked, second) -> None:
    left = fetched("SELECT member_id FROM members_membership WHERE end_reason = 'died'")[0][0]
    moved = fetched("SELECT id FROM members_member WHERE community_id <> %s ORDER BY number", second.pk)[0][0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_membership SET end_reason = 'moved' WHERE member_id = %s", [left])
        cursor.execute(
            "INSERT INTO members_membership (request_id, member_id, joined_on, end_reason, end_note, paid_through)"
            " VALUES (gen_random_uuid(), %s, '2020-02-01', '', '', '2020-12-31')",
            [left],
        )
        cursor.execute("UPDATE members_communitystay SET until = '2020-05-31' WHERE member_id = %s", [moved])
        cursor.execute("UPDATE members_member SET community_id = %s WHERE id = %s", [second.pk, moved])
        cursor.execute(
            "INSERT INTO members_communitystay (request_id, member_id, community_id, since, note, recorded_at)"
            " VALUES (gen_random_uuid(), %s, %s, '2020-06-01', '', now())",
            [moved, second.pk],
        )
    flow = people_flow(date(2020, 1, 1), TODAY, worked.fund)
    assert (flow.fund.joined, flow.fund.returned) == (1, 1)
    assert [(row.changed_in, row.changed_out) for row in flow.by_community] == [(0, 1), (1, 0)]
    assert all(row.adds_up == row.at_end for row in (flow.fund, *flow.by_community, *flow.by_type))

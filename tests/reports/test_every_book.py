"""The books as they are handed out, the auditor's pack, and what stands beside the figures, held against SQL apart.

In the demonstration after its trouble (`trouble.py`); what goes out and what the fund tells its own people is held in
`test_every_form.py` and `test_every_report.py`.
"""

import csv
import io
import uuid
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from ledger.models import LedgerHead
from ledger.spans import fund_year_span, month_end
from members.models import Fund
from office.jobs import result_path, run_job
from office.models import ActionLog, Job, User
from reports.audit.exceptions import SORTS
from reports.audit.rows import FIRST_FEW, find, scope_of
from reports.funders.beneficiaries import beneficiaries_paper
from reports.funders.periods import fiscal_period
from tests.reports.by_lines import (
    TODAY,
    Days,
    book_of,
    cells,
    communities,
    sheets_of,
    table,
    tabs_of,
)
from tests.reports.cases_by_lines import cases, quoted
from tests.reports.conftest import client_of
from tests.reports.test_every_figure import fetched
from tests.reports.test_every_report import KINDS, legs_rows, where_the_money_is, year_before
from tests.reports.trouble import make_more_trouble, make_trouble

D = Decimal
FIRST = date(2020, 10, 15)  # a span within months, which holds every void of the trouble
ASKED = f"first={FIRST}&last={TODAY}"
SIDES = """
    SELECT e.date, e.number, a.code, a.name_en, a.role, x.baht, e.kind
      FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
      JOIN ledger_account a ON a.id = x.account_id
     WHERE e.date <= %s ORDER BY 1, 2, l.position
"""


# --- the books ----------------------------------------------------------------------------------------------

JOURNAL = """
    SELECT e.date, e.number, d.code, c.code, l.amount FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_account d ON d.id = l.debit_id JOIN ledger_account c ON c.id = l.credit_id
     WHERE e.date BETWEEN %s AND %s ORDER BY 1, 2, l.position
"""


def journal(first: date) -> list[list]:
    rows = fetched(JOURNAL, first, TODAY)
    return table(*rows, (None, None, "", "", sum((row[4] for row in rows), D(0))))


def without_words(rows: list[list], *places: int) -> list[list]:
    return [[cell for place, cell in enumerate(row) if place not in places] for row in rows]


def hold_books(client: Client) -> None:
    sides = fetched(SIDES, TODAY)
    found = {name: only_table(client, f"/books/{path}") for name, path in BOOKS.items()}
    assert without_words(found["journal"], 2, 5) == journal(FIRST)
    for code, side in (("1010", 1), ("12001", 1), ("4110", -1)):
        assert without_words(found[code], 2) == statement(sides, code, side)
    assert without_words(found["cash book"], 1, 2) == cash_book(sides)
    assert found["trial balance"] == trial_balance(sides)
    rows = fetched(RECEIPTS, 2553)
    assert without_words(found["receipts"], 3, 6) == table(*rows, ("", None, "", None, sum(row[4] for row in rows)))
    rows = fetched(RECEIPTS, 2561)
    ((summary, void),) = sheets_of(client, "/books/receipts/numbers/xlsx/?year=2561&which=void").items()
    undone = [row for row in rows if not row[4]]
    assert without_words(void[:-1], 3, 6) == table(*undone)
    in_force = f"{len(rows) - len(undone):,} in force of {sum(row[4] for row in rows):,.2f} baht"
    assert summary == f"2561/000001–{len(rows):06d}: {in_force}, {len(undone)} void, no number missing"


BOOKS = {
    "journal": f"journal/file/xlsx/?{ASKED}",
    **{code: f"accounts/{code}/xlsx/?{ASKED}" for code in ("1010", "12001", "4110")},
    "cash book": f"cash-book/xlsx/?{ASKED}",
    "trial balance": f"trial-balance/xlsx/?{ASKED}",
    "receipts": "receipts/numbers/xlsx/?year=2553",
}


def only_table(client: Client, address: str) -> list[list]:
    (rows,) = tabs_of(book_of(client, address)).values()
    return rows


def statement(sides: list[tuple], code: str, side: int) -> list[list]:
    """On its own side: brought forward, line by line, carried forward."""
    hers = [row for row in sides if row[2] == code]
    balance = sum((side * row[5] for row in hers if row[0] < FIRST), D(0))
    told, sums = [(FIRST, None, None, None, balance)], [D(0), D(0)]
    for day, number, *_account, baht, _kind in (row for row in hers if row[0] >= FIRST):
        balance += side * baht
        sums[baht < 0] += abs(baht)
        told.append((day, number, *((baht, None) if baht > 0 else (None, -baht)), balance))
    return table(*told, (TODAY, None, *sums, balance))


def cash_book(sides: list[tuple]) -> list[list]:
    """Entry by entry what went in and out of the box and the banks, and each place alone beneath."""
    held: Counter = Counter()
    moved: dict[tuple, dict] = defaultdict(lambda: {role: [D(0), D(0)] for role in ("cash", "bank")})
    alone: dict[tuple, list] = defaultdict(lambda: [D(0), D(0), D(0)])
    for day, number, code, name, role, baht, _kind in sides:
        if role in ("cash", "bank"):
            alone[code, name, role][2] += baht
            if day < FIRST:
                held[role] += baht
            else:
                moved[day, number][role][baht < 0] += abs(baht)
                alone[code, name, role][baht < 0] += abs(baht)
    rows = [(FIRST, None, None, held["cash"], None, None, held["bank"])]
    sums = {
        role: [sum((one[role][way] for one in moved.values()), D(0)) for way in (0, 1)] for role in ("cash", "bank")
    }
    for (day, _number), by_role in moved.items():
        row = [day]
        for role, (came, went) in by_role.items():
            held[role] += came - went
            row += [came or None, went or None, held[role]]
        rows.append(tuple(row))
    rows.append((TODAY, *sums["cash"], held["cash"], *sums["bank"], held["bank"]))
    for (_code, _name, role), three in sorted(alone.items()):
        rows.append((None, *(three if role == "cash" else [None] * 3), *([None] * 3 if role == "cash" else three)))
    return table(*rows)


def trial_balance(sides: list[tuple]) -> list[list]:
    """Before the closing of the year that a day lies in, and the same day a year before."""
    held: dict[tuple, list] = defaultdict(lambda: [D(0), D(0)])
    for day, _number, code, name, _role, baht, kind in sides:
        for place, last in enumerate((TODAY, year_before(Days(FIRST, TODAY)).last)):
            if day <= last and not (kind == "closing" and day.year == last.year):
                held[code, name][place] += baht
    rows = [
        (code, name, *(side for baht in two for side in (max(baht, D(0)) or None, max(-baht, D(0)) or None)))
        for (code, name), two in sorted(held.items())
        if any(two)
    ]
    return table(*rows, ("", "Total", *(sum(row[place] or D(0) for row in rows) for place in range(2, 6))))


RECEIPTS = """
    SELECT r.year_be || '/' || lpad(r.number::text, 6, '0'), r.date, r.party_name, sum(l.amount),
           CASE WHEN v.id IS NULL THEN sum(l.amount) ELSE 0 END
      FROM ledger_receipt r JOIN ledger_receiptline l ON l.receipt_id = r.id
      LEFT JOIN ledger_receiptvoid v ON v.receipt_id = r.id
     WHERE r.year_be = %s GROUP BY r.id, v.id ORDER BY r.number
"""


# --- the auditor's pack -------------------------------------------------------------------------------------

REGISTERED = """
    SELECT count(*), sum(p.total), sum(p.total) FILTER (WHERE v.id IS NULL) FROM ledger_{0} p
      LEFT JOIN ledger_{0}void v ON v.{1}_id = p.id WHERE p.date BETWEEN %s AND %s
"""


def hold_exceptions() -> None:
    """Of a year that is over: as it was on its last day. Doubles are of the register of today, and dear to find."""
    fund = Fund.objects.get()
    scope = scope_of(fund_year_span(2562, fund, today=TODAY), fund, today=TODAY)
    found = [find(sort, scope, FIRST_FEW) for code, sort in SORTS.items() if code != "doubles"]
    shown = {one.sort.code: cells(one.count, one.baht) for one in found if one.count}
    assert shown == cases(date(2019, 1, 1), date(2019, 12, 31))


def hold_pack(auditor: User) -> None:
    client, head = client_of(auditor), LedgerHead.objects.get().number
    checked = {"number": head, "entries": head, "lines": 0, "problems": []}
    ActionLog.objects.create(user=auditor, action="books-checked", details=checked)
    client.post(f"/reports/audit/?{ASKED}", {"form": "xlsx", "language": "en", "request_id": str(uuid.uuid4())})
    job = Job.objects.get(kind="audit-pack")
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    content = result_path(job.stored_name).read_bytes()
    found = tabs_of(CalamineWorkbook.from_filelike(io.BytesIO(content)))
    shown = zip(SORTS, found["What to look at first"], strict=True)
    assert {code: [row[2], row[3] or 0.0] for code, row in shown if row[2]} == cases(FIRST, TODAY)
    assert without_words(found["Journal"], 2, 5) == journal(FIRST)
    assert found["Trial balance"] == trial_balance(fetched(SIDES, TODAY))
    for name, model, key in (
        ("Register of receipts", "receipt", "receipt"),
        ("Register of payment vouchers", "paymentvoucher", "voucher"),
    ):
        *rows, total = found[name]
        count, *baht = fetched(REGISTERED.format(model, key), FIRST, TODAY)[0]
        assert (len(rows), total[6:8]) == (count, cells(*baht)), name


# --- what stands beside the figures -------------------------------------------------------------------------

EVENTS = """
    WITH came AS (
        SELECT g.campaign_id, g.contributor_id, g.amount FROM contributions_gift g
          LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id WHERE v.id IS NULL),
    went AS (
        SELECT r.campaign_id, r.amount FROM contributions_runningcost r
          LEFT JOIN ledger_paymentvouchervoid v ON v.voucher_id = r.voucher_id WHERE v.id IS NULL)
    SELECT c.name_en, c.held_on, c.target,
           (SELECT coalesce(sum(amount), 0) FROM came WHERE campaign_id = c.id),
           (SELECT coalesce(sum(amount), 0) FROM went WHERE campaign_id = c.id),
           (SELECT coalesce(sum(amount), 0) FROM came WHERE campaign_id = c.id)
           - (SELECT coalesce(sum(amount), 0) FROM went WHERE campaign_id = c.id),
           (SELECT count(DISTINCT contributor_id) FROM came WHERE campaign_id = c.id)
      FROM contributions_campaign c WHERE c.held_on <= %s ORDER BY c.held_on DESC LIMIT 5
"""
PARTNERS = """
    SELECT p.name_en, (SELECT count(*) FROM contributions_partneractivity a
                        WHERE a.partner_id = p.id AND a.held_on BETWEEN %s AND %s),
           (SELECT coalesce(sum(g.amount), 0) FROM contributions_gift g
              JOIN contributions_contributor c ON c.id = g.contributor_id
              LEFT JOIN contributions_partneractivity a ON a.id = g.activity_id
              LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
             WHERE v.id IS NULL AND p.id IN (c.brought_by_id, a.partner_id) AND g.received_on BETWEEN %s AND %s)
      FROM contributions_partner p
"""
CARE = """
    WITH person AS (
        SELECT p.id, p.since, p.until, coalesce(s.community_id, m.community_id, p.community_id) AS place
          FROM welfare_careperson p LEFT JOIN members_member m ON m.id = p.member_id
          LEFT JOIN members_member s ON s.id = m.merged_into_id),
    visit AS (SELECT v.*, p.place FROM welfare_carevisit v JOIN person p ON p.id = v.person_id),
    referral AS (SELECT r.*, v.place FROM welfare_referral r JOIN visit v ON v.id = r.visit_id
                  WHERE r.referred_on BETWEEN %(first)s AND %(last)s)
    SELECT c.name_en,
           (SELECT count(*) FROM person WHERE place = c.id AND since <= %(last)s
                                          AND coalesce(until, %(last)s) >= %(first)s),
           (SELECT count(DISTINCT person_id) FROM visit WHERE place = c.id
                                          AND visited_on BETWEEN %(first)s AND %(last)s),
           (SELECT count(*) FROM visit WHERE place = c.id AND visited_on BETWEEN %(first)s AND %(last)s),
           (SELECT count(*) FROM referral WHERE place = c.id),
           (SELECT count(*) FROM referral WHERE place = c.id AND answered_on <= %(last)s),
           (SELECT count(*) FROM referral WHERE place = c.id AND answered_on <= %(last)s
                                            AND outcome IN ('helped', 'partly'))
      FROM members_community c WHERE c.id IN (SELECT place FROM person) ORDER BY c.number
"""


def hold_year(client: Client, year_be: int, first: date, last: date) -> None:
    found = sheets_of(client, f"/reports/{year_be}/annual-report.xlsx")
    assert found["The annual event"] == table(*fetched(EVENTS, last))
    assert sorted(row[0:1] + row[2:] for row in found["Partners"]) == sorted(
        table(*fetched(PARTNERS, first, last, first, last))
    )
    care = fetched(CARE % quoted({"first": first, "last": last}))
    total = ("All", *(sum(row[place] for row in care) for place in range(1, 7)))
    assert [row for row in found["Care at home and referrals"] if any(row[1:])] == table(
        *(row for row in care if any(row[1:])), total
    )


BUDGETS = """
    SELECT DISTINCT ON (b.category) b.category, b.baht FROM welfare_budget b
      JOIN members_resolution r ON r.id = b.resolution_id JOIN members_meeting m ON m.id = r.meeting_id
     WHERE b.year_start = %s AND m.held_on <= %s ORDER BY b.category, b.id DESC
"""
FUNDS = """
    WITH moved AS (
        SELECT l.restricted_fund_id, e.date, x.baht FROM ledger_line l
          JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
         CROSS JOIN LATERAL (VALUES (l.debit_id, -l.amount), (l.credit_id, l.amount)) x (account_id, baht)
          JOIN ledger_account a ON a.id = x.account_id AND a.type IN ('income', 'cost', 'fund')
         WHERE e.date <= %s)
    SELECT f.name_en, coalesce(sum(m.baht) FILTER (WHERE m.date < %s), 0),
           coalesce(sum(m.baht) FILTER (WHERE m.date >= %s AND m.baht > 0), 0),
           coalesce(-sum(m.baht) FILTER (WHERE m.date >= %s AND m.baht < 0), 0), coalesce(sum(m.baht), 0)
      FROM ledger_restrictedfund f LEFT JOIN moved m ON m.restricted_fund_id = f.id GROUP BY f.id ORDER BY f.id
"""
OPEN = """
    SELECT u.display_name, e.date, %s - e.date, count(*), sum(l.amount) FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id JOIN ledger_account a ON a.id = l.debit_id AND a.role = 'advance'
      JOIN office_user u ON u.id = a.holder_id GROUP BY u.id, e.id ORDER BY e.date
"""
SIGNED = """
    SELECT DISTINCT ON (a.code) a.code, r.as_of, r.passbook_balance, r.passbook_balance - sum(x.baht)
      FROM ledger_account a LEFT JOIN ledger_reconciliation r ON r.account_id = a.id AND r.as_of <= %s
      LEFT JOIN ledger_entry e ON e.date <= r.as_of LEFT JOIN ledger_line l ON l.entry_id = e.id
      LEFT JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
             ON x.account_id = a.id
     WHERE a.role = 'bank' GROUP BY a.id, r.id ORDER BY a.code, r.as_of DESC NULLS LAST
"""


def hold_rest_of_month(client: Client, first: date) -> None:
    found, last = sheets_of(client, f"/month-report/xlsx/?month={first:%Y-%m}"), month_end(first)
    assert found["Where the money is"] == where_the_money_is(first, last)
    set_, year = dict(fetched(BUDGETS, date(first.year, 1, 1), last)), Days(date(first.year, 1, 1), last)
    spent = [(name, set_[code], year.debits("benefit", category=code)) for name, code in KINDS.items() if code in set_]
    rows = [(name, budget, baht, budget - baht) for name, budget, baht in spent]
    assert found["Welfare against its budget"] == table(
        *rows, ("Total", *(sum(row[place] for row in rows) for place in (1, 2, 3)))
    )
    assert found["Restricted funds"] == table(*fetched(FUNDS, last, first, first, first))
    on_way = fetched(OPEN, TODAY)
    assert without_words(found["Money on its way to receivers"], 0) == table(
        *on_way, ("", None, None, None, sum(row[4] for row in on_way))
    )
    signed = table(*(row[1:] for row in fetched(SIGNED, last)))
    assert [row[2:] for row in found["Reconciliation of the bank accounts"]] == signed


GIFTS = """
    SELECT g.received_on, r.year_be || '/' || lpad(r.number::text, 6, '0'), a.name_en, g.amount
      FROM contributions_gift g JOIN contributions_contributor c ON c.id = g.contributor_id AND c.number = %s
      JOIN ledger_receipt r ON r.id = g.receipt_id LEFT JOIN ledger_receiptvoid v ON v.receipt_id = r.id
      JOIN ledger_line l ON l.entry_id = r.entry_id JOIN ledger_account a ON a.id = l.credit_id
     WHERE v.id IS NULL AND g.received_on BETWEEN %s AND %s ORDER BY g.received_on, g.id
"""
GIVEN = """
    SELECT c.number, count(g.id), coalesce(sum(g.amount), 0), max(g.received_on) FROM contributions_contributor c
      LEFT JOIN (SELECT g.* FROM contributions_gift g LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
                  WHERE v.id IS NULL) g ON g.contributor_id = c.id GROUP BY c.id ORDER BY c.number
"""


def hold_contributors(client: Client) -> None:
    found = only_table(client, "/money-in/contributors/list.xlsx")
    given = fetched(GIVEN)
    assert sorted([row[0], *row[9:]] for row in found[:-1]) == table(*given)
    assert found[-1][9:11] == cells(*(sum(row[place] for row in given) for place in (1, 2)))
    often = max(given, key=lambda row: row[1])[0]
    of_void = fetched(
        "SELECT c.number FROM contributions_gift g JOIN contributions_contributor c ON c.id = g.contributor_id"
        "  JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id"
    )
    for number, year in ((often, 2019), *((number, 2020) for (number,) in of_void)):
        gifts = fetched(GIFTS, number, date(year, 1, 1), date(year, 12, 31))
        shown = only_table(client, f"/money-in/contributors/{number}/statement/{year + 543}.xlsx")
        assert shown == table(*gifts, ("", "", "", sum((row[3] for row in gifts), D(0))))


def hold_beneficiaries() -> None:
    """The annex of the municipality's report: each payment, what was taken back, and their sum."""
    days = Days(date(2018, 10, 1), date(2019, 9, 30)), Days(date(2020, 10, 1), TODAY)
    for year, one in zip((2562, 2564), days, strict=True):
        *rows, total = beneficiaries_paper(fiscal_period(year, TODAY), with_names=False).rows
        by_member: dict[int, Decimal] = defaultdict(Decimal)
        for row in rows:
            by_member[row.cells[5]] += row.cells[-1]
        numbers = dict(fetched("SELECT id, number FROM members_member"))
        booked: dict[int, Decimal] = defaultdict(Decimal)
        for person, baht in ((row[6], row[-1]) for row in one.welfare):
            booked[numbers[person]] += baht
        assert (by_member, total.cells[-1]) == (booked, one.debits("benefit"))


def hold_public_board() -> None:
    """Open to everybody: what its page says of a month, of the fund and of a community."""
    Fund.objects.update(notice_board_is_public=True)
    visitor, first, last = Client(headers={"accept-language": "en"}), date(2020, 10, 1), date(2020, 10, 31)
    visitor.cookies["django_language"] = "en"
    month, year, number = Days(first, last), Days(date(2020, 1, 1), last), 4
    key = fetched("SELECT id FROM members_community WHERE number = %s", number)[0][0]
    for address, place in (("/board/?month=2020-10", None), (f"/board/{number}/?month=2020-10", key)):
        answer = visitor.get(address)
        rows = [(row.name.en, *row.month, *row.year) for row in answer.context["rows"]]
        dues = (days.credits("dues", place=place) for days in (month, year))
        kinds = [(name, month.paid(code, place)[1:], year.paid(code, place)[1:]) for name, code in KINDS.items()]
        shown = [(name, *pair, *both) for name, pair, both in kinds if any((*pair, *both))] if place is None else []
        money = next(dues), next(dues)
        assert rows == [
            ("Members' contributions paid in", None, money[0], None, money[1]),
            *shown,
            ("Welfare paid out, all kinds", *month.paid(place=place)[1:], *year.paid(place=place)[1:]),
        ]
        legs = [(row.name.en, row.month[1], row.year[1]) for row in answer.context["legs"]]
        assert table(*legs) == legs_rows(month, year)
        page = answer.content.decode()
        said = [cell for row in (*answer.context["rows"], *answer.context["legs"]) for cell in row.cells]
        assert [cell for cell in said if cell not in page] == []
        assert answer.context["money"] == f"{month.money:,.2f}"


CURRENT = """
    SELECT m.number, p.paid_through::text FROM members_membership p JOIN members_member m ON m.id = p.member_id
     WHERE p.ended_on IS NULL AND m.merged_into_id IS NULL AND m.community_id = %s ORDER BY 1
"""


def hold_member_list(client: Client) -> None:
    """The one list that is given as CSV says what its XLSX says, of all current members of a community."""
    key, _name = communities()[13]
    address = f"/members/export/{{}}/?community={key}"
    files = {}
    for kind in ("csv", "xlsx"):
        answer = client.post(address.format(kind), {"request_id": str(uuid.uuid4()), "reason": "สมมติ"})
        files[kind] = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head, *lines = csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")))
    (rows,) = tabs_of(CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"]))).values()

    def written(cell: object) -> str:
        return f"{cell:.0f}" if isinstance(cell, float) else str(cell)

    assert lines == [[written(cell) for cell in row] for row in rows]
    assert sorted((int(line[0]), line[head.index("Paid through")]) for line in lines) == fetched(CURRENT, key)


# --- the walk -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_db")
def test_every_figure_of_the_books_and_beside_them_is_what_the_lines_say(settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path
    make_trouble()
    make_more_trouble()
    auditor, committee, registrar = (User.objects.get(username=name) for name in ("auditor", "committee1", "registrar"))
    reader = client_of(committee)
    hold_books(client_of(auditor))
    hold_exceptions()
    hold_pack(auditor)
    for year_be, first, last in ((2563, date(2020, 1, 1), TODAY), (2562, date(2019, 1, 1), date(2019, 12, 31))):
        hold_year(reader, year_be, first, last)
    for first in (date(2020, 11, 1), date(2020, 10, 1)):  # money was set aside and a budget changed on 1 November
        hold_rest_of_month(reader, first)
    hold_contributors(client_of(User.objects.get(username="treasurer")))
    hold_beneficiaries()
    hold_public_board()
    hold_member_list(client_of(registrar))

"""What the fund tells its own people, read back from the sheets: notice board, report of a community, of a month.

In a demonstration in which something went wrong (`trouble.py`): voids, payments taken back, a move, a return, a double.
The papers that go out are held there too.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

import pytest
from django.test import Client

from ledger.check import check_ledger
from ledger.spans import month_end
from office.models import User
from tests.reports.by_lines import DAY, FOUNDED, MONEY, TODAY, Days, People, cells, communities, sheets_of, table
from tests.reports.conftest import client_of
from tests.reports.test_every_figure import fetched
from tests.reports.test_every_form import hold_form
from tests.reports.trouble import make_trouble

D = Decimal
LEGS = {
    "Leg 1: members' contributions": 1,
    "Leg 2: the municipality": 2,
    "Leg 3: the state, through CODI": 3,
    "Leg 4: networks and donors": 4,
}
KINDS = {
    "Newborn and childbirth": "birth",
    "Sickness and medical care": "sickness",
    "Elderly": "elderly",
    "Death": "death",
    "Education": "education",
    "Disadvantaged and persons with disability": "disadvantaged",
    "Career development": "career",
    "Housing repair": "housing",
    "Disaster relief": "disaster",
}


def year_so_far(last: date) -> Days:
    return Days(max(date(last.year, 1, 1), FOUNDED), last)


def year_before(days: Days) -> Days:
    """The same days a year earlier; whole months stay whole."""
    first = days.first.replace(year=days.first.year - 1)
    is_whole = days.last == month_end(days.last)
    last = days.last.replace(year=days.last.year - 1, day=1 if is_whole else days.last.day)
    return Days(first, month_end(last) if is_whole else last)


def legs_rows(*columns: Days) -> list[list]:
    rows = [(name, *(days.leg(number) for days in columns)) for name, number in LEGS.items()]
    return table(*rows, ("The four legs", *(sum(row[place] for row in rows) for place in range(1, len(columns) + 1))))


# --- notice board -------------------------------------------------------------------------------------------


def places_of(people: People, first: date, last: date) -> dict[object, list[int]]:
    """By community's key, None for the fund: at the start, joined, left, moved in less out, at the end."""
    home = {member: (where, born) for member, (where, born) in people.joined(last).items()}

    def placed(members: list[int], day: date) -> Counter:
        found = Counter(people.place(one, home[one][0], day) for one in members)
        return found + Counter({None: sum(found.values())})

    came = [one for one, _h, _b, since, _e, _w in people.people if first <= since <= last]
    went = [one for one, _h, _b, _s, ended, _w in people.people if ended and first <= ended <= last]
    start, joined, left, end = (
        placed(list(people.current(first - DAY)), first - DAY),
        placed(came, last),
        placed(went, last),
        placed(list(people.current(last)), last),
    )
    keys = [None, *(key for key, _name in communities())]
    return {
        key: [start[key], joined[key], left[key], end[key] - start[key] - joined[key] + left[key], end[key]]
        for key in keys
    }


def hold_board(client: Client, people: People, first: date) -> None:
    found = sheets_of(client, f"/notice-board/sheets.xlsx?month={first:%Y-%m}")
    last = month_end(first)
    month, year, places = Days(first, last), year_so_far(last), places_of(people, first, last)
    named = [("The whole fund", None), *((name, key) for key, name in communities())]
    rows, kinds = [], []
    for name, key in named:
        dues = (days.credits("dues", place=key) for days in (month, year))
        rows.append((name, *places[key], *dues, *month.paid(place=key)[1:], *year.paid(place=key)[1:]))
        for kind, code in KINDS.items():
            paid = (*month.paid(code, key)[1:], *year.paid(code, key)[1:])
            kinds += [(name, kind, *paid)] if any(paid) else []
    assert found["Communities"] == table(*rows)
    assert found["Welfare by kind"] == table(*kinds)
    assert found["The four legs"] == legs_rows(month, year)


# --- the report of a community ------------------------------------------------------------------------------

STANDING = """
    SELECT count(*) FILTER (WHERE p.paid_through >= %s),
           count(*) FILTER (WHERE p.paid_through < %s AND p.paid_through >= %s),
           count(*) FILTER (WHERE p.paid_through < %s AND p.paid_through >= %s),
           count(*) FILTER (WHERE p.paid_through < %s),
           count(*) FILTER (WHERE p.paid_through < %s AND NOT EXISTS (SELECT 1 FROM members_arrearsnotice n
                                   WHERE n.membership_id = p.id AND n.paid_through = p.paid_through))
      FROM members_membership p JOIN members_member m ON m.id = p.member_id AND m.merged_into_id IS NULL
     WHERE p.ended_on IS NULL AND m.community_id = %s
"""
# What was taken from the collector: by the books once it is counted, by the receipts that hold before.
SHEETS = """
    SELECT s.year_be || '/' || lpad(s.number::text, 4, '0'),
           (SELECT count(DISTINCT p.member_id) FROM contributions_duespayment p
              LEFT JOIN ledger_receiptvoid v ON v.receipt_id = p.receipt_id
             WHERE p.sheet_id = s.id AND (v.id IS NULL OR v.reversal_id > s.acceptance_entry_id)),
           CASE WHEN s.state = 'accepted' THEN
               (SELECT sum(l.amount) FROM ledger_line l JOIN ledger_account a ON a.id = l.credit_id
                 WHERE l.entry_id = s.acceptance_entry_id AND a.role = 'collector')
           ELSE (SELECT sum(p.amount) FROM contributions_duespayment p
                   LEFT JOIN ledger_receiptvoid v ON v.receipt_id = p.receipt_id
                  WHERE p.sheet_id = s.id AND v.id IS NULL) END,
           s.submitted_on, s.accepted_on,
           CASE WHEN s.state <> 'accepted' THEN
               (SELECT %s - min(p.paid_on) FROM contributions_duespayment p WHERE p.sheet_id = s.id) END
      FROM contributions_collectionsheet s
     WHERE s.community_id = %s AND (s.state <> 'accepted' OR s.submitted_on BETWEEN %s AND %s
           OR s.accepted_on BETWEEN %s AND %s)
     ORDER BY s.opened_on DESC, s.id DESC
"""
CLAIMS = """
    SELECT count(*), coalesce(sum(coalesce(amount_approved, amount)), 0) FROM welfare_claim
     WHERE community_id = %s AND state = %s
"""
STATES = {
    "Draft": "draft",
    "Submitted, to be checked": "submitted",
    "Checked, to be decided": "verified",
    "Approved, to be paid": "approved",
}


def hold_community(client: Client, people: People, number: int, days: Days, asked: str) -> None:
    found = sheets_of(client, f"/community-report/xlsx/?community={number}&{asked}")
    key = fetched("SELECT id FROM members_community WHERE number = %s", number)[0][0]
    suspended, due = TODAY - timedelta(days=90), TODAY - timedelta(days=365)
    standing = fetched(STANDING, TODAY, TODAY, suspended, suspended, due, due, due, key)[0]
    counts = [*places_of(people, days.first, days.last)[key], *standing]
    assert [row[1] for row in found["Members"]] == [float(count) for count in counts]
    dues = days.credits("dues", place=key), year_before(days).credits("dues", place=key)
    assert found["Contributions"] == table(("Members' contributions paid in", *dues))
    sheets = fetched(SHEETS, TODAY, key, *(days.first, days.last) * 2)
    out = sum((row[2] for row in sheets if row[4] is None), D(0))
    shown = [[row[0], *row[2:]] for row in found["Collection sheets and cash"][: len(sheets) + 1]]
    assert shown == table(*sheets, ("Not accepted yet", None, out, None, None, None))
    claims = [(name, *fetched(CLAIMS, key, state)[0]) for name, state in STATES.items()]
    assert found["Claims under way today"] == table(*claims)
    paid = [(name, *days.paid(code, key)) for name, code in KINDS.items()]
    assert found["Welfare paid"] == table(*(row for row in paid if any(row[1:])))


# --- the month's report -------------------------------------------------------------------------------------

TURNOVER = """
    SELECT a.name_en, coalesce(sum(x.baht) FILTER (WHERE e.date < %s), 0),
           coalesce(sum(x.baht) FILTER (WHERE x.baht > 0 AND e.date >= %s), 0),
           coalesce(-sum(x.baht) FILTER (WHERE x.baht < 0 AND e.date >= %s), 0), coalesce(sum(x.baht), 0)
      FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
      JOIN ledger_account a ON a.id = x.account_id
     WHERE a.role = %s AND e.date <= %s GROUP BY a.code, a.name_en ORDER BY a.code
"""
NAMES = "SELECT code, name_en, type, role, coalesce(leg, 0) FROM ledger_account WHERE type = ANY(%s) ORDER BY code"
PAPERS = """
    SELECT min(p.number), max(p.number), count(*), count(e.id),
           coalesce(sum((SELECT sum(amount) FROM ledger_{0}line l WHERE l.{1}_id = p.id))
                    FILTER (WHERE e.id IS NULL), 0)
      FROM ledger_{0} p LEFT JOIN ledger_{0}void v ON v.{1}_id = p.id
      LEFT JOIN ledger_entry e ON e.id = v.reversal_id AND e.date <= %s WHERE p.date BETWEEN %s AND %s
"""
COLLECTORS = """
    SELECT u.display_name, 0, sum(x.baht) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
      JOIN ledger_account a ON a.id = x.account_id AND a.role = 'collector' JOIN office_user u ON u.id = a.holder_id
     GROUP BY 1 HAVING sum(x.baht) <> 0
"""


def hold_month(client: Client, first: date) -> None:
    found = sheets_of(client, f"/month-report/xlsx/?month={first:%Y-%m}")
    last = month_end(first)
    month, year = Days(first, last), year_so_far(last)
    before = year_before(month)
    assert found["Where the money is"] == where_the_money_is(first, last)
    assert found["The four legs"] == legs_rows(month, before)
    said = {row[0]: row[1:] for row in found["Statement of receipts and payments"]}
    assert said == receipts_and_payments(month, before)
    kinds = [(name, *month.paid(code)[1:], *year.paid(code)[1:]) for name, code in KINDS.items()]
    total = ("Total", *month.paid()[1:], *year.paid()[1:])
    assert found["Welfare by kind"] == table(*kinds, total)
    assert found["Running costs against their limit"] == running_costs(month, year)
    shown = {row[0]: row[1:4] for row in found["Cash with collectors and its age"]}
    held = {name: cells(open_, baht, open_ + baht) for name, open_, baht in fetched(COLLECTORS)}
    assert shown == held | {"Total": cells(*[sum(row[place] for row in held.values()) for place in range(3)])}
    booked = {name: end for name, *_rest, end in fetched(TURNOVER, first, first, first, "bank", last)}
    assert {row[0]: row[1] for row in found["Reconciliation of the bank accounts"]} == {
        name: float(baht) for name, baht in booked.items()
    }
    series = (("Receipts", "receipt", "receipt"), ("Payment vouchers", "paymentvoucher", "voucher"))
    used = [(name, *fetched(PAPERS.format(model, key), last, first, last)[0]) for name, model, key in series]
    assert found["Receipts and vouchers"] == table(*(row for row in used if row[3]))


def where_the_money_is(first: date, last: date) -> list[list]:
    rows = [row for role in ("cash", "bank") for row in fetched(TURNOVER, first, first, first, role, last)]
    for role, name in (("collector", "Cash with collectors"), ("advance", "Advances with leaders")):
        each = fetched(TURNOVER, first, first, first, role, last)
        together = [sum((row[place] for row in each), D(0)) for place in range(1, 5)]
        rows += [(name, *together)] if any(together) else []
    return table(*rows, ("Total", *(sum(row[place] for row in rows) for place in range(1, 5))))


def receipts_and_payments(month: Days, before: Days) -> dict[str, list]:
    found: dict[str, list] = {}
    for code, name, kind, _role, _leg in fetched(NAMES, ["income", "cost"]):
        sign = -1 if kind == "income" else 1
        pair = [sign * days.debits(code=code) for days in (month, before)]
        found |= {name: cells(*pair)} if any(pair) else {}
    both = (month, before)
    return found | {
        "Money brought forward": cells(*(days.before.debits(*MONEY) for days in both)),
        "The four legs": cells(*(sum(days.leg(number) for number in (1, 2, 3, 4)) for days in both)),
        "All receipts": cells(*(-days.of_type("income") for days in both)),
        "All payments": cells(*(days.of_type("cost") for days in both)),
        "Money carried forward": cells(*(days.money for days in both)),
    }


def running_costs(month: Days, year: Days) -> list[list]:
    accounts = [row for row in fetched(NAMES, ["cost"]) if row[3] == "administration"]
    rows = [(name, month.debits(code=code), year.debits(code=code)) for code, name, *_rest in accounts]
    rows = [row for row in rows if any(row[1:])]
    spent, allowed = year.debits("administration"), (-year.of_type("income") / 5).quantize(D("0.01"), ROUND_DOWN)
    return table(
        *rows,
        ("Running costs", month.debits("administration"), spent),
        ("Allowed so far: 20 percent", None, allowed),
        ("Still free", None, allowed - spent),
    )


# --- the walk -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_db")
def test_every_figure_is_what_the_lines_and_the_register_say_also_after_voids_and_moves() -> None:
    make_trouble()
    assert check_ledger().problems == ()
    hold_all()


def hold_all() -> None:
    people, committee = People(), client_of(User.objects.get(username="committee1"))
    for first in (date(2020, 11, 1), date(2020, 6, 1)):
        hold_board(committee, people, first)
    moved_from, moved_to = fetched(
        "SELECT c.number FROM members_communitystay s JOIN members_community c ON c.id = s.community_id"
        " WHERE s.member_id IN (SELECT member_id FROM members_communitystay WHERE until IS NOT NULL) ORDER BY s.since"
    )
    for (number,) in (moved_from, moved_to):
        hold_community(committee, people, number, Days(date(2020, 1, 1), date(2020, 12, 31)), "span=fund-2563")
    hold_community(committee, people, 14, Days(date(2020, 3, 5), TODAY), "first=2020-03-05&last=2020-11-01")
    for first in (date(2020, 11, 1), date(2019, 2, 1)):  # one of its vouchers was made void since
        hold_month(committee, first)
    for code, asked, first, last in (
        ("codi-status", "day=2020-10-31", date(2019, 11, 1), date(2020, 10, 31)),
        ("municipality", "span=fiscal-2564", date(2020, 10, 1), TODAY),
        ("provincial-office", "span=calendar-2563", date(2020, 1, 1), TODAY),
    ):
        hold_form(committee, people, code, asked, Days(first, last))

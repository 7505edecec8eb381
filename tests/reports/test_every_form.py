"""Every figure of the papers that go out, read back from their sheets and held against SQL written apart.

A table or a fact that nobody holds fails its test: add it to `TABLES` or `facts_of`. The annual report and the report
of any span are held in `test_every_figure.py`, what the fund tells its own people in `test_every_report.py`.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from members.models import Fund
from office.models import User
from tests.reports.by_lines import (
    FOUNDED,
    MONEY,
    TODAY,
    Days,
    Paper,
    People,
    by_age,
    by_place,
    by_sex,
    by_type,
    communities,
    in_and_out,
    matched,
    sheets_of,
    table,
)
from tests.reports.conftest import client_of
from tests.reports.test_every_figure import fetched

D = Decimal

SOURCES = {
    "Members' contributions": ("dues",),
    "Shares of community groups and enterprises": ("enterprise-share",),
    "Local government (municipality)": ("municipality",),
    "CODI start-up grant": ("codi-start-up",),
    "State contribution through CODI, all rounds": ("codi-matching",),
    "Other state bodies": ("other-state",),
    "Bank interest": ("interest",),
    "Entry fees": ("entry-fee",),
    "Donations and events": ("gift", "event-income"),
    "Other (sister funds, cash over or short)": ("sister-funds", "cash-over-short"),
}
COSTS = {
    "Welfare": ("benefit",),
    "Public benefit and solidarity": ("public-benefit",),
    "Administration": ("administration",),
    "Costs of events": ("event-cost",),
    "Tax withheld on interest": ("tax-withheld",),
}
GIVERS = {
    "From the members, entry fees among it": ("dues", "entry-fee"),
    "From the local government": ("municipality",),
    "From the state and CODI": ("codi-start-up", "codi-matching", "other-state"),
    "From groups, enterprises and sister funds": ("enterprise-share", "sister-funds"),
    "Donations and events": ("gift", "event-income"),
    "Bank interest, cash over or short": ("interest", "cash-over-short"),
}
CODI_KINDS = {
    "birth": "birth",
    "sickness": "sickness",
    "the elderly": "elderly",
    "death": "death",
    "the disadvantaged and people with disabilities": "disadvantaged",
    "career": "career",
    "education": "education",
    "housing (repair or building)": "housing",
    "disaster": "disaster",
}
EMPTY_LINES = (
    *("funeral costs", "culture and tradition", "activities for the public benefit"),
    *("natural resources and environment", "other"),
)


# --- money --------------------------------------------------------------------------------------------------


def receipts_and_payments(paper: Paper) -> list[list]:
    days = paper.days
    return table(
        ("Money brought forward", days.before.debits(*MONEY)),
        *((name, days.credits(*roles)) for name, roles in SOURCES.items()),
        ("All receipts", -days.of_type("income")),
        *((name, days.debits(*roles)) for name, roles in COSTS.items()),
        ("All payments", days.of_type("cost")),
        ("Money carried forward", days.money),
    )


def by_source(paper: Paper) -> list[list]:
    rows = [(name, paper.days.ever.credits(*roles)) for name, roles in SOURCES.items()]
    return table(*rows, ("Total", -paper.days.ever.of_type("income")))


def by_giver(paper: Paper) -> list[list]:
    rows = [(name, paper.days.credits(*roles)) for name, roles in GIVERS.items()]
    return table(*rows, ("Total", -paper.days.of_type("income")))


def outside(paper: Paper) -> list[list]:
    accounts = fetched("SELECT code, name_en FROM ledger_account WHERE role = 'public-benefit' ORDER BY code")
    rows = [(name, paper.days.ever.debits(code=code), 0, paper.days.debits(code=code)) for code, name in accounts]
    return table(*rows, ("Total", sum(row[1] for row in rows), None, sum(row[3] for row in rows)))


ACCOUNTS = "SELECT code, name_en FROM ledger_account WHERE role = ANY(%s) ORDER BY array_position(%s, role::text), code"


def both_sides(paper: Paper) -> list[list]:
    """Section 10: left what came in since the founding, right what the fund has, paid and spent."""
    ever = paper.days.ever

    def named(*roles: str, sign: int = -1) -> list[tuple[str, Decimal]]:
        rows = [(name, sign * ever.debits(code=code)) for code, name in fetched(ACCOUNTS, *[list(roles)] * 2)]
        return [row for row in rows if row[1]]

    rounds = [(f"State contribution (through CODI), round {n}", baht) for n, baht in rounds_until(ever.last)]
    receipts = [*named("dues", "codi-start-up"), *rounds]
    receipts += named("municipality", "other-state", "sister-funds", "enterprise-share")
    revenue = named("entry-fee", "gift", "event-income", "interest", "cash-over-short")
    holds = [("Bank deposits", ever.debits("bank")), ("Cash in hand, and with leaders", ever.debits(*MONEY[1:]))]
    holds.append(("Welfare paid to members", ever.debits("benefit")))
    spent = named("administration", "event-cost", "public-benefit", "tax-withheld", sign=1)
    sums = [sum((baht for _name, baht in part), D(0)) for part in (receipts, holds, revenue, spent)]
    assert sums[0] + sums[2] == sums[1] + sums[3]
    return table(
        ("1. Receipts", sums[0], "1. Assets, and welfare paid", sums[1]),
        *side_by_side(receipts, holds),
        ("2. Other income", sums[2], "2. Expenses", sums[3]),
        *side_by_side(revenue, spent),
        ("Sources together", sums[0] + sums[2], "Uses together", sums[1] + sums[3]),
    )


def side_by_side(left: list, right: list) -> list[tuple]:
    most = max(len(left), len(right))
    padded = [rows + [("", None)] * (most - len(rows)) for rows in (left, right)]
    return [(*one, *other) for one, other in zip(*padded, strict=True)]


# Until the day of its reversal a receipt holds; the number of a round made void since is its request's.
ROUNDS = """
    SELECT coalesce(r.number, c.round_number), r.cutoff_on, r.member_count, sum(g.amount)
      FROM contributions_grant g JOIN contributions_matchinground r ON r.id = g.matching_round_id
      LEFT JOIN contributions_commitment c ON c.id = g.commitment_id
      LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
      LEFT JOIN ledger_entry e ON e.id = v.reversal_id
     WHERE g.received_on <= %s AND (v.id IS NULL OR e.date > %s) GROUP BY 1, 2, 3 ORDER BY 1
"""
ASKED = """
    SELECT c.round_number, c.cutoff_on, c.member_count, c.requested,
           CASE WHEN EXISTS (SELECT 1 FROM contributions_commitmentstep s WHERE s.commitment_id = c.id
                                AND s.state = 'approved' AND s.happened_on <= %s) THEN c.approved END
      FROM contributions_commitment c
     WHERE c.source = 'codi-matching' AND EXISTS (
           SELECT 1 FROM contributions_commitmentstep s WHERE s.commitment_id = c.id AND s.happened_on <= %s)
"""


def rounds_until(day: date) -> list[tuple[int, Decimal]]:
    return [(number, baht) for number, _cutoff, _heads, baht in fetched(ROUNDS, day, day)]


def rounds(paper: Paper) -> list[list]:
    until = paper.days.last
    rows = {number: [cutoff, heads, None, None, baht] for number, cutoff, heads, baht in fetched(ROUNDS, until, until)}
    for number, cutoff, heads, requested, approved in fetched(ASKED, until, until):
        rows.setdefault(number, [cutoff, heads, None, None, D(0)])[2:4] = [requested, approved]
    told = []
    for number, (cutoff, heads, requested, approved, baht) in sorted(rows.items()):
        year = Days(date(cutoff.year - 1, 10, 1), cutoff)
        dues = year.credits("dues") if cutoff <= until else None
        told.append((f"Round {number}", cutoff, heads, dues, requested, approved, baht))
    return table(*told, ("Total", *[None] * 5, sum((row[-1] for row in told), D(0))))


# What came of each request in these days: a receipt on its day, and off on the day of its reversal.
MUNICIPALITY = """
    WITH moved AS (
        SELECT g.commitment_id, x.on_day, x.baht FROM contributions_grant g
          LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
          LEFT JOIN ledger_entry e ON e.id = v.reversal_id
         CROSS JOIN LATERAL (VALUES (g.received_on, g.amount), (e.date, -g.amount)) x (on_day, baht)
         WHERE g.source = 'municipality' AND x.on_day BETWEEN %s AND %s
    )
    SELECT c.year_be, c.requested, CASE WHEN min(s.happened_on) FILTER (WHERE s.state = 'approved') <= %s
           THEN c.approved END, min(s.happened_on) FILTER (WHERE s.state = 'agreed' AND s.happened_on <= %s),
           (SELECT min(on_day) FROM moved WHERE commitment_id = c.id),
           (SELECT coalesce(sum(baht), 0) FROM moved WHERE commitment_id = c.id)
      FROM contributions_commitment c JOIN contributions_commitmentstep s ON s.commitment_id = c.id
     WHERE c.source = 'municipality' AND (c.year_be = %s OR c.id IN (SELECT commitment_id FROM moved))
     GROUP BY c.id ORDER BY 1
"""


def requests(paper: Paper) -> list[tuple]:
    first, last = paper.days.first, paper.days.last
    return fetched(MUNICIPALITY, first, last, last, last, last.year + 543 + (last.month > 9))


def from_municipality(paper: Paper) -> list[list]:
    rows = [(str(year), asked, approved, came) for year, asked, approved, _agreed, _on, came in requests(paper)]
    return table(*rows, ("Total", None, None, paper.days.credits("municipality")))


def from_request_to_receipt(paper: Paper) -> list[list]:
    rows = [(f"Budget year {year}", *rest) for year, *rest in requests(paper)]
    return table(*rows, ("Total", *[None] * 4, paper.days.credits("municipality")))


def use_of_contribution(paper: Paper) -> list[list]:
    """Year by year: what a fiscal year's welfare did not take is brought forward."""
    left = brought = came = used = D(0)
    for year in range(2010, paper.days.first.year + 2):
        days = Days(date(year - 1, 10, 1), date(year, 9, 30))
        brought, came = left, days.credits("municipality")
        used = min(brought + came, days.debits("benefit"))
        left = brought + came - used
    rows = zip(
        ("Left of earlier years", "Received in the budget year", "Used for welfare", "Left over"),
        (brought, came, used, left),
        strict=True,
    )
    return table(*rows)


# --- welfare ------------------------------------------------------------------------------------------------


def codi_lines(paper: Paper) -> list[list]:
    ever, within = paper.days.ever, paper.days
    found = {name: (*ever.paid(code), *within.paid(code)) for name, code in CODI_KINDS.items()}
    found |= {name: (0, 0, D(0)) * 2 for name in EMPTY_LINES} | {"Total": (*ever.paid(), *within.paid())}
    return sorted(table(*((name, *paid) for name, paid in found.items())))


def codi_lines_within(paper: Paper) -> list[list]:
    found = {name: paper.days.paid(code) for name, code in CODI_KINDS.items()} | {"Total": paper.days.paid()}
    return sorted(table(*((name, *paid) for name, paid in found.items() if paid[2] or name == "Total")))


PAYMENTS = """
    SELECT l.community_id, sum(x.n)::int FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
     CROSS JOIN LATERAL (VALUES (l.debit_id, 1), (l.credit_id, -1)) x (account_id, n)
      JOIN ledger_account a ON a.id = x.account_id AND a.role = 'benefit'
     WHERE e.date BETWEEN %s AND %s GROUP BY 1
"""


def welfare_by_place(paper: Paper) -> list[list]:
    days, payments = paper.days, Counter(dict(fetched(PAYMENTS, paper.days.first, paper.days.last)))
    rows = [
        (name, days.persons(place=key), payments[key], days.debits("benefit", place=key)) for key, name in communities()
    ]
    return table(*rows, ("Total", days.persons(), sum(payments.values()), days.debits("benefit")))


KINDS_OF_GIVERS = {
    "person": "Person",
    "shop": "Shop",
    "company": "Company",
    "ngo": "Non-governmental organisation",
    "agency": "Agency",
    "temple": "Temple",
    "enterprise": "Community enterprise",
    "sister-fund": "Welfare fund or association",
}
GIFTS = """
    SELECT c.kind, count(DISTINCT c.id), sum(g.amount) FROM contributions_gift g
      JOIN contributions_contributor c ON c.id = g.contributor_id
      LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
      LEFT JOIN ledger_entry e ON e.id = v.reversal_id
     WHERE g.received_on <= %s AND (v.id IS NULL OR e.date > %s) GROUP BY 1
"""


def gifts(paper: Paper) -> list[list]:
    rows = [(KINDS_OF_GIVERS[kind], n, baht) for kind, n, baht in fetched(GIFTS, *[paper.days.last] * 2)]
    total = paper.days.ever.credits("gift", "event-income", "enterprise-share", "sister-funds")
    return sorted(table(*rows, ("Total", sum(row[1] for row in rows), total)))


SEATS = """
    SELECT kind, count(*) FROM members_committeeseat WHERE since <= %s AND (until IS NULL OR until >= %s) GROUP BY 1
"""
SEAT_KINDS = {
    "Members": "member",
    "Local government": "local-government",
    "Kamnan and village headmen": "headman",
    "Monks and religious leaders": "monk",
    "Experts and others": "expert",
}


def committee(paper: Paper) -> list[list]:
    seats = Counter(dict(fetched(SEATS, paper.day, paper.day)))
    return table(*((name, seats[kind]) for name, kind in SEAT_KINDS.items()))


# --- facts --------------------------------------------------------------------------------------------------

MEETINGS = "SELECT count(*) FROM members_meeting WHERE kind = %s AND held_on BETWEEN %s AND %s"
PAYING = """
    SELECT count(DISTINCT coalesce(m.merged_into_id, m.id)) FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
      JOIN ledger_account a ON a.id = l.credit_id AND a.role = 'dues'
      JOIN members_member m ON m.id = l.member_id
     WHERE e.date BETWEEN %s AND %s AND NOT EXISTS (SELECT 1 FROM ledger_line r WHERE r.reverses_id = l.id)
"""


def facts_of(paper: Paper, code: str) -> dict[str, object]:
    """Every number among the facts of a paper, by its label."""
    days, fund = paper.days, Fund.objects.get()
    joined, current = paper.people.joined(paper.day), paper.people.current(paper.day)
    full, matches = paper.people.full_years(paper.cutoff), paper.people.matches(paper.day)
    told: dict[str, object] = {
        "Founding members": len(paper.people.joined(min(date(2010, 12, 31), paper.day))),
        "Cumulative members since founding": len(joined),
        "Current members": len(current),
        "Inhabitants of the area": fund.population,
    }
    money = {
        "Received since the founding": -days.ever.of_type("income"),
        "Spent since the founding": days.ever.of_type("cost"),
        "Left over": days.money,
    }
    can_be = "Of these matched fewer than three times: they count in the next round"
    kinds = {"Kinds of welfare in the regulation": 9}
    matchable = {can_be: sum(matches[one] < 3 for one in full)}
    seats = sum(n for _kind, n in fetched(SEATS, paper.day, paper.day))
    if seats and code in ("codi-status", "provincial-office"):
        told["Members of the committee"] = seats
    if code == "codi-status":
        told |= {f"Full-year members on 30 September {paper.cutoff.year + 543}": len(full)} | matchable | money | kinds
        for kind, label in (("committee", "Committee"), ("general", "General")):
            held = fetched(MEETINGS, kind, days.first, days.last)[0][0]
            told[f"{label} meetings in the last twelve months"] = held
    if code == "codi-proposal":
        told |= {"Persons with one full year on 30 September": len(full)} | matchable | money | kinds
        asked = [row for row in fetched(ASKED, TODAY, TODAY) if row[1] == days.last and row[3]]
        for _number, _cutoff, heads, baht, _approved in asked:
            told |= {"Round": _number, "Members": heads, "Baht in all": baht, "Baht for each member": baht / heads}
    if code == "municipality":
        told["Members whose contribution came in the budget year"] = fetched(PAYING, days.first, days.last)[0][0]
        told["Members with a full year on the last 30 September"] = len(full)
    if code == "province":
        told |= money
    if code == "provincial-office":
        told |= kinds
    return told


def shares_of(paper: Paper) -> dict[str, str]:
    """What the facts say in words: a share of the inhabitants, of the communities, of the income."""
    days, people = paper.days, paper.people
    current, joined = people.current(paper.day), people.joined(paper.day)
    places = {people.place(one, joined[one][0], paper.day) for one in current}
    said = {"Communities with members, of all communities": f"{len(places)} of {len(communities())}"}
    income = -days.of_type("income")
    if income > 0:
        spent = days.debits("administration") * 100 / income
        said["Administration"] = f"{spent:.1f} percent of the income; at most 20"
    return said


# --- the walk -----------------------------------------------------------------------------------------------

TABLES: dict[str, Callable[[Paper], list[list]]] = {
    "By type": by_type,
    "By sex": by_sex,
    "Current members by age and sex": by_age,
    "Current members by community and type": by_place,
    "Full-year members and their matches": matched,
    "Members in and out": in_and_out,
    "Receipts and payments": receipts_and_payments,
    "Money received since the founding, by source": by_source,
    "Income by source": by_giver,
    "Outside the kinds of welfare": outside,
    "Sources and uses since founding": both_sides,
    "Matching rounds": rounds,
    "From the municipality": from_municipality,
    "From request to receipt": from_request_to_receipt,
    "Use of the contribution": use_of_contribution,
    "Welfare by the kinds of CODI's form": codi_lines,
    "Welfare paid in the fiscal year": codi_lines_within,
    "Welfare paid in the budget year": codi_lines_within,
    "Welfare paid in the year": codi_lines_within,
    "Welfare by kind": codi_lines_within,
    "Welfare by community": welfare_by_place,
    "Supporters of the fourth leg": gifts,
    "Where the committee comes from": committee,
}
IN_ANY_ORDER = {codi_lines, codi_lines_within, gifts}
OF_WORDS = ("Partners", "The committee")


@pytest.mark.parametrize(
    ("code", "asked", "first", "last"),
    [
        ("codi-status", "day=2010-09-14", FOUNDED, date(2010, 9, 14)),
        ("codi-proposal", "span=fiscal-2563", date(2019, 10, 1), date(2020, 9, 30)),
        ("municipality", "span=fiscal-2562", date(2018, 10, 1), date(2019, 9, 30)),
        ("province", "span=quarter-2560-2", date(2017, 1, 1), date(2017, 3, 31)),
    ],
)
@pytest.mark.usefixtures("demo_fund")
def test_every_figure_of_a_paper_that_goes_out_is_what_the_lines_and_the_register_say(code, asked, first, last) -> None:
    hold_form(client_of(User.objects.get(username="auditor")), People(), code, asked, Days(first, last))


def hold_form(client: Client, people: People, code: str, asked: str, days: Days) -> None:
    """Every fact and table of a paper's sheets, the facts that are numbers among them."""
    found, last = sheets_of(client, f"/funders/{code}/xlsx/?{asked}&language=en"), days.last
    paper = Paper(days, people, last, date(last.year - ((last.month, last.day) < (9, 30)), 9, 30))
    front = found.pop("")
    said = {row[0]: row[2] if row[2] != "" else row[3] for row in front[1:] if row[2] != "" or row[3] != ""}
    assert said == {label: float(value) for label, value in facts_of(paper, code).items()}
    words = {row[0]: row[1] for row in front}
    assert {label: words.get(label, text) for label, text in shares_of(paper).items()} == shares_of(paper)
    for name, rows in found.items():
        if name in OF_WORDS:
            continue
        hold = TABLES[name]
        shown = [row for row in rows if any(cell != "" for cell in row)]
        if hold is from_request_to_receipt:  # behind the year stands the number of the agreement
            shown = [[str(row[0])[: len("Budget year 2562")], *row[1:]] for row in shown]
        assert (sorted(shown) if hold in IN_ANY_ORDER else shown) == hold(paper), name

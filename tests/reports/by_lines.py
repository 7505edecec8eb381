"""Figures written apart from the product's own: money from the lines, times from the claims, members from the register.

`sheets_of` reads a paper's sheets back, so that a test holds what was handed out and not what was about to be.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.test import Client
from python_calamine import CalamineWorkbook

from tests.reports.test_every_figure import Register, fetched

D = Decimal
TODAY = date(2020, 11, 1)
FOUNDED = date(2010, 5, 1)
DAY = timedelta(days=1)
MONEY = ("bank", "cash", "collector", "advance")

TYPES = {
    "General members": "general",
    "Children and youth": "child",
    "Elderly members": "elderly",
    "Disadvantaged members": "disadvantaged",
    "Members with disability": "disabled",
}
REASONS = {
    "Deceased": "died",
    "Resigned": "resigned",
    "Moved away": "moved",
    "Membership terminated": "lapsed",
}
LEGS = {
    "Leg 1: members' contributions": 1,
    "Leg 2: the municipality": 2,
    "Leg 3: the state, through CODI": 3,
    "Leg 4: networks and donors": 4,
}

LINES = """
    SELECT a.code, a.role, a.type, a.category, coalesce(a.leg, 0), l.community_id,
           CASE WHEN a.role IN ('benefit', 'dues') THEN coalesce(m.merged_into_id, m.id) END, sum(x.baht)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
      JOIN ledger_account a ON a.id = x.account_id
      LEFT JOIN members_member m ON m.id = l.member_id
     WHERE e.date BETWEEN %s AND %s
     GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
# A payment is one time, and one taken back one less; but a newborn gift and the nights of the same mother's birth are
# one time together.
TIMES = """
    SELECT category, community_id, sum(n) FROM (
        SELECT a.category, l.community_id, x.n
          FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
         CROSS JOIN LATERAL (VALUES (l.debit_id, 1), (l.credit_id, -1)) x (account_id, n)
          JOIN ledger_account a ON a.id = x.account_id AND a.role = 'benefit'
         WHERE e.date BETWEEN %s AND %s
         UNION ALL
        SELECT c.category, c.community_id, -1 FROM welfare_claim c
         WHERE c.benefit_code = 'birth-mother-nights' AND c.state = 'paid' AND c.paid_on BETWEEN %s AND %s
           AND EXISTS (SELECT 1 FROM welfare_claim o
                WHERE o.member_id = c.member_id AND o.benefit_code = 'birth-gift'
                  AND o.state = 'paid' AND o.paid_on BETWEEN %s AND %s
                  AND daterange(o.event_from, coalesce(o.event_until, o.event_from), '[]')
                   && daterange(c.event_from, coalesce(c.event_until, c.event_from), '[]'))) one
     GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Days:
    """The lines and claims from `first` to `last`, added up here and nowhere else."""

    first: date
    last: date

    @cached_property
    def rows(self) -> list[tuple]:
        return fetched(LINES, self.first, self.last)

    @cached_property
    def ever(self) -> "Days":
        return self if self.first == FOUNDED else Days(FOUNDED, self.last)

    @cached_property
    def before(self) -> "Days":
        return Days(FOUNDED, self.first - DAY)

    def debits(self, *roles: str, category: str | None = None, place: int | None = None, code: str = "") -> Decimal:
        found = (
            row[-1]
            for row in (self.welfare if roles == ("benefit",) else self.rows)
            if (not roles or row[1] in roles)
            and category in (None, row[3])
            and place in (None, row[5])
            and code in ("", row[0])
        )
        return sum(found, D(0))

    def credits(self, *roles: str, **about: Any) -> Decimal:
        return -self.debits(*roles, **about)

    def of_type(self, kind: str) -> Decimal:
        return sum((row[-1] for row in self.rows if row[2] == kind), D(0))

    def leg(self, number: int) -> Decimal:
        return -sum((row[-1] for row in self.rows if row[4] == number), D(0))

    @property
    def money(self) -> Decimal:
        return self.ever.debits(*MONEY)

    @cached_property
    def welfare(self) -> list[tuple]:
        return [row for row in self.rows if row[1] == "benefit"]

    def persons(self, category: str | None = None, place: int | None = None) -> int:
        """Different members who received more than was taken back of them, in one kind and community or another."""
        got: dict[tuple, Decimal] = defaultdict(Decimal)
        for row in self.welfare:
            if category in (None, row[3]) and place in (None, row[5]):
                got[row[6], row[3], row[5]] += row[-1]
        return len({person for (person, *_rest), baht in got.items() if baht > 0})

    @cached_property
    def claims(self) -> list[tuple]:
        return fetched(TIMES, *(self.first, self.last) * 3)

    def times(self, category: str | None = None, place: int | None = None) -> int:
        return sum(int(n) for kind, where, n in self.claims if category in (None, kind) and place in (None, where))

    def paid(self, category: str | None = None, place: int | None = None) -> tuple[int, int, Decimal]:
        about = {"category": category, "place": place}
        return self.persons(**about), self.times(**about), self.debits("benefit", **about)


class People(Register):
    """The register on any day, with what the count tables ask besides."""

    def __init__(self) -> None:
        super().__init__()
        self.sexes = dict(fetched("SELECT id, sex FROM members_member"))

    def joined(self, day: date) -> dict[int, tuple[int, date | None]]:
        """Everybody who had ever joined: her present community and her birth."""
        return {member: (home, born) for member, home, born, since, *_rest in self.people if since <= day}

    def current(self, day: date) -> set[int]:
        return {
            one
            for one, _home, _born, since, ended, _why in self.people
            if since <= day and not (ended and ended <= day)
        }

    def types(self, day: date) -> dict[int, str]:
        marked: dict[str, set] = defaultdict(set)
        for member, group, since, until in self.marks:
            if since <= day and (until is None or until >= day):
                marked[group].add(member)
        return {member: self._type(member, born, day, marked) for member, (_home, born) in self.joined(day).items()}

    def full_years(self, cutoff: date) -> set[int]:
        joined_by = cutoff.replace(year=cutoff.year - 1)
        return {
            one
            for one, _h, _b, since, ended, _w in self.people
            if since <= joined_by and not (ended and ended < cutoff)
        }

    def matches(self, day: date) -> Counter:
        return Counter(
            dict(
                fetched(
                    "SELECT coalesce(m.merged_into_id, m.id), count(*) FROM contributions_roundmember r"
                    "  JOIN members_member m ON m.id = r.member_id"
                    "  JOIN contributions_grant g ON g.matching_round_id = r.matching_round_id AND g.received_on <= %s"
                    "  LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id WHERE v.id IS NULL GROUP BY 1",
                    day,
                )
            )
        )


# --- reading back -------------------------------------------------------------------------------------------


def sheets_of(client: Client, address: str) -> dict[str, list[list]]:
    """The rows under the head of every table, by the table's title; the first sheet of a form whole, as ""."""
    found = book_of(client, address)
    return dict(titled(found.get_sheet_by_name(name).to_python()) for name in found.sheet_names)


def book_of(client: Client, address: str) -> CalamineWorkbook:
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, (address, answer.status_code)
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def tabs_of(found: CalamineWorkbook) -> dict[str, list[list]]:
    """The rows under the head of every table, by the name on its tab."""
    return {name: titled(found.get_sheet_by_name(name).to_python())[1] for name in found.sheet_names}


def titled(rows: list[list]) -> tuple[str, list[list]]:
    """The lines above a table have one cell each: the fund, the paper, perhaps "Provisional", and the title."""
    head = next((place for place, row in enumerate(rows) if sum(cell != "" for cell in row) > 1), len(rows))
    return (rows[head - 1][0], rows[head + 1 :]) if head else ("", rows)


def cells(*row: Any) -> list:
    """As a sheet gives them back: numbers with a point, nothing as an empty text."""
    return ["" if cell is None else float(cell) if isinstance(cell, Decimal | int) else cell for cell in row]


def table(*rows: Iterable[Any]) -> list[list]:
    return [cells(*row) for row in rows]


def communities() -> list[tuple[int, str]]:
    return fetched("SELECT id, name_en FROM members_community ORDER BY number")


@dataclass
class Paper:
    """What a paper is of: its days, the day on which members are counted, and the 30 September for full years."""

    days: Days
    people: People
    day: date
    cutoff: date


# --- members ------------------------------------------------------------------------------------------------


def by_type(paper: Paper) -> list[list]:
    kinds, current = paper.people.types(paper.day), paper.people.current(paper.day)
    rows = [
        (name, sum(kind == code for kind in kinds.values()), sum(kinds[one] == code for one in current))
        for name, code in TYPES.items()
    ]
    return table(*rows, ("Total", len(kinds), len(current)))


def by_sex(paper: Paper) -> list[list]:
    joined, current, sexes = paper.people.joined(paper.day), paper.people.current(paper.day), paper.people.sexes
    rows = [
        (name, sum(sexes[one] == code for one in joined), sum(sexes[one] == code for one in current))
        for name, code in (("Female", "f"), ("Male", "m"))
    ]
    return table(*rows, ("Total", len(joined), len(current)))


def by_age(paper: Paper) -> list[list]:
    joined, sexes, day = paper.people.joined(paper.day), paper.people.sexes, paper.day
    counted: Counter = Counter()
    for one in paper.people.current(day):
        born = joined[one][1]
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else -5
        counted[min(age // 5, 17), sexes[one]] += 1
    names = [(f"{5 * band}–{5 * band + 4}", band) for band in range(17)]
    names += [("85 or more", 17), ("Date of birth not known", -1)]
    pairs = [(name, counted[band, "f"], counted[band, "m"]) for name, band in names]
    pairs.append(("Total", sum(row[1] for row in pairs), sum(row[2] for row in pairs)))
    return table(*((*row, row[1] + row[2]) for row in pairs))


def by_place(paper: Paper) -> list[list]:
    kinds, joined = paper.people.types(paper.day), paper.people.joined(paper.day)
    counted: Counter = Counter()
    for one in paper.people.current(paper.day):
        place = paper.people.place(one, joined[one][0], paper.day)
        counted.update([(place, kinds[one]), (place, None), (None, kinds[one]), (None, None)])
    named = [*((name, key) for key, name in communities()), ("Total", None)]
    codes = (*TYPES.values(), None)
    return table(*((name, *(counted[key, code] for code in codes)) for name, key in named))


def matched(paper: Paper) -> list[list]:
    times, day = paper.people.matches(paper.day), paper.day
    sides = [
        Counter(min(times[one], 3) for one in of)
        for of in (paper.people.full_years(paper.cutoff), paper.people.current(day))
    ]
    rows = [(name, *(side[n] for side in sides)) for n, name in enumerate(("Never", "Once", "Twice", "Three times"))]
    return table(*rows, ("Total", *(sum(side.values()) for side in sides)))


def in_and_out(paper: Paper) -> list[list]:
    flow = paper.people.flow(paper.days.first, paper.days.last)
    left = [(name, flow[why][None]) for name, why in REASONS.items()]
    joined = flow["joined"][None] + flow["returned"][None]
    ends = ("Members at the start", flow["start"][None]), ("Members at the end", flow["end"][None])
    return table(ends[0], ("Joined", joined), *left, ends[1])

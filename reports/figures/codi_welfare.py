"""Welfare by the lines of CODI's form: persons, times and baht, of a stretch of days and since the founding.

The regulation names the line of each benefit; a benefit that names none, and money without a claim, counts in the line
of its kind. What is paid outside the nine kinds (help to non-members, culture, the environment) comes from its own
accounts, of which the books know times and baht, and no persons.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.models import Account, AccountRole, EntryKind, Line
from ledger.opening_queries import WelfareBefore, baht_before, welfare_before
from members.models import Regulation
from welfare.rules.document import CODI_CATEGORIES
from welfare.rules.words import label

# The accounts outside the nine kinds, by their category, and the line of CODI's form in which each counts.
LINES_OF_ACCOUNTS = {
    "": "public-benefit",
    "sister-funds": "other",
    "non-members": "other",
    "culture": "culture",
    "environment": "environment",
}


@dataclass(frozen=True, slots=True)
class Paid:
    """What one line brought. `persons` are different members, None where the books do not tell."""

    persons: int | None = 0
    times: int | None = 0
    baht: Decimal = ZERO

    def __add__(self, other: "Paid") -> "Paid":
        return Paid(_both(self.persons, other.persons), _both(self.times, other.times), self.baht + other.baht)


def _both(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True, slots=True)
class CodiLine:
    """A line of CODI's form: since the founding up to the last day, and within the stretch."""

    code: str
    name: Words
    ever: Paid
    within: Paid

    @property
    def is_empty(self) -> bool:
        return not (self.ever.baht or self.within.baht or self.ever.times or self.within.times)


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """An account outside the nine kinds of welfare."""

    account: Account
    ever: Paid
    within: Paid


@dataclass(frozen=True, slots=True)
class CodiWelfare:
    """`lines` in the order of CODI's form. The persons of a stretch count once, whatever they received."""

    lines: tuple[CodiLine, ...]
    outside: tuple[OutsideLine, ...]
    persons_ever: int | None
    persons_within: int
    has_before: bool

    @property
    def ever(self) -> Paid:
        return sum((line.ever for line in self.lines), Paid())

    @property
    def within(self) -> Paid:
        return sum((line.within for line in self.lines), Paid())


# Like the yearly figures of welfare, but by the benefit's line on CODI's form: see `PAID_IN_A_PERIOD` there for what
# one time is. `named` holds the benefits whose line is not their kind's.
PAID_BY_LINE = """
    WITH named AS (
        SELECT * FROM unnest(%(regulations)s::bigint[], %(benefits)s::text[], %(lines)s::text[])
                   AS n (regulation_id, benefit_code, line)
    ), moved AS (
        SELECT a.category, l.member_id, l.id AS paid_line, 1 AS times, l.amount
          FROM ledger_line l
          JOIN ledger_entry e ON e.id = l.entry_id
          JOIN ledger_account a ON a.id = l.debit_id AND a.role = %(role)s
         WHERE e.date BETWEEN %(first)s AND %(last)s AND e.kind <> 'closing'
        UNION ALL
        SELECT a.category, l.member_id, l.reverses_id, -1, -l.amount
          FROM ledger_line l
          JOIN ledger_entry e ON e.id = l.entry_id
          JOIN ledger_account a ON a.id = l.credit_id AND a.role = %(role)s
         WHERE e.date BETWEEN %(first)s AND %(last)s AND e.kind <> 'closing'
    ), claims AS (
        SELECT concat(c.year_be, '/', lpad(c.number::text, 6, '0')) AS label, c.member_id, c.category, c.benefit_code,
               coalesce(n.line, c.category) AS line,
               c.state = 'paid' AND c.paid_on BETWEEN %(first)s AND %(last)s AS held,
               c.event_from, coalesce(c.event_until, c.event_from) AS event_until
          FROM welfare_claim c
          LEFT JOIN named n ON n.regulation_id = c.regulation_id AND n.benefit_code = c.benefit_code
    ), told AS (
        SELECT coalesce(c.line, moved.category) AS line, coalesce(m.merged_into_id, m.id) AS person, moved.amount,
               CASE WHEN c.held AND EXISTS (
                   SELECT 1 FROM welfare_claim other
                     LEFT JOIN named n
                       ON n.regulation_id = other.regulation_id AND n.benefit_code = other.benefit_code
                    WHERE other.member_id = c.member_id AND coalesce(n.line, other.category) = c.line
                      AND other.state = 'paid' AND other.paid_on BETWEEN %(first)s AND %(last)s
                      AND other.benefit_code < c.benefit_code AND other.event_from <= c.event_until
                      AND coalesce(other.event_until, other.event_from) >= c.event_from
               ) THEN 0 ELSE moved.times END AS times
          FROM moved
          LEFT JOIN members_member m ON m.id = moved.member_id
          LEFT JOIN ledger_paymentvoucherline v ON v.line_id = moved.paid_line
          LEFT JOIN claims c ON c.label = v.claim_number
    ), each AS (
        SELECT line, person, sum(times) AS times, sum(amount) AS amount FROM told GROUP BY line, person
    )
    SELECT line, count(DISTINCT person) FILTER (WHERE amount > 0), sum(times), sum(amount)
      FROM each GROUP BY GROUPING SETS ((line), ())
"""


def codi_welfare(first: date, last: date) -> CodiWelfare:
    """Every line of CODI's form from `first` to `last`, and since the founding up to `last`, in some nine queries."""
    named = _named_otherwise()
    ever, within, before = _paid(date.min, last, named), _paid(first, last, named), welfare_before()
    lines = tuple(
        CodiLine(
            code,
            Words(label("codi", code, "th"), label("codi", code, "en")),
            ever.get(code, Paid()) + _as_paid(before.get(code)),
            within.get(code, Paid()),
        )
        for code in CODI_CATEGORIES
    )
    persons = [ever.get(None, Paid()).persons, *(kind.persons for kind in before.values() if kind.baht)]
    outside = _outside(first, last)
    return CodiWelfare(
        lines=_with_outside(lines, outside),
        outside=outside,
        persons_ever=None if None in persons else sum(count for count in persons if count is not None),
        persons_within=within.get(None, Paid()).persons or 0,
        has_before=any(kind.baht for kind in before.values()),
    )


def _as_paid(before: WelfareBefore | None) -> Paid:
    return Paid(before.persons, before.times, before.baht) if before and before.baht else Paid()


def _named_otherwise() -> dict[str, list[Any]]:
    """The benefits that count in another line than their kind's, of every version of the regulation."""
    found = [
        (version, benefit["code"], benefit["codi_category"])
        for version, document in Regulation.objects.values_list("pk", "document")
        for benefit in document.get("benefits", ())
        if benefit.get("codi_category") not in (None, benefit["category"])
    ]
    columns = zip(*found, strict=True) if found else ((), (), ())
    return dict(zip(("regulations", "benefits", "lines"), map(list, columns), strict=True))


def _paid(first: date, last: date, named: dict[str, list[Any]]) -> dict[str | None, Paid]:
    """By line; under None all of them together, each person once."""
    with connection.cursor() as cursor:
        cursor.execute(PAID_BY_LINE, {"role": AccountRole.BENEFIT, "first": first, "last": last, **named})
        return {line: Paid(persons, int(times or 0), baht or ZERO) for line, persons, times, baht in cursor.fetchall()}


def _outside(first: date, last: date) -> tuple[OutsideLine, ...]:
    ever, within, before = _moved(date.min, last), _moved(first, last), baht_before()
    return tuple(
        OutsideLine(
            one,
            # of the old books only the baht is known
            ever.get(one.pk, Paid(None)) + (Paid(None, None, before[one.pk]) if before.get(one.pk) else Paid(None)),
            within.get(one.pk, Paid(None)),
        )
        for one in Account.objects.filter(role=AccountRole.PUBLIC_BENEFIT).order_by("code")
    )


def _moved(first: date, last: date) -> dict[int, Paid]:
    """Times and baht of each account outside the nine kinds; what was taken back counts off."""
    found: dict[int, Paid] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        lines = Line.objects.filter(**{f"{side}__role": AccountRole.PUBLIC_BENEFIT}, entry__date__range=(first, last))
        rows = lines.exclude(entry__kind=EntryKind.CLOSING).values_list(side)
        for account, times, baht in rows.annotate(times=Count("pk"), baht=Sum("amount")).order_by():
            found[account] = found.get(account, Paid(None)) + Paid(None, sign * times, sign * baht)
    return found


def _with_outside(lines: tuple[CodiLine, ...], outside: tuple[OutsideLine, ...]) -> tuple[CodiLine, ...]:
    """Each account outside the nine kinds put to its line; persons stay unknown where it brought any."""
    added = {line.code: [line.ever, line.within] for line in lines}
    for one in outside:
        sums = added[LINES_OF_ACCOUNTS.get(one.account.category, "other")]
        for place, paid in enumerate((one.ever, one.within)):
            sums[place] = sums[place] + paid if paid.baht else sums[place]
    return tuple(CodiLine(line.code, line.name, *added[line.code]) for line in lines)

"""Welfare of closed years, remembered: counted from the lines once, not for every report and page.

A closed year takes no entry, and its closing entry's hash stands for every line before it. What can still change how
it is counted is in the mark beside it: the names of the kinds, payments of that year taken back since, doubles merged
or parted who were paid in it. The worker's rounds count a year as soon as it is closed, and anew when its mark changed.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

from bansong_fund.lib.papers import Words
from bansong_fund.lib.snapshots import one_moment
from ledger.models import Account, AccountRole, FiscalYear
from reports.figures.welfare import Kind, Paid, WelfareFigures, welfare_over

FORM = 2  # of what is remembered; a change of `WelfareFigures` raises it
MARKS = """
    WITH touched (paid_on, what) AS (
        SELECT e.date, concat('-', l.id)
          FROM ledger_line back
          JOIN ledger_line l ON l.id = back.reverses_id
          JOIN ledger_entry e ON e.id = l.entry_id
         WHERE back.credit_id = ANY(%(benefits)s)
        UNION ALL
        SELECT DISTINCT e.date, concat(m.id, '>', m.merged_into_id)
          FROM members_member m
          JOIN ledger_line l ON l.member_id = m.id
          JOIN ledger_entry e ON e.id = l.entry_id
         WHERE m.merged_into_id IS NOT NULL AND (l.debit_id = ANY(%(benefits)s) OR l.credit_id = ANY(%(benefits)s))
    )
    SELECT y.starts_on, y.ends_on,
           md5(concat_ws('|', h.chain_hash, %(names)s::text, string_agg(what, ',' ORDER BY paid_on, what)))
      FROM ledger_fiscalyear y
      JOIN ledger_entry h ON h.id = y.closing_entry_id
      LEFT JOIN touched ON paid_on BETWEEN y.starts_on AND y.ends_on
     WHERE y.starts_on = ANY(%(firsts)s)
     GROUP BY y.starts_on, y.ends_on, h.chain_hash
"""


def welfare_of_years(spans: Sequence[tuple[date, date]]) -> list[WelfareFigures]:
    """What was paid in each of these spans of days; of closed fund years what is remembered, else counted now.

    Without the `cells`, which no figure of years reads and which are nine tenths of it all.
    """
    names = _names([first for first, _last in spans])
    known = cache.get_many([names[days] for days in spans if days in names]) if names else {}
    missing = [days for days in spans if names.get(days) not in known]
    counted = dict(zip(missing, map(_plain, welfare_over(missing)), strict=True)) if missing else {}
    _keep({names[days]: found for days, found in counted.items() if days in names})
    return [_told(counted[days] if days in counted else known[names[days]]) for days in spans]


def remembered(name: str, count: Callable[[], Any]) -> Any:
    """What is remembered under a name that says all it depends on; counted now where it is not."""
    found = cache.get(name)
    if found is None:
        found = count()
        _keep({name: found})
    return found


def _keep(found: dict[str, Any]) -> None:
    """Behind the moment of the report, which only reads. For good: what is over would be deleted by who reads it."""
    if found:
        transaction.on_commit(lambda: cache.set_many(found, timeout=None), robust=True)


Row = tuple[Any, int, int, Decimal]  # what it is of; persons, times, baht


def _plain(found: WelfareFigures) -> tuple[int, list[Row], list[Row]]:
    """As it is remembered: all persons, the kinds, the communities. Plain rows are read in a fifth of the time."""
    kinds = [((one.code, one.name.th, one.name.en), one.persons, one.times, one.baht) for one in found.kinds]
    places = [(key, paid.persons, paid.times, paid.baht) for key, paid in found.communities.items()]
    return found.persons, kinds, places


def _told(plain: tuple[int, list[Row], list[Row]]) -> WelfareFigures:
    persons, kinds, places = plain
    return WelfareFigures(
        kinds=tuple(Kind(code, Words(*names), *paid) for (code, *names), *paid in kinds),
        persons=persons,
        communities={key: Paid(*paid) for key, *paid in places},
    )


def remember_welfare() -> int:
    """Count what is not remembered of closed years, a year at a time; gives how many. Quick where all is remembered."""
    spans = list(FiscalYear.objects.filter(closing_entry__isnull=False).values_list("starts_on", "ends_on"))
    names = _names([first for first, _last in spans])
    known = cache.get_many(names.values()) if names else {}
    missing = [days for days in spans if names.get(days) not in known]
    for days in missing:
        with one_moment():
            welfare_of_years([days])
    return len(missing)


def _names(firsts: Sequence[date]) -> dict[tuple[date, date], str]:
    """Under which name each closed year is remembered, of those that begin on one of these days: in two queries."""
    benefits = Account.objects.filter(role=AccountRole.BENEFIT).order_by("code")
    rows = list(benefits.values_list("pk", "code", "category", "name_th", "name_en"))
    asked = {"benefits": [row[0] for row in rows], "names": repr([row[1:] for row in rows]), "firsts": list(firsts)}
    with connection.cursor() as cursor:
        cursor.execute(MARKS, asked)
        return {(first, last): f"welfare-{FORM}-{mark}" for first, last, mark in cursor.fetchall()}

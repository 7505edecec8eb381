"""Welfare of closed years, remembered: counted from the lines once, not for every report and page.

A closed year takes no entry, and its closing entry's hash stands for every line before it. What can still change how
it is counted is in the mark beside it: doubles merged or parted, welfare taken back since, the names of the kinds.
"""

from collections.abc import Sequence
from datetime import date

from django.core.cache import cache
from django.db import connection, transaction

from ledger.models import AccountRole, FiscalYear
from reports.figures.welfare import WelfareFigures, welfare_over

FORM = 1  # of what is remembered; a change of `WelfareFigures` raises it
DAYS = 90
MARK = """
    SELECT md5(concat_ws('|',
        (SELECT string_agg(concat(a.code, a.category, a.name_th, a.name_en, taken_back.lines), ',' ORDER BY a.code)
           FROM ledger_account a
           CROSS JOIN LATERAL (SELECT count(*) AS lines FROM ledger_line l WHERE l.credit_id = a.id) taken_back
          WHERE a.role = %s),
        (SELECT string_agg(concat(id, '>', merged_into_id), ',' ORDER BY id)
           FROM members_member WHERE merged_into_id IS NOT NULL)))
"""


def welfare_of_years(spans: Sequence[tuple[date, date]]) -> list[WelfareFigures]:
    """What was paid in each of these spans of days; of closed fund years what is remembered, else counted now."""
    names = _names(spans)
    known = cache.get_many(names.values()) if names else {}
    missing = [days for days in spans if names.get(days) not in known]
    counted = dict(zip(missing, welfare_over(missing), strict=True)) if missing else {}
    kept = {names[days]: found for days, found in counted.items() if days in names}
    if kept:
        # behind the moment of the report, which only reads
        transaction.on_commit(lambda: cache.set_many(kept, timeout=DAYS * 86400), robust=True)
    return [counted[days] if days in counted else known[names[days]] for days in spans]


def _names(spans: Sequence[tuple[date, date]]) -> dict[tuple[date, date], str]:
    """Under which name each closed year among the spans is remembered."""
    closed = FiscalYear.objects.filter(closing_entry__isnull=False, starts_on__in=[first for first, _last in spans])
    hashes = {
        (first, last): chain_hash
        for first, last, chain_hash in closed.values_list("starts_on", "ends_on", "closing_entry__chain_hash")
    }
    if not hashes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MARK, [AccountRole.BENEFIT])
        mark = cursor.fetchone()[0]
    return {days: f"welfare-{FORM}-{hashes[days]}-{mark}" for days in spans if days in hashes}

"""Closed years and months stay closed; the opening stays as it was signed."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.checks.base import Problem, found, period


def closed_years_stay_closed() -> Iterator[Problem]:
    """No entry of a closed year came behind its closing, and the trigger that refuses one stands."""
    yield from found(
        "closed years",
        "SELECT e.number, y.year_be FROM ledger_fiscalyear y JOIN ledger_entry c ON c.id = y.closing_entry_id"
        " JOIN ledger_entry e ON e.date BETWEEN y.starts_on AND y.ends_on AND e.number > c.number ORDER BY 1",
        _("entry {0} was posted into the year {1} after it was closed"),
    )
    yield from found(
        "closed years",
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ledger_entry'::regclass AND tgenabled IN ('O', 'A')"
        " AND tgname LIKE 'pgtrigger_refuse_closed_period%' HAVING count(*) <> 1",
        _("the trigger that refuses postings into a closed year is not in force"),
    )


# After its closing a year's income and costs are nought, whatever fund they were for.
NOT_CARRIED = """
    SELECT y.year_be, a.code, sum(s.debit - s.credit)
      FROM ledger_fiscalyear y
      JOIN ledger_ledgersum s ON s.month BETWEEN y.starts_on AND y.ends_on
      JOIN ledger_account a ON a.id = s.account_id
     WHERE y.closed_at IS NOT NULL AND a.type IN ('income', 'cost')
     GROUP BY y.year_be, a.code, s.restricted_fund_id HAVING sum(s.debit - s.credit) <> 0
     ORDER BY 1, 2
"""
CLOSINGS = """
    SELECT e.number, e.document_number
      FROM ledger_entry e
     WHERE e.kind = 'closing'
       AND NOT EXISTS (SELECT 1 FROM ledger_fiscalyear y WHERE y.closing_entry_id = e.id AND y.closed_at IS NOT NULL)
     ORDER BY 1
"""
# Years and months close in their order, from the founding on: one that is open before a closed one was opened again.
OPENED_AGAIN = """
    SELECT y.year_be::text FROM ledger_fiscalyear y
     WHERE y.closed_at IS NULL AND EXISTS (
           SELECT 1 FROM ledger_fiscalyear z WHERE z.year_be > y.year_be AND z.closed_at IS NOT NULL)
    UNION ALL
    SELECT to_char(m.first_day, 'YYYY-MM') FROM ledger_accountingmonth m
     WHERE m.closed_at IS NULL
       AND m.first_day >= (SELECT date_trunc('month', min(founded_on)) FROM members_fund)
       AND EXISTS (SELECT 1 FROM ledger_accountingmonth n WHERE n.first_day > m.first_day AND n.closed_at IS NOT NULL)
     ORDER BY 1
"""


# The last closed period has none behind it; what was kept when it was closed still tells.
CLOSING_KEPT = """
    SELECT y.year_be::text FROM ledger_fiscalyear y
     WHERE y.closed_at IS NULL AND y.closing_checklist <> '[]'
    UNION ALL
    SELECT to_char(m.first_day, 'YYYY-MM') FROM ledger_accountingmonth m
     WHERE m.closed_at IS NULL AND m.closing_checklist <> '[]'
     ORDER BY 1
"""
# A month that is missing is made anew, and open, by the next posting into it.
MONTHS = """
    SELECT coalesce(m.first_day, g.day::date), y.year_be, m.fiscal_year_id
      FROM ledger_fiscalyear y
      CROSS JOIN LATERAL generate_series(y.starts_on, y.ends_on, interval '1 month') AS g (day)
      FULL JOIN ledger_accountingmonth m ON m.first_day = g.day::date
     WHERE m.fiscal_year_id IS DISTINCT FROM y.year_be
     ORDER BY 1
"""


def years_have_their_months() -> Iterator[Problem]:
    """Each year has all its months, and each month is of the year that its days lie in."""
    form = _("{0} lies in the year {1}, and is kept as one of the year {2}")
    yield from found("periods", MONTHS, form, {0: period})


def closed_years_are_carried() -> Iterator[Problem]:
    """A closed year was carried to the accumulated fund whole, and stays closed."""
    yield from found(
        "closed years", NOT_CARRIED, _("year {0}, account {1}: {2} is not carried to the accumulated fund")
    )
    yield from found("closed years", CLOSINGS, _("entry {0} closes the year {1}, which is open"))
    yield from found("closed periods", OPENED_AGAIN, _("{0} is open, although a later one is closed"), {0: period})
    yield from found("closed periods", CLOSING_KEPT, _("{0} is open, although it was closed before"), {0: period})


OPENING_AMOUNTS = """
    SELECT coalesce(b.code, e.code), coalesce(b.amount, 0), coalesce(e.amount, 0)
      FROM (SELECT a.code, b.restricted_fund_id AS fund, b.amount FROM ledger_openingbalance b
              JOIN ledger_opening o ON o.id = b.opening_id AND o.locked_at IS NOT NULL
              JOIN ledger_account a ON a.id = b.account_id WHERE b.amount > 0) b
      FULL JOIN (SELECT a.code, l.restricted_fund_id AS fund, l.amount FROM ledger_opening o
                   JOIN ledger_line l ON l.entry_id = o.entry_id
                   JOIN ledger_account a ON a.id = l.debit_id) e USING (code, fund)
     WHERE b.amount IS DISTINCT FROM e.amount ORDER BY 1
"""


def opening_as_it_was_signed() -> Iterator[Problem]:
    """The opening entry is what the locked page says, and nothing lies on the cut-over day or before it but it."""
    yield from found("opening", OPENING_AMOUNTS, _("account {0}: signed {1}, posted {2}"))
    yield from found(
        "opening",
        "SELECT e.number, o.cutover_on FROM ledger_opening o JOIN ledger_entry e ON e.date <= o.cutover_on"
        " AND e.id IS DISTINCT FROM o.entry_id WHERE o.locked_at IS NOT NULL ORDER BY 1",
        _("entry {0} lies on the cut-over day {1} or before it"),
    )
    yield from found("opening", OPENING_TOTALS, _("signed without a word: {0} were there, and the totals leave {1}"))


# What the totals since the founding leave is what was there; else the page says why.
OPENING_TOTALS = """
    WITH held AS (
        SELECT coalesce(sum(amount), 0) AS baht FROM ledger_openingbalance
    ), left_over AS (
        SELECT coalesce(sum(CASE a.type WHEN 'income' THEN t.amount ELSE -t.amount END), 0) AS baht
          FROM ledger_openingtotal t JOIN ledger_account a ON a.id = t.account_id
    )
    SELECT h.baht, l.baht FROM ledger_opening o CROSS JOIN held h CROSS JOIN left_over l
     WHERE o.locked_at IS NOT NULL AND o.note = '' AND h.baht <> l.baht
"""


# A month is closed with the number and hash of the last entry by then, the last item of its checklist.
SEALED_MONTHS = """
    SELECT m.first_day, split_part(item ->> 'note', ':', 1)::bigint AS number,
           split_part(item ->> 'note', ':', 2) AS hash
      FROM ledger_accountingmonth m CROSS JOIN LATERAL jsonb_array_elements(m.closing_checklist) AS item
     WHERE m.closed_at IS NOT NULL AND item ->> 'check' = 'fingerprint' AND item ->> 'note' ~ '^[0-9]+:[0-9a-f]{64}$'
"""


# Whoever closes a month seals it; only the closing of a whole year, and the opening, close months without.
NOT_SEALED = f"""
    SELECT to_char(m.first_day, 'YYYY-MM')
      FROM ledger_accountingmonth m
      JOIN ledger_fiscalyear y ON y.year_be = m.fiscal_year_id
     WHERE m.closed_at IS NOT NULL
       AND (y.closed_at IS NULL OR m.closing_checklist <> '[]')
       AND m.first_day > coalesce((SELECT cutover_on FROM ledger_opening WHERE locked_at IS NOT NULL), '-infinity')
       AND m.first_day NOT IN (SELECT first_day FROM ({SEALED_MONTHS}) s)
     ORDER BY 1
"""


def closed_months_stay_closed() -> Iterator[Problem]:
    """No entry of a closed month came behind its closing (but that of the year), and the chain by then still stands."""
    yield from found(
        "closed months",
        f"SELECT e.number, to_char(m.first_day, 'YYYY-MM') FROM ({SEALED_MONTHS}) m"
        " JOIN ledger_entry e ON e.date >= m.first_day AND e.date < m.first_day + interval '1 month'"
        " AND e.number > m.number AND e.kind <> 'closing' ORDER BY 1",
        _("entry {0} was posted into {1} after that month was closed"),
        {1: period},
    )
    yield from found(
        "closed months",
        f"SELECT to_char(m.first_day, 'YYYY-MM'), m.number FROM ({SEALED_MONTHS}) m"
        " LEFT JOIN ledger_entry e ON e.number = m.number"
        " WHERE m.number > 0 AND e.chain_hash IS DISTINCT FROM m.hash ORDER BY 1",
        _("{0} was closed behind entry {1}, whose hash is another now"),
        {0: period},
    )
    yield from found("closed months", NOT_SEALED, _("{0} is closed without a fingerprint"), {0: period})

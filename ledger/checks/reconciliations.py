"""Signed reconciliations: each comes to its own end, and says what passbook and books said on its day."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.checks.base import Problem, found

# passbook − books = what the bank alone had − what the books alone had + what was different before, which has its words
NOT_EXPLAINED = """
    SELECT a.code, r.as_of, r.passbook_balance, r.ledger_balance
      FROM ledger_reconciliation r
      JOIN ledger_account a ON a.id = r.account_id
      CROSS JOIN LATERAL (
           SELECT coalesce(sum((i ->> 'baht')::numeric) FILTER (WHERE i ->> 'side' = 'bank'), 0) AS bank,
                  coalesce(sum((i ->> 'baht')::numeric) FILTER (WHERE i ->> 'side' = 'books'), 0) AS books
             FROM jsonb_array_elements(r.items) i) s
     WHERE r.explanation = '' AND r.passbook_balance - r.ledger_balance <> s.bank - s.books
     ORDER BY 1, 2
"""
# Lines of the same day may have been typed since, and entries of an open day posted: neither counts.
OTHER_PASSBOOK = """
    SELECT a.code, r.as_of, r.passbook_balance, p.balance
      FROM ledger_reconciliation r
      JOIN ledger_account a ON a.id = r.account_id
      LEFT JOIN LATERAL (
           SELECT balance FROM ledger_passbookline p
            WHERE p.account_id = r.account_id AND p.line_on <= r.as_of AND p.written_at <= r.made_at
            ORDER BY p.position DESC LIMIT 1) p ON true
     WHERE r.passbook_balance IS DISTINCT FROM p.balance
     ORDER BY 1, 2
"""
# Of an entry that was posted while the reconciliation was being made, either is true.
OTHER_BOOKS = """
    WITH moved AS (
        SELECT x.account_id, e.date, e.posted_at, x.baht
          FROM (SELECT debit_id AS account_id, entry_id, amount AS baht FROM ledger_line
                 WHERE debit_id IN (SELECT account_id FROM ledger_reconciliation)
                UNION ALL
                SELECT credit_id, entry_id, -amount FROM ledger_line
                 WHERE credit_id IN (SELECT account_id FROM ledger_reconciliation)) x
          JOIN ledger_entry e ON e.id = x.entry_id
    )
    SELECT a.code, r.as_of, r.ledger_balance, coalesce(m.then, 0)
      FROM ledger_reconciliation r
      JOIN ledger_account a ON a.id = r.account_id
      LEFT JOIN LATERAL (
           SELECT sum(baht) AS then, sum(baht) FILTER (WHERE posted_at <= r.made_at - interval '1 minute') AS before
             FROM moved x WHERE x.account_id = r.account_id AND x.date <= r.as_of AND x.posted_at <= r.made_at
           ) m ON true
     WHERE r.ledger_balance NOT IN (coalesce(m.then, 0), coalesce(m.before, 0))
     ORDER BY 1, 2
"""


def reconciliations_hold() -> Iterator[Problem]:
    """A signed reconciliation is explained to the satang and says the balances of its day."""
    check = "reconciliations"
    form = _("account {0}, {1}: passbook {2}, books {3}, and its items do not explain it")
    yield from found(check, NOT_EXPLAINED, form)
    form = _("account {0}, {1}: signed with {2} in the passbook, whose line says {3}")
    yield from found(check, OTHER_PASSBOOK, form)
    yield from found(check, OTHER_BOOKS, _("account {0}, {1}: signed with {2} in the books, whose lines say {3}"))

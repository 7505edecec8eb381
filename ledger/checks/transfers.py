"""Money between restricted funds: each transfer is two lines that mirror each other, and nothing is left between."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.checks.base import Problem, found

# Each transfer as its row says it, against the lines of its entry: (fund, baht out of it, baht into it).
TRANSFERS = """
    WITH said AS (
        SELECT entry_id, source_id AS fund, amount AS gone, 0::numeric AS come FROM ledger_fundtransfer
        UNION ALL
        SELECT entry_id, target_id, 0, amount FROM ledger_fundtransfer
    ), booked AS (
        SELECT l.entry_id, l.restricted_fund_id AS fund,
               sum(l.amount) FILTER (WHERE c.role = 'between-funds') AS gone,
               sum(l.amount) FILTER (WHERE d.role = 'between-funds') AS come
          FROM ledger_line l
          JOIN ledger_account d ON d.id = l.debit_id
          JOIN ledger_account c ON c.id = l.credit_id
         WHERE 'between-funds' IN (d.role, c.role)
         GROUP BY 1, 2
    )
    SELECT DISTINCT e.number
      FROM said s FULL JOIN booked b USING (entry_id, fund) JOIN ledger_entry e ON e.id = entry_id
     WHERE (coalesce(s.gone, 0), coalesce(s.come, 0)) <> (coalesce(b.gone, 0), coalesce(b.come, 0))
     ORDER BY 1
"""


def fund_transfers_mirror() -> Iterator[Problem]:
    """What a resolution moved left the one fund and came to the other, in one entry; no entry moves more."""
    yield from found("fund transfers", TRANSFERS, _("entry {0} and its transfer between funds do not say the same"))


def nothing_left_between_funds() -> Iterator[Problem]:
    yield from found(
        "fund transfers",
        "SELECT a.code, sum(s.debit - s.credit) FROM ledger_ledgersum s JOIN ledger_account a ON a.id = s.account_id"
        " WHERE a.role = 'between-funds' GROUP BY 1 HAVING sum(s.debit - s.credit) <> 0",
        _("account {0} holds {1} between the funds"),
    )

"""The bank's own book: each balance follows from the one before, and ticks fit both sides."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.checks.base import Problem, found

BALANCES = """
    SELECT a.code, p.position, p.before, p.taken_out, p.paid_in, p.balance
      FROM (SELECT account_id, position, taken_out, paid_in, balance,
                   lag(balance) OVER turn AS before, row_number() OVER turn AS place
              FROM ledger_passbookline WINDOW turn AS (PARTITION BY account_id ORDER BY position)) p
      JOIN ledger_account a ON a.id = p.account_id
     WHERE p.place <> p.position OR p.before - p.taken_out + p.paid_in <> p.balance
     ORDER BY 1, 2
"""
DAYS = """
    SELECT a.code, p.position, p.line_on, p.before
      FROM (SELECT account_id, position, line_on, lag(line_on) OVER turn AS before
              FROM ledger_passbookline WINDOW turn AS (PARTITION BY account_id ORDER BY position)) p
      JOIN ledger_account a ON a.id = p.account_id
     WHERE p.line_on < p.before
     ORDER BY 1, 2
"""
# A tick joins money that went the same way at the same bank account.
WRONG_WAY = """
    SELECT a.code, p.position, e.number
      FROM ledger_passbooktick t
      JOIN ledger_passbookline p ON p.id = t.passbook_line_id
      JOIN ledger_account a ON a.id = p.account_id
      JOIN ledger_line l ON l.id = t.line_id
      JOIN ledger_entry e ON e.id = l.entry_id
     WHERE NOT (p.paid_in > 0 AND l.debit_id = p.account_id OR p.taken_out > 0 AND l.credit_id = p.account_id)
     ORDER BY 1, 2
"""
TICKED_BEYOND = """
    SELECT a.code, p.position, p.taken_out + p.paid_in, sum(t.amount)
      FROM ledger_passbooktick t
      JOIN ledger_passbookline p ON p.id = t.passbook_line_id
      JOIN ledger_account a ON a.id = p.account_id
     GROUP BY a.code, p.id HAVING sum(t.amount) > p.taken_out + p.paid_in
     ORDER BY 1, 2
"""
LINES_TICKED_BEYOND = """
    SELECT a.code, e.number, l.amount, sum(t.amount)
      FROM ledger_passbooktick t
      JOIN ledger_passbookline p ON p.id = t.passbook_line_id
      JOIN ledger_account a ON a.id = p.account_id
      JOIN ledger_line l ON l.id = t.line_id
      JOIN ledger_entry e ON e.id = l.entry_id
     GROUP BY a.code, e.number, l.id HAVING sum(t.amount) > l.amount
     ORDER BY 1, 2
"""


UNEVEN = _("account {0}, line {1} of the passbook: {2} − {3} + {4} is not {5}, or a line before it is missing")


def balances_follow() -> Iterator[Problem]:
    yield from found("passbooks", BALANCES, UNEVEN)
    yield from found("passbooks", DAYS, _("account {0}, line {1} of the passbook is of {2}, the line before it of {3}"))


def ticks_fit_both_sides() -> Iterator[Problem]:
    """No line of either side is ticked off beyond its amount, nor against money that went the other way."""
    check = "passbook ticks"
    yield from found(check, WRONG_WAY, _("account {0}, line {1} of the passbook: entry {2} does not go the same way"))
    yield from found(check, TICKED_BEYOND, _("account {0}, line {1} of the passbook says {2}, {3} are ticked off"))
    yield from found(check, LINES_TICKED_BEYOND, _("account {0}: a line of entry {1} is {2}, {3} are ticked off"))

"""The bank's own book: each balance follows from the one before, and ticks fit both sides."""

from collections.abc import Iterator

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


def balances_follow() -> Iterator[Problem]:
    yield from found("passbooks", BALANCES, "{0} line {1}: {2} − {3} + {4} is not {5}, or a line before it is missing")
    yield from found("passbooks", DAYS, "{0} line {1} is of {2}, the line before it of {3}")


def ticks_fit_both_sides() -> Iterator[Problem]:
    """No line of either side is ticked off beyond its amount, nor against money that went the other way."""
    yield from found("passbook ticks", WRONG_WAY, "{0} line {1} and entry {2} do not go the same way")
    yield from found("passbook ticks", TICKED_BEYOND, "{0} line {1} says {2}, {3} are ticked off")
    yield from found("passbook ticks", LINES_TICKED_BEYOND, "{0}: a line of entry {1} is {2}, {3} are ticked off")

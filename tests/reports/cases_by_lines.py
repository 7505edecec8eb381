"""What an auditor looks at first, sort by sort, in SQL of its own: how many cases, how many baht."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

from tests.reports.by_lines import cells
from tests.reports.test_every_figure import fetched

D = Decimal

# Written behind an entry of a later day; `known` is the latest of those.
WRITTEN = """
    SELECT sum(l.amount) FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
     CROSS JOIN LATERAL (SELECT max(date) AS known FROM ledger_entry WHERE number < e.number) o
     WHERE e.kind NOT IN ('opening', 'closing') AND e.date BETWEEN %(first)s AND %(last)s
"""
# By sort: the baht of each case.
CASES = {
    "void-receipts": """
        SELECT (SELECT sum(amount) FROM ledger_line WHERE entry_id = e.id) FROM ledger_receiptvoid v
          JOIN ledger_entry e ON e.id = v.reversal_id WHERE e.date BETWEEN %(first)s AND %(last)s""",
    "void-vouchers": """
        SELECT (SELECT sum(amount) FROM ledger_line WHERE entry_id = e.id) FROM ledger_paymentvouchervoid v
          JOIN ledger_entry e ON e.id = v.reversal_id WHERE e.date BETWEEN %(first)s AND %(last)s""",
    "reversals": """
        SELECT sum(l.amount) FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
         WHERE e.kind = 'reversal' AND e.date BETWEEN %(first)s AND %(last)s
           AND e.id NOT IN (SELECT reversal_id FROM ledger_receiptvoid
                             UNION SELECT reversal_id FROM ledger_paymentvouchervoid) GROUP BY e.id""",
    "late-entries": f"""{WRITTEN} AND known > e.date + 30 GROUP BY e.id""",
    "ended-months": f"""
        {WRITTEN} AND known <= e.date + 30 AND date_trunc('month', known) > date_trunc('month', e.date)
         GROUP BY e.id""",
    "over-limit": """
        SELECT amount_approved FROM welfare_claim WHERE state IN ('approved', 'paid') AND amount_approved > 5000
           AND coalesce(paid_on, decided_on) BETWEEN %(first)s AND %(last)s
         UNION ALL
        SELECT r.amount FROM contributions_runningcost r JOIN ledger_paymentvoucher p ON p.id = r.voucher_id
          LEFT JOIN ledger_paymentvouchervoid v ON v.voucher_id = p.id
         WHERE r.amount > 5000 AND p.resolution_label = '' AND v.id IS NULL
           AND r.paid_on BETWEEN %(first)s AND %(last)s""",
    "cost-papers": """
        SELECT sum(l.amount) FROM contributions_runningcost r
          JOIN ledger_paymentvoucherline l ON l.voucher_id = r.voucher_id
          LEFT JOIN ledger_paymentvouchervoid v ON v.voucher_id = r.voucher_id
         WHERE v.id IS NULL AND r.paid_on BETWEEN %(first)s AND %(last)s GROUP BY r.id""",
    "advances": """
        SELECT sum(x.baht) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
          CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
          JOIN ledger_account a ON a.id = x.account_id AND a.role = 'advance'
         WHERE e.date < %(last)s::date - 7 GROUP BY a.id HAVING sum(x.baht) > 0""",
    "box-cash": """
        SELECT sum(x.baht) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
          CROSS JOIN LATERAL (VALUES (l.debit_id, CASE WHEN e.date < %(last)s::date - 7 THEN l.amount ELSE 0 END),
                                     (l.credit_id, -l.amount)) x (account_id, baht)
          JOIN ledger_account a ON a.id = x.account_id AND a.role = 'cash'
         WHERE e.date <= %(last)s HAVING sum(x.baht) > 0""",
    "unreconciled": """
        SELECT sum(x.baht) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
          CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) x (account_id, baht)
          JOIN ledger_account a ON a.id = x.account_id AND a.role = 'bank'
         WHERE e.date <= %(last)s AND NOT EXISTS (SELECT 1 FROM ledger_reconciliation r
                WHERE r.account_id = a.id AND r.as_of BETWEEN %(last)s::date - 45 AND %(last)s) GROUP BY a.id""",
}
PAYMENTS = """
    SELECT v.id, v.date, coalesce(c.recipient_name, v.party_name), sum(coalesce(c.amount_approved, v.total))
      FROM ledger_paymentvoucher v
      LEFT JOIN ledger_paymentvouchervoid x ON x.voucher_id = v.id
      LEFT JOIN welfare_claim c ON c.voucher_id = v.id AND c.state = 'paid'
     WHERE v.date BETWEEN %s AND %s AND (c.id IS NOT NULL OR x.id IS NULL) GROUP BY v.id, 3
"""
TAKEN = """
    SELECT s.id, p.paid_on, p.amount, least(s.accepted_on, %s) FROM contributions_duespayment p
      JOIN contributions_collectionsheet s ON s.id = p.sheet_id
      LEFT JOIN ledger_receiptvoid v ON v.receipt_id = p.receipt_id
     WHERE p.paid_on <= %s AND coalesce(s.accepted_on, %s) >= %s
       AND (v.id IS NULL OR v.reversal_id > s.acceptance_entry_id)
"""


def cases(first: date, last: date) -> dict[str, list[float]]:
    """By sort with anything found: how many, how many baht."""
    days = {"first": first, "last": last}
    found = {sort: [baht for (baht,) in fetched(sql % quoted(days)) if baht] for sort, sql in CASES.items()}
    payments = fetched(PAYMENTS, first, last)
    often = Counter((day, receiver) for _voucher, day, receiver, _baht in payments)
    found["twice-a-day"] = [baht for _voucher, day, receiver, baht in payments if often[day, receiver] > 1]
    late: dict[int, Decimal] = defaultdict(Decimal)
    for sheet, paid_on, baht, until in fetched(TAKEN, last, last, last, first):
        if paid_on < until - timedelta(days=7):
            late[sheet] += baht
    found["collector-cash"] = list(late.values())
    return {sort: cells(len(baht), sum(baht, D(0))) for sort, baht in found.items() if baht}


def quoted(days: dict[str, date]) -> dict[str, str]:
    return {name: f"'{day}'" for name, day in days.items()}

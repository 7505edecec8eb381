"""What `check_ledger` proves of money out: claims, deliveries and payment lists say what vouchers and books say.

Each function yields `Problem`s, as in `ledger.checks`; `add_ledger_checks` puts them behind those of money in.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.check import CHECKS
from ledger.checks.base import Problem, found
from ledger.checks.sides import Side, agree
from ledger.checks.titles import TITLES

LABEL = "c.year_be || '/' || lpad(c.number::text, 6, '0')"
STANDING_LINES = """ledger_paymentvoucherline y WHERE y.claim_number <> '' AND NOT EXISTS (
    SELECT 1 FROM ledger_paymentvouchervoid v WHERE v.voucher_id = y.voucher_id)"""
# Each claim that is paid against the lines of vouchers that stand, by number and voucher.
PAID = f"""
    WITH said AS (
        SELECT {LABEL} AS number, c.voucher_id, c.amount_approved AS baht FROM welfare_claim c WHERE c.state = 'paid'
    ), written AS (
        SELECT y.claim_number AS number, y.voucher_id, sum(y.amount) AS baht FROM {STANDING_LINES} GROUP BY 1, 2
    )
    SELECT DISTINCT number
      FROM said s FULL JOIN written w USING (number, voucher_id)
     WHERE s.baht IS DISTINCT FROM w.baht
     ORDER BY 1
"""
# What a line of a voucher books: the benefit of the claim's kind, for its member, community and restricted fund.
BOOKED_ELSEWHERE = f"""
    SELECT {LABEL}, v.year_be, v.number
      FROM welfare_claim c
      JOIN ledger_paymentvoucher v ON v.id = c.voucher_id
      JOIN ledger_paymentvoucherline y ON y.voucher_id = v.id AND y.claim_number = {LABEL}
      JOIN ledger_line l ON l.id = y.line_id
      JOIN ledger_account d ON d.id = l.debit_id
      JOIN ledger_restrictedfund f ON f.id = l.restricted_fund_id
     WHERE c.state = 'paid'
       AND (d.role <> 'benefit' OR d.category <> c.category OR c.paid_on <> v.date
            OR l.member_id IS DISTINCT FROM c.member_id OR l.community_id IS DISTINCT FROM c.community_id
            OR (CASE WHEN c.restricted_fund_id IS NULL THEN f.code <> 'general' ELSE f.id <> c.restricted_fund_id END))
     ORDER BY 1
"""


def paid_claims_have_their_vouchers() -> Iterator[Problem]:
    """A paid claim stands on one voucher with its sum; what a voucher says is a claim's is that claim's."""
    claims = Side("welfare_claim c WHERE c.state = 'paid'", (_hashed(LABEL), "voucher_id"), "amount_approved")
    lines = Side(STANDING_LINES, (_hashed("y.claim_number"), "y.voucher_id"), "y.amount")
    if not agree([claims], [lines]):
        yield from found("claims", PAID, _("claim {0}: paid, and its voucher, do not say the same"))
    yield from found(
        "claims",
        BOOKED_ELSEWHERE,
        _("claim {0}: voucher {1}/{2} is of another day, or booked to another kind, person, community or fund"),
    )


def _hashed(text: str) -> str:
    """A number for a text, in SQL."""
    return f"hashtextextended({text}, 0)"


# --- deliveries -------------------------------------------------------------------------------------------

# What each person carries, by the books and by her open lines.
ADVANCES = """
    WITH held AS (
        SELECT account_id, sum(baht) AS baht
          FROM (SELECT debit_id AS account_id, amount AS baht FROM ledger_line
                 WHERE debit_id IN (SELECT id FROM ledger_account WHERE role = 'advance')
                UNION ALL
                SELECT credit_id, -amount FROM ledger_line
                 WHERE credit_id IN (SELECT id FROM ledger_account WHERE role = 'advance')) x
         GROUP BY 1
    ), carried AS (
        SELECT d.carrier_id, sum(l.amount) AS baht
          FROM welfare_deliveryline l JOIN welfare_delivery d ON d.id = l.delivery_id
         WHERE l.settlement_id IS NULL GROUP BY 1
    )
    SELECT coalesce(a.code, '13'), coalesce(h.baht, 0), coalesce(c.baht, 0)
      FROM held h JOIN ledger_account a ON a.id = h.account_id FULL JOIN carried c ON c.carrier_id = a.holder_id
     WHERE coalesce(h.baht, 0) <> coalesce(c.baht, 0)
     ORDER BY 1
"""
NAMED = "year_be || '/' || lpad({0}.number::text, 4, '0')"
# A delivery: its sum is that of its lines and of its entry, which takes it from that account to that carrier.
DELIVERIES = f"""
    SELECT d.{NAMED.format("d")}, d.total, w.baht, b.baht
      FROM welfare_delivery d
      JOIN ledger_entry e ON e.id = d.entry_id
      LEFT JOIN LATERAL (SELECT sum(amount) AS baht FROM welfare_deliveryline l WHERE l.delivery_id = d.id) w ON true
      LEFT JOIN LATERAL (
          SELECT sum(l.amount) AS baht, bool_and(l.credit_id = d.account_id AND a.role = 'advance'
                                                 AND a.holder_id = d.carrier_id) AS is_its_own
            FROM ledger_line l JOIN ledger_account a ON a.id = l.debit_id WHERE l.entry_id = e.id) b ON true
     WHERE (d.total, d.total) IS DISTINCT FROM (w.baht, b.baht) OR b.is_its_own IS NOT TRUE
        OR (e.kind, e.date, e.document_kind, e.document_number)
           <> ('transfer', d.handed_on, 'delivery', d.{NAMED.format("d")})
     ORDER BY 1
"""
# Money that came back: the lines that were not delivered, and the entry that takes it from the carrier.
MONEY_BACK = f"""
    SELECT d.{NAMED.format("d")}, s.returned, coalesce(w.baht, 0), coalesce(b.baht, 0)
      FROM welfare_deliverysettlement s
      JOIN welfare_delivery d ON d.id = s.delivery_id
      LEFT JOIN ledger_entry e ON e.id = s.return_entry_id
      LEFT JOIN LATERAL (SELECT sum(amount) AS baht FROM welfare_deliveryline l
                          WHERE l.settlement_id = s.id AND l.outcome = 'returned') w ON true
      LEFT JOIN LATERAL (
          SELECT sum(l.amount) AS baht, bool_and(l.debit_id = s.returned_to_id AND a.role = 'advance'
                                                 AND a.holder_id = d.carrier_id) AS is_its_own
            FROM ledger_line l JOIN ledger_account a ON a.id = l.credit_id WHERE l.entry_id = e.id) b ON true
     WHERE (s.returned, s.returned) <> (coalesce(w.baht, 0), coalesce(b.baht, 0)) OR b.is_its_own IS FALSE
        OR (e.date, e.document_number) <> (s.settled_on, d.{NAMED.format("d")})
     ORDER BY 1
"""
# Each line: its claim is that of its delivery's sum and state; a delivered one was paid by its voucher, of that money.
DELIVERY_LINES = f"""
    SELECT d.{NAMED.format("d")}, {LABEL}
      FROM welfare_deliveryline l
      JOIN welfare_delivery d ON d.id = l.delivery_id
      JOIN welfare_claim c ON c.id = l.claim_id
      LEFT JOIN welfare_deliverysettlement s ON s.id = l.settlement_id
      LEFT JOIN ledger_paymentvoucher v ON v.id = l.voucher_id
      LEFT JOIN ledger_account a ON a.id = v.account_id
     WHERE CASE l.outcome
           WHEN '' THEN c.state <> 'approved' OR l.amount <> c.amount_approved
           WHEN 'delivered' THEN c.state <> 'paid' OR l.amount <> c.amount_approved OR c.voucher_id <> v.id
                OR v.date <> s.settled_on OR a.holder_id IS DISTINCT FROM d.carrier_id OR a.role <> 'advance'
           ELSE false END
        OR s.delivery_id <> d.id
     ORDER BY 1, 2
"""
NUMBERS_OF_DELIVERIES = """
    SELECT year_be, count(*), max(number), min(number) FROM {0} GROUP BY year_be
    HAVING count(*) <> max(number) OR min(number) <> 1 ORDER BY year_be
"""


def advances_are_on_their_way() -> Iterator[Problem]:
    """The advance with each person is the sum of what she carries, and nothing else."""
    yield from found("deliveries", ADVANCES, _("account {0} holds {1}, on its way with its holder are {2}"))


def deliveries_tied_to_entries() -> Iterator[Problem]:
    """Handed over, delivered and come back: each sum is that of its lines, its entry and its vouchers."""
    yield from found("deliveries", DELIVERIES, _("delivery {0}: total {1}, its lines {2}, its entry {3}"))
    yield from found("deliveries", MONEY_BACK, _("delivery {0}: {1} came back, its lines say {2}, the entry {3}"))
    yield from found("deliveries", DELIVERY_LINES, _("delivery {0}: its line of claim {1} is not what became of it"))
    yield from found(
        "deliveries",
        NUMBERS_OF_DELIVERIES.format("welfare_delivery"),
        _("deliveries of {0}: {1} rows, but the numbers run from {3} to {2}"),
    )


# --- payment lists ----------------------------------------------------------------------------------------

LIST_LINES = f"""
    SELECT p.{NAMED.format("p")}, {LABEL}
      FROM welfare_paymentlistline l
      JOIN welfare_paymentlist p ON p.id = l.payment_list_id
      JOIN welfare_claim c ON c.id = l.claim_id
      LEFT JOIN ledger_paymentvoucher v ON v.id = l.voucher_id
     WHERE CASE l.outcome
           WHEN '' THEN c.state <> 'approved' OR l.amount <> c.amount_approved
           WHEN 'paid' THEN v.total <> l.amount OR v.account_id <> p.account_id OR v.date <> l.settled_on
                OR NOT EXISTS (SELECT 1 FROM ledger_paymentvoucherline y
                                WHERE y.voucher_id = v.id AND y.claim_number = {LABEL})
           ELSE false END
     ORDER BY 1, 2
"""


def payment_lists_say_what_was_paid() -> Iterator[Problem]:
    """Each line that was paid has its voucher, out of the list's account; one that waits is of an approved claim."""
    yield from found("payment lists", LIST_LINES, _("payment list {0}: its line of claim {1} is not what became of it"))
    yield from found(
        "payment lists",
        NUMBERS_OF_DELIVERIES.format("welfare_paymentlist"),
        _("payment lists of {0}: {1} rows, but the numbers run from {3} to {2}"),
    )


OWN_TITLES = {"claims": _("claims"), "deliveries": _("deliveries"), "payment lists": _("payment lists")}


def add_ledger_checks() -> None:
    """Called once, when the apps are ready."""
    TITLES.update(OWN_TITLES)
    CHECKS.extend(
        [
            paid_claims_have_their_vouchers,
            advances_are_on_their_way,
            deliveries_tied_to_entries,
            payment_lists_say_what_was_paid,
        ]
    )

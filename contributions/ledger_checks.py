"""What `check_ledger` proves of money in: sheets, dues and gifts say what their receipts and the books say.

Each function yields `Problem`s, as in `ledger.checks`; `add_ledger_checks` puts them behind the ledger's own.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from contributions.grant_checks import commitments_say_what_came, rounds_say_what_came
from contributions.models import CollectionSheet
from contributions.paid_checks import (
    events_say_what_came,
    paid_through_is_what_was_paid,
    papers_name_who_gave_and_took,
    sheets_and_letters_without_gaps,
    sheets_line_by_line,
    sums_stand_where_they_belong,
)
from ledger.check import CHECKS
from ledger.checks.base import Problem, found, in_words
from ledger.checks.papers import OF_BOOK
from ledger.checks.sides import Side, agree, day
from ledger.checks.titles import TITLES

# What was written down of each receipt, whoever it came from. A receipt may hold dues of several members, and dues are
# most of the rows: they are added up by themselves.
GIVEN = """
    SELECT receipt_id, amount FROM contributions_gift
    UNION ALL SELECT receipt_id, amount FROM contributions_grant
    UNION ALL SELECT receipt_id, amount FROM contributions_sale
    UNION ALL SELECT receipt_id, gross FROM contributions_interestcredit
"""
RECEIPTS_WRITTEN = f"""
    SELECT CASE r.book WHEN '' THEN r.year_be::text ELSE r.book END, r.number, r.total,
           coalesce(d.baht, 0) + coalesce(o.baht, 0)
      FROM ledger_receipt r
      LEFT JOIN (SELECT receipt_id, sum(amount) AS baht FROM contributions_duespayment GROUP BY 1) d
        ON d.receipt_id = r.id
      LEFT JOIN (SELECT receipt_id, sum(amount) AS baht
                   FROM ({GIVEN} UNION ALL SELECT receipt_id, amount FROM contributions_entryfee) x GROUP BY 1) o
        ON o.receipt_id = r.id
     WHERE r.total <> coalesce(d.baht, 0) + coalesce(o.baht, 0)
     ORDER BY 1, 2
"""
COSTS_WRITTEN = """
    SELECT v.year_be, v.number, v.total, c.amount
      FROM contributions_runningcost c JOIN ledger_paymentvoucher v ON v.id = c.voucher_id
     WHERE v.total <> c.amount
     ORDER BY 1, 2
"""


def receipts_say_what_was_taken() -> Iterator[Problem]:
    """Dues, entry fees, gifts, grants, sales and interest of a receipt make its total; a cost that of its voucher."""
    taken = ("contributions_duespayment", "contributions_entryfee", f"({GIVEN}) x")
    if not agree([Side("ledger_receipt", ("id",), "total")], [Side(rows, ("receipt_id",), "amount") for rows in taken]):
        yield from found("money in", RECEIPTS_WRITTEN, _("receipt {0}/{1}: total {2}, what was written down {3}"))
    yield from found("costs", COSTS_WRITTEN, _("voucher {0}/{1}: total {2}, the cost {3}"))


# --- sheets -----------------------------------------------------------------------------------------------

SHEETS = """
    WITH paid AS (
        SELECT sheet_id, sum(amount) AS baht
          FROM (SELECT sheet_id, amount FROM contributions_duespayment WHERE sheet_id IS NOT NULL
                UNION ALL
                SELECT sheet_id, amount FROM contributions_entryfee WHERE sheet_id IS NOT NULL) x
         GROUP BY 1
    ), typed AS (
        SELECT sheet_id, sum(amount + entry_fee) AS baht FROM contributions_collectionline GROUP BY 1
    ), booked AS (
        SELECT s.id AS sheet_id, sum(l.amount) AS baht, bool_and(l.community_id = s.community_id) AS is_its_own
          FROM contributions_collectionsheet s
          JOIN ledger_line l ON l.entry_id = s.submission_entry_id
         GROUP BY 1
    )
    SELECT s.year_be, s.number, s.state, s.total, typed.baht, paid.baht, booked.baht
      FROM contributions_collectionsheet s
      LEFT JOIN paid ON paid.sheet_id = s.id
      LEFT JOIN typed ON typed.sheet_id = s.id
      LEFT JOIN booked ON booked.sheet_id = s.id
      LEFT JOIN ledger_entry e ON e.id = s.submission_entry_id
     WHERE CASE s.state
           WHEN 'draft' THEN s.total <> 0 OR paid.baht IS NOT NULL OR booked.baht IS NOT NULL
           ELSE (s.total, s.total, s.total) IS DISTINCT FROM (typed.baht, paid.baht, booked.baht)
                OR NOT booked.is_its_own OR e.kind <> 'collection'
                OR e.document_number <> s.year_be || '/' || lpad(s.number::text, 4, '0')
           END
     ORDER BY 1, 2
"""
# What the collector had to hand over: all of the sheet but the receipts that were void before the acceptance.
HANDED_OVER = """
    WITH void AS (
        SELECT r.entry_id, v.reversal_id, e.number, r.total
          FROM ledger_receiptvoid v JOIN ledger_receipt r ON r.id = v.receipt_id
          JOIN ledger_entry e ON e.id = v.reversal_id
    ), moved AS (
        SELECT s.id AS sheet_id, min(e.number) AS number, bool_and(e.kind = 'hand-over') AS is_its_own,
               coalesce(sum(l.amount) FILTER (WHERE d.role = 'cash'), 0) AS counted,
               coalesce(sum(l.amount) FILTER (WHERE c.role = 'collector'), 0) AS taken
          FROM contributions_collectionsheet s
          JOIN ledger_entry e ON e.id = s.acceptance_entry_id
          JOIN ledger_line l ON l.entry_id = e.id
          JOIN ledger_account d ON d.id = l.debit_id
          JOIN ledger_account c ON c.id = l.credit_id
         GROUP BY 1
    )
    SELECT s.year_be, s.number, s.counted, coalesce(m.counted, 0), coalesce(m.taken, 0)
      FROM contributions_collectionsheet s
      LEFT JOIN moved m ON m.sheet_id = s.id
     WHERE CASE s.state
           WHEN 'accepted' THEN
               s.counted IS DISTINCT FROM coalesce(m.counted, 0) OR m.is_its_own IS FALSE
               OR coalesce(m.taken, 0) <> s.total - coalesce(
                   (SELECT sum(v.total) FROM void v
                     WHERE v.entry_id = s.submission_entry_id AND (m.number IS NULL OR v.number < m.number)), 0)
           ELSE s.acceptance_entry_id IS NOT NULL
           END
     ORDER BY 1, 2
"""
ENTRIES_WITHOUT_SHEET = """
    SELECT e.number, e.document_number
      FROM ledger_entry e
     WHERE e.kind = 'collection'
           AND NOT EXISTS (SELECT 1 FROM contributions_collectionsheet s WHERE s.submission_entry_id = e.id)
        OR e.kind = 'hand-over' AND e.document_kind <> 'count'
           AND NOT EXISTS (SELECT 1 FROM contributions_collectionsheet s WHERE s.acceptance_entry_id = e.id)
     ORDER BY 1
"""
OTHER_SHEETS_RECEIPTS = """
    SELECT s.year_be, s.number, count(*)
      FROM (SELECT sheet_id, receipt_id FROM contributions_duespayment
            UNION ALL SELECT sheet_id, receipt_id FROM contributions_entryfee) p
      JOIN contributions_collectionsheet s ON s.id = p.sheet_id
      JOIN ledger_receipt r ON r.id = p.receipt_id
     WHERE r.entry_id IS DISTINCT FROM s.submission_entry_id
     GROUP BY 1, 2 ORDER BY 1, 2
"""


def sheets_tied_to_entries() -> Iterator[Problem]:
    """A sheet that was handed in: lines typed, dues and fees, receipts and entry all come to its total."""
    form = _("sheet {0}/{1} ({2}): total {3}, its lines {4}, dues and fees {5}, its entry {6}")
    yield from found("sheets", SHEETS, form, {2: in_words(CollectionSheet.State.choices)})
    form = _("sheet {0}/{1}: {2} payments stand on receipts of another entry")
    yield from found("sheets", OTHER_SHEETS_RECEIPTS, form)
    yield from found("sheets", ENTRIES_WITHOUT_SHEET, _("entry {0} names sheet {1}, which does not name it"))


def hand_overs_add_up() -> Iterator[Problem]:
    """An acceptance took from the collector what her receipts in force said, and put what was counted in the box."""
    form = _("sheet {0}/{1}: counted {2}, booked into the box {3}, taken from the collector {4}")
    yield from found("hand-overs", HANDED_OVER, form)


# A number used at the door and the receipt that the submission wrote for it, in either direction.
DOOR_NUMBERS = """
    SELECT coalesce(b.label, r.book), coalesce(d.number, r.number),
           CASE WHEN r.id IS NULL THEN 'no-receipt'
                ELSE 'no-sheet' END
      FROM (SELECT d.book_id, d.number, s.submission_entry_id AS entry_id
              FROM contributions_doorreceipt d JOIN contributions_collectionsheet s ON s.id = d.sheet_id
             WHERE d.book_id IS NOT NULL AND s.state <> 'draft') d
      JOIN ledger_receiptbook b ON b.id = d.book_id
      FULL JOIN (SELECT id, book, number, entry_id FROM ledger_receipt WHERE book <> '') r
        ON (r.book, r.number, r.entry_id) = (b.label, d.number, d.entry_id)
     WHERE r.id IS NULL OR d.number IS NULL
    UNION ALL
    SELECT b.label, d.number, 'given-and-spoiled'
      FROM contributions_doorreceipt d
      JOIN ledger_receiptbook b ON b.id = d.book_id
      JOIN ledger_spoilednumber n ON n.book_id = d.book_id AND n.number = d.number
     ORDER BY 1, 2
"""


WRONG_AT_THE_DOOR = {
    "no-receipt": _("stands on a sheet, but on no receipt"),
    "no-sheet": _("stands on a receipt, but on no sheet of its entry"),
    "given-and-spoiled": _("was given at the door and is written down as spoiled"),
}


def door_numbers_are_receipts() -> Iterator[Problem]:
    yield from found("paper books", DOOR_NUMBERS, OF_BOOK, {2: in_words(WRONG_AT_THE_DOOR)})


# --- dues -------------------------------------------------------------------------------------------------

IN_FORCE = "receipt_id NOT IN (SELECT receipt_id FROM ledger_receiptvoid)"
SPAN = (day("covers_from"), day("covers_until"))
FEES_OF_MEMBERS = "contributions_entryfee f JOIN members_membership s ON s.id = f.membership_id"
BOOKED_TO_DUES = """
    ledger_line WHERE {side} IN (SELECT id FROM ledger_account WHERE role IN ('dues', 'entry-fee'))
                  AND entry_id NOT IN (SELECT id FROM ledger_entry WHERE kind = 'closing')
"""
COVERS = """
    WITH other AS MATERIALIZED (
        SELECT p.receipt_id, p.member_id, p.covers_from, p.covers_until, c.payment_id IS NOT NULL AS covers
          FROM contributions_duespayment p
          LEFT JOIN contributions_duescover c ON c.payment_id = p.id
          LEFT JOIN ledger_receiptvoid v ON v.receipt_id = p.receipt_id
         WHERE c.payment_id IS NOT NULL
               AND (v.id IS NOT NULL OR p.is_part OR c.covers <> daterange(p.covers_from, p.covers_until, '[]'))
            OR c.payment_id IS NULL AND v.id IS NULL AND NOT p.is_part
    )
    SELECT r.year_be, r.number, m.number
      FROM other p
      JOIN ledger_receipt r ON r.id = p.receipt_id
      JOIN members_member m ON m.id = p.member_id
     WHERE p.covers
           -- a part that has become void uncovers what it was a part of
        OR NOT EXISTS (SELECT 1 FROM contributions_duespayment q
                         JOIN ledger_receiptvoid w ON w.receipt_id = q.receipt_id
                         JOIN members_member n ON n.id = q.member_id
                        WHERE coalesce(n.merged_into_id, n.id) = coalesce(m.merged_into_id, m.id)
                          AND q.covers_from <= p.covers_until AND q.covers_until >= p.covers_from)
     ORDER BY 1, 2
"""
# Dues in the books by member, against the payments of the member that hold; the same for entry fees.
DUES_BY_MEMBER = """
    WITH booked AS (
        SELECT l.member_id, sum(CASE a.id WHEN l.credit_id THEN l.amount ELSE -l.amount END) AS baht
          FROM ledger_line l
          JOIN ledger_account a ON a.role IN ('dues', 'entry-fee') AND a.id IN (l.credit_id, l.debit_id)
         WHERE l.entry_id NOT IN (SELECT id FROM ledger_entry WHERE kind = 'closing')
         GROUP BY 1
    ), held AS (
        SELECT member_id, sum(amount) AS baht
          FROM (SELECT member_id, receipt_id, amount FROM contributions_duespayment
                UNION ALL
                SELECT s.member_id, f.receipt_id, f.amount FROM contributions_entryfee f
                  JOIN members_membership s ON s.id = f.membership_id) x
         WHERE NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.receipt_id = x.receipt_id)
         GROUP BY 1
    )
    SELECT m.number, coalesce(b.baht, 0), coalesce(h.baht, 0)
      FROM booked b FULL JOIN held h ON h.member_id = b.member_id
      LEFT JOIN members_member m ON m.id = coalesce(b.member_id, h.member_id)
     WHERE coalesce(b.baht, 0) <> coalesce(h.baht, 0)
     ORDER BY 1
"""
# Each leg by its kept sums, against what is written down of the receipts in force that credit it. A fee is in no leg.
LEGS = f"""
    WITH kept AS (
        SELECT a.leg, sum(s.credit - s.debit) AS baht
          FROM ledger_ledgersum s JOIN ledger_account a ON a.id = s.account_id
         WHERE a.leg IS NOT NULL AND NOT s.is_closing GROUP BY 1
    ), leg_of AS (
        SELECT DISTINCT y.receipt_id, a.leg
          FROM ledger_receiptline y JOIN ledger_line l ON l.id = y.line_id JOIN ledger_account a ON a.id = l.credit_id
         WHERE a.leg IS NOT NULL AND y.receipt_id IN (SELECT receipt_id FROM ({GIVEN}) x)
    ), held AS (
        SELECT leg, sum(baht) AS baht
          FROM (SELECT (SELECT leg FROM ledger_account WHERE role = 'dues') AS leg, sum(amount) AS baht
                  FROM contributions_duespayment
                 WHERE receipt_id NOT IN (SELECT receipt_id FROM ledger_receiptvoid)
                UNION ALL
                SELECT g.leg, w.amount
                  FROM leg_of g JOIN ({GIVEN}) w ON w.receipt_id = g.receipt_id
                 WHERE NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.receipt_id = w.receipt_id)) x
         GROUP BY 1
    )
    SELECT coalesce(k.leg, h.leg), coalesce(k.baht, 0), coalesce(h.baht, 0)
      FROM kept k FULL JOIN held h ON h.leg = k.leg
     WHERE coalesce(k.baht, 0) <> coalesce(h.baht, 0)
     ORDER BY 1
"""


def dues_hold_their_spans() -> Iterator[Problem]:
    """A payment in force holds its span and no other; a void one, and a part, holds none."""
    whole = Side(f"contributions_duespayment WHERE NOT is_part AND {IN_FORCE}", ("id", *SPAN))
    held = Side("contributions_duescover", ("payment_id", day("lower(covers)"), day("upper(covers) - 1")))
    if not agree([whole], [held]):
        yield from found("dues", COVERS, _("receipt {0}/{1}, member no. {2}: what it covers is not what it paid for"))


def totals_agree() -> Iterator[Problem]:
    """Member by member and leg by leg, the books say what was written down of the receipts in force."""
    form = _("member no. {0}: dues and fees in the books {1}, paid {2}")
    booked = [
        Side(BOOKED_TO_DUES.format(side="credit_id"), ("member_id",), "amount"),
        Side(BOOKED_TO_DUES.format(side="debit_id"), ("member_id",), "-amount"),
    ]
    paid = [
        Side(f"contributions_duespayment WHERE {IN_FORCE}", ("member_id",), "amount"),
        Side(f"{FEES_OF_MEMBERS} WHERE {IN_FORCE}", ("member_id",), "amount"),
    ]
    if not agree(booked, paid):
        yield from found("members' totals", DUES_BY_MEMBER, form, {0: in_words({None: _("without a number")})})
    yield from found("legs", LEGS, _("leg {0}: in the books {1}, by its receipts {2}"))


# --- counts of events -------------------------------------------------------------------------------------

COUNTS = """
    WITH booked AS (
        SELECT l.entry_id, sum(CASE WHEN c.role = 'cash-over-short' THEN l.amount ELSE -l.amount END) AS over
          FROM ledger_line l
          JOIN ledger_account d ON d.id = l.debit_id
          JOIN ledger_account c ON c.id = l.credit_id
         WHERE (d.role, c.role) IN (('cash', 'cash-over-short'), ('cash-over-short', 'cash'))
         GROUP BY 1
    )
    SELECT k.id, k.campaign_id, k.counted, k.expected, b.over
      FROM contributions_cashcount k
      LEFT JOIN booked b ON b.entry_id = k.entry_id
     WHERE k.counted - k.expected <> coalesce(b.over, 0) OR (k.entry_id IS NULL) <> (k.counted = k.expected)
        OR k.counted <> (SELECT coalesce(sum(p.key::numeric * p.value::numeric), 0)
                           FROM jsonb_each_text(k.notes_and_coins) p)
     ORDER BY 1
"""
ENTRIES_WITHOUT_COUNT = """
    SELECT e.number, e.document_number
      FROM ledger_entry e
     WHERE e.document_kind = 'count' AND e.kind <> 'reversal'
       AND NOT EXISTS (SELECT 1 FROM contributions_cashcount k WHERE k.entry_id = e.id)
     ORDER BY 1
"""


def counts_tied_to_entries() -> Iterator[Problem]:
    """A count's notes and coins make its sum, and its entry is what it was over or short."""
    form = _("count {0} of event {1}: counted {2}, expected {3}, its entry {4}")
    yield from found("counts", COUNTS, form)
    yield from found("counts", ENTRIES_WITHOUT_COUNT, _("entry {0} names count {1}, which does not name it"))


OWN_TITLES = {
    "commitments": _("commitments"),
    "costs": _("costs"),
    "counts": _("counts"),
    "days": _("days"),
    "dues": _("dues"),
    "envelopes": _("envelopes"),
    "gifts": _("gifts"),
    "hand-overs": _("hand-overs"),
    "legs": _("legs"),
    "members' totals": _("members' totals"),
    "money in": _("money in"),
    "numbers": _("numbers"),
    "paid through": _("paid through"),
    "rounds": _("rounds"),
    "sales": _("sales"),
    "sheet lines": _("sheet lines"),
    "sheets": _("sheets"),
}


def add_ledger_checks() -> None:
    """Called once, when the apps are ready."""
    TITLES.update(OWN_TITLES)
    CHECKS.extend(
        [
            # the longest first, as in the ledger's own list
            sheets_tied_to_entries,
            papers_name_who_gave_and_took,
            sheets_line_by_line,
            receipts_say_what_was_taken,
            totals_agree,
            paid_through_is_what_was_paid,
            dues_hold_their_spans,
            hand_overs_add_up,
            door_numbers_are_receipts,
            counts_tied_to_entries,
            sums_stand_where_they_belong,
            rounds_say_what_came,
            commitments_say_what_came,
            events_say_what_came,
            sheets_and_letters_without_gaps,
        ]
    )

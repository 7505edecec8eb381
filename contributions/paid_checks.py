"""What `check_ledger` proves of single sums: sheets line by line, the account each was booked to, days, rights."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from contributions.models import Envelope
from ledger.checks.base import Problem, found, in_words
from ledger.checks.sides import Side, agree, day

SHEET_LINES = """
    WITH paid AS (
        SELECT sheet_id, member_id, sum(dues) AS dues, sum(fee) AS fee, min(paid_on) AS first, max(paid_on) AS last
          FROM (SELECT sheet_id, member_id, amount AS dues, 0::numeric AS fee, paid_on FROM contributions_duespayment
                 WHERE sheet_id IS NOT NULL
                UNION ALL
                SELECT f.sheet_id, m.member_id, 0, f.amount, f.paid_on FROM contributions_entryfee f
                  JOIN members_membership m ON m.id = f.membership_id WHERE f.sheet_id IS NOT NULL) x
         GROUP BY 1, 2
    ), typed AS (
        SELECT l.* FROM contributions_collectionline l
          JOIN contributions_collectionsheet s ON s.id = l.sheet_id AND s.state <> 'draft'
    )
    SELECT s.year_be, s.number, m.number, coalesce(t.amount + t.entry_fee, 0), coalesce(p.dues + p.fee, 0)
      FROM typed t
      FULL JOIN paid p ON (p.sheet_id, p.member_id) = (t.sheet_id, t.member_id)
      JOIN contributions_collectionsheet s ON s.id = coalesce(t.sheet_id, p.sheet_id)
      JOIN members_member m ON m.id = coalesce(t.member_id, p.member_id)
     WHERE (t.amount, t.entry_fee, t.paid_on, t.paid_on) IS DISTINCT FROM (p.dues, p.fee, p.first, p.last)
     ORDER BY 1, 2, 3
"""
# What a row says it was for, against the account of the ledger that was credited or, for a cost, debited.
OTHER_ACCOUNTS = """
    SELECT r.year_be, r.number, x.kind
      FROM (SELECT receipt_id, 'gift' AS kind, NULL AS role, income_account_id AS account_id FROM contributions_gift
            UNION ALL SELECT receipt_id, 'grant', source, NULL FROM contributions_grant
            UNION ALL SELECT receipt_id, 'sale', 'event-income', NULL FROM contributions_sale
            UNION ALL SELECT receipt_id, 'interest', 'interest', NULL FROM contributions_interestcredit) x
      JOIN ledger_receipt r ON r.id = x.receipt_id
     WHERE EXISTS (SELECT 1 FROM ledger_receiptline y JOIN ledger_line l ON l.id = y.line_id
                     JOIN ledger_account a ON a.id = l.credit_id
                    WHERE y.receipt_id = r.id AND (a.role <> x.role OR a.id <> x.account_id))
     ORDER BY 1, 2
"""
OTHER_COSTS = """
    SELECT v.year_be, v.number
      FROM contributions_runningcost c
      JOIN ledger_paymentvoucher v ON v.id = c.voucher_id
     WHERE c.paid_on <> v.date
        OR EXISTS (SELECT 1 FROM ledger_paymentvoucherline y JOIN ledger_line l ON l.id = y.line_id
                    WHERE y.voucher_id = v.id AND l.debit_id <> c.cost_account_id)
     ORDER BY 1, 2
"""
INTEREST = """
    SELECT r.year_be, r.number, i.gross, i.tax
      FROM contributions_interestcredit i
      JOIN ledger_receipt r ON r.id = i.receipt_id
      LEFT JOIN (SELECT y.receipt_id, sum(l.amount) AS baht FROM ledger_receiptline y
                   JOIN ledger_line l ON l.id = y.line_id JOIN ledger_account a ON a.id = l.debit_id
                  WHERE a.role = 'tax-withheld' GROUP BY 1) t ON t.receipt_id = r.id
     WHERE i.bank_account_id <> r.account_id OR i.tax <> coalesce(t.baht, 0)
     ORDER BY 1, 2
"""
# What a sheet brought was paid on the day that its line says; all else on the day of its receipt.
OTHER_DAYS = """
    SELECT r.year_be, r.number, x.day, r.date
      FROM (SELECT receipt_id, paid_on AS day FROM contributions_duespayment WHERE sheet_id IS NULL
            UNION ALL SELECT receipt_id, paid_on FROM contributions_entryfee WHERE sheet_id IS NULL
            UNION ALL SELECT receipt_id, received_on FROM contributions_gift
            UNION ALL SELECT receipt_id, received_on FROM contributions_grant
            UNION ALL SELECT receipt_id, sold_on FROM contributions_sale
            UNION ALL SELECT receipt_id, credited_on FROM contributions_interestcredit) x
      JOIN ledger_receipt r ON r.id = x.receipt_id
     WHERE x.day <> r.date
     ORDER BY 1, 2
"""


TYPED = """
    contributions_collectionline l JOIN contributions_collectionsheet s ON s.id = l.sheet_id AND s.state <> 'draft'
"""
DUES_OF_SHEETS = "contributions_duespayment WHERE sheet_id IS NOT NULL"
FEES_OF_SHEETS = """
    contributions_entryfee f JOIN members_membership m ON m.id = f.membership_id WHERE sheet_id IS NOT NULL
"""


def sheets_line_by_line() -> Iterator[Problem]:
    """What the sheet says of a member is what was taken of her, on that day."""
    dues, fee = [("sheet_id", "member_id", day("paid_on"), kind) for kind in "12"]
    typed = [Side(TYPED, dues, "amount"), Side(TYPED, fee, "entry_fee")]
    if agree(typed, [Side(DUES_OF_SHEETS, dues, "amount"), Side(FEES_OF_SHEETS, fee, "amount")]):
        return
    form = _("sheet {0}/{1}, member no. {2}: typed {3}, taken {4}, or the day is another")
    yield from found("sheet lines", SHEET_LINES, form)


TAKEN_FOR = {"gift": _("gift"), "grant": _("grant"), "sale": _("sale"), "interest": _("interest")}


def sums_stand_where_they_belong() -> Iterator[Problem]:
    """Gifts, grants, sales, interest and costs are on the account that their row names, on the day of their paper."""
    form = _("receipt {0}/{1}: the {2} is booked to another account")
    yield from found("accounts", OTHER_ACCOUNTS, form, {2: in_words(TAKEN_FOR)})
    yield from found("accounts", OTHER_COSTS, _("voucher {0}/{1}: the cost is booked to another account or day"))
    form = _("receipt {0}/{1}: interest {2}, tax {3}; the bank account or the tax differs")
    yield from found("accounts", INTEREST, form)
    yield from found("days", OTHER_DAYS, _("receipt {0}/{1}: taken on {2}, the receipt says {3}"))


# Paid without a gap from the day after `base`, the day before the first that was ever paid here: where all days from
# the first to the last are paid, through the last; where there is a gap, which is rare, through the day before it. That
# payments hold the days that they paid is a proof of its own. Members with a double are reckoned by the verbs alone.
PAID_THROUGH = """
    WITH paid AS (
        SELECT membership_id AS id, min(covers_from) AS first,
               min(covers_from) FILTER (WHERE holds) AS since, max(covers_until) FILTER (WHERE holds) + 1 AS until,
               sum(covers_until - covers_from + 1) FILTER (WHERE holds) AS days
          FROM (SELECT *, NOT is_part AND receipt_id NOT IN (SELECT receipt_id FROM ledger_receiptvoid) AS holds
                  FROM contributions_duespayment OFFSET 0) p
         GROUP BY 1
    ), other AS MATERIALIZED (
        SELECT s.member_id, s.paid_through,
               CASE WHEN since IS DISTINCT FROM first THEN first - 1
                    WHEN until - since = days THEN until - 1
                    ELSE (SELECT upper(r) - 1 FROM unnest((
                              SELECT range_agg(c.covers) FROM contributions_duescover c
                                JOIN contributions_duespayment q ON q.id = c.payment_id
                               WHERE q.membership_id = s.id)) r ORDER BY r LIMIT 1)
               END AS through
          FROM paid JOIN members_membership s USING (id)
    )
    SELECT m.number, o.paid_through, o.through
      FROM other o
      JOIN members_member m ON m.id = o.member_id
     WHERE o.paid_through IS DISTINCT FROM o.through
       AND m.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM members_member d WHERE d.merged_into_id = m.id)
     ORDER BY 1
"""


def paid_through_is_what_was_paid() -> Iterator[Problem]:
    """The day through which a membership is paid, on which all rights rest, is what its payments cover."""
    form = _("member no. {0} is kept as paid through {1}, her payments say {2}")
    yield from found("paid through", PAID_THROUGH, form)


# --- who gave and who took --------------------------------------------------------------------------------

# The giver is sealed with the line; the row and the receipt name her too.
GIVERS = """
    SELECT DISTINCT r.year_be, r.number
      FROM contributions_gift g
      LEFT JOIN contributions_contributor c ON c.id = g.contributor_id
      JOIN ledger_receipt r ON r.id = g.receipt_id
      JOIN ledger_receiptline y ON y.receipt_id = r.id
      JOIN ledger_line l ON l.id = y.line_id
     WHERE (c.number, c.number) IS DISTINCT FROM (l.contributor_number, r.contributor_number)
     ORDER BY 1, 2
"""
OTHER_COLLECTORS = """
    SELECT DISTINCT s.year_be, s.number
      FROM contributions_collectionsheet s
      JOIN ledger_entry e ON e.id = s.submission_entry_id
      JOIN ledger_line l ON l.entry_id = e.id
      JOIN ledger_account a ON a.id = l.debit_id
      LEFT JOIN ledger_entry t ON t.id = s.acceptance_entry_id
     WHERE a.holder_id IS DISTINCT FROM s.collector_id OR e.date <> s.submitted_on OR t.date <> s.accepted_on
     ORDER BY 1, 2
"""
VOUCHERS_WITHOUT_COST = """
    SELECT v.year_be, v.number
      FROM ledger_paymentvoucher v
     WHERE EXISTS (SELECT 1 FROM ledger_paymentvoucherline y
                     JOIN ledger_line l ON l.id = y.line_id JOIN ledger_account a ON a.id = l.debit_id
                    WHERE y.voucher_id = v.id AND a.role IN ('administration', 'event-cost', 'public-benefit'))
       AND NOT EXISTS (SELECT 1 FROM contributions_runningcost c WHERE c.voucher_id = v.id)
     ORDER BY 1, 2
"""
# What a receipt says it covers is what was paid for: as many spans, beginning and ending on the same days.
SPANS = """
    SELECT r.year_be, r.number
      FROM (SELECT receipt_id, count(*) AS spans, sum(covers_from - DATE '2000-01-01') AS first,
                   sum(covers_until - DATE '2000-01-01') AS last
              FROM ledger_receiptline WHERE covers_from IS NOT NULL GROUP BY 1) y
      FULL JOIN (SELECT receipt_id, count(*) AS spans, sum(covers_from - DATE '2000-01-01') AS first,
                        sum(covers_until - DATE '2000-01-01') AS last
                   FROM contributions_duespayment GROUP BY 1) p USING (receipt_id)
      JOIN ledger_receipt r ON r.id = receipt_id
     WHERE (y.spans, y.first, y.last) IS DISTINCT FROM (p.spans, p.first, p.last)
     ORDER BY 1, 2
"""


def papers_name_who_gave_and_took() -> Iterator[Problem]:
    """Gifts name the giver who is sealed in the books, sheets their collector and days, receipts what they cover."""
    yield from found("gifts", GIVERS, _("receipt {0}/{1}: the gift, its receipt and the books name different givers"))
    form = _("sheet {0}/{1}: its collector or a day is not that of its entries")
    yield from found("sheets", OTHER_COLLECTORS, form)
    yield from found("costs", VOUCHERS_WITHOUT_COST, _("voucher {0}/{1}: the cost that it paid is not there"))
    days = ("receipt_id", day("covers_from"), day("covers_until"))
    printed = Side("ledger_receiptline WHERE covers_from IS NOT NULL", days)
    if not agree([printed], [Side("contributions_duespayment", days)]):
        yield from found("dues", SPANS, _("receipt {0}/{1}: the days on the receipt are not those that were paid for"))


# --- the annual event -------------------------------------------------------------------------------------

ENVELOPES = """
    SELECT n.campaign_id, n.number, n.state
      FROM contributions_envelope n
      LEFT JOIN contributions_gift g ON g.id = n.gift_id
      LEFT JOIN ledger_receiptvoid v ON v.receipt_id = g.receipt_id
     WHERE (n.state = 'returned') <> (g.id IS NOT NULL) OR v.id IS NOT NULL OR g.campaign_id <> n.campaign_id
     ORDER BY 1, 2
"""
OVERSOLD = """
    SELECT i.id, i.stock, sum(s.quantity)
      FROM contributions_saleitem i
      JOIN contributions_sale s ON s.item_id = i.id
     WHERE NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.receipt_id = s.receipt_id)
     GROUP BY i.id, i.stock HAVING sum(s.quantity) > i.stock
     ORDER BY 1
"""


def events_say_what_came() -> Iterator[Problem]:
    """An envelope that came back has its gift of the same event, in force; no more was sold than there was."""
    form = _("event {0}, envelope {1}: it is “{2}”, its gift says something else")
    yield from found("envelopes", ENVELOPES, form, {2: in_words(Envelope.State.choices)})
    yield from found("sales", OVERSOLD, _("item {0}: {1} there, {2} sold"))


# --- numbers of sheets and gifts in kind ------------------------------------------------------------------

NUMBERS = """
    SELECT x.series, x.year_be, x.papers, x.highest, coalesce(s.last, 0)
      FROM (SELECT 'sheet' AS series, year_be, count(*) AS papers, max(number) AS highest
              FROM contributions_collectionsheet GROUP BY 2
            UNION ALL
            SELECT 'in-kind', year_be, count(*), max(number) FROM contributions_inkindgift GROUP BY 2) x
      LEFT JOIN ledger_documentsequence s ON s.series = x.series AND s.year_be = x.year_be
     WHERE (x.papers, x.highest::bigint) <> (x.highest::bigint, coalesce(s.last, 0)::bigint)
     ORDER BY 1, 2
"""


def sheets_and_letters_without_gaps() -> Iterator[Problem]:
    form = _("{0} of {1}: {2} rows, numbers to {3}, the sequence stands at {4}")
    series = {"sheet": _("collection sheets"), "in-kind": _("gifts in kind")}
    yield from found("numbers", NUMBERS, form, {0: in_words(series)})

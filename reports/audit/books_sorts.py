"""Exceptions of the books: what was undone, what was written late, numbers and papers that are missing, controls."""

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import format_date, format_month
from ledger.checklists import shown_checklist
from ledger.models import EntryKind, SpoiledNumber
from members.models import Controls
from reports.audit.rows import (
    Record,
    Sort,
    entry_address,
    entry_words,
    joined,
    numbered,
    receipt_address,
    receipt_words,
    voucher_address,
    voucher_words,
)

VOID_RECEIPTS = """
    SELECT v.voided_on AS day, r.total AS baht, r.number, r.year_be, r.book, v.reason,
           a.display_name AS person, coalesce(b.display_name, '') AS second
      FROM ledger_receiptvoid v
      JOIN ledger_receipt r ON r.id = v.receipt_id
      JOIN office_user a ON a.id = v.voided_by_id
      LEFT JOIN office_user b ON b.id = v.second_person_id
     WHERE v.voided_on BETWEEN %(first)s AND %(last)s
"""

VOID_VOUCHERS = """
    SELECT v.voided_on AS day, p.total AS baht, p.number, p.year_be, v.reason,
           a.display_name AS person, coalesce(b.display_name, '') AS second
      FROM ledger_paymentvouchervoid v
      JOIN ledger_paymentvoucher p ON p.id = v.voucher_id
      JOIN office_user a ON a.id = v.voided_by_id
      LEFT JOIN office_user b ON b.id = v.second_person_id
     WHERE v.voided_on BETWEEN %(first)s AND %(last)s
"""

REVERSALS = """
    SELECT e.date AS day, e.number, o.number AS answered, coalesce(q.reason, '') AS reason,
           coalesce(a.display_name, '') AS person, coalesce(b.display_name, '') AS second,
           (SELECT sum(l.amount) FROM ledger_line l WHERE l.entry_id = e.id) AS baht
      FROM ledger_entry e
      LEFT JOIN ledger_entry o ON o.id = e.reverses_id
      LEFT JOIN ledger_reversalrequest q ON q.entry_id = e.reverses_id
      LEFT JOIN ledger_reversalconfirmation c ON c.reversal_id = e.id
      LEFT JOIN office_user a ON a.id = coalesce(q.asked_by_id, e.posted_by_id)
      LEFT JOIN office_user b ON b.id = c.confirmed_by_id
     WHERE e.kind = 'reversal' AND e.date BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.reversal_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid v WHERE v.reversal_id = e.id)
"""

WRITTEN = """
    SELECT e.date AS day, e.number, e.entered, e.kind, coalesce(u.display_name, '') AS person,
           (SELECT sum(l.amount) FROM ledger_line l WHERE l.entry_id = e.id) AS baht
      FROM ENTERED e LEFT JOIN office_user u ON u.id = e.posted_by_id
     WHERE e.date BETWEEN %(first)s AND %(last)s AND e.kind NOT IN ('opening', 'closing') AND
"""
LATE_ENTRIES = f"{WRITTEN} e.entered > e.date + %(late_days)s::int"
ENDED_MONTHS = f"""{WRITTEN} e.entered <= e.date + %(late_days)s::int
       AND date_trunc('month', e.entered) > date_trunc('month', e.date)
"""

GAPS = """
    SELECT NULL::date AS day, NULL::numeric AS baht, n AS number, s.series, s.year_be
      FROM ledger_documentsequence s CROSS JOIN LATERAL generate_series(1, s.last) AS n
     WHERE s.year_be BETWEEN %(first_be)s AND %(last_be)s AND CASE s.series
           WHEN 'receipt' THEN NOT EXISTS (
                SELECT 1 FROM ledger_receipt r WHERE r.year_be = s.year_be AND r.number = n AND r.book = '')
           WHEN 'voucher' THEN NOT EXISTS (
                SELECT 1 FROM ledger_paymentvoucher v WHERE v.year_be = s.year_be AND v.number = n)
           WHEN 'claim' THEN NOT EXISTS (
                SELECT 1 FROM welfare_claim c WHERE c.year_be = s.year_be AND c.number = n)
           WHEN 'sheet' THEN NOT EXISTS (
                SELECT 1 FROM contributions_collectionsheet c WHERE c.year_be = s.year_be AND c.number = n)
           ELSE false END
"""

# Skipped: below the highest number that was used or spoiled, and neither. A book counts while it was out.
BOOK_GAPS = """
    SELECT b.given_on AS day, NULL::numeric AS baht, n AS number, b.label AS book, b.id AS book_id,
           'skipped' AS kind, '' AS reason, u.display_name AS person
      FROM (SELECT k.*, greatest((SELECT max(d.number) FROM contributions_doorreceipt d WHERE d.book_id = k.id),
                                 (SELECT max(s.number) FROM ledger_spoilednumber s WHERE s.book_id = k.id)) AS highest
              FROM ledger_receiptbook k) b
      JOIN office_user u ON u.id = b.holder_id
      CROSS JOIN LATERAL generate_series(b.first_number, b.highest) AS n
     WHERE b.given_on <= %(last)s AND coalesce(b.returned_on, %(last)s) >= %(first)s
       AND NOT EXISTS (SELECT 1 FROM contributions_doorreceipt d WHERE d.book_id = b.id AND d.number = n)
       AND NOT EXISTS (SELECT 1 FROM ledger_spoilednumber s WHERE s.book_id = b.id AND s.number = n)
     UNION ALL
    SELECT s.written_on, NULL, s.number, b.label, b.id, s.kind, s.reason, u.display_name
      FROM ledger_spoilednumber s JOIN ledger_receiptbook b ON b.id = s.book_id JOIN office_user u ON u.id = b.holder_id
     WHERE s.kind = 'lost' AND s.written_on BETWEEN %(first)s AND %(last)s
"""

# What an account held at the end of the last day: whole months from the kept sums, the last month from its lines.
HELD = """
    coalesce((SELECT sum(k.debit - k.credit) FROM ledger_ledgersum k
               WHERE k.account_id = a.id AND k.month < date_trunc('month', %(last)s::date)), 0)
    + coalesce((SELECT sum(CASE WHEN l.debit_id = a.id THEN l.amount ELSE -l.amount END)
                  FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
                 WHERE a.id IN (l.debit_id, l.credit_id)
                   AND e.date BETWEEN date_trunc('month', %(last)s::date) AND %(last)s), 0)
"""

UNRECONCILED = f"""
    SELECT x.* FROM (
        SELECT (SELECT max(r.as_of) FROM ledger_reconciliation r
                 WHERE r.account_id = a.id AND r.as_of <= %(last)s) AS day,
               {HELD} AS baht, a.id AS number, a.code, a.name_th, a.name_en
          FROM ledger_account a WHERE a.role = 'bank' AND a.is_open) x
     WHERE x.day IS NULL AND x.baht <> 0 OR x.day < %(last)s::date - %(reconciled_days)s::int
"""  # noqa: S608 - our own words

EXPLAINED = """
    SELECT m.first_day AS day, NULL::numeric AS baht, 0 AS number, m.closing_checklist AS kept,
           coalesce(u.display_name, '') AS person
      FROM ledger_accountingmonth m LEFT JOIN office_user u ON u.id = m.closed_by_id
     WHERE m.first_day BETWEEN date_trunc('month', %(first)s::date) AND %(last)s
       AND m.closing_checklist @> '[{"state": "explained"}]'
"""

CONTROLS = """
    SELECT (a.acted_at AT TIME ZONE 'Asia/Bangkok')::date AS day, NULL::numeric AS baht, a.id AS number,
           a.details #>> '{before,controls}' AS was, a.details #>> '{after,controls}' AS became,
           coalesce(a.details ->> 'resolution', '') AS resolution, coalesce(u.display_name, '') AS person
      FROM office_actionlog a LEFT JOIN office_user u ON u.id = a.user_id
     WHERE a.action = 'fund-changed' AND a.details #>> '{after,controls}' IS NOT NULL
       AND (a.acted_at AT TIME ZONE 'Asia/Bangkok')::date BETWEEN %(first)s AND %(logged_last)s
"""

SERIES = {
    "receipt": gettext_lazy("Receipt"),
    "voucher": gettext_lazy("Payment voucher"),
    "claim": gettext_lazy("Claim"),
    "sheet": gettext_lazy("Sheet"),
}


def _undone(record: Record) -> str:
    return joined(record["reason"], record["person"], record["second"] or _("by one person"))


def _reversal(record: Record) -> str:
    answered = _("answers entry %(number)s") % {"number": record["answered"]} if record["answered"] else ""
    return joined(answered, _undone(record))


def _written(record: Record) -> str:
    written = _("written on %(day)s, %(days)s days later")
    days = {"day": format_date(record["entered"], "short"), "days": (record["entered"] - record["day"]).days}
    return joined(str(EntryKind(record["kind"]).label), written % days, record["person"])


def _missing_number(record: Record) -> str:
    return f"{SERIES[record['series']]} {numbered(record['year_be'], record['number'])}"


def _book_number(record: Record) -> str:
    return _("Book %(book)s no. %(number)s") % {"book": record["book"], "number": record["number"]}


def _book_fate(record: Record) -> str:
    skipped = record["kind"] == "skipped"
    fate = _("passed over") if skipped else str(SpoiledNumber.Kind(record["kind"]).label)
    return joined(fate, record["reason"], record["person"])


def _name(record: Record) -> str:
    english = record["name_en"] if get_language() == "en" else ""
    return f"{record['code']} {english or record['name_th']}"


def _reconciled(record: Record) -> str:
    if record["day"] is None:
        return _("never reconciled")
    return _("last reconciled to %(day)s") % {"day": format_date(record["day"], "short")}


def _explained(record: Record) -> str:
    kept: list[dict[str, Any]] = [item for item in shown_checklist(json.loads(record["kept"])) if item["is_explained"]]
    return joined(*(f"{item['name']}: {item['note']}" for item in kept), record["person"])


def _level(code: str) -> str:
    return str(Controls(code).label) if code in Controls else code


def _level_change(record: Record) -> str:
    change = _("from “%(was)s” to “%(became)s”")
    levels = {"was": _level(record["was"]), "became": _level(record["became"])}
    return joined(change % levels, record["resolution"], record["person"])


UNDONE = (
    Sort(
        "void-receipts",
        gettext_lazy("Receipts made void"),
        gettext_lazy("The number stays, the entry is reversed."),
        receipt_words,
        _undone,
        receipt_address,
        VOID_RECEIPTS,
    ),
    Sort(
        "void-vouchers",
        gettext_lazy("Payment vouchers made void"),
        gettext_lazy("Payments taken back, and costs that were written wrongly."),
        voucher_words,
        _undone,
        voucher_address,
        VOID_VOUCHERS,
    ),
    Sort(
        "reversals",
        gettext_lazy("Entries reversed without a paper"),
        gettext_lazy("Transfers and the like that were answered by their mirror image."),
        entry_words,
        _reversal,
        entry_address,
        REVERSALS,
    ),
)

LATE = (
    Sort(
        "late-entries",
        gettext_lazy("Entries written more than 30 days after their day"),
        gettext_lazy("Compare the day with its paper."),
        entry_words,
        _written,
        entry_address,
        LATE_ENTRIES,
    ),
    Sort(
        "ended-months",
        gettext_lazy("Entries written into a month that had ended"),
        gettext_lazy("Within 30 days; they change what the month's list said before."),
        entry_words,
        _written,
        entry_address,
        ENDED_MONTHS,
    ),
)

MISSING = (
    Sort(
        "gaps",
        gettext_lazy("Numbers that no paper bears"),
        gettext_lazy("Receipts, vouchers, claims and sheets are numbered without gaps; a void keeps its number."),
        _missing_number,
        lambda _record: _("missing"),
        lambda _record: "",
        GAPS,
        has_baht=False,
    ),
    Sort(
        "book-gaps",
        gettext_lazy("Numbers of paper receipt books lost or passed over"),
        gettext_lazy("Ask for the book, and look at both copies."),
        _book_number,
        _book_fate,
        lambda record: reverse("contributions:receipt_book", args=[record["book_id"]]),
        BOOK_GAPS,
        has_baht=False,
    ),
    Sort(
        "unreconciled",
        gettext_lazy("Bank accounts not reconciled for 45 days"),
        gettext_lazy("What the books say the account holds, without a passbook behind it."),
        _name,
        _reconciled,
        lambda record: reverse("ledger:passbook", args=[record["code"]]),
        UNRECONCILED,
    ),
)

CONTROL = (
    Sort(
        "explained",
        gettext_lazy("Months closed with a word in place of a check"),
        gettext_lazy("What was not in order when the month was closed, and why."),
        lambda record: format_month(record["day"]),
        _explained,
        lambda record: reverse("ledger:closing_month", args=[f"{record['day']:%Y-%m}"]),
        EXPLAINED,
        has_baht=False,
    ),
    Sort(
        "controls",
        gettext_lazy("Changes of the level of controls"),
        gettext_lazy("How many hands a baht passes through is set by a resolution."),
        lambda _record: _("Level of controls"),
        _level_change,
        lambda _record: "",
        CONTROLS,
        has_baht=False,
    ),
)

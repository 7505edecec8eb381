"""Exceptions of cash: with collectors, on its way, in the box, over or short; slips and papers of costs missing."""

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import format_date
from contributions.closing_checks import COST
from reports.audit.books_sorts import HELD
from reports.audit.rows import (
    Record,
    Sort,
    delivery_address,
    delivery_words,
    entry_address,
    entry_words,
    joined,
    sheet_address,
    sheet_words,
    voucher_address,
    voucher_words,
)
from welfare.deliveries import DELIVERY_PAPERS

# What was booked by a sheet.
BOOKED = """
    (SELECT sheet_id, receipt_id, paid_on, amount FROM contributions_duespayment
      UNION ALL SELECT sheet_id, receipt_id, paid_on, amount FROM contributions_entryfee)
"""

# Of a sheet, what lay with its collector for more than so many days before it was accepted, or lies there still. Of a
# receipt that was made void while the sheet was out there was no money, or it went back.
COLLECTOR_CASH = f"""
    SELECT s.oldest AS day, s.baht, s.number, s.year_be, s.state, s.until, s.until - s.oldest AS days,
           u.display_name AS person
      FROM (SELECT c.*, p.until, min(l.paid_on) AS oldest,
                   sum(l.baht) FILTER (WHERE l.paid_on < p.until - %(cash_days)s::int) AS baht
              FROM contributions_collectionsheet c
              CROSS JOIN LATERAL (SELECT least(coalesce(c.accepted_on, %(last)s), %(last)s) AS until) p
              JOIN LATERAL (
                  SELECT n.paid_on, n.amount + n.entry_fee AS baht FROM contributions_collectionline n
                   WHERE n.sheet_id = c.id AND c.state = 'draft'
                   UNION ALL
                  SELECT b.paid_on, b.amount FROM {BOOKED} b
                   WHERE b.sheet_id = c.id AND NOT EXISTS (
                         SELECT 1 FROM ledger_receiptvoid v
                          WHERE v.receipt_id = b.receipt_id AND v.voided_on <= p.until
                            AND (c.acceptance_entry_id IS NULL OR v.reversal_id < c.acceptance_entry_id))
                   ) l ON l.paid_on <= %(last)s
             WHERE coalesce(c.accepted_on, %(last)s) >= %(first)s
             GROUP BY c.id, p.until) s
      JOIN office_user u ON u.id = s.collector_id
     WHERE s.baht > 0
"""  # noqa: S608 - our own words

# What a collector holds by the books and on no sheet that was handed in: she had it when the books were opened.
BROUGHT_CASH = f"""
    SELECT o.cutover_on AS day, x.held - x.handed_in AS baht, x.number, x.code, x.name_th, x.name_en
      FROM (SELECT {HELD} AS held, a.id AS number, a.code, a.name_th, a.name_en,
                   coalesce((SELECT sum(b.amount) FROM contributions_collectionsheet s
                               JOIN {BOOKED} b ON b.sheet_id = s.id
                              WHERE s.collector_id = a.holder_id AND s.submitted_on <= %(last)s
                                AND coalesce(s.accepted_on, %(last)s::date + 1) > %(last)s
                                AND NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.receipt_id = b.receipt_id
                                                   AND v.voided_on <= %(last)s)), 0) AS handed_in
              FROM ledger_account a WHERE a.role = 'collector') x
      JOIN ledger_opening o ON o.locked_at IS NOT NULL AND o.cutover_on < %(last)s::date - %(cash_days)s::int
     WHERE x.held > x.handed_in
"""  # noqa: S608 - our own words

ADVANCES = """
    SELECT d.handed_on AS day, sum(l.amount) AS baht, d.number, d.year_be, u.display_name AS person,
           count(*) AS claims, count(*) FILTER (WHERE s.settled_on IS NULL OR s.settled_on > %(last)s) AS still,
           max(least(coalesce(s.settled_on, %(last)s), %(last)s)) - d.handed_on AS days
      FROM welfare_delivery d
      JOIN welfare_deliveryline l ON l.delivery_id = d.id
      JOIN office_user u ON u.id = d.carrier_id
      LEFT JOIN welfare_deliverysettlement s ON s.id = l.settlement_id
     WHERE d.handed_on <= %(last)s AND coalesce(s.settled_on, %(last)s) >= %(first)s
       AND least(coalesce(s.settled_on, %(last)s), %(last)s) - d.handed_on > %(due_days)s
     GROUP BY d.id, u.display_name
"""

# First in, first out: what the box holds beyond all that came in during the last days.
BOX_CASH = f"""
    SELECT %(last)s::date AS day, x.held - x.lately AS baht, x.number, x.code, x.name_th, x.name_en, x.held
      FROM (SELECT {HELD} AS held, a.id AS number, a.code, a.name_th, a.name_en,
                   coalesce((SELECT sum(l.amount) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
                              WHERE l.debit_id = a.id AND e.date <= %(last)s
                                AND e.date >= %(last)s::date - %(cash_days)s::int), 0) AS lately
              FROM ledger_account a WHERE a.role = 'cash') x
     WHERE x.held > x.lately
"""  # noqa: S608 - our own words

DIFFERENCES = """
    SELECT e.date AS day, e.number, e.document_kind, e.document_number, coalesce(u.display_name, '') AS person,
           CASE WHEN c.role = 'cash-over-short' THEN l.amount ELSE -l.amount END AS baht,
           coalesce(s.difference_reason, '') AS reason
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_account d ON d.id = l.debit_id
      JOIN ledger_account c ON c.id = l.credit_id
      LEFT JOIN contributions_collectionsheet s ON s.acceptance_entry_id = e.id
      LEFT JOIN office_user u ON u.id = coalesce(s.collector_id, e.posted_by_id)
     WHERE 'cash-over-short' IN (d.role, c.role) AND e.kind <> 'closing'
       AND e.date BETWEEN %(first)s AND %(last)s
"""

# A delivery whose money was paid out and whose signed slips nobody photographed; a count nobody agreed to.
SLIPS = f"""
    SELECT max(t.settled_on) AS day, sum(l.amount) AS baht, d.number, d.year_be, 'delivery' AS what,
           u.display_name AS person
      FROM welfare_deliverysettlement t
      JOIN welfare_deliveryline l ON l.settlement_id = t.id AND l.outcome = 'delivered'
      JOIN welfare_delivery d ON d.id = t.delivery_id
      JOIN office_user u ON u.id = d.carrier_id
     WHERE t.settled_on BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT 1 FROM office_attachment a
                        WHERE a.owner_kind = '{DELIVERY_PAPERS}' AND a.owner_id = d.id)
     GROUP BY d.id, u.display_name
     UNION ALL
    SELECT s.submitted_on, s.counted, s.number, s.year_be, 'sheet', u.display_name
      FROM contributions_collectionsheet s JOIN office_user u ON u.id = s.collector_id
     WHERE s.state = 'counted' AND s.submitted_on BETWEEN %(first)s AND %(last)s
"""  # noqa: S608 - our own words

COST_PAPERS = f"""
    SELECT c.paid_on AS day, c.amount AS baht, v.number, v.year_be, a.code, a.name_th, a.name_en
      FROM contributions_runningcost c
      JOIN ledger_paymentvoucher v ON v.id = c.voucher_id
      JOIN ledger_account a ON a.id = c.cost_account_id
     WHERE c.paid_on BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid x WHERE x.voucher_id = v.id)
       AND NOT EXISTS (SELECT 1 FROM office_attachment f WHERE f.owner_kind = '{COST}' AND f.owner_id = c.id)
"""  # noqa: S608 - our own words


def _account(record: Record) -> str:
    english = record["name_en"] if get_language() == "en" else ""
    return f"{record['code']} {english or record['name_th']}"


def _lay(record: Record) -> str:
    if record["state"] == "accepted":
        said = _("%(days)s days with the collector, taken in on %(day)s")
    else:
        said = _("%(days)s days with the collector by %(day)s, not taken in")
    days = {"days": record["days"], "day": format_date(record["until"], "short")}
    return joined(said % days, record["person"])


def _carried(record: Record) -> str:
    said = _("%(days)s days on its way for %(claims)s claims, %(still)s of them still open")
    return joined(said % {name: record[name] for name in ("days", "claims", "still")}, record["person"])


def _difference(record: Record) -> str:
    which = _("over") if record["baht"] > 0 else _("short")
    number = sheet_number(record) if record["document_kind"] == "sheet" else record["document_number"]
    return joined(which, number, record["reason"], record["person"])


def sheet_number(record: Record) -> str:
    return f"{_('Sheet')} {record['document_number']}"


def _no_slip(record: Record) -> str:
    is_delivery = record["what"] == "delivery"
    missing = _("no photograph of the signed slips") if is_delivery else _("the collector has not agreed to the count")
    return joined(missing, record["person"])


CASH = (
    Sort(
        "collector-cash",
        gettext_lazy("Cash with a collector for more than 7 days"),
        gettext_lazy("What was taken at a door and reached the treasurer later, or is still out on the last day."),
        sheet_words,
        _lay,
        sheet_address,
        COLLECTOR_CASH,
    ),
    Sort(
        "brought-cash",
        gettext_lazy("Cash from before the books still with a collector"),
        gettext_lazy("She held it on the cut-over day, and it stands on no sheet."),
        _account,
        lambda record: _("since %(day)s") % {"day": format_date(record["day"], "short")},
        lambda record: reverse("ledger:account", args=[record["code"]]),
        BROUGHT_CASH,
    ),
    Sort(
        "advances",
        gettext_lazy("Money on its way to receivers for too long"),
        gettext_lazy("Neither the signed slip nor the money was back within the days that the fund allows."),
        delivery_words,
        _carried,
        delivery_address,
        ADVANCES,
    ),
    Sort(
        "box-cash",
        gettext_lazy("Cash in the box for more than 7 days"),
        gettext_lazy("What the box holds beyond all that came in during the last 7 days."),
        _account,
        lambda _record: _("not banked"),
        lambda record: reverse("ledger:account", args=[record["code"]]),
        BOX_CASH,
    ),
    Sort(
        "differences",
        gettext_lazy("Counts that came to over or short"),
        gettext_lazy("Over above nought, short below."),
        entry_words,
        _difference,
        entry_address,
        DIFFERENCES,
    ),
)

SLIP_SORTS = (
    Sort(
        "slips",
        gettext_lazy("Signed slips missing"),
        gettext_lazy("Money paid out by a delivery, or counted at a hand-over, without the other side's mark here."),
        lambda record: delivery_words(record) if record["what"] == "delivery" else sheet_words(record),
        _no_slip,
        lambda record: delivery_address(record) if record["what"] == "delivery" else sheet_address(record),
        SLIPS,
    ),
    Sort(
        "cost-papers",
        gettext_lazy("Costs without a paper"),
        gettext_lazy("No photograph of the shop's receipt or of the signed certificate is kept here."),
        voucher_words,
        _account,
        voucher_address,
        COST_PAPERS,
    ),
)

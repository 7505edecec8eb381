"""Exceptions of money out: the same person twice, her own house, late claims, urgent grants, large sums, shares."""

import json
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import active_language
from contributions.administration import AdministrationLine, administration_line
from members.models import Fund, Member
from members.pairs import alike_pairs
from reports.audit.rows import (
    Record,
    Scope,
    Sort,
    claim_address,
    claim_words,
    delivery_address,
    delivery_words,
    joined,
    member_words,
    sheet_address,
    sheet_words,
    voucher_address,
    voucher_words,
)

# Decided in the span, or paid in it: the later of the two is its day.
CLAIMS = """
      FROM (SELECT c.*, coalesce(c.paid_on, c.decided_on) AS day FROM welfare_claim c
             WHERE c.state IN ('approved', 'paid')
               AND coalesce(c.paid_on, c.decided_on) BETWEEN %(first)s AND %(last)s) c
      JOIN members_member m ON m.id = c.member_id
"""

ONE_HAND = f"""
    SELECT c.day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member, a.display_name AS entered,
           d.display_name AS decided, coalesce(p.display_name, '') AS paid
      {CLAIMS}
      JOIN office_user a ON a.id = c.entered_by_id
      JOIN office_user d ON d.id = c.decided_by_id
      LEFT JOIN office_user p ON p.id = c.paid_by_id
     WHERE c.entered_by_id = c.decided_by_id OR c.paid_by_id IN (c.entered_by_id, c.decided_by_id)
"""

OWN_COUNTS = """
    SELECT s.accepted_on AS day, s.counted AS baht, s.number, s.year_be, 'sheet' AS what, u.display_name AS person
      FROM contributions_collectionsheet s JOIN office_user u ON u.id = s.collector_id
     WHERE s.accepted_by_id = s.collector_id AND s.accepted_on BETWEEN %(first)s AND %(last)s
     UNION ALL
    SELECT t.settled_on, (SELECT sum(l.amount) FROM welfare_deliveryline l WHERE l.settlement_id = t.id),
           d.number, d.year_be, 'delivery', u.display_name
      FROM welfare_deliverysettlement t
      JOIN welfare_delivery d ON d.id = t.delivery_id
      JOIN office_user u ON u.id = d.carrier_id
     WHERE t.settled_by_id = d.carrier_id AND t.settled_on BETWEEN %(first)s AND %(last)s
"""

# One voucher may pay a receiver for several claims; two vouchers of one day are two payments.
TWICE_A_DAY = """
    SELECT x.* FROM (
        SELECT p.*, count(*) OVER (PARTITION BY p.day, p.receiver) AS times FROM (
            SELECT v.date AS day, v.number, v.year_be, c.recipient_name AS receiver, min(m.number) AS member,
                   sum(c.amount_approved) AS baht
              FROM ledger_paymentvoucher v
              JOIN welfare_claim c ON c.voucher_id = v.id AND c.state = 'paid'
              JOIN members_member m ON m.id = c.member_id
             WHERE v.date BETWEEN %(first)s AND %(last)s
             GROUP BY v.id, c.recipient_name
             UNION ALL
            SELECT v.date, v.number, v.year_be, v.party_name, NULL, v.total
              FROM ledger_paymentvoucher v
             WHERE v.date BETWEEN %(first)s AND %(last)s
               AND NOT EXISTS (SELECT 1 FROM welfare_claim c WHERE c.voucher_id = v.id)
               AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid x WHERE x.voucher_id = v.id)) p) x
     WHERE x.times > 1
"""

LATE_CLAIMS = """
    SELECT c.decided_on AS day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member, c.decision_reason,
           jsonb_path_query_first(c.assessment, '$.steps[*] ? (@.code == "late").figures.late') AS late
      FROM welfare_claim c JOIN members_member m ON m.id = c.member_id
     WHERE c.state IN ('approved', 'paid') AND c.decided_on BETWEEN %(first)s AND %(last)s
       AND c.assessment @> '{"steps": [{"code": "late"}]}'
"""

# As the database's guards judge it: herself or her household, under whichever of her numbers.
OWN_HOUSE = f"""
    SELECT c.day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member, own.person
      {CLAIMS}
      CROSS JOIN LATERAL (
          SELECT string_agg(DISTINCT u.display_name, ', ') AS person
            FROM members_member mine
            JOIN office_user u ON u.id = mine.user_id
            JOIN members_member me ON me.id IN (mine.id, mine.merged_into_id)
            JOIN members_member she ON she.id IN (m.id, m.merged_into_id)
           WHERE mine.user_id IN (c.entered_by_id, c.verified_by_id, c.decided_by_id, c.paid_by_id)
             AND (me.id = she.id OR me.household_id IN (she.household_id, c.household_id))) own
     WHERE own.person IS NOT NULL
"""  # noqa: S608 - our own words

RELATIVES = f"""
    SELECT c.day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member,
           c.recipient_relative_of AS at_entry, c.decision_relative_of AS at_decision
      {CLAIMS}
     WHERE c.recipient_relative_of <> '' OR c.decision_relative_of <> ''
"""

URGENT = """
    SELECT c.decided_on AS day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member, g.is_ratified,
           g.ratified_reason
      FROM welfare_urgentgrant g
      JOIN welfare_claim c ON c.id = g.claim_id AND c.urgent
      JOIN members_member m ON m.id = c.member_id
     WHERE g.is_ratified IS NOT TRUE AND c.decided_on BETWEEN %(first)s AND %(last)s
"""

OVER_LIMIT = f"""
    SELECT c.day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member, 'claim' AS what,
           d.display_name AS person
      {CLAIMS}
      JOIN office_user d ON d.id = c.decided_by_id
     WHERE c.amount_approved > %(ceiling)s AND NOT c.urgent
       AND 2 > (SELECT count(DISTINCT a.approved_by_id) FROM welfare_claimapproval a
                 WHERE a.claim_id = c.id AND a.submitted_at = c.submitted_at)
     UNION ALL
    SELECT v.date, v.total, v.number, v.year_be, NULL, 'voucher', v.issued_by_name
      FROM contributions_runningcost r JOIN ledger_paymentvoucher v ON v.id = r.voucher_id
     WHERE v.total > %(ceiling)s AND v.resolution_label = '' AND v.date BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid x WHERE x.voucher_id = v.id)
"""  # noqa: S608 - our own words

# What a rule leaves to the committee, beside late papers and sums that it sets anyway; the step says why.
JUDGED = f"""
    SELECT x.* FROM (
        SELECT c.day, c.amount_approved AS baht, c.number, c.year_be, m.number AS member, c.decision_reason,
               jsonb_path_query_array(c.assessment, '$.steps[*] ? (@.code == "suspended_committee"
                   || @.code == "no_beneficiary" || @.code == "household_same_day")') AS steps
          {CLAIMS}) x
     WHERE jsonb_array_length(x.steps) > 0
"""  # noqa: S608 - our own words


def doubles(_scope: Scope) -> Sequence[Record]:
    """Members of today's register who look like one person and were not settled, whatever the span."""
    pairs = alike_pairs()
    keys = {key for pair in pairs for key in (pair.first, pair.second)}
    numbers = dict(Member.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [
        {"day": None, "baht": None, "number": numbers[pair.first], "other": numbers[pair.second], "why": pair.why}
        for pair in pairs
    ]


def administration(scope: Scope) -> Sequence[Record]:
    """The fund year of the span's last day, where running the fund cost more than its share."""
    line = administration_line(scope.span.reaches, Fund.objects.get(), today=scope.span.reaches)
    over = {"day": line.span.reaches, "baht": line.spent - line.allowed, "number": line.span.year_be, "line": line}
    return [over] if line.is_beyond else []


def _beyond(record: Record) -> str:
    line: AdministrationLine = record["line"]
    said = _("%(spent)s baht spent, %(allowed)s allowed (%(percent)s percent)")
    facts = {"spent": format_baht(line.spent), "allowed": format_baht(line.allowed), "percent": line.percent}
    return said % facts


def _hands(record: Record) -> str:
    words = {
        "entered": _("entered by %(name)s"),
        "decided": _("decided by %(name)s"),
        "paid": _("paid by %(name)s"),
    }
    hands = (said % {"name": record[name]} for name, said in words.items() if record[name])
    return joined(member_words(record["member"]), *hands)


def _own_count(record: Record) -> str:
    if record["what"] == "sheet":
        return _("%(name)s counted her own collection") % {"name": record["person"]}
    return _("%(name)s took in what she had carried herself") % {"name": record["person"]}


def _is_sheet(record: Record) -> bool:
    return bool(record["what"] == "sheet")


def _twice(record: Record) -> str:
    times = _("%(times)s payments to one receiver on this day") % {"times": record["times"]}
    return joined(member_words(record["member"]) or record["receiver"], times)


def _late(record: Record) -> str:
    days = _("papers %(days)s days after the last day") % {"days": record["late"]}
    return joined(member_words(record["member"]), days, record["decision_reason"])


def _own(record: Record) -> str:
    return joined(member_words(record["member"]), _("house of %(name)s") % {"name": record["person"]})


def _relative(record: Record) -> str:
    names = dict.fromkeys(filter(None, (record["at_entry"], record["at_decision"])))
    said = _("relative of %(name)s") % {"name": ", ".join(names)}
    return joined(member_words(record["member"]), said)


def _ratified(record: Record) -> str:
    said = _("no meeting has ratified it yet") if record["is_ratified"] is None else _("the meeting did not ratify it")
    return joined(member_words(record["member"]), said, record["ratified_reason"])


def _large(record: Record) -> str:
    is_claim = record["what"] == "claim"
    said = _("one approval, written by %(name)s") if is_claim else _("without a resolution, paid by %(name)s")
    return joined(member_words(record["member"]), said % {"name": record["person"]})


def _judged(record: Record) -> str:
    language = active_language()
    steps = (step[language] for step in json.loads(record["steps"]))
    return joined(member_words(record["member"]), *steps, record["decision_reason"])


TWICE = (
    Sort(
        "one-hand",
        gettext_lazy("Claims that one person took two steps of"),
        gettext_lazy("Entered, decided, paid: at the level “small” one person may do more than one of them."),
        claim_words,
        _hands,
        claim_address,
        ONE_HAND,
    ),
    Sort(
        "own-counts",
        gettext_lazy("Money counted by the one who brought it"),
        gettext_lazy("A collector who took in her own sheet, a carrier who took back her own delivery."),
        lambda record: sheet_words(record) if _is_sheet(record) else delivery_words(record),
        _own_count,
        lambda record: sheet_address(record) if _is_sheet(record) else delivery_address(record),
        OWN_COUNTS,
    ),
    Sort(
        "twice-a-day",
        gettext_lazy("Receivers paid twice on one day"),
        gettext_lazy("Two vouchers to one name on one day; it may be two people of one name."),
        voucher_words,
        _twice,
        voucher_address,
        TWICE_A_DAY,
    ),
    Sort(
        "doubles",
        gettext_lazy("Members who may be in the register twice"),
        gettext_lazy("As the register stands today; a registrar settles them one by one."),
        lambda record: member_words(record["number"]),
        lambda record: joined(member_words(record["other"]), str(record["why"].label)),
        lambda record: reverse("welfare:member", args=[record["number"]]),
        look=doubles,
        has_baht=False,
    ),
)

WELFARE = (
    Sort(
        "late-claims",
        gettext_lazy("Late claims that were honoured"),
        gettext_lazy("The papers came after the regulation's last day; the committee said yes."),
        claim_words,
        _late,
        claim_address,
        LATE_CLAIMS,
    ),
    Sort(
        "own-house",
        gettext_lazy("Claims of the own household"),
        gettext_lazy("One of those who entered, checked, decided or paid lives in the claimant's house."),
        claim_words,
        _own,
        claim_address,
        OWN_HOUSE,
    ),
    Sort(
        "relatives",
        gettext_lazy("Receivers said to be a relative of the committee"),
        gettext_lazy("As ticked at the entry or at the decision."),
        claim_words,
        _relative,
        claim_address,
        RELATIVES,
    ),
    Sort(
        "urgent",
        gettext_lazy("Urgent grants that no meeting has ratified"),
        gettext_lazy("Chair and treasurer let them be paid ahead of the meeting."),
        claim_words,
        _ratified,
        claim_address,
        URGENT,
    ),
    Sort(
        "over-limit",
        gettext_lazy("Sums above the limit without a second approval"),
        gettext_lazy("Above the sum from which two approve: claims with one approval, costs without a resolution."),
        lambda record: claim_words(record) if record["what"] == "claim" else voucher_words(record),
        _large,
        lambda record: claim_address(record) if record["what"] == "claim" else voucher_address(record),
        OVER_LIMIT,
    ),
    Sort(
        "judged",
        gettext_lazy("Claims granted by the committee's judgement"),
        gettext_lazy("Rights were suspended, no beneficiary was named, or the house had a like claim on that day."),
        claim_words,
        _judged,
        claim_address,
        JUDGED,
    ),
    Sort(
        "administration",
        gettext_lazy("Running costs above their share"),
        gettext_lazy("The share of the year's income that the fund allows for running it."),
        lambda record: str(record["line"].span),
        _beyond,
        lambda record: f"{reverse('ledger:trial_balance')}?{record['line'].span.query}",
        look=administration,
    ),
)

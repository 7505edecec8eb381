"""Entries, their lines and the chain that seals them; kept sums; the locks on what is append-only."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bansong_fund.database_roles import APP
from ledger import chain
from ledger.checks.base import Problem, found, period, rows
from ledger.checks.sides import Side, agree, day
from ledger.privileges import append_only_models


def numbers_without_gaps() -> Iterator[Problem]:
    yield from found(
        "entry numbers",
        "SELECT count(*), max(number), min(number) FROM ledger_entry HAVING count(*) <> coalesce(max(number), 0)"
        " OR min(number) <> 1",
        _("{0} entries, but the numbers run from {2} to {1}"),
    )


def every_entry_has_lines() -> Iterator[Problem]:
    yield from found(
        "entries without lines",
        "SELECT number FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM ledger_line l WHERE l.entry_id = e.id)",
        _("entry {0} has no lines"),
    )
    yield from found(
        "amounts",
        "SELECT e.number, l.position, l.amount FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id"
        " WHERE l.amount <= 0 OR l.debit_id = l.credit_id",
        _("entry {0} line {1} is of {2}, or of one account alone"),
    )


# The text of docs/books.md, written a second time in another language: posting seals in Python, the proof reads here.
# A key that stands for nothing was never sealed as "?", nor a line as one of accounts that are not there.
LINES_SEALED = """
    SELECT l.entry_id,
           string_agg(concat_ws('|', l.position, d.code, c.code, l.amount, f.code,
                                CASE WHEN l.community_id IS NULL THEN '' ELSE coalesce(k.number::text, '?') END,
                                CASE WHEN l.member_id IS NULL THEN '' ELSE coalesce(m.number::text, '?') END,
                                coalesce(l.contributor_number::text, ''),
                                CASE WHEN l.reverses_id IS NULL THEN '' ELSE coalesce(o.named, '?') END)
                      || chr(10), '' ORDER BY l.position) AS text
      FROM ledger_line l
      JOIN ledger_account d ON d.id = l.debit_id
      JOIN ledger_account c ON c.id = l.credit_id
      JOIN ledger_restrictedfund f ON f.id = l.restricted_fund_id
      LEFT JOIN members_community k ON k.id = l.community_id
      LEFT JOIN members_member m ON m.id = l.member_id
      LEFT JOIN (SELECT y.id, e.number || ':' || y.position AS named
                   FROM ledger_line x JOIN ledger_line y ON y.id = x.reverses_id
                   JOIN ledger_entry e ON e.id = y.entry_id) o ON o.id = l.reverses_id
     GROUP BY 1
"""
SEALED_OTHERWISE = f"""
    SELECT e.number
      FROM (SELECT *, lag(chain_hash, 1, %(genesis)s) OVER (ORDER BY number) AS hash_before FROM ledger_entry) e
      LEFT JOIN ledger_entry r ON r.id = e.reverses_id
      LEFT JOIN ({LINES_SEALED}) l ON l.entry_id = e.id
     WHERE e.chain_hash <> encode(sha256(convert_to(
               %(version)s || chr(10) || e.hash_before || chr(10)
               || concat_ws('|', e.number, to_char(e.date, 'YYYY-MM-DD'), e.kind, e.document_kind, e.document_number,
                            CASE WHEN e.reverses_id IS NULL THEN '' ELSE coalesce(r.number::text, '?') END,
                            e.memo_digest)
               || chr(10) || coalesce(l.text, ''), 'UTF8')), 'hex')
     ORDER BY 1
"""
OTHER_HEAD = """
    SELECT h.number
      FROM ledger_ledgerhead h
     WHERE h.chain_hash <> coalesce((SELECT chain_hash FROM ledger_entry ORDER BY number DESC LIMIT 1), %(genesis)s)
"""


def chain_unbroken() -> Iterator[Problem]:
    """Seal every entry again, behind the stored hash of the one before, and compare."""
    known = {"genesis": chain.GENESIS_HASH, "version": f"ledger {chain.HASH_VERSION}"}
    yield from found("chain", SEALED_OTHERWISE, _("entry {0} is not what was sealed"), values=known)
    form = _("the head of the chain is not the hash of the last entry, {0}")
    yield from found("chain", OTHER_HEAD, form, values=known)


def memos_as_sealed() -> Iterator[Problem]:
    query = """
        SELECT e.number, e.memo_digest, m.salt, m.text
          FROM ledger_entrymemo m JOIN ledger_entry e ON e.id = m.entry_id
    """
    for number, digest, salt, text in rows(query):
        if chain.memo_digest(salt, text) != digest:
            yield Problem("memos", _("the memo of entry {0} is not what was sealed"), (number,))


# Lines are first brought together as they stand, by entry: the two sides of millions of lines are then few rows.
MOVED = """
    SELECT date_trunc('month', e.date)::date AS month, l.community_id, l.restricted_fund_id,
           e.kind = 'closing' AS is_closing, l.debit_id, l.credit_id, sum(l.baht) AS baht
      FROM (SELECT entry_id, community_id, restricted_fund_id, debit_id, credit_id, sum(amount) AS baht
              FROM ledger_line GROUP BY 1, 2, 3, 4, 5) l
      JOIN ledger_entry e ON e.id = l.entry_id
     GROUP BY 1, 2, 3, 4, 5, 6
"""
SUM_KEYS = ("account_id", day("month"), "restricted_fund_id", "is_closing::int")
COMMUNITY_SUMS_FROM_LINES = f"""
    WITH moved AS ({MOVED})
    SELECT month, x.account_id, community_id, restricted_fund_id, is_closing,
           sum(x.debit) AS debit, sum(x.credit) AS credit
      FROM moved
      CROSS JOIN LATERAL (VALUES (debit_id, baht, 0::numeric), (credit_id, 0::numeric, baht))
           AS x (account_id, debit, credit)
     GROUP BY 1, 2, 3, 4, 5
"""
SUMS_FROM_LINES = """
    SELECT month, account_id, restricted_fund_id, is_closing, sum(debit) AS debit, sum(credit) AS credit
      FROM from_lines GROUP BY 1, 2, 3, 4
"""


KEPT_SUMS = f"""
    WITH from_lines AS MATERIALIZED ({COMMUNITY_SUMS_FROM_LINES})
    SELECT a.code, coalesce(s.month, r.month), 'all', s.debit, s.credit, r.debit, r.credit
      FROM ({SUMS_FROM_LINES}) r
      FULL JOIN ledger_ledgersum s
        ON (s.month, s.account_id, s.restricted_fund_id, s.is_closing)
         = (r.month, r.account_id, r.restricted_fund_id, r.is_closing)
      JOIN ledger_account a ON a.id = coalesce(s.account_id, r.account_id)
     WHERE (coalesce(s.debit, 0), coalesce(s.credit, 0)) <> (coalesce(r.debit, 0), coalesce(r.credit, 0))
    UNION ALL
    SELECT a.code, coalesce(s.month, r.month), coalesce(c.number::text, '?'),
           s.debit, s.credit, r.debit, r.credit
      FROM (SELECT * FROM from_lines WHERE community_id IS NOT NULL) r
      FULL JOIN ledger_communitysum s
        ON (s.month, s.account_id, s.community_id, s.restricted_fund_id, s.is_closing)
         = (r.month, r.account_id, r.community_id, r.restricted_fund_id, r.is_closing)
      JOIN ledger_account a ON a.id = coalesce(s.account_id, r.account_id)
      LEFT JOIN members_community c ON c.id = coalesce(s.community_id, r.community_id)
     WHERE (coalesce(s.debit, 0), coalesce(s.credit, 0)) <> (coalesce(r.debit, 0), coalesce(r.credit, 0))
     ORDER BY 1, 2, 3
"""


# Each line moves four sums: of its debit and of its credit account, in all communities and in its own.
MOVED_SUMS = f"""
    ({MOVED}) m CROSS JOIN LATERAL (VALUES (1, debit_id, -1), (2, credit_id, -1),
                                           (1, debit_id, community_id), (2, credit_id, community_id))
        AS x (side, account_id, place)
     WHERE place IS NOT NULL
"""


def _kept_sides() -> Iterator[Side]:
    for table, place in (("ledger_ledgersum", "-1"), ("ledger_communitysum", "community_id")):
        for side, column in (("1", "debit"), ("2", "credit")):
            yield Side(table, (side, place, *SUM_KEYS), column)


def kept_sums_equal_the_lines() -> Iterator[Problem]:
    if agree([Side(MOVED_SUMS, ("side", "place", *SUM_KEYS), "baht")], _kept_sides()):
        return
    form = _("account {0}, {1}, {2}: kept {3} / {4}, lines {5} / {6}")
    yield from found("kept sums", KEPT_SUMS, form, {1: period, 2: _place})


def _place(number: str) -> Any:
    return _("all communities") if number == "all" else format_lazy(_("community {0}"), number)


def reversals_mirror() -> Iterator[Problem]:
    yield from found(
        "reversals",
        "SELECT e.number, l.position FROM ledger_line l JOIN ledger_line o ON o.id = l.reverses_id"
        " JOIN ledger_entry e ON e.id = l.entry_id"
        " WHERE l.amount <> o.amount OR l.debit_id <> o.credit_id OR l.credit_id <> o.debit_id",
        _("entry {0} line {1} is not the mirror of the line it reverses"),
    )


# A whole entry is answered, line for line; the papers' own voids answer the lines of one paper.
REVERSALS_ASKED = """
    SELECT e.number, o.number
      FROM ledger_entry e
      JOIN ledger_entry o ON o.id = e.reverses_id
     WHERE EXISTS (SELECT 1 FROM ledger_line l JOIN ledger_line m ON m.id = l.reverses_id
                    WHERE l.entry_id = e.id AND m.entry_id <> o.id)
        OR (SELECT count(*) FROM ledger_line l WHERE l.entry_id = e.id AND l.reverses_id IS NULL) > 0
        OR NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.reversal_id = e.id)
           AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid v WHERE v.reversal_id = e.id)
           AND (o.document_kind IN ('receipt', 'voucher', 'sheet', 'fund-transfer') AND o.kind <> 'transfer'
                OR o.kind IN ('opening', 'closing', 'reversal')
                OR (SELECT count(*) FROM ledger_line l WHERE l.entry_id = e.id)
                   <> (SELECT count(*) FROM ledger_line l WHERE l.entry_id = o.id))
     ORDER BY 1
"""
REQUESTS_ANSWERED = """
    SELECT q.id, e.number
      FROM ledger_reversalrequest q JOIN ledger_entry e ON e.id = q.entry_id
     WHERE e.kind IN ('opening', 'closing', 'reversal')
        OR e.document_kind IN ('receipt', 'voucher', 'sheet', 'fund-transfer')
     ORDER BY 2
"""

# Whoever was asked for confirmed, at every level of controls: lowering it answers no request.
NOT_CONFIRMED = """
    SELECT e.number, q.id
      FROM ledger_reversalrequest q
      JOIN ledger_entry e ON e.reverses_id = q.entry_id
      LEFT JOIN ledger_reversalconfirmation c ON c.request_id = q.id
     WHERE c.reversal_id IS DISTINCT FROM e.id OR c.confirmed_by_id = q.asked_by_id
     ORDER BY 1
"""


def reversals_are_asked_for() -> Iterator[Problem]:
    """A reversal is that of a void paper, or answers the whole of an entry that no paper owns."""
    yield from found("reversals", REVERSALS_ASKED, _("entry {0} reverses entry {1} without a void or in part"))
    yield from found(
        "reversal requests", REQUESTS_ANSWERED, _("request {0} asks to reverse entry {1}, which a paper owns")
    )
    yield from found("reversals", NOT_CONFIRMED, _("entry {0}: no second person confirmed what request {1} asked for"))


def fingerprints_stand() -> Iterator[Problem]:
    yield from found(
        "printed fingerprints",
        "SELECT e.number, f.paper FROM ledger_fingerprint f JOIN ledger_entry e ON e.id = f.entry_id"
        " WHERE f.chain_hash <> e.chain_hash ORDER BY 1",
        _("entry {0}: the fingerprint printed on the paper “{1}” is not in the chain any more"),
        {1: _paper},
    )


def _paper(name: str) -> Any:
    """A closing by its period; the other papers are files, named as they were saved."""
    kind, _space, text = name.partition(" ")
    return format_lazy(_("closing of {0}"), period(text)) if kind == "closing" else name


LOCKS = """
    SELECT c.relname,
           has_table_privilege(%s, c.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege(%s, c.oid, 'UPDATE'),
           (SELECT count(*) FROM pg_trigger t
             WHERE t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A') AND t.tgname LIKE 'pgtrigger_append_only%%')
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)
     ORDER BY 1
"""


def append_only_in_force() -> Iterator[Problem]:
    """Facts refuse changes: `fund_app` has no right to them, and both triggers stand (histories have the first)."""
    guarded = {model._meta.db_table: hasattr(model, "append_only") for model in append_only_models()}
    for table, may_change, triggers in rows(LOCKS, [APP, APP, list(guarded)]):
        if may_change:
            yield Problem("append-only", _("{0}: {1} has a right to change or delete its rows"), (table, APP))
        if guarded[table] and triggers != 2:
            yield Problem("append-only", _("{0}: {1} of 2 triggers are in force"), (table, triggers))

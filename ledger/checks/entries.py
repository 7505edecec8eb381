"""Entries, their lines and the chain that seals them; kept sums; the locks on what is append-only."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bansong_fund.database_roles import APP
from ledger import chain
from ledger.checks.base import Problem, found, period, rows
from ledger.models import LedgerHead
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


CHAIN_ENTRIES = """
    SELECT e.number, e.date, e.kind, e.document_kind, e.document_number, coalesce(r.number::text, ''), e.memo_digest,
           e.chain_hash
      FROM ledger_entry e LEFT JOIN ledger_entry r ON r.id = e.reverses_id
     ORDER BY e.number
"""
CHAIN_LINES = """
    SELECT e.number, l.position, l.debit_id, l.credit_id, l.amount::text, l.restricted_fund_id, l.community_id,
           l.member_id, l.contributor_number, l.reverses_id
      FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
     ORDER BY e.number, l.position
"""
LINES_REVERSED = """
    SELECT o.id, e.number || ':' || o.position
      FROM ledger_line l JOIN ledger_line o ON o.id = l.reverses_id JOIN ledger_entry e ON e.id = o.entry_id
"""


def chain_unbroken() -> Iterator[Problem]:
    """Seal every entry again, behind the stored hash of the one before, and compare."""
    previous = chain.GENESIS_HASH
    with connection.chunked_cursor() as entries, connection.chunked_cursor() as lines:
        entries.execute(CHAIN_ENTRIES)
        lines.execute(CHAIN_LINES)
        lines_of = _texts_of_lines(in_chunks(lines))
        number_of_lines, of_lines = next(lines_of, (0, []))
        for *facts, stored in in_chunks(entries):
            entry = chain.SealedEntry(*facts)
            sealed: list[str] = []
            if number_of_lines == entry.number:
                sealed = of_lines
                number_of_lines, of_lines = next(lines_of, (0, []))
            if chain.hash_of_texts(previous, entry, sealed) != stored:
                yield Problem("chain", _("entry {0} is not what was sealed"), (entry.number,))
            previous = stored
    head = LedgerHead.objects.first()
    if head and head.chain_hash != previous:
        yield Problem("chain", _("the head of the chain is not the hash of the last entry, {0}"), (head.number,))


def _texts_of_lines(lines: Iterator[tuple]) -> Iterator[tuple[int, list[str]]]:
    """The texts of each entry's lines by its number. What a key stands for is looked up here: joins for each of
    millions of lines cost the server three times as much. A key that stands for nothing was never sealed as "?"."""
    accounts, funds = _told("ledger_account", "code"), _told("ledger_restrictedfund", "code")
    communities, members = _told("members_community", "number"), _told("members_member", "number")
    reversed_lines = dict(rows(LINES_REVERSED))
    communities[None] = members[None] = reversed_lines[None] = ""
    for number, group in groupby(lines, key=itemgetter(0)):
        yield (
            number,
            [
                chain.line_text(
                    position,
                    accounts.get(debit, "?"),
                    accounts.get(credit, "?"),
                    amount,
                    funds.get(fund, "?"),
                    communities.get(community, "?"),
                    members.get(member, "?"),
                    "" if contributor is None else contributor,
                    reversed_lines.get(reverses, "?"),
                )
                for _number, position, debit, credit, amount, fund, community, member, contributor, reverses in group
            ],
        )


def _told(table: str, column: str) -> dict[int | None, Any]:
    return dict(rows(f"SELECT id, {column} FROM {table}"))


def in_chunks(cursor: Any) -> Iterator[tuple]:
    while chunk := cursor.fetchmany(5000):
        yield from chunk


def memos_as_sealed() -> Iterator[Problem]:
    query = """
        SELECT e.number, e.memo_digest, m.salt, m.text
          FROM ledger_entrymemo m JOIN ledger_entry e ON e.id = m.entry_id
    """
    for number, digest, salt, text in rows(query):
        if chain.memo_digest(salt, text) != digest:
            yield Problem("memos", _("the memo of entry {0} is not what was sealed"), (number,))


# Lines are first brought together as they stand, by entry: the two sides of millions of lines are then few rows.
COMMUNITY_SUMS_FROM_LINES = """
    WITH moved AS (
        SELECT date_trunc('month', e.date)::date AS month, l.community_id, l.restricted_fund_id,
               e.kind = 'closing' AS is_closing, l.debit_id, l.credit_id, sum(l.baht) AS baht
          FROM (SELECT entry_id, community_id, restricted_fund_id, debit_id, credit_id, sum(amount) AS baht
                  FROM ledger_line GROUP BY 1, 2, 3, 4, 5) l
          JOIN ledger_entry e ON e.id = l.entry_id
         GROUP BY 1, 2, 3, 4, 5, 6
    )
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


def kept_sums_equal_the_lines() -> Iterator[Problem]:
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

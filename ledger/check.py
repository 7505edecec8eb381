"""`check_ledger`: proves that the books are what they promise to be, and names the rows that are not.

Each check is a function that yields `Problem`s; the list `CHECKS` is the whole promise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from bansong_fund.database_roles import APP
from bansong_fund.lib.snapshots import one_moment
from ledger import chain
from ledger.models import LedgerHead
from ledger.privileges import append_only_models


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken promise: which check found it, and the rows it is about."""

    check: str
    rows: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check_ledger` found. `fingerprint` is the head of the chain as it is stored."""

    entries: int
    lines: int
    fingerprint: str
    last_number: int
    problems: tuple[Problem, ...]

    @property
    def clean(self) -> bool:
        return not self.problems


def check_ledger() -> Verdict:
    """Run every check on one snapshot of the books: what is posted meanwhile is in none of them."""
    with one_moment():
        head = LedgerHead.objects.first()
        problems = tuple(problem for check in CHECKS for problem in check())
        entries, lines = _rows("SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_line)")[0]
    return Verdict(
        entries, lines, head.chain_hash if head else chain.GENESIS_HASH, head.number if head else 0, problems
    )


def _rows(query: str, values: Sequence[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _found(check: str, query: str, form: str) -> Iterator[Problem]:
    for row in _rows(query):
        yield Problem(check, form.format(*row))


def numbers_without_gaps() -> Iterator[Problem]:
    yield from _found(
        "entry numbers",
        "SELECT count(*), max(number), min(number) FROM ledger_entry HAVING count(*) <> coalesce(max(number), 0)"
        " OR min(number) <> 1",
        "{0} entries, but the numbers run from {2} to {1}",
    )
    own_receipts = "(SELECT * FROM ledger_receipt WHERE book = '') own"  # a paper book's numbers were printed with it
    for table, name in ((own_receipts, "receipt"), ("ledger_paymentvoucher", "voucher")):
        yield from _found(
            f"{name} numbers",
            f"SELECT year_be, count(*), max(number), min(number) FROM {table} GROUP BY year_be"
            " HAVING count(*) <> max(number) OR min(number) <> 1 ORDER BY year_be",
            f"{name}s of {{0}}: {{1}} papers, but the numbers run from {{3}} to {{2}}",
        )
        yield from _found(
            f"{name} sequence",
            f"SELECT s.year_be, s.last, coalesce(max(d.number), 0) FROM ledger_documentsequence s"
            f" LEFT JOIN (SELECT * FROM {table}) d USING (year_be) WHERE s.series = '{name}' GROUP BY s.year_be, s.last"
            " HAVING s.last <> coalesce(max(d.number), 0) ORDER BY s.year_be",
            f"{name} sequence of {{0}} stands at {{1}}, the last paper is {{2}}",
        )


def every_entry_has_lines() -> Iterator[Problem]:
    yield from _found(
        "entries without lines",
        "SELECT number FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM ledger_line l WHERE l.entry_id = e.id)",
        "entry {0} has no lines",
    )
    yield from _found(
        "amounts",
        "SELECT e.number, l.position, l.amount FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id"
        " WHERE l.amount <= 0 OR l.debit_id = l.credit_id",
        "entry {0} line {1}: {2}",
    )


CHAIN_ROWS = """
    SELECT e.number, e.date, e.kind, e.document_kind, e.document_number, coalesce(r.number::text, ''), e.memo_digest,
           e.chain_hash, e.hash_version, l.position, d.code, c.code, l.amount, f.code,
           coalesce(m.number::text, ''), coalesce(p.number::text, ''), coalesce(l.contributor_number::text, ''),
           coalesce(re.number || ':' || rl.position, '')
      FROM ledger_entry e
      JOIN ledger_line l ON l.entry_id = e.id
      JOIN ledger_account d ON d.id = l.debit_id
      JOIN ledger_account c ON c.id = l.credit_id
      JOIN ledger_restrictedfund f ON f.id = l.restricted_fund_id
      LEFT JOIN ledger_entry r ON r.id = e.reverses_id
      LEFT JOIN members_community m ON m.id = l.community_id
      LEFT JOIN members_member p ON p.id = l.member_id
      LEFT JOIN ledger_line rl ON rl.id = l.reverses_id
      LEFT JOIN ledger_entry re ON re.id = rl.entry_id
     ORDER BY e.number, l.position
"""


def chain_unbroken() -> Iterator[Problem]:
    """Seal every entry again, behind the stored hash of the one before, and compare."""
    previous = chain.GENESIS_HASH
    with connection.chunked_cursor() as cursor:
        cursor.execute(CHAIN_ROWS)
        for _number, rows in groupby(_in_chunks(cursor), key=itemgetter(0)):
            lines = list(rows)
            stored = lines[0][7]
            if sealed_again(previous, lines) != stored:
                yield Problem("chain", f"entry {lines[0][0]} is not what was sealed")
            previous = stored
    head = LedgerHead.objects.first()
    if head and head.chain_hash != previous:
        yield Problem("chain", f"the head of the chain is not the hash of the last entry, {head.number}")


def _in_chunks(cursor: Any) -> Iterator[tuple]:
    while rows := cursor.fetchmany(5000):
        yield from rows


def sealed_again(previous: str, rows: list[tuple]) -> str:
    """The hash that these rows of one entry should have behind `previous`."""
    number, day, kind, document_kind, document_number, reversed_number, memo_digest = rows[0][:7]
    entry = chain.SealedEntry(number, day, kind, document_kind, document_number, reversed_number, memo_digest)
    return chain.chain_hash(previous, entry, [chain.SealedLine(*row[9:]) for row in rows])


def memos_as_sealed() -> Iterator[Problem]:
    query = """
        SELECT e.number, e.memo_digest, m.salt, m.text
          FROM ledger_entrymemo m JOIN ledger_entry e ON e.id = m.entry_id
    """
    for number, digest, salt, text in _rows(query):
        if chain.memo_digest(salt, text) != digest:
            yield Problem("memos", f"the memo of entry {number} is not what was sealed")


SUMS_FROM_LINES = """
    SELECT date_trunc('month', e.date)::date AS month, x.account_id, l.community_id, l.restricted_fund_id,
           e.kind = 'closing' AS is_closing, sum(x.debit) AS debit, sum(x.credit) AS credit
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount, 0::numeric), (l.credit_id, 0::numeric, l.amount))
           AS x (account_id, debit, credit)
     GROUP BY 1, 2, 3, 4, 5
"""


def kept_sums_equal_the_lines() -> Iterator[Problem]:
    yield from _found(
        "kept sums",
        f"""
        SELECT a.code, coalesce(s.month, r.month), s.debit, s.credit, r.debit, r.credit
          FROM ({SUMS_FROM_LINES}) r
          FULL JOIN ledger_ledgersum s
            ON (s.month, s.account_id, s.restricted_fund_id, s.is_closing)
             = (r.month, r.account_id, r.restricted_fund_id, r.is_closing)
           AND coalesce(s.community_id, 0) = coalesce(r.community_id, 0)
          JOIN ledger_account a ON a.id = coalesce(s.account_id, r.account_id)
         WHERE (coalesce(s.debit, 0), coalesce(s.credit, 0)) <> (coalesce(r.debit, 0), coalesce(r.credit, 0))
         ORDER BY 1, 2
        """,
        "account {0}, month {1}: kept {2} / {3}, lines {4} / {5}",
    )


def documents_tied_to_entries() -> Iterator[Problem]:
    for table, lines, owner, name in (
        ("ledger_receipt", "ledger_receiptline", "receipt_id", "receipt"),
        ("ledger_paymentvoucher", "ledger_paymentvoucherline", "voucher_id", "voucher"),
    ):
        yield from _found(
            f"{name}s",
            f"""
            SELECT d.year_be, d.number, d.total, sum(dl.amount), sum(l.amount)
              FROM {table} d
              LEFT JOIN {lines} dl ON dl.{owner} = d.id
              LEFT JOIN ledger_line l ON l.id = dl.line_id AND l.entry_id = d.entry_id
             GROUP BY d.id, d.year_be, d.number, d.total
            HAVING d.total IS DISTINCT FROM sum(dl.amount) OR d.total IS DISTINCT FROM sum(l.amount)
             ORDER BY 1, 2
            """,
            f"{name} {{0}}/{{1}}: total {{2}}, its lines {{3}}, their entry {{4}}",
        )


# What a posting says about its paper; a reversal names the paper of the entry that it answers.
PAPERS_NAMED = """
    SELECT e.number, e.document_kind, e.document_number
      FROM ledger_entry e
     WHERE e.document_kind = %s AND e.kind NOT IN ('reversal', 'transfer')
       AND NOT EXISTS (SELECT 1 FROM {table} d WHERE d.entry_id = e.id
                          AND d.year_be || '/' || lpad(d.number::text, 6, '0') = e.document_number)
     ORDER BY 1
"""
SHEETS_WITHOUT_RECEIPTS = """
    SELECT e.number, e.document_number, count(*)
      FROM ledger_entry e
      JOIN ledger_line l ON l.entry_id = e.id
     WHERE e.kind = 'collection' AND NOT EXISTS (SELECT 1 FROM ledger_receiptline r WHERE r.line_id = l.id)
     GROUP BY 1, 2 ORDER BY 1
"""


def entries_have_their_papers() -> Iterator[Problem]:
    """The other way round: no paper that an entry names is missing, the last of its year neither."""
    for table, kind in (("ledger_receipt", "receipt"), ("ledger_paymentvoucher", "voucher")):
        for number, named, paper in _rows(PAPERS_NAMED.format(table=table), [kind]):
            yield Problem(f"{kind}s", f"entry {number} names {named} {paper}, which is not there")
    yield from _found("receipts", SHEETS_WITHOUT_RECEIPTS, "entry {0}, sheet {1}: {2} lines have no receipt")


def voids_are_reversed() -> Iterator[Problem]:
    for table, lines, owner, name in (
        ("ledger_receiptvoid", "ledger_receiptline", "receipt_id", "receipt"),
        ("ledger_paymentvouchervoid", "ledger_paymentvoucherline", "voucher_id", "voucher"),
    ):
        yield from _found(
            f"void {name}s",
            f"""
            SELECT v.{owner}, count(*) FROM {table} v JOIN {lines} dl ON dl.{owner} = v.{owner}
              LEFT JOIN ledger_line r ON r.reverses_id = dl.line_id
             WHERE r.id IS NULL GROUP BY v.{owner}
            """,
            f"void {name} with key {{0}}: {{1}} lines are not reversed",
        )


def reversals_mirror() -> Iterator[Problem]:
    yield from _found(
        "reversals",
        "SELECT e.number, l.position FROM ledger_line l JOIN ledger_line o ON o.id = l.reverses_id"
        " JOIN ledger_entry e ON e.id = l.entry_id"
        " WHERE l.amount <> o.amount OR l.debit_id <> o.credit_id OR l.credit_id <> o.debit_id",
        "entry {0} line {1} is not the mirror of the line it reverses",
    )


def fingerprints_stand() -> Iterator[Problem]:
    yield from _found(
        "printed fingerprints",
        "SELECT e.number, f.paper FROM ledger_fingerprint f JOIN ledger_entry e ON e.id = f.entry_id"
        " WHERE f.chain_hash <> e.chain_hash ORDER BY 1",
        "entry {0}: the fingerprint printed on {1} is not in the chain any more",
    )


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
    for table, may_change, triggers in _rows(LOCKS, [APP, APP, list(guarded)]):
        if may_change:
            yield Problem("append-only", f"{table}: {APP} has a right to change or delete its rows")
        if guarded[table] and triggers != 2:
            yield Problem("append-only", f"{table}: {triggers} of 2 triggers are in force")


def closed_years_stay_closed() -> Iterator[Problem]:
    """No entry of a closed year came behind its closing, and the trigger that refuses one stands."""
    yield from _found(
        "closed years",
        "SELECT e.number, y.year_be FROM ledger_fiscalyear y JOIN ledger_entry c ON c.id = y.closing_entry_id"
        " JOIN ledger_entry e ON e.date BETWEEN y.starts_on AND y.ends_on AND e.number > c.number ORDER BY 1",
        "entry {0} was posted into the year {1} after it was closed",
    )
    yield from _found(
        "closed years",
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ledger_entry'::regclass AND tgenabled IN ('O', 'A')"
        " AND tgname LIKE 'pgtrigger_refuse_closed_period%' HAVING count(*) <> 1",
        "the trigger that refuses postings into a closed year is not in force",
    )


OPENING_AMOUNTS = """
    SELECT coalesce(b.code, e.code), coalesce(b.amount, 0), coalesce(e.amount, 0)
      FROM (SELECT a.code, b.restricted_fund_id AS fund, b.amount FROM ledger_openingbalance b
              JOIN ledger_opening o ON o.id = b.opening_id AND o.locked_at IS NOT NULL
              JOIN ledger_account a ON a.id = b.account_id WHERE b.amount > 0) b
      FULL JOIN (SELECT a.code, l.restricted_fund_id AS fund, l.amount FROM ledger_opening o
                   JOIN ledger_line l ON l.entry_id = o.entry_id
                   JOIN ledger_account a ON a.id = l.debit_id) e USING (code, fund)
     WHERE b.amount IS DISTINCT FROM e.amount ORDER BY 1
"""


def opening_as_it_was_signed() -> Iterator[Problem]:
    """The opening entry is what the locked page says, and nothing lies on the cut-over day or before it but it."""
    yield from _found("opening", OPENING_AMOUNTS, "account {0}: signed {1}, posted {2}")
    yield from _found(
        "opening",
        "SELECT e.number, o.cutover_on FROM ledger_opening o JOIN ledger_entry e ON e.date <= o.cutover_on"
        " AND e.id IS DISTINCT FROM o.entry_id WHERE o.locked_at IS NOT NULL ORDER BY 1",
        "entry {0} lies behind the cut-over of {1}",
    )


def counts_of_members() -> Iterator[Problem]:
    yield from _found(
        "member counts",
        """
        SELECT c.number, k.current, k.cumulative, count(s.id) FILTER (WHERE s.ended_on IS NULL), count(DISTINCT m.id)
          FROM members_community c
          LEFT JOIN members_membercount k ON k.community_id = c.id
          LEFT JOIN members_member m ON m.community_id = c.id AND m.merged_into_id IS NULL
          LEFT JOIN members_membership s ON s.member_id = m.id
         GROUP BY c.number, k.current, k.cumulative
        HAVING coalesce(k.current, 0) <> count(s.id) FILTER (WHERE s.ended_on IS NULL)
            OR coalesce(k.cumulative, 0) <> count(DISTINCT m.id)
         ORDER BY 1
        """,
        "community {0}: kept {1} current and {2} in all, the rows say {3} and {4}",
    )


def members_are_where_their_stays_say() -> Iterator[Problem]:
    yield from _found(
        "community stays",
        "SELECT m.number FROM members_member m LEFT JOIN members_communitystay s"
        " ON s.member_id = m.id AND s.until IS NULL WHERE s.community_id IS DISTINCT FROM m.community_id ORDER BY 1",
        "member no. {0}: the running stay is not in the community that the member's row names",
    )


CHECKS = (
    numbers_without_gaps,
    every_entry_has_lines,
    chain_unbroken,
    memos_as_sealed,
    kept_sums_equal_the_lines,
    documents_tied_to_entries,
    entries_have_their_papers,
    voids_are_reversed,
    reversals_mirror,
    fingerprints_stand,
    append_only_in_force,
    closed_years_stay_closed,
    opening_as_it_was_signed,
    counts_of_members,
    members_are_where_their_stays_say,
)

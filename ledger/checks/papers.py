"""Receipts, vouchers and paper books: their numbers, and that each is what its entry says."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.checks.base import Problem, found, in_words, merging, rows
from ledger.checks.sides import Side, agree

# Sentences about a receipt and about a voucher: whole ones, so that they can be said in another language.
NUMBERS_RUN = {
    "receipt": _("receipts of {0}: {1} papers, but the numbers run from {3} to {2}"),
    "voucher": _("vouchers of {0}: {1} papers, but the numbers run from {3} to {2}"),
}
SEQUENCE_STANDS = {
    "receipt": _("receipt sequence of {0} stands at {1}, the last paper is {2}"),
    "voucher": _("voucher sequence of {0} stands at {1}, the last paper is {2}"),
}
LINES_SAY = {
    "receipt": _("receipt {0}/{1}: total {2}, its lines {3}, their entry {4}"),
    "voucher": _("voucher {0}/{1}: total {2}, its lines {3}, their entry {4}"),
}
NOT_THERE = {
    "receipt": _("entry {0} names receipt {1}, which is not there"),
    "voucher": _("entry {0} names voucher {1}, which is not there"),
}
NOT_REVERSED = {
    "receipt": _("void receipt {0}/{1}: {2} lines are not reversed by the entry that it names"),
    "voucher": _("void voucher {0}/{1}: {2} lines are not reversed by the entry that it names"),
}
ONE_PERSON = {
    "receipt": _("void receipt {0}/{1}: the second person is the first one"),
    "voucher": _("void voucher {0}/{1}: the second person is the first one"),
}
DAY_OR_PLACE = _("{0} {1}/{2}: day or account is not that of its entry")
PAPERS = in_words({"receipt": _("receipt"), "voucher": _("voucher")})


def papers_without_gaps() -> Iterator[Problem]:
    own_receipts = "(SELECT * FROM ledger_receipt WHERE book = '') own"  # a paper book's numbers were printed with it
    for table, name in ((own_receipts, "receipt"), ("ledger_paymentvoucher", "voucher")):
        yield from found(
            f"{name} numbers",
            f"SELECT year_be, count(*), max(number), min(number) FROM {table} GROUP BY year_be"
            " HAVING count(*) <> max(number) OR min(number) <> 1 ORDER BY year_be",
            NUMBERS_RUN[name],
        )
        yield from found(
            f"{name} sequence",
            f"SELECT s.year_be, s.last, coalesce(max(d.number), 0) FROM ledger_documentsequence s"
            f" LEFT JOIN (SELECT * FROM {table}) d USING (year_be) WHERE s.series = '{name}' GROUP BY s.year_be, s.last"
            " HAVING s.last <> coalesce(max(d.number), 0) ORDER BY s.year_be",
            SEQUENCE_STANDS[name],
        )


# Tax that the bank kept is a line of the interest's receipt, and no money of the account.
TAX_WITHHELD = "(SELECT id FROM ledger_account WHERE role = 'tax-withheld')"
PAPERS_AND_LINES = (
    (
        "receipt",
        "ledger_receipt",
        "ledger_receiptline",
        "l.debit_id <> d.account_id AND l.debit_id NOT IN " + TAX_WITHHELD,
    ),
    ("voucher", "ledger_paymentvoucher", "ledger_paymentvoucherline", "l.credit_id <> d.account_id"),
)
# The lines of papers that are not what was posted: by the sum or the entry, or by the day or the account.
OTHER_LINES = """
    SELECT DISTINCT d.id, y.amount <> l.amount OR l.entry_id <> d.entry_id, d.date <> e.date OR {elsewhere}
      FROM {lines} y
      JOIN {table} d ON d.id = y.{name}_id
      JOIN ledger_line l ON l.id = y.line_id
      JOIN ledger_entry e ON e.id = d.entry_id
     WHERE y.amount <> l.amount OR l.entry_id <> d.entry_id OR d.date <> e.date OR {elsewhere}
"""
OTHER_TOTALS = """
    SELECT d.id FROM {table} d
      LEFT JOIN (SELECT {name}_id, sum(amount) AS baht FROM {lines} GROUP BY 1) y ON y.{name}_id = d.id
     WHERE d.total IS DISTINCT FROM y.baht
"""
SUMS_OF_PAPERS = """
    SELECT d.year_be, d.number, d.total, sum(y.amount), sum(l.amount)
      FROM {table} d
      LEFT JOIN {lines} y ON y.{name}_id = d.id
      LEFT JOIN ledger_line l ON l.id = y.line_id AND l.entry_id = d.entry_id
     WHERE d.id = ANY(%s)
     GROUP BY d.id ORDER BY 1, 2
"""


def papers_say_what_was_posted() -> Iterator[Problem]:
    """A paper and its lines come to its entry's; it has the entry's day, and the account that its money went through.

    All lines are looked at once, and only those that differ are added up.
    """
    for name, table, lines, elsewhere in PAPERS_AND_LINES:
        names = {"name": name, "table": table, "lines": lines, "elsewhere": elsewhere}
        with merging():
            differ = rows(OTHER_LINES.format(**names))
        sums = {key for key, other_sum, _elsewhere in differ if other_sum}
        if not agree([Side(table, ("id",), "total")], [Side(lines, (f"{name}_id",), "amount")]):
            sums.update(key for (key,) in rows(OTHER_TOTALS.format(**names)))
        for facts in rows(SUMS_OF_PAPERS.format(**names), [sorted(sums)]) if sums else ():
            yield Problem(f"{name}s", LINES_SAY[name], facts)
        places = sorted({key for key, _other_sum, is_elsewhere in differ if is_elsewhere})
        for facts in rows(f"SELECT year_be, number FROM {table} WHERE id = ANY(%s) ORDER BY 1, 2", [places]):
            yield Problem("papers", DAY_OR_PLACE, (PAPERS(name), *facts))


# What a posting says about its paper; a reversal names the paper of the entry that it answers.
PAPERS_NAMED = """
    SELECT e.number, e.document_kind, e.document_number
      FROM ledger_entry e
     WHERE e.document_kind = %s AND e.kind NOT IN ('reversal', 'transfer')
           -- counted entry by entry, by the index: as a join, millions of papers of other entries would be read
       AND (SELECT count(*) FROM {table} d
             WHERE d.entry_id = e.id AND d.year_be || '/' || lpad(d.number::text, 6, '0') = e.document_number) = 0
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
        for number, _named, paper in rows(PAPERS_NAMED.format(table=table), [kind]):
            yield Problem(f"{kind}s", NOT_THERE[kind], (number, paper))
    lines, receipts = (
        f"{table} WHERE entry_id IN (SELECT id FROM ledger_entry WHERE kind = 'collection')"
        for table in ("ledger_line", "ledger_receipt")
    )
    if not agree([Side(lines, ("entry_id",), "amount")], [Side(receipts, ("entry_id",), "total")]):
        yield from found("receipts", SHEETS_WITHOUT_RECEIPTS, _("entry {0}, sheet {1}: {2} lines have no receipt"))


def voids_are_reversed() -> Iterator[Problem]:
    for table, lines, owner, name, series in (
        (
            "ledger_receiptvoid",
            "ledger_receiptline",
            "receipt",
            "receipt",
            "coalesce(nullif(d.book, ''), d.year_be::text)",
        ),
        ("ledger_paymentvouchervoid", "ledger_paymentvoucherline", "voucher", "paymentvoucher", "d.year_be"),
    ):
        voids = f"{table} v JOIN ledger_{name} d ON d.id = v.{owner}_id"
        yield from found(
            f"void {owner}s",
            f"""
            SELECT {series}, d.number, count(*) FROM {voids} JOIN {lines} dl ON dl.{owner}_id = d.id
              LEFT JOIN ledger_line r ON r.reverses_id = dl.line_id
             WHERE r.entry_id IS DISTINCT FROM v.reversal_id GROUP BY 1, 2 ORDER BY 1, 2
            """,
            NOT_REVERSED[owner],
        )
        yield from found(
            f"void {owner}s",
            f"SELECT {series}, d.number FROM {voids} WHERE v.second_person_id = v.voided_by_id ORDER BY 1, 2",
            ONE_PERSON[owner],
        )


# A number out of a paper book: the book is known and has it, and it is not on a receipt and spoiled at once.
PAPER_NUMBERS = """
    SELECT r.book, r.number, 'not-in-book'
      FROM ledger_receipt r LEFT JOIN ledger_receiptbook b ON b.label = r.book
     WHERE r.book <> '' AND (r.number BETWEEN b.first_number AND b.last_number) IS NOT TRUE
    UNION ALL
    SELECT b.label, s.number, 'spoiled-not-in-book'
      FROM ledger_spoilednumber s JOIN ledger_receiptbook b ON b.id = s.book_id
     WHERE s.number NOT BETWEEN b.first_number AND b.last_number
    UNION ALL
    SELECT b.label, s.number, 'used-and-spoiled'
      FROM ledger_spoilednumber s JOIN ledger_receiptbook b ON b.id = s.book_id
      JOIN ledger_receipt r ON r.book = b.label AND r.number = s.number
     ORDER BY 1, 2
"""


OF_BOOK = _("no. {1} of book {0} {2}")
WRONG_NUMBERS = {
    "not-in-book": _("stands on a receipt, but the book has no such number"),
    "spoiled-not-in-book": _("is written down as spoiled, but the book has no such number"),
    "used-and-spoiled": _("stands on a receipt and is written down as spoiled"),
}


def paper_numbers_used_once() -> Iterator[Problem]:
    yield from found("paper books", PAPER_NUMBERS, OF_BOOK, {2: in_words(WRONG_NUMBERS)})


def copies_without_gaps() -> Iterator[Problem]:
    """The original is 0, then every copy one more."""
    yield from found(
        "copies",
        "SELECT r.year_be, r.number, count(*), max(c.number) FROM ledger_receiptcopy c"
        " JOIN ledger_receipt r ON r.id = c.receipt_id GROUP BY r.id, r.year_be, r.number"
        " HAVING min(c.number) <> 0 OR max(c.number) <> count(*) - 1 ORDER BY 1, 2",
        _("receipt {0}/{1}: {2} papers were given out, and the last is copy {3}"),
    )

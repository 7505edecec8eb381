"""The books on paper and in sheets: trial balance, account statement, journal, cash book, each drawn up once.

A `BookPaper` says what stands where; `render_book` prints it with บาท and สต. in columns of their own, negatives in
brackets and the places to sign, `book_sheet` writes the same rows as a sheet.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.carrying import Carried, Carrying
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.paper_parts import Drawn
from bansong_fund.lib.papers import Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, bind, render_pdf
from bansong_fund.lib.sheets import Column, write_sheet
from bansong_fund.lib.thai_dates import format_date
from ledger.cash_book import cash_book
from ledger.models import Account, Entry, RestrictedFund
from ledger.restricted import FundStatement
from ledger.spans import Span, spoken
from ledger.statements import (
    ROWS_AT_A_TIME,
    about,
    account_lines,
    brought_and_moved,
    journal_lines,
    own_side,
    statement_rows,
)
from ledger.trial_balances import TrialBalance, TrialRow
from members.fund_head import fund_head
from members.models import Fund

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/books.css")
ROWS_OF_A_PART = 400  # a longer table is laid out in parts
# how a column's kind is written into a sheet
SHEET_KINDS = {
    "text": "text",
    "document": "code",
    "label": "code",
    "number": "count",
    "code": "code",
    "date": "date",
    "baht": "baht",
}
DOCUMENT_KINDS = ("receipt", "voucher", "sheet")


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column: text, document, label (a number as papers bear it), number, code, date or baht: it sets the width.

    Over several pages a column of baht is carried forward as its `sum` so far, or as a `balance` as its last row says.
    """

    heading: Words
    kind: str = "text"
    carried: str = ""


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row's cells, one for each column; `is_strong` for what is brought forward, carried forward and summed."""

    cells: tuple[Any, ...]
    is_strong: bool = False
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class BookPaper:
    """A page of the books. `rows` may be a generator and is read once."""

    title: Words
    subtitle: Words
    columns: tuple[BookColumn, ...]
    rows: Iterable[BookRow]
    is_landscape: bool = False
    note: Words | None = None

    @property
    def name(self) -> Words:
        return Words(f"{self.title.th} {self.subtitle.th}", f"{self.title.en} {self.subtitle.en}")


def in_both(say: Callable[[], str]) -> Words:
    """A text in both languages: `in_both(lambda: _("Journal"))`."""
    said = {}
    for language in ("th", "en"):
        with override(language):
            said[language] = str(say())
    return Words(said["th"], said["en"])


# --- the papers -------------------------------------------------------------------------------------------


def trial_balance_paper(span: Span, found: TrialBalance) -> BookPaper:
    """งบทดลอง at the last day of a span, before the closing of its fund year; a year before beside it."""
    names = ("debit", "credit", "earlier_debit", "earlier_credit")[: 4 if found.earlier_day else 2]
    lines = [
        BookRow((row.account.code, Words(row.account.name_th, row.account.name_en), *_sides(row, names)))
        for row in found.rows
        if any(_sides(row, names))
    ]
    sums = (found.sums[name] for name in names)
    return BookPaper(
        title=in_both(lambda: _("Trial balance")),
        subtitle=in_both(lambda: _("As at %(day)s") % {"day": format_date(span.reaches)}),
        columns=(
            BookColumn(in_both(lambda: _("Code")), "code"),
            BookColumn(in_both(lambda: _("Account"))),
            BookColumn(in_both(lambda: _("Debit")), "baht", "sum"),
            BookColumn(in_both(lambda: _("Credit")), "baht", "sum"),
            *_earlier_columns(found.earlier_day),
        ),
        rows=[*lines, BookRow(("", in_both(lambda: _("Total")), *sums), is_strong=True)],
        is_landscape=found.earlier_day is not None,
    )


def _sides(row: TrialRow, names: Sequence[str]) -> list[Any]:
    return [getattr(row, name) or None for name in names]


def _earlier_columns(day: date | None) -> list[BookColumn]:
    if day is None:
        return []
    debit = in_both(lambda: _("Debit, %(day)s") % {"day": format_date(day, "short")})
    credit = in_both(lambda: _("Credit, %(day)s") % {"day": format_date(day, "short")})
    return [BookColumn(debit, "baht"), BookColumn(credit, "baht")]


def statement_paper(account: Account, span: Span, fund: RestrictedFund | None = None) -> BookPaper:
    """The statement of an account, the oldest line first."""
    return BookPaper(
        title=Words(f"{account.code} {account.name_th}", f"{account.code} {account.name_en}"),
        subtitle=in_both(lambda: spoken(span)),
        columns=(
            BookColumn(in_both(lambda: _("Date")), "date"),
            BookColumn(in_both(lambda: _("Entry no.")), "number"),
            BookColumn(in_both(lambda: _("About"))),
            BookColumn(in_both(lambda: _("In (debit)")), "baht"),
            BookColumn(in_both(lambda: _("Out (credit)")), "baht"),
            BookColumn(in_both(lambda: _("Balance")), "baht", "balance"),
        ),
        rows=_statement_rows(account, span, fund),
    )


def _statement_rows(account: Account, span: Span, fund: RestrictedFund | None) -> Iterator[BookRow]:
    brought, moved = brought_and_moved(account, span, fund)
    carried = brought + own_side(account) * moved.balance
    yield BookRow((span.first, None, in_both(lambda: _("Brought forward")), None, None, brought), is_strong=True)
    lines = account_lines(account, span, fund).iterator(chunk_size=ROWS_AT_A_TIME)
    for row in statement_rows(account, lines, brought):
        yield BookRow((row.day, row.entry.number, row.about, row.money_in, row.money_out, row.balance))
    words = in_both(lambda: _("Carried forward"))
    yield BookRow((span.reaches, None, words, moved.debit, moved.credit, carried), is_strong=True)


def journal_paper(span: Span) -> BookPaper:
    """สมุดรายวัน: every line of a span with its two accounts, the oldest first."""
    return BookPaper(
        title=in_both(lambda: _("Journal")),
        subtitle=in_both(lambda: spoken(span)),
        columns=(
            BookColumn(in_both(lambda: _("Date")), "date"),
            BookColumn(in_both(lambda: _("Entry no.")), "number"),
            BookColumn(in_both(lambda: _("Document")), "document"),
            BookColumn(in_both(lambda: _("Debit")), "code"),
            BookColumn(in_both(lambda: _("Credit")), "code"),
            BookColumn(in_both(lambda: _("About"))),
            BookColumn(in_both(lambda: _("Amount (baht)")), "baht", "sum"),
        ),
        rows=_journal_rows(span),
        is_landscape=True,
    )


def _journal_rows(span: Span) -> Iterator[BookRow]:
    total = ZERO
    for line in journal_lines(span).iterator(chunk_size=ROWS_AT_A_TIME):
        total += line.amount
        entry = line.entry
        codes = (line.debit.code, line.credit.code)
        words = about(line, line.credit)
        yield BookRow((entry.date, entry.number, document_words(entry), *codes, words, line.amount))
    yield BookRow((None, None, "", "", "", in_both(lambda: _("Total")), total), is_strong=True)


def cash_book_paper(span: Span) -> BookPaper:
    """สมุดเงินสด of a span: cash and banks side by side, day by day."""
    sides = [
        in_both(lambda: _("Cash in")),
        in_both(lambda: _("Cash out")),
        in_both(lambda: _("Cash left")),
        in_both(lambda: _("Bank in")),
        in_both(lambda: _("Bank out")),
        in_both(lambda: _("Bank left")),
    ]
    return BookPaper(
        title=in_both(lambda: _("Cash book")),
        subtitle=in_both(lambda: spoken(span)),
        columns=(
            BookColumn(in_both(lambda: _("Date")), "date"),
            BookColumn(in_both(lambda: _("Document")), "document"),
            BookColumn(in_both(lambda: _("About"))),
            *(BookColumn(side, "baht", "balance" if place in (2, 5) else "") for place, side in enumerate(sides)),
        ),
        rows=_cash_book_rows(span),
        is_landscape=True,
    )


def _cash_book_rows(span: Span) -> Iterator[BookRow]:
    book = cash_book(span, rows=None)
    brought = in_both(lambda: _("Brought forward"))
    yield BookRow((span.first, "", brought, None, None, book.cash.brought, None, None, book.bank.brought), True)
    for row in book.rows:
        cash = (row.cash_in or None, row.cash_out or None, row.cash_left)
        bank = (row.bank_in or None, row.bank_out or None, row.bank_left)
        yield BookRow((row.day, document_words(row.entry), row.about, *cash, *bank))
    carried = (
        *(book.cash.money_in, book.cash.money_out, book.cash.carried),
        *(book.bank.money_in, book.bank.money_out, book.bank.carried),
    )
    yield BookRow((span.reaches, "", in_both(lambda: _("Carried forward")), *carried), is_strong=True)
    for place in book.places:
        if place.account is not None and len(book.places) > 2:
            name = Words(place.account.name_th, place.account.name_en)
            sums = (place.money_in, place.money_out, place.carried)
            is_cash = place.account.role == "cash"
            yield BookRow((None, "", name, *(sums if is_cash else (None,) * 3), *((None,) * 3 if is_cash else sums)))


def fund_statement_paper(found: FundStatement) -> BookPaper:
    """The statement of a restricted fund: what it held, what moved it, what it holds."""
    rows = [BookRow(("", in_both(lambda: _("Brought forward")), found.brought), is_strong=True)]
    rows += [BookRow((one.code, Words(one.name_th, one.name_en), amount)) for one, amount in found.rows]
    rows.append(BookRow(("", in_both(lambda: _("Carried forward")), found.carried), is_strong=True))
    return BookPaper(
        title=Words(found.fund.name_th, found.fund.name_en),
        subtitle=in_both(lambda: spoken(found.span)),
        columns=(
            BookColumn(in_both(lambda: _("Code")), "code"),
            BookColumn(in_both(lambda: _("Account"))),
            BookColumn(in_both(lambda: _("Amount (baht)")), "baht"),
        ),
        rows=rows,
        note=Words(found.fund.purpose) if found.fund.purpose else None,
    )


def document_words(entry: Entry) -> Words | str:
    """The paper of an entry: "Receipt 2563/000001". What opened the books has no number but its day."""
    if entry.document_kind == "opening":
        return in_both(lambda: _("Opening of the books"))
    names = {
        "receipt": lambda: _("Receipt"),
        "voucher": lambda: _("Voucher"),
        "sheet": lambda: _("Sheet"),
        "count": lambda: _("Counting sheet"),
        "closing": lambda: _("Closing of the year"),
        "fund-transfer": lambda: _("Resolution"),
    }
    if entry.document_kind not in names:
        return entry.document_number
    name = in_both(names[entry.document_kind])
    return Words(f"{name.th} {entry.document_number}", f"{name.en} {entry.document_number}")


# --- printed and in sheets --------------------------------------------------------------------------------


def signatures() -> tuple[Signature, ...]:
    """Who signs a statement: the treasurer, the auditor, the chair."""
    return (
        Signature(in_both(lambda: _("Prepared by (Treasurer)"))),
        Signature(in_both(lambda: _("Auditor"))),
        Signature(in_both(lambda: _("Chair"))),
    )


def render_book(paper: BookPaper, fund: Fund, language: Language) -> bytes:
    """The PDF; a long one is laid out in parts, so that it takes no more memory than a short one.

    Its pages are counted through all parts: who signs the last one sees that none is missing.
    """
    title, numbers = book_title(paper, language), page_numbers_of(paper, fund, language)
    drawn = list(drawn_book(paper, fund, language))
    parts = (render_pdf(part.html, title=title, language=language, stylesheets=STYLESHEETS) for part in drawn)
    return next(parts) if len(drawn) == 1 else bind(parts, title=title, language=language, page_numbers=numbers)


def book_title(paper: BookPaper, language: Language) -> str:
    return paper.name.in_language("en" if language == "en" else "th")


def page_numbers_of(paper: BookPaper, fund: Fund, language: Language) -> Callable[[int], bytes]:
    """What draws the page numbers of a paper in several parts."""
    return partial(_draw_page_numbers, paper.is_landscape, fund, language)


def drawn_book(paper: BookPaper, fund: Fund, language: Language) -> Iterator[Drawn]:
    """The paper as HTML; a long one in parts, which are without page numbers."""
    parts = list(parts_of_rows(carried_rows(paper, language)))
    for place, rows in enumerate(parts):
        facts = {"is_first": place == 0, "is_part": len(parts) > 1, "is_signed": place == len(parts) - 1}
        yield Drawn(draw_rows(paper, rows, fund, language, **facts), len(rows))


def carried_rows(paper: BookPaper, language: Language) -> Iterator[BookRow]:
    """The rows with what their pages bring and carry forward, until the row that sums up."""
    places = [place for place, column in enumerate(paper.columns) if column.carried]
    carrying = Carrying(
        [paper.columns[place].heading if len(places) > 1 else "" for place in places],
        language,
        kept=[paper.columns[place].carried == "balance" for place in places],
    )
    has_rows = is_over = False
    for row in paper.rows:
        is_over = is_over or (row.is_strong and has_rows)
        if not places:
            yield row
        elif is_over:
            yield replace(row, carried=(carrying.brought, ""))
        else:
            yield replace(row, carried=carrying.row([row.cells[place] for place in places]))
        has_rows = has_rows or not row.is_strong


def parts_of_rows(rows: Iterable[BookRow]) -> Iterator[list[BookRow]]:
    """The rows in parts that are laid out at once."""
    left = iter(rows)
    while part := list(islice(left, ROWS_OF_A_PART)):
        yield part


def draw_rows(
    paper: BookPaper,
    rows: Sequence[BookRow],
    fund: Fund,
    language: Language,
    *,
    is_first: bool = True,
    is_part: bool = True,
    is_signed: bool = False,
) -> str:
    """The HTML of some rows of a paper: with its head where they are the first, without page numbers in a part."""
    context = {
        "paper": paper,
        "paper_title": book_title(paper, language),
        "is_first": is_first,
        "is_part": is_part,
        "rows": [(row.is_strong, _cells(paper.columns, row.cells, language), row.carried) for row in rows],
        "signatures": signatures() if is_signed else (),
    }
    return draw_paper("pdf/book.html", context, fund_head(fund), language)


def _draw_page_numbers(is_landscape: bool, fund: Fund, language: Language, count: int) -> bytes:
    """So many pages, empty but for their numbers."""
    context = {"is_landscape": is_landscape, "pages": range(count)}
    head = replace(fund_head(fund), demonstration=False)
    html = draw_paper("pdf/page_numbers.html", context, head, language)
    return render_pdf(html, title=str(count), language=language, stylesheets=STYLESHEETS)


def _cells(columns: Sequence[BookColumn], cells: Sequence[Any], language: str) -> list[tuple[str, Any]]:
    """(kind, what is shown) of each cell; a day is written in one language, in both the Thai."""
    shown = []
    for column, cell in zip(columns, cells, strict=True):
        is_day = isinstance(cell, date)
        value = format_date(cell, "short", "en" if language == "en" else "th") if is_day else cell
        shown.append((column.kind, "" if value is None else value))
    return shown


def book_sheet(paper: BookPaper, fund: Fund, language: str) -> bytes:
    """The XLSX, in one language."""
    language = "en" if language == "en" else "th"
    out = io.BytesIO()
    with override(language):
        write_sheet(
            out,
            name=paper.title.in_language(language),
            columns=sheet_columns(paper, language),
            rows=sheet_rows(paper, language),
            above=[
                fund_head(fund).name.in_language(language),
                paper.title.in_language(language),
                paper.subtitle.in_language(language),
            ],
            landscape=paper.is_landscape,
        )
    return out.getvalue()


def sheet_columns(paper: BookPaper, language: str) -> list[Column]:
    """The columns of a paper as a sheet has them."""
    widths = {"text": 40}
    return [
        Column(column.heading.in_language(language), SHEET_KINDS[column.kind], widths.get(column.kind))
        for column in paper.columns
    ]


def sheet_rows(paper: BookPaper, language: str) -> Iterator[list[Any]]:
    """The rows of a paper as a sheet has them, in one language."""
    return ([_sheet_cell(cell, language) for cell in row.cells] for row in paper.rows)


def _sheet_cell(cell: Any, language: str) -> Any:
    return cell.in_language(language) if isinstance(cell, Words) else cell

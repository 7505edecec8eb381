"""A form drawn up once: its sections, what stands in them, who signs. The page, the PDF and the sheets show the same.

A fact is a label with its value; one whose value nobody knows yet is open, and stands as a dotted line. Tables are
papers of the books, so that amounts, days and counts look as they do everywhere.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.sheets import Column, Part, write_book
from bansong_fund.lib.thai_dates import format_date
from ledger.book_papers import SHEET_KINDS, BookColumn, BookPaper, BookRow
from members.fund_head import fund_head
from members.models import Fund
from reports.fingerprints import Seal
from reports.sheet_names import sheet_name
from reports.words import SpokenDay, in_both

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/funders.css")
LANGUAGES = ("th", "en", "both")
TEMPLATE = "pdf/funder_paper.html"
PROVISIONAL = _("Provisional: not every month of it is closed")
Value = Words | str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value: baht where it is a `Decimal`. None, or no words, is open: a dotted line on paper.

    `is_long`: an open one leaves ruled lines to write on. `asked`: the question that it answers, by its name.
    `kept_at`: the page on which it is written down, as the name of its route and what that takes.
    """

    label: Words
    value: Value
    is_long: bool = False
    asked: str = ""
    kept_at: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Of the page on which it is written down."""
        return reverse(self.kept_at[0], args=self.kept_at[1:])

    @property
    def is_open(self) -> bool:
        return self.value is None or (not isinstance(self.value, int | Decimal | date) and not str(self.value).strip())

    @property
    def shown(self) -> Words:
        """The value in words, in both languages."""
        if isinstance(self.value, Words):
            return self.value
        if isinstance(self.value, Decimal):
            return in_both(_("%(amount)s baht"), amount=format_baht(self.value))
        if isinstance(self.value, date):
            return Words(format_date(self.value, language="th"), format_date(self.value, language="en"))
        return Words(f"{self.value:,}" if isinstance(self.value, int) else str(self.value or ""))


@dataclass(frozen=True, slots=True)
class Block:
    """Some facts, or a table, or a remark; `source` says on the screen where the figures come from."""

    facts: tuple[Fact, ...] = ()
    table: BookPaper | None = None
    note: Words | None = None
    source: Words | None = None


@dataclass(frozen=True, slots=True)
class FormSection:
    """A numbered section of a form."""

    number: int
    title: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class FormPaper:
    """A form as it stands. `seal` is the books' fingerprint, None while they are empty; `remark` stands over it all."""

    code: str
    title: Words
    subtitle: Words
    file_name: str
    made_on: date
    sections: tuple[FormSection, ...]
    is_provisional: bool
    roles: tuple[Words, ...]
    seal: Seal | None = None
    remark: Words | None = None

    @property
    def signatures(self) -> list[Signature]:
        return [Signature(role) for role in self.roles]

    @property
    def tables(self) -> list[BookPaper]:
        return [block.table for section in self.sections for block in section.blocks if block.table]

    @property
    def open_facts(self) -> list[Fact]:
        return [fact for section in self.sections for block in section.blocks for fact in block.facts if fact.is_open]


# --- short ways to say what stands in a form ----------------------------------------------------------------


def facts(
    *rows: tuple[Promise | Words, Value] | Fact, source: Promise | None = None, kept_at: tuple[str, ...] = ()
) -> Block:
    """A block of facts, (label, value) each; `kept_at` as in `Fact`, of all of them."""
    made = (row if isinstance(row, Fact) else Fact(words_of(row[0]), row[1], kept_at=kept_at) for row in rows)
    return Block(facts=tuple(made), source=words_of(source) if source else None)


def table(
    title: Promise,
    head: Sequence[tuple[Promise | Words, str]],
    rows: Iterable[BookRow],
    *,
    source: Promise | None = None,
    note: Words | None = None,
    is_landscape: bool = False,
) -> Block:
    """A block with a table: `head` holds (heading, kind) of each column, kinds as in `BookColumn`."""
    paper = BookPaper(
        title=words_of(title),
        subtitle=Words(""),
        columns=tuple(BookColumn(words_of(heading), kind) for heading, kind in head),
        rows=list(rows),
        is_landscape=is_landscape,
        note=note,
    )
    return Block(table=paper, source=words_of(source) if source else None)


def remark(text: Promise | Words, **values: object) -> Block:
    return Block(note=text if isinstance(text, Words) else in_both(text, **values))


def sections(*parts: tuple[Promise, Iterable[Block]]) -> tuple[FormSection, ...]:
    """Sections numbered from 1, as they stand on the form."""
    return tuple(
        FormSection(number, words_of(title), tuple(blocks)) for number, (title, blocks) in enumerate(parts, start=1)
    )


def named(thing: Any) -> Words:
    return Words(thing.name_th, thing.name_en)


def words_of(text: Promise | Words) -> Words:
    """A lazy text in both languages; `Words` as they are."""
    return text if isinstance(text, Words) else in_both(text)


# --- printed and in sheets ----------------------------------------------------------------------------------


def render_form(paper: FormPaper, fund: Fund, language: Language) -> bytes:
    """The PDF of a form."""
    title = f"{paper.title.in_language(_one(language))} {paper.subtitle.in_language(_one(language))}"
    context = {
        "form": paper,
        "paper_title": title,
        "made_on": SpokenDay(paper.made_on),
        "sections": [_shown(section, language) for section in paper.sections],
        "ruled": range(3),
    }
    html = draw_paper(TEMPLATE, context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


def _one(language: str) -> str:
    return "en" if language == "en" else "th"


def _shown(section: FormSection, language: str) -> dict[str, Any]:
    blocks = [
        {
            "facts": block.facts,
            "note": block.note,
            "table": block.table,
            "rows": list(_rows(block.table, language)) if block.table else [],
        }
        for block in section.blocks
    ]
    return {"number": section.number, "title": section.title, "blocks": blocks}


def _rows(paper: BookPaper, language: str) -> Iterator[tuple[bool, list[tuple[str, Any]]]]:
    for row in paper.rows:
        yield (
            row.is_strong,
            [(column.kind, _cell(value, language)) for column, value in zip(paper.columns, row.cells, strict=True)],
        )


def _cell(value: Any, language: str) -> Any:
    if isinstance(value, date):
        return format_date(value, "short", _one(language))
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else value


def form_book(paper: FormPaper, fund: Fund, language: str) -> bytes:
    """The XLSX, in one language: a sheet of facts, then a sheet for each table, with real numbers and days."""
    language = _one(language)
    out = io.BytesIO()
    with override(language):
        write_book(out, _parts(paper, fund, language))
    return out.getvalue()


def _parts(paper: FormPaper, fund: Fund, language: str) -> Iterator[Part]:
    columns = [
        Column(str(_("Item")), width=50),
        Column(str(_("Answer")), width=50),
        Column(str(_("Number")), "count"),
        Column(str(_("Baht")), "baht"),
        Column(str(_("Date")), "date"),
    ]
    yield Part(sheet_name(paper.title, language), columns, list(_fact_rows(paper, fund, language)))
    name = f"{paper.title.in_language(language)} {paper.subtitle.in_language(language)}"
    above = [fund_head(fund).name.in_language(language), name]
    above += [str(PROVISIONAL)] if paper.is_provisional else []
    for found in paper.tables:
        title = found.title.in_language(language)
        heads = [
            Column(column.heading.in_language(language), SHEET_KINDS[column.kind], 40 if place == 0 else None)
            for place, column in enumerate(found.columns)
        ]
        rows = ([_sheet_cell(cell, language) for cell in row.cells] for row in found.rows)
        yield Part(sheet_name(found.title, language), heads, rows, above=[*above, title])


def _fact_rows(paper: FormPaper, fund: Fund, language: str) -> Iterator[list[Any]]:
    yield [fund_head(fund).name.in_language(language), "", None, None, None]
    yield [paper.title.in_language(language), paper.subtitle.in_language(language), None, None, None]
    yield [str(_("Made on")), "", None, None, paper.made_on]
    if paper.remark:
        yield [paper.remark.in_language(language), "", None, None, None]
    if paper.is_provisional:
        yield [str(PROVISIONAL), "", None, None, None]
    for section in paper.sections:
        yield [f"{section.number}. {section.title.in_language(language)}", "", None, None, None]
        for fact in (fact for block in section.blocks for fact in block.facts):
            value = fact.value
            number = value if isinstance(value, int) else None
            baht = value if isinstance(value, Decimal) else None
            day = value if isinstance(value, date) else None
            text = "" if number is not None or baht is not None or day else fact.shown.in_language(language)
            yield [fact.label.in_language(language), text, number, baht, day]


def _sheet_cell(cell: Any, language: str) -> Any:
    return cell.in_language(language) if isinstance(cell, Words) else cell

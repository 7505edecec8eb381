"""The notice board: a month of a community, or of the whole fund, on a sheet of large letters; and all of it as XLSX.

Counts and sums only. What hangs in the village names the kinds of welfare, as it is known there; what stands open on
the internet names them only where so many members stand behind a figure that nobody is meant by it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.thai_dates import format_date, format_month
from ledger.book_papers import BookColumn, BookPaper, BookRow
from ledger.spans import Span, month_span
from members.fund_head import fund_head
from members.models import Fund, Meeting
from reports.charts import LEG_NAMES
from reports.figures.board import Board, Sheet
from reports.figures.money import LEGS
from reports.table_papers import TablesPaper
from reports.words import SpokenDay, in_both

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/board.css")
MONTHS_OFFERED = 24
MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
# On the internet the kinds of welfare stand by name only over so many members.
MEMBERS_BEHIND_A_KIND = 500

WHOLE_FUND = _("The whole fund")
DUES_PAID = _("Members' contributions paid in")
WELFARE_PAID = _("Welfare paid out, all kinds")


# --- months -----------------------------------------------------------------------------------------------


def months_of_board(fund: Fund, today: date, *, over_only: bool = False, most: int = MONTHS_OFFERED) -> list[date]:
    """First days of the months that have a sheet, the newest first; `over_only`: without the month that runs."""
    day, oldest = today.replace(day=1), fund.founded_on.replace(day=1)
    if over_only:
        day = (day - timedelta(days=1)).replace(day=1)
    months: list[date] = []
    while day >= oldest and len(months) < most:
        months.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return months


def month_asked(text: str, months: Sequence[date], *, today: date) -> Span | None:
    """The month "2020-10" of an address where it is offered; else the last one that is over, or the first there is."""
    if not months:
        return None
    found = MONTH.fullmatch(text)
    asked = date(int(found[1]), int(found[2]), 1) if found else None
    if asked not in months:
        asked = next((day for day in months if day < today.replace(day=1)), months[0])
    return month_span(asked, today=today)


# --- what a sheet says ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of a sheet: (times, baht) in the month and in the year so far; times None where they are not counted."""

    name: Words
    month: tuple[int | None, Decimal]
    year: tuple[int | None, Decimal]
    is_strong: bool = False

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return (*_times_and_baht(self.month), *_times_and_baht(self.year))


def _times_and_baht(found: tuple[int | None, Decimal]) -> tuple[str, str]:
    times, baht = found
    return "" if times is None else f"{times:,}", short_baht(baht)


def short_baht(amount: Decimal) -> str:
    """An amount in few letters: satang are left out where there are none."""
    text = format_baht(amount, brackets=True)
    return text.replace(".00", "") if amount == amount.to_integral_value() else text


def sheet_name(sheet: Sheet) -> Words:
    if sheet.community is None:
        return in_both(WHOLE_FUND)
    return Words(sheet.community.name_th, sheet.community.name_en)


def public_kinds(board: Board) -> list[Sheet]:
    """The sheets on which the kinds of welfare may stand open to everybody.

    What the whole fund's sheet says beyond those of its communities is said of all others together: where these are too
    few, the smallest of the named ones keeps silent with them.
    """
    if board.fund.people.current < MEMBERS_BEHIND_A_KIND:
        return []
    named = [sheet for sheet in board.communities if sheet.people.current >= MEMBERS_BEHIND_A_KIND]
    named.sort(key=lambda sheet: sheet.people.current)
    others = board.fund.people.current - sum(sheet.people.current for sheet in named)
    if len(named) < len(board.communities) and others < MEMBERS_BEHIND_A_KIND:
        named = named[1:]
    return [board.fund, *named]


def sheet_rows(sheet: Sheet, *, names_kinds: bool = True) -> list[SheetRow]:
    """Dues paid in, welfare by kind, welfare in all."""
    (dues_month, dues_year), paid = sheet.dues, sheet.paid
    kinds = [
        SheetRow(kind.name, (kind.month.times, kind.month.baht), (kind.year.times, kind.year.baht))
        for kind in (sheet.shown_kinds if names_kinds else [])
    ]
    all_kinds = ((paid.month.times, paid.month.baht), (paid.year.times, paid.year.baht))
    return [
        SheetRow(in_both(DUES_PAID), (None, dues_month), (None, dues_year), is_strong=True),
        *kinds,
        SheetRow(in_both(WELFARE_PAID), *all_kinds, is_strong=True),
    ]


def leg_rows(board: Board) -> list[SheetRow]:
    """The four legs of the whole fund and their sum."""
    rows = [SheetRow(in_both(LEG_NAMES[n]), (None, board.legs[n][0]), (None, board.legs[n][1])) for n in LEGS]
    month, year = board.all_legs
    return [*rows, SheetRow(in_both(_("The four legs")), (None, month), (None, year), is_strong=True)]


def month_words(board: Board) -> Words:
    return Words(*(format_month(board.month.first, language=code) for code in ("th", "en")))


def since_words(board: Board) -> Words:
    """ "since 1 January 2563": the fund year so far."""
    return in_both(_("since %(day)s"), day=SpokenDay(board.since))


def meeting_words(meeting: Meeting | None) -> Words | None:
    """Kind and day of the next meeting. Its place is free text, which may name somebody, and is left out."""
    if meeting is None:
        return None
    kind = in_both(Meeting.Kind(meeting.kind).label)
    return Words(*(f"{kind.in_language(code)} {format_date(meeting.held_on, 'full', code)}" for code in ("th", "en")))


# --- on paper and in a sheet ------------------------------------------------------------------------------


def board_pdf(board: Board, sheets: Sequence[Sheet], fund: Fund, language: Language, *, today: date) -> bytes:
    """One A4 page of large letters for each sheet."""
    title = in_both(_("Notice board, %(month)s"), month=_SpokenMonth(board)).in_language(
        "en" if language == "en" else "th"
    )
    context = {
        "board": board,
        "sheets": [(sheet, sheet_name(sheet), sheet_rows(sheet)) for sheet in sheets],
        "legs": leg_rows(board),
        "month": month_words(board),
        "since": since_words(board),
        "money": short_baht(board.money),
        "last_day": SpokenDay(board.month.reaches),
        "meeting": meeting_words(board.next_meeting),
        "made_on": SpokenDay(today),
        "paper_title": title,
    }
    html = draw_paper("pdf/notice_board.html", context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


class _SpokenMonth:
    """A month's name in the language that is active when it is said."""

    def __init__(self, board: Board) -> None:
        self.first = board.month.first

    def __str__(self) -> str:
        return format_month(self.first)


def board_tables(board: Board, sheets: Sequence[Sheet], *, today: date) -> TablesPaper:
    """The same figures as tables for XLSX: the communities, welfare by kind, the four legs."""
    return TablesPaper(
        title=in_both(_("Notice board")),
        subtitle=month_words(board),
        tables=(_places_table(sheets), _kinds_table(sheets), _legs_table(board)),
        made_on=today,
        is_provisional=board.is_provisional,
    )


def _column(heading: Promise | str, kind: str = "text") -> BookColumn:
    return BookColumn(in_both(heading), kind)


def _places_table(sheets: Sequence[Sheet]) -> BookPaper:
    rows = [
        BookRow(
            (
                sheet_name(sheet),
                *(sheet.people.at_start, sheet.people.joined, sheet.people.left, sheet.people.moved),
                sheet.people.current,
                *sheet.dues,
                *(sheet.paid.month.times, sheet.paid.month.baht, sheet.paid.year.times, sheet.paid.year.baht),
            ),
            is_strong=sheet.community is None,
        )
        for sheet in sheets
    ]
    columns = (
        _column(_("Community")),
        _column(_("Members at the start"), "number"),
        _column(_("Joined"), "number"),
        _column(_("Left the fund"), "number"),
        _column(_("Moved in, less out"), "number"),
        _column(_("Members at the end"), "number"),
        _column(_("Contributions, month"), "baht"),
        _column(_("Contributions, year so far"), "baht"),
        *_paid_columns(),
    )
    return BookPaper(in_both(_("Communities")), Words(""), columns, rows)


def _paid_columns() -> Iterator[BookColumn]:
    yield _column(_("Welfare, times, month"), "number")
    yield _column(_("Welfare, baht, month"), "baht")
    yield _column(_("Welfare, times, year so far"), "number")
    yield _column(_("Welfare, baht, year so far"), "baht")


def _kinds_table(sheets: Sequence[Sheet]) -> BookPaper:
    rows = [
        BookRow((sheet_name(sheet), kind.name, kind.month.times, kind.month.baht, kind.year.times, kind.year.baht))
        for sheet in sheets
        for kind in sheet.shown_kinds
    ]
    columns = (_column(_("Community")), _column(_("Kind of welfare")), *_paid_columns())
    return BookPaper(in_both(_("Welfare by kind")), Words(""), columns, rows)


def _legs_table(board: Board) -> BookPaper:
    rows = [BookRow((row.name, row.month[1], row.year[1]), row.is_strong) for row in leg_rows(board)]
    columns = (_column(_("Item")), _column(_("Baht, month"), "baht"), _column(_("Baht, year so far"), "baht"))
    return BookPaper(in_both(_("The four legs")), Words(""), columns, rows)

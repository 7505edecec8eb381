"""The register's list as a file: what the screen shows, all pages of it, in the same order. IDs stay masked."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.papers import Column as PaperColumn
from bansong_fund.lib.papers import ListPaper, render_list
from bansong_fund.lib.pdf import bind
from bansong_fund.lib.phones import format_phone
from bansong_fund.lib.sheets import CSV, XLSX, Column, csv_lines, write_sheet
from bansong_fund.lib.thai_dates import active_language, format_date
from members.filters import MemberFilter
from members.fund_head import fund_head
from members.lists import Found, MemberRow, rows_of

PDF = "application/pdf"
CONTENT_TYPES = {"xlsx": XLSX, "csv": CSV, "pdf": PDF}
# Rows that a page makes within a second or two; longer lists are the worker's.
AT_ONCE = {"xlsx": 2000, "csv": 2000, "pdf": 100}
ROWS_OF_A_PART = 400  # a part takes some seconds, so that progress is seen and the work can be cancelled
MOST_ON_PAPER = 20_000

Step = Callable[[int], None]


class TooLongForPaper(DomainError):
    """A PDF of so many rows would take half an hour, and nobody would read it."""


@dataclass(frozen=True, slots=True)
class MemberFile:
    """A list as a file: its name, its bytes, what it is."""

    name: str
    content: bytes
    content_type: str


def fits_at_once(narrowed: MemberFilter, kind: str) -> bool:
    """Whether a page may make the file while its user waits."""
    most = AT_ONCE[kind]
    return narrowed.qs.order_by()[: most + 1].count() <= most


def make_file(narrowed: MemberFilter, kind: str, *, step: Step = lambda _done: None) -> MemberFile:
    """The list as "xlsx", "csv" or "pdf"; `step` hears how many rows are done. Raises `TooLongForPaper`."""
    rows = _told(rows_of(narrowed.qs, today=narrowed.today, rules=narrowed.rules, fund=narrowed.fund), step)
    makers = {"xlsx": _xlsx, "csv": _csv, "pdf": _pdf}
    name = f"members-{narrowed.today.isoformat()}.{kind}"
    return MemberFile(name, makers[kind](narrowed, rows), CONTENT_TYPES[kind])


def _told(rows: Iterable[MemberRow], step: Step) -> Iterator[MemberRow]:
    for done, row in enumerate(rows, start=1):
        step(done)
        yield row


# --- sheets -----------------------------------------------------------------------------------------------


def sheet_columns() -> list[Column]:
    return [
        Column(_("Member no."), "count"),
        Column(_("Title"), width=12),
        Column(_("First name")),
        Column(_("Family name")),
        Column(_("Nickname"), width=12),
        Column(_("National ID"), "code", width=20),
        Column(_("Sex"), width=8),
        Column(_("House no."), "code", width=10),
        Column(_("Village no. (Moo)"), "code", width=8),
        Column(_("Phone"), "code"),
        Column(_("Community"), width=20),
        Column(_("Type"), width=16),
        Column(_("Age"), "count", width=6),
        Column(_("Date of joining"), "date"),
        Column(_("Paid through"), "date"),
        Column(_("Standing"), width=20),
    ]


def sheet_cells(row: MemberRow) -> list[Any]:
    member = row.member
    return [
        member.number,
        member.title,
        member.first_name,
        member.family_name,
        member.nickname,
        member.masked_id,
        member.get_sex_display(),
        member.household.house_number if member.household else "",
        member.household.moo if member.household else "",
        _phone(member.phone),
        local_name(member.community),
        row.type_name,
        row.age,
        row.joined_on,
        row.paid_through,
        row.standing_name,
    ]


def _phone(digits: str) -> str:
    return format_phone(digits) if digits.isdecimal() else digits


def _xlsx(narrowed: MemberFilter, rows: Iterable[MemberRow]) -> bytes:
    out = io.BytesIO()
    write_sheet(
        out,
        name=_("Members"),
        columns=sheet_columns(),
        rows=map(sheet_cells, rows),
        above=[local_name(narrowed.fund), _head(narrowed), _as_of(narrowed.today)],
        landscape=True,
    )
    return out.getvalue()


def _csv(_narrowed: MemberFilter, rows: Iterable[MemberRow]) -> bytes:
    return b"".join(csv_lines(sheet_columns(), map(sheet_cells, rows)))


def _head(narrowed: MemberFilter) -> str:
    return _("Members: %(which)s") % {"which": narrowed.in_words()}


def _as_of(day: date) -> str:
    return _("As of %(day)s") % {"day": format_date(day)}


# --- paper ------------------------------------------------------------------------------------------------

# heading, part of the width in twentieths, figures
PAPER_COLUMNS = (
    (gettext_lazy("Member no."), 1, True),
    (gettext_lazy("Name"), 3, False),
    (gettext_lazy("National ID"), 3, False),
    (gettext_lazy("House no."), 1, False),
    (gettext_lazy("Phone"), 2, False),
    (gettext_lazy("Community"), 2, False),
    (gettext_lazy("Type and age"), 2, False),
    (gettext_lazy("Date of joining"), 2, False),
    (gettext_lazy("Paid through"), 2, False),
    (gettext_lazy("Standing"), 2, False),
)


def paper_cells(row: MemberRow) -> tuple[str, ...]:
    member = row.member
    return (
        str(member.number),
        f"{member.full_name} ({member.nickname})" if member.nickname else member.full_name,
        member.masked_id,
        row.house,
        _phone(member.phone),
        local_name(member.community),
        f"{row.type_name} {row.age}" if row.age is not None else row.type_name,
        format_date(row.joined_on, "short") if row.joined_on else "",
        format_date(row.paid_through, "short") if row.paid_through else "",
        row.standing_name,
    )


def _pdf(narrowed: MemberFilter, rows: Iterable[MemberRow]) -> bytes:
    """One paper, or of a long list several bound together: laying out takes memory by the row."""
    count = narrowed.qs.order_by().count()
    if count > MOST_ON_PAPER:
        raise TooLongForPaper(
            _(
                "A PDF holds at most %(most)s members. Narrow the list, for instance to one community, or take it as a"
                " sheet (XLSX)."
            )
            % {"most": f"{MOST_ON_PAPER:,}"}
        )
    cells = map(paper_cells, rows)
    parts = max(1, -(-count // ROWS_OF_A_PART))
    language = active_language()
    papers = []
    for part in range(1, parts + 1):
        paper = member_paper(narrowed, tuple(islice(cells, ROWS_OF_A_PART)), count, (part, parts))
        papers.append(render_list(paper, language))
    return papers[0] if parts == 1 else bind(papers, title=_("Members"), language=language)


def member_paper(
    narrowed: MemberFilter, cells: tuple[tuple[str, ...], ...], count: int, part: tuple[int, int] = (1, 1)
) -> ListPaper:
    """The list, or one part (number, of how many) of a list of `count` members."""
    said = [
        narrowed.in_words(),
        _as_of(narrowed.today),
        str(Found(count)),
    ]
    if part[1] > 1:
        said.append(_("part %(part)d of %(parts)d") % {"part": part[0], "parts": part[1]})
    return ListPaper(
        fund=fund_head(narrowed.fund),
        title=_("Members"),
        subtitle=" · ".join(said),
        columns=tuple(PaperColumn(str(heading), share, figures) for heading, share, figures in PAPER_COLUMNS),
        rows=cells,
        landscape=True,
    )

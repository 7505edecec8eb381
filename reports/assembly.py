"""The pack of the annual general meeting as one PDF: agenda, annual report with its statements, attendance sheet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.paper_parts import Drawn
from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from members.fund_head import fund_head
from members.models import Community, Fund, Meeting, Member
from members.queries import current_members
from members.year_texts import year_words
from reports.annual_report import DrawnReport
from reports.words import SpokenDay, in_both
from reports.years import ReportYear

NAMES, BLANK, NONE = "names", "blank", "none"
ATTENDANCE: dict[str, Promise] = {
    NAMES: _("Every member's name, community by community"),
    BLANK: _("Blank lines, to be filled in at the door"),
    NONE: _("No attendance sheet"),
}
LINES_AT_ONCE = 300  # of the sheet: some ten pages, laid out in a part of their own
MOST_BLANK_LINES = 2_000
PACK_TITLE = _("Papers of the annual general meeting on %(year)s")
# The usual order of a general meeting; a fund writes its own beside the words of the report.
STANDARD_AGENDA = (
    _("What the chair has to tell the meeting"),
    _("Minutes of the last general meeting, to adopt"),
    _("Annual report %(year)s: members, welfare, the work of the year, to note"),
    _("Receipts and payments and financial position %(year)s, with the auditor's note, to adopt"),
    _("Plan and budget of the next year, to decide"),
    _("Changes of the regulation, where there are any, to decide"),
    _("Election of the committee and the auditors, where their term has ended"),
    _("Other matters"),
)


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What somebody asked for: of which year, in which language, with which attendance sheet."""

    year_be: int
    language: Language
    attendance: str = NAMES
    lines: int = 100  # blank ones

    @property
    def file_name(self) -> str:
        return f"assembly-{self.year_be}-{self.language}.pdf"


def meeting_on(year: ReportYear) -> Meeting | None:
    """The general meeting to which a year's report goes: the first one held or planned after its last day."""
    held = Meeting.objects.filter(kind=Meeting.Kind.GENERAL, held_on__gt=year.last)
    return held.order_by("held_on", "pk").first()


def agenda_items(said: Words, year_be: int) -> list[Words]:
    """The committee's own agenda, an item a line; the usual one where nobody wrote any.

    English stands beside Thai only where both have as many items.
    """
    thai, english = ([line.strip() for line in text.splitlines() if line.strip()] for text in (said.th, said.en))
    if not thai and not english:
        return [in_both(item, year=year_be) for item in STANDARD_AGENDA]
    thai = thai or english
    return [Words(line, english[place] if len(english) == len(thai) else "") for place, line in enumerate(thai)]


def attending() -> QuerySet[Member]:
    """Whoever is a member now, community by community, in Thai order."""
    members = current_members(Member.objects.filter(merged_into=None, died_on=None))
    return members.select_related("community").order_by("community__number", "sort_key", "pk")


def count_lines(order: PackOrder) -> int:
    """How many lines the attendance sheet has."""
    if order.attendance == NAMES:
        return attending().count()
    return order.lines if order.attendance == BLANK else 0


def pack_papers(order: PackOrder, report: DrawnReport, fund: Fund) -> Iterator[Drawn]:
    """The papers in their order, each as HTML without page numbers; the next is drawn when it is asked for."""
    draw = partial(_draw, order, fund, meeting_on(report.year))
    items = agenda_items(year_words(order.year_be)["agenda"], order.year_be)
    yield Drawn(draw("pdf/assembly_agenda.html", items=items))
    yield Drawn(report.html)
    is_first = True
    for community, first, names in _sheet_parts(order):
        named = Words(community.name_th, community.name_en) if community else None
        context = {"community": named, "rows": list(enumerate(names, start=first)), "is_first": is_first}
        yield Drawn(draw("pdf/assembly_attendance.html", **context), len(names))
        is_first = False


def _sheet_parts(order: PackOrder) -> Iterator[tuple[Community | None, int, list[Member | None]]]:
    """(community, number of its first line, members) of each part; blank lines have neither member nor community."""
    if order.attendance == BLANK:
        for first in range(1, order.lines + 1, LINES_AT_ONCE):
            yield None, first, [None] * min(LINES_AT_ONCE, order.lines - first + 1)
    elif order.attendance == NAMES:
        for community in Community.objects.order_by("number"):
            yield from _names_of(community, attending().filter(community=community).iterator(LINES_AT_ONCE))


def _names_of(community: Community, members: Iterable[Member]) -> Iterator[tuple[Community, int, list[Member]]]:
    left, first = iter(members), 1
    while part := list(islice(left, LINES_AT_ONCE)):
        yield community, first, part
        first += len(part)


def _draw(order: PackOrder, fund: Fund, meeting: Meeting | None, template: str, **context: Any) -> str:
    about = {
        "year_be": order.year_be,
        "meeting": meeting,
        "meeting_day": SpokenDay(meeting.held_on) if meeting else None,
        "is_part": True,
        "paper_title": pack_title(order),
    }
    return draw_paper(template, about | context, fund_head(fund), order.language)


def pack_title(order: PackOrder) -> str:
    return in_both(PACK_TITLE, year=order.year_be).in_language("en" if order.language == "en" else "th")


def draw_page_numbers(fund: Fund, language: Language, pages: int) -> bytes:
    """So many pages, empty but for their numbers through the whole pack."""
    head = replace(fund_head(fund), demonstration=False)
    html = draw_paper("pdf/page_numbers.html", {"pages": range(pages)}, head, language)
    return render_pdf(html, title=str(pages), language=language, stylesheets=PAPER_STYLESHEETS)

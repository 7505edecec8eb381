"""The tables of the year that stand beside members and money, as sheets: committee, event, partners, care, meetings.

And the attendance sheet of the assembly. The rows are those of the printed report.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from bansong_fund.lib.papers import Words
from ledger.book_papers import BookColumn, BookPaper, BookRow, in_both
from members.committee import seats_between
from members.models import Meeting, SeatKind
from reports.assembly import attending
from reports.figures.the_year import YearBeside, year_beside
from reports.years import ReportYear
from welfare.care_queries import CareFigures


def beside_tables(year: ReportYear) -> list[BookPaper]:
    """The tables of the chapters that have content."""
    beside, name = year_beside(year.first, year.last), Words(str(year.year_be), str(year.year_be))
    tables = [_committee(year, name), _events(beside, name), _partners(beside, name), _care(beside, name)]
    return [table for table in [*tables, _resolutions(beside, name)] if table.rows]


def attendance_table(meeting: Meeting | None) -> BookPaper:
    """Every member with room to sign, community by community."""
    number = meeting.label if meeting else ""
    return BookPaper(
        title=in_both(lambda: _("Attendance sheet")),
        subtitle=in_both(lambda: _("Annual General Meeting %(number)s") % {"number": number}),
        columns=(
            BookColumn(in_both(lambda: _("No.")), "number"),
            BookColumn(in_both(lambda: _("Community"))),
            BookColumn(in_both(lambda: _("Member no.")), "code"),
            BookColumn(in_both(lambda: _("Name"))),
            BookColumn(in_both(lambda: _("Signature"))),
        ),
        rows=_attendance_rows(),
    )


def _attendance_rows() -> Iterator[BookRow]:
    for place, member in enumerate(attending().iterator(), start=1):
        community = Words(member.community.name_th, member.community.name_en)
        yield BookRow((place, community, str(member.number), member.full_name, ""))


def _committee(year: ReportYear, name: Words) -> BookPaper:
    rows = [
        BookRow(
            (
                place,
                Words(seat.name, seat.name_en),
                Words(seat.post_th, seat.post_en),
                seat.community_post,
                in_both(lambda seat=seat: str(SeatKind(seat.kind).label)),
                seat.since,
                seat.until if seat.until and seat.until <= year.last else None,  # a later end was not known then
            )
        )
        for place, seat in enumerate(seats_between(year.first, year.last), start=1)
    ]
    columns = (
        BookColumn(in_both(lambda: _("No.")), "number"),
        BookColumn(in_both(lambda: _("Name"))),
        BookColumn(in_both(lambda: _("Post in the fund"))),
        BookColumn(in_both(lambda: _("Post in the community"))),
        BookColumn(in_both(lambda: _("Comes from"))),
        BookColumn(in_both(lambda: _("Since")), "date"),
        BookColumn(in_both(lambda: _("Until")), "date"),
    )
    return BookPaper(in_both(lambda: _("The committee")), name, columns, rows)


def _events(beside: YearBeside, name: Words) -> BookPaper:
    found = [one.campaign for one in beside.events]
    rows = [
        BookRow(
            (Words(one.name_th, one.name_en), one.held_on, one.target, one.raised, one.spent, one.net, one.givers),
        )
        for one in found
    ]
    columns = (
        BookColumn(in_both(lambda: _("Event"))),
        BookColumn(in_both(lambda: _("Day")), "date"),
        BookColumn(in_both(lambda: _("Target")), "baht"),
        BookColumn(in_both(lambda: _("Raised")), "baht"),
        BookColumn(in_both(lambda: _("Costs")), "baht"),
        BookColumn(in_both(lambda: _("Left for the fund")), "baht"),
        BookColumn(in_both(lambda: _("Givers")), "number"),
    )
    return BookPaper(in_both(lambda: _("The annual event")), name, columns, rows)


def _partners(beside: YearBeside, name: Words) -> BookPaper:
    rows = [
        BookRow((Words(one.name_th, one.name_en), Words(one.work_th, one.work_en), one.activities_held, one.came))
        for one in beside.partners
    ]
    columns = (
        BookColumn(in_both(lambda: _("Partner"))),
        BookColumn(in_both(lambda: _("Works with the fund at"))),
        BookColumn(in_both(lambda: _("Activities in the year")), "number"),
        BookColumn(in_both(lambda: _("Came to the fund because of it (baht)")), "baht"),
    )
    return BookPaper(in_both(lambda: _("Partners")), name, columns, rows)


def _care(beside: YearBeside, name: Words) -> BookPaper:
    def cells(figures: CareFigures) -> tuple[int, ...]:
        return tuple(getattr(figures, one) for one in figures.__slots__)

    rows = [BookRow((Words(one.name_th, one.name_en), *cells(figures))) for one, figures in beside.care.rows]
    if rows:
        rows.append(BookRow((in_both(lambda: _("All")), *cells(beside.care.total)), is_strong=True))
    heads = (
        in_both(lambda: _("Looked after")),
        in_both(lambda: _("Visited")),
        in_both(lambda: _("Visits")),
        in_both(lambda: _("Referrals")),
        in_both(lambda: _("Answered")),
        in_both(lambda: _("Helped")),
    )
    columns = (BookColumn(in_both(lambda: _("Community"))), *(BookColumn(head, "number") for head in heads))
    return BookPaper(in_both(lambda: _("Care at home and referrals")), name, columns, rows)


def _resolutions(beside: YearBeside, name: Words) -> BookPaper:
    rows = [
        BookRow(
            (
                in_both(lambda one=one: str(Meeting.Kind(one.meeting.kind).label)),
                one.label,
                one.meeting.held_on,
                one.subject,
            )
        )
        for one in beside.resolutions
    ]
    columns = (
        BookColumn(in_both(lambda: _("Meeting"))),
        BookColumn(in_both(lambda: _("No.")), "code"),
        BookColumn(in_both(lambda: _("Day")), "date"),
        BookColumn(in_both(lambda: _("What was resolved"))),
    )
    return BookPaper(in_both(lambda: _("Resolutions of the year")), name, columns, rows)

"""The leader's report of her community: a month, a quarter, a year, in tables for page, PDF and XLSX."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Signature, Words
from ledger.book_papers import BookColumn, BookPaper, BookRow
from ledger.book_papers import in_both as said
from ledger.spans import Span, fund_year_of, month_end, month_span, span_of
from members.models import Community, Fund
from reports.figures.community import CommunityFigures, SheetMoney, community_figures
from reports.notice_board import meeting_words
from reports.span_figures import is_provisional
from reports.table_papers import TablesPaper
from reports.words import in_both
from welfare.models import ClaimState

NOTHING = Words("")


def named_spans(fund: Fund, today: date) -> list[tuple[Promise, Span]]:
    """What leaders ask for most: the last month that is over, the last quarter, the fund year."""
    last_month = today.replace(day=1) - timedelta(days=1)
    quarter_end = today.replace(day=1, month=3 * ((today.month - 1) // 3) + 1) - timedelta(days=1)
    quarter_starts = quarter_end.replace(day=1, month=quarter_end.month - 2)
    spans = [
        (_("Last month"), month_span(last_month, today=today)),
        (_("Last quarter"), span_of("free", quarter_starts, month_end(quarter_end), today=today)),
        (_("This fund year"), fund_year_of(today, fund, today=today)),
    ]
    return [(words, span) for words, span in spans if span.last >= fund.founded_on]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next, and the page where it is done ("" where there is none)."""

    words: Words
    view_name: str = ""


def leader_report(community: Community, span: Span, *, today: date) -> tuple[TablesPaper, list[Step]]:
    """The report of a community and what its leader is to do next."""
    figures = community_figures(community, span, today=today)
    steps = list(next_steps(figures))
    paper = TablesPaper(
        title=Words(*_both_names(community)),
        subtitle=said(lambda: str(span)),
        tables=(
            members_table(figures),
            dues_table(figures),
            sheets_table(figures, today),
            claims_table(figures),
            paid_table(figures),
            steps_table(steps),
        ),
        made_on=today,
        is_provisional=is_provisional(span),
        signatures=(Signature(in_both(_("Community leader"))), Signature(in_both(_("Treasurer")))),
    )
    return paper, steps


def _both_names(community: Community) -> Iterator[str]:
    title = _("Report of %(name)s")
    yield in_both(title, name=community.name_th).th
    yield in_both(title, name=community.name_en or community.name_th).en


def _column(heading: Promise, kind: str = "text") -> BookColumn:
    return BookColumn(in_both(heading), kind)


def _table(
    title: Promise, columns: tuple[BookColumn, ...], rows: list[BookRow], note: Words | None = None
) -> BookPaper:
    return BookPaper(in_both(title), NOTHING, columns, rows, note=note)


def members_table(figures: CommunityFigures) -> BookPaper:
    """Who was there, came and went in the span; how far those of today are paid."""
    people, standing = figures.people, figures.standing
    counts = [
        (_("Members at the start"), people.at_start),
        (_("Joined the fund"), people.joined),
        (_("Left the fund"), people.left),
        (_("Moved in, less out"), people.moved),
        (_("Members at the end"), people.current),
    ]
    rows = [BookRow((in_both(words), number)) for words, number in counts]
    if standing is not None:
        today = [
            (_("Today: paid up"), standing.good),
            (_("Today: in arrears, rights kept"), standing.arrears),
            (_("Today: rights suspended"), standing.suspended),
            (_("Today: due to lapse"), standing.due),
            (_("Of these not told yet"), standing.to_tell),
        ]
        rows += [BookRow((in_both(words), number)) for words, number in today]
    return _table(_("Members"), (_column(_("Members")), _column(_("Persons"), "number")), rows)


def dues_table(figures: CommunityFigures) -> BookPaper:
    columns = (_column(_("Item")), _column(_("Baht"), "baht"), _column(_("A year before"), "baht"))
    rows = [BookRow((in_both(_("Members' contributions paid in")), *figures.dues), is_strong=True)]
    return _table(_("Contributions"), columns, rows)


def sheets_table(figures: CommunityFigures, today: date) -> BookPaper:
    """Sheet by sheet what was collected, and what of it is still out and for how many days."""
    rows = [found for row in figures.sheets for found in _sheet_rows(row, today)]
    total = in_both(_("Not accepted yet"))
    rows.append(BookRow((total, "", None, figures.cash_out, None, None, None), is_strong=True))
    columns = (
        _column(_("Sheet"), "code"),
        _column(_("Collector")),
        _column(_("Members"), "number"),
        _column(_("Baht"), "baht"),
        _column(_("Handed in"), "date"),
        _column(_("Accepted"), "date"),
        _column(_("Days"), "number"),
    )
    note = _(
        "Baht: by the receipts that held when the money was handed over; where something else was counted it stands"
        " beneath. Days: since the oldest money was taken that the treasurer has not accepted yet."
    )
    return _table(_("Collection sheets and cash"), columns, rows, in_both(note))


def _sheet_rows(row: SheetMoney, today: date) -> Iterator[BookRow]:
    """The sheet, and beneath it what was counted where that was another sum."""
    days = (today - row.oldest).days if row.is_out and row.oldest else None
    sheet, name = row.sheet, row.sheet.collector.display_name
    yield BookRow((sheet.label, name, row.members, row.baht, sheet.submitted_on, sheet.accepted_on, days))
    if row.counted not in (None, row.baht):
        yield BookRow((sheet.label, in_both(_("Counted")), None, row.counted, None, sheet.accepted_on, None))


def claims_table(figures: CommunityFigures) -> BookPaper:
    """Claims on their way, by state."""
    rows = [BookRow((in_both(ClaimState(state).label), n, baht)) for state, (n, baht) in figures.under_way.items()]
    columns = (_column(_("State")), _column(_("Claims"), "number"), _column(_("Baht"), "baht"))
    return _table(_("Claims under way today"), columns, rows)


def paid_table(figures: CommunityFigures) -> BookPaper:
    """What was paid to members of the community in the span."""
    rows = [BookRow((kind.name, kind.persons, kind.times, kind.baht)) for kind in figures.kinds]
    columns = (
        _column(_("Kind of welfare")),
        _column(_("Persons"), "number"),
        _column(_("Times"), "number"),
        _column(_("Baht"), "baht"),
    )
    return _table(_("Welfare paid"), columns, rows)


def next_steps(figures: CommunityFigures) -> Iterator[Step]:
    """What waits for the leader, in the order in which she does it."""
    standing = figures.standing
    if standing is not None and standing.to_tell:
        words = _("Tell %(count)s members of their arrears.")
        yield Step(in_both(words, count=f"{standing.to_tell:,}"), "welfare:notices")
    for row in figures.sheets:
        if row.sheet.state == row.sheet.State.DRAFT:
            told = {"sheet": row.sheet.label, "baht": format_baht(row.baht)}
            yield Step(in_both(_("Hand in sheet %(sheet)s: %(baht)s baht so far."), **told), "contributions:sheets")
    drafts = figures.under_way[ClaimState.DRAFT.value][0]
    if drafts:
        yield Step(in_both(_("Finish or correct %(count)s claims."), count=drafts), "welfare:to_correct")
    claims, baht, _since = figures.on_the_way
    if claims:
        told = {"count": claims, "baht": format_baht(baht)}
        words = _("Bring back the signed slips of %(count)s claims, %(baht)s baht.")
        yield Step(in_both(words, **told), "welfare:deliveries")
    if figures.next_meeting is not None:
        meeting = meeting_words(figures.next_meeting)
        title = in_both(_("Next meeting:"))
        yield Step(Words(f"{title.th} {meeting.th}", f"{title.en} {meeting.en}"))


def steps_table(steps: list[Step]) -> BookPaper:
    rows = [BookRow((step.words,)) for step in steps]
    return _table(_("Next steps"), (_column(_("What to do")),), rows)

"""The papers of a collection: the sheet to fill in by hand (names, houses, amounts, no IDs) and the hand-over slip."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.papers import Column, FundHead, ListPaper, Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.thai_dates import format_date
from contributions.handing_over import DENOMINATIONS
from contributions.models import CollectionSheet
from contributions.queries import SheetRow
from contributions.queries.sheets import expected_of, members_handed_over
from ledger.models import Entry
from ledger.papers import fund_head
from members.models import Fund


def sheet_paper(
    sheet: CollectionSheet, rows: Sequence[SheetRow], fund: Fund, receipts: Mapping[int, str] | None = None
) -> ListPaper:
    """บัญชีเก็บเงินสมทบ: a draft lists who owes, with empty columns for the hand; a submitted one who paid.

    The rows have their line codes. `receipts`: what to write in the column of receipts, by the members' keys.
    """
    receipts = receipts or {}
    is_draft = sheet.state == CollectionSheet.State.DRAFT
    shown = [row for row in rows if row.line or (is_draft and row.owed)]
    total = sum(row.line.baht for row in shown if row.line)
    return ListPaper(
        fund=fund_head(fund),
        title=_words(lambda: f"{_('Collection sheet')} {sheet.label}"),
        subtitle=Words(sheet.community.name_th, sheet.community.name_en),
        columns=_columns(),
        rows=tuple(_row(row, receipts.get(row.member.pk, "")) for row in shown),
        amounts=tuple(row.line.baht if row.line else ZERO for row in shown) if total else (),
        totals=("", "", _words(lambda: _("Total")), "", "", format_baht(total) if total else "", "", ""),
        note=_words(lambda: _(NOTE)) if is_draft else "",
        landscape=True,
        signatures=(
            Signature(_words(lambda: _("Collector")), sheet.collector.display_name),
            Signature(_words(lambda: _("Treasurer"))),
        ),
    )


def render_sheet(paper: ListPaper, language: Language = "th") -> bytes:
    """Return the PDF of a sheet: larger letters than other lists, and rows high enough to write by hand."""
    title = paper.title.in_language(language) if isinstance(paper.title, Words) else str(paper.title)
    html = draw_paper("pdf/list.html", {"paper": paper, "paper_title": title}, paper.fund, language)
    return render_pdf(
        html, title=title, language=language, stylesheets=(*PAPER_STYLESHEETS, "pdf/collection_sheet.css")
    )


NOTE = gettext_noop(
    "Write the sum, the day and the number of the paper receipt. Who types the paper in goes by the code of the line."
)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_words(lambda: _("Line code")), 1, figures=True),
        Column(_words(lambda: _("Member no.")), 2, figures=True),
        Column(_words(lambda: _("Name")), 5),
        Column(_words(lambda: _("House no.")), 2),
        Column(_words(lambda: _("Owed")), 2, figures=True),
        Column(_words(lambda: _("Paid")), 2, figures=True),
        Column(_words(lambda: _("Day")), 3),
        Column(_words(lambda: _("Paper receipt no.")), 3),
    )


def _row(row: SheetRow, receipt: str) -> tuple[object, ...]:
    house = row.member.household.house_number if row.member.household else ""
    paid = format_baht(row.line.baht) if row.line else ""
    day = format_date(row.line.paid_on, "short", "th") if row.line else ""
    owed = format_baht(row.owed) if row.owed else ""
    return (row.code_label, str(row.member.number), row.member.full_name, house, owed, paid, day, receipt)


# --- the hand-over slip -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlipLine:
    """What the money on the slip is of: a sheet with what it says was collected, or cash from before the books."""

    label: str
    community: Words
    members: int | None
    expected: Decimal


@dataclass(frozen=True, slots=True)
class HandOverSlip:
    """ใบนำส่งเงิน: the sheets of one collector, what was counted, both signatures.

    `counted` is None before the treasurer has counted: then the slip has room to write. `pieces`: each note and coin
    with how many of it there were, None where that was not written down.
    """

    fund: FundHead
    collector: str
    lines: tuple[SlipLine, ...]
    pieces: tuple[tuple[str, int | None, Decimal | None], ...]
    counted: Decimal | None = None
    reason: str = ""
    counter: str = ""
    day: date | None = None
    agreed_on: date | None = None

    @property
    def expected(self) -> Decimal:
        return sum((line.expected for line in self.lines), ZERO)

    @property
    def difference(self) -> Decimal:
        return (self.counted or ZERO) - self.expected


def hand_over_slip(sheets: Sequence[CollectionSheet], fund: Fund) -> HandOverSlip:
    """The slip of sheets of one collector that were handed in; of one alone also what was counted."""
    lines = tuple(
        SlipLine(
            sheet.label,
            Words(sheet.community.name_th, sheet.community.name_en),
            members_handed_over(sheet),
            expected_of(sheet),
        )
        for sheet in sheets
    )
    one = sheets[0]
    plain = {"fund": fund_head(fund), "collector": one.collector.display_name, "lines": lines}
    if len(sheets) > 1 or one.counted is None:
        return HandOverSlip(**plain, pieces=_pieces({}))
    return HandOverSlip(
        **plain,
        pieces=_pieces(one.notes_and_coins),
        counted=one.counted,
        reason=one.difference_reason,
        counter=one.accepted_by.display_name if one.accepted_by else "",
        day=one.accepted_on,
        agreed_on=localtime(one.collector_agreed_at).date() if one.collector_agreed_at else None,
    )


def taken_slip(entry: Entry, fund: Fund) -> HandOverSlip:
    """The slip of cash that a collector held at the cut-over and handed over since: what was taken in, not by piece."""
    line = entry.lines.select_related("credit__holder").get()
    about = _words(lambda: _("Cash from before the cut-over day"))
    return HandOverSlip(
        fund=fund_head(fund),
        collector=line.credit.holder.display_name,
        lines=(SlipLine(f"# {entry.number}", about, None, line.amount),),
        pieces=_pieces({}),
        counted=line.amount,
        counter=entry.posted_by.display_name if entry.posted_by else "",
        day=entry.date,
    )


def _pieces(counted: Mapping[str, int]) -> tuple[tuple[str, int | None, Decimal | None], ...]:
    return tuple(
        (piece, counted.get(piece), Decimal(piece) * counted[piece] if piece in counted else None)
        for piece in DENOMINATIONS
    )


def render_slip(slip: HandOverSlip, language: Language = "th") -> bytes:
    """Return the PDF, one A4 page for each party: the treasurer files one, the collector keeps the other."""
    with override("en" if language == "en" else "th"):
        title = f"{_('Hand-over slip')} {slip.lines[0].label}"
    html = draw_paper("pdf/hand_over_slip.html", {"slip": slip, "paper_title": title}, slip.fund, language)
    return render_pdf(html, title=title, language=language, stylesheets=SLIP_STYLESHEETS)


SLIP_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/hand_over.css")


def _words(say: Callable[[], str]) -> Words:
    said = {}
    for language in ("th", "en"):
        with override(language):
            said[language] = say()
    return Words(said["th"], said["en"])

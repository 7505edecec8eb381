"""The register of all numbers as a sheet and on paper, and the list of voids that a meeting sees."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.papers import Column as PaperColumn
from bansong_fund.lib.papers import ListPaper, Signature, draw_paper, render_list
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.sheets import XLSX, Column, write_sheet
from bansong_fund.lib.thai_dates import active_language, format_date
from ledger.models import DocumentVoid, Receipt
from ledger.receipt_numbers import NumbersOfYear, number_rows, numbers_of_year, told
from ledger.void_list import Undone, VoidPaper
from members.clock import today_of
from members.fund_head import fund_head
from members.models import Fund
from office.batches import batch
from office.jobs import JobRun, job_kind

NUMBERS = "receipt-numbers"
PDF, SHEET = "pdf", "xlsx"
CONTENT_TYPES = {PDF: "application/pdf", SHEET: XLSX}
AT_ONCE = {PDF: 200, SHEET: 5_000}  # rows that a page makes within a second or two; more are the worker's
MOST_ROWS = {PDF: 20_000, SHEET: 1_000_000}
ROWS_OF_A_PART = 400

Step = Callable[[int], None]


def numbers_file(year_be: int, which: str, form: str, fund: Fund, step: Step = lambda _done: None) -> bytes:
    """The register of a year as "pdf" or "xlsx", in the active language; `step` hears how many rows are done."""
    rows = told(number_rows(year_be, which), step)
    summary = numbers_of_year(year_be)
    return _pdf(rows, summary, which, fund) if form == PDF else _sheet(rows, summary, fund)


def file_name(year_be: int, which: str, form: str) -> str:
    return f"receipt-numbers-{year_be}{'-' + which if which else ''}.{form}"


@job_kind(NUMBERS, gettext_lazy("Register of receipt numbers"))
def make_numbers_file(run: JobRun) -> None:
    """A long register, by the worker."""
    year_be, which, form = (run.parameters[name] for name in ("year_be", "which", "form"))
    total, fund = number_rows(year_be, which).order_by().count(), Fund.objects.get()
    name = file_name(year_be, which, form)
    if form == SHEET:
        content = numbers_file(year_be, which, form, fund, lambda done: run.step(done, total=total))
        run.finish(name, content, CONTENT_TYPES[form])
        return
    papers = _drawn(number_rows(year_be, which), numbers_of_year(year_be), which, fund)
    batch(run, papers, total=total, name=name, title=_title(year_be), language=_language())


# --- words ------------------------------------------------------------------------------------------------


def in_sum(summary: NumbersOfYear) -> str:
    """ "2563/000001–003812: 3,805 in force of 1,388,825.00 baht, 7 void, no number missing"."""
    if not summary.last:
        return _("No receipt was issued in %(year)s.") % {"year": summary.year_be}
    message = _("%(first)s–%(last)06d: %(in_force)s in force of %(baht)s baht, %(void)s void")
    said = message % {
        "first": f"{summary.year_be}/000001",
        "last": summary.last,
        "in_force": f"{summary.in_force:,}",
        "baht": format_baht(summary.baht),
        "void": f"{summary.void:,}",
    }
    return f"{said}, {missing_words(summary)}"


def missing_words(summary: NumbersOfYear) -> str:
    if not summary.missing:
        return _("no number missing")
    return _("missing: %(numbers)s") % {"numbers": ", ".join(map(str, summary.missing))}


def void_words(void: DocumentVoid | Undone | None) -> str:
    """ "Void 5 Nov 2563: wrong person (Somsri, Somchai)", empty for a paper in force."""
    if void is None:
        return ""
    people = [person.display_name for person in (void.voided_by, void.second_person) if person]
    words = {"day": format_date(void.voided_on, "short"), "reason": void.reason, "people": ", ".join(people)}
    return _("Void %(day)s: %(reason)s (%(people)s)") % words


def _void_of(receipt: Receipt) -> DocumentVoid | None:
    return getattr(receipt, "void", None)


# --- files ------------------------------------------------------------------------------------------------


def _sheet(rows: Iterable[Receipt], summary: NumbersOfYear, fund: Fund) -> bytes:
    out = io.BytesIO()
    columns = [
        Column(_("Book/no."), "code"),
        Column(_("Date"), "date"),
        Column(_("Received from"), width=32),
        Column(_("What for"), width=22),
        Column(_("Baht"), "baht"),
        Column(_("Baht in force"), "baht", total=True),
        Column(_("Void"), width=50),
    ]
    cells = (_cells(receipt) for receipt in rows)
    above = [local_name(fund), _title(summary.year_be), in_sum(summary)]
    write_sheet(out, name=_("Receipts"), columns=columns, rows=cells, above=above, landscape=True)
    return out.getvalue()


def _cells(receipt: Receipt) -> list[Any]:
    void = _void_of(receipt)
    in_force = 0 if void else receipt.total
    kind = receipt.get_kind_display()
    return [receipt.label, receipt.date, receipt.party_name, kind, receipt.total, in_force, void_words(void)]


def _title(year_be: int) -> str:
    return _("Register of receipt numbers of %(year)s") % {"year": year_be}


def _pdf(rows: Iterable[Receipt], summary: NumbersOfYear, which: str, fund: Fund) -> bytes:
    return render_papers(_drawn(rows, summary, which, fund), title=_title(summary.year_be), language=_language())


def _drawn(rows: Iterable[Receipt], summary: NumbersOfYear, which: str, fund: Fund) -> Iterator[Drawn]:
    """One paper, or of a long register several."""
    left, brought = iter(rows), ZERO
    parts: list[tuple[Receipt, ...]] = []
    while (part := tuple(islice(left, ROWS_OF_A_PART))) or not parts:
        parts.append(part)
    for place, part in enumerate(parts, start=1):
        paper = _paper(part, summary, which, fund, (place, len(parts)))
        shown = replace(paper, brought=brought if place > 1 else None)
        context = {"paper": shown, "paper_title": shown.title}
        yield Drawn(draw_paper("pdf/list.html", context, shown.fund, _language()), len(part))
        brought += sum(paper.amounts, ZERO)


def _paper(
    receipts: tuple[Receipt, ...], summary: NumbersOfYear, which: str, fund: Fund, part: tuple[int, int]
) -> ListPaper:
    signatures = (Signature(_("Treasurer")), Signature(_("Auditor"))) if part[0] == part[1] else ()
    said = [in_sum(summary), _("As of %(day)s") % {"day": format_date(today_of(fund))}]
    if which:
        said.append(_("void receipts only"))
    if part[1] > 1:
        said.append(_("part %(part)d of %(parts)d") % {"part": part[0], "parts": part[1]})
    return ListPaper(
        fund=fund_head(fund),
        title=_title(summary.year_be),
        subtitle=" · ".join(said),
        columns=(
            PaperColumn(_("Book/no."), 3),
            PaperColumn(_("Date"), 3),
            PaperColumn(_("Received from"), 7),
            PaperColumn(_("Baht"), 3, figures=True),
            PaperColumn(_("Void"), 5),
        ),
        rows=tuple(_paper_cells(receipt) for receipt in receipts),
        amounts=tuple(ZERO if _void_of(receipt) else receipt.total for receipt in receipts),
        goes_on=part[0] < part[1],
        signatures=signatures,
    )


def _language() -> Language:
    return "en" if active_language() == "en" else "th"


def _paper_cells(receipt: Receipt) -> tuple[str, ...]:
    return (
        receipt.label,
        format_date(receipt.date, "short"),
        receipt.party_name,
        format_baht(receipt.total),
        void_words(_void_of(receipt)),
    )


# --- voids for a meeting ----------------------------------------------------------------------------------


def void_list_pdf(voids: list[VoidPaper], since: date | None, fund: Fund) -> bytes:
    """The voids that the committee has not seen yet, to be signed in the meeting."""
    span = _("Since the meeting of %(day)s") % {"day": format_date(since)} if since else _("Since the beginning")
    paper = ListPaper(
        fund=fund_head(fund),
        title=_("Papers made void"),
        subtitle=f"{span} · {_('As of %(day)s') % {'day': format_date(today_of(fund))}}",
        columns=(
            PaperColumn(_("Paper"), 6),
            PaperColumn(_("Name"), 5),
            PaperColumn(_("Baht"), 3, figures=True),
            PaperColumn(_("Void"), 6),
        ),
        rows=tuple(
            (f"{row.kind_name} {row.label}", row.party_name, format_baht(row.total), void_words(row.void))
            for row in voids
        ),
        totals=("", _("Total"), format_baht(sum(row.total for row in voids)), ""),
        signatures=(Signature(_("Treasurer")), Signature(_("Chair"))),
    )
    return render_list(paper, _language())

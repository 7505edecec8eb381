"""The files of an auditor's pack: one PDF whose first page says where each thing stands, or a book of sheets.

The worker draws the tables, for which it needs the database; children lay out their parts, so that memory is bounded
by a part. The first page comes last: only then it is known on which page each table begins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import Language, bind_into, render_pdf
from bansong_fund.lib.sheets import Column, Part, write_book
from bansong_fund.lib.thai_dates import format_moment
from ledger.book_papers import STYLESHEETS as BOOK_STYLESHEETS
from ledger.book_papers import carried_rows, draw_rows, in_both, parts_of_rows, sheet_columns, sheet_rows, signatures
from ledger.spans import spoken
from members.clock import today_of
from members.fund_head import fund_head
from members.models import Fund
from office.batches import Crew
from office.job_files import told_when_full
from office.jobs import JobRun, job_kind
from reports.audit.pack import AUDIT_PACK, PDF, Pack, PackOrder, Section, order_of, put_together
from reports.audit.rows import FIRST_FEW, Found
from reports.fingerprints import record_printing
from reports.sheet_names import sheet_name
from reports.words import SpokenDay
from reports.words import in_both as said

STYLESHEETS = (*BOOK_STYLESHEETS, "pdf/audit.css")
ROWS_BETWEEN_STEPS = 500
Pages = Mapping[str, int]


@job_kind(AUDIT_PACK, gettext_lazy("Auditor's pack"))
def make_audit_pack(run: JobRun) -> None:
    """Exceptions and proof first, then the pages or sheets; from then on the fingerprint is out in the world."""
    fund, by = Fund.objects.get(), run.job.requested_by
    today = today_of(fund)
    order = order_of(run.parameters, fund, today)
    with run.long_step():
        pack = put_together(order, fund, today=today, by=by)
    total = sum(section.rows for section in pack.sections)
    run.step(0, total=total)
    path = bound(run, pack, order) if order.form == PDF else book_of_sheets(run, pack, order)
    record_printing(pack.seal, paper=order.file_name[:60], by=by, now=timezone.now())
    run.finish(order.file_name, path, order.content_type)
    run.step(total, total=total)


# --- the PDF ----------------------------------------------------------------------------------------------


def bound(run: JobRun, pack: Pack, order: PackOrder) -> Path:
    """The whole pack as one PDF in the run's folder."""
    language, out = order.language, run.folder() / "pack.pdf"
    with Crew(run) as crew:
        files = {section.code: _begin(crew, run, section, pack, language) for section in _printed(pack)}
        crew.await_all()
        lengths = {code: sum(map(_length, parts)) for code, parts in files.items()}
        front = run.folder() / "front.pdf"
        with told_when_full():
            front.write_bytes(_front(pack, {}, language))  # a page number has its room, so it is as long as the last
            front.write_bytes(_front(pack, _first_pages(_length(front), lengths), language))
        order_of_files = [front, *(path for parts in files.values() for path in parts)]
        sides = [path for path in order_of_files for _page in range(_length(path))]
        landscape = {path for section in _printed(pack) if section.paper.is_landscape for path in files[section.code]}
        shapes = [path in landscape for path in sides]
        crew.begin(partial(_bind, order_of_files, out, pack, shapes, language))
        crew.await_all()
    return out


def _printed(pack: Pack) -> list[Section]:
    return [section for section in pack.sections if section.rows and not section.is_too_long]


def _begin(crew: Crew, run: JobRun, section: Section, pack: Pack, language: Language) -> list[Path]:
    """Have the parts of a table laid out, and say into which files."""
    files = []
    title = section.paper.name.in_language("en" if language == "en" else "th")
    for place, rows in enumerate(parts_of_rows(carried_rows(section.paper, language))):
        files.append(run.folder() / f"{section.code}-{place:05d}.pdf")
        html = draw_rows(section.paper, rows, pack.fund, language, is_first=place == 0)
        crew.begin(partial(_lay_out, html, title, language, files[-1]), count=sum(not row.is_strong for row in rows))
    return files


def _lay_out(html: str, title: str, language: Language, path: Path) -> None:
    path.write_bytes(render_pdf(html, title=title, language=language, stylesheets=BOOK_STYLESHEETS))


def _bind(files: Sequence[Path], out: Path, pack: Pack, shapes: Sequence[bool], language: Language) -> None:
    numbers = partial(_page_numbers, shapes, pack, language)
    with out.open("wb") as file:
        bind_into(file, files, title=pack.title(language), language=language, page_numbers=numbers)


def _page_numbers(shapes: Sequence[bool], pack: Pack, language: Language, _count: int) -> bytes:
    """Pages with nothing but their numbers, and that the pack is provisional; each as its page lies."""
    head = replace(fund_head(pack.fund), demonstration=False)
    context = {"shapes": shapes, "title": pack.name, "is_provisional": pack.is_provisional}
    html = draw_paper("pdf/audit_numbers.html", context, head, language)
    return render_pdf(html, title=str(len(shapes)), language=language, stylesheets=STYLESHEETS)


def _length(path: Path) -> int:
    with pikepdf.open(path) as document:
        return len(document.pages)


def _first_pages(front: int, lengths: Mapping[str, int]) -> dict[str, int]:
    """On which page each table begins."""
    pages, page = {}, front + 1
    for code, length in lengths.items():
        pages[code], page = page, page + length
    return pages


def _front(pack: Pack, pages: Pages, language: Language) -> bytes:
    html = draw_paper("pdf/audit.html", front_context(pack, pages), fund_head(pack.fund), language)
    return render_pdf(html, title=pack.title(language), language=language, stylesheets=STYLESHEETS)


def front_context(pack: Pack, pages: Pages) -> dict[str, Any]:
    """What the first pages say: every sort of exceptions, the verdict, what is where, who signs."""
    return {
        "paper_title": pack.title("th"),
        "is_part": True,
        "span_words": in_both(lambda: spoken(pack.span)),
        "is_provisional": pack.is_provisional,
        "level": in_both(lambda: str(pack.fund.get_controls_display())),
        "verdict": pack.verdict,
        "verdict_words": in_both(lambda: verdict_words(pack)),
        "problems": _problems(pack),
        "seal": pack.seal,
        "groups": [(said(group.title), [_line(found, pages) for found in sorts]) for group, sorts in pack.groups],
        "contents": [_entry(section, pages) for section in pack.sections],
        "made_on": SpokenDay(today_of(pack.fund)),
        "signatures": signatures(),
    }


def verdict_words(pack: Pack) -> str:
    """What `check_ledger` found, and when."""
    told = pack.verdict.details
    facts = {"when": format_moment(pack.verdict.acted_at), "entries": f"{told['entries']:,}"}
    if told["problems"]:
        return _("The books do not hold: on %(when)s the check found %(count)s faults.") % {
            "when": facts["when"],
            "count": len(told["problems"]),
        }
    return _("The books hold: %(entries)s entries and %(lines)s lines, checked on %(when)s.") % {
        **facts,
        "lines": f"{told['lines']:,}",
    }


def _problems(pack: Pack) -> list[Words]:
    kept = pack.verdict.details["problems"]
    return [Words(one["th"], one["en"]) if isinstance(one, dict) else Words(one) for one in kept[:FIRST_FEW]]


def _line(found: Found, pages: Pages) -> dict[str, Any]:
    return {
        "title": said(found.sort.title),
        "count": found.count,
        "baht": found.baht if found.count and found.sort.has_baht else None,
        "first": [words for words, _address in found.first_few],
        "has_more": found.has_more,
        "page": pages.get(found.sort.code, ""),
    }


def _entry(section: Section, pages: Pages) -> dict[str, Any]:
    return {
        "title": section.paper.title,
        "rows": section.rows,
        "page": pages.get(section.code, ""),
        "is_too_long": section.is_too_long,
    }


# --- the sheets -------------------------------------------------------------------------------------------


def book_of_sheets(run: JobRun, pack: Pack, order: PackOrder) -> Path:
    """The same tables as one XLSX, a sheet for each; the exceptions in sum come first."""
    language = "en" if order.language == "en" else "th"
    out = run.folder() / "pack.xlsx"
    with override(language), told_when_full(), out.open("wb") as file:
        write_book(file, _parts(run, pack, language))
    return out


def _parts(run: JobRun, pack: Pack, language: str) -> Iterator[Part]:
    yield _sums(pack, language)
    done = 0
    for section in pack.sections:
        if section.rows:
            paper = section.paper
            title = paper.title.in_language(language)
            above = [fund_head(pack.fund).name.in_language(language), title, paper.subtitle.in_language(language)]
            above += _provisional(pack)
            rows = _reported(run, sheet_rows(paper, language), done)
            name = sheet_name(paper.title, language)
            yield Part(name, sheet_columns(paper, language), rows, above, paper.is_landscape)
            done += section.rows


def _reported(run: JobRun, rows: Iterable[list[Any]], done: int) -> Iterator[list[Any]]:
    for place, row in enumerate(rows, start=1):
        if place % ROWS_BETWEEN_STEPS == 0:
            run.step(done + place)
        yield row


def _sums(pack: Pack, language: str) -> Part:
    columns = [
        Column(_("Group"), width=26),
        Column(_("What"), width=48),
        Column(_("Cases"), "count"),
        Column(_("Baht"), "baht"),
        Column(_("The first"), width=60),
    ]
    rows = [
        [str(group.title), str(found.sort.title), found.count, line["baht"], _told(line, language)]
        for group, sorts in pack.groups
        for found in sorts
        for line in [_line(found, {})]
    ]
    head = [fund_head(pack.fund).name.in_language(language), pack.title(language), verdict_words(pack)]
    return Part(_("What to look at first"), columns, rows, head + _provisional(pack), landscape=True)


def _provisional(pack: Pack) -> list[str]:
    """What stands over every sheet of a pack that may yet change."""
    return [_("Provisional")] if pack.is_provisional else []


def _told(line: dict[str, Any], language: str) -> str:
    numbers = [words.in_language(language) for words in line["first"]]
    return ", ".join([*numbers, "…"] if line["has_more"] else numbers)

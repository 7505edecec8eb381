"""Members as CODI counts them: the page, each table as a sheet, all of them as a paper, and who can be matched."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.papers import draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.sheets import XLSX, Column, sheet_bytes
from bansong_fund.lib.thai_dates import active_language, be_year, format_date
from contributions.queries import last_cutoff
from ledger.papers import fund_head
from ledger.periods import fund_year_bounds
from members.models import Fund, Member
from members.types import MEMBER_TYPES
from office.reading import log_reading
from reports.count_tables import count_tables, sheet_rows, table_named
from reports.figures.counts import MemberCounts, matchable_members, member_counts
from reports.forms import CountsForm
from reports.sheet_names import sheet_name
from reports.words import SpokenDay, in_both

LANGUAGES = ("th", "en", "both")
TITLE = gettext_lazy("Member counts")
STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/members.css")


@require_safe
def counts_page(request: HttpRequest) -> HttpResponse:
    """GET /member-counts/?day=2020-09-30&year=2563: every table, and where each can be had as a file."""
    if request.fund is None:
        return redirect("reports:home")
    form, counts = _asked(request)
    if not request.GET:
        form = CountsForm(
            today=request.today,
            fund=request.fund,
            initial={"day": counts.day, "year": be_year(counts.cutoff_on)},
        )
    context = {
        "form": form,
        "counts": counts,
        "tables": count_tables(counts),
        "quick_days": _quick_days(request.today, request.fund),
        "query": _query(counts),
        "languages": LANGUAGES,
    }
    return render(request, "reports/counts.html", context)


def _asked(request: HttpRequest) -> tuple[CountsForm, MemberCounts]:
    form = CountsForm(request.GET, today=request.today, fund=request.fund)
    day, cutoff_on = form.asked()
    return form, member_counts(day, cutoff_on, request.fund)


def _query(counts: MemberCounts) -> str:
    return urlencode({"day": counts.day.isoformat(), "year": be_year(counts.cutoff_on)})


def _quick_days(today: date, fund: Fund) -> list[tuple[str, date]]:
    """Today, the last 30 September, the end of the last fund year; those before the founding are left out."""
    year_end = fund_year_bounds(today, fund.fund_year_start_month)[0] - timedelta(days=1)
    days = [
        (_("Today"), today),
        (_("Last 30 September"), last_cutoff(today)),
        (_("End of the last fund year"), year_end),
    ]
    return [(word, day) for word, day in days if day >= fund.founded_on]


@require_safe
def counts_sheet(request: HttpRequest, table: str) -> HttpResponse:
    """GET /member-counts/<table>.xlsx: one table as a sheet."""
    _form, counts = _asked(request)
    found = table_named(count_tables(counts), table)
    if found is None:
        raise Http404
    language = active_language()
    first, *others = [words.in_language(language) for words in found.head]
    title = found.title.in_language(language)
    book = sheet_bytes(
        name=sheet_name(found.title, language),
        columns=[Column(first, width=34), *(Column(heading, "count", width=16) for heading in others)],
        rows=sheet_rows(found, language),
        above=[local_name(request.fund), f"{title}, {format_date(counts.day)}"],
        landscape=len(found.head) > 5,
    )
    return _file(book, XLSX, f"{_file_name(counts)}-{table}.xlsx")


@require_safe
def counts_pdf(request: HttpRequest, language: str) -> HttpResponse:
    """GET /member-counts/<th|en|both>.pdf: all tables on paper."""
    if language not in LANGUAGES:
        raise Http404
    _form, counts = _asked(request)
    return _file(
        counts_paper(counts, request.fund, language), "application/pdf", f"{_file_name(counts)}-{language}.pdf"
    )


def counts_paper(counts: MemberCounts, fund: Fund, language: Language) -> bytes:
    """The PDF of all tables of a day."""
    title = in_both(TITLE).in_language("en" if language == "en" else "th")
    tables = count_tables(counts)
    context: dict[str, Any] = {"tables": tables, "day": SpokenDay(counts.day), "paper_title": title}
    html = draw_paper("pdf/member_counts.html", context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


@require_safe
def matchable_sheet(request: HttpRequest) -> HttpResponse:
    """GET /member-counts/matchable/list.xlsx: who had a full year and was matched fewer than three times, by name."""
    _form, counts = _asked(request)
    members = matchable_members(counts.day, counts.cutoff_on, request.fund).order_by("matches", "number")
    log_reading(request.user, kind="member", id=0, name=_("Members matched fewer than three times"), what="export")
    title = _("Members matched fewer than three times")
    book = sheet_bytes(
        name=_("Matched fewer than three times"),
        columns=_list_columns(),
        rows=_list_rows(members),
        above=[local_name(request.fund), f"{title}, {format_date(counts.cutoff_on)}"],
    )
    return _file(book, XLSX, f"{_file_name(counts)}-matchable.xlsx")


def _list_columns() -> list[Column]:
    return [
        Column(_("Member no."), "count"),
        Column(_("Name"), width=34),
        Column(_("Community")),
        Column(_("Type")),
        Column(_("Date of joining"), "date"),
        Column(_("Times matched"), "count"),
    ]


def _list_rows(members: QuerySet[Member]) -> Iterator[list[object]]:
    for member in members.iterator():
        place, kind = local_name(member.community), str(MEMBER_TYPES[member.kind])
        yield [member.number, member.full_name, place, kind, member.joined_on, member.matches]


def _file_name(counts: MemberCounts) -> str:
    return f"member-counts-{be_year(counts.day)}{counts.day:-%m-%d}"


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

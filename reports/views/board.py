"""The notice board: for the fund's people with its sheets to print, and its public page, which names nobody."""

from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.spans import Span
from members.queries import visible_communities
from office.jobs import start_job
from office.models import User
from reports.figures.board import Board, Sheet, board_of
from reports.jobs import NOTICE_BOARDS
from reports.notice_board import (
    board_pdf,
    board_tables,
    leg_rows,
    meeting_words,
    month_asked,
    month_words,
    months_of_board,
    public_kinds,
    sheet_name,
    sheet_rows,
    short_baht,
    since_words,
)
from reports.table_papers import tables_sheet

PUBLIC_MONTHS = 12
KEPT_SECONDS = 600  # the public page counts a month anew at most once in ten minutes
KEPT_AS = "notice-board-1"  # a new number where what is kept changes its shape


def _month(request: HttpRequest) -> tuple[Span, list[Any]]:
    """The month asked for, and those there are."""
    if request.fund is None:
        raise Http404
    months = months_of_board(request.fund, request.today)
    asked = month_asked(request.GET.get("month", ""), months, today=request.today)
    if asked is None:
        raise Http404
    return asked, months


def _visible_sheets(board: Board, user: User) -> list[Sheet]:
    """The whole fund's sheet, and those of the communities whose people the user may see."""
    seen = set(visible_communities(user).values_list("pk", flat=True))
    return [board.fund, *(sheet for sheet in board.communities if sheet.community.pk in seen)]


def _one_of(sheets: list[Sheet], number: str) -> Sheet:
    """The sheet of "4", or of the whole fund for "0"; what the user may not see is not there."""
    for sheet in sheets:
        if str(sheet.community.number if sheet.community else 0) == number:
            return sheet
    raise Http404


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """GET /notice-board/?month=2020-10&community=4: a sheet as it will hang, and its files."""
    if request.fund is None:
        return redirect("reports:home")
    month, months = _month(request)
    found = board_of(month, request.fund, today=request.today)
    sheets = _visible_sheets(found, request.user)
    own = sheets[1].community.number if len(sheets) == 2 else 0  # a leader's own community first
    shown = _one_of(sheets, request.GET.get("community", str(own)))
    context = _sheet_context(found, shown) | {
        "months": months,
        "choices": [(sheet.community.number if sheet.community else 0, sheet_name(sheet)) for sheet in sheets],
        "query": f"month={month.first:%Y-%m}",
        "form": RequestForm(),
        "public_url": reverse("reports:public_board") if request.fund.notice_board_is_public else "",
    }
    return render(request, "reports/board.html", context)


def _sheet_context(found: Board, shown: Sheet, *, is_public: bool = False) -> dict[str, Any]:
    return {
        "board": found,
        "sheet": shown,
        "number": shown.community.number if shown.community else 0,
        "name": sheet_name(shown),
        "rows": sheet_rows(shown, names_kinds=not is_public or shown in public_kinds(found)),
        "legs": leg_rows(found),
        "month": month_words(found),
        "since": since_words(found),
        "money": short_baht(found.money),
        "meeting": meeting_words(found.next_meeting),
    }


@require_safe
def board_sheet_pdf(request: HttpRequest, number: int) -> HttpResponse:
    """GET /notice-board/4.pdf?month=2020-10&language=both: one sheet, straight; 0 is the whole fund."""
    month, _months = _month(request)
    found = board_of(month, request.fund, today=request.today)
    shown = _one_of(_visible_sheets(found, request.user), str(number))
    pdf = board_pdf(found, [shown], request.fund, paper_language(request), today=request.today)
    return as_pdf(pdf, f"notice-board-{month.first:%Y-%m}-{number}")


@require_safe
def board_xlsx(request: HttpRequest) -> HttpResponse:
    """GET /notice-board.xlsx?month=2020-10: the figures of every sheet that the user may see."""
    month, _months = _month(request)
    found = board_of(month, request.fund, today=request.today)
    paper = board_tables(found, _visible_sheets(found, request.user), today=request.today)
    headers = {"Content-Disposition": f'attachment; filename="notice-board-{month.first:%Y-%m}.xlsx"'}
    return HttpResponse(tables_sheet(paper, request.fund, active_language()), content_type=XLSX, headers=headers)


@require_POST
def all_sheets(request: HttpRequest) -> HttpResponse:
    """POST /notice-board/all/?month=2020-10&language=both: every sheet in one PDF, by the worker."""
    month, _months = _month(request)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return redirect("reports:notice_board")
    parameters = {"month": month.first.isoformat(), "paper_language": paper_language(request)}
    request_id = form.cleaned_data["request_id"]
    job = start_job(NOTICE_BOARDS, parameters, by=request.user, now=request.now, request_id=request_id)
    return redirect("office:job", job_id=job.pk)


# --- for everybody ----------------------------------------------------------------------------------------


@never_cache
@require_safe
def public_board(request: HttpRequest, number: int = 0) -> HttpResponse:
    """GET /board/, /board/4/?month=2020-09: open without login where the fund has it so; else it is not there.

    Only months that are over: from one day to the next a running month would tell of single payments.
    """
    if request.fund is None or not request.fund.notice_board_is_public:
        raise Http404
    months = months_of_board(request.fund, request.today, over_only=True, most=PUBLIC_MONTHS)
    month = month_asked(request.GET.get("month", ""), months, today=request.today)
    if month is None:
        raise Http404
    key = f"{KEPT_AS}:{month.first:%Y-%m}:{request.today.isoformat()}"
    found = cache.get_or_set(key, lambda: board_of(month, request.fund, today=request.today), KEPT_SECONDS)
    shown = found.sheet_of(number)
    if shown is None:
        raise Http404
    context = _sheet_context(found, shown, is_public=True) | {
        "months": months,
        "choices": [
            (sheet.community.number if sheet.community else 0, sheet_name(sheet))
            for sheet in (found.fund, *found.communities)
        ],
    }
    return render(request, "reports/board_public.html", context)

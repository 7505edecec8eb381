"""The pages of the books, each of any span, on screen, as a PDF and as a sheet. They read and change nothing."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from ledger.book_orders import AT_ONCE, BOOK_PAPER, PDF, SHEET, BookOrder, too_long
from ledger.cash_book import cash_book
from ledger.models import Account, Entry
from ledger.queries import money_in_hand
from ledger.reversing import confirmation_of, may_be_reversed
from ledger.spans import Span, SpanChooser, month_span
from ledger.statements import journal_page, key_of, statement
from ledger.trial_balances import trial_balance_of
from ledger.views.acting import forms_shown
from ledger.views.requests import FundRequest
from office.jobs import start_job
from office.reading import log_reading

LINES_SHOWN = 500


@require_safe
def money(request: FundRequest) -> HttpResponse:
    """Where the fund's money is: each bank account, the cash box, cash with leaders, their sum; the last entries."""
    return render(request, "ledger/money.html", {"money": money_in_hand(), "entries": journal_page(rows=8).rows})


@require_safe
def account(request: FundRequest, code: str) -> HttpResponse:
    """GET /books/accounts/<code>/?span=fund-2563: the statement of an account, the oldest line first."""
    found = get_object_or_404(Account, code=code)
    chooser = SpanChooser(request.GET, request.fund, request.today)
    shown = statement(found, chooser.span, after=key_of(request.GET.get("after", "")))
    context = {"account": found, "chooser": chooser, "page": shown, "is_first": "after" not in request.GET}
    return render(request, "ledger/account.html", context | _files("ledger:account_file", code=code))


@require_safe
def entries(request: FundRequest) -> HttpResponse:
    """GET /books/journal/: every entry of a span, newest first."""
    chooser = SpanChooser(request.GET, request.fund, request.today)
    page = journal_page(chooser.span, before=key_of(request.GET.get("before", "")))
    return render(request, "ledger/entries.html", {"chooser": chooser, "page": page} | _files("ledger:entries_file"))


@require_safe
def entry(request: FundRequest, number: int) -> HttpResponse:
    rows = Entry.objects.select_related("memo_row", "posted_by", "reverses").prefetch_related("reversals")
    found = get_object_or_404(rows, number=number)
    lines = found.lines.select_related("debit", "credit", "member", "community", "restricted_fund")[:LINES_SHOWN]
    context = {"entry": found, "lines": lines, "may_be_reversed": may_be_reversed(found)}
    context["confirmed"] = confirmation_of(found)
    return render(request, "ledger/entry.html", context)


@require_safe
def trial_balance_page(request: FundRequest) -> HttpResponse:
    """GET /books/trial-balance/: every account that was used, on its side, at the span's last day; the sums agree."""
    chooser = SpanChooser(request.GET, request.fund, request.today)
    found = trial_balance_of(chooser.span, request.fund, today=request.today)
    context = {"chooser": chooser, "found": found, "sums": found.sums}
    return render(request, "ledger/trial_balance.html", context | _files("ledger:trial_balance_file"))


@require_safe
def cash_book_page(request: FundRequest) -> HttpResponse:
    """GET /books/cash-book/: cash and banks side by side; the month of the last entry where none is asked for."""
    chooser = _month_chooser(request)
    book = cash_book(chooser.span, after=key_of(request.GET.get("after", "")))
    context = {"chooser": chooser, "book": book, "page": book, "is_first": "after" not in request.GET}
    return render(request, "ledger/cash_book.html", context | _files("ledger:cash_book_file"))


def _month_chooser(request: FundRequest) -> SpanChooser:
    last = Entry.objects.order_by("-number").values_list("date", flat=True).first() or request.today
    default = month_span(last, today=request.today)
    return SpanChooser(request.GET, request.fund, request.today, default=default)


# --- files ------------------------------------------------------------------------------------------------


def _files(view_name: str, **kwargs: Any) -> dict[str, str]:
    """The addresses of a page's files."""
    return {form: reverse(view_name, kwargs={**kwargs, "form": form}) for form in (PDF, SHEET)}


@forms_shown
def account_file(request: FundRequest, code: str, form: str) -> HttpResponse:
    """GET /books/accounts/<code>/<pdf|xlsx>/"""
    chooser = SpanChooser(request.GET, request.fund, request.today)
    return _file(request, "statement", form, chooser.span, get_object_or_404(Account, code=code))


@forms_shown
def entries_file(request: FundRequest, form: str) -> HttpResponse:
    """GET /books/journal/<pdf|xlsx>/"""
    return _file(request, "journal", form, SpanChooser(request.GET, request.fund, request.today).span)


@forms_shown
def trial_balance_file(request: FundRequest, form: str) -> HttpResponse:
    """GET /books/trial-balance/<pdf|xlsx>/"""
    return _file(request, "trial-balance", form, SpanChooser(request.GET, request.fund, request.today).span)


@forms_shown
def cash_book_file(request: FundRequest, form: str) -> HttpResponse:
    """GET /books/cash-book/<pdf|xlsx>/"""
    return _file(request, "cash-book", form, _month_chooser(request).span)


def _file(request: FundRequest, kind: str, form: str, span: Span, about: Account | None = None) -> HttpResponse:
    """A short file at once; a long one is offered to the worker, whom only a button sets to work."""
    if form not in AT_ONCE:
        raise Http404
    order = BookOrder(kind, span, form, paper_language(request), about)
    rows = order.rows()
    if rows > AT_ONCE[form]:
        return _by_the_worker(request, order, rows)
    if request.method == "POST":
        return redirect(request.get_full_path())
    _log(request, order)
    content = order.content(request.fund, request.today)
    if form == PDF:
        return as_pdf(content, order.file_name.removesuffix(".pdf"))
    headers = {"Content-Disposition": f'attachment; filename="{order.file_name}"'}
    return HttpResponse(content, content_type=order.content_type, headers=headers)


def _by_the_worker(request: FundRequest, order: BookOrder, rows: int) -> HttpResponse:
    refusal = too_long(order, rows)
    started = RequestForm(request.POST or None)
    if request.method == "POST" and not refusal and started.is_valid():
        _log(request, order)
        request_id = started.cleaned_data["request_id"]
        job = start_job(BOOK_PAPER, order.parameters(), by=request.user, now=request.now, request_id=request_id)
        return redirect("office:job", job_id=job.pk)
    context = {"form": started, "rows": f"{rows:,}", "refusal": refusal, "back": reverse("ledger:money")}
    return render(request, "ledger/long_paper.html", context)


def _log(request: FundRequest, order: BookOrder) -> None:
    """A journal or statement names persons; a trial balance does not."""
    if order.kind in ("journal", "statement", "cash-book"):
        log_reading(request.user, kind="books", id=0, name=order.file_name, what="export")

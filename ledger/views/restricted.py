"""Restricted funds: what each holds, its statement, setting aside, moving money between them, ending one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from ledger.book_papers import fund_statement_paper, render_book
from ledger.forms import FundTransferForm, ResolutionForm, SetAsideForm
from ledger.models import FundTransfer, RestrictedFund
from ledger.restricted import close_fund, fund_balances, fund_statement, move_between_funds, set_aside
from ledger.spans import SpanChooser
from ledger.views.acting import acting, carry_out, forms_shown
from ledger.views.requests import FundRequest

TRANSFERS_SHOWN = 50


@require_safe
def funds(request: FundRequest) -> HttpResponse:
    """GET /books/funds/: each restricted fund with what it holds, and the last transfers."""
    transfers = FundTransfer.objects.select_related("source", "target", "entry").order_by("-moved_on", "-pk")
    balances = fund_balances()
    context = {
        "funds": balances,
        "total": sum(row.balance for row in balances),
        "transfers": transfers[:TRANSFERS_SHOWN],
    }
    return render(request, "ledger/restricted.html", context)


@require_safe
def fund(request: FundRequest, code: str) -> HttpResponse:
    """GET /books/funds/<code>/?span=…: the statement of a restricted fund."""
    found = get_object_or_404(RestrictedFund, code=code)
    chooser = SpanChooser(request.GET, request.fund, request.today)
    context = {"fund": found, "chooser": chooser, "statement": fund_statement(found, chooser.span)}
    return render(request, "ledger/restricted_fund.html", context | {"form": ResolutionForm()})


@require_safe
def fund_pdf(request: FundRequest, code: str) -> HttpResponse:
    """GET /books/funds/<code>/pdf/"""
    found = get_object_or_404(RestrictedFund, code=code)
    span = SpanChooser(request.GET, request.fund, request.today).span
    paper = fund_statement_paper(fund_statement(found, span))
    return as_pdf(render_book(paper, request.fund, paper_language(request)), f"restricted-{code}")


@forms_shown
def new(request: FundRequest) -> HttpResponse:
    """GET, POST /books/funds/new/: set money aside for a purpose."""
    form = SetAsideForm(request.POST or None)

    def act(data: dict[str, Any]) -> RestrictedFund:
        names = {name: data[name] for name in ("name_th", "name_en", "purpose")}
        return set_aside(**names, resolution_label=data["resolution"], by=request.user)

    if made := carry_out(request, form, act):
        messages.success(request, _("%(fund)s is set aside. Move money to it next.") % {"fund": local_name(made)})
        return redirect("ledger:funds")
    return render(request, "ledger/restricted_form.html", {"form": form, "title": _("Set money aside for a purpose")})


@forms_shown
def transfer(request: FundRequest) -> HttpResponse:
    """GET, POST /books/funds/transfer/: money from one fund to another, by a resolution."""
    form = FundTransferForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> FundTransfer:
        facts = {name: data[name] for name in ("source", "target", "amount", "reason")}
        days = {"moved_on": data["date"], "resolution_label": data["resolution"]}
        return move_between_funds(**facts, **days, **acting(request, form))

    if done := carry_out(request, form, act):
        words = {"amount": format_baht(done.amount), "fund": local_name(done.target)}
        messages.success(request, _("%(amount)s baht were moved to %(fund)s.") % words)
        return redirect("ledger:funds")
    return render(request, "ledger/restricted_form.html", {"form": form, "title": _("Move money between funds")})


@forms_shown
def end(request: FundRequest, code: str) -> HttpResponse:
    """POST /books/funds/<code>/end/: an empty restricted fund is ended by a resolution."""
    found = get_object_or_404(RestrictedFund, code=code)
    form = ResolutionForm(request.POST or None)
    if carry_out(request, form, lambda data: close_fund(found, resolution_label=data["resolution"], by=request.user)):
        messages.success(request, _("%(fund)s is ended.") % {"fund": local_name(found)})
        return redirect("ledger:funds")
    title = _("End %(fund)s") % {"fund": local_name(found)}
    return render(request, "ledger/restricted_form.html", {"form": form, "title": title})

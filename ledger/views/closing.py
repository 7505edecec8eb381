"""Closing months and years: what is open, the checklist, what will be carried, and the paper to sign."""

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.thai_dates import format_month
from ledger.checklists import checklist, shown_checklist
from ledger.closing import adopt_year, close_month, last_day, open_months, what_is_carried
from ledger.closing_papers import fingerprint_of, month_paper, record_printing, year_paper
from ledger.forms import CloseMonthForm, ResolutionForm, note_field
from ledger.models import AccountingMonth, FiscalYear
from ledger.views.acting import acting, carry_out, forms_shown
from ledger.views.requests import FundRequest

MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


@require_safe
def closing(request: FundRequest) -> HttpResponse:
    """GET /books/closing/: the years and their months, and the next one to close."""
    founded = request.fund.founded_on.replace(day=1)
    months = AccountingMonth.objects.filter(first_day__gte=founded, first_day__lte=request.today)
    shown = Prefetch("months", months.select_related("closed_by").order_by("first_day"), to_attr="shown_months")
    years = FiscalYear.objects.filter(starts_on__lte=request.today, ends_on__gte=founded)
    years = years.order_by("-year_be").select_related("closed_by").prefetch_related(shown)
    following = open_months().order_by("first_day").first()
    is_over = following is not None and last_day(following) < request.today
    return render(request, "ledger/closing.html", {"years": years, "following": following, "is_over": is_over})


def _month(text: str) -> AccountingMonth:
    found = MONTH.fullmatch(text)
    if found is None:
        raise Http404
    rows = AccountingMonth.objects.select_related("fiscal_year", "closed_by")
    return get_object_or_404(rows, first_day=date(int(found[1]), int(found[2]), 1))


@require_safe
def month(request: FundRequest, text: str) -> HttpResponse:
    """GET /books/closing/2020-10/: the checklist of a month, as it stands or as it was closed."""
    return _month_page(request, _month(text))


def _month_page(request: FundRequest, found: AccountingMonth, form: CloseMonthForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"month": found, "last_day": last_day(found)}
    if found.closed_at is not None or found.fiscal_year.closed_at is not None:
        context |= {"kept": shown_checklist(found.closing_checklist)}
        return render(request, "ledger/closing_month.html", context)
    counted = form.cleaned_data.get("counted") if form is not None and form.is_bound else None
    checks = checklist(found.first_day, last_day(found), counted)
    form = form or CloseMonthForm(checks=checks)
    context |= {"checks": [(check, form[note_field(check.code)]) for check in checks], "form": form}
    context["is_over"] = last_day(found) < request.today
    return render(request, "ledger/closing_month.html", context)


@forms_shown
def close(request: FundRequest, text: str) -> HttpResponse:
    """POST /books/closing/2020-10/close/: the treasurer closes a month."""
    found = _month(text)
    if request.method != "POST":
        return redirect("ledger:closing_month", text)
    checks = checklist(found.first_day, last_day(found))
    form = CloseMonthForm(request.POST, checks=checks)

    def act(data: dict[str, Any]) -> AccountingMonth:
        facts = {name: value for name, value in acting(request, form).items() if name != "request_id"}
        return close_month(found, counted=data["counted"], notes=form.notes(checks), **facts)

    if carry_out(request, form, act):
        messages.success(request, _("%(month)s is closed.") % {"month": format_month(found.first_day)})
        return redirect("ledger:closing_month", text)
    return _month_page(request, found, form)


@require_safe
def month_pdf(request: FundRequest, text: str) -> HttpResponse:
    """GET /books/closing/2020-10/pdf/: the closing to sign; its fingerprint is recorded."""
    found = _month(text)
    if not fingerprint_of(found.closing_checklist):
        raise Http404
    record_printing(found.closing_checklist, paper=f"closing {text}", by=request.user, now=request.now)
    pdf = month_paper(found, request.fund, paper_language(request), today=request.today)
    return as_pdf(pdf, f"closing-{text}")


# --- years ------------------------------------------------------------------------------------------------


@require_safe
def year(request: FundRequest, year_be: int) -> HttpResponse:
    """GET /books/closing/years/<year>/: what will be carried, or what was."""
    return _year_page(request, get_object_or_404(FiscalYear.objects.select_related("closed_by"), pk=year_be))


def _year_page(request: FundRequest, found: FiscalYear, form: ResolutionForm | None = None) -> HttpResponse:
    context = {
        "year": found,
        "carried": what_is_carried(found),
        "still_open": open_months().filter(fiscal_year=found).order_by("first_day"),
        "is_over": found.ends_on < request.today,
        "fingerprint": fingerprint_of(found.closing_checklist),
        "form": form or ResolutionForm(),
    }
    return render(request, "ledger/closing_year.html", context)


@forms_shown
def close_year(request: FundRequest, year_be: int) -> HttpResponse:
    """POST /books/closing/years/<year>/close/: the treasurer closes a year by the resolution that adopted it."""
    found = get_object_or_404(FiscalYear, pk=year_be)
    if request.method != "POST":
        return redirect("ledger:closing_year", year_be)
    form = ResolutionForm(request.POST)

    def act(data: dict[str, Any]) -> FiscalYear:
        return adopt_year(found, resolution_label=data["resolution"], **acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The year %(year)s is closed.") % {"year": year_be})
        return redirect("ledger:closing_year", year_be)
    return _year_page(request, found, form)


@require_safe
def year_pdf(request: FundRequest, year_be: int) -> HttpResponse:
    """GET /books/closing/years/<year>/pdf/"""
    found = get_object_or_404(FiscalYear.objects.select_related("closed_by"), pk=year_be)
    if not fingerprint_of(found.closing_checklist):
        raise Http404
    record_printing(found.closing_checklist, paper=f"closing {year_be}", by=request.user, now=request.now)
    pdf = year_paper(found, request.fund, paper_language(request), today=request.today)
    return as_pdf(pdf, f"closing-{year_be}")

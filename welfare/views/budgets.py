"""Budgets: the nine kinds of a fund year with what was spent, and the committee's form that sets them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ledger.models import FiscalYear
from ledger.views.acting import acting, carry_out, forms_shown
from members.models import Meeting
from welfare.budgets import (
    budget_lines,
    budget_years,
    budgets_set,
    fund_year_on,
    set_budgets,
    spent_by_category,
    total_of,
)
from welfare.forms_budgets import BudgetForm
from welfare.models import Budget

MEETINGS_OFFERED = 6


@require_safe
def budgets(request: HttpRequest) -> HttpResponse:
    """GET /budgets/?year=2563: budget, spent, approved, left of each kind, beside what the year before took."""
    years = budget_years(request.today)
    year = _year(request, years)
    lines = budget_lines(year, today=request.today)
    before = {one.year_be: one for one in years}.get(year.year_be - 1)
    took = spent_by_category(before) if before else {}
    context = {
        "year": year,
        "years": years,
        "rows": [(line, took.get(line.category)) for line in lines],
        "total": total_of(lines),
        "before": before,
        "took_total": sum(took.values()) if took else None,
        "history": budgets_set(year),
    }
    return render(request, "welfare/budgets.html", context)


@forms_shown
def set_year(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET, POST /budgets/<year>/set/: what a meeting resolved to spend."""
    year = next((one for one in budget_years(request.today) if one.year_be == year_be), None)
    if year is None:
        raise Http404
    held = list(Meeting.objects.filter(held_on__lte=request.today).order_by("-held_on", "-id")[:MEETINGS_OFFERED])
    stand = {line.category.value: line.budget for line in budget_lines(year, today=request.today)}
    form = BudgetForm(request.POST or None, meetings=held, initial=stand)

    def act(data: dict[str, Any]) -> list[Budget]:
        meeting = next(one for one in held if one.pk == data["meeting"])
        return set_budgets(year=year, amounts=form.amounts(), meeting=meeting, **acting(request, form))

    if done := carry_out(request, form, act):
        told = {"count": len(done), "resolution": done[0].resolution.label}
        messages.success(request, _("%(count)d budgets are set by resolution %(resolution)s.") % told)
        return redirect(f"{reverse('welfare:budgets')}?year={year_be}")
    return render(request, "welfare/budget_form.html", {"form": form, "year": year, "meetings": held})


def _year(request: HttpRequest, years: list[FiscalYear]) -> FiscalYear:
    asked = request.GET.get("year", "")
    return next((one for one in years if str(one.year_be) == asked), fund_year_on(request.today))

"""The month's sheet of visits, and the figures of care, which name nobody."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import Words
from members.models import Community
from office.reading import log_reading
from welfare.budgets import budget_years, fund_year_on
from welfare.care_papers import month_end, render_visits
from welfare.care_queries import CareFigures, care_by_community, cared_for, listed_persons
from welfare.views.care import narrowed

ON_PAPER = 400  # some 20 pages: one community's, or a small fund's


@require_safe
def month_sheet(request: HttpRequest) -> HttpResponse:
    """GET /care/sheet.pdf?community=&month=2020-11: who is to be visited up to the end of that month."""
    first = _month_of(request.GET.get("month", ""), request.today)
    form, persons = narrowed(request)
    due = listed_persons(cared_for(persons, request.today)).filter(Q(next_on__lte=month_end(first)))
    rows = list(due[:ON_PAPER])
    chosen = form.chosen()
    place = Words(chosen.name_th, chosen.name_en) if chosen else ""
    told = f"{first:%Y-%m} · {local_name(chosen) if chosen else _('All')}"
    log_reading(request.user, kind="care", id=0, name=_("Home visits"), what="care sheet", reason=told)
    pdf = render_visits(rows, fund=request.fund, first=first, place=place, language=paper_language(request))
    return as_pdf(pdf, "visits")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """GET /care/figures/?year=2563: persons, visits, referrals and their answers of a fund year, by community."""
    years = [year for year in budget_years(request.today) if year.starts_on <= request.today]
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.year_be) == asked), fund_year_on(request.today))
    found = care_by_community(year.starts_on, min(year.ends_on, request.today))
    rows: list[tuple[Any, CareFigures]] = [
        (community, found[community.pk]) for community in Community.objects.order_by("number") if community.pk in found
    ]
    context = {"years": years, "year": year, "rows": rows, "total": sum(found.values(), CareFigures())}
    return render(request, "welfare/care_figures.html", context)


def _month_of(text: str, today: date) -> date:
    """The first day of a month written as 2020-11; of the one that runs where nothing is written."""
    if not text:
        return today.replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as wrong:
        raise Http404 from wrong

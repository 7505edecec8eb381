"""The register of contributors: the list and its sheet, the page of one, statements, and who gave in a year."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import render_list
from bansong_fund.lib.sheets import XLSX, Column, sheet_bytes
from bansong_fund.lib.thai_dates import active_language, be_year
from contributions.certificates import NAMELESS
from contributions.contributors import change_contributor, enter_contributor, record_consent
from contributions.forms.contributors import ConsentForm, ContributorFilter, ContributorForm
from contributions.forms.grants import PaperForm
from contributions.gift_papers import gifts_statement, gifts_statement_sheet, year_list
from contributions.models import Contributor
from contributions.queries import (
    consent_history,
    contributor_page,
    gifts_of,
    in_thai_order,
    sums_by_year,
    with_gifts,
    year_of_contributors,
    years_with_gifts,
)
from contributions.views.acting import acting, carry_out, forms_shown
from office.reading import log_reading

FACTS = ("name", "kind", "is_local", "phone", "address", "note", "brought_by")


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """GET /money-in/contributors/?q=…&kind=…&place=…&named=…"""
    form = ContributorFilter(request.GET)
    found = form.narrow(Contributor.objects.all())
    after = request.GET.get("after", "")
    page = contributor_page(found, int(after) if after.isdecimal() and len(after) < 10 else None)
    context = {"form": form, "page": page, "is_first": not after, "count": found.count()}
    return render(request, "contributions/contributors.html", context)


@require_safe
def register_sheet(request: HttpRequest) -> HttpResponse:
    """GET /money-in/contributors/list.xlsx: the register as it is narrowed."""
    found = with_gifts(in_thai_order(ContributorFilter(request.GET).narrow(Contributor.objects.all())))
    log_reading(request.user, kind="contributor", id=0, name=_("Contributors"), what="export")
    book = sheet_bytes(
        name=_("Contributors"), columns=_columns(), rows=_rows(found), above=[local_name(request.fund)], landscape=True
    )
    headers = {"Content-Disposition": 'attachment; filename="contributors.xlsx"'}
    return HttpResponse(book, content_type=XLSX, headers=headers)


def _columns() -> list[Column]:
    return [
        Column(_("Contributor no."), "count"),
        Column(_("Name"), width=34),
        Column(_("Kind")),
        Column(_("From")),
        Column(_("Named in public")),
        Column(_("Said on"), "date"),
        Column(_("Phone"), "code"),
        Column(_("Address"), width=34),
        Column(_("Gives because of this partner")),
        Column(_("Gifts"), "count", total=True),
        Column(_("Baht"), "baht", total=True),
        Column(_("Last gift"), "date"),
    ]


def _rows(found: QuerySet[Contributor]) -> Iterator[list[Any]]:
    inside, outside, named, not_named = (
        _("Inside the subdistrict"),
        _("Outside"),
        _("May be named"),
        _("Not to be named"),
    )
    for one in found:
        yield [
            one.number,
            one.name,
            str(one.get_kind_display()),
            inside if one.is_local else outside,
            named if one.may_be_named else not_named,
            one.consent_on,
            one.phone,
            one.address,
            local_name(one.brought_by) if one.brought_by else "",
            one.times,
            one.given,
            one.last_gift,
        ]


@require_safe
def contributor(request: HttpRequest, number: int) -> HttpResponse:
    """GET /money-in/contributors/<number>/: facts, consent, everything given, promised and sponsored."""
    found = _one(number)
    log_reading(request.user, kind="contributor", id=found.pk, name=found.name, what="page")
    gifts = gifts_of(found)
    years = sums_by_year(gifts)
    context = {
        "contributor": found,
        "gifts": gifts,
        "years": years,
        "total": sum(baht for _year, baht in years),
        "has_name": found.name not in NAMELESS,
        "consents": consent_history(found),
        "pledges": found.pledges.select_related("campaign"),
        "in_kind": found.in_kind.select_related("campaign"),
        "sponsored": found.sponsored.select_related("campaign").order_by("-campaign__held_on"),
        "purchases": found.purchases.select_related("item__campaign", "receipt__void").order_by("-sold_on"),
    }
    return render(request, "contributions/contributor.html", context)


def _one(number: int) -> Contributor:
    return get_object_or_404(Contributor.objects.select_related("brought_by"), number=number)


@forms_shown
def new_contributor(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/contributors/new/"""
    form = ContributorForm(request.POST or None)

    def act(data: dict[str, Any]) -> Contributor:
        return enter_contributor(**data | acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("%(name)s is entered as no. %(number)s.") % {"name": done, "number": done.number})
        return redirect("contributions:contributor", done.number)
    return _form_page(request, form, _("New contributor"))


@forms_shown
def change(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /money-in/contributors/<number>/change/"""
    found = _one(number)
    initial = {name: getattr(found, name) for name in FACTS}
    form = ContributorForm(request.POST or None, is_new=False, initial=initial)

    def act(data: dict[str, Any]) -> bool:
        change_contributor(contributor=found, **{name: data[name] for name in FACTS})
        return True

    if carry_out(request, form, act):
        messages.success(request, _("The changes are saved."))
        return redirect("contributions:contributor", number)
    return _form_page(request, form, _("Correct the facts"), found)


@forms_shown
def consent(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /money-in/contributors/<number>/consent/: whether she may be named."""
    found = _one(number)
    initial = {"may_be_named": "yes" if found.may_be_named else "no", "on": request.today}
    form = ConsentForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> bool:
        record_consent(contributor=found, may_be_named=data["may_be_named"], on=data["on"], today=request.today)
        return True

    if carry_out(request, form, act):
        messages.success(request, _("The answer is saved; the one before stays in the history."))
        return redirect("contributions:contributor", number)
    return _form_page(request, form, _("May be named in public"), found)


def _form_page(request: HttpRequest, form: Any, title: str, found: Contributor | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "contributor": found}
    return render(request, "contributions/contributor_form.html", context)


# --- papers and years -------------------------------------------------------------------------------------


@require_safe
def statement(request: HttpRequest, number: int, year: int) -> HttpResponse:
    """GET /money-in/contributors/<number>/statement/<year>/?language=th"""
    found = _one(number)
    _refuse_year(year)
    told = {"what": "gifts statement", "reason": str(year)}
    log_reading(request.user, kind="contributor", id=found.pk, name=found.name, **told)
    pdf = gifts_statement(found, year, request.fund, today=request.today, language=paper_language(request))
    return as_pdf(pdf, f"gifts-{year}-{number}")


@require_safe
def statement_sheet(request: HttpRequest, number: int, year: int) -> HttpResponse:
    """GET /money-in/contributors/<number>/statement/<year>.xlsx: the same gifts as a sheet."""
    found = _one(number)
    _refuse_year(year)
    told = {"what": "gifts statement", "reason": str(year)}
    log_reading(request.user, kind="contributor", id=found.pk, name=found.name, **told)
    content = gifts_statement_sheet(found, year, request.fund, language=active_language())
    headers = {"Content-Disposition": f'attachment; filename="gifts-{year}-{number}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_safe
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    """GET /money-in/contributors/year/<year>/: who gave, those named who agreed."""
    _refuse_year(year)
    context = {"year": year_of_contributors(year), "years": years_with_gifts(), "paper_form": PaperForm()}
    return render(request, "contributions/contributor_year.html", context)


@require_safe
def year_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """GET /money-in/contributors/year/<year>/list.pdf?language=th: for the notice board."""
    _refuse_year(year)
    paper = year_list(year_of_contributors(year), request.fund, today=request.today)
    return as_pdf(render_list(paper, paper_language(request)), f"contributors-{year}")


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    """GET /money-in/contributors/year/: the year that runs."""
    return redirect("contributions:contributor_year", be_year(request.today))


def _refuse_year(year: int) -> None:
    if not 2400 <= year < 2800:
        raise Http404

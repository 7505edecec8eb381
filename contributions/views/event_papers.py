"""The count of an event's cash, and its papers: counting sheet, net result, list of thanks, certificates."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import render_list
from contributions.certificates import (
    AT_ONCE,
    CERTIFICATES,
    certificates_of,
    certificates_pdf,
    event_certificate,
    file_name,
    givers_at,
    givers_in,
    year_certificate,
)
from contributions.counting import cash_to_count, record_count
from contributions.event_papers import (
    empty_sheet,
    event_result,
    render_counting_sheet,
    render_result,
    sheet_of,
    thanks_list,
)
from contributions.forms.counting import CountForm
from contributions.forms.grants import PaperForm
from contributions.gift_statements import GIFT_STATEMENTS, named_gifts
from contributions.models import Campaign, CashCount, Contributor
from contributions.views.acting import acting, carry_out, forms_shown
from office.jobs import start_job
from office.reading import log_reading
from office.roles import Role


def _event(key: int) -> Campaign:
    return get_object_or_404(Campaign, pk=key)


# --- counting ---------------------------------------------------------------------------------------------


@forms_shown
def count(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/count/: what the box must hold, the counts so far, a new one."""
    found, may_count = _event(key), request.user.has_role(Role.TREASURER)
    if request.method == "POST" and not may_count:
        raise PermissionDenied(_("The treasurer writes down what was counted."))
    form = CountForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> CashCount:
        return record_count(
            campaign=found,
            counters=form.counters(),
            notes_and_coins=form.notes_and_coins(),
            counted=data["counted"],
            counted_on=data["date"],
            difference_reason=data["difference_reason"],
            **acting(request, form),
        )

    if done := carry_out(request, form, act):
        messages.success(request, _("%(baht)s baht are counted.") % {"baht": format_baht(done.counted)})
        return redirect("contributions:event_count", key)
    counts = [(one, one.counted - one.expected) for one in found.counts.order_by("-pk")]
    cash = cash_to_count(found)
    is_over = found.closed_on is not None and cash.expected <= 0
    context = {"event": found, "form": form, "cash": cash, "counts": counts, "may_count": may_count and not is_over}
    return render(request, "contributions/event_count.html", context)


@require_safe
def empty_counting_sheet(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/events/<key>/count/sheet.pdf: to count by hand."""
    sheet = empty_sheet(_event(key))
    return as_pdf(render_counting_sheet(sheet, request.fund, paper_language(request)), f"counting-{key}")


@require_safe
def counting_sheet(request: HttpRequest, key: int, count_key: int) -> HttpResponse:
    """GET /money-in/events/<key>/count/<count>/sheet.pdf: what was counted, for three to sign."""
    found = get_object_or_404(CashCount.objects.select_related("campaign"), pk=count_key, campaign=key)
    pdf = render_counting_sheet(sheet_of(found), request.fund, paper_language(request))
    return as_pdf(pdf, f"counting-{key}-{count_key}")


# --- result and thanks ------------------------------------------------------------------------------------


@require_safe
def result(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/events/<key>/result.pdf"""
    pdf = render_result(event_result(_event(key)), request.fund, paper_language(request))
    return as_pdf(pdf, f"event-result-{key}")


@require_safe
def thanks(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/events/<key>/thanks.pdf: for the notice board."""
    return as_pdf(render_list(thanks_list(_event(key), request.fund), paper_language(request)), f"event-thanks-{key}")


# --- certificates -----------------------------------------------------------------------------------------


@require_POST
def event_certificates(request: HttpRequest, key: int) -> HttpResponse:
    """POST /money-in/events/<key>/certificates/: of all who gave; many come from the worker."""
    return _certificates(request, {"campaign": _event(key).pk}, "contributions:event_count", key)


@require_POST
def year_certificates(request: HttpRequest, year: int) -> HttpResponse:
    """POST /money-in/contributors/year/<year>/certificates/"""
    _refuse_year(year)
    return _certificates(request, {"year": year}, "contributions:contributor_year", year)


def _certificates(request: HttpRequest, wanted: dict[str, Any], page: str, key: int) -> HttpResponse:
    form = PaperForm(request.POST)
    if not form.is_valid():
        return redirect(page, key)
    language, found = form.cleaned_data["language"], certificates_of(wanted, request.today)
    if not found:
        messages.warning(request, _("Nobody gave yet, so there is no certificate to print."))
        return redirect(page, key)
    log_reading(request.user, kind="contributor", id=0, name=file_name(wanted), what="certificates")
    if len(found) <= AT_ONCE:
        return as_pdf(certificates_pdf(found, request.fund, language), f"{file_name(wanted)}-{language}")
    parameters = wanted | {"paper_language": language}
    click = form.cleaned_data["request_id"]
    job = start_job(CERTIFICATES, parameters, by=request.user, now=request.now, request_id=click)
    return redirect("office:job", job_id=job.pk)


@require_POST
def year_statements(request: HttpRequest, year: int) -> HttpResponse:
    """POST /money-in/contributors/year/<year>/statements/: of all who gave, from the worker."""
    _refuse_year(year)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return redirect("contributions:contributor_year", year)
    if not named_gifts(year).exists():
        messages.warning(request, _("Nobody gave in this year, so there is no statement to print."))
        return redirect("contributions:contributor_year", year)
    log_reading(request.user, kind="contributor", id=0, name=str(year), what="gifts statement")
    parameters = {"year": year, "paper_language": form.cleaned_data["language"]}
    click = uuid.uuid5(form.cleaned_data["request_id"], GIFT_STATEMENTS)  # the form has a button for certificates too
    job = start_job(GIFT_STATEMENTS, parameters, by=request.user, now=request.now, request_id=click)
    return redirect("office:job", job_id=job.pk)


@require_safe
def givers(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/events/<key>/givers/: who gave or sponsored, in Thai order, each with a certificate of her own."""
    found = _event(key)
    return render(request, "contributions/event_givers.html", {"event": found, "givers": givers_at(found)})


@require_safe
def event_certificate_of(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """GET /money-in/events/<key>/certificates/<contributor's number>/: one alone, at once."""
    found = _event(key)
    giver = get_object_or_404(givers_at(found), number=number)
    return _one(request, giver, event_certificate(found, giver, request.today))


@require_safe
def year_certificate_of(request: HttpRequest, number: int, year: int) -> HttpResponse:
    """GET /money-in/contributors/<number>/certificate/<year>/"""
    _refuse_year(year)
    giver = get_object_or_404(givers_in(year), number=number)
    return _one(request, giver, year_certificate(year, giver, request.today))


def _one(request: HttpRequest, giver: Contributor, certificate: Any) -> HttpResponse:
    log_reading(request.user, kind="contributor", id=giver.pk, name=giver.name, what="certificates")
    return as_pdf(certificates_pdf([certificate], request.fund, paper_language(request)), f"certificate-{giver.number}")


def _refuse_year(year: int) -> None:
    if not 2400 <= year < 2800:
        raise Http404

"""Partners: the list, the page of one with what came because of it, and the forms behind its buttons."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.languages import local_name
from contributions.forms.partners import ActivityForm, AgreementForm, PartnerForm
from contributions.models import Partner, PartnerActivity, PartnerAgreement
from contributions.partners import (
    PARTNER_PAPERS,
    change_activity,
    change_partner,
    enter_activity,
    enter_agreement,
    enter_partner,
)
from contributions.queries import in_thai_order, partner_years, partners_listed, with_gifts, years_with_gifts
from contributions.views.acting import acting, carry_out, forms_shown
from office.interrupted import hold_files
from office.models import Attachment

FACTS = ("name_th", "name_en", "kind", "work_th", "work_en", "contact", "since", "until")
ACTIVITY_FACTS = ("title", "held_on", "community", "participants", "income_raised", "note")


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """GET /money-in/partners/?year=2563: all of them, and what came because of whom: in all, or in one year."""
    years, asked = years_with_gifts(), request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else None
    context = {"partners": partners_listed(year), "years": years, "year": year}
    return render(request, "contributions/partners.html", context)


@require_safe
def partner(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/partners/<key>/: agreements, activities, whom it brought, and what came because of it."""
    found = get_object_or_404(Partner, pk=key)
    agreements = list(found.agreements.all())
    papers: dict[int, list[Attachment]] = {}
    kept = Attachment.objects.filter(owner_kind=PARTNER_PAPERS, owner_id__in=[one.pk for one in agreements])
    for paper in kept.order_by("uploaded_at", "pk"):
        papers.setdefault(paper.owner_id, []).append(paper)
    context = {
        "partner": found,
        "years": partner_years(found),
        "agreements": [(one, papers.get(one.pk, [])) for one in agreements],
        "activities": found.activities.select_related("community"),
        "contributors": with_gifts(in_thai_order(found.contributors.all())),
    }
    return render(request, "contributions/partner.html", context)


@forms_shown
def new_partner(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/partners/new/"""
    form = PartnerForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> Partner:
        return enter_partner(**data | acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("The partner is entered."))
        return redirect("contributions:partner", done.pk)
    return _form_page(request, form, _("New partner"))


@forms_shown
def change(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/partners/<key>/change/"""
    found = get_object_or_404(Partner, pk=key)
    initial = {name: getattr(found, name) for name in FACTS}
    form = PartnerForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> bool:
        change_partner(partner=found, **{name: data[name] for name in FACTS})
        return True

    if carry_out(request, form, act):
        messages.success(request, _("The changes are saved."))
        return redirect("contributions:partner", key)
    return _form_page(request, form, _("Correct the facts"), found)


@forms_shown
def new_agreement(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/partners/<key>/agreements/new/"""
    found = get_object_or_404(Partner, pk=key)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AgreementForm(*given, today=request.today, initial={"agreed_on": request.today})

    def act(data: dict[str, Any]) -> PartnerAgreement:
        return enter_agreement(partner=found, **data | acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The agreement is written down."))
        return redirect("contributions:partner", key)
    hold_files(request, form)
    return _form_page(request, form, _("What is agreed"), found)


@forms_shown
def new_activity(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/partners/<key>/activities/new/"""
    found = get_object_or_404(Partner, pk=key)
    form = ActivityForm(request.POST or None, today=request.today, initial={"held_on": request.today})

    def act(data: dict[str, Any]) -> PartnerActivity:
        return enter_activity(partner=found, **data | acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("What was done together is written down."))
        return redirect("contributions:partner", key)
    return _form_page(request, form, _("What was done together"), found)


@forms_shown
def correct_activity(request: HttpRequest, key: int, activity_key: int) -> HttpResponse:
    """GET, POST /money-in/partners/<key>/activities/<key>/: what was written down wrongly."""
    found = get_object_or_404(PartnerActivity.objects.select_related("partner"), pk=activity_key, partner=key)
    initial = {name: getattr(found, name) for name in ACTIVITY_FACTS}
    form = ActivityForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> PartnerActivity:
        return change_activity(activity=found, **data | acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The changes are saved."))
        return redirect("contributions:partner", key)
    return _form_page(request, form, _("Correct the facts"), found.partner)


def _form_page(request: HttpRequest, form: Any, title: str, found: Partner | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "partner": found, "partner_name": local_name(found) if found else ""}
    return render(request, "contributions/partner_form.html", context)

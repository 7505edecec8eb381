"""Payment requests on the screen and on paper: of a member, of a house, of all who owe in a community."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.thai_dates import active_language
from contributions.forms.grants import PaperForm
from contributions.payment_requests import (
    AT_ONCE,
    PAYMENT_REQUESTS,
    NothingToAsk,
    PaymentRequest,
    code_for,
    people_of,
    render_requests,
    request_for,
    request_for_house,
    requests_in,
)
from contributions.views.acting import without_rules_back_to
from members.households import visible_households
from members.models import Community, Household, Membership
from members.queries import visible_communities, visible_members, with_membership
from members.regulations import NoRuleInForce
from office.jobs import start_job
from office.reading import log_reading

WHAT = "payment request"


@require_safe
@without_rules_back_to("contributions:payment_requests")
def member_request(request: HttpRequest, number: int) -> HttpResponse:
    """GET /money-in/requests/member/<number>/: what she owes and how to pay; her phone can scan the code."""
    membership = _membership(request, number)
    who = membership.member
    log_reading(request.user, kind="member", id=who.pk, name=who.full_name, what="page")
    paper = reverse("contributions:member_request_pdf", args=[number])
    context = {"name": who.full_name, "member": who, "paper": paper}
    try:
        asked = request_for(membership, request.today)
    except NothingToAsk as refusal:
        return render(request, "contributions/payment_request.html", context | {"refusal": str(refusal)})
    return render(request, "contributions/payment_request.html", context | _shown(request, asked))


@require_safe
@without_rules_back_to("contributions:payment_requests")
def member_request_pdf(request: HttpRequest, number: int) -> HttpResponse:
    """GET /money-in/requests/member/<number>/paper/?language=th|en|both"""
    membership = _membership(request, number)
    who = membership.member
    try:
        asked = request_for(membership, request.today)
    except NothingToAsk as refusal:
        messages.error(request, str(refusal))
        return redirect("contributions:member_request", number)
    log_reading(request.user, kind="member", id=who.pk, name=who.full_name, what=WHAT)
    return _pdf(request, [asked], f"payment-request-{number}")


@require_safe
@without_rules_back_to("contributions:payment_requests")
def house_request(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/requests/house/<key>/: all of a house who owe, for one payer."""
    house = _house(request, key)
    log_reading(request.user, kind="household", id=house.pk, name=str(house), what="page")
    paper = reverse("contributions:house_request_pdf", args=[key])
    context = {"name": _("House no. %(number)s") % {"number": house}, "house": house, "paper": paper}
    try:
        asked = request_for_house(house, _living(house), request.today)
    except NothingToAsk as refusal:
        return render(request, "contributions/payment_request.html", context | {"refusal": str(refusal)})
    return render(request, "contributions/payment_request.html", context | _shown(request, asked))


@require_safe
@without_rules_back_to("contributions:payment_requests")
def house_request_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/requests/house/<key>/paper/?language=th|en|both"""
    house = _house(request, key)
    try:
        asked = request_for_house(house, _living(house), request.today)
    except NothingToAsk as refusal:
        messages.error(request, str(refusal))
        return redirect("contributions:house_request", key)
    log_reading(request.user, kind="household", id=house.pk, name=str(house), what=WHAT)
    return _pdf(request, [asked], f"payment-request-house-{key}")


@require_http_methods(["GET", "HEAD", "POST"])
def payment_requests(request: HttpRequest) -> HttpResponse:
    """GET /money-in/requests/?community=3: who owes there; POST: a request for each, many from the worker."""
    communities = list(visible_communities(request.user))
    chosen = _chosen(request, communities)
    form = PaperForm(request.POST or None, initial={"language": active_language()})
    context = {"communities": communities, "chosen": chosen, "form": form}
    if chosen is None:
        return render(request, "contributions/payment_requests.html", context)
    try:
        found = requests_in(chosen, request.today)
    except NoRuleInForce as refusal:
        return render(request, "contributions/payment_requests.html", context | {"refusal": str(refusal)})
    if request.method == "POST" and found and form.is_valid():
        return _many(request, chosen, found, form)
    log_reading(request.user, kind="community", id=chosen.pk, name=chosen.name_th, what="page")
    context |= {"rows": [one.asked[0] for one in found], "total": sum(one.total for one in found)}
    return render(request, "contributions/payment_requests.html", context)


def _many(request: HttpRequest, chosen: Community, found: list[PaymentRequest], form: PaperForm) -> HttpResponse:
    log_reading(request.user, kind="community", id=chosen.pk, name=chosen.name_th, what=WHAT)
    language = form.cleaned_data["language"]
    if len(found) <= AT_ONCE:
        pdf = render_requests(found, request.fund, today=request.today, language=language)
        return as_pdf(pdf, f"payment-requests-{chosen.number}-{language}")
    parameters = {"community": chosen.number, "paper_language": language}
    key = form.cleaned_data["request_id"]
    job = start_job(PAYMENT_REQUESTS, parameters, by=request.user, now=request.now, request_id=key)
    return redirect("office:job", job_id=job.pk)


def _chosen(request: HttpRequest, communities: list[Community]) -> Community | None:
    """The community that the address names, or the only one that the user sees."""
    asked = request.GET.get("community", "")
    if not asked and len(communities) == 1:
        return communities[0]
    return next((one for one in communities if str(one.number) == asked), None)


def _membership(request: HttpRequest, number: int) -> Membership:
    """The latest membership of a member whom the user may see, with her community and house."""
    member = get_object_or_404(with_membership(visible_members(request.user)), number=number)
    if not member.latest_memberships:
        raise Http404
    membership: Membership = member.latest_memberships[0]
    membership.member = member
    return membership


def _house(request: HttpRequest, key: int) -> Household:
    return get_object_or_404(visible_households(request.user).select_related("community"), pk=key)


def _living(house: Household) -> list[Membership]:
    """The running memberships of a house, in the order of names."""
    running = Membership.objects.filter(member__household=house, member__merged_into=None, ended_on=None)
    rows = running.select_related("member__household", "member__community")
    return list(rows.order_by("member__sort_key", "member_id"))


def _shown(request: HttpRequest, asked: PaymentRequest) -> dict[str, object]:
    return {
        "asked": asked,
        "people": people_of(asked, request.today),
        "qr": code_for(asked, request.fund),
        "language": active_language(),
    }


def _pdf(request: HttpRequest, asked: list[PaymentRequest], name: str) -> HttpResponse:
    language = paper_language(request)
    pdf = render_requests(asked, request.fund, today=request.today, language=language)
    return as_pdf(pdf, f"{name}-{language}")

"""The guided report of a death: what hangs on the person, one form, and what was done, line by line."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.models import Beneficiary, Household, Member
from members.queries import visible_communities, visible_members
from office.reading import log_reading
from welfare.deaths import claim_of_death, grant_due, named_to_receive, report_death
from welfare.forms_death import DeathForm
from welfare.traces import Traces, housemates_of, named_elsewhere, traces_of, without_a_guardian
from welfare.views.shown import name_benefits


@require_http_methods(["GET", "HEAD", "POST"])
def death(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/death/: one event, its steps in view; afterwards each of them as it now stands."""
    related = ("community", "household", "user")
    member = get_object_or_404(visible_members(request.user).select_related(*related), number=number)
    if request.method != "POST":
        log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="page")
    claim = claim_of_death(member) if member.died_on else None
    is_done = member.died_on is not None and (claim is not None or grant_due(member, member.died_on) is None)
    if is_done and request.method != "POST":
        return _done(request, member)
    named = named_to_receive(member)
    form = _form(request, member, named)
    if request.method == "POST" and form.is_valid() and _report(request, member, form):
        return redirect("welfare:death", number)
    traces = traces_of(member)
    context = {"form": form, "member": member, "traces": traces, "named": named}
    context["claims"] = name_benefits(traces.claims)
    context["is_head"] = "head" in form.fields
    return render(request, "welfare/death.html", context)


def _form(request: HttpRequest, member: Member, named: list[Beneficiary]) -> DeathForm:
    initial: dict[str, Any] = {"received_on": request.today, "on": member.died_on}
    if named:
        initial |= {"recipient_name": named[0].name, "recipient_relation": named[0].relation}
    housemates = housemates_of(member)
    is_head = member.household is not None and _heads(member, member.household) and housemates.exists()
    return DeathForm(
        request.POST or None,
        today=request.today,
        heirs=housemates if is_head else None,
        named_in=list(named_elsewhere(member, request.user)),
        initial=initial,
    )


def _heads(member: Member, house: Household) -> bool:
    """Whether she is the head; a double that was merged into her may stand as such."""
    head = house.head_id
    return head is not None and (head == member.pk or member.doubles.filter(pk=head).exists())


def _report(request: HttpRequest, member: Member, form: DeathForm) -> bool:
    who = {"by": request.user, "today": request.today, "now": request.now}
    try:
        report_death(member=member, death=form.death(), request_id=form.cleaned_data["request_id"], **who)
    except DomainError as refusal:
        _show(form, refusal)
        return False
    messages.success(request, _("The death is written down. Here is what was done, and what is left to do."))
    return True


def _show(form: DeathForm, refusal: DomainError) -> None:
    """Fields of other verbs stand here under the names of this form."""
    refusal.field = {"reason": "head_reason", "event_from": "on"}.get(refusal.field or "", refusal.field)
    show_refusal(form, refusal)


def _done(request: HttpRequest, member: Member) -> HttpResponse:
    traces = traces_of(member, died_on=member.died_on)
    claim = claim_of_death(member)
    context = {
        "member": member,
        "traces": traces,
        "claim": claim,
        "claims": name_benefits([one for one in traces.claims if claim is None or one.pk != claim.pk]),
        "lines_after": traces.lines_after(member.died_on),
        "lines_before": _lines_before(traces, member),
        "alone": without_a_guardian(traces.wards),
        "named_in": list(named_elsewhere(member, request.user)),
        "membership": next((one for one in traces.memberships if one.ended_on == member.died_on), None),
    }
    if traces.sheets:
        context["seen"] = set(visible_communities(request.user).values_list("pk", flat=True))
    return render(request, "welfare/death_done.html", context)


def _lines_before(traces: Traces, member: Member) -> list[Any]:
    return [line for line in traces.lines if line.paid_on <= member.died_on]

"""Pledges and gifts in kind of the whole fund: a list of each, and what comes outside an event."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions.forms.events import InKindForm, PledgeForm
from contributions.in_kind import record_in_kind
from contributions.models import InKindGift, Pledge
from contributions.pledges import write_pledge
from contributions.queries import contributors
from contributions.queries.events import PLEDGE_STATES, pledge_totals, pledges_in
from contributions.views.acting import acting, carry_out, forms_shown
from contributions.views.events import form_page
from ledger.statements import ROWS_ON_A_PAGE


@require_safe
def pledges(request: HttpRequest) -> HttpResponse:
    """GET /money-in/pledges/?state=open|fulfilled|given-up&before=…: the newest first, each with its age."""
    state = request.GET.get("state", "")
    state = state if state in PLEDGE_STATES else "open"
    rows = pledges_in(state).select_related("contributor", "campaign")
    page = _page(request, rows)
    page["rows"] = [(row, (request.today - row.pledged_on).days) for row in page["rows"]]
    context = {"page": page, "state": state, "states": PLEDGE_STATES.items(), "totals": pledge_totals()}
    return render(request, "contributions/pledges.html", context | {"today": request.today})


@require_safe
def in_kind(request: HttpRequest) -> HttpResponse:
    """GET /money-in/in-kind/?before=…: every gift in kind with its number and its letter, the newest first."""
    page = _page(request, InKindGift.objects.select_related("contributor", "campaign"))
    return render(request, "contributions/in_kind.html", {"page": page, "count": InKindGift.objects.count()})


def _page(request: HttpRequest, rows: QuerySet[Any]) -> dict[str, Any]:
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 10:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: ROWS_ON_A_PAGE + 1])
    shown = found[:ROWS_ON_A_PAGE]
    return {"rows": shown, "next_key": shown[-1].pk if len(found) > ROWS_ON_A_PAGE else None}


# --- outside an event -------------------------------------------------------------------------------------


def contributor_asked(request: HttpRequest) -> dict[str, Any]:
    """What a form begins with that was opened at the page of a contributor (?contributor=…)."""
    number = request.GET.get("contributor", "")
    asked = contributors().filter(number=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    return {"name": f"{asked.number} {asked.name}", "kind": asked.kind, "is_local": asked.is_local} if asked else {}


@forms_shown
def new_pledge(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/pledges/new/?contributor=…"""
    form = PledgeForm(request.POST or None, today=request.today, initial=contributor_asked(request))

    def act(data: dict[str, Any]) -> Pledge:
        facts = {"amount": data["amount"], "pledged_on": data["date"], "due_on": data["due_on"]}
        return write_pledge(contributor=form.facts(), **facts, **acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("The pledge is written down; nothing is booked before the money comes."))
        return redirect("contributions:pledge", done.pk)
    return form_page(request, form, _("New pledge"), back_url=reverse("contributions:pledges"))


@forms_shown
def new_in_kind(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/in-kind/new/?contributor=…"""
    form = InKindForm(request.POST or None, today=request.today, initial=contributor_asked(request))

    def act(data: dict[str, Any]) -> InKindGift:
        facts = {"description": data["description"], "said_value": data["said_value"], "received_on": data["date"]}
        return record_in_kind(contributor=form.facts(), **facts, **acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("Gift in kind no. %(number)s is written down.") % {"number": done.label})
        return redirect("contributions:in_kind")
    return form_page(request, form, _("Gift in kind"), back_url=reverse("contributions:in_kind"))

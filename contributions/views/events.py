"""The annual event: the list with the years beside each other, the desk of one, and its closing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from contributions.events import change_event, close_event, make_event, missing_before_closing
from contributions.forms.events import CloseEventForm, EventForm, SponsorForm
from contributions.forms.grants import PaperForm
from contributions.models import Campaign, Sponsor
from contributions.queries import contributors
from contributions.queries.events import EventSums, event_sums, open_pledges, with_raised, with_sold
from contributions.sponsors import add_sponsor, take_sponsor_off
from contributions.views.acting import acting, carry_out, forms_shown

EARLIER = 5
FACTS = ("kind", "name_th", "name_en", "place", "target")


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """GET /money-in/events/: every event with its target, what it raised and what it cost."""
    return render(request, "contributions/events.html", {"events": with_raised(Campaign.objects.all())})


@require_safe
def event(request: HttpRequest, key: int) -> HttpResponse:
    """GET /money-in/events/<key>/: the desk of one event: progress, what to do next, and what belongs to it."""
    found = get_object_or_404(Campaign, pk=key)
    sums = event_sums(found)
    earlier = list(with_raised(Campaign.objects.filter(held_on__lt=found.held_on))[:EARLIER])
    context = {
        "event": found,
        "sums": sums,
        "earlier": earlier,
        "last": earlier[0] if earlier else None,
        "percent": _percent(sums, found),
        "days_left": (found.held_on - request.today).days,
        "sponsors": found.sponsors.select_related("contributor"),
        "items": with_sold(found.items.all()),
        "pledges": open_pledges(found).select_related("contributor").order_by("due_on", "pk"),
        "paper_form": PaperForm(),
        "in_kind": found.in_kind.select_related("contributor"),
    }
    return render(request, "contributions/event.html", context)


def _percent(sums: EventSums, found: Campaign) -> int | None:
    """How much of the target is there, rounded down: 100 is said when it is reached."""
    return int(sums.raised * 100 / found.target) if found.target else None


@forms_shown
def new_event(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/events/new/"""
    form = EventForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> Campaign:
        return make_event(**_facts(data), **acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("The event is made. This page is its desk."))
        return redirect("contributions:event", done.pk)
    return form_page(request, form, _("New event"))


@forms_shown
def change(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/change/"""
    found = get_object_or_404(Campaign, pk=key)
    initial = {name: getattr(found, name) for name in FACTS} | {"date": found.held_on}
    form = EventForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> Campaign:
        return change_event(campaign=found, **_facts(data), **acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The changes are saved."))
        return redirect("contributions:event", key)
    return form_page(request, form, _("Correct the facts"), found)


def _facts(data: Mapping[str, Any]) -> dict[str, str | Decimal | None]:
    return {name: data[name] for name in FACTS} | {"held_on": data["date"]}


@forms_shown
def close(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/close/: what is still to be done, else the button."""
    found = get_object_or_404(Campaign, pk=key)
    form = CloseEventForm(request.POST or None)

    def act(_data: dict[str, Any]) -> Campaign:
        return close_event(campaign=found, **acting(request, form))

    if carry_out(request, form, act):
        messages.success(request, _("The event is closed: nothing more is put to it."))
        return redirect("contributions:event", key)
    missing = [] if found.closed_on else missing_before_closing(found, request.today)
    context = {"form": form, "event": found, "missing": missing, "sums": event_sums(found)}
    return render(request, "contributions/event_close.html", context)


@forms_shown
def new_sponsor(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/sponsors/new/"""
    found = get_object_or_404(Campaign, pk=key)
    form = SponsorForm(request.POST or None)

    def act(data: dict[str, Any]) -> Sponsor:
        return add_sponsor(campaign=found, contributor=form.facts(), part=data["part"], **acting(request, form))

    if done := carry_out(request, form, act):
        messages.success(request, _("%(name)s is a sponsor of the event.") % {"name": done.contributor.name})
        return redirect("contributions:event", key)
    return form_page(request, form, _("New sponsor"), found)


@forms_shown
def drop_sponsor(request: HttpRequest, key: int, sponsor_key: int) -> HttpResponse:
    """GET, POST /money-in/events/<key>/sponsors/<key>/off/: asked once more, then taken off."""
    found = get_object_or_404(Campaign, pk=key)
    sponsor = found.sponsors.select_related("contributor", "campaign").filter(pk=sponsor_key).first()
    if sponsor is None:  # taken off before this click
        messages.warning(request, _("She stands among the sponsors of this event no more. Nothing was changed."))
        return redirect("contributions:event", key)
    form = RequestForm(request.POST or None)
    if carry_out(request, form, lambda _data: take_sponsor_off(sponsor=sponsor, **acting(request, form))):
        messages.success(
            request, _("%(name)s is no sponsor of the event any more.") % {"name": sponsor.contributor.name}
        )
        return redirect("contributions:event", key)
    words = {"name": sponsor.contributor.name}
    more = {"note": _("What she gave stays hers, with its receipts."), "save": _("Take off")}
    return form_page(request, form, _("Take %(name)s off the sponsors?") % words, found, **more)


def form_page(
    request: HttpRequest, form: RequestForm, title: str, event: Campaign | None = None, **more: Any
) -> HttpResponse:
    """One form of an event, with the names of the register behind its fields."""
    context = {"form": form, "title": title, "event": event, "event_name": local_name(event) if event else ""}
    if "name" in form.fields:
        context["contributors"] = contributors()
    return render(request, "contributions/event_form.html", context | more)

"""The committee: who sits on it and who did, and the forms to seat, correct and end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ledger.views.acting import carry_out, forms_shown
from members.committee import change_seat, end_seat, seat
from members.models import CommitteeSeat
from members.queries import visible_members
from reports.forms_year_texts import EndSeatForm, SeatForm, seat_initial


@require_safe
def committee(request: HttpRequest) -> HttpResponse:
    """GET /committee/: those who sit, those who will, and those who sat before."""
    seats = list(CommitteeSeat.objects.select_related("member"))
    runs = [one for one in seats if one.until is None or one.until >= request.today]
    ended = sorted((one for one in seats if one not in runs), key=lambda one: one.until, reverse=True)
    return render(request, "reports/committee.html", {"runs": runs, "ended": ended})


@forms_shown
def new_seat(request: HttpRequest) -> HttpResponse:
    """GET, POST /committee/new/"""
    if request.fund is None:
        return redirect("reports:home")
    last = CommitteeSeat.objects.order_by("-place").first()
    # no day is proposed: who sat all year, and were written in today, would be missing in the report of that year
    initial = {"place": last.place + 1 if last else 1}
    form = _seat_form(request, initial)

    def act(typed: dict[str, Any]) -> CommitteeSeat:
        return seat(facts=form.facts(), by=request.user, request_id=typed["request_id"])

    if done := carry_out(request, form, act):
        messages.success(request, _("%(name)s sits on the committee.") % {"name": done.name})
        return redirect("reports:committee")
    return _form_page(request, form, _("A seat on the committee"))


@forms_shown
def change(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /committee/<key>/: what was written wrongly."""
    found = get_object_or_404(CommitteeSeat.objects.select_related("member"), pk=key)
    form = _seat_form(request, seat_initial(found))
    if carry_out(request, form, lambda _typed: change_seat(seat=found, facts=form.facts(), by=request.user)):
        messages.success(request, _("The changes are saved."))
        return redirect("reports:committee")
    return _form_page(request, form, _("Correct the seat"))


@forms_shown
def end(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /committee/<key>/end/: the last day, or that there is none."""
    found = get_object_or_404(CommitteeSeat, pk=key)
    form = EndSeatForm(request.POST or None, today=request.today, initial={"until": found.until})
    if carry_out(request, form, lambda typed: end_seat(seat=found, until=typed["until"], by=request.user)):
        messages.success(request, _("The changes are saved."))
        return redirect("reports:committee")
    return _form_page(request, form, _("End of a seat"), about=found)


def _seat_form(request: HttpRequest, initial: dict[str, Any]) -> SeatForm:
    return SeatForm(request.POST or None, members=visible_members(request.user), today=request.today, initial=initial)


def _form_page(request: HttpRequest, form: Any, title: str, about: CommitteeSeat | None = None) -> HttpResponse:
    return render(request, "reports/committee_form.html", {"form": form, "title": title, "seat": about})

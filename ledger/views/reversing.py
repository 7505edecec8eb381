"""Reversing an entry at its own page: why, and from the level `standard` on a second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansong_fund.lib.errors import DomainError
from ledger.forms import WhyForm
from ledger.models import Entry
from ledger.reversing import ask_to_reverse, confirm_reversal, needs_second_person, reverse_entry
from ledger.views.acting import acting, carry_out, forms_shown
from ledger.views.requests import FundRequest


@forms_shown
def reverse(request: FundRequest, number: int) -> HttpResponse:
    """GET, POST /books/journal/<number>/reverse/: why; where two are needed, the second is asked."""
    entry = get_object_or_404(Entry.objects.select_related("memo_row"), number=number)
    form = WhyForm(request.POST or None)
    two_persons = needs_second_person(entry)

    def act(data: dict[str, Any]) -> Any:
        facts = {"entry": entry, "reason": data["reason"], **acting(request, form)}
        return ask_to_reverse(**facts) if two_persons else reverse_entry(second_person=None, **facts)

    if carry_out(request, form, act):
        done = _("A second person has to confirm it now.") if two_persons else _("Entry %(number)s is reversed.")
        messages.success(request, done % {"number": number})
        return redirect("ledger:entry", number)
    return render(request, "ledger/reverse.html", {"form": form, "entry": entry, "two_persons": two_persons})


@require_POST
def confirm(request: FundRequest, number: int) -> HttpResponse:
    """POST /books/journal/<number>/reverse/confirm/: the second person agrees."""
    entry = get_object_or_404(Entry, number=number)
    try:
        confirm_reversal(entry=entry, by=request.user, today=request.today, now=request.now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Entry %(number)s is reversed.") % {"number": number})
    return redirect("ledger:entry", number)

"""The whole national ID after a reason, and who has looked at a member's data."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from members.forms.reveal import RevealForm
from members.identity import reveal_id
from members.queries import readings_of, visible_members
from office.reading import in_words

LINES = 50


@require_POST
def reveal(request: HttpRequest, number: int) -> HttpResponse:
    """POST /members/<number>/national-id/: a reason was chosen; her page shows the whole number today."""
    member = get_object_or_404(visible_members(request.user), number=number)
    form = RevealForm(request.POST)
    if form.is_valid():
        try:
            reveal_id(member=member, by=request.user, reason=form.cleaned_data["reason"], now=request.now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, _("Choose one of the reasons, then the whole number is shown."))
    return redirect(f"{reverse('welfare:member', args=[number])}#national-id")


@require_safe
def readings(request: HttpRequest, number: int) -> HttpResponse:
    """GET /members/<number>/readings/: who has looked at her data, when and why, the newest first."""
    member = get_object_or_404(visible_members(request.user), number=number)
    lines = readings_of(member)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        lines = lines.filter(pk__lt=int(before))
    found = list(lines[: LINES + 1])
    older = found[LINES - 1].pk if len(found) > LINES else None
    context = {"member": member, "lines": in_words(found[:LINES]), "older": older}
    return render(request, "members/readings.html", context)

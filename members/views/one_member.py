"""What the pages about one member share: whom they are about, and how a form of theirs is carried out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.forms.register import TITLES
from members.models import Member
from members.queries import visible_members
from office.reading import log_reading


def the_member(request: HttpRequest, number: int) -> Member:
    """The member of this number whom the user may see, else 404; looking at her page is written down."""
    member = get_object_or_404(seen_by(request).select_related("community", "household"), number=number)
    if request.method != "POST":
        log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="page")
    return member


def seen_by(request: HttpRequest) -> QuerySet[Member]:
    return visible_members(request.user)


def who(request: HttpRequest) -> dict[str, Any]:
    """Who acts, on which day, at what time: for a verb."""
    return {"by": request.user, "today": request.today, "now": request.now}


def carried_out(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the form was in order and the verb did not refuse; its refusal stands in the form then."""
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def act_page(
    request: HttpRequest,
    member: Member,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    heading: str,
    button: str,
    said: str,
    lead: str = "",
    template: str = "members/act.html",
    back: str = "welfare:member",
    done: str = "",
    **context: Any,
) -> HttpResponse:
    """A page with one form about one member. Done, `said` is told and the page `done`, else `back`, follows."""
    if request.method == "POST" and carried_out(form, act):
        messages.success(request, said)
        return redirect(done or back, number=member.number)
    words = {"heading": heading, "button": button, "lead": lead, "back": back, "titles": TITLES}
    return render(request, template, {"member": member, "form": form, **words, **context})

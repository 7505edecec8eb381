"""The houses of the communities: a list to search, a house with its people, its head, a member's move."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.forms.households import HeadForm, HouseFilterForm, HouseForm, facts_of
from members.households import (
    change_house,
    choose_head,
    find_households,
    living_in,
    move_house,
    visible_households,
)
from members.models import Household
from members.persons import survivor_of
from members.queries import visible_communities, visible_members, with_membership
from office.reading import log_reading


@require_safe
def household_list(request: HttpRequest) -> HttpResponse:
    """GET /members/houses/: houses by number, with who lives there."""
    form = HouseFilterForm(request.GET, communities=visible_communities(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    after = request.GET.get("after", "")
    seen = visible_households(request.user)
    start = seen.filter(pk=int(after)).first() if after.isdecimal() and len(after) < 16 else None
    page = find_households(seen, text=asked.get("q", ""), community=asked.get("community"), after=start)
    choices = list(form["community"].field.choices)
    context = {"form": form, "page": page, "is_first": start is None, "communities": choices}
    return render(request, "members/households.html", context)


@require_safe
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """GET /members/houses/<id>/: who lives there by the house registration, who is the head."""
    found = _household(request, household_id)
    log_reading(request.user, kind="household", id=found.pk, name=str(found), what="page")
    head = survivor_of(found.head) if found.head else None  # a double was written down as the head
    return _household_page(request, found, HeadForm(initial={"head": head}, people=living_in(found)))


@require_POST
def head(request: HttpRequest, household_id: int) -> HttpResponse:
    """POST /members/houses/<id>/head/: another head, or nobody with a reason."""
    found = _household(request, household_id)
    form = HeadForm(request.POST, people=living_in(found))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            choose_head(household=found, head=asked["head"], reason=asked["reason"], by=request.user, now=request.now)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The head of the household is written down."))
            return redirect("members:household", found.pk)
    return _household_page(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, household_id: int) -> HttpResponse:
    """GET, POST /members/houses/<id>/change/: put the address of a house right."""
    found = _household(request, household_id)
    form = HouseForm(request.POST or None, initial=facts_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_house(household=found, house=form.house())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The house is written down so."))
            return redirect("members:household", found.pk)
    return render(request, "members/change_house.html", {"form": form, "household": found})


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/house/: a member lives in another house of her community."""
    member = get_object_or_404(visible_members(request.user).select_related("community", "household"), number=number)
    if request.method != "POST":
        log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="page")
    form = HouseForm(request.POST or None, initial=facts_of(member.household))
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_house(member=member, house=form.house())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            told = {"name": moved.full_name, "house": str(moved.household)}
            messages.success(request, _("%(name)s now lives in house %(house)s.") % told)
            return redirect("members:household", moved.household_id)
    return render(request, "members/move_house.html", {"form": form, "member": member})


def _household(request: HttpRequest, household_id: int) -> Household:
    seen = visible_households(request.user).select_related("community", "head__merged_into")
    return get_object_or_404(seen, pk=household_id)


def _household_page(request: HttpRequest, found: Household, form: HeadForm) -> HttpResponse:
    people = list(with_membership(living_in(found)))
    now = [one for one in people if one.latest_memberships and one.latest_memberships[0].ended_on is None]
    context = {"household": found, "form": form, "people": now, "former": [one for one in people if one not in now]}
    return render(request, "members/household.html", context)

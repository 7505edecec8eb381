"""The communities: their names in both languages, and who leads them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.communities import add_community
from members.forms.communities import CommunityForm, LeaderForm
from members.leaders import appoint_leader, end_leadership
from members.models import Community, Leadership
from members.queries import listed_communities


@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """GET /members/communities/: the communities, their members and leaders."""
    communities = listed_communities(request.user).select_related("member_count").prefetch_related("leaderships__user")
    return render(request, "members/communities.html", {"communities": communities})


@require_http_methods(["GET", "HEAD", "POST"])
def new_community(request: HttpRequest) -> HttpResponse:
    """GET, POST /members/communities/new/: the municipality has one more."""
    form = CommunityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_community(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Community no. %(number)s is written down.") % {"number": made.number})
            return redirect("members:communities")
    return render(request, "members/new_community.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def community(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/communities/<number>/: its names in both languages, and its leaders."""
    found = get_object_or_404(Community, number=number)
    form = CommunityForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The names are saved."))
        return redirect("members:communities")
    return _community_page(request, found, form, LeaderForm())


@require_POST
def appoint(request: HttpRequest, number: int) -> HttpResponse:
    """POST /members/communities/<number>/leaders/: give it another leader."""
    found = get_object_or_404(Community, number=number)
    form = LeaderForm(request.POST)
    if form.is_valid():
        user = form.cleaned_data["user"]
        try:
            appoint_leader(user=user, community=found, since=request.today, by=request.user, now=request.now)
            messages.success(request, _("%(name)s now leads this community.") % {"name": user.display_name})
            return redirect("members:community", number=number)
        except DomainError as refusal:
            show_refusal(form, refusal)
    return _community_page(request, found, CommunityForm(instance=found), form)


@require_POST
def dismiss(request: HttpRequest, number: int, leadership_id: int) -> HttpResponse:
    """POST /members/communities/<number>/leaders/<id>/end/: a leader stops leading."""
    leadership = get_object_or_404(Leadership, pk=leadership_id, community__number=number)
    ended = end_leadership(leadership=leadership, until=request.today, by=request.user, now=request.now)
    messages.success(request, _("%(name)s leads this community no more.") % {"name": ended.user.display_name})
    return redirect("members:community", number=number)


def _community_page(
    request: HttpRequest, found: Community, form: CommunityForm, leader_form: LeaderForm
) -> HttpResponse:
    leaders = found.leaderships.filter(until=None).select_related("user")
    context = {"community": found, "form": form, "leader_form": leader_form, "leaders": leaders}
    return render(request, "members/community.html", context)

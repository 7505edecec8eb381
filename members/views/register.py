"""The register and enrolment. A member's own page spans apps and lives in `welfare`."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.forms.register import PERSON_FIELDS, TITLES, EnrolForm, MemberFilterForm
from members.lists import find_members, page_of
from members.models import Member
from members.queries import visible_communities, visible_members
from members.regulations import NoRuleInForce, standing_rules
from members.standing import StandingRules
from members.verbs import enrol_member

RULES_BEFORE_A_REGULATION = StandingRules(suspend_after_days=90, lapse_after_days=365)


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """GET /members/: one search box over the register."""
    form = MemberFilterForm(request.GET or None, communities=visible_communities(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    rules = _rules(request)
    members = find_members(
        visible_members(request.user),
        text=asked.get("q", ""),
        community=asked.get("community"),
        standing=asked.get("standing", ""),
        today=request.today,
        rules=rules,
    )
    after = request.GET.get("after", "")
    start = visible_members(request.user).filter(number=after).first() if after.isdecimal() else None
    page = page_of(members, after=start, today=request.today, rules=rules)
    choices = list(form["community"].field.choices)  # "all" and each: a leader of one community has nothing to choose
    context = {"form": form, "page": page, "is_first": start is None, "communities": choices}
    return render(request, "members/list.html", context)


def _rules(request: HttpRequest) -> StandingRules:
    try:
        return standing_rules(request.today)
    except NoRuleInForce:
        return RULES_BEFORE_A_REGULATION


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """GET, POST /members/enrol/: a person comes into the fund."""
    communities = visible_communities(request.user)
    form = EnrolForm(
        request.POST or None, communities=communities, today=request.today, initial={"joined_on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        member = _enrol(request, form)
        if member is not None:
            messages.success(
                request,
                _("%(name)s is member no. %(number)s.") % {"name": member.full_name, "number": member.number},
            )
            return redirect("welfare:member", number=member.number)
    return render(request, "members/enrol.html", {"form": form, "titles": TITLES, "person_fields": PERSON_FIELDS})


def _enrol(request: HttpRequest, form: EnrolForm) -> Member | None:
    asked = form.cleaned_data
    try:
        return enrol_member(
            person=form.person(),
            community=asked["community"],
            joined_on=asked["joined_on"],
            by=request.user,
            today=request.today,
            now=request.now,
            request_id=asked["request_id"],
            beneficiaries=form.beneficiaries(),
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None

"""The register and enrolment. A member's own page spans apps and lives in `welfare`."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm, show_refusal
from members.exports import CONTENT_TYPES, fits_at_once, make_file
from members.filters import MemberFilter
from members.forms.register import PERSON_FIELDS, TITLES, EnrolForm
from members.jobs import MEMBER_LIST
from members.lists import Found, page_of
from members.models import Member
from members.queries import visible_communities, visible_members
from members.verbs import enrol_member
from office.jobs import start_job
from office.reading import log_reading

FOLDED = ("type", "sex", "age_from", "age_to")  # the fields that stand behind "More filters"


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """GET /members/: one search box over the register, and what narrows it."""
    narrowed = _narrowed(request)
    after = request.GET.get("after", "")
    start = visible_members(request.user).filter(number=after).first() if re.fullmatch("[0-9]{1,9}", after) else None
    page = page_of(narrowed.qs, after=start, today=request.today, rules=narrowed.rules, fund=narrowed.fund)
    context = {
        "filter": narrowed,
        "page": page,
        "is_first": page.is_first,
        "found": Found(len(page.rows)) if page.is_whole else narrowed.count(),
        "several_communities": len(narrowed.communities) > 1,
        "folded": [narrowed.form[name] for name in FOLDED],
        "is_folded": all(not request.GET.get(name) for name in FOLDED),
        "download": RequestForm(),
        "kinds": [(kind, kind.upper()) for kind in CONTENT_TYPES],
    }
    return render(request, "members/list.html", context)


@require_POST
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """POST /members/export/<kind>/?…: the list as XLSX, CSV or PDF, all its pages; a long one comes from the worker."""
    if kind not in CONTENT_TYPES:
        raise Http404
    form = RequestForm(request.POST)
    narrowed = _narrowed(request)
    if not form.is_valid():  # the mark of the button did not arrive whole: the list comes back, its buttons with it
        messages.error(request, " ".join(form.non_field_errors()))
        return redirect(f"{reverse('members:list')}?{request.GET.urlencode()}")
    told = f"{kind.upper()} · {narrowed.in_words()}"
    log_reading(request.user, kind="members", id=0, name=_("Members"), what="export", reason=told)
    if not fits_at_once(narrowed, kind):
        asked = {"kind": kind, "narrowed": {name: str(value) for name, value in narrowed.asked.items()}}
        request_id = form.cleaned_data["request_id"]
        job = start_job(MEMBER_LIST, asked, by=request.user, now=request.now, request_id=request_id)
        return redirect("office:job", job_id=job.pk)
    made = make_file(narrowed, kind)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


def _narrowed(request: HttpRequest) -> MemberFilter:
    return MemberFilter(request.GET, user=request.user, today=request.today, fund=request.fund)


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
    asked, person = form.cleaned_data, form.person()
    is_done = Member.objects.filter(request_id=asked["request_id"]).exists()  # a second click finds whom it enrolled
    if not is_done and form.shows_doubles(person, asked["community"], visible_members(request.user)):
        return None
    try:
        return enrol_member(
            person=person,
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

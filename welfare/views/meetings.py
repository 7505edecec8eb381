"""The committee's table: the next meeting's cases against the money, a meeting, its decisions."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.thai_dates import active_language
from ledger.queries import money_in_hand
from members.models import Meeting
from office.roles import Role
from welfare import meetings as verbs
from welfare.deciding import DecisionsRefused, decide_at_meeting, decided_by
from welfare.forms import DecisionsForm, MeetingForm, PresentForm, committee_lines
from welfare.models import Claim
from welfare.queries import claims_to_decide, listed, meetings, waiting, with_reckonings
from welfare.rules.steps import Step
from welfare.views.shown import name_benefits

AT_ONE_MEETING = 100


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """GET /meetings/: what waits for the next meeting, its sum against the money, and the meetings held."""
    cases = name_benefits(list(listed(claims_to_decide(request.user))[:AT_ONE_MEETING]))
    sums = waiting(claims_to_decide(request.user))
    money = money_in_hand().total
    context = {
        "cases": cases,
        "waiting": sums,
        "money": money,
        "left": money - sums.total,
        "meetings": meetings()[:AT_ONE_MEETING],
    }
    return render(request, "welfare/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_meeting(request: HttpRequest) -> HttpResponse:
    """GET, POST /meetings/new/: the next number of the year, the day, who is there."""
    initial = {"held_on": request.today, "present": committee_lines()}
    form = MeetingForm(request.POST or None, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        who = {"by": request.user, "today": request.today, "request_id": asked["request_id"]}
        facts = {"held_on": asked["held_on"], "place": asked["place"], "present": asked["present"]}
        try:
            meeting = verbs.open_meeting(**facts, **who)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("welfare:meeting", meeting.kind, meeting.year_be, meeting.number)
    return render(request, "welfare/open_meeting.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_page(request: HttpRequest, kind: str, year_be: int, number: int) -> HttpResponse:
    """GET, POST /meetings/<kind>/<year>/<number>/: decide the cases that wait, under this meeting's resolution."""
    meeting = get_object_or_404(Meeting, kind=kind, year_be=year_be, number=number)
    decides = request.user.has_role(Role.COMMITTEE)
    cases = name_benefits(list(with_reckonings(claims_to_decide(request.user))[:AT_ONE_MEETING])) if decides else []
    sent = request.POST if request.method == "POST" else None
    form = DecisionsForm(sent, claims=cases, open_sums=_open_sums(cases))
    if sent is not None and decides and (_decided_before(request, meeting, form) or _decide(request, meeting, form)):
        return redirect("welfare:meeting", kind, year_be, number)
    return render(request, "welfare/meeting.html", _meeting_context(request, meeting, form, decides=decides))


def _meeting_context(request: HttpRequest, meeting: Meeting, form: DecisionsForm, *, decides: bool) -> dict[str, Any]:
    decided = Prefetch("claims", queryset=listed(Claim.objects.order_by("submitted_at", "id")))
    resolutions = list(meeting.resolutions.prefetch_related(decided))
    for resolution in resolutions:
        name_benefits(list(resolution.claims.all()))
    sums = waiting(claims_to_decide(request.user))
    money = money_in_hand().total
    lines = "\n".join(", ".join(filter(None, (one["name"], one.get("post", "")))) for one in meeting.present)
    return {
        "meeting": meeting,
        "resolutions": resolutions,
        "form": form,
        "rows": [{**row, "reasons": _what_to_weigh(row["claim"])} for row in form.rows()],
        "decides": decides and meeting.held_on <= request.today,
        "lies_ahead": meeting.held_on > request.today,
        "waiting": sums,
        "money": money,
        "left": money - sums.total,
        "present_form": PresentForm(initial={"present": lines}) if not resolutions else None,
    }


def _open_sums(cases: list[Claim]) -> set[int]:
    """Cases whose sum the committee sets."""
    return {claim.pk for claim in cases if claim.benefit and claim.benefit.pays.up_to is not None}


def _what_to_weigh(claim: Claim) -> list[str]:
    """The steps of the reckoning that are neither here nor there: late papers, suspended rights, a cut."""
    steps = (Step.from_json(step) for step in claim.assessment.get("steps", ()) if step["ok"] is None)
    return [step.sentence(active_language()) for step in steps]


def _decided_before(request: HttpRequest, meeting: Meeting, form: DecisionsForm) -> bool:
    """A second click: its cases wait no more, so that its form would seem empty."""
    form.full_clean()
    found = decided_by(form.cleaned_data.get("request_id"))
    if found is not None:
        _tell_decided(request, meeting, found)
    return found is not None


def _tell_decided(request: HttpRequest, meeting: Meeting, decided: list[Claim]) -> None:
    told = {"meeting": meeting.label, "count": len(decided)}
    messages.success(request, _("Meeting %(meeting)s decided %(count)d claims.") % told)


def _decide(request: HttpRequest, meeting: Meeting, form: DecisionsForm) -> bool:
    if not form.is_valid():
        return False
    who = {"by": request.user, "today": request.today, "now": request.now}
    try:
        decided = decide_at_meeting(
            meeting=meeting, decisions=form.decisions(), request_id=form.cleaned_data["request_id"], **who
        )
    except DecisionsRefused as refused:
        form.add_error(None, _("Nothing was decided yet: some cases cannot be decided so."))
        for key, refusal in refused.by_claim.items():
            form.add_error(f"reason_{key}", str(refusal))
        return False
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    _tell_decided(request, meeting, decided)
    return True


@require_POST
def record_present(request: HttpRequest, kind: str, year_be: int, number: int) -> HttpResponse:
    """POST /meetings/<kind>/<year>/<number>/present/: who was there."""
    meeting = get_object_or_404(Meeting, kind=kind, year_be=year_be, number=number)
    form = PresentForm(request.POST)
    if form.is_valid():
        try:
            verbs.record_present(meeting=meeting, present=form.cleaned_data["present"], by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Who is present is written down."))
    return redirect("welfare:meeting", kind, year_be, number)

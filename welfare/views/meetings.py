"""The committee's table: the next meeting's cases against the money, a meeting, its decisions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.thai_dates import active_language
from ledger.queries import money_in_hand
from members.models import Meeting
from office.reading import log_reading
from office.roles import Role
from welfare import meetings as verbs
from welfare.beside import beside_each
from welfare.budgets import budget_lines, fund_year_on
from welfare.certifying import first_approvals
from welfare.controls import LEAST_PRESENT, count_present
from welfare.deciding import DecisionsRefused, decide_at_meeting, decided_by
from welfare.forms import DecisionsForm, MeetingForm, PresentForm, committee_lines
from welfare.forms_deciding import RatifyForm
from welfare.lapsing import lapses_to_decide
from welfare.meeting_cases import AT_ONE_MEETING, cases_sent, cases_to_decide, lists_to_decide, weighed
from welfare.meeting_papers import quorum
from welfare.models import Claim, ClaimApproval, ClaimState
from welfare.queries import claims_to_decide, listed, meetings, waiting, with_reckonings
from welfare.urgent import grants_not_ratified, grants_to_ratify
from welfare.views.shown import name_benefits


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """GET /meetings/: what waits for the next meeting, its sum against the money, and the meetings held."""
    cases = name_benefits(list(listed(cases_to_decide(request.user))[:AT_ONE_MEETING]))
    sums = waiting(claims_to_decide(request.user))
    money = money_in_hand().total
    context = {
        "cases": cases,
        "waiting": sums,
        "money": money,
        "left": money - sums.total,
        "lists": lists_to_decide(),
        "meetings": meetings()[:AT_ONE_MEETING],
        "not_ratified": grants_not_ratified()[:AT_ONE_MEETING],
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
    """GET, POST /meetings/<kind>/<year>/<number>/?page=2: decide the cases that wait, a hundred on a page."""
    meeting = get_object_or_404(Meeting, kind=kind, year_be=year_be, number=number)
    decides = request.user.has_role(Role.COMMITTEE)
    waits = with_reckonings(cases_to_decide(request.user)) if decides else Claim.objects.none()
    page = Paginator(waits, AT_ONE_MEETING).get_page(request.GET.get("page"))
    sent = request.POST if request.method == "POST" else None
    shown = page.object_list
    if sent is not None and decides:
        shown = with_reckonings(cases_sent(request.user, _keys_of(sent)))
    cases = name_benefits(list(shown.select_related("child")))
    first = first_approvals(cases)
    approved = {key: one.amount for key, one in first.items()}
    form = DecisionsForm(sent, claims=cases, open_sums=_open_sums(cases), approved=approved)
    if sent is not None and decides and (_decided_before(request, meeting, form) or _decide(request, meeting, form)):
        return redirect("welfare:meeting", kind, year_be, number)
    context = {"page": page, "decides": decides and meeting.held_on <= request.today}
    return render(request, "welfare/meeting.html", context | _meeting_context(request, meeting, form, first))


def _meeting_context(
    request: HttpRequest, meeting: Meeting, form: DecisionsForm, first: dict[int, ClaimApproval]
) -> dict[str, Any]:
    decided = Prefetch("claims", queryset=listed(Claim.objects.order_by("submitted_at", "id")))
    resolutions = list(meeting.resolutions.prefetch_related(decided, "benefit_lists"))
    for resolution in resolutions:
        name_benefits(list(resolution.claims.all()))
    sums = waiting(claims_to_decide(request.user))
    money = money_in_hand().total
    lines = "\n".join(", ".join(filter(None, (one["name"], one.get("post", "")))) for one in meeting.present)
    language = active_language()
    return {
        "meeting": meeting,
        "resolutions": resolutions,
        "form": form,
        "rows": _rows(request, meeting, form, first),
        "lists": lists_to_decide(),
        "ratify_form": _ratify_form(),
        "lapses": len(lapses_to_decide(request.user, meeting.held_on)),
        "quorum": quorum(meeting).in_language(language),
        "has_quorum": count_present(meeting) >= LEAST_PRESENT,
        "lies_ahead": meeting.held_on > request.today,
        "waiting": sums,
        "money": money,
        "left": money - sums.total,
        "present_form": PresentForm(initial={"present": lines}) if not resolutions else None,
    }


def _rows(
    request: HttpRequest, meeting: Meeting, form: DecisionsForm, first: dict[int, ClaimApproval]
) -> list[dict[str, Any]]:
    """Each case with what stands beside it: what is to be weighed, history, limits, the kind's budget."""
    language = active_language()
    beside = beside_each(form.claims)
    if beside:
        log_reading(request.user, kind="meeting", id=meeting.pk, name=meeting.label, what="meeting page")
    year = fund_year_on(request.today)
    budgets = {line.category: line for line in budget_lines(year, today=request.today)} if form.claims else {}
    for one in beside.values():
        name_benefits(list(one.latest))
    return [
        {
            **row,
            "reasons": weighed(row["claim"], language),
            "first": first.get(row["claim"].pk),
            "beside": beside[row["claim"].pk],
            "left": [left.sentence(language) for left in beside[row["claim"].pk].left or ()],
            "budget": budgets[row["claim"].category],
        }
        for row in form.rows()
    ]


def _keys_of(sent: QueryDict) -> list[int]:
    """The cases that the sent page showed: since then others may have decided some, and a page may hold others."""
    keys = [name.removeprefix("verdict_") for name in sent if name.startswith("verdict_")]
    return [int(key) for key in keys if key.isdecimal() and len(key) <= len("9999999999")]


def _ratify_form() -> RatifyForm | None:
    grants = list(grants_to_ratify())
    name_benefits([grant.claim for grant in grants])
    return RatifyForm(grants=grants) if grants else None


def _open_sums(cases: list[Claim]) -> set[int]:
    """Cases whose sum the committee sets."""
    return {claim.pk for claim in cases if claim.benefit and claim.benefit.pays.up_to is not None}


def _decided_before(request: HttpRequest, meeting: Meeting, form: DecisionsForm) -> bool:
    """A second click: its cases wait no more, so that its form would seem empty."""
    form.full_clean()
    found = decided_by(form.cleaned_data.get("request_id"))
    if found is not None:
        _tell_decided(request, meeting, found)
    return found is not None


def _tell_decided(request: HttpRequest, meeting: Meeting, decided: list[Claim]) -> None:
    once = sum(1 for claim in decided if claim.state == ClaimState.VERIFIED)
    if once:
        message = _("%(count)d claims have one approval of two; another committee member gives the second.")
        messages.warning(request, message % {"count": once})
    told = {"meeting": meeting.label, "count": len(decided) - once}
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

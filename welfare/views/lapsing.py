"""Due to lapse: who may be put before a meeting, who not yet and why, and the resolution that ends memberships."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.arrears import ArrearsRow, Stage, arrears_row, memberships_behind, with_people
from members.models import Meeting, Membership
from members.queries import visible_members
from members.regulations import NoRuleInForce, standing_rules
from members.standing import StandingRules
from office.roles import Role
from welfare import lapsing as verbs
from welfare.arrears import owed_by
from welfare.forms_arrears import BY_REGULATION, LapseForm, meeting_choices

MEETINGS_OFFERED = 6


@require_http_methods(["GET", "HEAD", "POST"])
def due_to_lapse(request: HttpRequest) -> HttpResponse:
    """GET, POST /arrears/due/: choose a meeting held, and end the memberships that it resolved on."""
    held = list(Meeting.objects.filter(held_on__lte=request.today).order_by("-held_on", "-id")[:MEETINGS_OFFERED])
    try:
        rules = standing_rules(request.today)
        alone = verbs.lapses_by_itself(request.today) and request.user.has_role(Role.REGISTRAR)
    except NoRuleInForce as refusal:
        return render(request, "welfare/due_to_lapse.html", {"refusal": str(refusal)})
    meeting, day = _day_of(request, held, alone=alone)
    context: dict[str, Any] = {
        "meeting": meeting,
        "day": day,
        "choices": meeting_choices(held, by_regulation=alone),
        "chosen_meeting": str(meeting.pk) if meeting else BY_REGULATION,
        "notice_days": request.fund.lapse_notice_days,
    }
    if day is None:
        return render(request, "welfare/due_to_lapse.html", context)
    ready, not_yet = _due(request, day, rules)
    form = LapseForm(request.POST or None, meetings=held, by_regulation=alone, keys=_ticked(request))
    if request.method == "POST" and (answer := _lapse(request, form, meeting)) is not None:
        return answer
    owed = owed_by([row.membership for row in (*ready, *not_yet)], request.today)
    context["ready"] = [(row, owed[row.membership.pk].baht) for row in ready]
    context["not_yet"] = [(row, owed[row.membership.pk].baht, _why(row, request, rules)) for row in not_yet]
    return render(request, "welfare/due_to_lapse.html", context | {"form": form, "most": verbs.AT_ONE_MEETING})


def _day_of(request: HttpRequest, held: Sequence[Meeting], *, alone: bool) -> tuple[Meeting | None, date | None]:
    """The meeting asked for, else the last one held, and its day; or today, where the regulation needs no meeting."""
    asked = request.POST.get("meeting") or request.GET.get("meeting") or ""
    if alone and (asked == BY_REGULATION or not asked):
        return None, request.today
    meeting = next((one for one in held if str(one.pk) == asked), held[0] if held else None)
    return meeting, meeting.held_on if meeting else None


def _due(request: HttpRequest, day: date, rules: StandingRules) -> tuple[list[ArrearsRow], list[ArrearsRow]]:
    """Those whose membership may end on that day, and those due today who cannot yet."""
    told = _rows(request, Stage.TOLD, rules)
    days = request.fund.lapse_notice_days
    ready = [row for row in told if (row.may_lapse_from(days) or date.max) <= day]
    return ready, [row for row in told if row not in ready] + _rows(request, Stage.TO_TELL, rules)


def _rows(request: HttpRequest, stage: Stage, rules: StandingRules) -> list[ArrearsRow]:
    members = visible_members(request.user)
    behind: QuerySet[Membership] = memberships_behind(members, stage, today=request.today, rules=rules)
    return [arrears_row(one, rules) for one in with_people(behind)[: verbs.AT_ONE_MEETING]]


def _why(row: ArrearsRow, request: HttpRequest, rules: StandingRules) -> dict[str, Any]:
    """The last notice, and from which day a meeting may end it; where nobody told her, counted from today."""
    days = request.fund.lapse_notice_days
    told = row.may_lapse_from(days)
    return {"told": told is not None, "from": told or request.today + timedelta(days=days)}


def _ticked(request: HttpRequest) -> list[int]:
    """The memberships ticked, as far as the user may see them; whether they may end, the verb decides."""
    keys = [int(one) for one in request.POST.getlist("chosen") if one.isdecimal() and len(one) < 16]
    if not keys:
        return []
    seen = Membership.objects.filter(pk__in=keys, member__in=visible_members(request.user))
    return list(seen.values_list("pk", flat=True))


def _lapse(request: HttpRequest, form: LapseForm, meeting: Meeting | None) -> HttpResponse | None:
    """Carry the resolution out; None where it was refused, with the reasons on the form."""
    form.full_clean()
    request_id = form.cleaned_data.get("request_id")
    before = verbs.resolution_of(request_id) if request_id else None
    if before is not None:  # a second click: those chosen stand on the list no more
        return _done(request, list(verbs.lapsed_by(before)), before.meeting)
    if not form.is_valid():
        return None
    keys = form.cleaned_data["chosen"]
    try:
        if meeting is None:
            ended = verbs.lapse_by_regulation(memberships=keys, by=request.user, today=request.today)
        else:
            who = {"by": request.user, "today": request.today, "now": request.now}
            ended = verbs.lapse_at_meeting(meeting=meeting, memberships=keys, request_id=request_id, **who)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None
    return _done(request, ended, meeting)


def _done(request: HttpRequest, ended: list[Membership], meeting: Meeting | None) -> HttpResponse:
    messages.success(request, _("%(count)d memberships have ended.") % {"count": len(ended)})
    if meeting is None:
        return redirect("welfare:due_to_lapse")
    return redirect("welfare:meeting", meeting.kind, meeting.year_be, meeting.number)

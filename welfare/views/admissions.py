"""The list of applications to membership that a meeting accepts or refuses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from members.application_queries import applications_to_decide, listed
from members.models import Application, ApplicationState, Meeting
from welfare.admissions import AdmissionsRefused, admitted_by, decide_admissions
from welfare.forms_admissions import AdmissionsForm

AT_ONE_MEETING = 100
MEETINGS_TO_CHOOSE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def admissions(request: HttpRequest) -> HttpResponse:
    """GET, POST /meetings/applications/: certified applications; accept or refuse them under a meeting's resolution."""
    cases = list(listed(applications_to_decide(request.user))[:AT_ONE_MEETING])
    held = Meeting.objects.filter(held_on__lte=request.today)
    newest = list(held.values_list("pk", flat=True)[:MEETINGS_TO_CHOOSE])
    asked = request.GET.get("meeting", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in newest else next(iter(newest), None)
    sent = request.POST if request.method == "POST" else None
    form = AdmissionsForm(sent, applications=cases, meetings=held.filter(pk__in=newest), initial={"meeting": chosen})
    if sent is not None and (decided := _decided_before(form) or _decide(request, form)):
        return _tell(request, decided)
    context = {"form": form, "rows": form.rows(), "has_meeting": bool(newest), "most": AT_ONE_MEETING}
    return render(request, "welfare/admissions.html", context)


def _decided_before(form: AdmissionsForm) -> list[Application] | None:
    """A second click: its applications wait no more, so that its form would seem empty."""
    form.full_clean()
    return admitted_by(form.cleaned_data.get("request_id"))


def _decide(request: HttpRequest, form: AdmissionsForm) -> list[Application] | None:
    if not form.is_valid():
        return None
    asked = form.cleaned_data
    who = {"by": request.user, "today": request.today, "now": request.now, "request_id": asked["request_id"]}
    try:
        return decide_admissions(meeting=asked["meeting"], admissions=form.admissions(), **who)
    except AdmissionsRefused as refused:
        form.add_error(None, _("Nothing was decided yet: some applications cannot be decided so."))
        for key, refusal in refused.by_application.items():
            form.add_error(f"reason_{key}", str(refusal))
    except DomainError as refusal:
        show_refusal(form, refusal)
    return None


def _tell(request: HttpRequest, decided: list[Application]) -> HttpResponse:
    accepted = [one for one in decided if one.state == ApplicationState.ACCEPTED]
    message = ngettext(
        "The resolution is written: %(count)d new member.",
        "The resolution is written: %(count)d new members.",
        len(accepted),
    )
    messages.success(request, message % {"count": len(accepted)})
    meeting = decided[0].resolution.meeting
    return redirect("welfare:meeting", meeting.kind, meeting.year_be, meeting.number)

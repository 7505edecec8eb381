"""Members behind with their dues: telling them, letters to print, and the meeting that ends a membership."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.paper_answers import as_pdf
from bansong_fund.lib.thai_dates import active_language
from members.arrears import Stage, arrears_page, memberships_behind
from members.models import ArrearsNotice, Community, Member, Membership
from members.notices import GIVES_NOTICE, record_notice
from members.queries import visible_communities, visible_members
from members.regulations import NoRuleInForce, standing_rules
from members.standing import StandingRules
from office.jobs import start_job
from office.reading import log_reading
from welfare.arrears import letter_rows, letters_for, owed_by, render_letters
from welfare.forms_arrears import ArrearsFilterForm, LettersForm, NoticeForm
from welfare.jobs import NOTICE_LETTERS

STAGE_NAMES = {
    Stage.TO_TELL: gettext_lazy("To be told"),
    Stage.TOLD: gettext_lazy("Told"),
    Stage.SOON: gettext_lazy("Due within 60 days"),
    Stage.SUSPENDED: gettext_lazy("Rights suspended"),
}
LETTERS_AT_ONCE = 10  # more take seconds: they are the worker's
MOST_LETTERS = 300  # a drive in one community; the worker draws some six a second


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """GET /arrears/: members to be told that they are due to lapse, with a button for each way of telling."""
    stage = _stage(request)
    form = ArrearsFilterForm(request.GET, communities=visible_communities(request.user))
    context: dict[str, Any] = {
        "stage": stage,
        "stages": [(one.value, STAGE_NAMES[one], one == stage) for one in Stage],
        "form": form,
        "communities": list(form["community"].field.choices),
        "ways": ArrearsNotice.How.choices,
        "tells": request.user.has_role(*GIVES_NOTICE),
        "letters_form": LettersForm(initial={"language": active_language()}, auto_id="letters_%s"),
        "kept": _kept(request),
        "notice_days": request.fund.lapse_notice_days,
    }
    try:
        rules = standing_rules(request.today)
    except NoRuleInForce as refusal:
        return render(request, "welfare/notices.html", context | {"refusal": str(refusal)})
    members = visible_members(request.user)
    after = _after(request)
    behind = memberships_behind(members, stage, today=request.today, rules=rules)
    community = form.cleaned_data.get("community") if form.is_valid() else None
    page = arrears_page(behind, community=community, after=after, rules=rules)
    owed = owed_by([row.membership for row in page.rows], request.today)
    rows = [(row, owed[row.membership.pk].baht, str(uuid.uuid4())) for row in page.rows]
    return render(request, "welfare/notices.html", context | {"rows": rows, "page": page, "is_first": after is None})


def _stage(request: HttpRequest) -> Stage:
    asked = request.GET.get("stage", "")
    return Stage(asked) if asked in list(Stage) else Stage.TO_TELL


def _community(request: HttpRequest) -> Community | None:
    form = ArrearsFilterForm(request.GET, communities=visible_communities(request.user))
    return form.cleaned_data.get("community") if form.is_valid() else None


def _after(request: HttpRequest) -> Member | None:
    asked = request.GET.get("after", "")
    if not asked.isdecimal() or len(asked) > 9:
        return None
    return visible_members(request.user).select_related("community").filter(number=int(asked)).first()


def _kept(request: HttpRequest) -> str:
    """What narrows the list, to come back to the same place."""
    kept = {key: request.GET[key] for key in ("stage", "community", "after") if request.GET.get(key)}
    return f"?{urlencode(kept)}" if kept else ""


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, number: int) -> HttpResponse:
    """GET, POST /members/<number>/notice/: a member was told; a touch in the list sends only how."""
    member = get_object_or_404(visible_members(request.user).select_related("community"), number=number)
    if request.method != "POST":
        log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="page")
    membership = member.memberships.order_by("-joined_on").first()
    initial = {"given_on": request.today, "how": request.GET.get("how", "")}
    form = NoticeForm(request.POST or None, today=request.today, initial=initial)
    if request.method == "POST" and membership is not None and form.is_valid():
        notice = _told(request, membership, form)
        if notice is not None:
            told = {"name": member.full_name, "how": notice.get_how_display()}
            messages.success(request, _("Written down: %(name)s was told (%(how)s).") % told)
            return _back(request)
    given = ArrearsNotice.objects.filter(membership__member=member).select_related("given_by").order_by("-given_on")
    context = {"member": member, "membership": membership, "form": form, "given": given, "kept": _kept(request)}
    return render(request, "welfare/tell.html", context)


def _told(request: HttpRequest, membership: Membership, form: NoticeForm) -> ArrearsNotice | None:
    asked = form.cleaned_data
    try:
        return record_notice(
            membership=membership,
            how=asked["how"],
            given_on=asked["given_on"] or request.today,
            note=asked["note"],
            request_id=asked["request_id"],
            by=request.user,
            today=request.today,
            now=request.now,
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """POST /arrears/letters/: a letter for each member ticked; many are drawn by the worker. Printing tells nobody."""
    form = LettersForm(request.POST)
    try:
        rules = standing_rules(request.today)
    except NoRuleInForce as refusal:
        messages.error(request, str(refusal))
        return _back(request)
    numbers = _ticked(request, rules)
    if not form.is_valid() or not numbers:
        messages.error(request, _("Tick the members who are to get a letter."))
        return _back(request)
    log_reading(request.user, kind="notice-letters", id=0, name=", ".join(map(str, numbers)), what="notice letters")
    asked = form.cleaned_data
    if len(numbers) > LETTERS_AT_ONCE:
        parameters = {"numbers": numbers, "letters_language": asked["language"]}
        who = {"by": request.user, "now": request.now, "request_id": asked["request_id"]}
        return redirect("office:job", job_id=start_job(NOTICE_LETTERS, parameters, **who).pk)
    rows = letter_rows(visible_members(request.user), numbers, rules=rules)
    drawn = letters_for(rows, today=request.today, rules=rules, fund=request.fund)
    pdf = render_letters(drawn, fund=request.fund, today=request.today, language=asked["language"])
    return as_pdf(pdf, "notice-letters")


def _ticked(request: HttpRequest, rules: StandingRules) -> list[int]:
    """The numbers of the members ticked, or of everyone on the list where that button was touched."""
    if "everyone" not in request.POST:
        ticked = {int(one) for one in request.POST.getlist("member") if one.isdecimal() and len(one) < 10}
        return sorted(ticked)[:MOST_LETTERS]
    members = visible_members(request.user)
    behind = memberships_behind(members, _stage(request), today=request.today, rules=rules)
    if community := _community(request):
        behind = behind.filter(member__community=community)
    return list(behind.order_by("member__number").values_list("member__number", flat=True)[:MOST_LETTERS])


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('welfare:notices')}{_kept(request)}")

"""Benefit lists: opened, looked through by the communities on the phone, sent in, decided, printed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.views.acting import acting, carry_out, forms_shown
from members.models import Community, Meeting, Member
from members.queries import current_members, search_members, visible_communities, visible_members
from members.regulations import NoRuleInForce
from office.reading import log_reading
from welfare import list_claims, list_jobs
from welfare import lists as verbs
from welfare.budgets import budget_of
from welfare.deliveries import delivery_of, hand_over
from welfare.delivery_queries import visible_deliveries
from welfare.forms import MemberSearchForm
from welfare.forms_lists import AddForm, CancelForm, DecideListForm, OpenListForm, SendForm, StrikeForm
from welfare.forms_paying import HandOverForm
from welfare.list_jobs import AT_ONCE, on_the_worker
from welfare.list_papers import amount_of, list_sheet, render_sheets, sheets_of
from welfare.list_queries import ENDED, parts_of, visible_lines, visible_lists, with_sums
from welfare.models import BenefitList, ClaimState, Delivery, ListLine
from welfare.on_the_way import MoneyElsewhere
from welfare.queries import claims_to_pay, listed, paying_accounts
from welfare.regulations import document_on
from welfare.rules.steps import Step
from welfare.rules.words import label, labels
from welfare.views.shown import name_benefits

ON_A_PAGE = 100
MEETINGS_OFFERED = 6
SHOWN_MEMBERS = 20
LONGEST_NUMBER = 9


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """GET /lists/: the newest first, each with its people and baht."""
    found = with_sums(visible_lists(request.user), request.user)[:ON_A_PAGE]
    return render(request, "welfare/lists.html", {"lists": found})


@forms_shown
def open_list(request: HttpRequest) -> HttpResponse:
    """GET, POST /lists/new/: which benefit, by which day; then the program proposes who is due."""
    try:
        document = document_on(request.today)
    except NoRuleInForce as refusal:
        messages.error(request, str(refusal))
        document = None
    form = OpenListForm(request.POST or None, today=request.today, document=document)

    def act(data: dict[str, Any]) -> BenefitList:
        facts = {name: data[name] for name in ("benefit_code", "title", "event_on", "event_name")}
        return verbs.open_list(**facts, restricted_fund=data.get("restricted_fund"), **acting(request, form))

    if opened := carry_out(request, form, act):
        return _propose(request, opened, form)
    return render(request, "welfare/list_open.html", {"form": form})


def _propose(request: HttpRequest, opened: BenefitList, form: OpenListForm) -> HttpResponse:
    """At once in a small fund, else on the worker."""
    if Member.objects.count() > AT_ONCE:
        job = on_the_worker(list_jobs.PROPOSE, opened, {}, acting(request, form))
        return redirect("office:job", job_id=job.pk)
    count = verbs.propose(opened)
    told = {"number": opened.label, "count": count}
    messages.success(request, _("List %(number)s is open; %(count)d people are proposed.") % told)
    return redirect("welfare:benefit_list", opened.year_be, opened.number)


def _visible(request: HttpRequest, year_be: int, number: int) -> BenefitList:
    seen = with_sums(visible_lists(request.user), request.user)
    related = ("regulation", "opened_by", "sent_by", "resolution__meeting", "restricted_fund")
    found = seen.select_related(*related).defer("regulation__document")
    return get_object_or_404(found, year_be=year_be, number=number)


@require_safe
def benefit_list(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /lists/<year>/<number>/: its communities, who confirmed, and the buttons of this desk."""
    return _show(request, _visible(request, year_be, number))


def _show(request: HttpRequest, found: BenefitList, **given: Any) -> HttpResponse:
    parts = parts_of(found, request.user)
    context = {
        "list": found,
        "benefit_name": _benefit_name(found),
        "parts": parts,
        "unconfirmed": [part for part in parts if part.people and part.confirmed is None],
        "is_open": found.state == BenefitList.State.OPEN,
        "is_sent": found.state == BenefitList.State.SENT,
        "is_decided": found.state == BenefitList.State.DECIDED,
        "sent_by_her": found.state == BenefitList.State.SENT and found.sent_by_id == request.user.pk,
        "send_form": SendForm(),
        "sheets_form": SendForm(auto_id=False),
        "cancel_form": CancelForm(),
        "take_back_form": CancelForm(auto_id="back_%s"),
        **given,
    }
    return render(request, "welfare/list.html", context)


def _benefit_name(found: BenefitList) -> str:
    benefit = next((one for one in document_on(found.event_on).benefits if one.code == found.benefit_code), None)
    return benefit.name.in_language(active_language()) if benefit else found.benefit_code


# --- a community's part -----------------------------------------------------------------------------------------


@require_safe
def list_community(request: HttpRequest, year_be: int, number: int, community: int) -> HttpResponse:
    """GET /lists/<year>/<number>/communities/<no.>/: who stands on it, to strike out, add and confirm."""
    found, place = _visible(request, year_be, number), _community(request, community)
    log_reading(request.user, kind="community", id=place.pk, name=local_name(place), what="benefit list")
    lines = list(visible_lines(request.user, found).filter(community=place))
    benefit = verbs.benefit_of_list(found)
    standing = [line for line in lines if line.struck_by_id is None]
    paid = [line for line in standing if line.claim is None or line.claim.state not in ENDED]
    context = {
        "list": found,
        "benefit_name": benefit.name.in_language(active_language()),
        "community": place,
        "part": found.communities.filter(community=place).select_related("confirmed_by").first(),
        "lines": [(line, _weighed(line)) for line in standing],
        "count": len(paid),
        "struck": [line for line in lines if line.struck_by_id is not None],
        "total": sum(amount_of(line) for line in paid),
        "papers": [labels("paper", papers, active_language()) for papers in benefit.evidence],
        "quota": benefit.limits.quota_per_community,
        "is_open": found.state == BenefitList.State.OPEN,
        "confirm_form": SendForm(),
    }
    return render(request, "welfare/list_community.html", context)


def _delivery(request: HttpRequest, key: str) -> Delivery:
    if not key.isdecimal() or len(key) > LONGEST_NUMBER:
        raise Http404
    return get_object_or_404(visible_deliveries(request.user), pk=int(key))


def _community(request: HttpRequest, number: int) -> Community:
    return get_object_or_404(visible_communities(request.user), number=number)


def _weighed(line: ListLine) -> list[str]:
    """What is neither here nor there in the reckoning, and the grade of the damage."""
    language = active_language()
    told = [label("grade", line.grade, language)] if line.grade else []
    steps = (Step.from_json(step) for step in line.assessment.get("steps", ()) if step["ok"] is None)
    return told + [step.sentence(language) for step in steps if step.code != "amount_if_decided"]


@forms_shown
def list_line(request: HttpRequest, year_be: int, number: int, line: int) -> HttpResponse:
    """GET, POST /lists/<year>/<number>/lines/<id>/: strike a person out with a reason, or put her back.

    A form with a reason strikes out, also where somebody did so meanwhile: sent twice it does not put her back.
    """
    found = _visible(request, year_be, number)
    row = get_object_or_404(visible_lines(request.user, found), pk=line)
    form = StrikeForm(request.POST or None)
    puts_back = "reason" not in request.POST if request.method == "POST" else row.struck_by_id is not None
    if puts_back:
        del form.fields["reason"]

    def act(data: dict[str, Any]) -> ListLine:
        if puts_back:
            return verbs.restore_line(line=row, by=request.user)
        return verbs.strike_line(line=row, reason=data["reason"], by=request.user)

    if done := carry_out(request, form, act):
        said = _("%(name)s is struck out.") if done.struck_by_id else _("%(name)s is on the list again.")
        messages.success(request, said % {"name": row.member.full_name})
        return redirect("welfare:list_community", year_be, number, row.community.number)
    return render(request, "welfare/list_line.html", {"list": found, "line": row, "form": form})


@require_safe
def list_choose(request: HttpRequest, year_be: int, number: int, community: int) -> HttpResponse:
    """GET /lists/<year>/<number>/communities/<no.>/add/: whom to add, out of the community's members."""
    found, place = _visible(request, year_be, number), _community(request, community)
    form = MemberSearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    members = visible_members(request.user).filter(community=place).select_related("household")
    found_members = search_members(members, text) if text else current_members(members).order_by("sort_key", "id")
    rows = list(found_members[: SHOWN_MEMBERS + 1])
    context = {"list": found, "community": place, "form": form, "text": text}
    context |= {"members": rows[:SHOWN_MEMBERS], "more": len(rows) > SHOWN_MEMBERS}
    return render(request, "welfare/list_choose.html", context)


@forms_shown
def list_add(request: HttpRequest, year_be: int, number: int, member: int) -> HttpResponse:
    """GET, POST /lists/<year>/<number>/add/<member no.>/: what this benefit asks of her, and why she belongs on it."""
    found = _visible(request, year_be, number)
    person = get_object_or_404(visible_members(request.user).select_related("community"), number=member)
    terms = verbs.benefit_of_list(found)
    form = AddForm(request.POST or None, member=person, benefit=terms, today=request.today)

    def act(data: dict[str, Any]) -> ListLine:
        return verbs.add_line(benefit_list=found, member=person, by=request.user, **data)

    if line := carry_out(request, form, act):
        messages.success(request, _("%(name)s is on the list.") % {"name": person.full_name})
        return redirect("welfare:list_community", year_be, number, line.community.number)
    return render(request, "welfare/list_add.html", {"list": found, "member": person, "form": form})


@require_POST
def list_confirm(request: HttpRequest, year_be: int, number: int, community: int) -> HttpResponse:
    """POST /lists/<year>/<number>/communities/<no.>/confirm/: this part is right, the papers were seen."""
    found, place = _visible(request, year_be, number), _community(request, community)
    form = SendForm(request.POST)

    def act(_data: dict[str, Any]) -> Any:
        return verbs.confirm_community(benefit_list=found, community=place, by=request.user, now=request.now)

    if carry_out(request, form, act):
        messages.success(request, _("The part of %(community)s is confirmed.") % {"community": local_name(place)})
    else:
        messages.error(request, _said(form))
    return redirect("welfare:list_community", year_be, number, community)


def _said(form: Any) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


# --- the whole list -----------------------------------------------------------------------------------------------


@require_POST
def list_send(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /lists/<year>/<number>/send/: every line becomes a checked claim before the meeting."""
    found = _visible(request, year_be, number)
    form = SendForm(request.POST)

    def act(data: dict[str, Any]) -> Any:
        who = acting(request, form)
        if found.people > AT_ONCE:
            return on_the_worker(list_jobs.SEND, found, {"reason": data["reason"]}, who)
        del who["request_id"]  # the list's own state says whether it was sent
        return list_claims.send_list(benefit_list=found, reason=data["reason"], **who)

    done = carry_out(request, form, act)
    if done is None:
        return _show(request, found, send_form=form)
    if not isinstance(done, BenefitList):
        return redirect("office:job", job_id=done.pk)
    messages.success(request, _("List %(number)s goes to the next meeting.") % {"number": found.label})
    return redirect("welfare:benefit_list", year_be, number)


@require_POST
def list_cancel(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /lists/<year>/<number>/cancel/: with a reason, while it is with the communities."""
    found = _visible(request, year_be, number)
    form = CancelForm(request.POST)

    def act(data: dict[str, Any]) -> BenefitList:
        return verbs.cancel_list(benefit_list=found, reason=data["reason"], by=request.user)

    if carry_out(request, form, act) is None:
        return _show(request, found, cancel_form=form)
    messages.success(request, _("List %(number)s is cancelled.") % {"number": found.label})
    return redirect("welfare:lists")


@require_POST
def list_take_back(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /lists/<year>/<number>/take-back/: with a reason, by who sent it in, before it is decided."""
    found = _visible(request, year_be, number)
    form = CancelForm(request.POST, auto_id="back_%s")

    def act(data: dict[str, Any]) -> BenefitList:
        who = {"by": request.user, "today": request.today, "now": request.now}
        return list_claims.take_list_back(benefit_list=found, reason=data["reason"], **who)

    if carry_out(request, form, act) is None:
        return _show(request, found, take_back_form=form)
    messages.success(request, _("List %(number)s is with the communities again.") % {"number": found.label})
    return redirect("welfare:benefit_list", year_be, number)


@forms_shown
def list_decide(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /lists/<year>/<number>/decide/: one resolution for all; single people refused with a reason."""
    found = _visible(request, year_be, number)
    held = Meeting.objects.filter(held_on__lte=request.today).order_by("-held_on", "-id")
    offered = held.filter(pk__in=list(held.values_list("pk", flat=True)[:MEETINGS_OFFERED]))
    waiting = visible_lines(request.user, found).filter(claim__state=ClaimState.VERIFIED)
    form = DecideListForm(request.POST or None, meetings=offered, lines=waiting)

    def act(data: dict[str, Any]) -> Any:
        who = acting(request, form)
        asked = {"meeting": data["meeting"], "rejected": data["rejected"], "reason": data["reason"]}
        if found.people > AT_ONCE:
            return on_the_worker(list_jobs.DECIDE, found, asked | {"meeting": data["meeting"].pk}, who)
        return list_claims.decide_list(benefit_list=found, **asked, **who)

    done = carry_out(request, form, act)
    if done is not None and not isinstance(done, BenefitList):
        return redirect("office:job", job_id=done.pk)
    if done is not None:
        messages.success(request, _("List %(number)s is decided.") % {"number": found.label})
        return redirect("welfare:benefit_list", year_be, number)
    context = {
        "list": found,
        "form": form,
        "parts": parts_of(found, request.user),
        "budget": budget_of(found.category, request.today),
    }
    return render(request, "welfare/list_decide.html", context)


@forms_shown
def list_deliver(request: HttpRequest, year_be: int, number: int, community: int) -> HttpResponse:
    """GET, POST /lists/<year>/<number>/communities/<no.>/deliver/: who carries the money of this part."""
    found, place = _visible(request, year_be, number), _community(request, community)
    waiting = claims_to_pay(request.user).filter(benefit_list=found, community=place)
    claims = name_benefits(list(listed(waiting)))
    initial = {"date": request.today}
    asked = {"communities": {place.pk}, "accounts": paying_accounts(), "today": request.today}
    form = HandOverForm(request.POST or None, **asked, initial=initial)

    def act(data: dict[str, Any]) -> Delivery:
        facts = {"carrier": data["carrier"], "account": data["account"], "handed_on": data["date"]}
        who = acting(request, form)
        shown = request.POST.getlist("claim")
        if shown and set(shown) != {str(claim.pk) for claim in claims} and delivery_of(who["request_id"]) is None:
            message = _("What waits of this part has changed. Look at the sum once more; nothing was handed over.")
            raise MoneyElsewhere(message)
        return hand_over(claims=claims, **facts, benefit_list=found, community=place, **who)

    if made := carry_out(request, form, act):
        told = {"sum": format_baht(made.total), "carrier": made.carrier.display_name}
        messages.success(request, _("%(sum)s baht are with %(carrier)s now.") % told)
        return redirect("welfare:delivery", made.year_be, made.number)
    if not claims:
        messages.warning(request, _("Nothing of this part waits to be paid."))
        return redirect("welfare:list_community", year_be, number, community)
    total = sum(claim.amount_approved or 0 for claim in claims)
    return render(request, "welfare/delivery_new.html", {"claims": claims, "total": total, "form": form})


# --- papers -------------------------------------------------------------------------------------------------------


@require_safe
def list_sheets(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /lists/<year>/<number>/sheets.pdf?community=3&language=both: the sheet of one community.

    `delivery` (its key): those alone whose money it carries.
    """
    found = _visible(request, year_be, number)
    asked = request.GET.get("community", "")
    if not asked.isdecimal() or len(asked) > LONGEST_NUMBER:
        raise Http404
    lines = visible_lines(request.user, found).filter(community=_community(request, int(asked)))
    if carried := request.GET.get("delivery", ""):
        lines = lines.filter(claim__delivery_lines__delivery=_delivery(request, carried))
    log_reading(request.user, kind="benefit_list", id=found.pk, name=found.label, what="benefit list")
    pdf = render_sheets(sheets_of(found, lines, request.fund), paper_language(request))
    return as_pdf(pdf, f"list-{found.label.replace('/', '-')}-{asked}")


@require_POST
def list_all_sheets(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /lists/<year>/<number>/sheets/?language=both: those of all communities, on the worker."""
    found = _visible(request, year_be, number)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _show(request, found)
    log_reading(request.user, kind="benefit_list", id=found.pk, name=found.label, what="benefit list")
    paper = {"paper": paper_language(request)}
    job = on_the_worker(list_jobs.SHEETS, found, paper, acting(request, form))
    return redirect("office:job", job_id=job.pk)


@require_safe
def list_export(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /lists/<year>/<number>/list.xlsx: every line, those struck out beside the others."""
    found = _visible(request, year_be, number)
    log_reading(request.user, kind="benefit_list", id=found.pk, name=found.label, what="export")
    book = list_sheet(found, visible_lines(request.user, found))
    name = f"list-{found.label.replace('/', '-')}.xlsx"
    return HttpResponse(book, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})

"""Handing over: the treasurer counts and accepts, the collector agrees, the slip prints; cash with each collector."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from contributions.cash_ages import cash_with_collectors, cash_with_me, with_difference
from contributions.forms.money import TakeInForm
from contributions.forms.sheets import AcceptForm, AgreeForm
from contributions.handing_over import accept_sheet, agree_to_count, refuse_count
from contributions.models import CollectionSheet
from contributions.papers import hand_over_slip, render_slip, taken_slip
from contributions.queries import money_of_sheet, visible_sheets
from contributions.queries.events import counts_with_difference
from contributions.queries.sheets import members_handed_over
from contributions.transfers import take_from_collector, taken_in
from contributions.views.acting import acting, carry_out, forms_shown
from contributions.views.sheets import SHEETS_SHOWN, is_hers, keyed, sheet_or_404
from ledger.models import Entry
from members.models import Controls
from office.models import ActionLog, User

State = CollectionSheet.State
TAKEN_SHOWN = 20


@forms_shown
def accept(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/accept/: the treasurer counts."""
    found = sheet_or_404(request, year, number)
    form = AcceptForm(request.POST or None)

    def act(data: dict[str, Any]) -> CollectionSheet:
        facts = {key: data[key] for key in ("counted", "difference_reason")}
        pieces = form.notes_and_coins()
        return accept_sheet(sheet=found, **facts, notes_and_coins=pieces, **acting(request, form))

    if accepted := carry_out(request, form, act):
        return _accepted(request, accepted, form)
    is_strict = request.fund.controls == Controls.STRICT
    context = {"sheet": found, "form": form, "expected": money_of_sheet(found), "count": members_handed_over(found)}
    context |= {"is_strict": is_strict, "refused": _refused_counts(found) if is_strict else []}
    return render(request, "contributions/accept.html", context)


def _accepted(request: HttpRequest, accepted: CollectionSheet, form: AcceptForm) -> HttpResponse:
    if (accepted.accepted_by, accepted.counted) != (request.user, form.cleaned_data["counted"]):
        messages.warning(request, _("This sheet was accepted before you. What you counted was not booked."))
        return redirect("contributions:accept", accepted.year_be, accepted.number)
    words = {
        "number": accepted.label,
        "amount": format_baht(accepted.counted or 0),
        "collector": accepted.collector.display_name,
    }
    if accepted.state == State.COUNTED:
        done = _(
            "Sheet %(number)s: %(amount)s baht are counted. %(collector)s agrees in the program, then it is booked."
        )
        messages.success(request, done % words)
        return redirect("contributions:accept", accepted.year_be, accepted.number)
    done = _("Sheet %(number)s is accepted: %(amount)s baht are in the cash box.")
    messages.success(request, done % words)
    return redirect("contributions:sheets")


def _refused_counts(found: CollectionSheet) -> list[ActionLog]:
    """What the collector did not agree to, newest first."""
    told = ActionLog.objects.filter(action="count-refused", details__sheet=found.label, subject_id=found.community_id)
    return list(told.select_related("user").order_by("-pk")[:5])


@forms_shown
def agree(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/agree/: the collector looks at the count and answers."""
    found = sheet_or_404(request, year, number)
    if not is_hers(request, found.community) and found.collector_id != request.user.pk:
        raise Http404
    form = AgreeForm(request.POST or None, initial={"counted": found.counted})

    def act(data: dict[str, Any]) -> CollectionSheet:
        facts = acting(request, form)
        if request.POST.get("answer") == "refuse":
            once = {"by": facts["by"], "request_id": facts["request_id"]}
            return refuse_count(sheet=found, counted=data["counted"], reason=data["reason"], **once)
        return agree_to_count(sheet=found, counted=data["counted"], **facts)

    if answered := carry_out(request, form, act):
        agreed = _("The count of sheet %(number)s stands; the money is in the cash box.")
        refused = _("Sheet %(number)s waits for another count. Talk with the treasurer.")
        done = agreed if answered.state == State.ACCEPTED else refused
        messages.success(request, done % {"number": answered.label})
        return redirect("contributions:fill", year, number)
    context = {"sheet": found, "form": form, "expected": money_of_sheet(found), "pieces": pieces_of(found)}
    return render(request, "contributions/slip_agree.html", context)


def pieces_of(sheet: CollectionSheet) -> list[tuple[str, int]]:
    """Notes and coins as they were counted, the largest first."""
    return sorted(sheet.notes_and_coins.items(), key=lambda one: -float(one[0]))


@require_safe
def slip(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET /money-in/sheets/<year>/<number>/slip/: the hand-over slip, to count and sign, or with what was counted."""
    found = sheet_or_404(request, year, number)
    if found.state == State.DRAFT:
        raise Http404
    pdf = render_slip(hand_over_slip([found], request.fund), paper_language(request))
    return as_pdf(pdf, f"hand-over-{year}-{number}")


@require_safe
def my_slip(request: HttpRequest) -> HttpResponse:
    """GET /money-in/hand-over/slip/: one slip for all sheets of hers that wait to be counted."""
    mine = visible_sheets(request.user).filter(collector=request.user, state=State.SUBMITTED)
    sheets = list(mine.order_by("year_be", "number"))
    if not sheets:
        raise Http404
    return as_pdf(render_slip(hand_over_slip(sheets, request.fund), paper_language(request)), "hand-over")


@require_safe
def cash(request: HttpRequest) -> HttpResponse:
    """GET /money-in/cash-with-collectors/: who has how much of the fund's money, and since when; the oldest first."""
    rows = cash_with_collectors(request.today)
    shown = [(row, row.age(request.today)) for row in rows if row.total or row.over_short]
    context = {"rows": shown, "total": sum(row.total for row, _age in shown)}
    context |= {"has_brought": any(row.brought for row, _age in shown), "taken": taken_in()[:TAKEN_SHOWN]}
    return render(request, "contributions/slip_cash.html", context)


@forms_shown
def take_in(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /money-in/cash-with-collectors/<key>/take/: what she held at the cut-over comes in."""
    collector = get_object_or_404(User, pk=key)
    has = cash_with_me(collector, request.today)
    if request.method != "POST" and has.brought <= 0:
        raise Http404
    form = TakeInForm(request.POST or None, today=request.today, initial={"amount": has.brought})

    def act(data: dict[str, Any]) -> Entry:
        facts = {"target": data["target"], "amount": data["amount"], "received_on": data["date"], "memo": data["memo"]}
        return take_from_collector(collector=collector, **facts, **acting(request, form))

    if carry_out(request, form, act):
        words = {"amount": format_baht(form.cleaned_data["amount"]), "collector": collector.display_name}
        messages.success(request, _("%(amount)s baht were received from %(collector)s.") % words)
        return redirect("contributions:cash_with_collectors")
    return render(request, "contributions/slip_take.html", {"form": form, "has": has})


@require_safe
def taken_paper(request: HttpRequest, number: int) -> HttpResponse:
    """GET /money-in/cash-with-collectors/taken/<entry no.>/slip/: the slip of it, for both to sign."""
    entry = get_object_or_404(taken_in(), number=number)
    return as_pdf(render_slip(taken_slip(entry, request.fund), paper_language(request)), f"received-{number}")


@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """GET /money-in/differences/: sheets and counts of events that came to over or short, newest first, and why."""
    before = request.GET.get("before", "")
    rows = with_difference(visible_sheets(request.user).exclude(difference_reason="").filter(state=State.ACCEPTED))
    page = keyed(rows.filter(pk__lt=int(before)) if before.isdecimal() else rows, SHEETS_SHOWN)
    context = {"page": page, "counts": counts_with_difference()[:SHEETS_SHOWN]}
    return render(request, "contributions/slip_differences.html", context)

"""Starting with a fund that exists: the guided page, its steps, and its paper."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from ledger.models import RestrictedFund
from ledger.opening import (
    ChangedMeanwhile,
    begin_at_nought,
    begins_at_nought,
    explain,
    lock_opening,
    missing,
    save_place,
    save_totals,
    set_cutover,
)
from ledger.opening_collectors import add_collector
from ledger.opening_queries import PARTS, accounts_of, note_stamp, the_opening, told
from ledger.views.acting import acting, carry_out, forms_shown
from members.models import MemberCount
from office.interrupted import hold_files
from office.models import RoleGrant
from office.roles import Role, may_open
from reports.forms_opening import CutoverForm, LeaderForm, LockForm, NoteForm, PlaceForm, SeenForm, TotalsForm
from reports.opening_paper import PART_NAMES, opening_paper

NEEDED = (Role.TREASURER, Role.COMMITTEE, Role.REGISTRAR, Role.AUDITOR)
SEES_MONEY = "reports:opening_pdf"


def until_locked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step of a locked opening shows no form any more; what is sent all the same, the verb refuses in words."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: str) -> HttpResponse:
        found = the_opening()
        if request.method != "POST" and found is not None and found.is_locked:
            return redirect("reports:opening")
        return view(request, **kwargs)

    return shown


@require_safe
def opening(request: HttpRequest) -> HttpResponse:
    """GET /opening/: the steps and how far each is."""
    if request.fund is None:
        return redirect("reports:home")
    said = told(the_opening())
    held = set(RoleGrant.objects.filter(user__is_active=True).values_list("role", flat=True))
    context = {
        "said": said,
        "opening": said.opening,
        "at_nought": begins_at_nought(said.opening, request.fund),
        "missing": list(missing(said, request.fund)),
        "members": MemberCount.objects.aggregate(now=Sum("current"))["now"] or 0,
        "roles_missing": [role.label for role in NEEDED if role not in held],
        "sees_money": may_open(request.user, SEES_MONEY),
        "parts": [(part, PART_NAMES[part], said.sum_of(part), bool(said.of(part))) for part in PARTS],
    }
    return render(request, "reports/opening.html", context)


@forms_shown
@until_locked
def cutover(request: HttpRequest) -> HttpResponse:
    """GET, POST /opening/cut-over/: the last day of the old books."""
    found = the_opening()
    initial = {"cutover_on": found.cutover_on} if found else None
    form = CutoverForm(request.POST or None, today=request.today, initial=initial)
    saved = carry_out(
        request, form, lambda typed: set_cutover(typed["cutover_on"], by=request.user, today=request.today)
    )
    return _saved(request) if saved else render(request, "reports/opening_cutover.html", {"form": form})


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """POST /opening/begin/: there was no money before this program."""
    try:
        begin_at_nought(by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:opening_cutover")
    return _saved(request)


@forms_shown
@until_locked
def leader(request: HttpRequest) -> HttpResponse:
    """GET, POST /opening/leader/: a leader who held cash of the fund; answers with the page of her amount."""
    form = LeaderForm(request.POST or None)
    made = carry_out(request, form, lambda typed: add_collector(typed["leader"], by=request.user))
    if made:
        return redirect("reports:opening_place", made.code)
    return render(request, "reports/opening_leader.html", {"form": form})


@forms_shown
@until_locked
def place(request: HttpRequest, code: str) -> HttpResponse:
    """GET, POST /opening/money/<code>/: one passbook, the box, or cash with a leader."""
    found = next((one for one in told(the_opening()).places if one.account.code == code), None)
    if found is None:
        raise Http404
    funds = [fund for fund in RestrictedFund.objects.filter(is_open=True) if not fund.is_general]
    form = PlaceForm(request.POST or None, request.FILES or None, place=found, funds=funds)
    saved = _save_seen(
        request,
        form,
        lambda typed: save_place(
            found.account, **form.facts(), by=request.user, now=request.now, request_id=typed["request_id"]
        ),
    )
    if saved:
        return _saved(request)
    hold_files(request, form)
    return render(request, "reports/opening_place.html", {"form": form, "place": found})


@forms_shown
@until_locked
def totals(request: HttpRequest, part: str) -> HttpResponse:
    """GET, POST /opening/totals/<part>/: what came in or went out since the founding."""
    if part not in PARTS:
        raise Http404
    accounts = list(accounts_of(part))
    said = told(the_opening())
    form = TotalsForm(request.POST or None, accounts=accounts, saved=said.of(part), stamp=said.stamp_of(part))
    if _save_seen(request, form, lambda typed: save_totals(part, form.drafts(), by=request.user, seen=typed["seen"])):
        return _saved(request)
    return render(request, "reports/opening_totals.html", {"form": form, "part": part, "title": PART_NAMES[part]})


@forms_shown
@until_locked
def note(request: HttpRequest) -> HttpResponse:
    """GET, POST /opening/note/: why totals and balances differ."""
    found = the_opening()
    saved = found.note if found else ""
    form = NoteForm(request.POST or None, initial={"note": saved}, stamp=note_stamp(saved))
    if _save_seen(request, form, lambda typed: explain(typed["note"], by=request.user, seen=typed["seen"])):
        return _saved(request)
    return render(request, "reports/opening_note.html", {"form": form, "said": told(found)})


@forms_shown
@until_locked
def lock(request: HttpRequest) -> HttpResponse:
    """GET, POST /opening/lock/: the resolution, and who signed."""
    said = told(the_opening())
    form = LockForm(request.POST or None, today=request.today, stamp=said.stamp)
    locked = _save_seen(request, form, lambda _typed: lock_opening(**form.facts(), **acting(request, form)))
    if locked:
        messages.success(request, _("The opening is locked: the books are open."))
        return redirect("reports:opening")
    context = {"form": form, "said": said, "missing": list(missing(said, request.fund))}
    return render(request, "reports/opening_lock.html", context)


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """GET /opening/paper/?language=both: to sign, and with its fingerprint once it is locked."""
    said = told(the_opening())
    pdf = opening_paper(said, request.fund, paper_language(request), by=request.user, now=request.now)
    return as_pdf(pdf, "opening")


def _save_seen(request: HttpRequest, form: SeenForm, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Carry out a form; where somebody else saved meanwhile, it shows what is saved now and can be sent anew."""

    def watched(typed: dict[str, Any]) -> Any:
        try:
            return act(typed)
        except ChangedMeanwhile:
            form.show_saved()
            raise

    return carry_out(request, form, watched)


def _saved(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    messages.success(request, _("Saved. It can be changed until the opening is locked."))
    return redirect("reports:opening")

"""Collection sheets: the leader fills in and submits, the treasurer counts and accepts."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import render_list
from contributions.forms.sheets import AcceptForm, LineForm
from contributions.handing_over import accept_sheet
from contributions.models import CollectionSheet
from contributions.papers import sheet_paper
from contributions.queries import (
    SheetRow,
    is_left_behind,
    led_communities,
    money_of_sheet,
    sheet_rows,
    sheet_totals,
    visible_sheets,
)
from contributions.sheets import open_sheet, submit_sheet, write_line
from contributions.views.acting import acting, carry_out, without_rules_back_to
from ledger.registers import KeyedPage
from members.application_queries import FirstDues, first_dues_waiting
from members.models import Community, Member
from members.queries import visible_members

SHEETS_SHOWN = 60
PAY_BUTTON = re.compile(r"([0-9]{1,9}):([0-9]{1,9}(?:\.[0-9]{1,2})?)")


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """GET /money-in/collect/: straight to the sheet that is being filled in, where there is just one."""
    drafts = CollectionSheet.objects.filter(
        community__in=led_communities(request.user), state=CollectionSheet.State.DRAFT
    )
    if len(drafts) == 1:
        return redirect("contributions:fill", drafts[0].year_be, drafts[0].number)
    return redirect("contributions:sheets")


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """GET /money-in/sheets/: the newest sheets that a user may see; a leader can open one."""
    rows = visible_sheets(request.user)
    waiting = rows.filter(state=CollectionSheet.State.SUBMITTED)
    drafts = set(rows.filter(state=CollectionSheet.State.DRAFT).values_list("community", flat=True))
    to_open = [community for community in led_communities(request.user) if community.pk not in drafts]
    before = request.GET.get("before", "")
    page = keyed(rows.filter(pk__lt=int(before)) if before.isdecimal() else rows, SHEETS_SHOWN)
    context = {"page": page, "waiting": waiting, "to_open": to_open, "form": RequestForm()}
    return render(request, "contributions/sheets.html", context)


@require_POST
def sheet_open(request: HttpRequest) -> HttpResponse:
    """POST /money-in/sheets/open/: a new sheet for a community of hers."""
    number = request.POST.get("community", "")
    community = get_object_or_404(led_communities(request.user), number=int(number) if number.isdecimal() else 0)
    form = RequestForm(request.POST)
    opened = carry_out(request, form, lambda _data: open_sheet(community=community, **acting(request, form)))
    if opened is None:
        messages.error(request, " ".join(form.non_field_errors()))
        return redirect("contributions:sheets")
    return redirect("contributions:fill", opened.year_be, opened.number)


@require_http_methods(["GET", "HEAD", "POST"])
@without_rules_back_to("contributions:sheets")
def fill(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/: member by member; once submitted, to read."""
    found = _sheet(request, year, number)
    if found.state != CollectionSheet.State.DRAFT or not _is_hers(request, found.community):
        return _shown(request, found)
    if request.method == "POST":
        return _write(request, found)
    form = LineForm({"date": request.GET.get("date") or request.today.isoformat()}, today=request.today)
    return _fill_page(request, found, form)


def _write(request: HttpRequest, found: CollectionSheet) -> HttpResponse:
    """One touch: write a line or take it off, and come back to the same row with the same day."""
    form = LineForm(request.POST, today=request.today)
    if not form.is_valid():
        return _fill_page(request, found, form)
    paid_on, anchor = form.cleaned_data["date"], ""
    chosen = _chosen(request)
    if chosen is not None:
        member_number, amount = chosen
        member = get_object_or_404(_who_may_stand_on(found, request, to_pay=amount is not None), number=member_number)
        anchor, first = f"#m{member_number}", _first_dues(request, member)
        taken = {"amount": first.baht, "paid_on": first.taken_on} if first else {"amount": amount, "paid_on": paid_on}
        try:
            write_line(sheet=found, member=member, **taken, by=request.user, today=request.today)
        except DomainError as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{_address(request, found, paid_on)}{anchor}")


def _who_may_stand_on(found: CollectionSheet, request: HttpRequest, *, to_pay: bool) -> QuerySet[Member]:
    """Her own community's members; taken off is also the line of one who has moved or was merged since."""
    own = visible_members(request.user).filter(community=found.community)
    return own if to_pay else Member.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=found.lines.values("member")))


def _address(request: HttpRequest, found: CollectionSheet, paid_on: date) -> str:
    show = "&show=all" if request.GET.get("show") == "all" else ""
    return f"{reverse('contributions:fill', args=[found.year_be, found.number])}?date={paid_on.isoformat()}{show}"


def _first_dues(request: HttpRequest, member: Member) -> FirstDues | None:
    """Sum and day that stand on the member's application, where the button under `first` was touched."""
    if not request.POST.get("first"):
        return None
    return first_dues_waiting(member.memberships.order_by("-joined_on")[:1]).get(member.pk)


def _chosen(request: HttpRequest) -> tuple[int, Decimal | None] | None:
    """The button touched: "12:365.00" pays, "12" under `undo` takes off, under `first` pays what the application says.

    Where nothing waits of an application any more, `first` takes the line off, which there is none of.
    """
    for name in ("undo", "first"):
        if request.POST.get(name, "").isdecimal():
            return int(request.POST[name]), None
    touched = PAY_BUTTON.fullmatch(request.POST.get("pay", ""))
    return (int(touched[1]), Decimal(touched[2])) if touched else None


def _fill_page(request: HttpRequest, found: CollectionSheet, form: LineForm) -> HttpResponse:
    rows = sheet_rows(found, request.today)
    shown = (
        rows if request.GET.get("show") == "all" else [row for row in rows if row.owed or row.line or row.first_dues]
    )
    context = {
        "sheet": found,
        "form": form,
        "rows": shown,
        "totals": sheet_totals(rows),
        "hidden": len(rows) - len(shown),
    }
    return render(request, "contributions/fill.html", context)


def _shown(request: HttpRequest, found: CollectionSheet) -> HttpResponse:
    lines = list(found.lines.select_related("member").order_by("member__sort_key"))
    receipts = {paid.member_id: paid.receipt for paid in found.payments.select_related("receipt", "receipt__void")}
    for line in lines:
        line.receipt = receipts.get(line.member_id)
    expected = money_of_sheet(found) if found.state != CollectionSheet.State.DRAFT else None
    return render(request, "contributions/sheet.html", {"sheet": found, "lines": lines, "expected": expected})


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/submit/: look once more, then hand it in."""
    found = _sheet(request, year, number)
    if not _is_hers(request, found.community):
        raise PermissionDenied(_("Only the leader who collected the money hands this sheet in."))
    form = RequestForm(request.POST or None)
    if carry_out(request, form, lambda _data: submit_sheet(sheet=found, **acting(request, form))):
        messages.success(request, _("The sheet is handed in; each member has a receipt. Bring the money now."))
        return redirect("contributions:fill", year, number)
    lines = list(found.lines.select_related("member").order_by("member__sort_key"))
    context = {"sheet": found, "form": form, "lines": lines, "total": sum(line.amount for line in lines)}
    context["is_left_behind"] = is_left_behind(found)
    return render(request, "contributions/submit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/accept/: the treasurer counts."""
    found = _sheet(request, year, number)
    form = AcceptForm(request.POST or None)

    def act(data: dict[str, Any]) -> CollectionSheet:
        facts = {key: data[key] for key in ("counted", "difference_reason")}
        return accept_sheet(sheet=found, **facts, **acting(request, form))

    if accepted := carry_out(request, form, act):
        if (accepted.accepted_by, accepted.counted) != (request.user, form.cleaned_data["counted"]):
            messages.warning(request, _("This sheet was accepted before you. What you counted was not booked."))
            return redirect("contributions:accept", year, number)
        words = {"number": accepted.label, "amount": format_baht(accepted.counted)}
        messages.success(request, _("Sheet %(number)s is accepted: %(amount)s baht are in the cash box.") % words)
        return redirect("contributions:sheets")
    context = {"sheet": found, "form": form, "expected": money_of_sheet(found), "count": found.lines.count()}
    return render(request, "contributions/accept.html", context)


@require_safe
@without_rules_back_to("contributions:sheets")
def paper(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET /money-in/sheets/<year>/<number>/pdf/: to take along, or to file with the money."""
    found = _sheet(request, year, number)
    rows: list[SheetRow] = sheet_rows(found, request.today)
    return as_pdf(
        render_list(sheet_paper(found, rows, request.fund), paper_language(request)), f"sheet-{year}-{number}"
    )


def keyed(rows: QuerySet[CollectionSheet], count: int) -> KeyedPage:
    found = list(rows.order_by("-pk")[: count + 1])
    return KeyedPage(found[:count], found[count - 1].pk if len(found) > count else None)


def _sheet(request: HttpRequest, year: int, number: int) -> CollectionSheet:
    return get_object_or_404(visible_sheets(request.user), year_be=year, number=number)


def _is_hers(request: HttpRequest, community: Community) -> bool:
    return led_communities(request.user).filter(pk=community.pk).exists()

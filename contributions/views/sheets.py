"""Collection sheets: opened, read, printed, handed in. They are filled in at `filling`, counted at `handing_over`."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from contributions.cash_ages import WAITING, cash_with_me
from contributions.models import CollectionSheet
from contributions.papers import render_sheet, sheet_paper
from contributions.queries import (
    is_left_behind,
    led_communities,
    money_of_sheet,
    sheet_rows,
    visible_sheets,
)
from contributions.queries.sheets import expected_of, paper_numbers, receipts_of_sheet
from contributions.sheet_lines import give_line_codes
from contributions.sheets import open_sheet, submit_sheet
from contributions.views.acting import acting, carry_out, without_rules_back_to
from contributions.views.drafts import draft_settings
from ledger.registers import KeyedPage
from members.models import Community
from office.roles import Role

SHEETS_SHOWN = 60


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
    waiting = rows.filter(state__in=WAITING)
    drafts = set(rows.filter(state=CollectionSheet.State.DRAFT).values_list("community", flat=True))
    to_open = [community for community in led_communities(request.user) if community.pk not in drafts]
    before = request.GET.get("before", "")
    page = keyed(rows.filter(pk__lt=int(before)) if before.isdecimal() else rows, SHEETS_SHOWN)
    context = {"page": page, "waiting": waiting, "to_open": to_open, "form": RequestForm()}
    if request.user.has_role(Role.LEADER):
        context["mine"] = cash_with_me(request.user, request.today)
        context["age"] = context["mine"].age(request.today)
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


def sheet_read(request: HttpRequest, found: CollectionSheet) -> HttpResponse:
    """What stands on a sheet, each line with its receipt; the money to hand over, or what was counted."""
    lines = list(found.lines.select_related("member").order_by("member__sort_key"))
    receipts = receipts_of_sheet(found)
    for line in lines:
        line.receipt = receipts.get(line.member_id)
    context = {"sheet": found, "lines": lines, "is_hers": found.collector_id == request.user.pk}
    context["prints"] = any(not one.is_paper and not hasattr(one, "void") for one in receipts.values())
    if found.state == CollectionSheet.State.ACCEPTED:
        expected = expected_of(found)
        context |= {"expected": expected, "difference": (found.counted or ZERO) - expected}
    elif found.state != CollectionSheet.State.DRAFT:
        context["expected"] = money_of_sheet(found)
    if context["is_hers"]:
        context["draft"] = draft_settings(request, found)  # what she typed late may still be on her phone
    return render(request, "contributions/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/submit/: look once more, then hand it in."""
    found = sheet_or_404(request, year, number)
    if not is_hers(request, found.community):
        raise PermissionDenied(_("Only the leader who collected the money hands this sheet in."))
    form = RequestForm(request.POST or None)
    if carry_out(request, form, lambda _data: submit_sheet(sheet=found, **acting(request, form))):
        messages.success(request, _("The sheet is handed in; each member has a receipt. Bring the money now."))
        return redirect("contributions:fill", year, number)
    if found.state != CollectionSheet.State.DRAFT:
        return redirect("contributions:fill", year, number)
    lines = list(found.lines.select_related("member").order_by("member__sort_key"))
    context = {"sheet": found, "form": form, "lines": lines, "total": sum(line.baht for line in lines)}
    context |= {"is_left_behind": is_left_behind(found), "draft": draft_settings(request, found)}
    return render(request, "contributions/submit.html", context)


@require_safe
@without_rules_back_to("contributions:sheets")
def paper(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET /money-in/sheets/<year>/<number>/pdf/: to take along, or to file with the money."""
    found = sheet_or_404(request, year, number)
    rows = give_line_codes(found, sheet_rows(found, request.today))
    printed = sheet_paper(found, rows, request.fund, paper_numbers(found))
    return as_pdf(render_sheet(printed, paper_language(request)), f"sheet-{year}-{number}")


def keyed(rows: QuerySet[CollectionSheet], count: int) -> KeyedPage:
    found = list(rows.order_by("-pk")[: count + 1])
    return KeyedPage(found[:count], found[count - 1].pk if len(found) > count else None)


def sheet_or_404(request: HttpRequest, year: int, number: int) -> CollectionSheet:
    return get_object_or_404(visible_sheets(request.user), year_be=year, number=number)


def is_hers(request: HttpRequest, community: Community) -> bool:
    return led_communities(request.user).filter(pk=community.pk).exists()

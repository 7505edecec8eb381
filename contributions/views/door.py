"""The receipt on the phone: given at the door, shown, shared or printed; a public page says whether it holds."""

from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import qr_code
from contributions.door import give_door_receipt, receipt_behind
from contributions.models import CollectionLine, DoorReceipt
from contributions.queries import visible_sheets
from contributions.views.sheets import is_hers, sheet_or_404
from office.rate_limit import too_many
from office.site import site_address


@require_POST
def give(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """POST /money-in/sheets/<year>/<number>/door-receipt/: a receipt on the phone for the member that is named."""
    found = sheet_or_404(request, year, number)
    if not is_hers(request, found.community):
        raise Http404
    typed = request.POST.get("member", "")
    lines = list(found.lines.filter(member__number=int(typed) if typed.isdecimal() and len(typed) < 10 else 0))
    try:
        receipt = give_door_receipt(lines, sheet=found)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("contributions:fill", year, number)
    return redirect("contributions:door_receipt", receipt.public_token)


@never_cache
@require_safe
def shown(request: HttpRequest, token: str) -> HttpResponse:
    """GET /money-in/door/<token>/show/: the receipt as the leader shows it; once handed in, the numbered one."""
    receipt = get_object_or_404(_receipts().filter(sheet__in=visible_sheets(request.user)), public_token=token)
    behind = receipt_behind(receipt)
    if behind is not None:
        return redirect(behind)
    lines = _lines(receipt)
    address = site_address(request) + reverse("contributions:door", args=[receipt.public_token])
    context = {"receipt": receipt, "lines": lines, "total": _total(lines), "address": address, "qr": qr_code(address)}
    return render(request, "contributions/slip_door.html", context)


@never_cache
@require_safe
def public(request: HttpRequest, token: str) -> HttpResponse:
    """GET /door/<token>/: what the fund knows of a receipt on the phone; no name, for whoever has the link."""
    if too_many("door-receipt", request.META.get("REMOTE_ADDR", ""), most=60, seconds=60):
        return HttpResponse(_("Too many at once. Try again in a minute."), status=429, content_type="text/plain")
    receipt = _receipts().filter(public_token=token).first()
    behind = receipt_behind(receipt) if receipt is not None else None
    lines = _lines(receipt)
    context = {"receipt": receipt, "behind": behind, "total": _total(lines), "void": getattr(behind, "void", None)}
    context["days"] = sorted({line.paid_on for line in lines})
    return render(request, "contributions/slip_public.html", context, status=200 if receipt else 404)


def _receipts() -> QuerySet[DoorReceipt]:
    return DoorReceipt.objects.select_related("sheet", "sheet__community", "sheet__collector", "book")


def _lines(receipt: DoorReceipt | None) -> list[CollectionLine]:
    return list(receipt.lines.select_related("member").order_by("member__sort_key")) if receipt is not None else []


def _total(lines: list[CollectionLine]) -> Decimal:
    return sum((line.baht for line in lines), ZERO)

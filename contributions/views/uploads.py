"""A filled-in sheet as a file: downloaded empty, uploaded, looked at row by row, confirmed whole."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.sheets import XLSX
from contributions.forms.sheets import SheetFileForm
from contributions.models import CollectionSheet, SheetUpload
from contributions.queries import sheet_rows
from contributions.sheet_lines import give_line_codes
from contributions.sheet_uploads import confirm_upload, empty_sheet, take_upload
from contributions.views.acting import acting, carry_out, forms_shown, without_rules_back_to
from contributions.views.sheets import is_hers, sheet_or_404


@require_safe
@without_rules_back_to("contributions:sheets")
def template(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET /money-in/sheets/<year>/<number>/sheet.xlsx: the sheet to fill in on a computer."""
    found = _hers(request, year, number)
    rows = give_line_codes(found, sheet_rows(found, request.today))
    answer = HttpResponse(empty_sheet(found, rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="sheet-{year}-{number}.xlsx"'
    return answer


@forms_shown
@without_rules_back_to("contributions:sheets")
def upload(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/upload/: choose the file."""
    found = _hers(request, year, number)
    form = SheetFileForm(request.POST or None, request.FILES or None, today=request.today)

    def act(data: dict[str, Any]) -> SheetUpload:
        return take_upload(sheet=found, file=data["file"], day=data["date"], **acting(request, form))

    if taken := carry_out(request, form, act):
        return redirect("contributions:sheet_upload", year, number, taken.pk)
    return render(request, "contributions/upload.html", {"sheet": found, "form": form})


@forms_shown
@without_rules_back_to("contributions:sheets")
def uploaded(request: HttpRequest, year: int, number: int, key: int) -> HttpResponse:
    """GET, POST /money-in/sheets/<year>/<number>/upload/<id>/: what each row would do; POST writes all of them."""
    found = _hers(request, year, number)
    kept = get_object_or_404(SheetUpload, sheet=found, pk=key, uploaded_by=request.user)
    form = RequestForm(request.POST or None)
    facts = {"by": request.user, "today": request.today, "now": request.now}
    if carry_out(request, form, lambda _data: confirm_upload(upload=kept, **facts)):
        messages.success(request, _("The rows of the file stand on the sheet now."))
        return redirect("contributions:fill", year, number)
    kept.refresh_from_db()
    wrong = sum(bool(row["faults"]) for row in kept.rows)
    rows = [
        row | {"baht": Decimal(row["amount"]) + Decimal(row["entry_fee"]), "before": Decimal(row["before"] or 0)}
        for row in kept.rows
    ]
    context = {"sheet": found, "upload": kept, "form": form, "wrong": wrong, "rows": rows}
    return render(request, "contributions/upload_rows.html", context)


def _hers(request: HttpRequest, year: int, number: int) -> CollectionSheet:
    """A sheet that is being filled in, for those who collect there."""
    found = sheet_or_404(request, year, number)
    if found.state != CollectionSheet.State.DRAFT:
        raise Http404
    if not is_hers(request, found.community):
        raise PermissionDenied(_("Only the leader who collects here fills this sheet in."))
    return found

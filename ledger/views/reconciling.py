"""Reconciling a passbook to a day, the reconciliation that was kept, and its paper; lines from a bank's file."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.thai_dates import format_date
from ledger.bank_files import (
    NEW,
    WRONG,
    BankFile,
    are_complete,
    columns_for,
    look_through,
    new_lines,
    read_bank_file,
    save_columns,
)
from ledger.models import Account, PassbookLine, Reconciliation
from ledger.passbook import write_passbook_lines
from ledger.passbook_forms import AsOfForm, BankFileForm, ColumnsForm, ReconcileForm
from ledger.passbook_queries import bank_accounts
from ledger.reconciliation_paper import reconciliation_pdf
from ledger.reconciling import STEP_NAMES, Comparison, as_signed, compare, reconcile
from ledger.views.acting import acting, carry_out, forms_shown
from ledger.views.passbook import bank_or_404
from ledger.views.requests import FundRequest
from office.interrupted import hold_files


@require_safe
def compare_day(request: FundRequest, code: str) -> HttpResponse:
    """GET /books/passbooks/<code>/reconcile/?as_of=…: passbook against books, and what explains the difference."""
    return _day_page(request, bank_or_404(code), _days_form(request), ReconcileForm())


@forms_shown
def keep(request: FundRequest, code: str) -> HttpResponse:
    """POST /books/passbooks/<code>/reconcile/keep/?as_of=…: keep it as it is signed."""
    account, days = bank_or_404(code), _days_form(request)
    form = ReconcileForm(request.POST or None)

    def act(data: dict[str, Any]) -> Reconciliation | None:
        if not days.is_valid():
            return None
        facts = {"explanation": data["explanation"], **acting(request, form)}
        return reconcile(account, days.cleaned_data["as_of"], **facts)

    if kept := carry_out(request, form, act):
        messages.success(request, _("The passbook is reconciled to %(day)s.") % {"day": format_date(kept.as_of)})
        return redirect("ledger:reconciliation", code, kept.pk)
    return _day_page(request, account, days, form)


def _day_page(request: FundRequest, account: Account, days: AsOfForm, form: ReconcileForm) -> HttpResponse:
    as_of: date | None = days.cleaned_data["as_of"] if days.is_valid() else None
    context: dict[str, Any] = {"account": account, "days": days, "form": form, "as_of": as_of, "comparison": None}
    if as_of is not None:
        try:
            context |= _shown(compare(account, as_of))
        except DomainError as refusal:
            context["refusal"] = str(refusal)
    return render(request, "ledger/reconcile.html", context)


def _days_form(request: FundRequest) -> AsOfForm:
    """The day asked for; the last day of the month before where none is."""
    asked = any(name.startswith("as_of") for name in request.GET)
    end = request.today.replace(day=1) - timedelta(days=1)
    return AsOfForm(request.GET if asked else {"as_of": end.isoformat()}, today=request.today)


def _shown(found: Comparison) -> dict[str, Any]:
    return {"comparison": found, "steps": [(STEP_NAMES[step.code], step) for step in found.steps]}


def _kept(code: str, key: int) -> Reconciliation:
    rows = Reconciliation.objects.select_related("account", "made_by")
    return get_object_or_404(rows, account__in=bank_accounts().filter(code=code), pk=key)


@require_safe
def reconciliation(request: FundRequest, code: str, key: int) -> HttpResponse:
    """GET /books/passbooks/<code>/reconciliations/<id>/: as it was kept."""
    kept = _kept(code, key)
    context = {"kept": kept, "account": kept.account, "as_of": kept.as_of} | _shown(as_signed(kept))
    return render(request, "ledger/reconciliation.html", context)


@require_safe
def pdf(request: FundRequest, code: str, key: int) -> HttpResponse:
    """GET /books/passbooks/<code>/reconciliations/<id>/pdf/"""
    kept = _kept(code, key)
    paper = reconciliation_pdf(kept, request.fund, paper_language(request))
    return as_pdf(paper, f"reconciliation-{code}-{kept.as_of.isoformat()}")


# --- the bank's file --------------------------------------------------------------------------------------


@forms_shown
def bank_file(request: FundRequest, code: str) -> HttpResponse:
    """GET, POST /books/passbooks/<code>/file/: choose a file, match its columns once, look, write.

    The same form is sent at each step; the file comes back with it, kept sealed meanwhile.
    """
    account = bank_or_404(code)
    form = BankFileForm(request.POST or None, request.FILES or None)
    found = carry_out(request, form, lambda data: read_bank_file(data["file"]))
    if not found:
        return render(request, "ledger/passbook_file.html", {"account": account, "form": form})
    columns = _columns_form(request, account, found)
    context: dict[str, Any] = {"account": account, "form": form, "columns": columns}
    if columns.is_valid() and "match" not in request.POST:
        rows = look_through(account, found, columns.columns(), today=request.today)
        wrong = sum(row.state == WRONG for row in rows)
        if "confirm" in request.POST and not wrong:
            written = carry_out(request, form, lambda _data: _write(request, account, form, columns, new_lines(rows)))
            if written:
                return _written(request, account, written)
        context |= {"rows": rows, "wrong": wrong, "new": sum(row.state == NEW for row in rows)}
    hold_files(request, form)
    return render(request, "ledger/passbook_file_lines.html", context)


def _columns_form(request: FundRequest, account: Account, found: BankFile) -> ColumnsForm:
    """The columns that were chosen; at first those of the last file, or those that the headings name."""
    if any(name.startswith("columns-") for name in request.POST):
        return ColumnsForm(request.POST, heads=found.heads)
    known = columns_for(account, found.heads)
    typed = {f"columns-{name}": str(place) for name, place in known.items()}
    return ColumnsForm(typed if are_complete(known) else None, heads=found.heads, initial=known)


def _write(
    request: FundRequest, account: Account, form: BankFileForm, columns: ColumnsForm, lines: list[Any]
) -> list[PassbookLine]:
    written = write_passbook_lines(account, lines, **acting(request, form))
    save_columns(account, columns.columns(), by=request.user, now=request.now)
    return written


def _written(request: FundRequest, account: Account, written: list[PassbookLine]) -> HttpResponse:
    words = ngettext("%(count)d line of the file is written.", "%(count)d lines of the file are written.", len(written))
    messages.success(request, words % {"count": len(written)})
    return redirect("ledger:passbook", account.code)

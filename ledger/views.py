"""The pages of the books. They read; whatever changes money stands in `contributions` and `welfare`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import render_receipt, render_voucher
from ledger.forms import RegisterFilter
from ledger.models import Account, Entry, PaymentVoucher, Receipt
from ledger.papers import receipt_paper, voucher_paper
from ledger.queries import money_in_hand, trial_balance
from ledger.registers import (
    entry_page,
    receipt_page,
    statement_page,
    visible_receipts,
    visible_vouchers,
    voucher_page,
    years_of,
)
from members.models import Fund
from office.models import User
from office.reading import log_reading


class FundRequest(HttpRequest):
    """A request as views meet it: signed in, with its fund and the program's day."""

    user: User
    fund: Fund


@require_safe
def money(request: FundRequest) -> HttpResponse:
    """Where the fund's money is: each bank account, the cash box, cash with leaders, their sum; the last entries."""
    page = entry_page(Entry.objects.all())
    return render(request, "ledger/money.html", {"money": money_in_hand(), "entries": page.rows[:8]})


@require_safe
def receipts(request: FundRequest) -> HttpResponse:
    """The register of receipts: every number, the void ones too."""
    form = RegisterFilter(request.GET, years=years_of(Receipt))
    page = receipt_page(visible_receipts(request.user), **form.chosen())
    return render(request, "ledger/receipts.html", {"form": form, "page": page})


@require_safe
def receipt(request: FundRequest, year: int, number: int) -> HttpResponse:
    found = _receipt(request, year, number)
    return render(request, "ledger/receipt.html", {"receipt": found, "void": getattr(found, "void", None)})


@require_safe
def receipt_pdf(request: FundRequest, year: int, number: int) -> HttpResponse:
    found = _receipt(request, year, number)
    _log(request, "receipt", found)
    pdf = render_receipt(receipt_paper(found, request.fund), paper_language(request))
    return as_pdf(pdf, f"receipt-{year}-{number:06d}")


@require_safe
def vouchers(request: FundRequest) -> HttpResponse:
    """The register of payment vouchers: every number, the void ones too."""
    form = RegisterFilter(request.GET, years=years_of(PaymentVoucher))
    page = voucher_page(visible_vouchers(request.user), **form.chosen())
    return render(request, "ledger/vouchers.html", {"form": form, "page": page})


@require_safe
def voucher(request: FundRequest, year: int, number: int) -> HttpResponse:
    found = _voucher(request, year, number)
    return render(request, "ledger/voucher.html", {"voucher": found, "void": getattr(found, "void", None)})


@require_safe
def voucher_pdf(request: FundRequest, year: int, number: int) -> HttpResponse:
    found = _voucher(request, year, number)
    _log(request, "voucher", found)
    pdf = render_voucher(voucher_paper(found, request.fund, by=request.user), paper_language(request))
    return as_pdf(pdf, f"voucher-{year}-{number:06d}")


@require_safe
def account(request: FundRequest, code: str) -> HttpResponse:
    """The statement of an account, newest line first."""
    found = get_object_or_404(Account, code=code)
    page = statement_page(found, before=_key(request))
    return render(request, "ledger/account.html", {"account": found, "page": page})


@require_safe
def entries(request: FundRequest) -> HttpResponse:
    """The journal: every entry, newest first."""
    return render(request, "ledger/entries.html", {"page": entry_page(Entry.objects.all(), before=_key(request))})


@require_safe
def entry(request: FundRequest, number: int) -> HttpResponse:
    rows = Entry.objects.select_related("memo_row", "posted_by", "reverses").prefetch_related("reversals")
    found = get_object_or_404(rows, number=number)
    lines = found.lines.select_related("debit", "credit", "member", "community")[:500]
    return render(request, "ledger/entry.html", {"entry": found, "lines": lines})


@require_safe
def trial_balance_page(request: FundRequest) -> HttpResponse:
    """Every account that was used, on its side; the two sums agree."""
    rows = trial_balance()
    sums = {"debit": sum(row[1] for row in rows), "credit": sum(row[2] for row in rows)}
    return render(request, "ledger/trial_balance.html", {"rows": rows, "sums": sums})


def _receipt(request: FundRequest, year: int, number: int) -> Receipt:
    rows = visible_receipts(request.user).select_related("void", "void__voided_by", "void__second_person", "entry")
    return get_object_or_404(rows.prefetch_related("lines"), year_be=year, number=number)


def _voucher(request: FundRequest, year: int, number: int) -> PaymentVoucher:
    rows = visible_vouchers(request.user).select_related("void", "void__voided_by", "entry")
    return get_object_or_404(rows.prefetch_related("lines"), year_be=year, number=number)


def _log(request: FundRequest, what: str, document: Any) -> None:
    if document.member is not None:
        member = document.member
        log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what=what, reason=document.label)


def _key(request: FundRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 16 else None

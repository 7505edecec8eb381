"""The pages of the books. They read; whatever changes money stands in `contributions` and `welfare`."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import render_receipt, render_voucher
from ledger.forms import RegisterFilter
from ledger.models import PaymentVoucher, Receipt
from ledger.papers import receipt_paper, voucher_paper
from ledger.registers import (
    receipt_page,
    visible_receipts,
    visible_vouchers,
    voucher_page,
    years_of,
)
from ledger.views.requests import FundRequest
from office.reading import log_reading


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
def paper_receipt(request: FundRequest, book: str, number: int) -> HttpResponse:
    """A receipt that was written by hand in a book: what the program knows of it."""
    found = get_object_or_404(_receipts(request), book=book, number=number)
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


def _receipt(request: FundRequest, year: int, number: int) -> Receipt:
    return get_object_or_404(_receipts(request), book="", year_be=year, number=number)


def _receipts(request: FundRequest) -> QuerySet[Receipt]:
    rows = visible_receipts(request.user).select_related("void", "void__voided_by", "void__second_person", "entry")
    return rows.prefetch_related("lines")


def _voucher(request: FundRequest, year: int, number: int) -> PaymentVoucher:
    rows = visible_vouchers(request.user).select_related("void", "void__voided_by", "entry")
    return get_object_or_404(rows.prefetch_related("lines"), year_be=year, number=number)


def _log(request: FundRequest, what: str, document: Any) -> None:
    if document.member is not None:
        member = document.member
        log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what=what, reason=document.label)

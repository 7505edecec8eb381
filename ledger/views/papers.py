"""Receipts and vouchers: their registers, pages and papers. What changes money stands in `contributions`, `welfare`."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.forms import LOST_MARK, RequestForm
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import qr_code, render_receipt, render_voucher
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.thai_dates import active_language
from ledger.forms import RegisterFilter
from ledger.models import PaymentVoucher, Receipt
from ledger.papers import genuine_address, receipt_paper, voucher_paper
from ledger.receipt_copies import copy_to_open, order_receipts, print_receipt, receipts_of_entry
from ledger.registers import (
    receipt_page,
    visible_receipts,
    visible_vouchers,
    voucher_page,
    years_of,
)
from ledger.views.acting import carry_out, forms_shown
from ledger.views.requests import FundRequest
from members.models import Member
from office.models import Job
from office.reading import log_readings
from office.site import site_address


@require_safe
def receipts(request: FundRequest) -> HttpResponse:
    """The register of receipts: every number, the void ones too."""
    form = RegisterFilter(request.GET, years=years_of(Receipt))
    page = receipt_page(visible_receipts(request.user), **form.chosen())
    return render(request, "ledger/receipts.html", {"form": form, "page": page})


@require_safe
def receipt(request: FundRequest, year: int, number: int) -> HttpResponse:
    return _receipt_page(request, _receipt(request, year, number))


@require_safe
def paper_receipt(request: FundRequest, book: str, number: int) -> HttpResponse:
    """A receipt that was written by hand in a book: what the program knows of it."""
    return _receipt_page(request, get_object_or_404(_receipts(request), book=book, number=number))


def _receipt_page(request: FundRequest, found: Receipt) -> HttpResponse:
    """The receipt on the screen, with the code that a member scans with her own phone."""
    copies = list(found.copies.select_related("made_by").order_by("number"))
    code = "" if found.is_paper else qr_code(genuine_address(found, site_address(request)))
    context = {
        "receipt": found,
        "void": getattr(found, "void", None),
        "copies": copies,
        "code": code,
        "form": RequestForm(),
    }
    return render(request, "ledger/receipt.html", context)


@require_safe
def receipt_pdf(request: FundRequest, year: int, number: int) -> HttpResponse:
    """GET /books/receipts/<year>/<number>/pdf/: what it will look like, marked a preview; it makes no copy."""
    found = _receipt(request, year, number)
    _log(request, "receipt", found)
    pdf = render_receipt(receipt_paper(found, request.fund), paper_language(request))
    return as_pdf(pdf, f"receipt-{year}-{number:06d}-preview")


@require_POST
def print_one(request: FundRequest, year: int, number: int) -> HttpResponse:
    """POST /books/receipts/<year>/<number>/print/: the original, and from then on a copy that is counted."""
    found = _receipt(request, year, number)
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, LOST_MARK)
        return redirect(found)
    copy = print_receipt(receipt=found, by=request.user, now=request.now, request_id=form.cleaned_data["request_id"])
    address = reverse("ledger:receipt_copy", args=[year, number, copy.number])
    return redirect(f"{address}?language={_language(request)}")


@require_safe
def receipt_copy(request: FundRequest, year: int, number: int, copy: int) -> HttpResponse:
    """GET /books/receipts/<year>/<number>/copies/<n>/: the print just made, for a quarter of an hour."""
    found = _receipt(request, year, number)
    made = copy_to_open(found, copy, by=request.user, now=request.now)
    if made is None:
        messages.info(request, _("This print is done. Print again to make a copy; it is counted."))
        return redirect(found)
    _log(request, "receipt", found)
    pdf = render_receipt(receipt_paper(found, request.fund, made, site_address(request)), paper_language(request))
    return as_pdf(pdf, f"receipt-{year}-{number:06d}" + (f"-copy-{copy}" if copy else ""))


@forms_shown
def receipts_of_sheet(request: FundRequest, entry: int) -> HttpResponse:
    """GET, POST /books/receipts/of-entry/<entry>/: print all receipts of a sheet, by the worker."""
    rows = receipts_of_entry(request.user, entry)
    count, printed = rows.count(), rows.filter(is_printed=True).count()
    if not count:
        raise Http404
    form = RequestForm(request.POST or None)

    def act(data: dict[str, Any]) -> Job:
        return order_receipts(
            entry_number=entry,
            again="again" in request.POST,
            by=request.user,
            now=request.now,
            request_id=data["request_id"],
            site=site_address(request),
            language=_language(request),
        )

    if job := carry_out(request, form, act):
        return redirect("office:job", job.pk)
    context = {"form": form, "count": count, "printed": printed, "left": count - printed, "first": rows.first()}
    return render(request, "ledger/receipts_of_sheet.html", context)


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


def _language(request: FundRequest) -> Language:
    """The language chosen beside the button, else the one on the screen."""
    asked = request.POST.get("language", "")
    return asked if asked in ("th", "en", "both") else active_language()  # type: ignore[return-value]


def _log(request: FundRequest, what: str, document: Any) -> None:
    """One line for each member whom the paper names; one payer's receipt may name her whole house."""
    members = [document.member] if document.member else _members_on(document)
    subjects = [(member.pk, member.full_name) for member in members]
    log_readings(request.user, kind="member", subjects=subjects, what=what, reason=document.label)


def _members_on(document: Any) -> QuerySet[Member]:
    return Member.objects.filter(lines__in=document.lines.order_by().values("line")).distinct().order_by("pk")

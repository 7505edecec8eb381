"""Money in, as the treasurer records it, and what she records besides: costs, money moved, void papers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from contributions.forms.base import ReasonForm
from contributions.forms.money import (
    GiftForm,
    InterestForm,
    TransferForm,
)
from contributions.gifts import record_gift
from contributions.interest import record_interest
from contributions.queries import contributors
from contributions.transfers import move_money
from contributions.views.acting import acting, carry_out, event_asked, forms_shown, to_receipt
from contributions.views.gift_lists import contributor_asked
from contributions.voids import ask_to_void, confirm_void, needs_second_person, void_receipt, void_voucher
from ledger.models import AccountRole, PaymentVoucher, Receipt
from ledger.registers import visible_receipts, visible_vouchers

# --- leg 4, interest --------------------------------------------------------------------------------------


@forms_shown
def gift(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/gift/?contributor=…&event=…"""
    initial = contributor_asked(request) | event_asked(request, "income", AccountRole.EVENT_INCOME)
    form = GiftForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> Receipt:
        return record_gift(
            contributor=form.facts(),
            income_account=data["income"],
            amount=data["amount"],
            received_on=data["date"],
            place=data["account"],
            campaign=data["campaign"],
            activity=data["activity"],
            restricted_fund=data.get("restricted_fund"),
            reference=data["reference"],
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    return render(request, "contributions/gift.html", {"form": form, "contributors": contributors()})


@forms_shown
def interest(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/interest/"""
    form = InterestForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> Receipt:
        return record_interest(
            bank_account=data["account"],
            gross=data["gross"],
            tax=data["tax"],
            credited_on=data["date"],
            **acting(request, form),
        )

    if receipt := carry_out(request, form, act):
        return to_receipt(request, receipt)
    return render(request, "contributions/money_form.html", {"form": form, "title": _("Bank interest")})


# --- money moved -------------------------------------------------------------------------------------------


@forms_shown
def transfer(request: HttpRequest) -> HttpResponse:
    """GET, POST /money-in/transfer/: cash banked, cash drawn, from bank to bank."""
    form = TransferForm(request.POST or None, today=request.today)

    def act(data: dict[str, Any]) -> Any:
        return move_money(
            source=data["account"],
            target=data["target"],
            amount=data["amount"],
            moved_on=data["date"],
            memo=data["memo"],
            **acting(request, form),
        )

    if carry_out(request, form, act):
        words = {"amount": format_baht(form.cleaned_data["amount"])}
        messages.success(request, _("%(amount)s baht were moved.") % words)
        return redirect("ledger:money")
    return render(request, "contributions/money_form.html", {"form": form, "title": _("Bank the cash")})


# --- void papers ------------------------------------------------------------------------------------------


@forms_shown
def receipt_void(request: HttpRequest, number: int, year: int | None = None, book: str = "") -> HttpResponse:
    """GET, POST /money-in/receipts/<year>/<number>/void/: why; after a hand-over, a second person is asked.

    Also /money-in/paper-receipts/<book>/<number>/void/, of one that was written in a paper book.
    """
    receipt = _receipt_to_void(request, number, year, book)
    if request.method != "POST" and hasattr(receipt, "void"):
        return _void_already(request, receipt, receipt)
    form = ReasonForm(request.POST or None)
    two_persons = needs_second_person(receipt)

    def act(data: dict[str, Any]) -> Any:
        if two_persons:
            return ask_to_void(receipt=receipt, reason=data["reason"], **acting(request, form))
        facts = {"by": request.user, "today": request.today, "now": request.now}
        return void_receipt(receipt=receipt, reason=data["reason"], second_person=None, **facts)

    if carry_out(request, form, act):
        done = _("A second person has to confirm it now.") if two_persons else _("Receipt no. %(number)s is void now.")
        messages.success(request, done % {"number": receipt.label})
        return redirect(receipt)
    return render(request, "contributions/void.html", {"form": form, "paper": receipt, "two_persons": two_persons})


def _void_already(request: HttpRequest, paper: Receipt | PaymentVoucher, *page: Any) -> HttpResponse:
    """Nothing is left to do: the paper's own page says who made it void, and why."""
    messages.info(request, _("%(number)s is void already.") % {"number": paper.label})
    return redirect(*page)


def _receipt_to_void(request: HttpRequest, number: int, year: int | None, book: str) -> Receipt:
    """A receipt of the program's own by its year, one of a paper book by the book."""
    named = {"book": book} if book else {"book": "", "year_be": year}
    return get_object_or_404(visible_receipts(request.user), number=number, **named)


@require_POST
def receipt_void_confirm(request: HttpRequest, number: int, year: int | None = None, book: str = "") -> HttpResponse:
    """POST /money-in/receipts/<year>/<number>/void/confirm/: the second person agrees. Also of a paper receipt."""
    receipt = _receipt_to_void(request, number, year, book)
    try:
        confirm_void(receipt=receipt, by=request.user, today=request.today, now=request.now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Receipt no. %(number)s is void now.") % {"number": receipt.label})
    return redirect(receipt)


@forms_shown
def voucher_void(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """GET, POST /money-in/vouchers/<year>/<number>/void/"""
    voucher = get_object_or_404(visible_vouchers(request.user), year_be=year, number=number)
    if request.method != "POST" and hasattr(voucher, "void"):
        return _void_already(request, voucher, "ledger:voucher", year, number)
    form = ReasonForm(request.POST or None)

    def act(data: dict[str, Any]) -> Any:
        facts = {"by": request.user, "today": request.today, "now": request.now}
        return void_voucher(voucher=voucher, reason=data["reason"], **facts)

    if carry_out(request, form, act):
        messages.success(request, _("Payment voucher no. %(number)s is void now.") % {"number": voucher.label})
        return redirect("ledger:voucher", year, number)
    return render(request, "contributions/void.html", {"form": form, "paper": voucher, "is_voucher": True})

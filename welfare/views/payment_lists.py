"""Payment lists: made of ticked claims, taken to the bank or the cash box, carried out line by line."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.papers import render_list
from bansong_fund.lib.sheets import XLSX, sheet_bytes
from ledger.models import AccountRole
from ledger.views.acting import acting, carry_out, forms_shown
from office.reading import log_readings
from office.roles import Role
from welfare.delivery_queries import lines_of_list, payment_lists
from welfare.forms_paying import CarryOutForm, FailForm, Held, NewListForm
from welfare.models import PaymentList, PaymentListLine
from welfare.payment_list_papers import bank_cells, bank_columns, signing_list
from welfare.payment_lists import (
    CarriedOut,
    Kind,
    carry_out_lines,
    fail_line,
    known_accounts,
    last_digits,
    make_list,
)
from welfare.queries import paying_accounts
from welfare.views.deliveries import chosen_claims
from welfare.views.shown import name_benefits

SHOWN = 50


@require_safe
def list_of_lists(request: HttpRequest) -> HttpResponse:
    """GET /payment-lists/: the newest first, with what still waits on each."""
    return render(request, "welfare/payment_lists.html", {"lists": payment_lists()[:SHOWN]})


def _accounts(kind: str) -> Held:
    role = AccountRole.BANK if kind == Kind.BANK else AccountRole.CASH
    return [(account, held) for account, held in paying_accounts() if account.role == role]


@forms_shown
def new_list(request: HttpRequest, kind: str) -> HttpResponse:
    """GET, POST /payment-lists/new/<kind>/?claim=…: out of which account; for the bank, where each sum goes."""
    if kind not in Kind.values:
        raise Http404
    claims = chosen_claims(request)
    if not claims:
        messages.warning(request, _("Tick the claims that are to stand on the list."))
        return redirect("welfare:to_pay")
    is_bank = kind == Kind.BANK
    known = known_accounts(claims) if is_bank else {}
    form = NewListForm(request.POST or None, claims=claims, accounts=_accounts(kind), is_bank=is_bank, known=known)

    def act(data: dict[str, Any]) -> PaymentList:
        facts = {"claims": claims, "kind": kind, "account": data["account"], "to_accounts": form.to_accounts()}
        return make_list(**facts, **acting(request, form))

    if made := carry_out(request, form, act):
        messages.success(
            request, _("Payment list %(number)s is made. No money has moved yet.") % {"number": made.label}
        )
        return redirect("welfare:payment_list", made.year_be, made.number)
    subjects = [(claim.member_id, claim.member.full_name) for claim in claims if claim.pk in known]
    log_readings(request.user, kind="member", subjects=subjects, what="bank account")
    total = sum(claim.amount_approved or 0 for claim in claims)
    context = {"claims": claims, "total": total, "form": form, "is_bank": is_bank}
    return render(request, "welfare/payment_list_new.html", context)


def _list(year_be: int, number: int) -> PaymentList:
    return get_object_or_404(payment_lists().select_related("made_by"), year_be=year_be, number=number)


def _lines(found: PaymentList) -> list[PaymentListLine]:
    lines = list(lines_of_list(found))
    name_benefits([line.claim for line in lines])
    for line in lines:
        line.last_digits = last_digits(line)
    return lines


def _form_of(request: HttpRequest, found: PaymentList, lines: list[PaymentListLine], data: Any = None) -> CarryOutForm:
    return CarryOutForm(
        data,
        lines=[line for line in lines if not line.outcome],
        asks_id={
            line.claim_id for line in lines if line.claim.benefit and line.claim.benefit.recipient == "beneficiary"
        },
        is_bank=found.kind == Kind.BANK,
        today=request.today,
        initial={"date": request.today} | {f"line-{line.pk}": True for line in lines if not line.outcome},
    )


@forms_shown
def payment_list(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /payment-lists/<year>/<number>/: each line; the treasurer ticks what was carried out."""
    found = _list(year_be, number)
    lines = _lines(found)
    form = None
    if request.user.has_role(Role.TREASURER) and any(not line.outcome for line in lines):
        form = _form_of(request, found, lines, request.POST if request.method == "POST" else None)
        if paid := carry_out(request, form, lambda _data: _carry_out(request, found, form)):
            message = ngettext("%(count)d claim is paid.", "%(count)d claims are paid.", len(paid))
            messages.success(request, message % {"count": len(paid)})
            return redirect("welfare:payment_list", year_be, number)
    elif request.method == "POST":
        messages.warning(request, _("Every line of this list is settled already."))
        return redirect("welfare:payment_list", year_be, number)
    return render(request, "welfare/payment_list.html", {"list": found, "lines": lines, "form": form})


def _carry_out(request: HttpRequest, found: PaymentList, form: CarryOutForm) -> list[Any]:
    data = form.cleaned_data
    done = CarriedOut(
        paid_on=data["date"],
        witness=data.get("witness", ""),
        second_witness=data.get("second_witness", ""),
        is_thumb_print=data.get("is_thumb_print", False),
        national_ids=form.national_ids(),
    )
    return carry_out_lines(payment_list=found, lines=form.chosen(), done=done, **acting(request, form))


@require_POST
def fail(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /payment-lists/<year>/<number>/fail/: a line was not paid, and why; its claim is to be paid again."""
    found, form = _list(year_be, number), FailForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why this line was not paid."))
        return redirect("welfare:payment_list", year_be, number)
    who = {"by": request.user, "today": request.today, "now": request.now}
    try:
        failed = fail_line(payment_list=found, **form.cleaned_data, **who)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("Claim %(number)s is among those to pay again.")
        messages.success(request, told % {"number": failed.claim.label})
    return redirect("welfare:payment_list", year_be, number)


@require_safe
def list_sheet(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /payment-lists/<year>/<number>.xlsx: for the bank, with whole account numbers; that it was read is logged."""
    found = _list(year_be, number)
    lines = [line for line in _lines(found) if line.outcome != PaymentListLine.Outcome.FAILED]
    _log(request, lines)
    rows = (bank_cells(place, line) for place, line in enumerate(lines, start=1))
    book = sheet_bytes(name=_("Payment list"), columns=bank_columns(), rows=rows, landscape=True)
    name = f"payment-list-{found.year_be}-{found.number:04d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(book, content_type=XLSX, headers=headers)


@require_safe
def list_pdf(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /payment-lists/<year>/<number>.pdf: to take to the bank, or to sign at the cash box."""
    found = _list(year_be, number)
    lines = [line for line in _lines(found) if line.outcome != PaymentListLine.Outcome.FAILED]
    _log(request, lines)
    pdf = render_list(signing_list(found, lines, request.fund), paper_language(request))
    return as_pdf(pdf, f"payment-list-{found.year_be}-{found.number:04d}")


def _log(request: HttpRequest, lines: list[PaymentListLine]) -> None:
    subjects = [(line.claim.member_id, line.claim.member.full_name) for line in lines]
    log_readings(request.user, kind="member", subjects=subjects, what="payment list")

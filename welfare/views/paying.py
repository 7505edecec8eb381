"""The treasurer's desk: paying a claim, its voucher on screen and as PDF, taking a payment back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.national_id import decrypt_id, format_masked
from bansong_fund.lib.paper_answers import paper_language
from bansong_fund.lib.papers import render_voucher
from bansong_fund.lib.thai_dates import active_language
from ledger.models import PaymentMeans, PaymentVoucher
from ledger.papers import voucher_paper
from office.reading import log_reading
from welfare.forms import PayForm
from welfare.models import Claim, ClaimState, DeliveryLine
from welfare.paying import Recipient, benefit_of, pay_claim
from welfare.queries import claims_of_voucher, paying_accounts, visible_claims, visible_vouchers
from welfare.views.reversals import reversal_shown
from welfare.views.shown import claim_url, name_benefits


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /claims/<year>/<number>/pay/: the sum, out of which account, to whom; then the voucher."""
    related = ("member__community", "member__household", "resolution__meeting", "voucher", "paid_by")
    claim = get_object_or_404(visible_claims(request.user).select_related(*related), year_be=year_be, number=number)
    form = PayForm(
        request.POST or None,
        accounts=paying_accounts(),
        today=request.today,
        asks_id=_asks_id(claim),
        initial=_usual_payment(claim) | {"date": request.today},
    )
    if request.method == "POST" and form.is_valid():
        voucher = _pay(request, form, claim)
        if voucher is not None:
            return redirect("welfare:voucher", voucher.year_be, voucher.number)
    elif claim.state != ClaimState.APPROVED:
        return redirect(claim_url(claim))
    return render(request, "welfare/pay.html", {"claim": name_benefits([claim])[0], "form": form})


def _asks_id(claim: Claim) -> bool:
    benefit = benefit_of(claim)
    return benefit is not None and benefit.recipient != "member"


def _usual_payment(claim: Claim) -> dict[str, Any]:
    member = claim.member
    own = claim.recipient_name == member.full_name
    house = member.household
    address = member.address or (f"{house.house_number} {member.community.name_th}" if house else "")
    return {
        "means": PaymentMeans.CASH,
        "recipient_name": claim.recipient_name,
        "address": address if own else "",
        "phone": member.phone if own else "",
    }


def _pay(request: HttpRequest, form: PayForm, claim: Claim) -> PaymentVoucher | None:
    asked = form.cleaned_data
    try:
        voucher = pay_claim(
            claim=claim,
            account=asked["account"],
            paid_on=asked["date"],
            recipient=Recipient(
                asked["recipient_name"], asked.get("national_id", ""), asked["address"], asked["phone"]
            ),
            means=PaymentMeans(asked["means"]),
            means_reference=asked["means_reference"],
            witness=asked["witness"],
            second_witness=asked["second_witness"],
            is_thumb_print=asked["is_thumb_print"],
            request_id=asked["request_id"],
            by=request.user,
            today=request.today,
            now=request.now,
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None
    messages.success(request, _("Paid. The voucher is no. %(number)s.") % {"number": voucher.label})
    return voucher


@require_safe
def voucher_page(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /vouchers/<year>/<number>/: the voucher of a claim."""
    voucher = get_object_or_404(visible_vouchers(request.user), year_be=year_be, number=number)
    return _show_voucher(request, voucher)


def _show_voucher(request: HttpRequest, voucher: PaymentVoucher) -> HttpResponse:
    line = DeliveryLine.objects.filter(voucher=voucher).select_related("delivery").first()
    context = {
        "voucher": voucher,
        "void": getattr(voucher, "void", None),
        "lines": voucher.lines.all(),
        "claims": claims_of_voucher(voucher),
        "delivery": line.delivery if line else None,
        "masked_id": _masked(voucher),
        "language": active_language(),
        **reversal_shown(request, voucher),
    }
    return render(request, "welfare/voucher.html", context)


def _masked(voucher: PaymentVoucher) -> str:
    sealed = voucher.recipient_id_encrypted
    return format_masked(decrypt_id(sealed)) if sealed else ""


@never_cache
@require_safe
def voucher_pdf(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /vouchers/<year>/<number>.pdf: the paper to sign, with the recipient's whole ID number, as auditors ask."""
    voucher = get_object_or_404(visible_vouchers(request.user), year_be=year_be, number=number)
    whose = ("member", voucher.member_id) if voucher.member_id else ("voucher", voucher.pk)
    log_reading(request.user, kind=whose[0], id=whose[1], name=voucher.party_name, what="voucher")
    pdf = render_voucher(voucher_paper(voucher, request.fund, by=request.user), paper_language(request))
    name = f"voucher-{voucher.year_be}-{voucher.number:06d}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )

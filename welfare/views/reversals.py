"""Taking a payment back: asked for by one person, confirmed by a second at her own sign-in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansong_fund.lib.errors import DomainError
from ledger.models import PaymentVoucher
from ledger.verbs import SECOND_PERSON_ROLES
from office.roles import Role
from welfare import reversals as verbs
from welfare.forms_deciding import WhyForm
from welfare.models import Claim, PaymentReversalRequest
from welfare.queries import visible_vouchers


def reversal_shown(request: HttpRequest, voucher: PaymentVoucher, form: WhyForm | None = None) -> dict[str, Any]:
    """What the voucher's page needs to offer the reversal: who asked, whether she may ask or confirm."""
    asked = PaymentReversalRequest.objects.filter(voucher=voucher).select_related("asked_by").first()
    is_paid = Claim.objects.filter(voucher=voucher).exists()
    confirms = asked is not None and request.user.pk != asked.asked_by_id
    return {
        "reversal_form": form or WhyForm(),
        "reversal_asked": asked if is_paid else None,
        "may_reverse": is_paid and asked is None and request.user.has_role(Role.TREASURER),
        "may_confirm_reversal": is_paid and confirms and request.user.has_role(*SECOND_PERSON_ROLES),
        "second_person_needed": is_paid and verbs.needs_second_person(voucher),
    }


@require_POST
def reverse(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /vouchers/<year>/<number>/reverse/: asked for; in a small fund the voucher becomes void at once."""
    voucher = get_object_or_404(visible_vouchers(request.user), year_be=year_be, number=number)
    form = WhyForm(request.POST)
    who = {"by": request.user, "today": request.today, "now": request.now}
    if not form.is_valid():
        return _refused(
            request, voucher, _("Say why; the reason stays with the claim and is shown to all who read it.")
        )
    asked = form.cleaned_data
    try:
        if verbs.needs_second_person(voucher):
            verbs.ask_to_reverse_payment(voucher=voucher, **asked, **who)
            done = _("It is asked for. Another treasurer or a committee member opens this voucher and confirms.")
        else:
            verbs.reverse_payment(voucher=voucher, reason=asked["reason"], **who)
            done = _("Voucher %(number)s is void.") % {"number": voucher.label}
    except DomainError as refusal:
        return _refused(request, voucher, str(refusal))
    messages.success(request, done)
    return redirect("welfare:voucher", year_be, number)


@require_POST
def confirm(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /vouchers/<year>/<number>/reverse/confirm/: the second person agrees."""
    voucher = get_object_or_404(visible_vouchers(request.user), year_be=year_be, number=number)
    try:
        verbs.confirm_payment_reversal(voucher=voucher, by=request.user, today=request.today, now=request.now)
    except DomainError as refusal:
        return _refused(request, voucher, str(refusal))
    messages.success(request, _("Voucher %(number)s is void.") % {"number": voucher.label})
    return redirect("welfare:voucher", year_be, number)


def _refused(request: HttpRequest, voucher: PaymentVoucher, refusal: str) -> HttpResponse:
    messages.error(request, refusal)
    return redirect("welfare:voucher", voucher.year_be, voucher.number)

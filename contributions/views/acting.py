"""What the money pages share: who acts, carrying out a valid form, and where refusals go."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm, show_refusal
from bansong_fund.lib.money import format_baht
from ledger.models import Receipt
from members.regulations import NoRuleInForce

forms_shown = require_http_methods(["GET", "HEAD", "POST"])


def acting(request: HttpRequest, form: RequestForm) -> dict[str, Any]:
    """Who acts, when, and by which click: what every money verb wants."""
    return {
        "by": request.user,
        "today": request.today,
        "now": request.now,
        "request_id": form.cleaned_data["request_id"],
    }


def carry_out(request: HttpRequest, form: RequestForm, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What `act` makes of a valid form that was sent; None where nothing was sent or something is refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def without_rules_back_to(view_name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Where no regulation says what is owed, the page cannot be shown: its sentence appears on another one."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except NoRuleInForce as refusal:
                messages.error(request, str(refusal))
                return redirect(view_name)

        return shown

    return decorate


def to_receipt(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    words = {"number": receipt.label, "amount": format_baht(receipt.total)}
    messages.success(request, _("Receipt no. %(number)s of %(amount)s baht is written.") % words)
    return redirect(receipt)

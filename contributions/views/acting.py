"""What the money pages share: who acts, carrying out a valid form, and where refusals go."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bansong_fund.lib.money import format_baht
from ledger.accounts import account
from ledger.models import AccountRole, Receipt
from ledger.views.acting import acting, carry_out, forms_shown
from members.regulations import NoRuleInForce

__all__ = ["acting", "carry_out", "event_asked", "forms_shown", "to_receipt", "without_rules_back_to"]


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


def event_asked(request: HttpRequest, field: str, role: AccountRole) -> dict[str, Any]:
    """What a form begins with that was opened at the desk of an event (?event=…): the event, and its account."""
    key = request.GET.get("event", "")
    if not key.isdecimal() or len(key) > 9:
        return {}
    return {"campaign": int(key), field: account(role).pk}

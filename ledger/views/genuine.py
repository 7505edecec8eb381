"""The public page behind the code on a receipt: is it of this fund, and is it still good? It names nobody."""

import uuid

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ledger.models import Receipt
from office.rate_limit import too_many

MOST_A_MINUTE = 60


@never_cache
@require_safe
def genuine(request: HttpRequest, token: str) -> HttpResponse:
    """GET /genuine/<token>/: number, day and amount of a receipt, and whether it is void."""
    address = get_adapter().get_client_ip(request)
    if too_many("genuine-from", address, most=MOST_A_MINUTE, seconds=60):
        return _answer(request, {"asked_too_often": True}, status=429)
    found = _receipt(token)
    if found is None:
        return _answer(request, {}, status=404)
    return _answer(request, {"receipt": found, "void": getattr(found, "void", None)})


def _receipt(token: str) -> Receipt | None:
    """A receipt that this program issued; those of paper books carry no code."""
    try:
        key = uuid.UUID(token)
    except ValueError:
        return None
    return Receipt.objects.filter(public_token=key, book="").select_related("void").first()


def _answer(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    answer = render(request, "ledger/genuine.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer

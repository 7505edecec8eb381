"""What pages with a money button share: who acts, carrying out a valid form, and where refusals go."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm, show_refusal

forms_shown = require_http_methods(["GET", "HEAD", "POST"])


def acting(request: HttpRequest, form: RequestForm) -> dict[str, Any]:
    """Who acts, when, and by which click: what every money verb wants."""
    return {
        "by": request.user,
        "today": request.today,  # type: ignore[attr-defined]
        "now": request.now,  # type: ignore[attr-defined]
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

"""A request as the pages of the books meet it."""

from datetime import date, datetime

from django.http import HttpRequest

from members.models import Fund
from office.models import User


class FundRequest(HttpRequest):
    """A request as views meet it: signed in, with its fund and the program's day."""

    user: User
    fund: Fund
    today: date
    now: datetime


def list_key(request: FundRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 16 else None

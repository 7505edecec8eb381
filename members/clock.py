"""The one clock. Views and commands ask here and pass the day on; the domain never asks.

A demonstration fund lives on its own day; a real fund always on the real one, in Bangkok.
"""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from members.models import Fund


def today_of(fund: Fund | None) -> date:
    """The fund's today: the demonstration's own day, or Bangkok's."""
    return fund.demo_day if fund is not None and fund.demo_day else timezone.localdate()


def refuse_demonstration_in_production() -> None:
    """Raises ImproperlyConfigured where production settings meet a database that holds a demonstration."""
    if settings.PRODUCTION and Fund.objects.filter(is_demo=True).exists():
        raise ImproperlyConfigured(
            "This database holds a demonstration fund; production does not serve it. Name an empty database in"
            " DATABASE_URL, or set DEMO=1 to look at the demonstration."
        )


class FundMiddleware:
    """Gives each request its fund (None before the first steps), its day and the real time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.fund = Fund.objects.first()
        request.today = today_of(request.fund)
        request.now = timezone.now()
        return self.get_response(request)

"""Where this program is on the network, for the codes on papers."""

from django.conf import settings
from django.http import HttpRequest


def site_address(request: HttpRequest) -> str:
    """The address without a slash at its end: the setting SITE_URL, else the one that this page was asked at."""
    return settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")

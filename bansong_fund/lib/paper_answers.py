"""Papers as answers to a browser: in which language, and as what kind of file."""

from django.http import HttpRequest, HttpResponse

from bansong_fund.lib.pdf import Language
from bansong_fund.lib.thai_dates import active_language


def paper_language(request: HttpRequest) -> Language:
    """The language asked for by the address, else the one on the screen."""
    asked = request.GET.get("language", "")
    return asked if asked in ("th", "en", "both") else active_language()  # type: ignore[return-value]


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)

"""What pages are measured against: a bare page, and for papers WeasyPrint alone with the same HTML.

The annual report, which the program makes in its worker, has a route here, so that it is measured like the rest.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bansong_fund.lib.pdf import OwnFilesFetcher
from members.models import Member
from reports.annual_report import annual_report

BARE_PAGE = "bench_bare"
ANNUAL_REPORT = "bench_annual_report"
PAPER_ALONE = "bench_paper_alone"
PAPER_FILE = settings.VAR / "bench-paper.html"
PAPER_STYLES_FILE = settings.VAR / "bench-paper-stylesheets"  # names of static files, one a line

_fonts: list[tuple[FontConfiguration, list[CSS]]] = []


@require_safe
def bare_page(request: HttpRequest) -> HttpResponse:
    """GET /bench/bare/: a signed-in session, one query of 50 members, a plain template."""
    members = Member.objects.order_by("sort_key", "id").defer("name_grams", "national_id_encrypted")[:50]
    return render(request, "bench/bare.html", {"members": members})


@require_safe
def whole_report(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET /bench/report/<year>/: what the worker does for an annual report, from the figures to the PDF."""
    pdf = annual_report(year_be, "th", today=request.today, now=request.now, by=request.user)
    return HttpResponse(pdf, content_type="application/pdf")


@require_safe
def paper_alone(request: HttpRequest) -> HttpResponse:
    """GET /bench/paper/: the kept HTML laid out by WeasyPrint, as a tagged PDF; stylesheets and fonts are kept too."""
    if not _fonts:
        fonts = FontConfiguration()
        names = PAPER_STYLES_FILE.read_text(encoding="utf-8").split()
        styles = [CSS(url=f"static:{name}", url_fetcher=OwnFilesFetcher(), font_config=fonts) for name in names]
        _fonts.append((fonts, styles))
    fonts, styles = _fonts[0]
    page = HTML(string=PAPER_FILE.read_text(encoding="utf-8"), url_fetcher=OwnFilesFetcher())
    pdf = page.write_pdf(font_config=fonts, stylesheets=styles, pdf_variant="pdf/ua-1")
    return HttpResponse(pdf, content_type="application/pdf")

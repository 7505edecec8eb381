"""The annual report as HTML, kept for the route that lays it out by WeasyPrint alone."""

from bansong_fund.bench.yardsticks import PAPER_FILE, PAPER_STYLES_FILE
from members.models import Fund
from reports.annual_report import STYLESHEETS, draw_annual_report


def keep_paper(year_be: int, language: str = "th") -> None:
    """Draw the report of a closed year and keep it in the scratch folder."""
    today = Fund.objects.get().demo_day
    PAPER_FILE.write_text(draw_annual_report(year_be, language, today=today).html, encoding="utf-8")
    PAPER_STYLES_FILE.write_text("\n".join(STYLESHEETS), encoding="utf-8")

"""The letter by which the municipality, CODI or another body is asked: what for, how much, and on what it rests."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from bansong_fund.lib.papers import Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.thai_dates import be_year
from contributions.models import Commitment, GrantSource
from ledger.papers import fund_head
from ledger.queries import income_by_leg
from members.models import Fund, MemberCount

LETTER_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/letters.css", "pdf/grants.css")
SUBJECTS = {
    GrantSource.MUNICIPALITY: Words("ขอรับเงินสมทบกองทุนสวัสดิการชุมชน", "Request for a contribution to the welfare fund"),
    GrantSource.CODI_START_UP: Words("ขอรับเงินประเดิมกองทุนสวัสดิการชุมชน", "Request for a start-up grant"),
    GrantSource.CODI_MATCHING: Words(
        "ขอรับเงินสมทบจากรัฐสำหรับสมาชิกกองทุนสวัสดิการชุมชน", "Request for the state's contribution for members"
    ),
    GrantSource.OTHER_STATE: Words("ขอรับการสนับสนุนกองทุนสวัสดิการชุมชน", "Request for support of the welfare fund"),
}


def request_letter(commitment: Commitment, fund: Fund, *, today: date, language: Language) -> bytes:
    """The letter as a PDF, with places for number and signature. Its figures are of `today` and the year before."""
    html = draw_letter(commitment, fund, today=today, language=language)
    title = letter_title(commitment, language)
    return render_pdf(html, title=title, language=language, stylesheets=LETTER_STYLESHEETS)


def letter_title(commitment: Commitment, language: Language) -> str:
    return SUBJECTS[GrantSource(commitment.source)].in_language("en" if language == "en" else "th")


def draw_letter(commitment: Commitment, fund: Fund, *, today: date, language: Language) -> str:
    """The letter as HTML, to be laid out alone or before the list of a round's members."""
    subject = SUBJECTS[GrantSource(commitment.source)]
    context = {
        "commitment": commitment,
        "subject": subject,
        "written_on": commitment.steps.order_by("happened_on", "pk").values_list("happened_on", flat=True).first(),
        "members": f"{MemberCount.objects.aggregate(all=Sum('current'))['all'] or 0:,}",
        "asked_for": f"{commitment.member_count or 0:,}",
        "year_before": be_year(today) - 1,
        "dues_before": _dues_of_the_year_before(today),
        "chair": Signature(Words("ประธานกองทุน", "Chair of the fund")),
        "paper_title": letter_title(commitment, language),
    }
    return draw_paper("pdf/request_letter.html", context, fund_head(fund), language)


def _dues_of_the_year_before(today: date) -> Decimal:
    """What the members paid in the calendar year before, from the kept sums."""
    return income_by_leg(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))[1]

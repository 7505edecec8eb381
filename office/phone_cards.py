"""The printed card with which a leader enrols her phone: A6 on an A4 sheet, to cut out."""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bansong_fund.lib.codes import code_svg
from bansong_fund.lib.papers import FundHead, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/phone_card.css")


@dataclass(frozen=True, slots=True)
class PhoneCardPaper:
    """What stands on the card. `address` is what its code holds."""

    leader: str
    address: str
    until: date


def code_of(address: str) -> SafeString:
    """The QR code as SVG, black on white with its quiet zone."""
    return code_svg(address, says=_("QR code that enrols the phone"), scale=4)


def phone_card_pdf(card: PhoneCardPaper, fund: FundHead, title: str, language: Language = "both") -> bytes:
    """The card as a PDF of one page."""
    context = {"card": card, "code": code_of(card.address), "paper_title": title}
    html = draw_paper("pdf/phone_card.html", context, fund, language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)

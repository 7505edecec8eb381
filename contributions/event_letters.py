"""Two letters to contributors: what a pledge still brings, with the code to pay it; thanks for a gift in kind."""

from django.utils import translation
from django.utils.translation import gettext as _

from bansong_fund.lib.papers import Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.promptpay import MOST, fund_target, promptpay_qr
from contributions.models import Campaign, InKindGift, Pledge
from ledger.papers import fund_head
from members.models import Fund

LETTER_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/letters.css", "pdf/grants.css", "pdf/event_letters.css")


def code_of(pledge: Pledge, fund: Fund) -> str:
    """The code under which the fund is paid what is `still` to come; "" where it has no number for it."""
    target = fund_target(fund.promptpay_id, fund.tax_id)
    return promptpay_qr(target, pledge.still) if target and 0 < pledge.still <= MOST else ""


def pledge_letter(pledge: Pledge, fund: Fund, language: Language) -> bytes:
    """The payment request of an open pledge, which has `still`, as a PDF. It is no bill: a pledge is no debt."""
    context = {
        "pledge": pledge,
        "campaign_name": _name(pledge.campaign),
        "qr": code_of(pledge, fund),
        "treasurer": _sign("เหรัญญิก", "Treasurer"),
    }
    return _letter("pdf/event_pledge.html", context, fund, language)


def in_kind_letter(gift: InKindGift, fund: Fund, language: Language) -> bytes:
    """The numbered letter of thanks for a gift in kind, as a PDF; no amount stands in it."""
    context = {"gift": gift, "campaign_name": _name(gift.campaign), "chair": _sign("ประธานกองทุน", "Chair of the fund")}
    return _letter("pdf/event_in_kind.html", context, fund, language)


def _name(campaign: Campaign | None) -> Words:
    return Words(campaign.name_th, campaign.name_en) if campaign else Words("")


def _sign(thai: str, english: str) -> Signature:
    return Signature(Words(thai, english))


def _letter(template: str, context: dict[str, object], fund: Fund, language: Language) -> bytes:
    with translation.override("en" if language == "en" else "th"):
        title = _("About your pledge") if "pledge" in context else _("Thanks for a gift in kind")
    html = draw_paper(template, {**context, "paper_title": title}, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=LETTER_STYLESHEETS)

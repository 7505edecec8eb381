"""ใบรับรองแทนใบเสร็จรับเงิน: what whoever paid certifies where the shop gave no receipt."""

from django.utils.translation import gettext as _

from bansong_fund.lib.papers import Signature, draw_paper
from bansong_fund.lib.pdf import Language, render_pdf
from contributions.models import RunningCost
from ledger.book_papers import STYLESHEETS, in_both
from members.fund_head import fund_head
from members.models import Fund


def certificate_paper(cost: RunningCost, fund: Fund, language: Language) -> bytes:
    """The certificate of one cost, from its voucher's frozen words; one A4 page."""
    title = in_both(lambda: _("Certificate in lieu of receipt"))
    name = title.in_language("en" if language == "en" else "th")
    voucher = cost.voucher
    context = {
        "cost": cost,
        "voucher": voucher,
        "line": voucher.lines.get(),
        "paper_title": f"{name} {voucher.label}",
        "payer": Signature(in_both(lambda: _("Payer")), voucher.issued_by_name, voucher.issued_by_post),
        "approver": Signature(in_both(lambda: _("Chair"))),
    }
    html = draw_paper("pdf/certificate_in_lieu.html", context, fund_head(fund), language)
    return render_pdf(html, title=context["paper_title"], language=language, stylesheets=STYLESHEETS)

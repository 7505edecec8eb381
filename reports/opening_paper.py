"""The opening on paper: to be looked through and signed, and with its fingerprint once it is locked."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from ledger.models import AccountRole
from ledger.opening_queries import Told
from ledger.papers import account_words
from members.fund_head import fund_head
from members.models import Fund
from office.models import User
from reports.fingerprints import Seal, record_printing
from reports.words import SpokenDay, in_both

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/report.css")
TITLE = _("Opening of the books")
SIGNERS = (
    ("treasurer", _("Prepared by (Treasurer)")),
    ("auditor", _("Auditor")),
    ("chair", _("Chair")),
)
PART_NAMES = {
    "income": _("Income since founding"),
    "welfare": _("Welfare since founding"),
    "costs": _("Costs since founding"),
}


def opening_paper(said: Told, fund: Fund, language: Language, *, by: User, now: datetime) -> bytes:
    """The PDF; a locked one carries the fingerprint of the opening entry, which is recorded."""
    opening = said.opening
    seal = Seal(opening.entry, is_provisional=False) if opening and opening.entry else None
    names = {one["post"]: one["name"] for one in opening.signed_by} if opening else {}
    title = in_both(TITLE).in_language("en" if language == "en" else "th")
    parts = [(in_both(PART_NAMES[part]), said.of(part), said.sum_of(part)) for part in PART_NAMES]
    context = {
        "paper_title": title,
        "title": in_both(TITLE),
        "said": said,
        "opening": opening,
        "cutover": SpokenDay(opening.cutover_on) if opening and opening.cutover_on else "–",
        "resolved_on": SpokenDay(opening.resolved_on) if opening and opening.resolved_on else "",
        "places": [
            (account_words(place.account), place)
            for place in said.places
            if place.amount is not None or place.account.role != AccountRole.COLLECTOR
        ],
        "parts": [
            (name, [(Words(row.account.name_th, row.account.name_en), row) for row in rows if row.amount], total)
            for name, rows, total in parts
        ],
        "signers": [(in_both(role), names.get(post, "")) for post, role in SIGNERS],
        "seal": seal,
    }
    html = draw_paper("pdf/opening.html", context, fund_head(fund), language)
    pdf = render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)
    if seal is not None:
        record_printing(seal, paper=f"opening-{language}.pdf", by=by, now=now)
    return pdf

"""บัตรสมาชิก: a member's card of the size of a bank card, alone or ten on a sheet with marks to cut along.

The code on it holds the member's number and nothing else: whoever reads it with a phone learns no name, and the
program's search box takes what the reader types.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.codes import code_svg
from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from members.fund_head import fund_head
from members.models import Fund, Member
from members.queries import with_membership
from members.rolls import day_style, in_words

CARD_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/cards.css")
CARD_TITLE = _("Member card")
ON_A_SHEET = 10
SHEETS_AT_ONCE = 10  # laid out together, between two reports of progress
LONG_NAME = 26  # letters that stand on one line of the card


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card. `joined_on` is None for who never was a member."""

    number: int
    name: str
    community: Words
    joined_on: date | None

    @property
    def qr(self) -> SafeString:
        """The code as SVG: the plain number."""
        return code_svg(qr_content(self.number), says=str(_("QR code of the member's number")))

    @property
    def is_long(self) -> bool:
        return len(self.name) > LONG_NAME


def qr_content(number: int) -> str:
    """The text of the code: what the search box of the register takes."""
    return str(number)


def cards_of(members: QuerySet[Member]) -> list[Card]:
    """The cards of these members, in their order, in two queries."""
    return [_card(member) for member in with_membership(members)]


def _card(member: Member) -> Card:
    latest = next(iter(member.latest_memberships), None)
    return Card(
        number=member.number,
        name=member.full_name,
        community=Words(member.community.name_th, member.community.name_en),
        joined_on=latest.joined_on if latest else None,
    )


def card_pdf(card: Card, fund: Fund, language: Language) -> bytes:
    """The PDF of one card, 85.6 × 54 mm."""
    html = draw_paper("pdf/member_card.html", _context([[card]], language, alone=True), fund_head(fund), language)
    title = f"{in_words(CARD_TITLE, language)} {card.number}"
    return render_pdf(html, title=title, language=language, stylesheets=CARD_STYLESHEETS)


def draw_sheets(cards: Sequence[Card], fund: Fund, language: Language) -> Iterator[str]:
    """The sheets as HTML, some at a time."""
    at_once = ON_A_SHEET * SHEETS_AT_ONCE
    for start in range(0, max(len(cards), 1), at_once):
        some = cards[start : start + at_once]
        sheets = [some[place : place + ON_A_SHEET] for place in range(0, len(some), ON_A_SHEET)]
        yield draw_paper("pdf/member_card.html", _context(sheets, language, alone=False), fund_head(fund), language)


def _context(sheets: Sequence[Sequence[Card]], language: Language, *, alone: bool) -> dict[str, object]:
    return {
        "sheets": sheets,
        "alone": alone,
        "paper_title": in_words(CARD_TITLE, language),
        "day_style": day_style(language),
        "marks": range(6),
    }

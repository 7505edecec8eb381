"""ใบรับเงิน: the slip that a receiver signs for money that was brought to her; half a page each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.papers import FundHead, Words, press
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from ledger.papers import fund_head
from members.models import Fund
from welfare.models import Delivery, DeliveryLine
from welfare.paying import benefit_names, resolution_words

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/slip.css")


@dataclass(frozen=True, slots=True)
class Slip:
    """One receiver's slip: who gets how much for what, by whose hand; room for a thumb print and two witnesses."""

    number: str
    claim: str
    recipient: str
    member: str
    member_number: str
    benefit: Words
    amount: Decimal
    resolution: str
    payer: str


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips of one delivery, in the order of its page."""

    fund: FundHead
    slips: tuple[Slip, ...]


def slips_to_sign(delivery: Delivery, lines: Sequence[DeliveryLine], fund: Fund) -> Slips:
    """A slip for each line; the lines have their claims, with member and `benefit`."""
    return Slips(fund_head(fund), tuple(_slip(delivery, line) for line in lines))


def _slip(delivery: Delivery, line: DeliveryLine) -> Slip:
    claim = line.claim
    names = (claim.benefit.name.th, claim.benefit.name.en) if claim.benefit else benefit_names(claim)
    return Slip(
        number=delivery.label,
        claim=claim.label,
        recipient=claim.recipient_name,
        member=claim.member.full_name,
        member_number=str(claim.member.number),
        benefit=Words(*names),
        amount=line.amount,
        resolution=resolution_words(claim),
        payer=delivery.carrier.display_name,
    )


def render_slips(slips: Slips, language: Language = "th") -> bytes:
    """Return the PDF, two slips on a page of A4."""
    with override("en" if language == "en" else "th"):
        title = f"{_('Slip for money received')} {slips.slips[0].number}"
    return press("pdf/slip.html", {"slips": slips.slips}, slips.fund, title, language, stylesheets=STYLESHEETS)

"""What a member is told of her claim, in plain words: approved, paid, rejected; how much, where, until when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import FundHead, Words, press
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from bansong_fund.lib.thai_dates import format_date
from ledger.models import PaymentMeans
from ledger.papers import fund_head
from members.models import Fund
from welfare.models import Claim, ClaimState, PaymentList
from welfare.on_the_way import carried_line, listed_line
from welfare.paying import benefit_names

TOLD = (ClaimState.APPROVED, ClaimState.PAID, ClaimState.REJECTED)
STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/notice.css")


class NothingToTell(DomainError):
    """The claim is not decided yet."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading and sentences, each in both languages; in the words of who tells her, without a diagnosis."""

    fund: FundHead
    claim: str
    heading: Words
    sentences: tuple[Words, ...]

    def text(self, language: str) -> str:
        """All of it as plain text, to copy or share."""
        lines = (self.fund.name, self.heading, *self.sentences)
        return "\n".join(line.in_language(language) if isinstance(line, Words) else str(line) for line in lines)


def notice_to_member(claim: Claim, fund: Fund) -> Notice:
    """The notice of a decided claim; its member and voucher are loaded. Raises `NothingToTell`."""
    if claim.state not in TOLD:
        message = _("Claim %(number)s is not decided yet. The notice can be printed once it is.")
        raise NothingToTell(message % {"number": claim.label})
    said = {language: _said(claim, fund, language) for language in ("th", "en")}
    thai, english = said["th"], said["en"]
    sentences = tuple(Words(one, other) for one, other in zip(thai[1:], english[1:], strict=True))
    return Notice(fund_head(fund), claim.label, Words(thai[0], english[0]), sentences)


def _said(claim: Claim, fund: Fund, language: str) -> list[str]:
    thai, english = benefit_names(claim)
    about = {
        "member": claim.member.full_name,
        "number": str(claim.member.number),
        "benefit": thai if language == "th" else english,
        "claim": claim.label,
        "day": format_date(claim.event_from, "long", language),
        "receiver": claim.recipient_name,
        "baht": format_baht(claim.amount_approved or 0),
        "phone": fund.phone,
    }
    with override(language):
        told = {ClaimState.APPROVED: _approved, ClaimState.PAID: _paid, ClaimState.REJECTED: _rejected}
        opening = _("For %(member)s, member no. %(number)s: %(benefit)s, event of %(day)s (claim no. %(claim)s).")
        heading, *sentences = told[ClaimState(claim.state)](claim, about, language)
        return [heading, opening % about, *sentences, *_questions(about)]


def _questions(about: dict[str, str]) -> list[str]:
    return [_("Questions: call the fund, %(phone)s, or ask your community leader.") % about] if about["phone"] else []


def _approved(claim: Claim, about: dict[str, str], language: str) -> list[str]:
    decided = {**about, "decided": format_date(claim.decided_on, "long", language)}
    return [
        _("Your claim is approved"),
        _("The committee approved %(baht)s baht on %(decided)s.") % decided,
        _("%(receiver)s receives the money.") % about,
        _where_to_fetch(claim, about),
    ]


def _where_to_fetch(claim: Claim, about: dict[str, str]) -> str:
    carried = carried_line(claim)
    if carried is not None:
        message = _("%(carrier)s brings it to you. Sign the slip when you have counted it.")
        return message % {"carrier": carried.delivery.carrier.display_name}
    listed = listed_line(claim)
    if listed is not None and listed.payment_list.kind == PaymentList.Kind.BANK:
        return _("The fund transfers it to the account that you named.")
    return _("Fetch it at the fund's office with your ID card, or your community leader brings it to you.")


def _paid(claim: Claim, about: dict[str, str], language: str) -> list[str]:
    voucher = claim.voucher
    facts = {**about, "paid": format_date(claim.paid_on, "long", language), "voucher": voucher.label}
    if voucher.means == PaymentMeans.TRANSFER:
        how = _("It was transferred: %(reference)s.") % {"reference": voucher.means_reference or "–"}
    else:
        how = _("It was paid in cash and signed for.")
    return [
        _("Your claim is paid"),
        _("%(receiver)s received %(baht)s baht on %(paid)s (voucher no. %(voucher)s).") % facts,
        how,
    ]


def _rejected(claim: Claim, about: dict[str, str], language: str) -> list[str]:
    facts = {**about, "decided": format_date(claim.decided_on, "long", language), "reason": claim.decision_reason}
    said = [
        _("Your claim was not approved"),
        _("The committee decided so on %(decided)s.") % facts,
        _("The reason: %(reason)s") % facts,
    ]
    if claim.appeal_until is not None:
        until = {"until": format_date(claim.appeal_until, "long", language)}
        said.append(_("You may ask again until %(until)s: tell your community leader why.") % until)
    return said


def render_notice(notice: Notice, language: Language = "th") -> bytes:
    """Return the PDF of a notice, one page of A5."""
    title = notice.heading.in_language("en" if language == "en" else "th")
    return press("pdf/notice_to_member.html", {"notice": notice}, notice.fund, title, language, stylesheets=STYLESHEETS)

"""สมุดประจำตัวสมาชิก: a member's page of dues by year, benefits drawn, and what is left of each benefit today.

It reads the person: her own row and her doubles'. No ID stands on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.thai_dates import format_date
from contributions.models import DuesPayment
from contributions.periods import span_words
from contributions.queries import dues_owed, dues_rules
from members.fund_head import fund_head
from members.models import EndReason, Fund, Member, Membership, OpeningDrawn, OpeningFacts
from members.queries import of_person
from members.regulations import NoRuleInForce
from members.standing import STANDING_NAMES, Standing
from welfare.eligibility import Background, facts_of, gather_background, memberships_of
from welfare.entitlements import Entitlement, entitlements_on, pretended_event
from welfare.models import Category, Claim, ClaimState
from welfare.queries import claims_of
from welfare.regulations import document_of
from welfare.rules.document import BenefitTerms, RegulationDocument
from welfare.rules.left import due_from, left_of
from welfare.rules.words import label

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/members.css")
TITLE = _("Member's passbook page")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DuesRow:
    """A period: paid (`paid_on`, `receipt`), missed (neither, baht as owed), or brought over from the old register."""

    period: Words
    starts_on: date
    baht: Decimal | None
    paid_on: date | None = None
    receipt: str = ""
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A benefit that was paid; of the time before this program the sum of a benefit, `times` in all."""

    day: date
    benefit: Words
    baht: Decimal
    voucher: str = ""
    times: int = 0


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A benefit today: what it pays, what its limits leave, and from which day, or why not, where it is not due."""

    benefit: Words
    baht: Decimal | None
    is_ceiling: bool
    per: Words | None
    left: tuple[Words, ...]
    due_from: date | None
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    joined_on: date
    ended_on: date | None
    reason: Words | None


@dataclass(frozen=True, slots=True)
class Passbook:
    """All that stands on a member's page on `day`."""

    member: Member
    day: date
    stays: tuple[Stay, ...]
    standing: Words
    paid_through: date | None
    rounds_before: tuple[date, int] | None
    dues: tuple[DuesRow, ...]
    drawn: tuple[DrawnRow, ...]
    left: tuple[LeftRow, ...]

    @property
    def community(self) -> Words:
        return Words(self.member.community.name_th, self.member.community.name_en)

    @property
    def paid_in_all(self) -> Decimal:
        return sum((row.baht for row in self.dues if row.paid_on and row.baht), Decimal("0.00"))

    @property
    def drawn_in_all(self) -> Decimal:
        return sum((row.baht for row in self.drawn), Decimal("0.00"))


def passbook_of(member: Member, *, today: date, fund: Fund) -> Passbook:
    """The page as of today, in a fixed number of queries; by the regulation in force, where there is one."""
    try:
        background = gather_background(member, today, start_month=fund.fund_year_start_month)
    except NoRuleInForce:
        background = None
    memberships = background.memberships if background else tuple(memberships_of(member))
    running = background is not None and background.membership is not None and background.membership.ended_on is None
    openings = list(OpeningFacts.objects.filter(of_person(member)))
    return Passbook(
        member=member,
        day=today,
        stays=tuple(_stay(one) for one in reversed(memberships)),
        standing=_standing(background, running=running),
        paid_through=background.paid_through if running else None,
        rounds_before=_rounds_before(openings),
        dues=tuple(sorted(_dues(member, memberships, today, owed=background is not None), key=_by_start)),
        drawn=(*_drawn_before(member, background), *_drawn(member)),
        left=tuple(_left(background, today)) if running and member.died_on is None else (),
    )


def _standing(background: Background | None, *, running: bool) -> Words:
    """The standing today; without a rule in force nobody can say."""
    if background is None:
        return Words("–")
    if running:
        return _words(STANDING_NAMES[background.standing])
    return _words(STANDING_NAMES[Standing.ENDED if background.memberships else Standing.NOT_A_MEMBER])


def _by_start(row: DuesRow) -> date:
    return row.starts_on


def _rounds_before(openings: list[OpeningFacts]) -> tuple[date, int] | None:
    if not openings:
        return None
    return max(one.as_of for one in openings), sum(one.rounds_matched for one in openings)


def _stay(membership: Membership) -> Stay:
    reason = _words(EndReason(membership.end_reason).label) if membership.end_reason else None
    return Stay(membership.joined_on, membership.ended_on, reason)


# --- dues -----------------------------------------------------------------------------------------------------


def _dues(member: Member, memberships: Iterable[Membership], today: date, *, owed: bool) -> Iterator[DuesRow]:
    """What was paid, what was missed, and for each stay the time that had been paid before this program."""
    payments = list(
        DuesPayment.objects.filter(of_person(member), receipt__void=None)
        .select_related("receipt", "membership", "cover")
        .order_by("pk")
    )
    for payment in payments:
        yield DuesRow(
            period=_period_of(payment),
            starts_on=payment.covers_from,
            baht=payment.amount,
            paid_on=payment.paid_on,
            receipt=payment.receipt.label,
        )
    rules = dues_rules() if owed else None
    for membership in memberships:
        yield from _before_the_program(membership, payments)
        if rules is not None and not membership.is_doubles:
            for period in dues_owed(membership, today, rules):
                span = _span(period.covers_from, period.covers_until)
                yield DuesRow(span, period.covers_from, period.baht, is_missed=True)


def _period_of(payment: DuesPayment) -> Words:
    """What a payment is for; one that covers nothing is a part of its period."""
    span = _span(payment.covers_from, payment.covers_until)
    return span if hasattr(payment, "cover") else Words(f"บางส่วนของ {span.th}", f"part of {span.en}")


def _before_the_program(membership: Membership, payments: list[DuesPayment]) -> Iterator[DuesRow]:
    """A stay whose first payment here begins later than it: the register came with these days paid."""
    first = min((one.covers_from for one in payments if one.membership_id == membership.pk), default=None)
    until = membership.paid_through if first is None else first - ONE_DAY
    if until >= membership.joined_on:
        yield DuesRow(_span(membership.joined_on, until), membership.joined_on, None)


def _span(first: date, last: date) -> Words:
    return Words(span_words(first, last, "th"), span_words(first, last, "en"))


# --- benefits drawn -------------------------------------------------------------------------------------------


def _drawn(member: Member) -> list[DrawnRow]:
    paid = claims_of(member).filter(state=ClaimState.PAID).order_by("paid_on", "id")
    return [
        DrawnRow(claim.paid_on, benefit_of(claim), claim.amount_approved, claim.voucher.label if claim.voucher else "")
        for claim in paid
    ]


def benefit_of(claim: Claim) -> Words:
    """What a claim is for, as the regulation that judged it calls it."""
    document = document_of(claim.regulation) if claim.regulation_id else None
    return _benefit(document, claim.benefit_code) or _words(Category(claim.category).label)


def _benefit(document: RegulationDocument | None, code: str) -> Words | None:
    if document is None or not document.offers(code):
        return None
    return _named(document.benefit(code))


def _named(benefit: BenefitTerms) -> Words:
    return Words(benefit.name.th, benefit.name.en)


def _drawn_before(member: Member, background: Background | None) -> list[DrawnRow]:
    document = background.version.document if background else None
    sums = OpeningDrawn.objects.filter(of_person(member)).order_by("as_of", "benefit_code")
    return [
        DrawnRow(
            day=one.as_of,
            benefit=_benefit(document, one.benefit_code) or Words(one.benefit_code.replace("-", " ")),
            baht=one.life_baht,
            times=one.life_times,
        )
        for one in sums
    ]


# --- what is left ---------------------------------------------------------------------------------------------


def _left(background: Background, today: date) -> Iterator[LeftRow]:
    for one in entitlements_on(background, today):
        facts = facts_of(background, pretended_event(one.benefit, today))
        left = left_of(facts, background.version.terms(one.benefit.code))
        waits_until = due_from(one.assessment)
        yield LeftRow(
            benefit=_named(one.benefit),
            baht=one.amount if one.is_open else None,
            is_ceiling=one.is_ceiling,
            per=_per(one.benefit),
            left=tuple(Words(limit.sentence("th"), limit.sentence("en")) for limit in left),
            due_from=waits_until,
            reasons=() if waits_until else _reasons(one),
        )


def _per(benefit: BenefitTerms) -> Words | None:
    per = benefit.pays.per
    return Words(label("unit", per.unit, "th"), label("unit", per.unit, "en")) if per else None


def _reasons(one: Entitlement) -> tuple[Words, ...]:
    """Why it is refused; else what the committee has to weigh."""
    weighed = [step for step in one.assessment.steps if step.ok is None and step.code != "amount_open"]
    said = one.assessment.refusals or weighed
    return tuple(Words(step.sentence("th"), step.sentence("en")) for step in said)


# --- the paper ------------------------------------------------------------------------------------------------


def passbook_pdf(passbook: Passbook, fund: Fund, language: Language) -> bytes:
    """The PDF of the page, A4; a long life takes more than one."""
    title = f"{_words(TITLE).in_language('en' if language == 'en' else 'th')} {passbook.member.number}"
    context = {
        "passbook": passbook,
        "member": passbook.member,
        "paper_title": title,
        "as_at": _as_at(passbook.day),
    }
    html = draw_paper("pdf/passbook.html", context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


def _as_at(day: date) -> Words:
    said = {}
    for code in ("th", "en"):
        with translation.override(code):
            said[code] = gettext("As at %(day)s") % {"day": format_date(day)}
    return Words(said["th"], said["en"])


def _words(text: Promise | str) -> Words:
    said = {}
    for code in ("th", "en"):
        with translation.override(code):
            said[code] = str(text)
    return Words(said["th"], said["en"])

"""ใบแจ้งยอดสมาชิก: what a member paid and received in a span, her standing at its end, and her rights today.

One member's comes at once; those of a community or of the whole fund are a batch (see reports/batches.py).
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.paper_parts import Drawn
from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.sheets import Column, Part, write_book
from bansong_fund.lib.thai_dates import active_language, format_range
from ledger.spans import Span
from members.fund_head import fund_head
from members.models import Fund, Member
from members.regulations import NoRuleInForce
from members.standing import STANDING_NAMES, Standing
from reports.figures.one_member import Paid, Received, paid_by, persons_of, received_by
from reports.words import SpokenDay, in_both
from welfare.bulk import FundFacts
from welfare.eligibility import Background, assess_on, gather_background
from welfare.entitlements import pretended_event
from welfare.events import Event
from welfare.rules.assess import LEFT_TO_COMMITTEE
from welfare.rules.left import due_from
from welfare.rules.steps import Assessment

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/members.css", "pdf/member_statement.css")
TITLE = _("Member's statement")
READ_TOGETHER = 100  # members whose payments and claims are read in one go
# Steps by which a claim is not hers by right: that the committee sets the sum of some benefits is no doubt of hers.
JUDGED = LEFT_TO_COMMITTEE - {"amount_open"}
Judge = Callable[[Background, Event], Assessment]


@dataclass(frozen=True, slots=True)
class Rights:
    """The benefits of the regulation for an event of today: open to her, left to the committee (her rights are
    suspended, say, or nobody is named to receive it), open from a day on, not open.
    """

    open: list[Words]
    judged: list[Words]
    later: list[tuple[Words, date]]
    closed: list[Words]


@dataclass(frozen=True, slots=True)
class MemberStatement:
    """All that stands on it. `rights` is None for a span that is over, and for who is no member any more."""

    member: Member
    span: Span
    joined_on: date | None
    standing: Words
    paid_through: date | None
    paid: Sequence[Paid]
    received: Sequence[Received]
    rights: Rights | None

    @property
    def community(self) -> Words:
        return Words(self.member.community.name_th, self.member.community.name_en)

    @property
    def paid_in_all(self) -> Decimal:
        return sum((row.baht for row in self.paid), ZERO)

    @property
    def received_in_all(self) -> Decimal:
        return sum((row.baht for row in self.received), ZERO)


def statement_of(member: Member, span: Span, *, today: date, fund: Fund) -> MemberStatement:
    """The statement of one member, in a fixed number of queries."""
    persons = persons_of([member.pk])
    paid, received = (read(persons, span.first, span.reaches) for read in (paid_by, received_by))
    try:
        background = gather_background(member, span.reaches, start_month=fund.fund_year_start_month)
    except NoRuleInForce:
        background = None
    return _statement(member, span, background, paid, received, today=today, judge=assess_on)


def statements_of(members: Iterable[Member], span: Span, facts: FundFacts, *, today: date) -> Iterator[MemberStatement]:
    """The statements of many members, in their order; four queries for a hundred of them beside the fund's facts."""
    left = iter(members)
    while some := list(islice(left, READ_TOGETHER)):
        persons = persons_of([member.pk for member in some])
        paid, received = (read(persons, span.first, span.reaches) for read in (paid_by, received_by))
        for member in some:
            try:
                background = facts.background(member.pk, span.reaches)
            except NoRuleInForce:
                background = None
            yield _statement(member, span, background, paid, received, today=today, judge=facts.assess_on)


def _statement(
    member: Member,
    span: Span,
    background: Background | None,
    paid: dict[int, list[Paid]],
    received: dict[int, list[Received]],
    *,
    today: date,
    judge: Judge,
) -> MemberStatement:
    stay = background.membership if background else None
    runs = stay is not None and (stay.ended_on is None or stay.ended_on >= span.reaches)
    has_rights = runs and span.reaches == today and member.died_on is None
    return MemberStatement(
        member=member,
        span=span,
        joined_on=stay.joined_on if stay else None,
        standing=_standing(background, runs=runs),
        paid_through=background.paid_through if background and runs else None,
        paid=paid.get(member.pk, ()),
        received=received.get(member.pk, ()),
        rights=_rights(background, today, judge) if background and has_rights else None,
    )


def _standing(background: Background | None, *, runs: bool) -> Words:
    """On the last day of the span; without a rule in force nobody can say."""
    if background is None:
        return Words("–")
    if runs:
        return in_both(STANDING_NAMES[background.standing])
    return in_both(STANDING_NAMES[Standing.ENDED if background.memberships else Standing.NOT_A_MEMBER])


def _rights(background: Background, today: date, judge: Judge) -> Rights:
    found = Rights([], [], [], [])
    for benefit in background.version.document.benefits:
        assessment = judge(background, pretended_event(benefit, today))
        name, later = Words(benefit.name.th, benefit.name.en), due_from(assessment)
        if assessment.outcome != "refused":
            is_judged = any(step.code in JUDGED for step in assessment.steps)
            (found.judged if is_judged else found.open).append(name)
        elif later:
            found.later.append((name, later))
        else:
            found.closed.append(name)
    return found


# --- paper and sheet ------------------------------------------------------------------------------------------------


def statement_pdf(statement: MemberStatement, fund: Fund, language: Language, *, today: date) -> bytes:
    """The PDF: one page of A4, for a long span more."""
    html = draw_statement(statement, fund, language, today=today).html
    title = f"{title_in(language)} {statement.member.number}"
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


def draw_statement(statement: MemberStatement, fund: Fund, language: Language, *, today: date) -> Drawn:
    context = {
        "statement": statement,
        "member": statement.member,
        "span": _span_words(statement.span),
        "as_at": SpokenDay(statement.span.reaches),
        "made_on": today,
        "phone": fund.phone,
        "paper_title": f"{title_in(language)} {statement.member.number}",
    }
    return Drawn(draw_paper("pdf/member_statement.html", context, fund_head(fund), language))


def title_in(language: Language) -> str:
    return in_both(TITLE).in_language("en" if language == "en" else "th")


def _span_words(span: Span) -> Words:
    """The days, and before them the name of a span that has one of its own."""
    days = {code: format_range(span.first, span.reaches, language=code) for code in ("th", "en")}
    return Words(days["th"], days["en"])


def statement_book(statement: MemberStatement, fund: Fund) -> bytes:
    """Both tables as XLSX, a sheet each, in the active language."""
    code = active_language()
    member = statement.member
    above = [
        fund_head(fund).name.in_language(code),
        f"{TITLE} {member.number} {member.full_name}",
        _span_words(statement.span).in_language(code),
    ]
    paid = [
        Column(_("Paid on"), "date"),
        Column(_("For"), width=28),
        Column(_("Receipt no."), "code"),
        Column(_("Baht"), "baht", total=True),
    ]
    received = [
        Column(_("Date"), "date"),
        Column(_("Benefit"), width=36),
        Column(_("Voucher no."), "code"),
        Column(_("Baht"), "baht", total=True),
    ]
    paid_rows = [[row.day, row.purpose.in_language(code), row.receipt.label, row.baht] for row in statement.paid]
    received_rows = [[row.day, row.benefit.in_language(code), row.voucher, row.baht] for row in statement.received]
    out = io.BytesIO()
    lists = (_("Paid to the fund"), paid, paid_rows), (_("Received from the fund"), received, received_rows)
    write_book(out, [Part(str(name), columns, rows, above) for name, columns, rows in lists])
    return out.getvalue()

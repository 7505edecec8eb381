"""What members behind with their dues owe, from the books, and the letter that tells them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.papers import FundHead, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from contributions.payment_requests import leader_names
from contributions.periods import span_words
from contributions.queries import dues_rules, later_covers, owed_of, unpaid_periods
from ledger.models import Account, AccountRole
from ledger.papers import fund_head
from members.arrears import ArrearsRow, arrears_row, with_people
from members.models import Fund, Member, Membership
from members.standing import StandingRules
from welfare.lapsing import earliest_if_told, lapses_by_itself

LETTER_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/letters.css")


@dataclass(frozen=True, slots=True)
class Owed:
    """What one member owes: the sum in baht, and the first and last day that it would cover."""

    baht: Decimal
    since: date | None
    until: date | None


NOTHING = Owed(ZERO, None, None)


def owed_by(memberships: Iterable[Membership], today: date) -> dict[int, Owed]:
    """What each membership owes up to and including the current period, by its key; in three queries."""
    memberships = list(memberships)
    rules, covers = dues_rules(), later_covers(memberships)
    found = {}
    for one in memberships:
        periods = owed_of(unpaid_periods(one, rules, covers.get(one.member_id, ())), one, today)
        total = sum((period.baht for period in periods), ZERO)
        found[one.pk] = Owed(total, periods[0].covers_from, periods[-1].covers_until) if periods else NOTHING
    return found


@dataclass(frozen=True, slots=True)
class Letter:
    """One page: to whom, what is owed for which span, until which day it can be paid, and to whom."""

    member: Member
    community: Words
    paid_through: date
    owed: Decimal
    span: Words
    suspended_from: date
    lapses_from: date
    leaders: str


@dataclass(frozen=True, slots=True)
class LetterPlaces:
    """Where the fund takes money: its phone, and its open bank accounts as (bank, name, last digits)."""

    phone: str
    accounts: tuple[tuple[Words, Words, str], ...]


def letter_rows(members: QuerySet[Member], numbers: Iterable[int], *, rules: StandingRules) -> list[ArrearsRow]:
    """Of the members with these numbers, those whose membership runs, community by community in the order of names."""
    running = Membership.objects.filter(ended_on=None, member__in=members.filter(number__in=list(numbers)))
    return [arrears_row(one, rules) for one in with_people(running)]


def letters_for(rows: Sequence[ArrearsRow], *, today: date, rules: StandingRules, fund: Fund) -> list[Letter]:
    """The letters of these members as of today, in the order of the rows."""
    owed = owed_by([row.membership for row in rows], today)
    leaders = leader_names({row.member.community_id for row in rows})
    told = earliest_if_told(today, fund.lapse_notice_days)
    return [_letter(row, owed[row.membership.pk], leaders, told, rules) for row in rows]


def _letter(row: ArrearsRow, owed: Owed, leaders: dict[int, str], told: date, rules: StandingRules) -> Letter:
    through = row.membership.paid_through
    spans = [span_words(owed.since, owed.until, code) if owed.since and owed.until else "" for code in ("th", "en")]
    return Letter(
        member=row.member,
        community=Words(row.member.community.name_th, row.member.community.name_en),
        paid_through=through,
        owed=owed.baht,
        span=Words(*spans),
        suspended_from=through + timedelta(days=rules.suspend_after_days + 1),
        lapses_from=max(told, row.due_from),
        leaders=leaders.get(row.member.community_id, ""),
    )


def letter_places(fund: Fund) -> LetterPlaces:
    open_accounts = Account.objects.filter(role=AccountRole.BANK, is_open=True).order_by("code")
    return LetterPlaces(
        fund.phone,
        tuple(
            (Words(one.bank_th, one.bank_en), Words(one.name_th, one.name_en), one.last_digits) for one in open_accounts
        ),
    )


def render_letters(letters: Sequence[Letter], *, fund: Fund, today: date, language: Language) -> bytes:
    """The letters as a PDF, a page of A4 for each member; without any, a page that says so."""
    papers = drawn_letters(letters, fund=fund, today=today, language=language)
    return render_papers(papers, title=letters_title(language), language=language, stylesheets=LETTER_STYLESHEETS)


def letters_title(language: Language) -> str:
    with translation.override("en" if language == "en" else "th"):
        return gettext("Notice of unpaid contributions")


def drawn_letters(letters: Sequence[Letter], *, fund: Fund, today: date, language: Language) -> Iterator[Drawn]:
    """The same as HTML, each letter with pages of its own."""
    head: FundHead = fund_head(fund)
    context = {
        "places": letter_places(fund),
        "written_on": today,
        "paper_title": letters_title(language),
        "by_itself": lapses_by_itself(today),
        "for_the_fund": _in_both(gettext_noop("For the fund")),
    }
    for some in [(letter,) for letter in letters] or [()]:
        html = draw_paper("pdf/arrears_letters.html", context | {"letters": some}, head, language)
        yield Drawn(html, len(some))


def _in_both(msgid: str) -> Words:
    said = {}
    for code in ("th", "en"):
        with translation.override(code):
            said[code] = gettext(msgid)
    return Words(said["th"], said["en"])

"""แบบแสดงสถานะกองทุนสวัสดิการชุมชน: CODI's status form, its twelve sections, as at any day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import be_year, format_month
from contributions.models import Contributor, ContributorKind
from contributions.queries import last_cutoff
from ledger.book_papers import BookRow
from ledger.models import AccountingMonth, AccountRole
from members.models import CommitteeSeat, Meeting
from reports.figure_tables import sources_table
from reports.figures.codi_welfare import CodiWelfare, codi_welfare
from reports.figures.counts import MemberCounts, member_counts
from reports.figures.grants import GrantRow, codi_rounds
from reports.figures.sources import SourcesAndUses, sources_and_uses
from reports.figures.stretch import StretchMoney, stretch_money
from reports.funders.common import (
    BAHT,
    BOOKS,
    CHAIR,
    COMMITTEE,
    ITEM,
    REGISTER,
    SETTINGS,
    TIMES,
    TOTAL,
    TREASURER,
    TWELVE_MONTHS,
    Wanted,
    about_fund,
    answers,
    committee_blocks,
    committee_on,
    member_facts,
    member_tables,
    money_facts,
    pairs,
    regulation_blocks,
    rounds_block,
    sources_block,
    unknown_source,
    welfare_block,
    with_when,
)
from reports.funders.form_paper import Block, Fact, FormSection, facts, named, remark, sections, table, words_of
from reports.funders.ties import (
    compare,
    grants_by_their_account,
    members_add_up,
    money_agrees,
    money_by_its_lines,
    welfare_by_its_accounts,
)
from reports.ties import Difference
from reports.words import in_both

R = AccountRole
ROLES = (CHAIR, COMMITTEE, TREASURER)
SINCE_BOOKS = _("Baht since the books began")
TITLE = _("Status form of a community welfare fund")


@dataclass(frozen=True, slots=True)
class StatusFigures:
    """What the form says of a day. `gifts`: by kind of contributor, supporters and baht since the founding."""

    counts: MemberCounts
    money: StretchMoney
    welfare: CodiWelfare
    sources: SourcesAndUses
    rounds: tuple[GrantRow, ...]
    seats: tuple[CommitteeSeat, ...]
    gifts: tuple[tuple[str, int, Decimal], ...]
    meetings: dict[str, int]
    closed_until: date | None

    @property
    def has_before(self) -> bool:
        """Whether the opening of the books told what there had been before."""
        return any(row.before for row in self.money.rows)


def figures(wanted: Wanted) -> StatusFigures:
    """All figures of the form, in some forty queries whatever the size of the fund."""
    period = wanted.period
    return StatusFigures(
        counts=member_counts(period.last, last_cutoff(period.last), wanted.fund),
        money=stretch_money(period.first, period.last),
        welfare=codi_welfare(period.first, period.last),
        sources=sources_and_uses(period.last),
        rounds=codi_rounds(period.last),
        seats=tuple(committee_on(period.last)),
        gifts=_gifts(period.last),
        meetings=_meetings(period.first, period.last),
        closed_until=_closed_until(period.last),
    )


def _gifts(until: date) -> tuple[tuple[str, int, Decimal], ...]:
    held = Q(gifts__receipt__void=None) | Q(gifts__receipt__void__reversal__date__gt=until)
    rows = Contributor.objects.filter(held, gifts__received_on__lte=until).values_list("kind")
    found = rows.annotate(supporters=Count("pk", distinct=True), baht=Sum("gifts__amount")).order_by()
    by_kind = {kind: (supporters, baht) for kind, supporters, baht in found}
    return tuple((kind, *by_kind[kind]) for kind in ContributorKind.values if kind in by_kind)


def _meetings(first: date, last: date) -> dict[str, int]:
    rows = Meeting.objects.filter(held_on__range=(first, last)).values_list("kind")
    return dict(rows.annotate(held=Count("pk")).order_by())


def _closed_until(day: date) -> date | None:
    """The last month that is closed, by its first day."""
    months = AccountingMonth.objects.filter(closed_at__isnull=False, first_day__lte=day).order_by("-first_day")
    return months.values_list("first_day", flat=True).first()


def ties(found: StatusFigures) -> Iterator[Difference]:
    """What must agree before the form goes out."""
    yield from money_by_its_lines(found.money)
    yield from money_agrees(found.money)
    yield from welfare_by_its_accounts(found.welfare, found.money)
    yield from grants_by_their_account(found.rounds, R.CODI_MATCHING, found.money, ever=True)
    yield from members_add_up(found.counts)
    yield from compare(str(_("Sources against uses")), found.sources.sources, found.sources.uses)
    ever = found.money.received_ever + found.money.of_unknown_source
    yield from compare(str(_("Sources against what was received since the founding")), found.sources.sources, ever)


def draw(wanted: Wanted, found: StatusFigures) -> tuple[FormSection, ...]:
    """The twelve sections of the form."""
    rules, dues, benefits = regulation_blocks(wanted.period.last)
    return sections(
        (
            _("The fund"),
            [*about_fund(wanted, found.seats), answers(wanted, "chair-address", "coordinator-address")],
        ),
        (_("Founding and aims"), _founding(wanted)),
        (_("Members"), _members(wanted, found)),
        (_("Money of the fund"), [*_money(wanted, found), dues]),
        (_("Kinds of welfare"), [benefits, answers(wanted, "welfare-without-money")]),
        (_("Welfare paid"), [welfare_block(found.welfare, wanted.period)]),
        (_("Help to non-members, culture, sport, environment, public good"), _outside(wanted, found)),
        (_("Committee"), committee_blocks(found.seats)),
        (_("Management"), [rules, *_management(wanted, found)]),
        (_("Finance: where the money came from and where it went"), _finance(wanted, found)),
        (_("Links to other work"), _links(wanted)),
        (_("Support by agencies and the private sector"), _support(wanted, found)),
    )


def _founding(wanted: Wanted) -> list[Block]:
    fund = wanted.fund
    return [
        facts(
            (_("Founded on"), fund.founded_on),
            Fact(in_both(_("Founded by")), pairs(fund.founders), kept_at=("reports:named", "founders")),
            Fact(in_both(_("Supported by")), pairs(fund.promoters), kept_at=("reports:named", "promoters")),
            source=SETTINGS,
        ),
        answers(wanted, "certified-by", "certificate", "aims"),
    ]


def _members(wanted: Wanted, found: StatusFigures) -> list[Block]:
    counts = found.counts
    full_year = in_both(_("Full-year members on 30 September %(year)s"), year=be_year(counts.cutoff_on))
    return [
        member_facts(counts, wanted.fund),
        facts(
            (full_year, counts.matches.all_full_year),
            (_("Of these matched fewer than three times: they count in the next round"), counts.matches.matchable),
            source=REGISTER,
        ),
        answers(wanted, "villages-in-area", "villages-covered"),
        *member_tables(counts, "types", "ages", "matches"),
    ]


def _money(wanted: Wanted, found: StatusFigures) -> list[Block]:
    return [
        answers(wanted, "starting-money"),
        money_facts(found.money),
        *unknown_source(found.money),
        rounds_block(found.rounds),
        sources_block(found.money, has_before=found.has_before),
    ]


def _outside(wanted: Wanted, found: StatusFigures) -> list[Block]:
    rows = [
        BookRow((named(one.account), one.ever.baht, one.within.times, one.within.baht)) for one in found.welfare.outside
    ]
    ever = sum((one.ever.baht for one in found.welfare.outside), ZERO)
    within = sum((one.within.baht for one in found.welfare.outside), ZERO)
    rows.append(BookRow((in_both(TOTAL), ever, None, within), is_strong=True))
    twelve = in_both(TWELVE_MONTHS)
    head = [
        (ITEM, "text"),
        (_("Since the founding"), "baht"),
        (with_when(TIMES, twelve), "number"),
        (with_when(BAHT, twelve), "baht"),
    ]
    return [table(_("Outside the kinds of welfare"), head, rows, source=BOOKS), answers(wanted, "help-to-others")]


def _management(wanted: Wanted, found: StatusFigures) -> list[Block]:
    closed = found.closed_until
    month = Words(format_month(closed, language="th"), format_month(closed, language="en")) if closed else None
    return [
        answers(wanted, "records", "committee-meets", "members-meet", "minutes-each-time"),
        facts(
            (_("Committee meetings in the last twelve months"), found.meetings.get(Meeting.Kind.COMMITTEE, 0)),
            (_("General meetings in the last twelve months"), found.meetings.get(Meeting.Kind.GENERAL, 0)),
            (_("Accounts are closed up to"), month or in_both(_("No month is closed yet"))),
            source=_("Meetings and closed months"),
        ),
        answers(
            wanted,
            "accounts-summed",
            "watched-inside",
            "watched-outside",
            "watched-by",
            "reports-to-members",
            "reports-to-municipality",
            "reports-to-agencies",
            "reports-on-board",
        ),
    ]


def _finance(wanted: Wanted, found: StatusFigures) -> list[Block]:
    both_sides = sources_table(found.sources, wanted.period.last)
    return [
        Block(table=both_sides, source=words_of(BOOKS)),
        remark(_("Both totals agree: what came in since the founding was spent, or is there.")),
    ]


# --- 11 and 12 ----------------------------------------------------------------------------------------------


def _links(wanted: Wanted) -> list[Block]:
    partners = [
        BookRow((Words(one["th"], one.get("en", "")), Words(one.get("work_th", ""), one.get("work_en", ""))))
        for one in wanted.fund.partners
    ]
    listed = [table(_("Partners"), [(_("Partner"), "text"), (_("At what"), "text")], partners, source=SETTINGS)]
    return [*(listed if partners else []), answers(wanted, "links")]


def _support(wanted: Wanted, found: StatusFigures) -> list[Block]:
    rows = [BookRow((in_both(ContributorKind(kind).label), n, baht)) for kind, n, baht in found.gifts]
    total = sum((baht for _kind, _n, baht in found.gifts), ZERO)
    rows.append(BookRow((in_both(TOTAL), sum(n for _kind, n, _baht in found.gifts), total), is_strong=True))
    head = [
        (_("Kind of supporter"), "text"),
        (_("Supporters"), "number"),
        (SINCE_BOOKS, "baht"),
    ]
    return [
        table(_("Supporters of the fourth leg"), head, rows, source=_("Register of contributors")),
        answers(wanted, "support"),
    ]

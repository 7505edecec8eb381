"""What several papers say alike: the fund, its members, its money by CODI's lines, its welfare, its committee."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.papers import Words
from bansong_fund.lib.phones import shown_phone
from contributions.administration import administration_share
from ledger.book_papers import BookRow
from ledger.models import AccountRole
from members.committee import chair_of, seats_on
from members.models import AdministrationBase, CommitteeSeat, Fund, SeatKind
from members.regulations import NoRuleInForce, regulation_on
from reports.count_tables import CountTable, count_tables, table_named
from reports.figures.codi_welfare import CodiWelfare, Paid
from reports.figures.counts import MemberCounts
from reports.figures.grants import GrantRow
from reports.figures.people import coverage
from reports.figures.stretch import StretchMoney
from reports.funders.form_paper import Block, Fact, facts, named, remark, table
from reports.funders.periods import Period
from reports.funders.questions import QUESTIONS
from reports.words import SpokenDay, in_both

R = AccountRole
REGISTER = _("Register of members")
BOOKS = _("Books of the fund")
SETTINGS = _("Settings of the fund")
ANSWERS = _("Answered by hand")
COMMITTEE_LIST = _("List of the committee")
RULES = _("Regulation of the fund")
REGULATION_PAGE = ("welfare:regulations",)
SETTINGS_PAGE, COMMITTEE_PAGE = ("reports:settings",), ("reports:committee",)
CHAIR, COMMITTEE, TREASURER = _("Chair of the fund"), _("Committee"), _("Treasurer")
AUDITOR = _("Auditor")
PERSONS, TIMES, BAHT = _("Persons"), _("Times"), _("Baht")
ITEM, TOTAL = _("Item"), _("Total")

# Domestic accounts by the lines of CODI's form (4.3 and 10); a role that stands nowhere is "other".
SOURCES: tuple[tuple[Promise, tuple[AccountRole, ...]], ...] = (
    (_("Members' contributions"), (R.DUES,)),
    (_("Shares of community groups and enterprises"), (R.ENTERPRISE_SHARE,)),
    (_("Local government (municipality)"), (R.MUNICIPALITY,)),
    (_("CODI start-up grant"), (R.CODI_START_UP,)),
    (_("State contribution through CODI, all rounds"), (R.CODI_MATCHING,)),
    (_("Other state bodies"), (R.OTHER_STATE,)),
    (_("Bank interest"), (R.INTEREST,)),
    (_("Entry fees"), (R.ENTRY_FEE,)),
    (_("Donations and events"), (R.GIFT, R.EVENT_INCOME)),
    (_("Other (sister funds, cash over or short)"), (R.SISTER_FUNDS, R.CASH_OVER_SHORT)),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a paper is drawn up for: the fund, the days, today, and the answers known."""

    fund: Fund
    period: Period
    today: date
    answers: dict[str, Words | int | None]

    def ask(self, slug: str) -> Fact:
        """The fact that answers a question; open where nobody did."""
        question = next(one for one in QUESTIONS if one.slug == slug)
        return Fact(question.label, self.answers.get(slug), is_long=question.kind == "long", asked=slug)


def answers(wanted: Wanted, *slugs: str) -> Block:
    return facts(*(wanted.ask(slug) for slug in slugs), source=ANSWERS)


def baht_fact(label: Promise, amount: Decimal | None) -> Fact:
    return Fact(in_both(label), amount)


# --- the fund and its committee -----------------------------------------------------------------------------


def about_fund(wanted: Wanted, seats: Sequence[CommitteeSeat]) -> list[Block]:
    """Name, address, chair, coordinator."""
    fund, chair = wanted.fund, chair_of(seats)
    return [
        facts(
            (_("Name of the fund"), named(fund)),
            (_("Address"), fund.address),
            (_("District and province"), Words(fund.area_th, fund.area_en)),
            (_("Phone"), shown_phone(fund.phone)),
            source=SETTINGS,
            kept_at=SETTINGS_PAGE,
        ),
        facts(
            (_("Chair"), Words(chair.name, chair.name_en) if chair else None),
            (_("Chair: phone"), shown_phone(chair.phone) if chair else None),
            source=COMMITTEE_LIST,
            kept_at=COMMITTEE_PAGE,
        ),
        answers(wanted, "coordinator", "coordinator-phone"),
    ]


def committee_on(day: date) -> list[CommitteeSeat]:
    return list(seats_on(day))


def pairs(stored: list[dict]) -> Words:
    """Names that the fund's settings keep in both languages, in one line."""
    return Words(", ".join(one["th"] for one in stored), ", ".join(one.get("en") or one["th"] for one in stored))


EVERY = {
    "month": _("%(baht)s baht every month"),
    "quarter": _("%(baht)s baht every quarter"),
    "half-year": _("%(baht)s baht every half-year"),
    "year": _("%(baht)s baht every year"),
}


def regulation_blocks(day: date) -> tuple[Block, Block, Block]:
    """Of the regulation in force: which it is, the dues that it asks, and the benefits that it gives. One query."""
    try:
        found = regulation_on(day)
    except NoRuleInForce:
        which, since, paid, kinds, benefits = None, None, None, None, []
    else:
        dues, benefits = found.document["membership"]["dues"], found.document["benefits"]
        which, since, kinds = named(found), found.effective_from, len({one["category"] for one in benefits})
        paid = in_both(EVERY[dues["every"]], baht=_short(dues["baht"]))
    names = [benefit["name"] for benefit in benefits]
    given = Words(", ".join(one["th"] for one in names), ", ".join(one["en"] for one in names))
    kept = {"source": RULES, "kept_at": REGULATION_PAGE}
    return (
        facts((_("Regulation in force"), which), (_("In force since"), since), **kept),
        facts((_("A member pays"), paid), **kept),
        facts((_("Kinds of welfare in the regulation"), kinds), (_("Benefits"), given), **kept),
    )


def _short(baht: object) -> str:
    """365.00 -> "365"."""
    return format_baht(Decimal(str(baht))).removesuffix(".00")


# --- members ------------------------------------------------------------------------------------------------


def member_facts(counts: MemberCounts, fund: Fund) -> Block:
    covered = len({group.community for group in counts.groups if group.is_current})
    share = coverage(counts.current, fund.population)
    return facts(
        (_("Founding members"), counts.founding),
        (_("Cumulative members since founding"), counts.cumulative),
        (_("Current members"), counts.current),
        (_("Inhabitants of the area"), fund.population),
        (_("Members per 100 inhabitants"), share or None),
        (
            _("Communities with members, of all communities"),
            in_both(_("%(covered)s of %(all)s"), covered=covered, all=len(counts.communities)),
        ),
        source=REGISTER,
    )


def member_tables(counts: MemberCounts, *codes: str) -> Iterator[Block]:
    """Some of the members' count tables, by their names."""
    tables = count_tables(counts)
    for code in codes:
        found = table_named(tables, code)
        if found is not None:
            yield _count_block(found)


def _count_block(found: CountTable) -> Block:
    rows = [BookRow((label, *numbers)) for label, numbers in found.rows]
    if found.total:
        rows.append(BookRow((in_both(TOTAL), *found.total), is_strong=True))
    head = [(found.head[0], "text"), *((heading, "number") for heading in found.head[1:])]
    return table(found.title, head, rows, source=REGISTER, note=found.note)


# --- money --------------------------------------------------------------------------------------------------


def sources_block(money: StretchMoney, *, has_before: bool) -> Block:
    """Where the money came from since the founding, by the lines of CODI's form."""
    rows = []
    for name, roles in SOURCES:
        found = money.of(*roles)
        before, booked = (sum((getattr(row, part) for row in found), ZERO) for part in ("before", "booked"))
        rows.append(BookRow((in_both(name), *_columns(before, booked, has_before))))
    sums = [sum((row.cells[place] for row in rows), ZERO) for place in range(1, len(rows[0].cells))]
    rows.append(BookRow((in_both(TOTAL), *sums), is_strong=True))
    before = [(_("Before the books"), "baht"), (_("In the books"), "baht")] if has_before else []
    head = [(ITEM, "text"), *before, (_("Since the founding"), "baht")]
    return table(_("Money received since the founding, by source"), head, rows, source=BOOKS)


def _columns(before: Decimal, booked: Decimal, has_before: bool) -> tuple[Decimal, ...]:
    return (before, booked, before + booked) if has_before else (booked,)


COSTS: tuple[tuple[Promise, tuple[AccountRole, ...]], ...] = (
    (_("Welfare"), (R.BENEFIT,)),
    (_("Public benefit and solidarity"), (R.PUBLIC_BENEFIT,)),
    (_("Administration"), (R.ADMINISTRATION,)),
    (_("Costs of events"), (R.EVENT_COST,)),
    (_("Tax withheld on interest"), (R.TAX_WITHHELD,)),
)


def receipts_block(money: StretchMoney) -> Block:
    """Receipts and payments of the days of the paper, from the money brought forward to what is carried forward.

    What the books took over when they were opened was there before, and is no receipt of these days.
    """
    taken = [BookRow((in_both(_("Taken over when the books were opened")), money.taken_over))]
    rows = [
        BookRow((in_both(_("Money brought forward")), money.left_before), is_strong=True),
        *(taken if money.taken_over else []),
        *_moved(money, SOURCES),
        BookRow((in_both(_("All receipts")), money.income), is_strong=True),
        *_moved(money, COSTS),
        BookRow((in_both(_("All payments")), money.costs), is_strong=True),
        BookRow((in_both(_("Money carried forward")), money.left), is_strong=True),
    ]
    return table(_("Receipts and payments"), [(ITEM, "text"), (BAHT, "baht")], rows, source=BOOKS)


def _moved(money: StretchMoney, lines: tuple[tuple[Promise, tuple[AccountRole, ...]], ...]) -> list[BookRow]:
    return [BookRow((in_both(name), money.moved(*roles))) for name, roles in lines]


def income_by_giver(money: StretchMoney) -> list[tuple[Promise, Decimal]]:
    """The income of the days of the paper: from the members, from the local government, from others."""
    members, local = money.moved(R.DUES, R.ENTRY_FEE), money.moved(R.MUNICIPALITY)
    return [
        (_("From the members, entry fees among it"), members),
        (_("From the local government"), local),
        (_("From the state and CODI"), money.moved(R.CODI_START_UP, R.CODI_MATCHING, R.OTHER_STATE)),
        (_("From groups, enterprises and sister funds"), money.moved(R.ENTERPRISE_SHARE, R.SISTER_FUNDS)),
        (_("Donations and events"), money.moved(R.GIFT, R.EVENT_INCOME)),
        (_("Bank interest, cash over or short"), money.moved(R.INTEREST, R.CASH_OVER_SHORT)),
    ]


def administration_fact(money: StretchMoney, fund: Fund) -> Block:
    """Running the fund in percent of what the fund reckons it of, beside the share that it may cost."""
    share = administration_share(((row.account, row.moved) for row in money.rows), fund)
    base = AdministrationBase(fund.administration_base)
    told = {"share": f"{share or ZERO:.1f}", "limit": fund.administration_percent, "base": base.label}
    if share is None:
        said = in_both(_("Nothing came in"))
    elif base == AdministrationBase.INCOME:
        said = in_both(_("%(share)s percent of the income; at most %(limit)s"), **told)
    else:
        said = in_both(_("%(share)s percent; at most %(limit)s. Reckoned of: %(base)s"), **told)
    return facts((_("Administration"), said), source=BOOKS)


def money_facts(money: StretchMoney) -> Block:
    return facts(
        (_("Received since the founding"), money.received_ever),
        (_("Spent since the founding"), money.spent_ever),
        (_("Left over"), money.left),
        source=BOOKS,
    )


def rounds_block(rounds: Sequence[GrantRow]) -> Block:
    """What was asked of the state by round, what was approved, and what came."""
    rows = [
        BookRow(
            (_round_name(row), row.cutoff_on, row.members, row.dues, row.requested, row.approved, row.received),
        )
        for row in rounds
    ]
    total = sum((row.received for row in rounds), ZERO)
    rows.append(BookRow((in_both(TOTAL), None, None, None, None, None, total), is_strong=True))
    head = [
        (_("Round"), "text"),
        (_("Cut-off day"), "date"),
        (_("Members matched"), "number"),
        (_("Members' contributions of the year"), "baht"),
        (_("Amount requested"), "baht"),
        (_("Amount approved"), "baht"),
        (_("Amount received"), "baht"),
    ]
    note = _(
        "Members' contributions are those of the twelve months up to the cut-off day. What was requested and approved"
        " of a round without a request in the program is left empty."
    )
    return table(_("Matching rounds"), head, rows, source=_("Requests and matching rounds"), note=in_both(note))


def _round_name(row: GrantRow) -> Words:
    if row.round_number is None:
        return in_both(_("Without a number"))
    name = _("Round %(number)s, before the books") if row.before else _("Round %(number)s")
    return in_both(name, number=row.round_number)


# --- welfare ------------------------------------------------------------------------------------------------


def welfare_block(welfare: CodiWelfare, period: Period) -> Block:
    """Every line of CODI's form: persons, times and baht since the founding, and of the twelve months of the paper."""
    rows = [BookRow((line.name, *_cells(line.ever), *_cells(line.within))) for line in welfare.lines]
    ever = (welfare.persons_ever, welfare.ever.times, welfare.ever.baht)
    paid = (welfare.persons_within, welfare.within.times, welfare.within.baht)
    rows.append(BookRow((in_both(TOTAL), *ever, *paid), is_strong=True))
    since, twelve = in_both(_("since the founding")), in_both(TWELVE_MONTHS)
    head = [
        (_("Kind of welfare"), "text"),
        *((with_when(name, since), kind) for name, kind in ((PERSONS, "number"), (TIMES, "number"), (BAHT, "baht"))),
        *((with_when(name, twelve), kind) for name, kind in ((PERSONS, "number"), (TIMES, "number"), (BAHT, "baht"))),
    ]
    return table(
        _("Welfare by the kinds of CODI's form"), head, rows, source=BOOKS, note=_welfare_note(welfare, period)
    )


def welfare_within(welfare: CodiWelfare, title: Promise) -> Block:
    """Only what was paid in the days of the paper, and only the lines that brought something."""
    rows = [BookRow((line.name, *_cells(line.within))) for line in welfare.lines if line.within.baht]
    rows.append(BookRow((in_both(TOTAL), welfare.persons_within, *_cells(welfare.within)[1:]), is_strong=True))
    head = [(_("Kind of welfare"), "text"), (PERSONS, "number"), (TIMES, "number"), (BAHT, "baht")]
    return table(title, head, rows, source=BOOKS, note=in_both(PERSONS_ONCE))


def _cells(paid: Paid) -> tuple[int | None, int | None, Decimal]:
    return paid.persons, paid.times, paid.baht


def with_when(name: Promise, when: Words) -> Words:
    said = in_both(name)
    return Words(f"{said.th} {when.th}", f"{said.en} {when.en}")


PERSONS_ONCE = _(
    "Each person counts once in a line, and once in the total of persons. Of what is paid outside the kinds of"
    " welfare the books tell no persons."
)
TWELVE_MONTHS = _("in twelve months")
TWELVE_MONTHS_ARE = _("The twelve months are those")
PERSONS_BEFORE = _("Whoever was helped before the books were opened and again after counts in both.")


def _welfare_note(welfare: CodiWelfare, period: Period) -> Words:
    days, said = spoken_days(period), in_both(TWELVE_MONTHS_ARE)
    told = [Words(f"{said.th} {days.th}", f"{said.en} {days.en}."), in_both(PERSONS_ONCE)]
    told += [in_both(PERSONS_BEFORE)] if welfare.has_before else []
    return Words(" ".join(one.th for one in told), " ".join(one.en for one in told))


def spoken_days(period: Period) -> Words:
    return in_both(_("from %(first)s to %(last)s"), first=SpokenDay(period.first), last=SpokenDay(period.reaches))


def committee_blocks(seats: Sequence[CommitteeSeat]) -> list[Block]:
    """How many sit on the committee, where they come from, and who they are."""
    if not seats:
        to_write = (_("Where the committee comes from"), _("The committee"))
        lines = (Fact(in_both(label), None, is_long=True, kept_at=COMMITTEE_PAGE) for label in to_write)
        return [facts((_("Members of the committee"), None), *lines, source=COMMITTEE_LIST, kept_at=COMMITTEE_PAGE)]
    kinds = [BookRow((in_both(kind.label), sum(seat.kind == kind for seat in seats))) for kind in SeatKind]
    people = [
        BookRow(
            (
                Words(seat.name, seat.name_en),
                Words(seat.post_th, seat.post_en),
                seat.community_post,
                shown_phone(seat.phone),
            )
        )
        for seat in seats
    ]
    return [
        facts((_("Members of the committee"), len(seats)), source=COMMITTEE_LIST),
        table(_("Where the committee comes from"), [(_("From"), "text"), (PERSONS, "number")], kinds),
        table(
            _("The committee"),
            [
                (_("Name"), "text"),
                (_("Post in the fund"), "text"),
                (_("Post in the community"), "text"),
                (_("Phone"), "text"),
            ],
            people,
        ),
    ]


def unknown_source(money: StretchMoney) -> list[Block]:
    """A remark where received less spent since the founding is not what is left over, beside the figures that say so.

    Either nobody told what there was before the books, or the old totals leave another sum than the money found.
    """
    if not money.of_unknown_source:
        return []
    untold = _(
        "The books were opened with %(amount)s baht, and nobody wrote down what came and went before. Figures"
        " since the founding begin with the books."
    )
    other = _("When the books were opened, there was %(amount)s baht more than the old totals leave.")
    less = _("When the books were opened, there was %(amount)s baht less than the old totals leave.")
    told = any(row.before for row in money.rows)
    text = untold if not told else other if money.of_unknown_source > 0 else less
    return [remark(text, amount=format_baht(abs(money.of_unknown_source)))]

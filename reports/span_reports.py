"""The four legs, receipts and payments, and the position of any span beside the same days a year before.

Drawn up once as papers of the books: the page, the PDF and the sheet show the same rows. Whole months come from the
kept sums; only a span that begins or ends inside a month reads that month's lines.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import format_range
from ledger.book_papers import BookColumn, BookPaper, BookRow, in_both
from ledger.models import Account, AccountRole, AccountType
from ledger.queries import MONEY_ROLES, Moved, every_account, moved_between
from ledger.spans import CALENDAR, FISCAL, FREE, FUND, Span, month_end, spoken, year_earlier
from reports.charts import LEG_NAMES
from reports.figures import AnnualFigures
from reports.words import in_both as said

LEGS = (1, 2, 3, 4)
WITH_PEOPLE = {
    AccountRole.COLLECTOR: gettext_lazy("Cash with leaders who collect"),
    AccountRole.ADVANCE: gettext_lazy("Money with leaders on its way to members"),
}
CREDIT_TYPES = (AccountType.INCOME, AccountType.FUND)
Amounts = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class SpanMoney:
    """Each account's movement on its own side: (these days, the same days a year before).

    `before` is the money that was there before each of the two, `fund_before` what the fund amounted to; `ends` are
    the debit balances of assets at the end, `booked` those of every account, closings left out. `has_earlier`: whether
    a year before is shown at all.
    """

    span: Span
    earlier: tuple[date, date]
    moved: list[tuple[Account, Amounts]]
    before: Amounts
    fund_before: Amounts = (ZERO, ZERO)
    ends: dict[int, Amounts] = field(default_factory=dict)
    booked: list[tuple[Account, Decimal]] = field(default_factory=list)
    has_earlier: bool = True

    def total(self, *roles: AccountRole) -> Amounts:
        return add(amounts for account, amounts in self.moved if account.role in roles)

    def of_type(self, kind: AccountType) -> Amounts:
        return add(amounts for account, amounts in self.moved if account.type == kind)

    def leg(self, number: int) -> Amounts:
        return add(amounts for account, amounts in self.moved if account.leg == number)


def add(rows: Iterable[Amounts]) -> Amounts:
    pairs = list(rows)
    return sum((pair[0] for pair in pairs), ZERO), sum((pair[1] for pair in pairs), ZERO)


def less(these: Amounts, those: Amounts) -> Amounts:
    return these[0] - those[0], these[1] - those[1]


def span_money(span: Span) -> SpanMoney:
    """The money of a span, in five queries where its days are whole months."""
    earlier = year_earlier(span)
    accounts = every_account()
    spans = ((span.first, span.last), earlier)
    within = [moved_between(*days) for days in spans]
    before = [moved_between(None, days[0] - timedelta(days=1)) for days in spans]
    rows, ends, fund, booked = [], {}, [], []
    for account in accounts:
        this, last = (sums.get(account.pk, Moved()).balance for sums in within)
        had = tuple(sums.get(account.pk, Moved()).balance for sums in before)
        if account.type == AccountType.ASSET:
            ends[account.pk] = (had[0] + this, had[1] + last)
        else:
            fund.append((-had[0], -had[1]))
        side = -1 if account.type in CREDIT_TYPES else 1
        rows.append((account, (side * this, side * last)))
        booked.append((account, had[0] + this))
    money = [less(ends[account.pk], moved) for account, moved in rows if account.role in MONEY_ROLES]
    return SpanMoney(span, earlier, rows, add(money), add(fund), ends, booked)


def money_of_year(figures: AnnualFigures) -> SpanMoney:
    """The money of an annual report in the shape of a span's: the same figures, asked for once."""
    year, money, before = figures.year, figures.money, figures.before
    span = Span(FUND, year.first, year.ends_on, year.last, year.year_be)
    return SpanMoney(
        span=span,
        earlier=(before.first, before.ends_on) if before else year_earlier(span),
        moved=[(row.account, (row.this, row.last)) for row in money.rows],
        before=(money.money_before.this, money.money_before.last),
        fund_before=(money.fund_before.this, money.fund_before.last),
        ends={row.account.pk: (row.balance, row.balance_before) for row in money.rows},
        has_earlier=before is not None,
    )


def four_legs_paper(money: SpanMoney) -> BookPaper:
    """What came in by leg; entry fees and interest belong to none."""
    rows = [BookRow((said(LEG_NAMES[number]), *money.leg(number))) for number in LEGS]
    legs = add(money.leg(number) for number in LEGS)
    rows.append(BookRow((in_both(lambda: _("The four legs")), *legs), is_strong=True))
    return _paper(in_both(lambda: _("The four legs")), money, rows)


def receipts_paper(money: SpanMoney) -> BookPaper:
    """งบรายรับ-รายจ่าย: brought forward, receipts, payments, carried forward.

    What the books took over when they were opened was there before, and is no receipt of these days.
    """
    income, costs = money.of_type(AccountType.INCOME), money.of_type(AccountType.COST)
    opening = money.total(AccountRole.ACCUMULATED_FUND)
    left = less(add([money.before, opening, income]), costs)
    rows = [
        _sum(lambda: _("Money brought forward"), money.before),
        *([_sum(lambda: _("Taken over when the books were opened"), opening)] if any(opening) else []),
        *_accounts(money, AccountType.INCOME, in_a_leg=True),
        _sum(lambda: _("The four legs"), add(money.leg(number) for number in LEGS)),
        *_accounts(money, AccountType.INCOME, in_a_leg=False),
        _sum(lambda: _("All receipts"), income),
        *_accounts(money, AccountType.COST, in_a_leg=False),
        _sum(lambda: _("All payments"), costs),
        _sum(lambda: _("Money carried forward"), left),
    ]
    return _paper(in_both(lambda: _("Statement of receipts and payments")), money, rows)


def position_paper(money: SpanMoney) -> BookPaper:
    """งบแสดงฐานะการเงิน at the end of the span: what the fund has, and what it amounts to."""
    held = [(account, money.ends[account.pk]) for account, _moved in money.moved if account.type == AccountType.ASSET]
    cash = add(amounts for account, amounts in held if account.role in MONEY_ROLES)
    opening = money.total(AccountRole.ACCUMULATED_FUND)
    result = less(money.of_type(AccountType.INCOME), money.of_type(AccountType.COST))
    rows = [
        *(_named(account, amounts) for account, amounts in held if any(amounts) and account.role not in WITH_PEOPLE),
        *_with_people(held),
        _sum(lambda: _("Money left over"), cash),
        _sum(lambda: _("All assets"), add(amounts for _account, amounts in held)),
        BookRow((in_both(lambda: _("Accumulated fund brought forward")), *money.fund_before)),
        *([_sum(lambda: _("Taken over when the books were opened"), opening)] if any(opening) else []),
        BookRow((in_both(lambda: _("Income less costs of the year")), *result)),
        _sum(lambda: _("Accumulated fund"), add([money.fund_before, opening, result])),
    ]
    return _paper(in_both(lambda: _("Statement of financial position")), money, rows)


def _with_people(held: list[tuple[Account, Amounts]]) -> Iterator[BookRow]:
    """What leaders have with them, in one row for all: no paper of the whole fund says who has how much."""
    for role, name in WITH_PEOPLE.items():
        amounts = add(amounts for account, amounts in held if account.role == role)
        if any(amounts):
            yield BookRow((said(name), *amounts))


def _named(account: Account, amounts: Amounts) -> BookRow:
    return BookRow((Words(account.name_th, account.name_en), *amounts))


def _sum(say: Callable[[], str], amounts: Amounts) -> BookRow:
    return BookRow((in_both(say), *amounts), is_strong=True)


def _accounts(money: SpanMoney, kind: AccountType, *, in_a_leg: bool) -> list[BookRow]:
    return [
        _named(account, amounts)
        for account, amounts in money.moved
        if account.type == kind and bool(account.leg) == in_a_leg and any(amounts)
    ]


def _paper(title: Words, money: SpanMoney, rows: list[BookRow]) -> BookPaper:
    columns = [
        BookColumn(in_both(lambda: _("Item"))),
        BookColumn(in_both(lambda: str(money.span)), "baht"),
        BookColumn(in_both(lambda: earlier_name(money)), "baht"),
    ]
    if not money.has_earlier:
        columns.pop()
        rows = [BookRow(row.cells[:-1], row.is_strong) for row in rows]
    return BookPaper(title=title, subtitle=in_both(lambda: spoken(money.span)), columns=tuple(columns), rows=rows)


def short_names(money: SpanMoney) -> tuple[Words, Words]:
    """What the two columns are called where there are many: "2563" of a year, else the days in short."""
    (first, last), span = money.earlier, money.span
    if span.kind in (FUND, CALENDAR, FISCAL):
        return tuple(Words(str(year), str(year)) for year in (span.year_be, span.year_be - 1))
    days = ((span.first, span.reaches), (first, last))
    return tuple(in_both(lambda one=one: format_range(*one, "short")) for one in days)


def earlier_name(money: SpanMoney) -> str:
    """The name of the year or month a year before, or its days."""
    first, last = money.earlier
    if money.span.last == month_end(money.span.last) and money.span.kind != FREE and money.span.year_be:
        return Span(money.span.kind, first, last, last, money.span.year_be - 1).name()
    return format_range(first, last, "short")

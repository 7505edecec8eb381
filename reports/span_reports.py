"""The four legs, and receipts and payments, of any span beside the same days a year before.

Drawn up once as papers of the books: the page, the PDF and the sheet show the same rows. Whole months come from the
kept sums; only a span that begins or ends inside a month reads that month's lines.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import format_range
from ledger.book_papers import BookColumn, BookPaper, BookRow, in_both
from ledger.models import Account, AccountRole, AccountType
from ledger.queries import MONEY_ROLES, Moved, moved_between
from ledger.spans import Span, month_end, spoken, year_earlier
from reports.charts import LEG_NAMES
from reports.words import in_both as said

LEGS = (1, 2, 3, 4)
Amounts = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class SpanMoney:
    """Each account's movement on its own side: (these days, the same days a year before).

    `before` is the money that was there before each of the two.
    """

    span: Span
    earlier: tuple[date, date]
    moved: list[tuple[Account, Amounts]]
    before: Amounts

    def total(self, *roles: AccountRole) -> Amounts:
        return add(amounts for account, amounts in self.moved if account.role in roles)

    def of_type(self, kind: AccountType) -> Amounts:
        return add(amounts for account, amounts in self.moved if account.type == kind)

    def leg(self, number: int) -> Amounts:
        return add(amounts for account, amounts in self.moved if account.leg == number)


def add(rows: Iterable[Amounts]) -> Amounts:
    pairs = list(rows)
    return sum((pair[0] for pair in pairs), ZERO), sum((pair[1] for pair in pairs), ZERO)


def span_money(span: Span) -> SpanMoney:
    """The money of a span, in five queries where its days are whole months."""
    earlier = year_earlier(span)
    accounts = list(Account.objects.order_by("code"))
    spans = ((span.first, span.last), earlier)
    within = [moved_between(*days) for days in spans]
    before = [moved_between(None, days[0] - timedelta(days=1)) for days in spans]
    money = [account for account in accounts if account.role in MONEY_ROLES]
    held = [sum((sums.get(one.pk, Moved()).balance for one in money), ZERO) for sums in before]
    rows = []
    for account in accounts:
        side = -1 if account.type in (AccountType.INCOME, AccountType.FUND) else 1
        this, last = (side * sums.get(account.pk, Moved()).balance for sums in within)
        rows.append((account, (this, last)))
    return SpanMoney(span, earlier, rows, (held[0], held[1]))


def four_legs_paper(money: SpanMoney) -> BookPaper:
    """What came in by leg; entry fees and interest belong to none."""
    rows = [BookRow((said(LEG_NAMES[number]), *money.leg(number))) for number in LEGS]
    legs = add(money.leg(number) for number in LEGS)
    rows.append(BookRow((in_both(lambda: _("The four legs")), *legs), is_strong=True))
    return _paper(in_both(lambda: _("The four legs")), money, rows)


def receipts_paper(money: SpanMoney) -> BookPaper:
    """งบรายรับ-รายจ่าย: brought forward, receipts, payments, carried forward."""
    income, costs = money.of_type(AccountType.INCOME), money.of_type(AccountType.COST)
    opening = money.total(AccountRole.ACCUMULATED_FUND)
    receipts = add([income, opening])
    left = tuple(b + i - c for b, i, c in zip(money.before, receipts, costs, strict=True))
    rows = [
        _sum(lambda: _("Money brought forward"), money.before),
        *_accounts(money, AccountType.INCOME, in_a_leg=True),
        _sum(lambda: _("The four legs"), add(money.leg(number) for number in LEGS)),
        *_accounts(money, AccountType.INCOME, in_a_leg=False),
        *([_sum(lambda: _("Taken over when the books were opened"), opening)] if any(opening) else []),
        _sum(lambda: _("All receipts"), receipts),
        *_accounts(money, AccountType.COST, in_a_leg=False),
        _sum(lambda: _("All payments"), costs),
        _sum(lambda: _("Money carried forward"), (left[0], left[1])),
    ]
    return _paper(in_both(lambda: _("Statement of receipts and payments")), money, rows)


def _sum(say: Callable[[], str], amounts: Amounts) -> BookRow:
    return BookRow((in_both(say), *amounts), is_strong=True)


def _accounts(money: SpanMoney, kind: AccountType, *, in_a_leg: bool) -> list[BookRow]:
    return [
        BookRow((Words(account.name_th, account.name_en), *amounts))
        for account, amounts in money.moved
        if account.type == kind and bool(account.leg) == in_a_leg and any(amounts)
    ]


def _paper(title: Words, money: SpanMoney, rows: list[BookRow]) -> BookPaper:
    return BookPaper(
        title=title,
        subtitle=in_both(lambda: spoken(money.span)),
        columns=(
            BookColumn(in_both(lambda: _("Item"))),
            BookColumn(in_both(lambda: str(money.span)), "baht"),
            BookColumn(in_both(lambda: _earlier(money)), "baht"),
        ),
        rows=rows,
    )


def _earlier(money: SpanMoney) -> str:
    """The name of the year before, or its days."""
    first, last = money.earlier
    whole = money.span.last == month_end(money.span.last) and money.span.kind != "free"
    if whole and money.span.year_be and money.span.kind != "month":
        return Span(money.span.kind, first, last, last, money.span.year_be - 1).name()
    return format_range(first, last, "short")

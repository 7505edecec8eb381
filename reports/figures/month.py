"""A month as the treasurer reports it to the committee: asked for once, proved, then shown, printed and exported.

From the kept sums, through `ledger.queries`; the ties find each figure another way and name every difference.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import format_month
from contributions.administration import AdministrationLine, administration_line
from contributions.cash_ages import CashWith, cash_with_collectors
from ledger.checklists import OK, TO_DO, checklist
from ledger.models import (
    Account,
    AccountingMonth,
    AccountRole,
    AccountType,
    LedgerSum,
    PaymentVoucher,
    Receipt,
    Reconciliation,
    RestrictedFund,
)
from ledger.queries import Moved, every_account, moved_between
from ledger.restricted import OWN_TYPES
from ledger.spans import Span, fund_year_of
from members.models import Fund
from reports.figures.board import is_closed
from reports.figures.welfare import WelfareFigures, welfare_over
from reports.span_reports import SpanMoney, span_money
from reports.ties import MOVED_BY_LINES, Difference, DoesNotTie
from welfare.budgets import BudgetLine, budget_lines, fund_year_on
from welfare.models import Delivery, DeliveryLine

SINGLE = (AccountRole.BANK, AccountRole.CASH)  # each its own row; what leaders hold is added up
WITH_LEADERS = (AccountRole.COLLECTOR, AccountRole.ADVANCE)


@dataclass(frozen=True, slots=True)
class PlaceMoney:
    """Where money was: an account, or (`account` None) all of a `role` together."""

    role: str
    account: Account | None
    brought: Decimal
    money_in: Decimal
    money_out: Decimal

    @property
    def carried(self) -> Decimal:
        return self.brought + self.money_in - self.money_out


@dataclass(frozen=True, slots=True)
class PapersUsed:
    """The numbers of a series in the month: `book` is that of a paper book, else empty."""

    series: str
    book: str
    first: int
    last: int
    used: int
    void: int
    baht: Decimal


@dataclass(frozen=True, slots=True)
class FundMoney:
    """A restricted fund in the month."""

    fund: RestrictedFund
    brought: Decimal
    money_in: Decimal
    money_out: Decimal

    @property
    def carried(self) -> Decimal:
        return self.brought + self.money_in - self.money_out


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """All figures of a month's report; `year` is the fund year that holds it, `to_date` what moved in it so far.

    `cash` and `deliveries` are as of the day on which the report is made; all else is as of the month's end.
    """

    month: Span
    year: Span
    is_provisional: bool
    money: SpanMoney
    accounts: tuple[Account, ...]
    within: dict[int, Moved]
    to_date: dict[int, Moved]
    places: tuple[PlaceMoney, ...]
    welfare: WelfareFigures
    welfare_to_date: WelfareFigures
    budgets: tuple[BudgetLine, ...]
    administration: AdministrationLine
    cash: tuple[CashWith, ...]
    deliveries: tuple[Delivery, ...]
    reconciled: tuple[tuple[Account, Decimal, Reconciliation | None], ...]
    papers: tuple[PapersUsed, ...]
    funds: tuple[FundMoney, ...]
    checks: tuple[tuple[str, str, Words], ...]

    def of(self, role: AccountRole) -> list[tuple[Account, Decimal, Decimal]]:
        """The accounts of a role that moved this year, with debits less credits of the month and the year so far."""
        found = [
            (one, self.within.get(one.pk, Moved()).balance, self.to_date.get(one.pk, Moved()).balance)
            for one in self.accounts
            if one.role == role
        ]
        return [row for row in found if row[1] or row[2]]


def month_figures(month: Span, fund: Fund, *, today: date) -> MonthFigures:
    """The figures of a month, in some forty queries whatever the size of the fund."""
    year = fund_year_of(month.first, fund, today=today)
    accounts = tuple(every_account())
    within, before = moved_between(month.first, month.last), moved_between(None, _eve(month.first))
    in_month, to_date = welfare_over([(month.first, month.last), (year.first, month.last)])
    return MonthFigures(
        month=month,
        year=year,
        is_provisional=not is_closed(month),
        money=span_money(month),
        accounts=accounts,
        within=within,
        to_date=moved_between(year.first, month.last),
        places=tuple(_places(accounts, before, within)),
        welfare=in_month,
        welfare_to_date=to_date,
        budgets=tuple(budget_lines(fund_year_on(month.first), today=today, until=month.last)),
        administration=administration_line(month.first, fund, today=today, until=month.last),
        cash=tuple(row for row in cash_with_collectors(today) if row.total),
        deliveries=tuple(_on_their_way()),
        reconciled=tuple(_reconciled(accounts, before, within, month.last)),
        papers=tuple(_papers(month)),
        funds=tuple(_funds(month)),
        checks=tuple(_checks(month)),
    )


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def _places(accounts: tuple[Account, ...], before: dict[int, Moved], within: dict[int, Moved]) -> Iterator[PlaceMoney]:
    nothing = Moved()
    for one in accounts:
        if one.role in SINGLE:
            moved = within.get(one.pk, nothing)
            yield PlaceMoney(one.role, one, before.get(one.pk, nothing).balance, moved.debit, moved.credit)
    for role in WITH_LEADERS:
        hers = [one.pk for one in accounts if one.role == role]
        moved = [within.get(key, nothing) for key in hers]
        brought = sum((before.get(key, nothing).balance for key in hers), ZERO)
        came, went = sum((one.debit for one in moved), ZERO), sum((one.credit for one in moved), ZERO)
        if brought or came or went:
            yield PlaceMoney(role, None, brought, came, went)


def _on_their_way() -> QuerySet[Delivery]:
    """Deliveries that somebody still carries, the oldest first, with `open_count` and `open_baht`."""
    still = Q(lines__settlement=None)
    open_keys = DeliveryLine.objects.filter(settlement=None).values("delivery")
    found = Delivery.objects.filter(pk__in=open_keys).select_related("carrier")
    sums = {"open_count": Count("lines", filter=still), "open_baht": Sum("lines__amount", filter=still)}
    return found.annotate(**sums).order_by("handed_on", "id")


def _reconciled(
    accounts: tuple[Account, ...], before: dict[int, Moved], within: dict[int, Moved], last: date
) -> Iterator[tuple[Account, Decimal, Reconciliation | None]]:
    """Each bank account with its balance at the month's end and the newest reconciliation by then."""
    newest = (
        Reconciliation.objects.filter(as_of__lte=last).order_by("account_id", "-as_of", "-pk").distinct("account_id")
    )
    found = {one.account_id: one for one in newest}
    for one in accounts:
        if one.role == AccountRole.BANK:
            held = before.get(one.pk, Moved()).balance + within.get(one.pk, Moved()).balance
            yield one, held, found.get(one.pk)


def _papers(month: Span) -> Iterator[PapersUsed]:
    """Receipts and vouchers dated in the month, by their books; the baht are those of the papers in force.

    As of the month's end: what was made void later was in force then, and is reversed in a later month's books.
    """
    days = {"date__range": (month.first, month.last)}
    is_void = Q(void__reversal__date__lte=month.last)
    sums = {
        "first": Min("number"),
        "last": Max("number"),
        "used": Count("pk"),
        "voided": Count("void", filter=is_void),
        "baht": Sum("total", filter=Q(void=None) | Q(void__reversal__date__gt=month.last)),
    }
    for row in Receipt.objects.filter(**days).order_by().values("book").annotate(**sums).order_by("book"):
        yield _used("receipt", row)
    vouchers = PaymentVoucher.objects.filter(**days).order_by().aggregate(**sums)
    if vouchers["used"]:
        yield _used("voucher", {"book": "", **vouchers})


def _used(series: str, row: dict) -> PapersUsed:
    numbers = (row["first"], row["last"], row["used"], row["voided"])
    return PapersUsed(series, row["book"], *numbers, row["baht"] or ZERO)


def _funds(month: Span) -> Iterator[FundMoney]:
    """Each restricted fund: its income, costs and transfers of the month; closings move nothing."""
    sums = LedgerSum.objects.filter(account__type__in=OWN_TYPES, month__lte=month.last)
    in_month = Q(month__gte=month.first, is_closing=False)
    rows = sums.values_list("restricted_fund").annotate(
        held=Sum(F("credit") - F("debit")),
        money_in=Sum("credit", filter=in_month),
        money_out=Sum("debit", filter=in_month),
    )
    found = {key: amounts for key, *amounts in rows.order_by()}
    for fund in RestrictedFund.objects.order_by("id"):
        held, money_in, money_out = (amount or ZERO for amount in found.get(fund.pk, (ZERO, ZERO, ZERO)))
        yield FundMoney(fund, held - money_in + money_out, money_in, money_out)


def _checks(month: Span) -> list[tuple[str, str, Words]]:
    """The month's checklist as (check, state, what was found): as it was closed, or as it stands today."""
    kept = AccountingMonth.objects.filter(first_day=month.first, closed_at__isnull=False).first()
    if kept is not None and kept.closing_checklist:
        return [(one["check"], one["state"], Words(one["note"])) for one in kept.closing_checklist]
    said = []
    for language in ("th", "en"):  # what a check found is said in the language in which it is asked
        with override(language):
            said.append(checklist(month.first, month.last))
    return [
        (thai.code, OK if thai.is_done else TO_DO, Words(thai.found, english.found))
        for thai, english in zip(*said, strict=True)
    ]


# --- proof ------------------------------------------------------------------------------------------------


def prove_month(figures: MonthFigures) -> None:
    """Hold the figures against the lines and against each other. Raises `DoesNotTie` with each difference."""
    found = tuple(difference for tie in TIES for difference in tie(figures) if difference.shown != difference.found)
    if found:
        message = _("The report of %(month)s was stopped: %(count)d figures do not tie. %(differences)s")
        told = {"month": format_month(figures.month.first), "count": len(found)}
        raise DoesNotTie(message % {**told, "differences": " ".join(map(str, found))}, found)


def accounts_by_their_lines(figures: MonthFigures) -> Iterator[Difference]:
    """Each account's movement is the sum of its lines."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED_BY_LINES, [figures.month.first, figures.month.last])
        by_lines = dict(cursor.fetchall())
    for one in figures.accounts:
        shown = figures.within.get(one.pk, Moved()).balance
        yield Difference(f"{one.code} {local_name(one)}", shown, by_lines.get(one.pk, ZERO))


def money_moved_by_income_and_costs(figures: MonthFigures) -> Iterator[Difference]:
    """Brought forward, with receipts less payments, is what the places hold together."""
    money = figures.money
    receipts = money.of_type(AccountType.INCOME)[0] + money.total(AccountRole.ACCUMULATED_FUND)[0]
    left = money.before[0] + receipts - money.of_type(AccountType.COST)[0]
    yield Difference(_("Money carried forward"), left, sum((place.carried for place in figures.places), ZERO))


def welfare_by_its_accounts(figures: MonthFigures) -> Iterator[Difference]:
    """Each kind of welfare, counted from its payments, is the movement of its account, month and year."""
    accounts = {one.category: one for one in figures.accounts if one.role == AccountRole.BENEFIT}
    for found, moved in ((figures.welfare, figures.within), (figures.welfare_to_date, figures.to_date)):
        for kind in found.kinds:
            one = accounts[kind.code]
            yield Difference(f"{one.code} {local_name(one)}", kind.baht, moved.get(one.pk, Moved()).balance)


def funds_hold_the_assets(figures: MonthFigures) -> Iterator[Difference]:
    """What the restricted funds hold together is what the fund has."""
    held = LedgerSum.objects.filter(account__type=AccountType.ASSET, month__lte=figures.month.last)
    assets = held.aggregate(baht=Sum(F("debit") - F("credit")))["baht"] or ZERO
    yield Difference(_("Restricted funds"), sum((fund.carried for fund in figures.funds), ZERO), assets)


TIES = (
    accounts_by_their_lines,
    money_moved_by_income_and_costs,
    welfare_by_its_accounts,
    funds_hold_the_assets,
)

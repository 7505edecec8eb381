"""Money of a year beside the year before: what moved in each account, where it lies, what there was since founding.

All from the kept sums, through `ledger.queries`. Income is credits less debits, costs and assets debits less
credits; every statement of the annual report is made of these rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO, shares
from bansong_fund.lib.papers import Words
from ledger.models import Account, AccountRole, AccountType, FiscalYear, LedgerSum
from ledger.opening_queries import baht_before
from ledger.queries import every_account, income_by_leg
from reports.years import ReportYear

LEGS = (1, 2, 3, 4)
MONEY_ROLES = (AccountRole.BANK, AccountRole.CASH, AccountRole.COLLECTOR, AccountRole.ADVANCE)
RESULT_TYPES = (AccountType.INCOME, AccountType.COST, AccountType.FUND)


@dataclass(frozen=True, slots=True)
class Row:
    """An account's movement of the year and of the year before, on its own side, and its balance at both ends."""

    account: Account
    this: Decimal
    last: Decimal
    balance: Decimal = ZERO
    balance_before: Decimal = ZERO
    since_founding: Decimal = ZERO

    @property
    def name(self) -> Words:
        return Words(self.account.name_th, self.account.name_en)

    @property
    def bank(self) -> Words:
        return Words(self.account.bank_th, self.account.bank_en)

    @property
    def branch(self) -> Words:
        return Words(self.account.branch_th, self.account.branch_en)

    @property
    def moved(self) -> "Pair":
        return Pair(self.this, self.last)

    @property
    def held(self) -> "Pair":
        return Pair(self.balance, self.balance_before)

    @property
    def is_empty(self) -> bool:
        return not (self.this or self.last or self.balance or self.balance_before)


@dataclass(frozen=True, slots=True)
class Pair:
    """An amount of this year and of the year before."""

    this: Decimal
    last: Decimal

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.this + other.this, self.last + other.last)

    def __sub__(self, other: "Pair") -> "Pair":
        return Pair(self.this - other.this, self.last - other.last)

    def __neg__(self) -> "Pair":
        return Pair(-self.this, -self.last)


NOTHING = Pair(ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the four legs: this year, its share of the legs' sum in percent, last year."""

    number: int
    this: Decimal
    share: Decimal | None
    last: Decimal
    last_share: Decimal | None


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """A year's money. `rows` hold every account of the chart once, in code order."""

    rows: tuple[Row, ...]
    fund_before: Pair
    legs: tuple[Leg, ...]

    def of(self, *roles: AccountRole) -> list[Row]:
        """The rows of these roles, in code order."""
        return [row for row in self.rows if row.account.role in roles]

    def moved(self, *roles: AccountRole) -> Pair:
        return total(self.of(*roles))

    # --- income and costs -----------------------------------------------------------------------

    @property
    def income_rows(self) -> list[Row]:
        return [row for row in self.rows if row.account.type == AccountType.INCOME]

    @property
    def cost_rows(self) -> list[Row]:
        return [row for row in self.rows if row.account.type == AccountType.COST]

    @property
    def all_legs(self) -> Pair:
        return total(row for row in self.rows if row.account.leg)

    @property
    def income(self) -> Pair:
        return total(self.income_rows)

    @property
    def welfare(self) -> Pair:
        return self.moved(AccountRole.BENEFIT)

    @property
    def administration(self) -> Pair:
        return self.moved(AccountRole.ADMINISTRATION)

    @property
    def event_costs(self) -> Pair:
        return self.moved(AccountRole.EVENT_COST)

    @property
    def public_benefit(self) -> Pair:
        return self.moved(AccountRole.PUBLIC_BENEFIT)

    @property
    def interest(self) -> Pair:
        return self.moved(AccountRole.INTEREST)

    @property
    def tax_withheld(self) -> Pair:
        return self.moved(AccountRole.TAX_WITHHELD)

    @property
    def costs(self) -> Pair:
        return total(self.cost_rows)

    @property
    def leg_rows(self) -> list[Row]:
        return [row for row in self.income_rows if row.account.leg]

    @property
    def other_income_rows(self) -> list[Row]:
        return [row for row in self.income_rows if not row.account.leg]

    @property
    def welfare_rows(self) -> list[Row]:
        return self.of(AccountRole.BENEFIT)

    @property
    def other_cost_rows(self) -> list[Row]:
        return [row for row in self.cost_rows if row.account.role != AccountRole.BENEFIT]

    @property
    def receipts(self) -> Pair:
        """All that came in; what the books took over when they were opened was there before."""
        return self.income

    @property
    def payments(self) -> Pair:
        """All that went out; tax that banks withheld of the interest is a cost."""
        return self.costs

    @property
    def result(self) -> Pair:
        return self.income - self.costs

    @property
    def opening(self) -> Pair:
        """What the books took over when they were opened: money that was there before them, no receipt of the year."""
        return self.moved(AccountRole.ACCUMULATED_FUND)

    # --- money and position ----------------------------------------------------------------------

    @property
    def money_rows(self) -> list[Row]:
        return self.of(*MONEY_ROLES)

    @property
    def money(self) -> Pair:
        """What is left over: banks, cash box, cash and advances with leaders, at the end of both years."""
        return held(self.money_rows)

    @property
    def money_before(self) -> Pair:
        """The same at the start of both years."""
        return self.money - self.moved(*MONEY_ROLES)

    @property
    def assets(self) -> Pair:
        return held(row for row in self.rows if row.account.type == AccountType.ASSET)

    @property
    def fund(self) -> Pair:
        """The accumulated fund with the year's result, at the end of both years."""
        return self.fund_before + self.opening + self.result

    @property
    def change(self) -> Pair:
        return self.receipts - self.payments

    @property
    def bank_rows(self) -> list[Row]:
        return self.of(AccountRole.BANK)

    @property
    def banked(self) -> Decimal:
        return held(self.bank_rows).this

    @property
    def received_since_founding(self) -> Decimal:
        return sum((row.since_founding for row in self.income_rows), ZERO)

    @property
    def spent_since_founding(self) -> Decimal:
        return sum((row.since_founding for row in self.cost_rows), ZERO)


def total(rows: Iterable[Row]) -> Pair:
    rows = list(rows)
    return Pair(sum((row.this for row in rows), ZERO), sum((row.last for row in rows), ZERO))


def held(rows: Iterable[Row]) -> Pair:
    rows = list(rows)
    return Pair(sum((row.balance for row in rows), ZERO), sum((row.balance_before for row in rows), ZERO))


def money_figures(year: ReportYear, before: ReportYear | None) -> MoneyFigures:
    """Every account's movements and balances, in five queries; one reads the kept sums, once for all of it."""
    sums, told = _kept_sums(year, before), baht_before()
    nothing = (ZERO,) * 4
    rows = tuple(_row(account, sums.get(account.pk, nothing), told) for account in every_account())
    return _with_totals(rows, legs_of(year, before))


def _row(account: Account, sums: tuple[Decimal, ...], told: dict[int, Decimal]) -> Row:
    debits, debits_before, debits_ever, held = sums
    on_credit = account.type in (AccountType.INCOME, AccountType.FUND)
    this, last, ever = (-moved if on_credit else moved for moved in (debits, debits_before, debits_ever))
    is_result = account.type in (AccountType.INCOME, AccountType.COST)
    return Row(
        account=account,
        this=this,
        last=last,
        balance=held,
        # an asset's movement is debits less credits, as its balance is
        balance_before=held - this if account.type == AccountType.ASSET else ZERO,
        since_founding=ever + told.get(account.pk, ZERO) if is_result else ZERO,
    )


def _kept_sums(year: ReportYear, before: ReportYear | None) -> dict[int, tuple[Decimal, ...]]:
    """Debits less credits by account: of the year, of the one before, since the founding, and with closings."""
    of_year = Q(month__gte=year.first.replace(day=1))
    of_before = Q(month__range=(before.first.replace(day=1), before.last)) if before else Q(pk=None)
    moved, held = F("debit") - F("credit"), Q(is_closing=False)
    rows = (
        LedgerSum.objects.filter(month__lte=year.last)
        .values_list("account")
        .annotate(
            this=Coalesce(Sum(moved, filter=of_year & held), ZERO),
            last=Coalesce(Sum(moved, filter=of_before & held), ZERO),
            ever=Coalesce(Sum(moved, filter=held), ZERO),
            balance=Sum(moved),
        )
        .order_by()
    )
    return {account: tuple(amounts) for account, *amounts in rows}


def _with_totals(rows: tuple[Row, ...], legs: tuple[Leg, ...]) -> MoneyFigures:
    fund_at_end = -sum((row.balance for row in rows if row.account.type in RESULT_TYPES), ZERO)
    moved = total(row for row in rows if row.account.type in (AccountType.INCOME, AccountType.FUND)) - total(
        row for row in rows if row.account.type == AccountType.COST
    )
    fund_at_start = fund_at_end - moved.this
    return MoneyFigures(rows, Pair(fund_at_start, fund_at_start - moved.last), legs)


def legs_of(year: ReportYear, before: ReportYear | None) -> tuple[Leg, ...]:
    """The four legs beside the year before, from the kept sums, in two queries."""
    nothing = dict.fromkeys(LEGS, ZERO)
    last = income_by_leg(before.first, before.last) if before else nothing
    return legs_beside(income_by_leg(year.first, year.last), last)


def legs_beside(this: dict[int, Decimal], last: dict[int, Decimal]) -> tuple[Leg, ...]:
    """Baht of each leg in two years, with their shares."""
    shares_this, shares_last = (_shares([amounts[leg] for leg in LEGS]) for amounts in (this, last))
    return tuple(
        Leg(leg, this[leg], share, last[leg], last_share)
        for leg, share, last_share in zip(LEGS, shares_this, shares_last, strict=True)
    )


def _shares(amounts: list[Decimal]) -> list[Decimal | None]:
    """Shares that make 100; none where a reversal left a leg below zero, or nothing came in."""
    if any(amount < 0 for amount in amounts) or not any(amounts):
        return [None] * len(amounts)
    return list(shares(amounts))


def money_at_year_ends(until: ReportYear) -> list[tuple[int, Decimal]]:
    """What was left over at the end of each fund year up to `until`, the oldest first."""
    spans = list(FiscalYear.objects.filter(year_be__lte=until.year_be).order_by("year_be"))
    months = (
        LedgerSum.objects.filter(account__role__in=MONEY_ROLES, month__lte=until.last)
        .values_list("month")
        .annotate(moved=Sum(F("debit") - F("credit")))
        .order_by("month")
    )
    moved = list(months)
    return [(span.year_be, sum((amount for month, amount in moved if month <= span.ends_on), ZERO)) for span in spans]

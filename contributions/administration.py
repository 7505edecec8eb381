"""What running the fund may cost: a share of the year's income, shown when a cost is entered, never a bar to it.

The national frame of the funds allows 20 %; share and base are settings that change by a resolution.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from bansong_fund.lib.money import SATANG, ZERO
from ledger.models import Account, AccountRole, AccountType
from ledger.queries import Moved, moved_between
from ledger.spans import Span, fund_year_of
from members.models import AdministrationBase, Fund

BASES: dict[str, Callable[[Account], bool]] = {
    AdministrationBase.INCOME: lambda account: account.type == AccountType.INCOME,
    AdministrationBase.FOUR_LEGS: lambda account: bool(account.leg),
    AdministrationBase.DUES: lambda account: account.role == AccountRole.DUES,
}


@dataclass(frozen=True, slots=True)
class AdministrationLine:
    """A fund year's administration: `spent` of `base` baht, of which `percent` may be spent."""

    span: Span
    base: Decimal
    spent: Decimal
    percent: int

    @property
    def allowed(self) -> Decimal:
        """Baht; the part of a satang falls away."""
        return (max(self.base, ZERO) * self.percent / 100).quantize(SATANG, ROUND_DOWN)

    @property
    def left(self) -> Decimal:
        return self.allowed - self.spent

    @property
    def is_beyond(self) -> bool:
        return self.spent > self.allowed

    @property
    def share(self) -> Decimal | None:
        """What was spent in percent of the base, to one place; None where nothing came in."""
        if self.base <= 0:
            return None
        return (self.spent * 100 / self.base).quantize(Decimal("0.1"), ROUND_HALF_UP)


def administration_line(day: date, fund: Fund, *, today: date, until: date | None = None) -> AdministrationLine:
    """The line of the fund year that holds a day, from the kept sums; `until`: as it stood at the end of that day."""
    span = fund_year_of(day, fund, today=today)
    moved = moved_between(span.first, until or span.last)
    is_base = BASES[fund.administration_base]
    base = spent = ZERO
    for account in Account.objects.filter(type__in=(AccountType.INCOME, AccountType.COST)):
        balance = moved.get(account.pk, Moved()).balance
        base -= balance if is_base(account) else ZERO
        spent += balance if account.role == AccountRole.ADMINISTRATION else ZERO
    return AdministrationLine(span, base, spent, fund.administration_percent)


def administration_share(moved: Iterable[tuple[Account, Decimal]], fund: Fund) -> Decimal | None:
    """Administration in percent of what the fund reckons its share of; None where nothing of that came in.

    `moved`: what each account moved, on its own side.
    """
    is_base, base, spent = BASES[fund.administration_base], ZERO, ZERO
    for account, baht in moved:
        base += baht if is_base(account) else ZERO
        spent += baht if account.role == AccountRole.ADMINISTRATION else ZERO
    return spent * 100 / base if base > 0 else None

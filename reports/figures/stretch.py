"""The money of any stretch of days: what each account moved, and since the founding, exact on any day.

Whole months come from the kept sums; only a month cut in two is read line by line. What the books took over when they
were opened stands apart (`before`), since the program knows no more of it than its sums.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bansong_fund.lib.money import ZERO
from ledger.models import Account, AccountRole, AccountType
from ledger.opening_queries import baht_before
from ledger.queries import MONEY_ROLES, Moved, every_account, moved_between

CREDIT_TYPES = (AccountType.INCOME, AccountType.FUND)


@dataclass(frozen=True, slots=True)
class Stretch:
    """An account on its own side: moved in the stretch, in the books up to its last day, and before the books."""

    account: Account
    moved: Decimal
    booked: Decimal
    before: Decimal

    @property
    def ever(self) -> Decimal:
        """Since the founding."""
        return self.booked + self.before


@dataclass(frozen=True, slots=True)
class StretchMoney:
    """The money from `first` to `last`, and since the founding up to `last`; `rows` hold every account once."""

    first: date
    last: date
    rows: tuple[Stretch, ...]

    def of(self, *roles: AccountRole) -> list[Stretch]:
        return [row for row in self.rows if row.account.role in roles]

    def of_type(self, kind: AccountType) -> list[Stretch]:
        return [row for row in self.rows if row.account.type == kind]

    def moved(self, *roles: AccountRole) -> Decimal:
        return _sum(row.moved for row in self.of(*roles))

    def ever(self, *roles: AccountRole) -> Decimal:
        return _sum(row.ever for row in self.of(*roles))

    def leg(self, number: int) -> Decimal:
        return _sum(row.moved for row in self.rows if row.account.leg == number)

    @property
    def income(self) -> Decimal:
        return _sum(row.moved for row in self.of_type(AccountType.INCOME))

    @property
    def costs(self) -> Decimal:
        return _sum(row.moved for row in self.of_type(AccountType.COST))

    @property
    def received_ever(self) -> Decimal:
        return _sum(row.ever for row in self.of_type(AccountType.INCOME))

    @property
    def spent_ever(self) -> Decimal:
        return _sum(row.ever for row in self.of_type(AccountType.COST))

    @property
    def left(self) -> Decimal:
        """What is left over at the end: banks, cash box, cash and advances with leaders."""
        return _sum(row.booked for row in self.of(*MONEY_ROLES))

    @property
    def left_before(self) -> Decimal:
        """The same when the stretch began."""
        return self.left - self.moved(*MONEY_ROLES)

    @property
    def taken_over(self) -> Decimal:
        """What the opening of the books brought in the stretch: neither income nor cost."""
        return self.moved(AccountRole.ACCUMULATED_FUND)

    @property
    def of_unknown_source(self) -> Decimal:
        """What was there when the books were opened beyond what the old totals tell; below nought where it lacks."""
        opened = _sum(row.booked for row in self.of(AccountRole.ACCUMULATED_FUND))
        told = _sum(row.before for row in self.of_type(AccountType.INCOME))
        spent = _sum(row.before for row in self.of_type(AccountType.COST))
        return opened - (told - spent)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def stretch_money(first: date, last: date) -> StretchMoney:
    """The money of a stretch, both days within, in four queries where it ends with a month."""
    within, ever, before = moved_between(first, last), moved_between(None, last), baht_before()
    rows = []
    for account in every_account():
        side = -1 if account.type in CREDIT_TYPES else 1
        moved, booked = (side * sums.get(account.pk, Moved()).balance for sums in (within, ever))
        rows.append(Stretch(account, moved, booked, before.get(account.pk, ZERO)))
    return StretchMoney(first, last, tuple(rows))

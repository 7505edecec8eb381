"""Sources and uses since the founding, as section 10 of CODI's status form draws them up.

Left the receipts and the other income, right what the fund has, the welfare that went to members, and the expenses.
What an opening told of the time before the books is in every line. Where it told another sum than the money that was
there on its day, the difference stands on the left, so that both sides agree and nothing is hidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bansong_fund.lib.money import ZERO
from ledger.models import Account, AccountRole, AccountType
from ledger.opening_queries import baht_before, rounds_before
from ledger.queries import Moved, every_account, moved_between
from reports.figures.grants import round_money

R = AccountRole
RECEIPTS = (R.DUES, R.CODI_START_UP, R.CODI_MATCHING, R.MUNICIPALITY, R.OTHER_STATE, R.SISTER_FUNDS, R.ENTERPRISE_SHARE)
REVENUE = (R.ENTRY_FEE, R.GIFT, R.EVENT_INCOME, R.INTEREST, R.CASH_OVER_SHORT)
Booked = list[tuple[Account, Decimal]]
IN_HAND = (R.CASH, R.COLLECTOR, R.ADVANCE)


@dataclass(frozen=True, slots=True)
class Ever:
    """An account since the founding on its own side, and how much of it is from before the books."""

    account: Account
    baht: Decimal
    before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SourcesAndUses:
    """The table at the end of `until`. `rounds` are the State's matching by round, None for what is of no round."""

    until: date
    receipts: tuple[Ever, ...]
    revenue: tuple[Ever, ...]
    expenses: tuple[Ever, ...]
    banks: Decimal
    in_hand: Decimal
    other_assets: Decimal
    welfare: Decimal
    untold: Decimal
    rounds: tuple[tuple[int | None, Decimal], ...]

    @property
    def all_receipts(self) -> Decimal:
        return _sum(self.receipts)

    @property
    def all_revenue(self) -> Decimal:
        """The other income, with the money that nobody could tell the source of when the books were opened."""
        return _sum(self.revenue) + self.untold

    @property
    def sources(self) -> Decimal:
        return self.all_receipts + self.all_revenue

    @property
    def assets(self) -> Decimal:
        """As the form has it: what the fund holds, and the welfare that it paid."""
        return self.banks + self.in_hand + self.other_assets + self.welfare

    @property
    def all_expenses(self) -> Decimal:
        return _sum(self.expenses)

    @property
    def uses(self) -> Decimal:
        return self.assets + self.all_expenses


def _sum(rows: Iterable[Ever]) -> Decimal:
    return sum((row.baht for row in rows), ZERO)


def booked_until(day: date) -> Booked:
    """Every account's debits less credits since the books began, closings left out, in code order."""
    moved = moved_between(None, day)
    return [(account, moved.get(account.pk, Moved()).balance) for account in every_account()]


def sources_and_uses(until: date, booked: Booked | None = None) -> SourcesAndUses:
    """Everything since the founding up to the end of `until`, from the kept sums where that is a month's end.

    `booked`: what `booked_until` says of that day, where it is known already.
    """
    before = baht_before()
    rows = [_ever(account, debits, before.get(account.pk, ZERO)) for account, debits in booked or booked_until(until)]
    costs = [row for row in rows if row.account.type == AccountType.COST]
    matching = sum((row.baht for row in rows if row.account.role == R.CODI_MATCHING), ZERO)
    return SourcesAndUses(
        until=until,
        receipts=_of(rows, RECEIPTS),
        revenue=_of(rows, REVENUE),
        expenses=tuple(row for row in costs if row.account.role != R.BENEFIT),
        banks=_sum(_of(rows, (R.BANK,))),
        in_hand=_sum(_of(rows, IN_HAND)),
        other_assets=_sum(row for row in rows if row.account.type == AccountType.ASSET and not _is_money(row)),
        welfare=_sum(_of(rows, (R.BENEFIT,))),
        untold=_untold(rows),
        rounds=tuple(_rounds(until, matching)),
    )


def _ever(account: Account, debits: Decimal, before: Decimal) -> Ever:
    side = -1 if account.type in (AccountType.INCOME, AccountType.FUND) else 1
    return Ever(account, side * debits + before, before)


def _of(rows: Iterable[Ever], roles: tuple[AccountRole, ...]) -> tuple[Ever, ...]:
    """The rows of these roles, in the roles' order."""
    return tuple(sorted((row for row in rows if row.account.role in roles), key=lambda row: _place(row, roles)))


def _place(row: Ever, roles: tuple[AccountRole, ...]) -> tuple[int, str]:
    return roles.index(AccountRole(row.account.role)), row.account.code


def _is_money(row: Ever) -> bool:
    return row.account.role in (R.BANK, *IN_HAND)


def _untold(rows: Iterable[Ever]) -> Decimal:
    """What was there when the books were opened beyond what the old totals leave; below nought where it lacked."""
    held = told = ZERO
    for row in rows:
        if row.account.role == R.ACCUMULATED_FUND:
            held += row.baht
        told += row.before if row.account.type == AccountType.INCOME else -row.before
    return held - told


def _rounds(until: date, matching: Decimal) -> Iterable[tuple[int | None, Decimal]]:
    """The rounds by number, those before the books first told; what is of no round closes the list."""
    found = dict(rounds_before())
    for number, baht in round_money(until).items():
        if number is not None:
            found[number] = found.get(number, ZERO) + baht
    yield from sorted(found.items())
    if rest := matching - sum(found.values(), ZERO):
        yield None, rest

"""Reading the books: balances and period figures from the kept sums.

Only a span that begins or ends inside a month reads lines, and of that month alone.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.snapshots import asked_once
from ledger.models import Account, AccountRole, AccountType, EntryKind, LedgerSum, Line, RestrictedFund
from office.models import User

MONEY_ROLES = (
    AccountRole.BANK,
    AccountRole.CASH,
    AccountRole.COLLECTOR,
    AccountRole.ADVANCE,
)


@asked_once
def every_account() -> list[Account]:
    """The whole chart in code order."""
    return list(Account.objects.order_by("code"))


def balances(
    *roles: AccountRole, until: date | None = None, holder: User | None = None
) -> list[tuple[Account, Decimal]]:
    """Accounts of these roles in code order with their debit balances (debits less credits), in one query.

    `until`: a month's end; None means all that was ever posted. `holder`: those of this collector or carrier alone.
    """
    accounts = Account.objects.filter(role__in=roles) if roles else Account.objects.all()
    if holder is not None:
        accounts = accounts.filter(holder=holder)
    return [(row, row.balance) for row in _with_balances(accounts, until)]


def _with_balances(accounts: QuerySet[Account], until: date | None) -> QuerySet[Account, Any]:
    in_time = Q(sums__month__lte=until) if until else Q()
    held = Coalesce(Sum(F("sums__debit") - F("sums__credit"), filter=in_time), ZERO)
    return accounts.annotate(balance=held).order_by("code")


def balance(account: Account) -> Decimal:
    """The debit balance of one account over all time."""
    found = LedgerSum.objects.filter(account=account).aggregate(balance=Sum(F("debit") - F("credit")))["balance"]
    return found or ZERO


@dataclass(frozen=True, slots=True)
class MoneyInHand:
    """Where the fund's money is. `total` is what the fund has left."""

    banks: list[tuple[Account, Decimal]]
    cash: Decimal
    collectors: list[tuple[Account, Decimal]]
    advances: list[tuple[Account, Decimal]]

    @property
    def cash_with_leaders(self) -> Decimal:
        return sum((amount for _account, amount in [*self.collectors, *self.advances]), ZERO)

    @property
    def banked(self) -> Decimal:
        return sum((amount for _account, amount in self.banks), ZERO)

    @property
    def total(self) -> Decimal:
        return self.banked + self.cash + self.cash_with_leaders


def money_in_hand(until: date | None = None) -> MoneyInHand:
    """Each bank account, the cash box, cash with those leaders who have some: from the kept sums, in one query."""
    there_always = Q(role__in=(AccountRole.BANK, AccountRole.CASH))
    rows = _with_balances(Account.objects.filter(role__in=MONEY_ROLES), until).filter(there_always | ~Q(balance=ZERO))
    of: dict[str, list[tuple[Account, Decimal]]] = defaultdict(list)
    for row in rows:
        of[row.role].append((row, row.balance))
    return MoneyInHand(
        banks=of[AccountRole.BANK],
        cash=sum((amount for _account, amount in of[AccountRole.CASH]), ZERO),
        collectors=of[AccountRole.COLLECTOR],
        advances=of[AccountRole.ADVANCE],
    )


def period_sums(first: date, last: date) -> QuerySet[LedgerSum]:
    """Kept sums of whole months from `first` to `last`, closings left out: the base of income and cost figures."""
    return LedgerSum.objects.filter(month__range=(first.replace(day=1), last), is_closing=False)


def movements(first: date, last: date, *, types: Iterable[AccountType]) -> list[tuple[Account, Decimal]]:
    """Income (credits less debits) or cost (debits less credits) of each account in whole months, in code order."""
    amount = F("sums__debit") - F("sums__credit")
    window = Q(sums__month__range=(first.replace(day=1), last), sums__is_closing=False)
    rows = Account.objects.filter(type__in=types).annotate(amount=Sum(amount, filter=window)).order_by("code")
    return [
        (row, -(row.amount or ZERO) if row.type in (AccountType.INCOME, AccountType.FUND) else row.amount or ZERO)
        for row in rows
    ]


def income_by_leg(first: date, last: date) -> dict[int, Decimal]:
    """Baht of each of the four legs in whole months from `first` to `last`; legs without money are nought."""
    rows = (
        period_sums(first, last)
        .filter(account__leg__isnull=False)
        .values("account__leg")
        .annotate(amount=Sum(F("credit") - F("debit")))
    )
    found = {row["account__leg"]: row["amount"] for row in rows}
    return {leg: found.get(leg, ZERO) for leg in (1, 2, 3, 4)}


def trial_balance(until: date | None = None) -> list[tuple[Account, Decimal, Decimal]]:
    """Every account that was used, with its balance on the debit or on the credit side; the sides agree."""
    return [(account, max(amount, ZERO), max(-amount, ZERO)) for account, amount in balances(until=until) if amount]


# --- any days, exactly -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """What was debited to an account and credited to it."""

    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        """Debits less credits."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class MonthsAndDays:
    """A stretch of days as whole months, from `months_from` to before `months_until`, and the days besides them."""

    months_from: date | None
    months_until: date
    days: Sequence[tuple[date, date]]


def months_and_days(first: date | None, last: date) -> MonthsAndDays:
    """Cut a stretch of days, both ends within, at the months' ends. `first` None: since the beginning."""
    days = []
    ends_whole = last.day == calendar.monthrange(last.year, last.month)[1]
    until = last + timedelta(days=1) if ends_whole else last.replace(day=1)
    since = first
    if first is not None and first.day != 1:
        since = _next_month(first)
        days.append((first, min(last, since - timedelta(days=1))))
    if not ends_whole and (since is None or since <= last):
        days.append((until, last))
    return MonthsAndDays(since, until, days)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@asked_once
def moved_between(
    first: date | None,
    last: date,
    *,
    closings: bool = False,
    accounts: Iterable[Account] | None = None,
    fund: RestrictedFund | None = None,
) -> dict[int, Moved]:
    """What each account moved from `first` to `last`, both within, by the account's key; exact on any days.

    Whole months come from the kept sums in one query; the days of a month cut in two from its lines in two more.
    `closings`: whether the closings of years count. `accounts`, `fund`: only these accounts, only this restricted fund.
    """
    cut = months_and_days(first, last)
    totals: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    if cut.months_from is None or cut.months_from < cut.months_until:
        for key, debit, credit in _whole_months(cut, closings, accounts, fund):
            totals[key][0] += debit
            totals[key][1] += credit
    for side, name in enumerate(("debit", "credit") if cut.days else ()):
        for key, amount in lines_of_days(name, cut.days, closings, accounts, fund):
            totals[key][side] += amount
    return {key: Moved(debit, credit) for key, (debit, credit) in totals.items()}


def _whole_months(
    cut: MonthsAndDays, closings: bool, accounts: Iterable[Account] | None, fund: RestrictedFund | None
) -> Iterable[tuple[int, Decimal, Decimal]]:
    sums = LedgerSum.objects.filter(month__lt=cut.months_until)
    if cut.months_from is not None:
        sums = sums.filter(month__gte=cut.months_from)
    if not closings:
        sums = sums.filter(is_closing=False)
    if accounts is not None:
        sums = sums.filter(account__in=accounts)
    if fund is not None:
        sums = sums.filter(restricted_fund=fund)
    return sums.values_list("account").annotate(debits=Sum("debit"), credits=Sum("credit")).order_by()


def lines_of_days(
    side: str,
    days: Sequence[tuple[date, date]],
    closings: bool,
    accounts: Iterable[Account] | None = None,
    fund: RestrictedFund | None = None,
) -> Iterable[tuple[int, Decimal]]:
    """By the account's key what was booked on one `side` ("debit", "credit") on these days, from the lines."""
    within = Q()
    for stretch in days:
        within |= Q(entry__date__range=stretch)
    lines = Line.objects.filter(within)
    if not closings:
        lines = lines.exclude(entry__kind=EntryKind.CLOSING)
    if accounts is not None:
        lines = lines.filter(**{f"{side}__in": accounts})
    if fund is not None:
        lines = lines.filter(restricted_fund=fund)
    return lines.values_list(side).annotate(total=Sum("amount")).order_by()


def balance_before(account: Account, day: date) -> Decimal:
    """The debit balance of one account at the end of the day before, closings counted."""
    moved = moved_between(None, day - timedelta(days=1), closings=True, accounts=[account])
    return moved.get(account.pk, Moved()).balance

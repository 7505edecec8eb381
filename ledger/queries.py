"""Reading the books: balances and period figures, all from the kept sums, never from the lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from ledger.models import Account, AccountRole, AccountType, LedgerSum

NOTHING = Decimal("0.00")
MONEY_ROLES = (
    AccountRole.BANK,
    AccountRole.CASH,
    AccountRole.COLLECTOR,
    AccountRole.ADVANCE,
)


def balances(*roles: AccountRole, until: date | None = None) -> list[tuple[Account, Decimal]]:
    """Accounts of these roles in code order with their debit balances (debits less credits), in one query.

    `until`: a month's end; None means all that was ever posted.
    """
    in_time = Q(sums__month__lte=until) if until else Q()
    accounts = Account.objects.filter(role__in=roles) if roles else Account.objects.all()
    rows = accounts.annotate(balance=Sum(F("sums__debit") - F("sums__credit"), filter=in_time)).order_by("code")
    return [(row, row.balance or NOTHING) for row in rows]


def balance(account: Account) -> Decimal:
    """The debit balance of one account over all time."""
    found = LedgerSum.objects.filter(account=account).aggregate(balance=Sum(F("debit") - F("credit")))["balance"]
    return found or NOTHING


@dataclass(frozen=True, slots=True)
class MoneyInHand:
    """Where the fund's money is. `total` is what the fund has left."""

    banks: list[tuple[Account, Decimal]]
    cash: Decimal
    collectors: list[tuple[Account, Decimal]]
    advances: list[tuple[Account, Decimal]]

    @property
    def cash_with_leaders(self) -> Decimal:
        return sum((amount for _account, amount in [*self.collectors, *self.advances]), NOTHING)

    @property
    def banked(self) -> Decimal:
        return sum((amount for _account, amount in self.banks), NOTHING)

    @property
    def total(self) -> Decimal:
        return self.banked + self.cash + self.cash_with_leaders


def money_in_hand(until: date | None = None) -> MoneyInHand:
    """Each bank account, the cash box, cash with leaders: from the kept sums, in one query."""
    rows = balances(*MONEY_ROLES, until=until)

    def of(role: AccountRole) -> list[tuple[Account, Decimal]]:
        return [(account, amount) for account, amount in rows if account.role == role]

    def held(role: AccountRole) -> list[tuple[Account, Decimal]]:
        return [(account, amount) for account, amount in of(role) if amount]

    def total_of(role: AccountRole) -> Decimal:
        return sum((amount for _account, amount in of(role)), NOTHING)

    return MoneyInHand(
        banks=of(AccountRole.BANK),
        cash=total_of(AccountRole.CASH),
        collectors=held(AccountRole.COLLECTOR),
        advances=held(AccountRole.ADVANCE),
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
        (row, -(row.amount or NOTHING) if row.type in (AccountType.INCOME, AccountType.FUND) else row.amount or NOTHING)
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
    return {leg: found.get(leg, NOTHING) for leg in (1, 2, 3, 4)}


def trial_balance(until: date | None = None) -> list[tuple[Account, Decimal, Decimal]]:
    """Every account that was used, with its balance on the debit or on the credit side; the sides agree."""
    return [
        (account, max(amount, NOTHING), max(-amount, NOTHING)) for account, amount in balances(until=until) if amount
    ]

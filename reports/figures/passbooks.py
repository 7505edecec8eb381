"""Every bank account by the books and by its passbook, and whether the difference is explained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bansong_fund.lib.money import ZERO
from ledger.models import Account, AccountRole, PassbookLine, Reconciliation


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank account at the end of a day: by the books, and by the last line of its passbook until then.

    `line` is None where nothing of the passbook is typed; `signed` is the last reconciliation until the day.
    """

    account: Account
    booked: Decimal
    line: PassbookLine | None
    signed: Reconciliation | None

    @property
    def difference(self) -> Decimal | None:
        """What the passbook says beyond the books, in baht; None without a passbook."""
        return self.line.balance - self.booked if self.line else None

    @property
    def signed_difference(self) -> Decimal:
        """The difference that the last reconciliation explained."""
        return self.signed.passbook_balance - self.signed.ledger_balance if self.signed else ZERO


def bank_rows(until: date, balances: Iterable[tuple[Account, Decimal]]) -> tuple[BankRow, ...]:
    """Each bank account of the fund in the order of `balances` (accounts with their debit balances), in two queries."""
    banks = [(account, balance) for account, balance in balances if account.role == AccountRole.BANK]
    accounts = [account for account, _balance in banks]
    lines = PassbookLine.objects.filter(account__in=accounts, line_on__lte=until).order_by("account_id", "-position")
    typed = {line.account_id: line for line in lines.distinct("account_id")}
    kept = Reconciliation.objects.filter(account__in=accounts, as_of__lte=until)
    signed = {one.account_id: one for one in kept.order_by("account_id", "-as_of", "-pk").distinct("account_id")}
    return tuple(BankRow(account, balance, typed.get(account.pk), signed.get(account.pk)) for account, balance in banks)

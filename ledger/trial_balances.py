"""The trial balance (งบทดลอง) at the last day of a span, beside the same day a year before.

Both stand before the closing of the fund year that they lie in, and come from the kept sums in one query; only a day
inside a month reads that month's lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from bansong_fund.lib.money import ZERO
from ledger.models import Account, LedgerSum
from ledger.queries import lines_of_days, months_and_days
from ledger.spans import FUND, Span, fund_year_of, year_earlier
from members.models import Fund


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account with its debit balance (debits less credits) at the day, and at the day a year before."""

    account: Account
    balance: Decimal
    earlier: Decimal

    @property
    def debit(self) -> Decimal:
        return max(self.balance, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(-self.balance, ZERO)

    @property
    def earlier_debit(self) -> Decimal:
        return max(self.earlier, ZERO)

    @property
    def earlier_credit(self) -> Decimal:
        return max(-self.earlier, ZERO)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account that was used; the sides agree. `earlier_day` is None where the books hold nothing up to then."""

    rows: list[TrialRow]
    earlier_day: date | None

    @property
    def sums(self) -> dict[str, Decimal]:
        """The totals of `debit` and `credit`, and of `earlier_debit` and `earlier_credit`."""
        names = ("debit", "credit", "earlier_debit", "earlier_credit")
        return {name: sum((getattr(row, name) for row in self.rows), ZERO) for name in names}


def trial_balance_of(span: Span, fund: Fund, *, today: date) -> TrialBalance:
    """The trial balance at a span's last day, in four queries where that day and the one before end their months."""
    first = span.first if span.kind == FUND else fund_year_of(span.reaches, fund, today=today).first
    earlier_day = year_earlier(span)[1]
    earlier_first = fund_year_of(earlier_day, fund, today=today).first
    found = balances_before_closing([(span.last, first), (earlier_day, earlier_first)])
    used = [key for key, amounts in found.items() if any(amounts)]  # a large fund has a thousand collectors' accounts
    rows = [TrialRow(account, *found[account.pk]) for account in Account.objects.filter(pk__in=used).order_by("code")]
    return TrialBalance(rows, earlier_day if any(row.earlier for row in rows) else None)


def balances_before_closing(days: Sequence[tuple[date, date]]) -> dict[int, list[Decimal]]:
    """By the account's key its debit balance at each of `days`: (day, first day of the fund year that it lies in)."""
    cuts = [months_and_days(first, day) for day, first in days]
    sums = {}
    for place, ((_day, first), cut) in enumerate(zip(days, cuts, strict=True)):
        open_months = Q(month__gte=first, month__lt=cut.months_until, is_closing=False)
        sums[f"at_{place}"] = Sum(F("debit") - F("credit"), filter=Q(month__lt=first) | open_months)
    last = max(cut.months_until for cut in cuts)
    rows = LedgerSum.objects.filter(month__lt=last).order_by().values_list("account").annotate(**sums)
    found = {key: [amount or ZERO for amount in amounts] for key, *amounts in rows}
    for place, cut in enumerate(cuts):
        for side, name in ((1, "debit"), (-1, "credit")) if cut.days else ():
            for key, amount in lines_of_days(name, cut.days, closings=False):
                found.setdefault(key, [ZERO] * len(days))[place] += side * amount
    return found

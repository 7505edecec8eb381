"""The chart of accounts: what an account is follows from its code, and every figure of a report from what it is."""

from collections.abc import Iterator

from ledger.accounts import STANDARD_CHART
from ledger.checks.base import Problem
from ledger.models import Account, AccountRole, AccountType

# accounts that are made as they are needed: the beginning of their codes by their role
NUMBERED = {AccountRole.COLLECTOR: "11", AccountRole.BANK: "12", AccountRole.ADVANCE: "13"}
What = tuple[str, str, str, int | None]


def accounts_are_as_charted() -> Iterator[Problem]:
    """No account was given another type, role, kind or leg than its code says: reports would move its money."""
    charted: dict[str, What] = {one.code: (one.type, one.role, one.category, one.leg) for one in STANDARD_CHART}
    for account in Account.objects.order_by("code"):
        what: What = (account.type, account.role, account.category, account.leg)
        wanted = charted.get(account.code) or _numbered(account)
        if what != wanted:
            yield Problem("accounts", f"account {account.code} is kept as {_said(what)}, it should be {_said(wanted)}")


def _numbered(account: Account) -> What:
    role = next((role for role, prefix in NUMBERED.items() if account.code.startswith(prefix)), account.role)
    return AccountType.ASSET, role, "", None


def _said(what: What) -> str:
    leg = f"leg {what[3]}" if what[3] else "in no leg"
    return ", ".join(filter(None, (*what[:3], leg)))

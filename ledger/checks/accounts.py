"""The chart of accounts: what an account is follows from its code, and every figure of a report from what it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.thai_dates import active_language
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
            form = gettext_lazy("account {0} is kept as: {1}; it should be: {2}")
            yield Problem("accounts", form, (account.code, Told(what), Told(wanted)))


def _numbered(account: Account) -> What:
    role = next((role for role, prefix in NUMBERED.items() if account.code.startswith(prefix)), account.role)
    return AccountType.ASSET, role, "", None


@dataclass(frozen=True, slots=True)
class Told:
    """What an account is, in words: its type, role, kind and leg."""

    what: What

    def __str__(self) -> str:
        kind, role, category, leg = self.what
        names = (dict(AccountType.choices).get(kind, kind), dict(AccountRole.choices).get(role, role), _named(category))
        in_leg = _("leg {0}").format(leg) if leg else _("in no leg")
        return ", ".join(str(name) for name in (*names, in_leg) if name)


def _named(category: str) -> str:
    """A kind of benefit or cost by the name of the account that the chart has for it."""
    for one in STANDARD_CHART:
        if category and one.category == category:
            return one.name_en if active_language() == "en" else one.name_th
    return category

"""What is looked at before a month is closed: computed, and where it is not so, explained in words that stay.

Apps above the ledger add their own checks to `CHECKS` and `CHECK_NAMES` in their `ready()`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.snapshots import asked_once
from ledger.models import Account, AccountRole, Reconciliation
from ledger.queries import Moved, moved_between

OK, TO_DO, EXPLAINED = "ok", "to-do", "explained"
CASH_COUNTED, RECONCILED, ADVANCES, FINGERPRINT = "cash-counted", "reconciled", "advances", "fingerprint"

STATE_NAMES = {OK: gettext_lazy("In order"), TO_DO: gettext_lazy("To do"), EXPLAINED: gettext_lazy("Explained")}
CHECK_NAMES: dict[str, Promise] = {
    CASH_COUNTED: gettext_lazy("The cash box is counted and agrees with the books"),
    RECONCILED: gettext_lazy("Each bank account is reconciled to the last day"),
    ADVANCES: gettext_lazy("No advance is still with a leader"),
    FINGERPRINT: gettext_lazy("Fingerprint of the books"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One item of a checklist: whether it is so, and what was found in words and numbers."""

    code: str
    is_done: bool
    found: str = ""

    @property
    def words(self) -> str:
        return str(CHECK_NAMES[self.code])

    def kept(self, note: str) -> dict[str, str]:
        """As it is kept with the closed month: in order, or explained by the note."""
        state = OK if self.is_done else EXPLAINED
        return {"check": self.code, "state": state, "note": " – ".join(filter(None, (self.found, note)))}


def banks_reconciled(_first: date, last: date) -> Check:
    """Every open bank account has a reconciliation of the month's last day."""
    missing = [local_name(bank) for bank in _not_reconciled(last)]
    return Check(RECONCILED, not missing, ", ".join(missing))


@asked_once
def _not_reconciled(last: date) -> list[Account]:
    banks = list(Account.objects.filter(role=AccountRole.BANK, is_open=True).order_by("code"))
    done = set(Reconciliation.objects.filter(as_of=last, account__in=banks).values_list("account", flat=True))
    return [bank for bank in banks if bank.pk not in done]


def advances_settled(_first: date, last: date) -> Check:
    """Nobody holds an advance at the month's end."""
    words = [f"{local_name(account)} {format_baht(amount)}" for account, amount in _advances_held(last) if amount]
    return Check(ADVANCES, not words, ", ".join(words))


@asked_once
def _advances_held(last: date) -> list[tuple[Account, Decimal]]:
    accounts = list(Account.objects.filter(role=AccountRole.ADVANCE).order_by("code"))
    held = moved_between(None, last, accounts=accounts) if accounts else {}
    return [(account, held[account.pk].balance) for account in accounts if account.pk in held]


CHECKS: list[Callable[[date, date], Check]] = [banks_reconciled, advances_settled]


@asked_once
def cash_expected(last: date) -> Decimal:
    """What the cash box holds by the books at the end of a day."""
    cash = Account.objects.get(role=AccountRole.CASH)
    return moved_between(None, last, accounts=[cash]).get(cash.pk, Moved()).balance


def cash_check(last: date, counted: Decimal | None) -> Check:
    """Whether what was counted is what the books say; None: not counted yet."""
    expected = cash_expected(last)
    if counted is None:
        return Check(CASH_COUNTED, False, _("by the books %(baht)s") % {"baht": format_baht(expected)})
    words = _("counted %(counted)s, by the books %(baht)s")
    found = words % {"counted": format_baht(counted), "baht": format_baht(expected)}
    return Check(CASH_COUNTED, counted == expected, found)


def checklist(first: date, last: date, counted: Decimal | None = None) -> list[Check]:
    """Every item of a month, the count of the cash first."""
    return [cash_check(last, counted), *(check(first, last) for check in CHECKS)]


def shown_checklist(kept: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A kept checklist with the names of its items and states in words."""
    return [
        {
            "name": CHECK_NAMES.get(item["check"], item["check"]),
            "state": STATE_NAMES.get(item["state"], item["state"]),
            "is_explained": item["state"] == EXPLAINED,
            "note": item["note"],
        }
        for item in kept
    ]

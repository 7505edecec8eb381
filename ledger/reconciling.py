"""กระทบยอด: what the passbook and the books say on a day, and what explains the difference.

passbook = books + (paid in or taken out at the bank only) − (in the books only) + what was different before the first
typed line. The first two are named line by line; the last has to be explained in words before it is signed.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import format_date
from ledger.models import Account, PassbookLine, Reconciliation
from ledger.passbook_queries import left_of, lines_not_found, not_ticked, signed, ticked_lines
from ledger.queries import balance_before
from ledger.registers import about_line
from office.models import User

BOOKS, BANK = "books", "bank"


class NotTyped(DomainError):
    """The passbook has no line on or before the day."""


class NotExplained(DomainError):
    """A difference from before the first typed line, and no word about it."""


class NotYet(DomainError):
    """A day after today cannot be reconciled."""


@dataclass(frozen=True, slots=True)
class Item:
    """Money that one side has and the other has not (yet): baht, above zero in, below zero out."""

    side: str  # BOOKS or BANK: who has it
    day: date
    about: str
    baht: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """On the way from the passbook's balance to that of the books: items of one sort, and what they add up to."""

    code: str
    items: list[Item]
    baht: Decimal


STEP_NAMES = {
    "books-in": gettext_lazy("Add: paid in by the books, not yet at the bank"),
    "books-out": gettext_lazy("Less: paid out by the books, not yet at the bank"),
    "bank-in": gettext_lazy("Less: paid in at the bank, not in the books"),
    "bank-out": gettext_lazy("Add: taken out at the bank, not in the books"),
    "before": gettext_lazy("Different from before the first typed line"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Passbook against books on a day. `before` is what differed before the first typed line."""

    account: Account
    as_of: date
    passbook_balance: Decimal
    ledger_balance: Decimal
    items: list[Item]

    def of(self, side: str) -> list[Item]:
        return [item for item in self.items if item.side == side]

    def sum_of(self, side: str) -> Decimal:
        return sum((item.baht for item in self.of(side)), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.passbook_balance - self.ledger_balance

    @property
    def before(self) -> Decimal:
        return self.difference - self.sum_of(BANK) + self.sum_of(BOOKS)

    @property
    def steps(self) -> list[Step]:
        """From the passbook to the books, sorts without items left out: items with what they add to the balance."""
        sorts = {
            "books-in": [item for item in self.of(BOOKS) if item.baht > 0],
            "books-out": [item for item in self.of(BOOKS) if item.baht < 0],
            "bank-in": [_turned(item) for item in self.of(BANK) if item.baht > 0],
            "bank-out": [_turned(item) for item in self.of(BANK) if item.baht < 0],
        }
        steps = [Step(code, items, sum((item.baht for item in items), ZERO)) for code, items in sorts.items() if items]
        return [*steps, Step("before", [], -self.before)] if self.before else steps


def _turned(item: Item) -> Item:
    return Item(item.side, item.day, item.about, -item.baht)


def compare(account: Account, as_of: date) -> Comparison:
    """Compare the typed passbook with the books on a day. Raises `NotTyped`."""
    last = PassbookLine.objects.filter(account=account, line_on__lte=as_of).order_by("-position").first()
    if last is None:
        message = _("No line of the passbook is typed for %(day)s or before. Copy its lines first.")
        raise NotTyped(message % {"day": format_date(as_of)}, field="as_of")
    at_bank = not_ticked(ticked_lines(account, until=as_of).filter(line_on__lte=as_of))
    items = [Item(BANK, row.line_on, row.note or row.code, left_of(row)) for row in at_bank]
    items += [
        Item(BOOKS, line.entry.date, about_line(line, account), _left(line, account))
        for line in lines_not_found(account, until=as_of)
    ]
    return Comparison(account, as_of, last.balance, balance_on(account, as_of), items)


def _left(line: Any, account: Account) -> Decimal:
    left: Decimal = line.amount - line.ticked
    return left if signed(line, account) > 0 else -left


def balance_on(account: Account, day: date) -> Decimal:
    """The debit balance at the end of a day."""
    return balance_before(account, day + timedelta(days=1))


def reconciliation_of(request_id: uuid.UUID) -> Reconciliation | None:
    return Reconciliation.objects.filter(request_id=request_id).first()


@transaction.atomic(durable=True)
def reconcile(
    account: Account, as_of: date, *, explanation: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> Reconciliation:
    """Keep the comparison of a day as it is signed. The same form twice keeps it once.

    Raises `NotTyped`, `NotYet`, and `NotExplained` where the typed lines begin with another balance than the books.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    if done := reconciliation_of(request_id):
        return done
    if as_of > today:
        raise NotYet(_("%(day)s has not come yet.") % {"day": format_date(as_of)}, field="as_of")
    found = compare(account, as_of)
    if found.before and not explanation.strip():
        message = _(
            "%(baht)s baht differ from before the first typed line of the passbook. Write where they come from, or type"
            " the passbook from further back."
        )
        raise NotExplained(message % {"baht": format_baht(found.before)}, field="explanation")
    return keep_comparison(found, explanation=explanation.strip(), by=by, now=now, request_id=request_id)


def keep_comparison(
    found: Comparison, *, explanation: str, by: User, now: datetime, request_id: uuid.UUID
) -> Reconciliation:
    """Keep a comparison as it is."""
    return Reconciliation.objects.create(
        request_id=request_id,
        account=found.account,
        as_of=found.as_of,
        passbook_balance=found.passbook_balance,
        ledger_balance=found.ledger_balance,
        items=[
            {"side": item.side, "date": item.day.isoformat(), "about": item.about, "baht": str(item.baht)}
            for item in found.items
        ],
        explanation=explanation,
        made_by=by,
        made_at=now,
    )


def as_signed(kept: Reconciliation) -> Comparison:
    """A kept reconciliation as it was, whatever was ticked off since."""
    items = [
        Item(item["side"], date.fromisoformat(item["date"]), item["about"], Decimal(item["baht"]))
        for item in kept.items
    ]
    return Comparison(kept.account, kept.as_of, kept.passbook_balance, kept.ledger_balance, items)

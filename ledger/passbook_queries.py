"""Reading passbooks: their lines with what is ticked off, and the lines of the ledger that no passbook shows yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from ledger.models import Account, AccountRole, EntryKind, Line, PassbookLine, Reconciliation

NEAR_DAYS = 10  # a slip reaches the bank, or the books, within so many days


def bank_accounts() -> QuerySet[Account]:
    return Account.objects.filter(role=AccountRole.BANK).order_by("code")


def last_line(account: Account) -> PassbookLine | None:
    return PassbookLine.objects.filter(account=account).order_by("-position").first()


def first_line(account: Account) -> PassbookLine | None:
    return PassbookLine.objects.filter(account=account).order_by("position").first()


def moved(line: PassbookLine) -> Decimal:
    """What a passbook line adds to the account, in baht; below zero where it takes out."""
    return line.paid_in - line.taken_out


def left_of(row: Any) -> Decimal:
    """What of a row of `ticked_lines` is not found in the ledger yet; below zero where it takes out."""
    left: Decimal = abs(moved(row)) - row.ticked
    return left if moved(row) > 0 else -left


def signed(line: Line, account: Account) -> Decimal:
    """What a line of the ledger adds to the account, in baht; below zero where it takes out."""
    return line.amount if line.debit_id == account.pk else -line.amount


def ticked_lines(account: Account, *, until: date | None = None) -> QuerySet[Any]:
    """The passbook's lines, each with `ticked`: how many baht of it were found in the ledger (by entries `until`)."""
    found = Q(ticks__line__entry__date__lte=until) if until else Q()
    rows = PassbookLine.objects.filter(account=account).select_related("account")
    return rows.annotate(ticked=Coalesce(Sum("ticks__amount", filter=found), ZERO))


def not_ticked(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(ticked__lt=F("taken_out") + F("paid_in")).order_by("position")


def window(account: Account) -> Q:
    """Which lines of the ledger the typed passbook can show: none from before its first line, and no opening.

    A day whose passbook only brings a balance forward lies before it; with further lines of that day it is within.
    """
    first = first_line(account)
    if first is None:
        return Q(pk=None)
    same_day = PassbookLine.objects.filter(account=account, line_on=first.line_on).exclude(pk=first.pk)
    is_within = moved(first) != 0 or same_day.exists()
    days = Q(entry__date__gte=first.line_on) if is_within else Q(entry__date__gt=first.line_on)
    return days & ~Q(entry__kind=EntryKind.OPENING)


def lines_not_found(
    account: Account,
    *,
    until: date | None = None,
    near: Sequence[PassbookLine] | None = None,
    keys: Sequence[int] | None = None,
) -> list[Any]:
    """Lines of the ledger that the passbook does not show (whole), oldest first, each with `ticked` baht of it.

    `until`: by entries and passbook lines of that day and before. `near`: only what can be one of these passbook
    lines. `keys`: only these. A line and its reversal, both not found, are left out: that money never moved.
    """
    shown = Q(ticks__passbook_line__account=account)
    if until:
        shown &= Q(ticks__passbook_line__line_on__lte=until)
    rows: QuerySet[Any] = Line.objects.filter(window(account), Q(debit=account) | Q(credit=account))
    if until:
        rows = rows.filter(entry__date__lte=until)
    if near is not None:
        rows = rows.filter(_days_near(near))
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    rows = rows.annotate(ticked=Coalesce(Sum("ticks__amount", filter=shown), ZERO)).filter(ticked__lt=F("amount"))
    about = rows.select_related("entry", "entry__memo_row", "member", "debit", "credit")
    return _without_undone(about.order_by("entry__date", "pk"), until)


def _days_near(lines: Sequence[PassbookLine]) -> Q:
    if not lines:
        return Q(pk=None)
    days = [line.line_on for line in lines]
    reach = timedelta(days=NEAR_DAYS)
    return Q(entry__date__range=(min(days) - reach, max(days) + reach))


def _without_undone(rows: Iterable[Any], until: date | None) -> list[Any]:
    """Without reversed lines and their reversals, where the bank has seen neither."""
    found = list(rows)
    keys = {line.pk for line in found if not line.ticked}
    reversals = Line.objects.filter(reverses__in=keys)
    if until:
        reversals = reversals.filter(entry__date__lte=until)
    pairs = dict(reversals.filter(ticks=None).values_list("pk", "reverses_id"))
    undone = {*pairs, *pairs.values()}
    return [line for line in found if line.pk not in undone]


@dataclass(frozen=True, slots=True)
class PassbookGlance:
    """A bank account in the list: through which day its passbook is typed, what it says, what is not ticked off."""

    account: Account
    typed_until: date | None
    passbook_balance: Decimal | None
    not_ticked: int
    reconciled_until: date | None


def passbooks() -> list[PassbookGlance]:
    """All bank accounts with their passbooks, in four queries."""
    accounts = list(bank_accounts())
    last = {
        row.account_id: row for row in PassbookLine.objects.order_by("account_id", "-position").distinct("account_id")
    }
    open_lines: QuerySet[Any] = PassbookLine.objects.annotate(ticked=Coalesce(Sum("ticks__amount"), ZERO))
    unticked = _counted(open_lines.filter(ticked__lt=F("taken_out") + F("paid_in")))
    signed_until = dict(
        Reconciliation.objects.values("account_id").annotate(day=Max("as_of")).values_list("account_id", "day")
    )
    return [
        PassbookGlance(
            account,
            last[account.pk].line_on if account.pk in last else None,
            last[account.pk].balance if account.pk in last else None,
            unticked.get(account.pk, 0),
            signed_until.get(account.pk),
        )
        for account in accounts
    ]


def _counted(rows: QuerySet[Any]) -> dict[int, int]:
    found = PassbookLine.objects.filter(pk__in=rows.order_by().values("pk")).order_by().values_list("account_id")
    return dict(found.annotate(n=Count("pk")))


# --- one passbook -----------------------------------------------------------------------------------------

LINES_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PassbookPage:
    """Lines of a passbook, newest first, each with `ticked`; `next_key` is what the older ones start behind."""

    rows: list[Any]
    next_key: int | None


def passbook_page(account: Account, before: int | None = None) -> PassbookPage:
    rows = ticked_lines(account).order_by("-position")
    if before:
        rows = rows.filter(position__lt=before)
    found = list(rows[: LINES_ON_A_PAGE + 1])
    for row in found:
        row.is_open = left_of(row) != 0
        row.moves = moved(row) != 0
    shown = found[:LINES_ON_A_PAGE]
    return PassbookPage(shown, shown[-1].position if len(found) > LINES_ON_A_PAGE else None)


def lines_like(row: Any, most: int = 60) -> list[Any]:
    """Lines of the ledger that a row of `ticked_lines` could be, the nearest day first: those that go the same way."""
    account = row.account
    near = [line for line in lines_not_found(account, near=[row]) if (signed(line, account) > 0) == (moved(row) > 0)]
    near.sort(key=lambda line: (abs(line.amount - line.ticked - abs(left_of(row))) != 0, _apart(line, row), line.pk))
    return near[:most]


def _apart(line: Line, row: PassbookLine) -> int:
    return abs((line.entry.date - row.line_on).days)

"""The bank's own book: its lines typed as they stand, and ticked off against the lines of the ledger.

Most funds have only the passbook. What the bank printed is never changed to fit the ledger: a line is written with
its balance, each balance has to follow from the one before, and what one side has and the other has not stays in
sight until it is ticked off or explained (`ledger.reconciling`).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import format_date
from ledger.models import Account, Line, PassbookLine, PassbookTick
from ledger.passbook_queries import NEAR_DAYS, last_line, left_of, lines_not_found, moved, signed, ticked_lines
from office.action_log import log_action
from office.models import User


class LinesRefused(DomainError):
    """Lines that cannot stand in the passbook: `rows` says why, by the place of the line among those given."""

    def __init__(self, message: str, rows: dict[int, str]) -> None:
        super().__init__(message)
        self.rows = rows


class NothingTyped(DomainError):
    """No line was written down."""


class NotTheLast(DomainError):
    """Only the last line can be taken back, and only while it is not ticked off."""


class NotTheSameMoney(DomainError):
    """The lines chosen do not come to what the passbook line says."""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as it stands in the passbook, amounts in baht; with neither out nor in it brings a balance forward."""

    line_on: date
    code: str
    taken_out: Decimal
    paid_in: Decimal
    balance: Decimal
    note: str = ""


@transaction.atomic(durable=True)
def write_passbook_lines(
    account: Account, lines: Sequence[TypedLine], *, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> list[PassbookLine]:
    """Write lines behind those that stand, all or none. The same form twice writes them once.

    Raises `NothingTyped`, and `LinesRefused` with every line that is wrong: after today, before the line above it, out
    and in at once, standing there already, or with a balance that does not follow.
    """
    hold_passbook(account)
    if written := list(PassbookLine.objects.filter(account=account, request_id=request_id)):
        return written
    if not lines:
        raise NothingTyped(_("No line is filled in. Copy the lines from the passbook, each with its balance."))
    last = last_line(account)
    if faults := line_faults(lines, last, known=known_lines(account, lines), today=today):
        message = _("Nothing was saved: %(count)s of the lines cannot stand as they are. See beside each.")
        raise LinesRefused(message % {"count": len(faults)}, faults)
    first = last.position + 1 if last else 1
    rows = [
        PassbookLine(
            account=account,
            position=place,
            line_on=line.line_on,
            code=line.code,
            taken_out=line.taken_out,
            paid_in=line.paid_in,
            balance=line.balance,
            note=line.note,
            request_id=request_id,
            written_by=by,
            written_at=now,
        )
        for place, line in enumerate(lines, start=first)
    ]
    return PassbookLine.objects.bulk_create(rows, batch_size=1000)


def hold_passbook(account: Account) -> Account:
    """Lock the account's row: who writes and who ticks in one passbook wait for each other."""
    return Account.objects.select_for_update().get(pk=account.pk)


Identity = tuple[date, Decimal, Decimal, Decimal]
Known = dict[Identity, int]


def identity(line: TypedLine | PassbookLine) -> Identity:
    """What tells a line from others: its day, out, in and balance."""
    return line.line_on, line.taken_out, line.paid_in, line.balance


def known_lines(account: Account, lines: Sequence[TypedLine]) -> Known:
    """Lines that stand already on one of these days: what they say -> their position."""
    days = {line.line_on for line in lines}
    rows = PassbookLine.objects.filter(account=account, line_on__in=days)
    return {identity(row): row.position for row in rows}


def line_faults(lines: Sequence[TypedLine], last: PassbookLine | None, *, known: Known, today: date) -> dict[int, str]:
    """What is wrong with lines to be written behind `last`, by their places; empty where nothing is."""
    faults: dict[int, str] = {}
    day, balance = (last.line_on, last.balance) if last else (None, None)
    for place, line in enumerate(lines):
        if fault := _fault(line, day, balance, known, today):
            faults[place] = fault
        day, balance = line.line_on, line.balance
    return faults


def _fault(line: TypedLine, day: date | None, balance: Decimal | None, known: Known, today: date) -> str:
    """Why this line cannot stand behind one of `day` with `balance`; "" where it can."""
    if line.line_on > today:
        return _("%(day)s is after today. Look at the year.") % {"day": format_date(line.line_on)}
    if min(line.taken_out, line.paid_in) < 0:
        return _("An amount below zero does not stand in a passbook: write it on the other side.")
    if line.taken_out and line.paid_in:
        return _("A line takes out or pays in, not both. Write two lines.")
    misplaced = _out_of_order(line, day, balance)
    position = known.get(identity(line))
    if misplaced and position is not None:
        return _("This line stands already as no. %(position)s.") % {"position": position}
    return misplaced


def _out_of_order(line: TypedLine, day: date | None, balance: Decimal | None) -> str:
    """Why this line does not follow one of `day` with `balance`; "" where it does, or where it is the first."""
    if day is not None and line.line_on < day:
        message = _("%(day)s is before the line above it (%(above)s). Copy the lines in the passbook's order.")
        return message % {"day": format_date(line.line_on, "short"), "above": format_date(day, "short")}
    if balance is not None and balance - line.taken_out + line.paid_in != line.balance:
        message = _("%(before)s − %(out)s + %(in)s is %(sum)s, but the line says %(balance)s.")
        figures = {"before": balance, "out": line.taken_out, "in": line.paid_in, "balance": line.balance}
        figures["sum"] = balance - line.taken_out + line.paid_in
        return message % {name: format_baht(amount) for name, amount in figures.items()}
    return ""


@transaction.atomic(durable=True)
def take_back_last_line(account: Account, position: int, *, by: User) -> None:
    """Take the last line off again, to type it anew. Taken back already: nothing happens. Raises `NotTheLast`."""
    hold_passbook(account)
    line = PassbookLine.objects.filter(account=account, position=position).first()
    if line is None:
        return
    last = last_line(account)
    if last is None or last.pk != line.pk or line.ticks.exists():
        message = _("Line %(position)s is not the last one, or it is ticked off. Take back the later ones first.")
        raise NotTheLast(message % {"position": position})
    told = {"line": position, "day": line.line_on.isoformat(), "balance": str(line.balance)}
    log_action(by, "passbook-line-taken-back", subject=account, **told)
    line.delete()


# --- ticking off ------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def tick_off(passbook_line: PassbookLine, line_keys: Sequence[int], *, by: User, now: datetime) -> list[PassbookTick]:
    """Find lines of the ledger in one line of the passbook: together they come to what it says, or less.

    One larger line of the ledger may be found in several of the passbook, a part in each. What is ticked already stays.
    Raises `NotTheSameMoney`.
    """
    account = hold_passbook(passbook_line.account)
    row = ticked_lines(account).get(pk=passbook_line.pk)
    left = abs(left_of(row))
    wanted = lines_not_found(account, keys=line_keys)
    if not wanted or left == 0:
        return []
    if any((signed(line, account) > 0) != (moved(row) > 0) for line in wanted):
        raise NotTheSameMoney(_("One is paid in and the other taken out. Choose lines that go the same way."))
    total = sum((line.amount - line.ticked for line in wanted), ZERO)
    if len(wanted) > 1 and total > left:
        message = _("The lines chosen come to %(total)s baht, the passbook says %(left)s. Choose others.")
        raise NotTheSameMoney(message % {"total": format_baht(total), "left": format_baht(left)})
    who = {"ticked_by": by, "ticked_at": now}
    ticks = [
        PassbookTick(passbook_line=row, line=line, amount=min(line.amount - line.ticked, left), **who)
        for line in wanted
    ]
    return PassbookTick.objects.bulk_create(ticks)


@transaction.atomic(durable=True)
def take_ticks_back(passbook_line: PassbookLine) -> None:
    """Let the line be unticked again; reconciliations that were signed keep what they said."""
    hold_passbook(passbook_line.account)
    PassbookTick.objects.filter(passbook_line=passbook_line).delete()


def tick_all(account: Account, pairs: dict[int, list[int]], *, by: User, now: datetime) -> int:
    """Tick off several passbook lines, each with its lines of the ledger, by their keys. What is ticked stays.

    Returns how many passbook lines were ticked. The others wait as before: each is a transaction of its own.
    """
    rows = PassbookLine.objects.filter(account=account, pk__in=pairs).select_related("account").order_by("position")
    done = 0
    for row in rows:
        try:
            done += bool(tick_off(row, pairs[row.pk], by=by, now=now))
        except NotTheSameMoney:  # somebody ticked a part meanwhile: it waits for a look
            continue
    return done


def proposals(account: Account, rows: Sequence[Any]) -> dict[int, list[Any]]:
    """For rows of `ticked_lines`, by their keys: the lines of the ledger that they seem to be.

    The nearest line of the same amount within `NEAR_DAYS`; else all lines of one day that come to it together. Each
    line of the ledger is proposed once, the oldest passbook line first.
    """
    free = lines_not_found(account, near=rows)
    found: dict[int, list[Any]] = {}
    for row in rows:
        near = [line for line in free if not line.ticked and _days_apart(line, row) <= NEAR_DAYS]
        same = [line for line in near if signed(line, account) == left_of(row)]
        chosen = sorted(same, key=lambda line: (_days_apart(line, row), line.pk))[:1]
        chosen = chosen or _a_days_lines(near, account, row)
        if chosen:
            found[row.pk] = chosen
            taken = {line.pk for line in chosen}
            free = [line for line in free if line.pk not in taken]
    return found


def _days_apart(line: Line, row: PassbookLine) -> int:
    return abs((line.entry.date - row.line_on).days)


def _a_days_lines(near: Sequence[Any], account: Account, row: Any) -> list[Any]:
    """All lines of one day, going the same way, that together are the passbook line; the nearest day first."""
    amount = left_of(row)
    days: dict[date, list[Any]] = {}
    for line in sorted(near, key=lambda line: _days_apart(line, row)):
        if signed(line, account) * amount > 0:
            days.setdefault(line.entry.date, []).append(line)
    sums = ((lines, sum((signed(line, account) for line in lines), ZERO)) for lines in days.values())
    return next((lines for lines, total in sums if total == amount), [])

"""The journal and the statement of an account, of any span: what was brought forward, line by line, carried forward.

Pages go on by key, the day and the number of the last row shown. A balance behind a row never needs the lines of
more than one month: the rest comes from the kept sums.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO
from ledger.models import Account, AccountType, Entry, Line, RestrictedFund
from ledger.queries import Moved, moved_between
from ledger.spans import Span

ROWS_ON_A_PAGE = 100
ROWS_AT_A_TIME = 2000
KEY = re.compile(r"([12][0-9]{3}-[01][0-9]-[0-3][0-9])\.([0-9]{1,15})\.([0-9]{1,9})")
CREDIT_TYPES = (AccountType.INCOME, AccountType.FUND)


class Key(NamedTuple):
    """The place of a row: its day, its entry's number, its position in the entry (0 for the whole entry)."""

    day: date
    number: int
    position: int = 0

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.number}.{self.position}"


def key_of(text: str) -> Key | None:
    """The key that an address carries; None for what is none."""
    found = KEY.fullmatch(text)
    if found is None:
        return None
    try:
        return Key(date.fromisoformat(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of an account's statement with the balance behind it, on the account's own side."""

    key: Key
    day: date
    entry: Entry
    about: str
    money_in: Decimal | None
    money_out: Decimal | None
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """An account in a span. Balances are on the account's own side; `before_page` is that over the first row shown."""

    account: Account
    span: Span
    brought: Decimal
    debits: Decimal
    credits: Decimal
    before_page: Decimal
    rows: list[StatementRow]
    next_after: Key | None

    @property
    def carried(self) -> Decimal:
        return self.brought + own_side(self.account) * (self.debits - self.credits)


def own_side(account: Account) -> int:
    """1 where debits add to an account, -1 where credits do."""
    return -1 if account.type in CREDIT_TYPES else 1


def statement(
    account: Account, span: Span, *, after: Key | None = None, fund: RestrictedFund | None = None
) -> Statement:
    """A page of an account's statement, the oldest line first. The whole span's sums stand with every page."""
    brought, moved = brought_and_moved(account, span, fund)
    side = own_side(account)
    before_page = brought if after is None else brought + side * _moved_until(account, span, after, fund)
    lines = account_lines(account, span, fund)
    chosen = list((lines.filter(_behind(after)) if after else lines)[: ROWS_ON_A_PAGE + 1])
    rows = list(statement_rows(account, chosen[:ROWS_ON_A_PAGE], before_page))
    more = len(chosen) > ROWS_ON_A_PAGE
    return Statement(
        account, span, brought, moved.debit, moved.credit, before_page, rows, rows[-1].key if more else None
    )


def brought_and_moved(account: Account, span: Span, fund: RestrictedFund | None = None) -> tuple[Decimal, Moved]:
    """What an account held on its own side before the span, and what it moved within."""
    facts: dict[str, Any] = {"closings": True, "accounts": [account], "fund": fund}
    before = moved_between(None, _eve(span.first), **facts).get(account.pk, Moved())
    return own_side(account) * before.balance, moved_between(span.first, span.last, **facts).get(account.pk, Moved())


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def account_lines(account: Account, span: Span, fund: RestrictedFund | None = None) -> QuerySet[Line]:
    """The lines of an account in a span in the order of its statement, with what a row says."""
    lines = Line.objects.filter(Q(debit=account) | Q(credit=account), entry__date__range=(span.first, span.last))
    if fund is not None:
        lines = lines.filter(restricted_fund=fund)
    return lines.select_related("entry", "entry__memo_row", "member", "debit", "credit").order_by(
        "entry__date", "entry__number", "position"
    )


def statement_rows(account: Account, lines: Any, balance: Decimal) -> Iterator[StatementRow]:
    """Rows of lines in order, `balance` being that before the first."""
    side = own_side(account)
    for line in lines:
        is_debit = line.debit_id == account.pk
        balance += side * (line.amount if is_debit else -line.amount)
        yield StatementRow(
            Key(line.entry.date, line.entry.number, line.position),
            line.entry.date,
            line.entry,
            about(line, account),
            line.amount if is_debit else None,
            None if is_debit else line.amount,
            balance,
        )


def about(line: Line, account: Account) -> str:
    """What a line is about: the words of its entry, else the person, else the other account."""
    memo = getattr(line.entry, "memo_row", None)
    if memo is not None:
        return str(memo.text)
    if line.member is not None:
        return line.member.full_name
    return local_name(line.credit if line.debit_id == account.pk else line.debit)


def _behind(key: Key) -> Q:
    day = Q(entry__date=key.day)
    return (
        Q(entry__date__gt=key.day)
        | day & Q(entry__number__gt=key.number)
        | day & Q(entry__number=key.number, position__gt=key.position)
    )


def _moved_until(account: Account, span: Span, key: Key, fund: RestrictedFund | None) -> Decimal:
    """Debits less credits from the span's first day up to a row, that row within."""
    moved = Moved()
    if key.day > span.first:
        facts: dict[str, Any] = {"closings": True, "accounts": [account], "fund": fund}
        moved = moved_between(span.first, _eve(key.day), **facts).get(account.pk, Moved())
    lines = Line.objects.filter(Q(debit=account) | Q(credit=account), entry__date=key.day)
    lines = lines.filter(Q(entry__number__lt=key.number) | Q(entry__number=key.number, position__lte=key.position))
    if fund is not None:
        lines = lines.filter(restricted_fund=fund)
    of_the_day = lines.aggregate(
        debit=Coalesce(Sum("amount", filter=Q(debit=account)), ZERO),
        credit=Coalesce(Sum("amount", filter=Q(credit=account)), ZERO),
    )
    return moved.balance + Decimal(of_the_day["debit"] - of_the_day["credit"])


# --- the journal ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries of a span, newest first, each with the sum of its lines as `total`."""

    rows: list[Any]
    next_key: Key | None


def journal_page(span: Span | None = None, *, before: Key | None = None, rows: int = ROWS_ON_A_PAGE) -> JournalPage:
    """A page of the journal, the newest entry first; of the whole journal where no span is named."""
    entries = Entry.objects.filter(date__range=(span.first, span.last)) if span else Entry.objects.all()
    if before:
        entries = entries.filter(Q(date__lt=before.day) | Q(date=before.day, number__lt=before.number))
    undone = Line.objects.filter(entry=OuterRef("pk"), reversed_by__isnull=False)
    entries = entries.annotate(is_reversed=Exists(undone)).select_related("memo_row", "posted_by")
    found: list[Any] = list(entries.order_by("-date", "-number")[: rows + 1])
    totals = dict(Line.objects.filter(entry__in=found).values_list("entry").annotate(total=Sum("amount")).order_by())
    for row in found:
        row.total = totals[row.pk]
    shown = found[:rows]
    return JournalPage(shown, Key(shown[-1].date, shown[-1].number) if len(found) > rows else None)


def journal_lines(span: Span) -> QuerySet[Line]:
    """Every line of a span as the journal on paper has it: the oldest first, debit and credit of each."""
    lines = Line.objects.filter(entry__date__range=(span.first, span.last))
    return lines.select_related("entry", "entry__memo_row", "member", "debit", "credit").order_by(
        "entry__date", "entry__number", "position"
    )

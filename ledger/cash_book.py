"""สมุดเงินสด, the cash book: cash and banks side by side, day by day, with what is brought and carried forward.

One row for each entry that moved cash or a bank account. Money with collectors and advances are not in the box and so
not in its book; they have statements of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.models import Account, AccountRole, Entry, Line
from ledger.queries import Moved, moved_between
from ledger.spans import Span
from ledger.statements import Key

ROWS_ON_A_PAGE = 100
PLACES = (AccountRole.CASH, AccountRole.BANK)
WITH_LEADERS = (AccountRole.COLLECTOR, AccountRole.ADVANCE)
NAMED_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """A place in a span: what it held before, took in, gave out. `account` is None for several together."""

    account: Account | None
    brought: Decimal = ZERO
    money_in: Decimal = ZERO
    money_out: Decimal = ZERO

    @property
    def carried(self) -> Decimal:
        return self.brought + self.money_in - self.money_out


@dataclass(frozen=True, slots=True)
class CashBookRow:
    """An entry that moved cash or a bank account, with what both hold behind it."""

    key: Key
    entry: Entry
    about: Words
    cash_in: Decimal
    cash_out: Decimal
    cash_left: Decimal
    bank_in: Decimal
    bank_out: Decimal
    bank_left: Decimal
    is_new_day: bool

    @property
    def day(self) -> date:
        return self.key.day


@dataclass(frozen=True, slots=True)
class CashBook:
    """The cash book of a span: its places with their sums, and a page of its rows."""

    span: Span
    places: list[PlaceSum]
    cash: PlaceSum
    bank: PlaceSum
    cash_before: Decimal
    bank_before: Decimal
    rows: list[CashBookRow]
    next_after: Key | None

    @property
    def total(self) -> PlaceSum:
        return together([self.cash, self.bank])


def together(places: Iterable[PlaceSum]) -> PlaceSum:
    held = list(places)
    return PlaceSum(
        None,
        sum((place.brought for place in held), ZERO),
        sum((place.money_in for place in held), ZERO),
        sum((place.money_out for place in held), ZERO),
    )


def cash_book(span: Span, *, after: Key | None = None, rows: int | None = ROWS_ON_A_PAGE) -> CashBook:
    """The cash book of a span, a page of it, or all of it where `rows` is None."""
    accounts = list(Account.objects.filter(role__in=PLACES).order_by("code"))
    places = _sums(accounts, span)
    cash = together(place for place in places if _is(place, AccountRole.CASH))
    bank = together(place for place in places if _is(place, AccountRole.BANK))
    left = [cash.brought, bank.brought]
    if after is not None:
        for which, moved in enumerate(_moved_until(accounts, span, after)):
            left[which] += moved
    chosen = _facts(accounts, span, after, None if rows is None else rows + 1)
    shown = chosen if rows is None else chosen[:rows]
    made = list(_rows(shown, (left[0], left[1]), after))
    next_after = made[-1].key if made and len(chosen) > len(shown) else None
    return CashBook(span, places, cash, bank, left[0], left[1], made, next_after)


def held_by_leaders(span: Span) -> PlaceSum:
    """Cash with collectors and advances together, which the cash book leaves out."""
    return together(_sums(list(Account.objects.filter(role__in=WITH_LEADERS)), span))


def count_rows(span: Span) -> int:
    """How many rows the whole span has."""
    return _entries(list(Account.objects.filter(role__in=PLACES)), span, None).count()


def _is(place: PlaceSum, role: AccountRole) -> bool:
    return place.account is not None and place.account.role == role


def _sums(accounts: list[Account], span: Span) -> list[PlaceSum]:
    before = moved_between(None, span.first - timedelta(days=1), accounts=accounts)
    within = moved_between(span.first, span.last, accounts=accounts)
    places = []
    for account in accounts:
        moved = within.get(account.pk, Moved())
        places.append(PlaceSum(account, before.get(account.pk, Moved()).balance, moved.debit, moved.credit))
    return [place for place in places if place.account and (place.account.is_open or place.brought or place.money_in)]


def _moving(accounts: list[Account]) -> Q:
    return Q(debit__in=accounts) | Q(credit__in=accounts)


def _entries(accounts: list[Account], span: Span, after: Key | None) -> QuerySet[Entry]:
    """The entries of a span that moved cash or a bank account, in their order."""
    lines = Line.objects.filter(_moving(accounts), entry=OuterRef("pk"))
    entries = Entry.objects.filter(Exists(lines), date__range=(span.first, span.last)).order_by("date", "number")
    if after is not None:
        entries = entries.filter(Q(date__gt=after.day) | Q(date=after.day, number__gt=after.number))
    return entries


def _facts(accounts: list[Account], span: Span, after: Key | None, most: int | None) -> list[dict[str, Any]]:
    """Per entry, in order: its day, its number, in and out of cash and banks.

    A page's entries are found first, so that the lines of a whole year are not added up for a hundred rows.
    """
    entries = _entries(accounts, span, after)
    keys: Any = entries.values("pk") if most is None else list(entries.values_list("pk", flat=True)[:most])
    lines = Line.objects.filter(_moving(accounts), entry__in=keys)
    return list(
        _summed(lines.values("entry", "entry__date", "entry__number"), accounts).order_by(
            "entry__date", "entry__number"
        )
    )


def _summed(lines: Any, accounts: list[Account]) -> Any:
    cash = [account for account in accounts if account.role == AccountRole.CASH]
    banks = [account for account in accounts if account.role == AccountRole.BANK]
    sides = {"cash_in": ("debit", cash), "cash_out": ("credit", cash)}
    sides |= {"bank_in": ("debit", banks), "bank_out": ("credit", banks)}
    return lines.annotate(
        **{
            name: Coalesce(Sum("amount", filter=Q(**{f"{side}__in": held})), ZERO)
            for name, (side, held) in sides.items()
        }
    )


def _moved_until(accounts: list[Account], span: Span, key: Key) -> tuple[Decimal, Decimal]:
    """What cash and banks moved from the span's first day up to a row, that row within."""
    within: dict[int, Moved] = {}
    if key.day > span.first:
        within = moved_between(span.first, key.day - timedelta(days=1), accounts=accounts)
    lines = Line.objects.filter(_moving(accounts), entry__date=key.day)
    of_day = (
        _summed(lines.filter(entry__number__lte=key.number).values("entry__date"), accounts)
        .order_by("entry__date")
        .first()
    )
    moved = [ZERO, ZERO]
    for account in accounts:
        moved[account.role == AccountRole.BANK] += within.get(account.pk, Moved()).balance
    if of_day:
        moved[0] += of_day["cash_in"] - of_day["cash_out"]
        moved[1] += of_day["bank_in"] - of_day["bank_out"]
    return moved[0], moved[1]


def _rows(facts: list[dict[str, Any]], left: tuple[Decimal, Decimal], after: Key | None) -> Iterator[CashBookRow]:
    keys = [fact["entry"] for fact in facts]
    entries = Entry.objects.select_related("memo_row").in_bulk(keys)
    named = _other_accounts(keys)
    cash, bank = left
    last_day = after.day if after else None
    for fact in facts:
        entry = entries[fact["entry"]]
        cash += fact["cash_in"] - fact["cash_out"]
        bank += fact["bank_in"] - fact["bank_out"]
        yield CashBookRow(
            Key(entry.date, entry.number),
            entry,
            _about(entry, named[entry.pk]),
            fact["cash_in"],
            fact["cash_out"],
            cash,
            fact["bank_in"],
            fact["bank_out"],
            bank,
            entry.date != last_day,
        )
        last_day = entry.date


def _other_accounts(entries: list[int]) -> dict[int, list[Account]]:
    """The accounts that stand against cash and banks in each entry; where there are none, those that money went to."""
    pairs = Line.objects.filter(entry__in=entries).values_list("entry", "debit", "credit").distinct().order_by()
    accounts = Account.objects.in_bulk()
    named: dict[int, dict[int, Account]] = defaultdict(dict)
    for entry, *sides in pairs:
        others = [accounts[side] for side in sides if accounts[side].role not in PLACES] or [accounts[sides[0]]]
        named[entry] |= {account.pk: account for account in others}
    return {entry: sorted(found.values(), key=lambda account: account.code) for entry, found in named.items()}


def _about(entry: Entry, others: list[Account]) -> Words:
    """The words of the entry, else the accounts against which the money moved."""
    memo = getattr(entry, "memo_row", None)
    if memo is not None:
        return Words(memo.text)
    more = " …" if len(others) > NAMED_IN_A_ROW else ""
    named = others[:NAMED_IN_A_ROW]
    return Words(
        ", ".join(account.name_th for account in named) + more,
        ", ".join(account.name_en or account.name_th for account in named) + more,
    )

"""What an exception is, and how one sort of them is found: one query gives how many, how much, and the first of them.

A sort's query selects `day`, `baht`, `number` (the three by which the rows are counted, summed and ordered) and
whatever else its words need. Members stand in it by their numbers; names are on the pages behind the addresses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import be_year
from ledger.book_papers import in_both
from ledger.models import receipt_label
from ledger.spans import Span
from members.models import Fund
from welfare.queries import welfare_settings

LATE_DAYS = 30  # an entry posted later than this after its day is late
CASH_DAYS = 7  # cash goes to the bank on the next banking day; a week is long
RECONCILED_DAYS = 45  # a month's passbook is compared within the next month
FIRST_FEW = 5
FAR_AWAY = date(9999, 12, 31)

Record = dict[str, Any]

# The day on which an entry was written. In a demonstration all were written when it was loaded, so its books' own
# clock counts: the latest day that any entry up to then bears.
ENTERED = "(SELECT e.*, (e.posted_at AT TIME ZONE 'Asia/Bangkok')::date AS entered FROM ledger_entry e)"
ENTERED_IN_DEMONSTRATION = "(SELECT e.*, max(e.date) OVER (ORDER BY e.number) AS entered FROM ledger_entry e)"


COUNTED = """
    SELECT x.*, count(*) OVER () AS all_count, sum(x.baht) OVER () AS all_baht
      FROM ({}) x ORDER BY x.day, x.number LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which days are looked at, and the fund's own measures: sums above `ceiling` baht, deliveries after `due_days`."""

    span: Span
    ceiling: Decimal
    due_days: int
    is_demonstration: bool
    reaches_today: bool

    @property
    def parameters(self) -> dict[str, Any]:
        """What the queries are given."""
        first, last = self.span.first, self.span.reaches
        return {
            "first": first,
            "last": last,
            "first_be": be_year(first),
            "last_be": be_year(last),
            "logged_last": self.logged_last,
            "ceiling": self.ceiling,
            "due_days": self.due_days,
            "late_days": LATE_DAYS,
            "cash_days": CASH_DAYS,
            "reconciled_days": RECONCILED_DAYS,
        }

    @property
    def logged_last(self) -> date:
        """The logs keep the real time: what is done in a demonstration today is of its own day."""
        return FAR_AWAY if self.is_demonstration and self.reaches_today else self.span.reaches


def scope_of(span: Span, fund: Fund, *, today: date) -> Scope:
    """What is looked at for a span of a fund."""
    settings = welfare_settings()
    return Scope(
        span, settings.two_approvals_above, settings.delivery_due_days, fund.demo_day is not None, span.last >= today
    )


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception: the thing itself as people call it, what is to be looked at, and where it stands on screen."""

    day: date | None
    label: Words
    about: Words
    baht: Decimal | None
    address: str


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of exceptions. `query` finds them, or `look` where no query alone can; `label`, `about`, `address` say
    each of its records in the active language.
    """

    code: str
    title: Promise
    meaning: Promise
    label: Callable[[Record], str]
    about: Callable[[Record], str]
    address: Callable[[Record], str]
    query: str = ""
    look: Callable[[Scope], Sequence[Record]] | None = None
    has_baht: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a sort: how many, how many baht in all, and the first of them."""

    sort: Sort
    count: int
    baht: Decimal
    rows: tuple[ExceptionRow, ...]

    @property
    def left_out(self) -> int:
        """How many of them are not among the rows."""
        return self.count - len(self.rows)

    @property
    def first_few(self) -> list[tuple[Words, str]]:
        """ "Claim 2563/000001", "2563/000016", each with its address: what all have in common is said once."""
        rows = self.rows[:FIRST_FEW]
        said_in = [_short([row.label.in_language(code) for row in rows]) for code in ("th", "en")]
        return [(Words(*words), row.address) for *words, row in zip(*said_in, rows, strict=True)]

    @property
    def has_more(self) -> bool:
        return self.count > FIRST_FEW


def _short(labels: list[str]) -> list[str]:
    parted = [label.rpartition(" ") for label in labels]
    if len({head for head, _space, _number in parted}) == 1:
        return [labels[0], *(number for _head, _space, number in parted[1:])]
    return labels


def find(sort: Sort, scope: Scope, most: int | None = None) -> Found:
    """The exceptions of a sort, the oldest first; no more than `most` rows of them, and the sums of all."""
    if sort.look is not None:
        records = list(sort.look(scope))
        baht = sum((record["baht"] or ZERO for record in records), ZERO)
        return Found(sort, len(records), baht, tuple(_shown(sort, record) for record in records[:most]))
    records = _records(sort, scope, most)
    if not records:
        return Found(sort, 0, ZERO, ())
    first = records[0]
    return Found(sort, first["all_count"], first["all_baht"] or ZERO, tuple(_shown(sort, row) for row in records))


def _records(sort: Sort, scope: Scope, most: int | None) -> list[Record]:
    entered = ENTERED_IN_DEMONSTRATION if scope.is_demonstration else ENTERED
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(sort.query.replace("ENTERED", entered)), {**scope.parameters, "most": most})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _shown(sort: Sort, record: Record) -> ExceptionRow:
    return ExceptionRow(
        record["day"],
        in_both(lambda: sort.label(record)),
        in_both(lambda: sort.about(record)),
        record["baht"],
        sort.address(record),
    )


# --- words that several sorts share -----------------------------------------------------------------------


def numbered(year_be: int, number: int, digits: int = 6) -> str:
    """ "2563/000123", as papers are numbered."""
    return f"{year_be}/{number:0{digits}d}"


def receipt_words(record: Record) -> str:
    return f"{_('Receipt')} {receipt_label(record['year_be'], record['number'], record.get('book', ''))}"


def receipt_address(record: Record) -> str:
    if record["book"]:
        return reverse("ledger:paper_receipt", args=[record["book"], record["number"]])
    return reverse("ledger:receipt", args=[record["year_be"], record["number"]])


def voucher_words(record: Record) -> str:
    return f"{_('Payment voucher')} {numbered(record['year_be'], record['number'])}"


def voucher_address(record: Record) -> str:
    return reverse("ledger:voucher", args=[record["year_be"], record["number"]])


def claim_words(record: Record) -> str:
    return f"{_('Claim')} {numbered(record['year_be'], record['number'])}"


def claim_address(record: Record) -> str:
    return reverse("welfare:claim", args=[record["year_be"], record["number"]])


def sheet_words(record: Record) -> str:
    return f"{_('Sheet')} {numbered(record['year_be'], record['number'], 4)}"


def sheet_address(record: Record) -> str:
    return reverse("contributions:fill", args=[record["year_be"], record["number"]])


def delivery_words(record: Record) -> str:
    return f"{_('Delivery')} {numbered(record['year_be'], record['number'], 4)}"


def delivery_address(record: Record) -> str:
    return reverse("welfare:delivery", args=[record["year_be"], record["number"]])


def entry_words(record: Record) -> str:
    return f"{_('Entry no.')} {record['number']}"


def entry_address(record: Record) -> str:
    return reverse("ledger:entry", args=[record["number"]])


def member_words(number: int | None) -> str:
    """Members stand in the pack by their numbers alone."""
    return _("member no. %(number)s") % {"number": number} if number else ""


def joined(*parts: str | None) -> str:
    """What is known of a row, parted by dots."""
    return " · ".join(part for part in parts if part)

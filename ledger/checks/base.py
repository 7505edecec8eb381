"""What every check is made of: a query whose rows are the broken promises."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.thai_dates import format_date, format_month
from ledger.checks.titles import TITLES

Saying = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken promise: which check found it, and the rows it is about, said in the language of whoever reads.

    `form` is a lazy sentence with the places {0}, {1} … of `values`.
    """

    check: str
    form: str | Promise
    values: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{TITLES.get(self.check, self.check)}: {self.rows}"

    @property
    def rows(self) -> str:
        return str(self.form).format(*map(_said, self.values))


@dataclass(frozen=True, slots=True)
class Month:
    """The month of a day, as a value of a problem."""

    day: date

    def __str__(self) -> str:
        return format_month(self.day)


def _said(value: Any) -> str:
    if value is None:
        return _("none")
    if isinstance(value, Decimal):
        return f"{value:,}"
    return format_date(value) if isinstance(value, date) else str(value)


def rows(query: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
    """Every row that the query finds."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


@contextmanager
def merging() -> Iterator[None]:
    """Joins inside go through tables in the order of their keys, in which they were written: millions need no hash."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off")
        yield
        cursor.execute("SET LOCAL enable_hashjoin = on")


def found(
    check: str,
    query: str,
    form: str | Promise,
    said: Mapping[int, Saying] | None = None,
    *,
    values: Mapping[str, Any] | None = None,
) -> Iterator[Problem]:
    """A problem for each row of the query, told by `form` with the columns in their order.

    `said` turns the column of that place, counted from 0, into what people call it; `values` are the query's own.
    """
    ways = said or {}
    for row in rows(query, values):
        yield Problem(check, form, tuple(ways[place](one) if place in ways else one for place, one in enumerate(row)))


def in_words(names: Mapping[Any, str | Promise] | Sequence[tuple[Any, str | Promise]]) -> Saying:
    """Says a value by its name; one that has none, because it should not be there, as it stands."""
    known = dict(names)
    return lambda value: known.get(value, value)


def period(value: date | str) -> Any:
    """A month by its first day or as YYYY-MM, a year by its Buddhist number, as people name them."""
    if isinstance(value, str):
        if "-" not in value:
            return format_lazy(gettext_lazy("year {0}"), value)
        try:
            value = date.fromisoformat(f"{value}-01")
        except ValueError:
            return value
    return Month(value)

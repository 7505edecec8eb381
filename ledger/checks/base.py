"""What every check is made of: a query whose rows are the broken promises."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken promise: which check found it, and the rows it is about."""

    check: str
    rows: str


def rows(query: str, values: Sequence[Any] | None = None) -> Any:
    """Every row that the query finds."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def found(check: str, query: str, form: str) -> Iterator[Problem]:
    """A problem for each row of the query, told by `form` with the columns in their order."""
    for row in rows(query):
        yield Problem(check, form.format(*row))

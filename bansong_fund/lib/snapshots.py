"""Several queries that see one and the same moment of the database, on one connection or on several."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[str | None]:
    """What is posted meanwhile is in none of the queries inside. Within a transaction: that transaction's own view.

    Gives the name by which other connections see the same moment (`same_moment`) while this one lasts; `None`
    within a transaction, whose rows nobody else can see.
    """
    if connection.in_atomic_block:
        yield None
        return
    with _read_only() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


@contextmanager
def same_moment(name: str) -> Iterator[None]:
    """The moment that `one_moment` named, on this thread's own connection, which is closed behind it."""
    try:
        with _read_only() as cursor:
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [name])
            yield
    finally:
        connection.close()


@contextmanager
def _read_only() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor

"""Writes many rows at once by COPY, which takes a fraction of the time of INSERT."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def copy_rows(rows: Iterable[Row]) -> list[Row]:
    """Write new rows of one model and give them their keys. Triggers and constraints hold as ever."""
    rows = list(rows)
    if not rows:
        return rows
    fields = [one for one in rows[0]._meta.concrete_fields if not one.generated]
    _give_keys(rows)
    with connection.cursor() as cursor, cursor.copy(_copy_statement(rows[0], fields)) as copy:
        for row in rows:
            copy.write_row(list(_values(row, fields)))
    for row in rows:
        row._state.adding = False
    return rows


def _give_keys(rows: list[Row]) -> None:
    """Take keys from the table's sequence; a key that is another row's is known already."""
    key = rows[0]._meta.pk
    if not isinstance(key, models.AutoField):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [rows[0]._meta.db_table, key.column, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _copy_statement(row: models.Model, fields: list[Any]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(one.column) for one in fields)
    return f"COPY {quoted(row._meta.db_table)} ({columns}) FROM STDIN"


def _values(row: models.Model, fields: list[Any]) -> Iterator[Any]:
    for one in fields:
        value = getattr(row, one.attname)
        if value is None and one.is_relation and one.is_cached(row):
            related = getattr(row, one.name)  # it got its key after it was put here
            yield None if related is None else related.pk
        elif isinstance(one, models.JSONField):
            yield one.get_db_prep_save(value, connection)
        else:
            yield value.value if isinstance(value, Enum) else value

"""Filling empty tables by COPY: rows as text, keys counted here, indexes and foreign keys made when all rows stand.

The columns that a table is not told about get their model's default, so a new column of a model needs no change here.
"""

import json
import random
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, models

NULL = "\\N"
ROWS_IN_MEMORY = 10_000
COPIES_WAITING = 100  # some 150 MB: the server is long over the members' names, and rows are made meanwhile


def escaped(text: str) -> str:
    """A text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def as_json(value: object) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))


class _Copies:
    """Sends rows beside the making of more: the server takes one COPY in while the next rows are thought out.

    Other queries of the connection wait until what was handed over is written (`copying_beside`).
    """

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    def send(self, command: str, rows: str) -> None:
        if self._pool is None:
            self._copy(connection.connection, command, rows)
            return
        self._waiting.append(self._pool.submit(self._copy, connection.connection, command, rows))
        self.wait(COPIES_WAITING)

    def wait(self, most: int = 0) -> None:
        """Until at most so many are still to be written; raises what stopped one."""
        while len(self._waiting) > most:
            self._waiting.popleft().result()

    @staticmethod
    def _copy(server: Any, command: str, rows: str) -> None:
        with server.cursor() as cursor, cursor.copy(command) as copy:
            copy.write(rows)

    @contextmanager
    def beside(self) -> Iterator[None]:
        def after_copies(execute: Callable[..., Any], *query: Any) -> Any:
            self.wait()
            return execute(*query)

        with ThreadPoolExecutor(1) as pool, connection.execute_wrapper(after_copies):
            self._pool = pool
            try:
                yield
                self.wait()
            finally:
                self._pool = None
                self._waiting.clear()


_copies = _Copies()
copying_beside = _copies.beside


class Table:
    """One table to fill. `columns` are given row by row as values that `str` writes for COPY; keys begin at 1."""

    def __init__(self, model: type[models.Model], columns: Sequence[str], rng: random.Random) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        known = {field.column for field in fields}
        if missing := set(columns) - known:
            raise ValueError(f"{model.__name__} has no column {', '.join(sorted(missing))}")
        self.model = model
        self.name = model._meta.db_table
        self.last_key = 0
        self._random_bits = rng.getrandbits
        given = set(columns) | ({"id"} & known)
        left = [field for field in fields if field.column not in given]
        uuids = [field.column for field in left if field.default is uuid.uuid4]
        fixed = [field for field in left if field.default is not uuid.uuid4]
        self._uuids = len(uuids)
        self._tail = "".join(f"\t{default_text(field)}" for field in fixed) + "\n"
        self._has_key = "id" in known
        names = [*(["id"] if self._has_key else []), *columns, *uuids, *(field.column for field in fixed)]
        columns_named = ", ".join(connection.ops.quote_name(name) for name in names)
        self._copy = f"COPY {self.name} ({columns_named}) FROM STDIN"
        self._rows: list[str] = []

    def add(self, *values: object) -> int:
        """Keep a row to be written; gives its key."""
        self.last_key += 1
        row = "\t".join(map(str, values))
        if self._has_key:
            row = f"{self.last_key}\t{row}"
        for _ in range(self._uuids):
            row += f"\t{self._random_bits(128):032x}"
        self._rows.append(row + self._tail)
        if len(self._rows) >= ROWS_IN_MEMORY:
            self.flush()
        return self.last_key

    def flush(self) -> None:
        """Write the rows that are kept."""
        if self._rows:
            _copies.send(self._copy, "".join(self._rows))
            self._rows.clear()

    def finish(self) -> None:
        """Write what is left, and let the table's own keys go on behind ours."""
        self.flush()
        if self._has_key and self.last_key:
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self.name, self.last_key])


def default_text(field: models.Field) -> str:
    """What stands in a column that nothing is said about."""
    value: Any = field.get_default()
    if value is None:
        return NULL
    return as_json(value) if isinstance(field, models.JSONField) else escaped(str(value))


def text(value: date | datetime | str | None) -> str:
    return NULL if value is None else str(value)


FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2
"""
RULES = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype IN ('u', 'x') AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
     WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
"""


@contextmanager
def indexes_later(tables: Sequence[str], say: Callable[[str], None]) -> Iterator[None]:
    """Inside one transaction: take foreign keys, rules and indexes off these tables, and make them anew at the end.

    A row that breaks one of them then stops the whole; it is the same proof, in one sweep. Needs `fund_owner`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        taken = [_rows(cursor, query, tables) for query in (FOREIGN_KEYS, RULES, INDEXES)]
        foreign_keys, rules, indexes = taken
        for table, name, _definition in [*foreign_keys, *rules]:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    say(f"making {len(indexes) + len(rules)} indexes and {len(foreign_keys)} foreign keys")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in [*rules, *foreign_keys]:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _rows(cursor: Any, query: str, tables: Sequence[str]) -> list[tuple[str, ...]]:
    cursor.execute(query, [list(tables)])
    found: list[tuple[str, ...]] = cursor.fetchall()
    return found

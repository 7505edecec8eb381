"""Several queries that see one and the same moment of the database, on one connection or on several."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
T = TypeVar("T")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def one_moment() -> Iterator[str | None]:
    """What is posted meanwhile is in none of the queries inside. Within a transaction: that transaction's own view.

    Inside nothing is written: what is `asked_once` is answered from memory until the moment is over.

    Gives the name by which other connections see the same moment (`same_moment`) while this one lasts; `None`
    within a transaction, whose rows nobody else can see.
    """
    if connection.in_atomic_block:
        with _remembering():
            yield None
        return
    with _read_only() as cursor, _remembering():
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


@contextmanager
def _remembering() -> Iterator[None]:
    """A moment within a moment is the same one."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(question: Callable[P, T]) -> Callable[P, T]:
    """Within `one_moment` the same question is put to the database once; outside of it each time.

    For questions that only read, whose arguments tell all that they depend on. Each asker gets a copy of her own of
    the answer's outermost list or dict; one that has arguments that cannot be hashed is asked each time.
    """

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        known = _answers.get()
        if known is None:
            return question(*args, **kwargs)
        key = (question, args, tuple(sorted(kwargs.items())))
        try:
            found = key in known
        except TypeError:
            return question(*args, **kwargs)
        if not found:
            known[key] = question(*args, **kwargs)
        answer: T = known[key]
        return copy(answer) if isinstance(answer, (list, dict)) else answer

    return ask


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

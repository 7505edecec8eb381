"""Two sides of the books compared as wholes, before anybody looks for the row that differs.

Joining millions of rows to millions takes the database seconds; adding up a number for each row takes less than one.
So each row gets a number drawn from its keys, times its baht, and the sums of both sides are compared. Equal sides have
equal sums. Sides that differ would have equal sums by chance once in 10¹⁸ times: the numbers are drawn anew on each
run, so that nobody can falsify rows to fit them. Only where the sums differ are the rows themselves gone through.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.checks.base import rows


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of `table` (with its conditions): what tells them apart, whole numbers in SQL, and the baht of each."""

    table: str
    keys: tuple[str, ...]
    baht: str = "1"


def day(column: str) -> str:
    """A day as a whole number, in SQL."""
    return f"{column} - DATE '2000-01-01'"


def agree(one: Iterable[Side], other: Iterable[Side]) -> bool:
    """Whether both come to the same baht for each combination of keys, whatever order or rows they come in."""
    seed = secrets.randbits(62)
    return _sum_of(one, seed) == _sum_of(other, seed)


def _sum_of(sides: Iterable[Side], seed: int) -> object:
    sums = " UNION ALL ".join(
        f"SELECT sum({_drawn(side.keys, seed)}::numeric * ({side.baht})) AS baht FROM {side.table}" for side in sides
    )
    return rows(f"SELECT coalesce(sum(baht), 0) FROM ({sums}) x")[0][0]


def _drawn(keys: tuple[str, ...], seed: int) -> str:
    """A number of 64 bits for these keys; PostgreSQL's own hash, which takes a seed."""
    drawn = str(seed)
    for key in keys:
        drawn = f"hashint8extended(coalesce(({key})::bigint, -1), {drawn})"
    return drawn

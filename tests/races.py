"""Several acts at the same moment, each in a thread and with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from bansong_fund.lib.errors import DomainError


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act came to: its result, or the refusal that it met. Anything else fails the test."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait(timeout=60)
        try:
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))

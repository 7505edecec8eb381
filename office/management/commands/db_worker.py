"""The library's worker ends when the database is away for a moment, and the supervisor ends the program with it.

This one waits until the database is there again. The work that it had in hand is taken up as a killed worker's is.
Every few minutes it makes a round: files whose time is over go, and what a killed worker left is taken up.
"""

import logging
import signal
import time
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from office.jobs import await_the_next_round

log = logging.getLogger(__name__)
SECONDS_FOR_RECOVERY, SECONDS_BETWEEN_TRIES = 60, 0.5


class Command(db_worker.Command):
    def handle(self, **options: Any) -> None:
        while True:
            try:
                await_the_next_round(now=timezone.now(), after=timedelta())
                return super().handle(**options)
            except (OperationalError, InterfaceError) as fault:
                if _was_told_to_end():
                    raise
                log.warning("The worker lost the database and waits for it: %s", fault)
            wait_for_database()


def _was_told_to_end() -> bool:
    """Whether the library's worker, whose method answers the signal, was stopped: then the database ends with it."""
    worker = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return worker is not None and not worker.running


def wait_for_database(seconds: float = SECONDS_FOR_RECOVERY) -> None:
    """Raises OperationalError when it does not answer within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        connection.close()
        try:
            return connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(SECONDS_BETWEEN_TRIES)

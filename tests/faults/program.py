"""The program in its parts: each is started as the Procfile says, killed without warning, and started again."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
import psycopg
from honcho.environ import parse_procfile

from bansong_fund.embedded_postgres import SUPERUSER, EmbeddedServer
from bansong_fund.run import BASE_DIR, child_environment

VICTIMS = ("web worker", "worker", "database backend", "web server", "database")
NOT_OURS = {"DATABASE_URL", "DATABASE_OWNER_URL", "FUND_DATABASE_ROLE", "SECRET_KEY", "DEBUG", "FILES_ROOT"}
SECONDS_TO_ANSWER = 90


class Program:
    """Database, web server and worker over the folder `var`, without the supervisor that ends all when one ends."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.server = var, _free_port(), EmbeddedServer(var)
        self._commands = parse_procfile((BASE_DIR / "Procfile").read_text(encoding="utf-8")).processes
        ours = {"FUND_VAR": str(var), "DEMO": "no", "WEB_WORKERS": "2", "LOG_LEVEL": "WARNING"}
        found = child_environment("localhost", self.port, var) | ours
        self._environment = {name: value for name, value in found.items() if name not in NOT_OURS}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        with self.log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._commands[name],
                shell=True,
                cwd=BASE_DIR,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # the tether ends its whole group
            )

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=BASE_DIR, env=self._environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def ended(self) -> list[str]:
        """The parts that do not run any more."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def stop(self) -> None:
        """The database ends in order; nothing waits for the others."""
        for name, process in reversed(self._running.items()):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM if name == "postgres" else signal.SIGKILL)
            process.wait(60)

    @property
    def log(self) -> Path:
        return self.var / "parts.log"

    def wait_for_database(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not self.server.answers():
            assert time.monotonic() < deadline, self.last_words()
            time.sleep(0.05)

    def database_born(self) -> datetime | None:
        """When the database's own processes began, anew after each crash; None while it does not answer."""
        words = "SELECT backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
        with contextlib.suppress(psycopg.OperationalError), self.server.login(SUPERUSER).connect() as superuser:
            return next(iter(superuser.execute(words).fetchone() or ()), None)
        return None

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-6000:]

    # --- killing --------------------------------------------------------------------------------------------

    def kill(self, victim: str, chance: random.Random) -> list[int]:
        """SIGKILL to one process, or to all of the web server at once. Gives their ids; none where nothing was there.

        The web server's master alone would let its workers answer what they have in hand.
        """
        if victim == "web server":
            chosen = [process.pid for master in self._children("web") for process in (master, *master.children())]
        elif victim == "web worker":
            chosen = _one_of([worker.pid for master in self._children("web") for worker in master.children()], chance)
        elif victim == "database backend":
            chosen = _one_of(self._backends(), chance)
        elif victim == "database":
            chosen = [pid for process in self._children("postgres") for pid in _postmasters(process)]
        else:
            chosen = [process.pid for process in self._children("worker")]
        for pid in chosen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return chosen

    def _children(self, name: str) -> Iterator[psutil.Process]:
        """What the part's tether runs."""
        with contextlib.suppress(psutil.NoSuchProcess):
            yield from psutil.Process(self._running[name].pid).children()

    def _backends(self) -> list[int]:
        """Those that are in the middle of a transaction of web server or worker, else any of theirs."""
        words = "SELECT pid, xact_start IS NOT NULL FROM pg_stat_activity WHERE usename = 'fund_app'"
        with contextlib.suppress(psycopg.OperationalError), self.server.login(SUPERUSER).connect() as superuser:
            rows = superuser.execute(words).fetchall()
            return [pid for pid, busy in rows if busy] or [pid for pid, _busy in rows]
        return []


def _one_of(pids: list[int], chance: random.Random) -> list[int]:
    return [chance.choice(sorted(pids))] if pids else []


def _postmasters(process: psutil.Process) -> list[int]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return [child.pid for child in process.children() if child.name() == "postgres"]
    return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

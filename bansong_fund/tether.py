"""Runs one command so that it never outlives the supervisor, not even one that was killed.

`python -m bansong_fund.tether [--after-database] COMMAND …`, used in the Procfile. Signals reach the command from
the supervisor, which sends them to the whole process group; only the supervisor's death is watched here.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bansong_fund.embedded_postgres import SECONDS_FOR_RECOVERY, EmbeddedServer, die_with_parent

SUPERVISOR = "FUND_SUPERVISOR_PID"
SECONDS_FOR_ENDING = 8


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run_tethered(command: list[str], supervisor: int) -> int:
    """Run `command` until it ends, or until `supervisor` has died. Gives the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # the command gets it too, and its end is ours
    child = subprocess.Popen(command, preexec_fn=die_with_parent(signal.SIGTERM))  # noqa: PLW1509 - no threads here
    while child.poll() is None:
        if not lives(supervisor):
            return _end(child)
        time.sleep(0.25)
    _end_orphans()
    return child.returncode


def _end_orphans() -> None:
    """What a killed command leaves behind (gunicorn's workers, for a minute) would keep the supervisor waiting."""
    if os.getpgrp() == os.getpid():  # else others stand in this group
        os.killpg(0, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> int:
    child.terminate()
    try:
        return child.wait(SECONDS_FOR_ENDING)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def wait_for_database(supervisor: int) -> None:
    """The web server and the worker start when the embedded database answers."""
    var = os.environ.get("FUND_SUPERVISED_VAR")
    if not var:
        return
    server, deadline = EmbeddedServer(Path(var)), time.monotonic() + SECONDS_FOR_RECOVERY
    while not server.answers() and lives(supervisor) and time.monotonic() < deadline:
        time.sleep(0.1)


def main() -> int:
    command = sys.argv[1:]
    supervisor = int(os.environ.get(SUPERVISOR) or os.getppid())
    if command[:1] == ["--after-database"]:
        command = command[1:]
        wait_for_database(supervisor)
    return run_tethered(command, supervisor)


if __name__ == "__main__":
    sys.exit(main())

"""The measured server: gunicorn with two sync workers, as the Procfile starts it, and what its workers hold."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bansong_fund.embedded_postgres import die_with_parent

WORKERS = 2
SECONDS_TO_START = 60


class ServerDidNotStart(Exception):
    """gunicorn ended, or answered nothing in a minute; its log is named."""


class Server:
    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in children.read_text().split()]

    def forget_peak(self) -> None:
        """Start the workers' peak of memory anew (Linux)."""
        for pid in self.workers():
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_megabytes(self) -> float:
        """The highest resident memory of any one worker since `forget_peak`, in MB (Linux)."""
        return max(_kilobytes(pid, "VmHWM") for pid in self.workers()) / 1024


def _kilobytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


@contextlib.contextmanager
def served(log: Path) -> Iterator[Server]:
    """gunicorn on a free port, over the database that this process uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "bansong_fund.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--timeout", "300", "--no-control-socket", "--log-level", "warning"),
    ]
    environment = os.environ | {"LOG_LEVEL": "WARNING"}
    environment.pop("FUND_DATABASE_ROLE", None)
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, preexec_fn=die_with_parent(15))  # noqa: PLW1509
        try:
            _wait_for(process, port, log)
            yield Server(port, process)
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise ServerDidNotStart(f"gunicorn did not start; its own words:\n{log.read_text(errors='replace')[-3000:]}")

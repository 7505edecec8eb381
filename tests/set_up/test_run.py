"""`make run`: what may stand in the way is said, and one signal ends all it started."""

import contextlib
import http.server
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from bansong_fund.announce import answers, logins
from bansong_fund.run import child_environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "var"
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(var: Path, port: int, **options: object) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "FUND_VAR": str(var), "DEMO": "no", "WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "bansong_fund.run", "--port", str(port)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )


def everything_of(var: Path) -> set[int]:
    """Processes that run for this folder: they carry it in their environment or on their command line."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.environ().get("FUND_VAR") == str(var) or any(str(var) in word for word in process.cmdline()):
                found.add(process.pid)
    return found


def wait_until_it_answers(program: subprocess.Popen[str], port: int) -> int:
    deadline, last_words = time.monotonic() + 300, ""
    while time.monotonic() < deadline and program.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=5) as answer:
                return answer.status
        except OSError as error:
            last_words = str(error)
            time.sleep(0.2)
    program.kill()
    pytest.fail(f"{last_words}; the program said: {program.communicate(timeout=20)[0]}")


def left_behind(var: Path, seconds: float = 20) -> set[int]:
    deadline = time.monotonic() + seconds
    while (left := everything_of(var)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


# one after the other on one folder: each start meets what the signal before it left
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_signal_ends_everything_and_the_next_start_works(var: Path, number: signal.Signals) -> None:
    port = free_port()
    with start(var, port, start_new_session=True) as program:
        assert wait_until_it_answers(program, port) == 200
        program.send_signal(number)
        words = program.communicate(timeout=60)[0] if number != signal.SIGKILL else ""
        assert program.wait(60) == (-9 if number == signal.SIGKILL else 0), words
    assert left_behind(var) == set()


def test_when_the_web_server_is_killed_everything_ends_and_says_so(var: Path) -> None:
    port = free_port()
    with start(var, port, start_new_session=True) as program:
        assert wait_until_it_answers(program, port) == 200
        masters = [process for process in map(psutil.Process, everything_of(var)) if is_master(process)]
        assert len(masters) == 1
        masters[0].kill()
        assert program.wait(30) != 0
    assert left_behind(var) == set()


def is_master(process: psutil.Process) -> bool:
    """Gunicorn's first process, whose parent is the tether."""
    parent = process.parent()
    words = [] if parent is None else parent.cmdline()
    return "bansong_fund.tether" in words and any("gunicorn" in word for word in process.cmdline())


def test_a_taken_port_is_said_with_the_way_out(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with start(var, port) as program:
            words = program.communicate(timeout=60)[0]
    assert program.returncode == 1
    assert words.strip().splitlines()[-1] == (
        f"localhost:{port} cannot be used (Address already in use). End the program that uses it, "
        f"or choose another port: make run PORT={port + 1}"
    )


def test_a_folder_that_cannot_be_written_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    var = tmp_path / "file" / "var"
    with start(var, free_port()) as program:
        words = program.communicate(timeout=60)[0]
    assert program.returncode == 1
    assert words.strip().splitlines()[-1] == (
        f"The folder {var} cannot be written (Not a directory). Make it writable, or name another in FUND_VAR."
    )


def test_another_host_than_loopback_is_warned_of_and_allowed(monkeypatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    assert "ALLOWED_HOSTS" not in child_environment("localhost", 8000, None)
    assert "192.0.2.7" in child_environment("192.0.2.7", 8000, None)["ALLOWED_HOSTS"].split(",")


class SendsToHttps(http.server.BaseHTTPRequestHandler):
    """As production does: the proxy before it speaks HTTPS, it does not."""

    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", f"https://localhost:{self.server.server_port}/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_server_that_sends_visitors_to_https_answers() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), SendsToHttps) as server, ThreadPoolExecutor(1) as other:
        handled = other.submit(server.handle_request)
        assert answers(f"http://127.0.0.1:{server.server_port}/") is True
        handled.result()


def test_nobody_answers_where_nothing_listens() -> None:
    assert answers(f"http://127.0.0.1:{free_port()}/") is False


def test_the_demonstrations_logins_are_printed_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "demo-logins.json"
    file.write_text('[{"role": "leader", "username": "leader01", "password": "x-y"}]')
    assert logins(file).splitlines()[1:] == ["  leader  leader01  x-y"]
    assert logins(tmp_path / "missing.json") == ""

"""The server that comes with the program starts, ends and recovers whatever happened before."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from bansong_fund.embedded_postgres import SUPERUSER, EmbeddedServer, ServerRefused
from bansong_fund.postgres_places import LONGEST_SOCKET_PATH, find_place

ROOT = Path(__file__).resolve().parents[2]


def reachable_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    folder = reachable_folder()
    server = EmbeddedServer(folder / "var", throwaway=True)
    yield server
    server.stop()
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def write_a_row(server: EmbeddedServer) -> None:
    with server.login("fund_owner").connect() as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('ออมวันละบาท')")


def read_rows(server: EmbeddedServer) -> list[tuple]:
    with server.login("fund_app").connect() as connection:
        return connection.execute("SELECT word FROM kept").fetchall()


def test_a_second_start_finds_the_server_running(server: EmbeddedServer) -> None:
    assert (server.start(), EmbeddedServer(server.var).start()) == (True, False)


def test_the_data_lie_in_a_folder_that_only_their_owner_reads(server: EmbeddedServer) -> None:
    server.start()
    assert (server.place.home.stat().st_mode & 0o777, server.place.data.stat().st_mode & 0o777) == (0o700, 0o700)


def test_the_data_stay_after_a_stop_and_the_server_is_gone(server: EmbeddedServer) -> None:
    server.start()
    write_a_row(server)
    server.stop()
    assert (server.answers(), server.is_running()) == (False, False)
    server.start()
    assert read_rows(server) == [("ออมวันละบาท",)]


def test_a_killed_server_recovers_with_every_commit_at_the_next_start(server: EmbeddedServer) -> None:
    server.throwaway = False  # with the settings of a real fund: a commit is on the disk
    server.start()
    write_a_row(server)
    server.process.kill()
    server.process.wait()
    assert server.start() is True
    assert read_rows(server) == [("ออมวันละบาท",)]


def test_a_pid_that_another_program_has_now_does_not_stop_the_start(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    options = server._process_options()
    with subprocess.Popen(["sleep", "60"], **options) as stranger:
        (server.place.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.place.data}\n")
        assert server.start() is True
        stranger.kill()


def test_a_server_that_cannot_start_says_why(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.place.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(ServerRefused, match=r"PostgreSQL did not start\. Its own words"):
        server.start()


def test_the_serving_role_may_not_make_tables(server: EmbeddedServer) -> None:
    server.start()
    with (
        server.login("fund_app").connect() as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema public"),
    ):
        connection.execute("CREATE TABLE stray (id int)")


def test_a_folder_with_a_long_path_has_its_socket_elsewhere() -> None:
    folder = reachable_folder() / ("ยาว" * 12)
    place = find_place(folder)
    assert place.home == folder / "pg"
    assert place.socket_folder.parent == Path("/tmp")
    assert len(os.fsencode(place.socket_folder)) < LONGEST_SOCKET_PATH
    folder.parent.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_a_folder_that_the_servers_user_cannot_enter_keeps_its_data_elsewhere() -> None:
    closed = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
    server = EmbeddedServer(closed / "var", throwaway=True)
    try:
        assert server.start() is True
        assert server.place.home.parent.parent == Path("/var/lib/bansong-fund")
        assert (closed / "var" / "pg-elsewhere").read_text() == f"{server.place.home}\n"
        assert server.answers() is True
    finally:
        server.stop()
        subprocess.run(["rm", "-rf", str(closed), str(server.place.home.parent)], check=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_dies_with_the_command_that_started_it(server: EmbeddedServer, number: signal.Signals) -> None:
    code = (
        "import sys, time; from pathlib import Path; from bansong_fund.embedded_postgres import EmbeddedServer;"
        "EmbeddedServer(Path(sys.argv[1]), throwaway=True).start(); print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(server.var)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout.readline() == "up\n"
        command.send_signal(number)
    assert ended_within(10, str(server.var)) is True
    assert (server.start(), server.login(SUPERUSER).database) == (True, "postgres")


def ended_within(seconds: float, words: str) -> bool:
    deadline = time.monotonic() + seconds
    while any(words in " ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True

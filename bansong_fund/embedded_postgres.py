"""The database server that comes with the program, for when DATABASE_URL names none.

Only the binaries of the wheel are used. The data lie in `var/pg`. PostgreSQL refuses to run as root, so root
starts it as the system user `bansong-fund`; where that user cannot reach the folder (a clone inside /root, say),
data and binaries go to /var/lib/bansong-fund, and `var/pg-elsewhere` says so.

The server listens on a Unix socket inside a folder of its own, on no network port. On Linux it dies with the
process that started it, also when that one is killed.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bansong_fund import database_roles
from bansong_fund.kept_secrets import kept_secret
from bansong_fund.postgres_places import Account, Place, PlaceRefused, find_place

SUPERUSER = "postgres"
PORT = 5432  # names the socket file only
SECONDS_FOR_RECOVERY = 60
SECONDS_FOR_STOPPING = 30
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "jit": "off",
    # one server, no standby: backups are dumps, and making an index is not written twice
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "lc_messages": "C",
    "log_timezone": "Asia/Bangkok",
    "timezone": "Asia/Bangkok",
}
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PR_SET_PDEATHSIG = 1


class ServerRefused(Exception):
    """The database server cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Login:
    host: str
    user: str
    password: str
    database: str = database_roles.DATABASE

    def connect(self, database: str | None = None) -> psycopg.Connection:
        return psycopg.connect(
            host=self.host,
            port=PORT,
            user=self.user,
            password=self.password,
            dbname=database or self.database,
            connect_timeout=5,
            autocommit=True,
        )


class EmbeddedServer:
    """One PostgreSQL cluster below the folder `var`: made at the first start, kept afterwards."""

    def __init__(self, var: Path, *, throwaway: bool = False) -> None:
        self.var = var.resolve()
        self.throwaway = throwaway
        self.process: subprocess.Popen[bytes] | None = None
        self._place: Place | None = None
        self._users_lock: int | None = None

    # -- what callers need ---------------------------------------------------------------------

    @property
    def place(self) -> Place:
        if self._place is None:
            try:
                self._place = find_place(self.var)
            except PlaceRefused as refusal:
                raise ServerRefused(str(refusal)) from refusal
        return self._place

    def login(self, role: str) -> Login:
        """How `fund_owner`, `fund_app` or the cluster's superuser signs in."""
        secret = kept_secret(self.var / "secrets", f"database-{role}")
        database = SUPERUSER if role == SUPERUSER else database_roles.DATABASE
        return Login(str(self.place.socket_folder), role, secret, database)

    def answers(self) -> bool:
        try:
            self.login(SUPERUSER).connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> bool:
        """Start the server unless one answers already. True when it is ours to stop.

        Raises ServerRefused when it cannot be started within 60 seconds.
        """
        with self._starting_alone():
            if self.answers():
                return False
            self.place.prepare()
            if not (self.place.data / "PG_VERSION").exists():
                self._initialise()
            self._launch()
            self._prepare_roles()
        return True

    def stop(self, *, patience: float = 0) -> None:
        """End the server that we started: wait `patience` seconds for its clients, then send them away."""
        process = self.process
        if process is None:
            return
        steps = ((signal.SIGTERM, patience), (signal.SIGINT, SECONDS_FOR_STOPPING), (signal.SIGQUIT, 5.0))
        for number, seconds in steps:
            if seconds and self._ended_after(process, number, seconds):
                break
        else:
            process.kill()
            process.wait()
        self.process = None

    def hold(self) -> None:
        """Say that this process uses the server, so that the one that started it waits for us."""
        if self._users_lock is None:
            self._users_lock = self._open_lock("pg-users.lock")
            fcntl.flock(self._users_lock, fcntl.LOCK_SH)

    def let_go(self) -> None:
        """The end of a command: the one that started the server stops it when nobody else holds it."""
        if self._users_lock is None:
            return
        if self.process is not None:
            fcntl.flock(self._users_lock, fcntl.LOCK_EX)
            self.stop()
        os.close(self._users_lock)
        self._users_lock = None

    def is_running(self) -> bool:
        """Whether the server that we started still runs."""
        return self.process is not None and self.process.poll() is None

    # -- first start ---------------------------------------------------------------------------

    def _initialise(self) -> None:
        """initdb into a folder beside, renamed at the end: half a cluster is never taken for one."""
        place = self.place
        fresh = place.data.with_name("data.new")
        with self._password_file() as password_file:
            command = [
                str(place.binaries / "initdb"),
                "--pgdata", str(fresh), "--username", SUPERUSER, "--pwfile", str(password_file),
                "--auth=scram-sha-256", "--locale=C", "--encoding=UTF8", "--data-checksums",
            ]  # fmt: skip
            if self.throwaway:
                command.append("--no-sync")
            place.remove(fresh)
            done = subprocess.run(command, check=False, **self._process_options(), capture_output=True, text=True)
        if done.returncode:
            raise ServerRefused(f"PostgreSQL could not prepare {fresh}:\n{done.stderr or done.stdout}")
        fresh.rename(place.data)

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path]:
        path = self.place.home / "password.once"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        self.place.give(path)
        path.write_text(self.login(SUPERUSER).password, encoding="ascii")
        try:
            yield path
        finally:
            path.unlink()

    def _prepare_roles(self) -> None:
        owner, app = self.login(database_roles.OWNER), self.login(database_roles.APP)
        superuser = self.login(SUPERUSER)
        with superuser.connect() as connection:
            database_roles.prepare_roles(connection, database_roles.Passwords(owner.password, app.password))
            if database_roles.database_exists(connection, database_roles.DATABASE):
                return
            database_roles.create_database(connection, database_roles.DATABASE)
        with superuser.connect(database_roles.DATABASE) as connection:
            database_roles.grant_rights(connection)

    # -- starting ------------------------------------------------------------------------------

    def _launch(self) -> None:
        deadline = time.monotonic() + SECONDS_FOR_RECOVERY
        self._wait_for_the_last_one(deadline)
        while True:
            log_start = self._log_size()
            self.process = self._spawn()
            if self._ready_before(deadline):
                return
            self.process = None
            log = self._log_since(log_start)
            # backends of a server that was killed need a moment to notice it
            if "shared memory block" not in log or time.monotonic() > deadline:
                raise ServerRefused(
                    f"PostgreSQL did not start. Its own words, from {self._log_path}:\n{log.strip() or '(nothing)'}"
                )
            time.sleep(0.3)

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = SETTINGS | {"unix_socket_directories": str(self.place.socket_folder)}
        if self.throwaway:
            settings |= THROWAWAY_SETTINGS
        command = [str(self.place.binaries / "postgres"), "-D", str(self.place.data), "-p", str(PORT)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._log_path.open("ab") as log:
            return subprocess.Popen(
                command,
                **self._process_options(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor, not for the server
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - SIGINT: a fast, clean end
            )

    def _ready_before(self, deadline: float) -> bool:
        while self.process is not None and self.process.poll() is None:
            if self.answers():
                return True
            if time.monotonic() > deadline:
                self.stop()
                return False
            time.sleep(0.05)
        return False

    def _wait_for_the_last_one(self, deadline: float) -> None:
        """A server of this very folder may still be ending. A pid that something else has now is no server."""
        while self._live_server_pid() is not None:
            if time.monotonic() > deadline:
                raise ServerRefused(
                    f"Another PostgreSQL (process {self._live_server_pid()}) holds {self.place.data} and does not "
                    "answer. End that process, then start again."
                )
            time.sleep(0.1)
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _live_server_pid(self) -> int | None:
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        asked = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True)
        return pid if "postgres" in asked.stdout and str(self.place.data) in asked.stdout else None

    # -- small things --------------------------------------------------------------------------

    @property
    def _log_path(self) -> Path:
        return self.place.home / "server.log"

    def _log_size(self) -> int:
        return self._log_path.stat().st_size if self._log_path.exists() else 0

    def _log_since(self, start: int) -> str:
        with self._log_path.open("rb") as log:
            log.seek(start)
            return log.read().decode("utf-8", "replace")

    def _process_options(self) -> dict:
        account: Account | None = self.place.account
        options: dict = {"cwd": str(self.place.home), "env": {"PATH": os.defpath, "LC_ALL": "C"}}
        if account is not None:
            options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
        return options

    def _open_lock(self, name: str) -> int:
        self.var.mkdir(parents=True, exist_ok=True)
        return os.open(self.var / name, os.O_RDWR | os.O_CREAT, 0o600)

    @contextlib.contextmanager
    def _starting_alone(self) -> Iterator[None]:
        lock = self._open_lock("pg-start.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @staticmethod
    def _ended_after(process: subprocess.Popen[bytes], number: int, seconds: float) -> bool:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`. Linux only: the kernel sends the child this signal when its parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def set_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return set_signal


def serve(var: Path) -> int:
    """Run the server in the foreground until SIGTERM or SIGINT; the supervisor's `postgres` process."""
    server = EmbeddedServer(var)
    ends: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: ends.append(received))
    if not server.start():
        sys.stderr.write(f"Another command already runs the database of {server.var}. End it first.\n")
        return 1
    while not ends and server.is_running():
        time.sleep(0.2)
    # pages being answered may end first; the supervisor gives five seconds in all
    server.stop(patience=1.5)
    return 0 if ends else 1


def main() -> int:
    from bansong_fund.settings import VAR  # noqa: PLC0415 - the settings import this module

    try:
        return serve(VAR)
    except ServerRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""`make run` and `make serve`: prepares the fund, then one supervisor runs database, web server and worker.

One Ctrl-C (or SIGTERM) ends all of it. What stands in the way is said in a sentence, in Thai and English.
"""

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.process import Process

from bansong_fund import environment as env
from bansong_fund.embedded_postgres import EmbeddedServer, ServerRefused, die_with_parent
from bansong_fund.tether import SUPERVISOR

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}


class RunRefused(Exception):
    """The program cannot start; the message says why and what to do."""


def read_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--procfile", type=Path, default=BASE_DIR / "Procfile")
    parser.add_argument("--production", action="store_true")
    return parser.parse_args(words)


# ---- what may stand in the way -------------------------------------------------------------------


def check_port(host: str, port: int) -> None:
    """Raises RunRefused when nothing could listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise RunRefused(
            f"ใช้ {host}:{port} ไม่ได้ ({error.strerror}) ปิดโปรแกรมที่ใช้พอร์ตนี้อยู่ หรือเลือกพอร์ตอื่น: make run PORT={port + 1}\n"
            f"{host}:{port} cannot be used ({error.strerror}). End the program that uses it, or choose another port: "
            f"make run PORT={port + 1}"
        ) from error


def warn_of_open_host(host: str) -> None:
    if host not in LOOPBACK:
        sys.stderr.write(
            f"คำเตือน: ทุกคนในเครือข่ายเปิด {host} ได้ และไม่มีการเข้ารหัส HTTPS\n"
            f"Warning: on {host} everybody in the network can open the program, without HTTPS.\n"
        )


# ---- preparing -----------------------------------------------------------------------------------


def say(words: str) -> None:
    """At once, also where the output is a file: whoever waits should know for what."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def manage(*words: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=BASE_DIR, env=os.environ | environment, check=False
    )
    if done.returncode:
        raise RunRefused(f"`manage.py {words[0]}` failed; the lines above say why.")


def prepare(*, production: bool) -> Path | None:
    """Database, static files, the demonstration. Gives the `var` folder of an embedded database, else None."""
    from bansong_fund import settings  # noqa: PLC0415 - they may refuse, which main() turns into a sentence

    if production and not settings.PRODUCTION:
        raise RunRefused("`make serve` needs production settings: set DATABASE_URL, without DEMO=1. See .env.example.")
    if not settings.EMBEDDED_DATABASE:
        _prepare_named_database()
        return None
    server = EmbeddedServer(settings.VAR)
    if not server.start():
        raise RunRefused(
            f"ฐานข้อมูลใน {settings.VAR} เปิดใช้อยู่แล้ว ปิดโปรแกรมที่เปิดไว้ก่อน\n"
            f"The database in {settings.VAR} is already running. End the `make run` or the command that uses it first."
        )
    try:
        _prepare_embedded_database(server, demo=settings.DEMO)
    finally:
        server.stop()
    return settings.VAR


def _prepare_named_database() -> None:
    if env.text("DATABASE_OWNER_URL"):
        manage("prepare_database")
    manage("collectstatic", "--noinput", "--verbosity=0")


def _prepare_embedded_database(server: EmbeddedServer, *, demo: bool) -> None:
    say("กำลังเตรียมฐานข้อมูลและหน้าเว็บ\nPreparing the database and the pages.")
    manage("prepare_database")
    collect_static_files(server.var)
    if not _is_empty(server):
        return
    if demo:
        say(
            "กำลังใส่ข้อมูลกองทุนสาธิต ทำครั้งเดียว ใช้เวลาราวหนึ่งนาที\n"
            "Loading the demonstration fund; this happens once and takes about a minute."
        )
        manage("load_demo")
        gather_statistics(server)
    else:
        make_first_administrator(server.var)


def gather_statistics(server: EmbeddedServer) -> None:
    """Tell the planner what was loaded, or the first minute of pages is slow."""
    with server.login("fund_owner").connect() as connection:
        connection.execute("ANALYZE")


def make_first_administrator(var: Path) -> None:
    """An empty fund needs somebody who can sign in and take its first steps."""
    login = {"role": "administrator", "username": "administrator", "password": secrets.token_urlsafe(12)}
    words = ("create_administrator", "--username", login["username"], "--name", "ผู้ดูแลระบบ")
    manage(*words, FUND_ADMINISTRATOR_PASSWORD=login["password"])
    file = var / "first-login.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps([login]), encoding="utf-8")


def _is_empty(server: EmbeddedServer) -> bool:
    with server.login("fund_app").connect() as connection:
        found = connection.execute("SELECT EXISTS (SELECT 1 FROM office_user)").fetchone()
    return found != (True,)


def collect_static_files(var: Path) -> None:
    """Collect anew only when a static file or a package changed: it takes longer than all the rest of a start."""
    stamp, now = var / "static.stamp", _static_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == now:
        return
    manage("collectstatic", "--noinput", "--clear", "--verbosity=0")
    stamp.write_text(now, encoding="utf-8")


def _static_fingerprint() -> str:
    sources = [*(BASE_DIR / "static").rglob("*"), BASE_DIR / "requirements.txt", *BASE_DIR.glob("*/static_finders.py")]
    return "\n".join(f"{path} {path.stat().st_mtime_ns}" for path in sorted(sources) if path.is_file())


# ---- running -------------------------------------------------------------------------------------


def child_environment(host: str, port: int, var: Path | None) -> dict[str, str]:
    environment = os.environ | {
        "HOST": host,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        SUPERVISOR: str(os.getpid()),
    }
    environment.setdefault("WEB_WORKERS", str(min(4, 2 * (os.cpu_count() or 1))))
    if var is not None:
        environment["FUND_SUPERVISED_VAR"] = str(var)
    if host not in LOOPBACK:
        names = {"localhost", "127.0.0.1", host, socket.gethostname(), *_own_addresses()}
        environment.setdefault("ALLOWED_HOSTS", ",".join(sorted(names)))
    return environment


def _own_addresses() -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)}
    except OSError:
        return set()


class _MortalRunner(Process):
    """The helper process that honcho puts before each command; it must not wait for a supervisor that was killed."""

    def run(self, *args: Any, **kwargs: Any) -> None:
        set_signal = die_with_parent(signal.SIGKILL)
        if set_signal is not None:
            set_signal()
        super().run(*args, **kwargs)


def supervise(procfile: Path, environment: dict[str, str]) -> int:
    """Run the processes of the Procfile until one ends or a signal comes; then all of them have ended."""
    manager = Manager()
    manager._process_ctor = _MortalRunner
    embedded = "FUND_SUPERVISED_VAR" in environment
    for name, command in parse_procfile(procfile.read_text(encoding="utf-8")).processes.items():
        if name != "postgres" or embedded:
            manager.add_process(name, command, env=environment, cwd=str(BASE_DIR))
    announcer = subprocess.Popen([sys.executable, "-m", "bansong_fund.announce"], env=environment, cwd=BASE_DIR)
    try:
        manager.loop()
    finally:
        announcer.terminate()
        announcer.wait()
    stopped_by_signal = manager.returncode in {130, 143}
    return 0 if stopped_by_signal else manager.returncode or 0


def _end_on_sigterm(*_: object) -> None:
    sys.exit(143)


def main(words: list[str] | None = None) -> int:
    arguments = read_arguments(sys.argv[1:] if words is None else words)
    signal.signal(signal.SIGTERM, _end_on_sigterm)
    try:
        check_port(arguments.host, arguments.port)
        warn_of_open_host(arguments.host)
        var = prepare(production=arguments.production)
        return supervise(arguments.procfile, child_environment(arguments.host, arguments.port, var))
    except (RunRefused, ServerRefused, ImproperlyConfigured, psycopg.OperationalError) as refusal:
        sys.stderr.write(f"\n{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

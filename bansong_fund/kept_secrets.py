"""Secrets of an installation that nobody typed: made once, kept in a folder only its owner reads."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def random_word() -> str:
    return secrets.token_urlsafe(48)


def fernet_key() -> str:
    return Fernet.generate_key().decode("ascii")


def kept_secret(folder: Path, name: str, make: Callable[[], str] = random_word) -> str:
    """The secret `name` of this folder; made by `make` and written (0600) at the first call.

    Raises OSError when the folder cannot be written.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, make())
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, secret: str) -> None:
    """Two processes may start at the same moment: the first link wins, the other reads it."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret + "\n")
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()

"""Where a register's file lies while it is brought in: sealed, in private storage, under a random name.

It is sealed piece by piece, so that neither keeping nor opening a large file holds it in memory many times over.
"""

import hashlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from office.sealing import seal, unseal

PIECE = 1024 * 1024
LAID_OPEN = "register-laid-open-"
_LENGTH = 4  # bytes that say how long the sealed piece behind them is


@dataclass(frozen=True, slots=True)
class Kept:
    stored_name: str
    sha256: str
    size: int


def keep(pieces: Iterable[bytes], *, stored_name: str = "") -> Kept:
    """Seal a file that comes in pieces; under a new random name, or in the place of what lies under this one."""
    stored_name = stored_name or secrets.token_urlsafe(24)
    path = _place(stored_name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as target:
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            sealed = seal(piece)
            target.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
    return Kept(stored_name, digest.hexdigest(), size)


def pieces_of(source: BinaryIO) -> Iterator[bytes]:
    """A file that is open for reading, from its beginning, in pieces for `keep`."""
    source.seek(0)
    return iter(lambda: source.read(PIECE), b"")


@contextmanager
def laid_open(stored_name: str) -> Iterator[Path]:
    """The file as it was handed in, readable for this process as long as the block runs, outside of `FILES_ROOT`.

    Raises FileNotFoundError where it has gone, InvalidToken where the keys are others.
    """
    with tempfile.NamedTemporaryFile(prefix=LAID_OPEN) as whole:
        for piece in unsealed(stored_name):
            whole.write(piece)
        whole.flush()
        yield Path(whole.name)


def remove_laid_open(*, before: datetime) -> None:
    """Delete open copies that nobody closed, because the process that read them was killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{LAID_OPEN}*"):
        with suppress(OSError):  # gone meanwhile, or not ours
            if path.lstat().st_mtime < before.timestamp():
                path.unlink()


def unsealed(stored_name: str) -> Iterator[bytes]:
    """The file piece by piece."""
    with _place(stored_name).open("rb") as source:
        while length := source.read(_LENGTH):
            yield unseal(source.read(int.from_bytes(length, "big")))


def is_kept(stored_name: str) -> bool:
    return bool(stored_name) and _place(stored_name).is_file()


def remove(stored_name: str) -> None:
    """Delete the file; nothing happens where it has gone already."""
    if stored_name:
        _place(stored_name).unlink(missing_ok=True)


def _place(stored_name: str) -> Path:
    return Path(settings.FILES_ROOT) / "imports" / stored_name

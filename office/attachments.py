"""Papers handed in: what is taken, how it is made harmless, where it lies.

What a file is, is found in its content, never in its name. A picture is decoded and written anew as JPEG: no place,
no camera, no hidden content, at most 2,000 px a side. A PDF is kept as it is, unless it carries programs or files.
"""

import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from office.attachment_content import read_picture, refuse_unsafe_pdf
from office.models import Attachment, User

JPEG, PDF = "image/jpeg", "application/pdf"
MEBIBYTE = 1024 * 1024
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")

# Who may see the papers of an owner: kind -> (user, owner's id) -> yes or no. Each app adds its own in ready().
ATTACHMENT_OWNERS: dict[str, Callable[[User, int], bool]] = {}


class FileRefused(DomainError):
    """The file is not taken."""


@dataclass(frozen=True)
class Taken:
    """A file that was looked through, as it will be kept."""

    name: str
    content_type: str
    content: bytes


def take_file(file: File, *, field: str | None = None) -> Taken:
    """Look through a file and return what is to be kept of it; writes nothing. Raises FileRefused at `field`.

    At most `settings.MAX_UPLOAD_BYTES`; JPEG, PNG, WebP or PDF by content.
    """
    name = Path(file.name or "").name[:200] or _("file without a name")
    content = _read(file.file if hasattr(file, "file") else file, name, file.size, field)
    try:
        if content.startswith(b"%PDF-"):
            refuse_unsafe_pdf(content)
            return Taken(name, PDF, content)
        if content.startswith(PICTURE_STARTS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
            return Taken(name, JPEG, read_picture(content))
    except DomainError as refusal:
        raise FileRefused(f"{name}: {refusal}", field=field) from refusal
    raise FileRefused(_strange(content) % {"name": name}, field=field)


def _read(source: BinaryIO, name: str, size: int, field: str | None) -> bytes:
    most = settings.MAX_UPLOAD_BYTES
    if size > most:
        message = _("%(name)s has %(size).1f MB; at most %(most)d MB are taken. Photograph it smaller.")
        shown = {"name": name, "size": size / MEBIBYTE, "most": most // MEBIBYTE}
        raise FileRefused(message % shown, field=field)
    source.seek(0)
    content = source.read(most + 1)
    if not content:
        raise FileRefused(_("%(name)s is empty. Choose the file again.") % {"name": name}, field=field)
    return content


def _strange(content: bytes) -> str:
    if content.startswith(PROGRAM_STARTS):
        return _("%(name)s is a program, whatever its name says, and is not taken. Photograph the paper instead.")
    return _("%(name)s is not a picture or PDF, whatever its name says. Photograph the paper (JPEG, PNG) or scan it.")


def keep_attachment(
    file: File,
    *,
    owner_kind: str,
    owner_id: int,
    purpose: str,
    by: User,
    now: datetime,
    request_id: uuid.UUID | None = None,
    field: str | None = None,
) -> Attachment:
    """Keep one file as a paper of its owner. A second call with the same `request_id` returns the first's paper.

    Raises FileRefused. Call it inside the transaction that writes the owner: where that fails, the file that stays
    on disk has no row and is never served.
    """
    if request_id is not None:
        kept = Attachment.objects.filter(request_id=request_id).first()
        if kept is not None:
            return kept
    taken = take_file(file, field=field)
    return Attachment.objects.create(
        request_id=request_id or uuid.uuid4(),
        owner_kind=owner_kind,
        owner_id=owner_id,
        purpose=purpose,
        original_name=taken.name,
        content_type=taken.content_type,
        size=len(taken.content),
        sha256=hashlib.sha256(taken.content).hexdigest(),
        stored_name=_store(taken.content),
        uploaded_by=by,
        uploaded_at=now,
    )


def drop_attachment(attachment: Attachment) -> None:
    """Take a wrong paper away for good, row and file; whoever calls says whether it may still be changed, and logs."""
    path = stored_path(attachment.stored_name)
    attachment.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _store(content: bytes) -> str:
    """Write the file under a random name and return it, below FILES_ROOT."""
    name = secrets.token_urlsafe(24)
    path = stored_path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as target:
        target.write(content)
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    return name


def stored_path(stored_name: str) -> Path:
    """Where a stored file lies: two letters of its name make the folder, so that none grows too full."""
    return Path(settings.FILES_ROOT) / "papers" / stored_name[:2] / stored_name


def may_see(user: User, attachment: Attachment) -> bool:
    """Ask the owner's app. A kind that no app answers for is seen by nobody."""
    sees_owner = ATTACHMENT_OWNERS.get(attachment.owner_kind)
    return sees_owner is not None and sees_owner(user, attachment.owner_id)

"""A session that ran out in mid-form: the form is kept, the login comes over it, and then it is sent.

Every form carries a signed mark of the user who opened it (the tag `csrf_token` writes it). A POST of a visitor with
a valid mark is kept sealed for a day. After the login the same user sends it with one button, with the same
`request_id`, so that nothing is booked twice; another user gets the empty form.
"""

import json
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.http import HttpRequest

from office.models import InterruptedForm, User
from office.sealing import seal, unseal

MARK_FIELD = "form_user"
FILES_FIELD = "kept_files"
OUR_FIELDS = {MARK_FIELD, FILES_FIELD, "csrfmiddlewaretoken"}
MARK_LIFETIME = timedelta(days=7)
LIFETIME = timedelta(hours=24)
MOST_PER_USER = 10
MOST_BYTES = 40 * 1024 * 1024
_SALT = "office.interrupted"


def mark_of(user: User) -> str:
    """The signed mark that a form of this user carries."""
    return signing.dumps(user.pk, salt=_SALT)


def marked_user(mark: str) -> User | None:
    """The user whose mark this is; None where it is forged, older than a week, or the account is closed."""
    try:
        user_id = signing.loads(mark, salt=_SALT, max_age=MARK_LIFETIME)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=user_id, is_active=True).first()


def keep_form(
    request: HttpRequest, user: User, *, now: datetime, without: Collection[str] = ()
) -> InterruptedForm | None:
    """Keep what was posted, fields and files (but those of the fields `without`); None where it is too large."""
    files = [(field, file) for field, several in request.FILES.lists() if field not in without for file in several]
    if sum(file.size for _field, file in files) > MOST_BYTES:
        return None
    forget_expired(now)
    fields = [(name, values) for name, values in request.POST.lists() if name not in OUR_FIELDS]
    stored = [
        {"field": field, "name": file.name, "type": file.content_type, "stored": _store(_whole(file))}
        for field, file in files
    ]
    with transaction.atomic():
        for old in user.interrupted_forms.order_by("-kept_at")[MOST_PER_USER - 1 :]:
            forget(old)
        return InterruptedForm.objects.create(
            user=user,
            path=request.get_full_path(),
            page=_page_of(request),
            sealed_fields=seal(json.dumps(fields).encode()),
            stored_files=stored,
            kept_at=now,
            expires_at=now + LIFETIME,
        )


def _whole(file: UploadedFile) -> bytes:
    file.seek(0)  # the form may have looked through it
    return file.read()


def hold_files(request: HttpRequest, form: forms.Form) -> None:
    """Keep the files of a form that comes back to be corrected, since no browser fills them in again.

    The page's token carries them on (`csrf_token`). A file that the form refused is not kept.
    """
    if not any(name not in form.errors for name in request.FILES):
        return
    earlier = getattr(request, "kept_form", None)
    request.kept_form = keep_form(request, request.user, now=request.now, without=form.errors)
    if earlier is not None:
        forget(earlier)


def fields_of(form: InterruptedForm) -> Iterator[tuple[str, str]]:
    """What was typed, as pairs for hidden inputs."""
    for name, values in json.loads(unseal(bytes(form.sealed_fields))):
        for value in values:
            yield name, value


def put_files_back(request: HttpRequest, form: InterruptedForm) -> None:
    """Give the request the files that the form had when it was interrupted, where none were chosen anew."""
    chosen_anew = set(request.FILES)
    for kept in form.stored_files:
        path = _place(kept["stored"])
        if kept["field"] not in chosen_anew and path.is_file():
            content = unseal(path.read_bytes())
            file = SimpleUploadedFile(kept["name"], content, content_type=kept["type"])
            request.FILES.appendlist(kept["field"], file)


def running_form(token: str, *, now: datetime) -> InterruptedForm | None:
    """The kept form of this token, unless it is a day old."""
    try:
        return InterruptedForm.objects.filter(token=UUID(token), expires_at__gt=now).first()
    except ValueError:  # no token at all
        return None


def forget(form: InterruptedForm) -> None:
    """Delete the form and its files."""
    for kept in form.stored_files:
        _place(kept["stored"]).unlink(missing_ok=True)
    form.delete()


def forget_expired(now: datetime) -> None:
    for form in InterruptedForm.objects.filter(expires_at__lte=now):
        forget(form)


def _page_of(request: HttpRequest) -> str:
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc == request.get_host() and came_from.path.startswith("/"):
        return came_from.path
    return request.path


def _store(content: bytes) -> str:
    name = secrets.token_urlsafe(24)
    path = _place(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(seal(content))
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    return name


def _place(name: str) -> Path:
    return Path(settings.FILES_ROOT) / "interrupted" / name

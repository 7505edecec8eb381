"""Reads settings from the environment, and fails loudly: a wrong word is an error, never a default."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "yes", "true", "on"}, {"0", "no", "false", "off"}


def text(name: str, default: str = "") -> str:
    """The variable, or what stands in the file that `<name>_FILE` names (for secrets mounted as files)."""
    named_file = os.environ.get(f"{name}_FILE", "").strip()
    if not named_file:
        return os.environ.get(name, "").strip() or default
    if os.environ.get(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    try:
        return Path(named_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {named_file}, which cannot be read: {error.strerror}."
        ) from error


def needed(name: str, what: str) -> str:
    found = text(name)
    if not found:
        raise ImproperlyConfigured(f"{name} is not set: {what}. See .env.example.")
    return found


def flag(name: str, *, default: bool) -> bool:
    word = text(name).lower()
    if not word:
        return default
    if word in YES | NO:
        return word in YES
    raise ImproperlyConfigured(f"{name} is {word!r}: write yes or no.")


def number(name: str, default: int) -> int:
    word = text(name)
    if not word:
        return default
    if not (word.isascii() and word.isdigit()):
        raise ImproperlyConfigured(f"{name} is {word!r}: write a whole number, for instance {default}.")
    return int(word)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str, name: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/database?sslmode=require` as Django's settings.

    Raises ImproperlyConfigured for any other kind of database. The message never repeats the URL: it holds a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/database.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }

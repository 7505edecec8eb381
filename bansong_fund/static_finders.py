"""Finds the look's files in the packages that ship them, so that none is copied into the repository.

`vendor/bootstrap/…` comes from bootstrap-wrapper, `vendor/sarabun/…` from fontpkg-sarabun, `django_htmx/…`, `account/…`
and `mfa/…` from their apps. Only files that pages use are named here, so that collecting them takes seconds.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

from bansong_fund.web_fonts import WEB_FONTS, have_web_fonts


@dataclass(frozen=True)
class Source:
    """Files of one package: `folder` inside it, their names, and the prefix they get below STATIC_URL."""

    prefix: str
    package: str
    folder: str
    names: tuple[str, ...]


SOURCES = (
    Source(
        "vendor/bootstrap",
        "bootstrap",
        "",
        (
            "css/bootstrap.min.css",
            "css/bootstrap.min.css.map",
            "js/bootstrap.bundle.min.js",
            "js/bootstrap.bundle.min.js.map",
        ),
    ),
    Source("vendor/sarabun", "fontpkg_sarabun", "files", ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")),
    Source("django_htmx", "django_htmx", "static/django_htmx", ("htmx-2.min.js", "django-htmx.js")),
    Source("account", "allauth", "account/static/account", ("js/onload.js", "js/account.js")),
    Source("mfa", "allauth", "mfa/static/mfa", ("js/recovery_codes.js",)),
)


class VendorFinder(BaseFinder):
    """The files of SOURCES, and Sarabun made small for the web: `vendor/sarabun/Sarabun-Regular.woff2` and `-Bold`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._files = {
            f"{source.prefix}/{name}": (name, storage)
            for source in SOURCES
            for storage in [_storage(package_folder(source.package) / source.folder, source.prefix)]
            for name in source.names
        }
        web_fonts = _storage(Path(settings.WEB_FONTS_ROOT), "vendor/sarabun")
        self._files |= {f"vendor/sarabun/{name}": (name, web_fonts) for name in WEB_FONTS}

    def check(self, **kwargs: Any) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        if path not in self._files:
            return []
        self._have_fonts()
        name, storage = self._files[path]
        return [storage.path(name)] if find_all else storage.path(name)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        self._have_fonts()
        yield from self._files.values()

    def _have_fonts(self) -> None:
        have_web_fonts(package_folder("fontpkg_sarabun") / "files", Path(settings.WEB_FONTS_ROOT))


def package_folder(package: str) -> Path:
    """Where an installed package lies. Raises ModuleNotFoundError."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {package} is not installed: run `make run` once.")
    return Path(next(iter(spec.submodule_search_locations)))


def _storage(folder: Path, prefix: str) -> FileSystemStorage:
    storage = FileSystemStorage(location=folder)
    storage.prefix = prefix  # type: ignore[attr-defined]  # how collectstatic learns the target folder
    return storage

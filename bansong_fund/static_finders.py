"""Finds the look's files in the packages that ship them, so that none is copied into the repository.

`vendor/bootstrap/…` comes from bootstrap-wrapper, `vendor/sarabun/…` from fontpkg-sarabun. Only the files that
pages use are shown to collectstatic. htmx is a static file of the app django_htmx, found without us.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage


class VendorFinder(BaseFinder):
    # prefix below STATIC_URL -> (package, folder inside it, files)
    SOURCES = {
        "vendor/bootstrap": (
            "bootstrap",
            "",
            [
                "css/bootstrap.min.css",
                "css/bootstrap.min.css.map",
                "js/bootstrap.bundle.min.js",
                "js/bootstrap.bundle.min.js.map",
            ],
        ),
        "vendor/sarabun": ("fontpkg_sarabun", "files", ["Sarabun-Regular.ttf", "Sarabun-Bold.ttf"]),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._storages = {prefix: self._storage(prefix) for prefix in self.SOURCES}

    def check(self, **kwargs: Any) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        for prefix, (_package, _folder, files) in self.SOURCES.items():
            name = path.removeprefix(f"{prefix}/")
            if name != path and name in files:
                found = self._storages[prefix].path(name)
                return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for prefix, (_package, _folder, files) in self.SOURCES.items():
            for name in files:
                yield name, self._storages[prefix]

    def _storage(self, prefix: str) -> FileSystemStorage:
        package, folder, _files = self.SOURCES[prefix]
        storage = FileSystemStorage(location=_package_folder(package) / folder)
        storage.prefix = prefix  # type: ignore[attr-defined]  # how collectstatic learns the target folder
        return storage


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {package} is not installed: run `make run` once.")
    return Path(list(spec.submodule_search_locations)[0])

"""Compiles each locale/*/LC_MESSAGES/*.po that is newer than its .mo (no GNU gettext needed)."""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalog(source: Path) -> None:
    target, scratch = source.with_suffix(".mo"), source.with_suffix(f".{os.getpid()}.new")
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    with scratch.open("wb") as file:
        write_mo(file, catalog)
    scratch.replace(target)


def main() -> int:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_catalog(source)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes small web fonts of the installed Sarabun: Latin and Thai letters only, compressed as WOFF2.

A leader's phone loads a quarter of what the whole fonts weigh. They are made at the first need and kept in `var`.
"""

import os
from pathlib import Path

from fontTools import subset

WEB_FONTS = ("Sarabun-Regular.woff2", "Sarabun-Bold.woff2")
LETTERS = [
    *range(0x20, 0x7F),  # ASCII
    *range(0xA0, 0x100),  # Latin-1: × ÷ ° and accents
    *range(0xE00, 0xE80),  # Thai
    *range(0x2010, 0x2027),  # dashes, quotation marks, dots
    0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2260, 0x2264, 0x2265, 0x25CC,
]  # fmt: skip


def have_web_fonts(source: Path, target: Path) -> None:
    """Make those of WEB_FONTS that are missing in `target` out of the TTF files in `source`."""
    for name in WEB_FONTS:
        if not (target / name).exists():
            target.mkdir(parents=True, exist_ok=True)
            _make(source / name.replace(".woff2", ".ttf"), target / name)


def _make(source: Path, target: Path) -> None:
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
    scratch = target.with_suffix(f".{os.getpid()}.new")
    with subset.load_font(str(source), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(font)
        subset.save_font(font, str(scratch), options)
    scratch.replace(target)

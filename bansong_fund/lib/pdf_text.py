"""Text that can be copied out of our PDFs as it was written.

WeasyPrint tells a PDF reader what a glyph means by the letters of the first cluster in which it met
that glyph. HarfBuzz splits SARA AM (ำ) into NIKHAHIT (ํ) and SARA AA (า), so one "น้ำ" is enough to make
every later า of the document read as something else. What a glyph means stands in the font itself;
`ReadableFonts` takes it from there.

WeasyPrint keeps the fonts of a document in a plain dict, `Document.fonts`, and fills each font's plain
dict `to_unicode` while it draws. Both are replaced by dicts that know better, so nothing is patched.
"""

import io
import re
from functools import lru_cache
from typing import Any

from fontTools import agl
from fontTools.ttLib import TTFont

_LATIN_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_SARA_AM = re.compile("([\u0e48-\u0e4b]*)\u0e33")


def fold_sara_am(text: str) -> str:
    """Write every SARA AM as NIKHAHIT, tone mark, SARA AA: the order in which a PDF gives it back.

    For comparing only: two texts that look the same on paper are equal once both are folded.
    """
    return _SARA_AM.sub("\u0e4d\\1\u0e32", text)


class ReadableFonts(dict[Any, Any]):
    """The fonts of one WeasyPrint document, each reading back by its own character map."""

    def __setitem__(self, key: Any, font: Any) -> None:
        font.to_unicode = _GlyphTexts(_texts_of_font(font.file_content, font.index))
        super().__setitem__(key, font)


class _GlyphTexts(dict[int, str]):
    """Glyph number to text, for the glyphs that a document uses; the font's own word comes first."""

    def __init__(self, own_texts: dict[int, str]) -> None:
        super().__init__()
        self._own_texts = own_texts

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self._own_texts.get(glyph, text))


@lru_cache(maxsize=32)
def _texts_of_font(content: bytes, index: int) -> dict[int, str]:
    font = TTFont(io.BytesIO(content), fontNumber=index, lazy=True)
    letters: dict[str, str] = {}
    # Ascending, so that of two letters drawn alike the plain one wins (space before no-break space).
    for codepoint, name in sorted((font.getBestCmap() or {}).items()):
        letters.setdefault(name, _LATIN_LIGATURES.get(codepoint, chr(codepoint)))
    texts = {}
    for glyph, name in enumerate(font.getGlyphOrder()):
        if text := _text_of_glyph(name, letters):
            texts[glyph] = text
    return texts


def _text_of_glyph(name: str, letters: dict[str, str]) -> str:
    """A variant ("uni0E48.small") means what its base glyph means, a ligature what its name spells."""
    base = name.split(".", 1)[0]
    return letters.get(name) or letters.get(base) or agl.toUnicode(name)

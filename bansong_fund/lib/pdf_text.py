"""Text that can be copied out of our PDFs as it was written.

WeasyPrint tells a PDF reader what a glyph means by the letters of the first cluster in which it met
that glyph. HarfBuzz splits SARA AM (ำ) into NIKHAHIT (ํ) and SARA AA (า), so one "น้ำ" is enough to make
every later า of the document read as something else. What a glyph means stands in the font itself;
`ReadableFonts` takes it from there.

WeasyPrint keeps the fonts of a document in a plain dict, `Document.fonts`, and fills each font's plain
dict `to_unicode` while it draws. Both are replaced by dicts that know better, so nothing is patched.

Two things a glyph cannot tell: that ํ and า were one ำ, and that a mark moved up or to the left still belongs to
its letter (readers that go by distance part them: "ปิ่ น", or put the mark on a line of its own).
`write_actual_text`, called by WeasyPrint's finisher, writes the words themselves beside each Thai line and names
the language of a line that is not the document's.
"""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pydyf  # type: ignore[import-untyped]
from fontTools import agl  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_LATIN_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32")
_THAI = re.compile("[\u0e00-\u0e7f]")
_ENGLISH = re.compile("[A-Za-z]{2}")
_FONT = re.compile(rb"/(\S+) \S+ Tf$")
_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
# A pen moved by a tenth of the letter's height or more, in thousandths: what reads as a gap.
_MOVE = re.compile(rb"(?<=>)-(\d{3,})(?=<)")
_STEP = 60
_SARA_AM = re.compile("([\u0e48-\u0e4b]*)\u0e33")


def fold_sara_am(text: str) -> str:
    """Write every SARA AM as NIKHAHIT, tone mark, SARA AA: as readers that know glyphs alone give it back.

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


def write_actual_text(document: Any, pdf: Any) -> None:
    """Mark each Thai line with the text that its glyphs stand for, and others by language."""
    texts = {font.hash.encode(): font.to_unicode for font in document.fonts.values()}
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and b"BT" in thing.stream:
            thing.stream = list(_with_actual_text(thing.stream, texts, document.metadata.lang))


def _with_actual_text(operations: list[Any], texts: dict[bytes, dict[int, str]], language: str) -> Iterator[Any]:
    line: list[Any] = []
    for operation in operations:
        if operation == b"BT":
            line = [operation]
        elif not line:
            yield operation
        else:
            line.append(operation)
        if operation == b"ET":
            yield from _marked_line(line, texts, language)
            line = []


def _marked_line(line: list[bytes], texts: dict[bytes, dict[int, str]], language: str) -> list[bytes]:
    shown = _text_of_line(line, texts)
    if _THAI.search(shown):
        text = _SPLIT_SARA_AM.sub("\\1\u0e33", shown)
        actual = ("\ufeff" + text).encode("utf-16-be").hex().encode()
        spoken = b"" if language == "th" else b" /Lang (th)"
        return [b"/Span <<" + spoken + b" /ActualText <" + actual + b"> >> BDC", *map(_in_small_moves, line), b"EMC"]
    if language != "en" and _ENGLISH.search(shown):
        return [b"/Span << /Lang (en) >> BDC", *line, b"EMC"]
    return line


def _text_of_line(line: list[bytes], texts: dict[bytes, dict[int, str]]) -> str:
    glyph_texts: dict[int, str] = {}
    text = []
    for operation in line:
        if font := _FONT.search(operation):
            glyph_texts = texts[font[1]]
        elif operation.endswith(b" TJ"):
            codes = b"".join(_GLYPHS.findall(operation)).decode()
            text += [glyph_texts.get(int(codes[i : i + 4], 16), "") for i in range(0, len(codes), 4)]
    return "".join(text)


def _in_small_moves(operation: bytes) -> bytes:
    """The same way in small steps, for readers that know no actual text and look at each move alone."""
    return _MOVE.sub(lambda move: b" ".join(_steps(int(move[1]))), operation)


def _steps(way: int) -> Iterator[bytes]:
    for start in range(0, way, _STEP):
        yield b"-%d" % min(_STEP, way - start)

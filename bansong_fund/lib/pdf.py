"""HTML to PDF: A4, tagged, Sarabun embedded, Thai broken between words, nothing fetched from outside.

Addresses that a paper may use: `static:pdf/paper.css` (a file that Django's static finders know),
`font:Sarabun-Bold.ttf` (a file of the Sarabun family), `attachment:NAME` (bytes handed in by the caller).
Everything else is refused, logged to this module's logger, and left out of the paper.
"""

import atexit
import gc
import io
import logging
import mimetypes
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Literal

import fontpkg_sarabun  # type: ignore[import-untyped]
import pikepdf
from django.contrib.staticfiles import finders
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from bansong_fund.lib.pdf_tags import BoundTags, mend_tags
from bansong_fund.lib.pdf_text import ReadableFonts, write_actual_text

Language = Literal["th", "en", "both"]

PAPER_STYLESHEETS = ("pdf/paper.css",)

# WeasyPrint has Pillow take half a picture for a whole one, in the whole process: uploads would be taken so, too.
ImageFile.LOAD_TRUNCATED_IMAGES = False

logger = logging.getLogger(__name__)

# Pango's font maps are not made for two threads at once, and rendering holds the processor anyway.
_render_lock = threading.Lock()
# Kept by process: a forked worker must not share (or clean up) the font folder of its parent.
_presses: dict[int, "_Press"] = {}


@atexit.register
def _put_away() -> None:
    """Let go of Pango's objects while its libraries are still there: freed later, they end the process by a fault."""
    _presses.clear()
    gc.collect()


class RefusedAddressError(ValueError):
    """An address on a paper that is neither ours nor handed in."""


def render_pdf(
    html: str,
    *,
    title: str,
    language: Language = "th",
    stylesheets: tuple[str, ...] = PAPER_STYLESHEETS,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Lay `html` out and return the PDF/UA-1 document.

    `stylesheets` are names of static files; each is parsed once in a process. `pictures` maps the NAME of
    `attachment:NAME` to the bytes of a picture. `both` (Thai with English beneath) is a Thai document.
    """
    return render_together([html], title=title, language=language, stylesheets=stylesheets, pictures=pictures)


def render_together(
    papers: Iterable[str],
    *,
    title: str,
    language: Language = "th",
    stylesheets: tuple[str, ...] = PAPER_STYLESHEETS,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Lay out several papers (HTML) one after another and return them as one PDF/UA-1 document.

    Each counts its own pages. `papers` may be a generator: the next one is asked for when the last is laid out. Needs
    at least one.
    """
    with _render_lock:
        press = _press_of_this_process()
        fetcher = OwnFilesFetcher(pictures)
        sheets = [press.stylesheet(name) for name in stylesheets]
        laid_out = [
            HTML(string=html, url_fetcher=fetcher).render(
                font_config=press.font_config, stylesheets=sheets, pdf_variant="pdf/ua-1"
            )
            for html in papers
        ]
        document = laid_out[0].copy([page for paper in laid_out for page in paper.pages])
        document.fonts = ReadableFonts()
        document.metadata.title = title
        document.metadata.lang = "en" if language == "en" else "th"
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_finish)
        return pdf


def _finish(document: Any, pdf: Any) -> None:
    """WeasyPrint's finisher, called when all is drawn and nothing is written."""
    mend_tags(pdf)
    write_actual_text(document, pdf)


def page_count(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def bind(
    parts: Iterable[bytes],
    *,
    title: str,
    language: Language = "th",
    page_numbers: Callable[[int], bytes] | None = None,
) -> bytes:
    """Return one PDF/UA-1 document of several, in their order. See `bind_into`."""
    out = io.BytesIO()
    bind_into(out, map(io.BytesIO, parts), title=title, language=language, page_numbers=page_numbers)
    return out.getvalue()


def bind_into(
    out: BinaryIO,
    parts: Iterable[BinaryIO | Path],
    *,
    title: str,
    language: Language = "th",
    page_numbers: Callable[[int], bytes] | None = None,
) -> None:
    """Write one PDF/UA-1 document of several, in their order: a list too long to be laid out at once.

    The tags of each part come along, so that a screen reader finds the tables of a bound paper as those of a short one.
    `page_numbers` draws so many pages with nothing but their numbers, which are laid over the pages, for parts that
    were drawn without.
    """
    with pikepdf.new() as bound, ExitStack() as opened:
        tags = BoundTags(bound)
        for part in parts:
            tags.add_pages(opened.enter_context(pikepdf.open(part)))
        if page_numbers:
            numbers = opened.enter_context(pikepdf.open(io.BytesIO(page_numbers(len(bound.pages)))))
            for page, number in zip(bound.pages, numbers.pages, strict=True):
                page.add_overlay(number, rect=None)
        tags.close()
        with bound.open_metadata() as metadata:
            metadata.register_xml_namespace("http://www.aiim.org/pdfua/ns/id/", "pdfuaid")
            metadata["dc:title"] = title
            metadata["pdfuaid:part"] = "1"
        bound.Root.Lang = pikepdf.String("en" if language == "en" else "th")
        bound.save(out, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.generate)


class OwnFilesFetcher(URLFetcher):
    """Serves `static:`, `font:` and the `attachment:` bytes it was given, nothing else."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._pictures = pictures or {}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        content = self._content(scheme, name)
        if content is None:
            # The address may come from data that a user typed: bounded, and quoted by repr.
            logger.warning("A paper asked for an address that is not served: %.200r", url)
            raise RefusedAddressError(scheme)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": media_type})

    def _content(self, scheme: str, name: str) -> bytes | None:
        if scheme == "attachment":
            return self._pictures.get(name)
        path = _static_path(name) if scheme == "static" else _font_path(name) if scheme == "font" else None
        return path.read_bytes() if path else None


class _Press:
    """What documents of one process share: the fonts, and stylesheets already parsed."""

    def __init__(self) -> None:
        self.font_config = FontConfiguration()
        self._stylesheets: dict[str, CSS] = {}

    def stylesheet(self, name: str) -> CSS:
        if name not in self._stylesheets:
            self._stylesheets[name] = CSS(
                url=f"static:{name}", url_fetcher=OwnFilesFetcher(), font_config=self.font_config
            )
        return self._stylesheets[name]


def _press_of_this_process() -> _Press:
    process = os.getpid()
    if process not in _presses:
        _presses[process] = _Press()
    return _presses[process]


def _static_path(name: str) -> Path | None:
    if ".." in Path(name).parts or Path(name).is_absolute():
        return None
    found = finders.find(name)
    return Path(found) if found and Path(found).is_file() else None


def _font_path(name: str) -> Path | None:
    folder = fontpkg_sarabun.ROOT / "files"
    path = folder / name
    return path if path.parent == folder and path.is_file() else None

"""Reading PDFs back, for tests, and the watch over WeasyPrint's log."""

import io
import logging
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pypdf
import pypdfium2
import pytest


def pypdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def pdfium_text(pdf: bytes) -> str:
    return "\n".join(page_texts(pdf))


def poppler_text(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().replace("\f", "")


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, lines parted by a newline; ำ comes back as one letter."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            textpage = page.get_textpage()
            texts.append(textpage.get_text_range().replace("\r\n", "\n").replace("\ufffe", ""))
            textpage.close()
            page.close()
        return texts


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@contextmanager
def weasyprint_log() -> Iterator[list[str]]:
    """What WeasyPrint has to say, from warnings up, while the block runs."""
    messages: list[str] = []
    handler = _Keeper(messages)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)


class _Keeper(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def silent_weasyprint(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Import this into a test module, and a warning of WeasyPrint fails its test."""
    with weasyprint_log() as messages:
        yield messages
    assert messages == []

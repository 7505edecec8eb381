"""Every paper of the house, with names that mean harm in it: what PDF/UA asks, and nothing reached from outside."""

import io
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test.signals import template_rendered

from tests.papers.samples import SAMPLES, House, house_of
from tests.papers.structure import faults_of
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401

PAPERS = Path(settings.BASE_DIR) / "templates" / "pdf"
A4 = {(210, 297)}
# The demonstration has no care visits; tests/reports draws them.
NOT_DRAWN = {"annual_report_care.html"}


def sizes(pdf: bytes) -> set[tuple[int, ...]]:
    """The sizes of a file's pages in millimetres, the short side first."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        boxes = [page.mediabox for page in document.pages]
    return {tuple(sorted(round(float(side) / 72 * 25.4) for side in box[2:])) for box in boxes}


class Listener:
    """A port of this machine; `calls` are those who knocked."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.calls: list[object] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while True:
                connection, caller = self.socket.accept()
                self.calls.append(caller)
                connection.close()
        except OSError:
            return

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.socket.close()


@pytest.fixture
def house(demo_fund, listener: Listener) -> House:
    return house_of(listener.address, "both")


def test_every_paper_is_accessible_and_reaches_no_file_and_no_network(house, listener, caplog) -> None:
    """With hostile and very long names in all of them, in both languages at once; no paper is left out."""
    drawn: set[str] = set()

    def note(template, **_rest) -> None:
        drawn.add(Path(str(template.name)).name)

    caplog.set_level(logging.WARNING)
    template_rendered.connect(note)
    try:
        papers = {draw.__name__: draw(house) for draw in SAMPLES}
    finally:
        template_rendered.disconnect(note)
    assert {name: faults_of(pdf, language="th") for name, pdf in papers.items()} == {name: [] for name in papers}
    assert [name for name, pdf in papers.items() if "น้ำผึ้งป่า" not in pdfium_text(pdf)] == []
    assert {name: size for name, pdf in papers.items() if (size := sizes(pdf)) != A4} == {
        "notice": {(148, 210)},
        "member_card": {(54, 86)},
    }
    assert [record.getMessage() for record in caplog.records] == []
    assert listener.calls == []
    assert {path.name for path in PAPERS.glob("*.html")} - drawn == NOT_DRAWN

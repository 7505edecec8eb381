"""Every paper of the house, with names that mean harm in it: what PDF/UA asks, and nothing reached from outside."""

import io
import logging
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test.signals import template_rendered

from members.models import Fund
from tests.papers.pictures import nearest_edge
from tests.papers.samples import SAMPLES, House, house_of
from tests.papers.structure import faults_of
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401

PAPERS = Path(settings.BASE_DIR) / "templates" / "pdf"
A4 = {(210, 297)}
# What printers do not reach, in millimetres; a card has the size of its plastic.
PRINTS_FROM, CARDS = 10, {"member_card"}
# Drawn in Thai and in English by tests of their own, or long: in both languages at once is enough.
LONG_PAPERS = {
    *("annual_report", "codi_status", "any_span", "assembly", "month_report", "agenda", "counts", "audit"),
    *("long_receipt", "long_list"),
}
LETTERS = {"request", "thanks", "pledge", "in_kind", "arrears", "notice"}


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
    assert {name for name, pdf in papers.items() if nearest_edge(pdf) < PRINTS_FROM} == CARDS
    assert [record.getMessage() for record in caplog.records] == []
    assert listener.calls == []
    assert {path.name for path in PAPERS.glob("*.html")} - drawn == set()


def test_a_paper_in_one_language_is_as_good_and_letters_have_thai_digits(demo_fund, listener, caplog) -> None:
    """One half of the papers in Thai, the other in English; letters in Thai, where the fund wishes Thai digits."""
    caplog.set_level(logging.WARNING)
    Fund.objects.update(thai_digits=True)
    thai = house_of(listener.address, "th")
    short = [draw for draw in SAMPLES if draw.__name__ not in LONG_PAPERS]
    drawn = {draw.__name__: draw for draw in short if draw.__name__ in LETTERS} | {
        draw.__name__: draw for draw in short[::2]
    }
    papers = {name: draw(thai) for name, draw in drawn.items()}
    assert {name: faults_of(pdf, language="th") for name, pdf in papers.items()} == {name: [] for name in papers}
    digits = {name: "".join(re.findall("[0-9]", pdfium_text(papers[name]))) for name in sorted(LETTERS)}
    assert digits == dict.fromkeys(sorted(LETTERS), "")
    english = replace(thai, language="en")
    papers = {draw.__name__: draw(english) for draw in short if draw.__name__ not in papers}
    assert {name: faults_of(pdf, language="en") for name, pdf in papers.items()} == {name: [] for name in papers}
    assert ([record.getMessage() for record in caplog.records], listener.calls) == ([], [])

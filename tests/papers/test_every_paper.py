"""Every paper of the house, with names that mean harm in it: what PDF/UA asks, and nothing reached from outside."""

import logging
import socket
import threading
from collections.abc import Iterator

import pytest
from django.test.signals import template_rendered

from tests.papers.samples import SAMPLES, House, house_of
from tests.papers.structure import faults_of
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401

drawn_templates: set[str] = set()


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


@pytest.mark.parametrize("draw", SAMPLES, ids=lambda draw: draw.__name__)
def test_a_paper_is_accessible_and_reaches_no_file_and_no_network(draw, house, listener, caplog) -> None:
    def note(template, **_rest) -> None:
        drawn_templates.add(str(template.name))

    caplog.set_level(logging.WARNING)
    template_rendered.connect(note)
    try:
        pdf = draw(house)
    finally:
        template_rendered.disconnect(note)
    assert faults_of(pdf, language="th") == []
    assert [record.getMessage() for record in caplog.records] == []
    assert listener.calls == []
    assert "น้ำผึ้งป่า" in pdfium_text(pdf)

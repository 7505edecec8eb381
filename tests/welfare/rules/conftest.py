"""The two regulations that the rules are tried on: the fund's own, and one that uses every key."""

from pathlib import Path

import pytest

import bansong_fund
from welfare.rules.document import RegulationDocument, read_regulation

BANSONG = Path(bansong_fund.__file__).parent / "data" / "regulation-bansong.yaml"
EVERY_KEY = Path(__file__).parent / "every-key.yaml"


@pytest.fixture(scope="session")
def bansong() -> RegulationDocument:
    return read_regulation(BANSONG.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def every_key() -> RegulationDocument:
    return read_regulation(EVERY_KEY.read_text(encoding="utf-8"))

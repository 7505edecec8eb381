"""Regulation files with something broken in them: read, or refused with faults that can be said; never a crash."""

import random

import pytest

from tests.welfare.rules.conftest import BANSONG, EVERY_KEY
from welfare.rules.document import RegulationDocument, read_regulation
from welfare.rules.faults import RegulationFaults

SCRAPS = ["", " ", "\n", ":", "-", "[", "]", "{", "}", "&a ", "*a", "!!set ", "'", '"', "0", "-1", "1.005", "9" * 40]
SCRAPS += [
    "~",
    "yes",
    "\t",
    "2562-02-30",
    "ก",
    "\u200b",
    "\ufeff",
    "\x00",
    "\ud800",
    "<<: ",
    "%",
    "---\n",
    "years",
    "null",
]


def mutate(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.choice([0, 0, 1, 3, 12, 80]))
        text = text[:start] + chance.choice(SCRAPS) + text[end:]
    return text


def sentences_of(text: str) -> list[str]:
    """What is wrong with the file in both languages; nothing where it can be read and stored."""
    try:
        document = read_regulation(text)
    except RegulationFaults as refused:
        return refused.sentences("th") + refused.sentences("en")
    return [] if RegulationDocument.from_json(document.to_json()) == document else ["not the same when stored"]


@pytest.mark.parametrize("path", [BANSONG, EVERY_KEY])
@pytest.mark.parametrize("seed", range(10))
def test_a_broken_file_is_read_or_refused_but_never_crashes(path, seed):
    chance = random.Random(seed)
    original = path.read_text(encoding="utf-8")
    for _ in range(10):
        told = sentences_of(mutate(original, chance))
        assert "not the same when stored" not in told
        assert [sentence for sentence in told if ": " not in sentence] == []


@pytest.mark.parametrize("path", [BANSONG, EVERY_KEY])
def test_a_whole_file_has_nothing_to_say(path):
    assert sentences_of(path.read_text(encoding="utf-8")) == []

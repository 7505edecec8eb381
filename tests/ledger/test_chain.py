"""The canonical text and its hash, byte for byte: the test vectors of docs/books.md."""

from datetime import date
from decimal import Decimal

from ledger.chain import GENESIS_HASH, SealedEntry, SealedLine, chain_hash, memo_digest

ENTRY = SealedEntry(1, date(2020, 11, 1), "receipt", "receipt", "2563/000001", "", "")
LINE = SealedLine(1, "1010", "4110", Decimal("365.00"), "general", 3, 1204)


def test_the_canonical_text_of_an_entry_and_a_line() -> None:
    assert ENTRY.text() == "1|2020-11-01|receipt|receipt|2563/000001||"
    assert LINE.text() == "1|1010|4110|365.00|general|3|1204||"


def test_the_first_vector() -> None:
    assert chain_hash(GENESIS_HASH, ENTRY, [LINE]) == "520368e45db614ed0635918bdb250ac935096e737eb5a3fc8d772b0abe07b9dc"


def test_the_second_vector_stands_on_the_first() -> None:
    entry = SealedEntry(2, date(2020, 11, 2), "reversal", "receipt", "2563/000001", 1, memo_digest("salt", "ผิดคน"))
    line = SealedLine(1, "4110", "1010", Decimal("365.00"), "general", 3, 1204, "", "1:1")
    assert (
        chain_hash(chain_hash(GENESIS_HASH, ENTRY, [LINE]), entry, [line])
        == "9a77000b54bdeafadd7abb49d3ac5751b9093479782ba774c7a1b6ec9adfb037"
    )


def test_a_satang_less_is_another_hash() -> None:
    other = SealedLine(1, "1010", "4110", Decimal("364.99"), "general", 3, 1204)
    assert chain_hash(GENESIS_HASH, ENTRY, [LINE]) != chain_hash(GENESIS_HASH, ENTRY, [other])

"""The chain that seals the books: each entry's hash covers the hash before it and a canonical text.

The text holds numbers, dates, kinds, account codes, dimensions, amounts and document numbers; never
a name or free text (a memo only as its salted digest). `docs/books.md` gives it byte for byte with
test vectors; a change of it is a new `hash_version`, never an edit of this one.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HASH_VERSION = 1
GENESIS_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class SealedLine:
    """What of a line is sealed; numbers, never keys. Empty strings stand for "none"."""

    position: int
    debit_code: str
    credit_code: str
    amount: Decimal
    fund_code: str
    community_number: int | str = ""
    member_number: int | str = ""
    contributor_number: int | str = ""
    reversed_line: str = ""  # "<entry number>:<position>"

    def text(self) -> str:
        return (
            f"{self.position}|{self.debit_code}|{self.credit_code}|{self.amount:.2f}|{self.fund_code}|"
            f"{self.community_number}|{self.member_number}|{self.contributor_number}|{self.reversed_line}"
        )


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """What of an entry is sealed."""

    number: int
    date: date
    kind: str
    document_kind: str
    document_number: str
    reversed_number: int | str
    memo_digest: str

    def text(self) -> str:
        return (
            f"{self.number}|{self.date.isoformat()}|{self.kind}|{self.document_kind}|"
            f"{self.document_number}|{self.reversed_number}|{self.memo_digest}"
        )


def chain_hash(previous_hash: str, entry: SealedEntry, lines: Iterable[SealedLine]) -> str:
    """SHA-256, in hex, over version, the hash before, the entry and its lines, each ended by a line feed."""
    parts = [f"ledger {HASH_VERSION}", previous_hash, entry.text(), *(line.text() for line in lines)]
    return hashlib.sha256(("\n".join(parts) + "\n").encode()).hexdigest()


def memo_digest(salt: str, text: str) -> str:
    """The digest under which a memo is sealed: with its salt gone, nobody can guess the words back."""
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()

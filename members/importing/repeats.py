"""Rows of one file that mean the same person: the same ID, the same number, the same member, the same name and birth.

Which of them is right nobody knows, so each is refused and names the others. Kept as plain numbers: a register of
four hundred thousand rows needs some tens of megabytes for it.
"""

import hashlib
from array import array
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from members.importing.facts import RowFacts
from members.importing.plan import Planned

SHEET_STEP = 1 << 40
NAMED_AT_MOST = 3

SAME_ID = gettext_noop("The same ID number stands in this file also at %(places)s. Leave one of them.")
SAME_NUMBER = gettext_noop("The same member number stands in this file also at %(places)s. Leave one of them.")
SAME_MEMBER = gettext_noop("The same member is meant in this file also at %(places)s. Leave one of them.")
SAME_NAME = gettext_noop("The same name and birth stand in this file also at %(places)s. Leave one of them.")
COLUMNS = {SAME_ID: "national_id", SAME_NUMBER: "number", SAME_MEMBER: "first_name", SAME_NAME: "first_name"}

Place = tuple[int, int]  # sheet, line


class Repeats:
    """Gathers what may stand once in a file, row after row."""

    def __init__(self) -> None:
        self._keys: dict[str, array] = {name: array("Q") for name in COLUMNS}
        self._places: dict[str, array] = {name: array("Q") for name in COLUMNS}

    def add(self, planned: Planned) -> None:
        row = planned.row
        if row.digest:
            self._note(SAME_ID, int(row.digest[:16], 16), row)
        if row.number:
            self._note(SAME_NUMBER, row.number, row)
        if planned.known is not None:
            self._note(SAME_MEMBER, planned.known.member.pk, row)
        elif not row.digest and not row.number and row.first_name:
            who = (row.first_name, row.family_name, row.birth_date, row.community, row.joined_on)
            self._note(SAME_NAME, int.from_bytes(hashlib.blake2b(repr(who).encode(), digest_size=8).digest()), row)

    def _note(self, kind: str, key: int, row: RowFacts) -> None:
        self._keys[kind].append(key)
        self._places[kind].append(row.sheet * SHEET_STEP + row.line)

    def found(self) -> dict[Place, tuple[str, list[Place]]]:
        """By place: what stands there more than once (the first of the sentences above), and where else."""
        result: dict[Place, tuple[str, list[Place]]] = {}
        for kind in COLUMNS:
            for places in self._repeated(kind):
                for place in places:
                    others = [other for other in places if other != place][:NAMED_AT_MOST]
                    result.setdefault(place, (kind, others))
        return result

    def _repeated(self, kind: str) -> Iterator[list[Place]]:
        keys, places = self._keys[kind], self._places[kind]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        start = 0
        for end in range(1, len(order) + 1):
            if end == len(order) or keys[order[end]] != keys[order[start]]:
                if end - start > 1:
                    yield [divmod(places[at], SHEET_STEP) for at in order[start:end]]
                start = end

"""What a row of an old register says of a person, read and typed; and the sentences about it, in both languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import id_digest
from bansong_fund.lib.thai_dates import format_date

LANGUAGES = ("th", "en")
REFUSAL, WARNING, CHANGE = "refusal", "warning", "change"

# Columns of Member that a row may fill as they stand; the others have rules of their own.
PLAIN_FIELDS = (
    *("title", "first_name", "family_name", "nickname", "sex", "phone", "occupation", "nationality"),
    *("marital_status", "address"),
)


def said(kind: str, column: str, msgid: str, **values: Any) -> dict[str, str]:
    """A sentence in both languages, as `ImportRow.messages` keeps it. Days among `values` are written in words.

    `msgid` is a marked English sentence with %(name)s; `column` the heading of the file, or the field's name.
    """
    told = {"kind": kind, "column": column}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = gettext(msgid) % {name: _written(value) for name, value in values.items()}
    return told


def told_by(kind: str, column: str, act: Callable[[], Any]) -> dict[str, str]:
    """The sentence with which `act` refuses, in both languages. Call it where it did refuse."""
    told = {"kind": kind, "column": column}
    for language in LANGUAGES:
        with translation.override(language):
            try:
                act()
            except DomainError as refusal:
                told[language] = str(refusal)
    return told


def _written(value: Any) -> str:
    return format_date(value, "short") if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of one benefit before this program; None where no column says it."""

    year_times: int | None = None
    year_units: int | None = None
    year_baht: Decimal | None = None
    life_times: int | None = None
    life_baht: Decimal | None = None

    def given(self) -> dict[str, Any]:
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


@dataclass(slots=True)
class RowFacts:
    """One row, as far as it could be read. What no cell says is None or empty, and never erases what is known."""

    sheet: int
    line: int
    plain: dict[str, str] = field(default_factory=dict)
    number: int | None = None
    national_id: str = ""
    digest: str = ""
    id_kind: str = ""
    id_reason: str = ""
    birth_date: date | None = None
    birth_precision: str = "day"
    community: int | None = None  # its key
    house_number: str = ""
    moo: str = ""
    lane: str = ""
    road: str = ""
    joined_on: date | None = None
    paid_through: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    rounds_matched: int | None = None
    drawn: Mapping[str, Drawn] = field(default_factory=dict)  # by the benefit's code
    beneficiary: tuple[str, str] = ("", "")  # name, relation
    groups: frozenset[str] = frozenset()
    messages: list[dict[str, str]] = field(default_factory=list)

    @property
    def first_name(self) -> str:
        return self.plain.get("first_name", "")

    @property
    def family_name(self) -> str:
        return self.plain.get("family_name", "")

    @property
    def name(self) -> str:
        return f"{self.plain.get('title', '')}{self.first_name} {self.family_name}".strip()

    @property
    def is_refused(self) -> bool:
        return any(message["kind"] == REFUSAL for message in self.messages)

    def refuse(self, column: str, msgid: str, **values: Any) -> None:
        self.messages.append(said(REFUSAL, column, msgid, **values))

    def warn(self, column: str, msgid: str, **values: Any) -> None:
        self.messages.append(said(WARNING, column, msgid, **values))

    def check(self, column: str, act: Callable[[], Any]) -> bool:
        """Whether `act` goes through; where it refuses, its sentence refuses the row."""
        try:
            act()
        except DomainError as refusal:
            self.messages.append(told_by(REFUSAL, refusal.field or column, act))
            return False
        return True

    def set_id(self, national_id: str) -> None:
        self.national_id, self.digest = national_id, id_digest(national_id)

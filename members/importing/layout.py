"""What a file's columns are: proposed from its headings, put right by the registrar, kept with the run as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date


class ColumnsUnclear(DomainError):
    """What the columns are said to be cannot be read into members."""


@dataclass(slots=True)
class SheetLayout:
    """One sheet. `columns`: by place (0 is column A) the field of `members.import_columns.FIELDS` that stands there.

    `community`: the number of the one community whose people the sheet lists, None where a column says it.
    """

    name: str
    first_line: int = 1  # of the rows under the headings; lines count from 1, as sheet programs do
    headings: list[str] = field(default_factory=list)
    columns: dict[int, str] = field(default_factory=dict)
    left_out: bool = False
    community: int | None = None
    joined_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        kept = asdict(self)
        return kept | {"joined_on": self.joined_on and self.joined_on.isoformat()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "SheetLayout":
        columns = {int(place): name for place, name in kept["columns"].items()}
        joined_on = date.fromisoformat(kept["joined_on"]) if kept["joined_on"] else None
        return cls(**{**kept, "columns": columns, "joined_on": joined_on})


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of the whole file: the day of the opening facts, and why odd ID numbers are taken."""

    as_of: date
    id_reason: str = ""

    def as_json(self) -> dict[str, str]:
        return {"as_of": self.as_of.isoformat(), "id_reason": self.id_reason}

    @classmethod
    def of_json(cls, kept: Mapping[str, str]) -> "Options":
        return cls(date.fromisoformat(kept["as_of"]), kept.get("id_reason", ""))


def check_options(options: Options, *, today: date) -> None:
    """Raises `ColumnsUnclear` for a day after today."""
    if options.as_of > today:
        message = _("%(day)s is after today, %(today)s. Write an earlier day.")
        days = {"day": format_date(options.as_of), "today": format_date(today)}
        raise ColumnsUnclear(message % days, field="as_of")


def places_of(columns: Mapping[int, str], names: Sequence[str]) -> list[int]:
    """Where one of these fields stands."""
    return [place for place, name in columns.items() if name in names]

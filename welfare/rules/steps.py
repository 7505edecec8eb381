"""What a reckoning answers: the outcome, the sum, and every step that led there.

An `Assessment` is stored with its claim as JSON, together with the sentences as they were said on
that day in both languages, and comes back equal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Self

from welfare.rules.sentences import Figure, say

Outcome = Literal["eligible", "needs_decision", "refused"]
ZERO = Decimal("0.00")


class PaidPart(NamedTuple):
    """What is paid for days that lie in one limit year: the first of them, units and baht."""

    day: date
    units: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at.

    `ok` is True where it holds, False where it refuses the claim, None where it is noted: it lowers
    the sum, asks for a paper, or leaves the matter to the committee. `said` holds the stored
    sentences of a step that was read back.
    """

    code: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    ok: bool | None = True
    said: Mapping[str, str] = field(default_factory=dict, compare=False)

    def sentence(self, language: str) -> str:
        """The step in words, Thai ("th") or English; as it was said then, where it was stored."""
        return self.said.get(language) or say(self.code, self.figures, language)

    def to_json(self) -> dict[str, Any]:
        """Code, figures with their kinds, and the sentences in both languages."""
        figures = {key: _figure_to_json(value) for key, value in self.figures.items()}
        return {
            "code": self.code,
            "ok": self.ok,
            "figures": figures,
            "th": self.sentence("th"),
            "en": self.sentence("en"),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` gave, back again and equal."""
        figures = {key: _figure_from_json(value) for key, value in data["figures"].items()}
        return cls(data["code"], figures, data["ok"], {"th": data["th"], "en": data["en"]})


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of a reckoning: `amount` in baht, `units_paid` (nights, children ...), the steps in order.

    `parts` says in which days the sum lies; it is what later claims count against yearly limits.
    """

    outcome: Outcome
    amount: Decimal
    units_paid: int
    steps: tuple[Step, ...]
    parts: tuple[PaidPart, ...] = ()

    @property
    def refusals(self) -> tuple[Step, ...]:
        """Every reason why the claim is refused."""
        return tuple(step for step in self.steps if step.ok is False)

    @property
    def evidence_missing(self) -> tuple[Step, ...]:
        """The papers still asked for; they do not refuse the claim."""
        return tuple(step for step in self.steps if step.code == "evidence_missing")

    def sentences(self, language: str) -> list[str]:
        """All steps in words."""
        return [step.sentence(language) for step in self.steps]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, sentences of both languages included."""
        return {
            "outcome": self.outcome,
            "amount": str(self.amount),
            "units_paid": self.units_paid,
            "steps": [step.to_json() for step in self.steps],
            "parts": parts_to_json(self.parts),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` gave, back again and equal."""
        return cls(
            data["outcome"],
            Decimal(data["amount"]),
            data["units_paid"],
            tuple(Step.from_json(step) for step in data["steps"]),
            parts_from_json(data["parts"]),
        )


def parts_to_json(parts: Iterable[PaidPart]) -> list[list[Any]]:
    """Parts as lists of ISO day, units and baht text."""
    return [[part.day.isoformat(), part.units, str(part.amount)] for part in parts]


def parts_from_json(data: Iterable[Any]) -> tuple[PaidPart, ...]:
    """Parts of a stored assessment, without reading its steps: `parts_from_json(stored["parts"])`."""
    return tuple(PaidPart(date.fromisoformat(day), units, Decimal(amount)) for day, units, amount in data)


def _figure_to_json(value: Figure) -> Any:
    # JSON has no decimals and no days, so those two carry their kind.
    if isinstance(value, Decimal):
        return {"baht": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _figure_from_json(value: Any) -> Figure:
    readers: dict[str, Callable[[str], Figure]] = {"baht": Decimal, "day": date.fromisoformat}
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return readers[kind](text)
    return tuple(value) if isinstance(value, list) else value

"""From the text of a regulation file to its model, or to all of its faults.

Three passes, all of which always run, so that nothing hides behind an earlier fault: the form of
the text (`reading`), the shape of every value (the model), and what values mean beside each other
(`senses`). The faults come in the order of the file.
"""

import difflib
import re
from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from welfare.rules.faults import WORDS, Fault, RegulationFaults
from welfare.rules.reading import read_plain
from welfare.rules.senses import find_nonsense

Model = TypeVar("Model", bound=BaseModel)

# What pydantic calls a fault, and what we call it.
_NAMES = {
    "missing": "missing",
    "model_type": "not_a_group",
    "model_attributes_type": "not_a_group",
    "dict_type": "not_a_group",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
}
# What could not be read at all is one fault: that it is not a number either goes without saying.
_UNREAD = frozenset({"blank", "alias", "not_plain"})


def check_text(text: str, model: type[Model], *, known_keys: Iterable[str] = ()) -> Model:
    """The model that the text describes; raises `RegulationFaults` with every fault."""
    reading = read_plain(text)
    faults = list(reading.faults)
    document = None
    if reading.value is not None or not faults:
        try:
            document = model.model_validate(reading.value)
        except ValidationError as error:
            faults += _shape_faults(error, reading.lines, tuple(known_keys))
        faults += find_nonsense(reading.value)
    if faults or document is None:
        raise RegulationFaults(_in_order(faults, reading.lines))
    return document


def _shape_faults(error: ValidationError, lines: dict[str, int], known_keys: tuple[str, ...]) -> list[Fault]:
    return [_shape_fault(detail, lines, known_keys) for detail in error.errors(include_url=False)]


def _shape_fault(detail: ErrorDetails, lines: dict[str, int], known_keys: tuple[str, ...]) -> Fault:
    place = _place(detail["loc"], lines)
    kind = detail["type"]
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(detail["loc"][-1]), known_keys, n=1)
        return Fault(place, "unknown_key_near", {"near": near[0]}) if near else Fault(place, "unknown_key")
    if kind in WORDS:
        figures = detail.get("ctx", {})
        return Fault(place, kind, {key: str(value) for key, value in figures.items() if key != "code"})
    return Fault(place, _NAMES.get(kind, "not_understood"))


def _place(loc: tuple[int | str, ...], lines: dict[str, int]) -> str:
    steps = [step for step in loc if step != "[key]"]
    # A single paper is read as a list of one, whose index the file does not have.
    if steps and isinstance(steps[-1], int) and _spell(steps) not in lines:
        steps = steps[:-1]
    return _spell(steps)


def _spell(steps: Iterable[int | str]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _in_order(faults: list[Fault], lines: dict[str, int]) -> list[Fault]:
    """Each fault with its line, sorted by it; a missing key stands at the line of what lacks it."""
    placed = [Fault(f.place, f.code, f.figures, f.line or _line(f.place, lines)) for f in faults]
    unread = {fault.place for fault in placed if fault.code in _UNREAD}
    told = [fault for fault in placed if fault.code in _UNREAD or fault.place not in unread]
    return sorted(dict.fromkeys(told), key=lambda fault: (fault.line or 0, _by_number(fault.place)))


def _by_number(place: str) -> list[tuple[int, str]]:
    """The place so that the tenth entry comes after the second."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", place)]


def _line(place: str, lines: dict[str, int]) -> int | None:
    while place and place not in lines:
        place = re.sub(r"(^|\.|\[)[^.\[]*$", "", place)
    return lines.get(place)

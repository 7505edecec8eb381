"""YAML text to plain values, exactly: no float, no guessed date, no key lost because it came twice.

PyYAML's own loaders turn 100.10 into a binary float, 0100 into 64, and take the last of two equal
keys in silence. So the text is composed to nodes, and the nodes are read here.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from welfare.rules.faults import Fault

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})
MOST_TEXT = 100_000  # letters: a regulation is a few pages, and what is a hundred times as long is none


@dataclass
class PlainReading:
    """What a text says: plain values, the line (from 1) of every place, and the faults of its form."""

    value: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_plain(text: str) -> PlainReading:
    """Read YAML text; numbers come as int or Decimal, dates as the text they were written in."""
    reading = PlainReading()
    if len(text) > MOST_TEXT:
        reading.faults.append(Fault("", "too_long", {"limit": f"{MOST_TEXT:,}"}))
        return reading
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            reading.faults.append(Fault("", "empty"))
        else:
            _Reader(reading).read(node, "")
    except yaml.YAMLError as error:
        reading.faults.append(_form_fault(error, text))
    except ValueError:  # "\U00110000"
        reading.faults.append(Fault("", "not_yaml", {"reason": "a letter that there is not"}))
    except RecursionError:
        reading.faults.append(Fault("", "not_yaml", {"reason": "nested too deep"}))
    return reading


def _form_fault(error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not text"
    line = mark.line + 1 if mark is not None else None
    if isinstance(error, yaml.reader.ReaderError):  # it counts letters, not lines
        line = text.count("\n", 0, int(error.position)) + 1
    return Fault("", "not_yaml", {"reason": str(reason)}, line)


class _Reader:
    """Walks the nodes once; a node met twice is an alias, which could grow without end."""

    def __init__(self, reading: PlainReading) -> None:
        self.reading = reading
        self.met: set[int] = set()

    def fault(self, place: str, code: str, node: yaml.Node) -> None:
        self.reading.faults.append(Fault(place, code, {}, node.start_mark.line + 1))

    def remember(self, node: yaml.Node, place: str) -> None:
        self.reading.lines.setdefault(place, node.start_mark.line + 1)

    def read(self, node: yaml.Node, place: str) -> Any:
        self.remember(node, place)
        if id(node) in self.met:
            self.fault(place, "alias", node)
            return None
        self.met.add(id(node))
        value: Any = None
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            value = self.mapping(node, place)
        elif isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            value = [self.read(item, f"{place}[{index}]") for index, item in enumerate(node.value)]
        elif isinstance(node, yaml.ScalarNode):
            value = self.scalar(node, place)
        else:
            self.fault(place, "not_plain", node)
        if place == "":
            self.reading.value = value
        return value

    def mapping(self, node: yaml.MappingNode, place: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(place, "not_plain", key_node)
                continue
            key = str(key_node.value)
            inner = f"{place}.{key}" if place else key
            if key in values:
                self.fault(inner, "twice", key_node)
                continue
            self.remember(key_node, inner)
            values[key] = self.read(value_node, inner)
        return values

    def scalar(self, node: yaml.ScalarNode, place: str) -> Any:
        text = str(node.value)
        match node.tag.removeprefix(_TAG):
            case "null":
                # A key without a value is a limit half written, not a limit left out.
                self.fault(place, "blank", node)
                return None
            # What is not a plain number stays text, and is a fault wherever a number is asked for.
            case "bool" if text.lower() in _YES | _NO:
                return text.lower() in _YES
            case "int":
                return int(text) if _WHOLE.fullmatch(text) else text
            case "float":
                return Decimal(text) if _DECIMAL.fullmatch(text) else text
            case "str" | "timestamp" | "bool":
                return text
        self.fault(place, "not_plain", node)
        return None

"""Money over several pages: what a page carries forward (ยอดยกไป), and what the next brings forward (ยอดยกมา).

Where a page ends is known only when it is laid out. So each row of the table carries both sentences, what was there
before it and what is there after it, and the margins of the page print the first row's and the last row's
(`string-set` in static/pdf/paper.css). What stands at the beginning and at the end of the whole says nothing.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from bansong_fund.lib.money import ZERO, format_baht

Amounts = Sequence[Decimal | None]
Carried = tuple[str, str]
NOTHING: Carried = ("", "")


class Carrying:
    """Walks down a list of money and says of each row what comes to its page and what goes on from it.

    `names` are what the sums are of (a sum alone needs none), `kept` tells which are not added up but are left as the
    last row says, as a balance is.
    """

    def __init__(self, names: Sequence[Any], language: str, *, kept: Sequence[bool] = (), start: Amounts = ()) -> None:
        self.names, self.language = names, language
        self.kept = kept or (False,) * len(names)
        self.sums = [amount or ZERO for amount in start] or [ZERO] * len(names)
        self.has_begun = bool(start)

    def row(self, amounts: Amounts) -> Carried:
        """What a row carries."""
        brought = self.brought
        for place, amount in enumerate(amounts):
            if amount is not None:
                self.sums[place] = amount if self.kept[place] else self.sums[place] + amount
        self.has_begun = True
        return brought, self._said("carried")

    def last(self, amounts: Amounts) -> Carried:
        """What the last row carries: nothing goes on from it."""
        return self.row(amounts)[0], ""

    @property
    def brought(self) -> str:
        return self._said("brought") if self.has_begun else ""

    def _said(self, way: str) -> str:
        codes = ("th", "en") if self.language == "both" else (self.language,)
        label = " ".join(_label(way, code) for code in codes)
        sums = (
            " ".join((*(_name(name, code) for code in codes if name), format_baht(amount)))
            for name, amount in zip(self.names, self.sums, strict=True)
        )
        return f"{label} {' · '.join(sums)}"


def _label(way: str, language: str) -> str:
    with translation.override(language):
        return gettext("Carried forward") if way == "carried" else gettext("Brought forward")


def _name(name: Any, language: str) -> str:
    return str(name.in_language(language) if hasattr(name, "in_language") else name)

"""Who supported the fund in a year: those who agreed to be named, and how many there were in all."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Value
from django.db.models.functions import Collate

from contributions.models import Contributor
from members.models import ThaiSortKey


@dataclass(frozen=True, slots=True)
class Supporters:
    """`named` agreed to stand in reports; `unnamed` gave too. `known` counts all who ever supported the fund."""

    named: tuple[Contributor, ...]
    unnamed: int
    known: int

    @property
    def all_in_period(self) -> int:
        return len(self.named) + self.unnamed


def supporters(first: date, last: date) -> Supporters:
    """Those with a gift from `first` to `last` whose receipt holds, in Thai dictionary order."""
    gave = Contributor.objects.filter(gifts__received_on__range=(first, last), gifts__receipt__void=None)
    key = Collate(ThaiSortKey(F("name"), Value("")), "C")
    everyone = list(gave.annotate(key=key).order_by("key", "number").distinct())
    named = tuple(one for one in everyone if one.may_be_named)
    ever = Contributor.objects.filter(gifts__received_on__lte=last, gifts__receipt__void=None)
    return Supporters(named, len(everyone) - len(named), ever.distinct().count())

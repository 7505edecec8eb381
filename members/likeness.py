"""When two names may be one person's, written down twice by two hands. Pure: no database, no clock.

Names are compared by a key in which what sounds alike is written alike (ศ ษ ส, ณ น, ไ ใ), and tone marks, the
silent mark and titles are left out; two keys are like when they are equal or one slip of the hand apart.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.thai_text import normalise

# Letters written alike, then (without a partner) what is left out. PostgreSQL's translate() reads the pair likewise.
ALIKE_FROM = "ศษณใญฎฏฐฑธภฆฌฬABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALIKE_TO = "สสนไยดตถททพคชลabcdefghijklmnopqrstuvwxyz"
LEFT_OUT = "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e\u0e3a .-'’"
# A title that was glued to the first name: only before a letter that can begin a name (never นายิกา).
GLUED_TITLE = r"^(เด็กชาย|เด็กหญิง|นางสาว|นาย|นาง|ด\.ช\.|ด\.ญ\.|น\.ส\.) ?(?=[\u0e01-\u0e2e\u0e40-\u0e44])"
LEAST_LETTERS = 4  # in a shorter name one letter more or less makes another name (นา, มา)

_FOLD = str.maketrans(ALIKE_FROM, ALIKE_TO, LEFT_OUT)


class Why(models.TextChoices):
    """What makes two rows look like one person, the strongest first."""

    ID = "id", _("the same national ID")
    BIRTH = "birth", _("a like name and the same birth")
    HOUSE = "house", _("a like name in the same house")
    PHONE = "phone", _("the same first name and phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKey:
    """What is compared of a person. `community`: its key; `national_id`: as read, compared by its digest only."""

    first_name: str
    family_name: str = ""
    birth_date: date | None = None
    birth_precision: str = "day"
    community: int | None = None
    house_number: str = ""
    moo: str = ""
    phone: str = ""
    national_id: str = ""


def fold(name: str) -> str:
    """One name as it is compared."""
    return normalise(name).translate(_FOLD)


def fold_first(name: str) -> str:
    """A first name as it is compared: without a title that was glued to it."""
    return fold(re.sub(GLUED_TITLE, "", normalise(name)))


def like_key(first: str, family: str) -> str:
    """First and family name in one text that is equal for names that are written, or sound, alike."""
    return f"{fold_first(first)} {fold(family)}"


def like_names(one: str, other: str) -> bool:
    """Whether two keys of `like_key` are equal, or one slip of the hand apart in one of their names."""
    if one == other:
        return True
    (first, _, family), (other_first, _, other_family) = one.partition(" "), other.partition(" ")
    if first == other_first:
        return _is_slip(family, other_family)
    return family == other_family and _is_slip(first, other_first)


def _is_slip(one: str, other: str) -> bool:
    """One letter more, less, or another, or two neighbours that changed places."""
    if min(len(one), len(other)) < LEAST_LETTERS or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return longer[start + 1 :] == shorter[start:]
    swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    return swapped or one[start + 1 :] == other[start + 1 :]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A person as she is compared. `house`: community, house number and village number; `digest`: of the ID."""

    first: str
    family: str
    birth_date: date | None
    birth_precision: str
    house: tuple[int, str, str] | None
    phone: str
    digest: str

    @property
    def key(self) -> str:
        return f"{self.first} {self.family}"


def why_alike(one: Likeness, other: Likeness) -> Why | None:
    """Why the two may be one person, by the strongest reason; None where nothing says so.

    Two people who have an ID each are taken for one only where the names are equal; a slip of the hand is enough
    for others. Father and son of one name in one house differ by birth and ID.
    """
    if one.digest and one.digest == other.digest:
        return Why.ID
    equal, born = one.key == other.key, _births(one, other)
    two_ids = bool(one.digest and other.digest)
    like = equal or (not two_ids and like_names(one.key, other.key))
    if like and born and (equal or born == "day"):
        return Why.BIRTH
    if _same_house(one, other) and _like_in_a_house(one, other, like=like, born=born, two_ids=two_ids):
        return Why.HOUSE
    if one.phone and one.phone == other.phone and one.first == other.first and (born != "" or not two_ids):
        return Why.PHONE
    return None


def _births(one: Likeness, other: Likeness) -> str | None:
    """How exactly the births are the same: "day", "month", "year"; "" where they differ, None where one is unknown."""
    if one.birth_date is None or other.birth_date is None:
        return None
    precisions = {one.birth_precision, other.birth_precision}
    least = next((each for each in ("year", "month") if each in precisions), "day")
    places = {"year": 1, "month": 2, "day": 3}[least]
    return least if one.birth_date.timetuple()[:places] == other.birth_date.timetuple()[:places] else ""


def _same_house(one: Likeness, other: Likeness) -> bool:
    if one.house is None or other.house is None or one.house[:2] != other.house[:2]:
        return False
    moos = {one.house[2], other.house[2]} - {""}
    return len(moos) < 2


def _like_in_a_house(one: Likeness, other: Likeness, *, like: bool, born: str | None, two_ids: bool) -> bool:
    if not like:
        return born == "day" and one.first == other.first  # the family name changed, at a wedding say
    return born != "" or (one.key == other.key and not two_ids)

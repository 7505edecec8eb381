"""Communities as old registers write them: the number, the Thai or the English name, with or without ชุมชน before it."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.readers import ReadFault, read_text, shown
from bansong_fund.lib.thai_text import arabic_digits, normalise
from members.models import Community

_WHOLE = re.compile(r"^([0-9]+)\.0+$")  # how some programs write whole numbers into a CSV
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9])[^0-9a-z\u0e01-\u0e4e]+(?=[0-9])")
_BEFORE = re.compile(r"^(ชุมชนที่|ชุมชน|บ้าน|หมู่บ้าน|community|village)(?=.)")


class CommunityName:
    """A community's name in the language in which it is written down."""

    def __init__(self, community: Community) -> None:
        self.community = community

    def __str__(self) -> str:
        return local_name(self.community)


def bare_name(text: str) -> str:
    """A community's name as it is compared: no spaces or points, no ชุมชน before it, a number without noughts:
    "ชุมชนที่ 04" and "4.0" are "4".
    """
    # marks above and below are no word characters for Python, and must stay: ค้อ is not คอ
    plain = arabic_digits(normalise(text)).lower()
    plain = _WHOLE.sub(r"\1", plain)
    bare = "/".join(map(_letters, _BETWEEN_NUMBERS.split(plain)))  # 1/2 is not 12
    bare = _BEFORE.sub("", bare)
    return bare.lstrip("0") or bare if bare.isdecimal() else bare


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or "\u0e30" <= letter <= "\u0e4e")


def known_names(communities: Iterable[Community]) -> Mapping[str, int]:
    """Keys of communities by what they may be called. What two of them may be called names neither."""
    found: dict[str, int] = {}
    several = set()
    for community in communities:
        for name in {bare_name(text) for text in (str(community.number), community.name_th, community.name_en)} - {""}:
            if found.setdefault(name, community.pk) != community.pk:
                several.add(name)
    numbers = {str(community.number): community.pk for community in communities}
    return {name: key for name, key in found.items() if name not in several} | numbers


def read_community(cell: object, names: Mapping[str, int]) -> int | None:
    """Return the key of the community that a cell names, None where it is empty. Raises ReadFault."""
    text = read_text(cell, 200)
    if text is None:
        return None
    found = names.get(bare_name(text))
    if found is None:
        message = _("There is no community “%(text)s”. Correct the cell, or add it on the page of the communities.")
        raise ReadFault(message % {"text": shown(text)})
    return found

"""What was typed into a search box, and which rows of the register it means, doubles among them.

A text is either figures (a member number, an ID, a phone, a house), looked up as they stand, or words, each a piece
of a name. The pieces are found in the index of two-letter grams and then compared letter by letter.
"""

import re
from collections.abc import Callable

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains

from bansong_fund.lib.national_id import id_digest
from bansong_fund.lib.phones import PhoneError, format_phone, parse_phone
from bansong_fund.lib.readers import split_name
from bansong_fund.lib.thai_text import arabic_digits, plain, thai_digits
from members.models import Member, NameChange

NUMBER_DIGITS = 8
# Names typed without a space between them are looked for from here on: two letters of each.
LEAST_TOGETHER = 4

_SEPARATORS = re.compile(r"[ ().\-\u2010-\u2013]")
_ID = re.compile("(?=.*[0-9])[0-9a-z]{5,20}")
_HOUSE = r"[0-9]+(?: ?/ ?[0-9]+)*[ก-ฮ]?"
_ADDRESS = re.compile(
    rf"(?:บ้านเลขที่|เลขที่|house(?: no\.?)?)? ?(?P<house>{_HOUSE})(?: ?(?:หมู่ที่|หมู่|ม\.?|moo) ?(?P<moo>[0-9]+))?"
)


class _ThaiPlain(Func):
    function = "thai_plain"
    arity = 1
    output_field = TextField()


def _together(first: str, family: str, *more: str) -> Concat:
    """Names parted by spaces, and once more without a space between first and family name."""
    parted: list[F | Value] = []
    for name in (first, family, *more):
        parted += [F(name), Value(" ")]
    return Concat(*parted, F(first), F(family), output_field=CharField())


_NAMES = _together("first_name", "family_name", "nickname")
_OLD_NAMES = _together("old_first_name", "old_family_name")


# --- figures ----------------------------------------------------------------------------------------------


def number_in(text: str) -> int | None:
    """The member number that a text is; None where it is none."""
    digits = arabic_digits(plain(text))
    return int(digits) if re.fullmatch(f"[0-9]{{1,{NUMBER_DIGITS}}}", digits) else None


def rows_of_figures(text: str) -> list[QuerySet[Member]]:
    """The rows that have this number, ID, phone or house, each as a query of its own; [] where the text is words."""
    text = arabic_digits(plain(text))
    bare = _SEPARATORS.sub("", text)
    number = number_in(text)
    found = [] if number is None else [Member.objects.filter(number=number)]
    if _ID.fullmatch(bare):
        holders = Member.objects.filter(national_id_digest=id_digest(bare.upper()))
        # apart, because the index of digests leaves the doubles out
        found += [holders.filter(merged_into=None), holders.filter(merged_into__isnull=False)]
    if phone := _phone_in(text):
        found.append(Member.objects.filter(phone__in=[phone, format_phone(phone)]))
    if house := _houses_in(text):
        found.append(Member.objects.filter(house))
    return found


def _phone_in(text: str) -> str:
    try:
        return parse_phone(text)
    except PhoneError:
        return ""


def _houses_in(text: str) -> Q | None:
    address = _ADDRESS.fullmatch(text)
    if address is None:
        return None
    house = _in_house(address["house"])
    return house & Q(household__moo__in=_both_digits(address["moo"])) if address["moo"] else house


def _in_house(number: str) -> Q:
    number = number.replace(" ", "")
    return Q(household__house_number__in=_both_digits(str(int(number)) if number.isdecimal() else number))


def _both_digits(text: str) -> list[str]:
    return [text, thai_digits(text)]


# --- words ------------------------------------------------------------------------------------------------


def named(text: str) -> Q:
    """Rows with all words of a text in their names, in any order; a title before them may be anybody's.

    A number among the words is a member's or a house's: "สมหญิง 12/3".
    """
    return _any_reading(text, _has_word)


def changes_from(text: str) -> QuerySet[NameChange]:
    """Changes of name that left a name with all words of a text behind."""
    return NameChange.objects.filter(_any_reading(text, lambda word: Q(Contains(_OLD_NAMES, word))))


def _any_reading(text: str, has_word: Callable[[str], Q]) -> Q:
    """The condition that a row fulfils with all words as they were typed, or with those behind a title."""
    found = Q()
    for words in _readings(text):
        every = Q()
        for word in words:
            every &= has_word(word)
        found |= every
    return found


def _readings(text: str) -> list[list[str]]:
    words = arabic_digits(plain(text)).split()
    title, first, family = split_name(text)
    rest = arabic_digits(plain(f"{first} {family}")).split()
    return [words, rest] if title and rest and rest != words else [words]


def _has_word(word: str) -> Q:
    if re.fullmatch(_HOUSE, word):
        number = number_in(word)
        return _in_house(word) if number is None else _in_house(word) | Q(number=number)
    if len(word) == 1:
        return Q(Contains(_ThaiPlain(_NAMES) if word.isascii() else _NAMES, word))
    return _has_pieces(word) & Q(Q(Contains(_NAMES, word)) | Q(Contains(_ThaiPlain(_NAMES), word)))


def _has_pieces(word: str) -> Q:
    """The index's answer, which is never too narrow.

    Of names typed together, the pair of letters where the one ends and the other begins stands in neither, and it may
    be any pair of the word.
    """
    if len(word) < LEAST_TOGETHER:
        return Q(name_grams__contains=sorted(_pairs(word)))
    without_one = {tuple(sorted(_pairs(word[:place]) | _pairs(word[place:]))) for place in range(1, len(word))}
    found = Q()
    for pieces in sorted(without_one):
        found |= Q(name_grams__contains=list(pieces))
    return found


def _pairs(word: str) -> set[str]:
    return {word[place : place + 2] for place in range(len(word) - 1)}

"""Thai text as data: one spelling for what looks the same, and the order of a Thai name list."""

import re
import unicodedata
from functools import lru_cache

# Each pattern is read by Python's re and by PostgreSQL's regexp_replace alike, so that both give one result.
INVISIBLE = r"[\u0001-\u0008\u000E-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]"
SPACES = r"[\u0009-\u000D\u0020\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+"
SPLIT_SARA_AM = r"\u0E4D([\u0E48-\u0E4B]?)\u0E32"
DOUBLE_SARA_E = r"\u0E40\u0E40"
LEADING_VOWEL = r"([\u0E40-\u0E44])([\u0E01-\u0E2E])"
LAST_WEIGHED = r"[\u0E47-\u0E4C]"
NOT_LAST_WEIGHED = r"[^\u0E47-\u0E4C]"
NOT_SORTED = r"[]\u0020-\u002F\u003A-\u0040[\\^_`{|}~\u2010-\u2027]"

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@lru_cache(maxsize=4096)  # a cell or a name is looked at several times in a row
def normalise(text: str) -> str:
    """Return `text` in one spelling: NFC, ำ and แ one letter each, nothing invisible, single spaces, trimmed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")  # most cells of a register are digits
    text = re.sub(INVISIBLE, "", text.replace("\0", ""))
    text = re.sub(DOUBLE_SARA_E, "\u0e41", re.sub(SPLIT_SARA_AM, "\\1\u0e33", text))
    return re.sub(SPACES, " ", unicodedata.normalize("NFC", text)).strip(" ")


def plain(text: str) -> str:
    """Return `text` normalised, with ASCII letters lowered: the form in which names are searched."""
    return normalise(text).translate(_ASCII_LOWER)


def _main_weight(word: str) -> str:
    return re.sub(LEADING_VOWEL, r"\2\1", re.sub(LAST_WEIGHED, "", re.sub(NOT_SORTED, "", word)))


def _mark_weight(word: str) -> str:
    return re.sub(NOT_LAST_WEIGHED, "-", word).rstrip("-")


def sort_key(first: str, family: str) -> str:
    """Return a text whose byte order (collation "C") is the order of a Thai list of names.

    A leading vowel (เ แ โ ใ ไ) is weighed behind its consonant; tone marks, ็ and ์ only break ties.
    """
    words = [plain(first), plain(family)]
    return " ".join([*map(_main_weight, words), *map(_mark_weight, words)])


def name_grams(*names: str) -> list[str]:
    """Return the sorted, distinct two-letter pieces of every word, and each word's first letter.

    The first letters let a search of one letter find the names that begin with it.
    """
    words = plain(" ".join(names)).split(" ")
    pieces = {word[place : place + 2] for word in words for place in range(max(len(word) - 1, 1))}
    return sorted({*pieces, *(word[:1] for word in words)} - {""})


def search_grams(text: str) -> list[str]:
    """Return the pieces that a name must have to contain every word of `text`: two letters each.

    A word of one letter asks for names with a word that begins with it.
    """
    words = plain(text).split(" ")
    pieces = {word[place : place + 2] for word in words for place in range(max(len(word) - 1, 1))}
    return sorted(pieces - {""})


def thai_digits(text: str) -> str:
    """Return `text` with ๐–๙ for 0–9, as letters and certificates may want it."""
    return text.translate(_TO_THAI)


def arabic_digits(text: str) -> str:
    """Return `text` with 0–9 for ๐–๙."""
    return text.translate(_TO_ARABIC)


def title_and_name(title: str, first: str, family: str) -> str:
    """Return a person's full name: "นางสาวสมหญิง ใจดี", but "Miss Somying Jaidee" in Latin letters."""
    glue = " " if first[:1].isascii() else ""
    return f"{title}{glue}{first} {family}".strip()

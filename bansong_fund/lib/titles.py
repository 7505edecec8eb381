"""Titles before Thai names: what stands for what, and where the title ends when it is glued to the name."""

import re
from collections.abc import Iterable

from bansong_fund.lib.thai_text import normalise

_PLAIN_TITLES = (
    *("นาย", "นาง", "นางสาว", "เด็กชาย", "เด็กหญิง", "พระ", "สามเณร", "แม่ชี", "พระครู", "พระมหา", "พระภิกษุ"),
    *("พระอธิการ", "พระปลัด", "พระสมุห์", "พระใบฎีกา", "คุณหญิง", "หม่อมราชวงศ์", "หม่อมหลวง", "นายแพทย์"),
    *("แพทย์หญิง", "ทันตแพทย์หญิง", "นายสัตวแพทย์"),
)
_SHORT_TITLES = {
    "น.ส.": "นางสาว",
    "ด.ช.": "เด็กชาย",
    "ด.ญ.": "เด็กหญิง",
    "ส.ณ.": "สามเณร",
    "ม.ร.ว.": "หม่อมราชวงศ์",
    "ม.ล.": "หม่อมหลวง",
    "ดร.": "ดร.",
    "นพ.": "นายแพทย์",
    "พญ.": "แพทย์หญิง",
    "ผศ.": "ผู้ช่วยศาสตราจารย์",
    "รศ.": "รองศาสตราจารย์",
}
# Ranks: the navy's ร.ต. (เรือตรี) and the police's จ.ส.ต. share their letters with the army's, which are far more.
_RANKS = {
    "พล.ต.": "พลตรี",
    "พ.อ.": "พันเอก",
    "พ.ท.": "พันโท",
    "พ.ต.": "พันตรี",
    "ร.อ.": "ร้อยเอก",
    "ร.ท.": "ร้อยโท",
    "ร.ต.": "ร้อยตรี",
    "จ.ส.อ.": "จ่าสิบเอก",
    "จ.ส.ท.": "จ่าสิบโท",
    "จ.ส.ต.": "จ่าสิบตรี",
    "ส.อ.": "สิบเอก",
    "ส.ท.": "สิบโท",
    "ส.ต.": "สิบตรี",
    "พ.จ.อ.": "พันจ่าเอก",
    "พ.จ.ท.": "พันจ่าโท",
    "พ.จ.ต.": "พันจ่าตรี",
    "จ.อ.": "จ่าเอก",
    "จ.ท.": "จ่าโท",
    "จ.ต.": "จ่าตรี",
    "พ.อ.อ.": "พันจ่าอากาศเอก",
    "พ.อ.ท.": "พันจ่าอากาศโท",
    "พ.อ.ต.": "พันจ่าอากาศตรี",
    "พ.ต.อ.": "พันตำรวจเอก",
    "พ.ต.ท.": "พันตำรวจโท",
    "พ.ต.ต.": "พันตำรวจตรี",
    "ร.ต.อ.": "ร้อยตำรวจเอก",
    "ร.ต.ท.": "ร้อยตำรวจโท",
    "ร.ต.ต.": "ร้อยตำรวจตรี",
    "ด.ต.": "ดาบตำรวจ",
    "ส.ต.อ.": "สิบตำรวจเอก",
    "ส.ต.ท.": "สิบตำรวจโท",
    "ส.ต.ต.": "สิบตำรวจตรี",
    "พลฯ": "พลทหาร",
}
_RANK_NAMES = {prefix + rank for rank in _RANKS.values() for prefix in ("", "ว่าที่")}
_LATIN_TITLES = {"mr": "Mr", "mrs": "Mrs", "miss": "Miss", "ms": "Ms", "master": "Master", "dr": "Dr", "rev": "Rev"}

# What follows a title glued to it: a name begins with a consonant or a leading vowel, never with รร, and has more.
_NAME_FOLLOWS = r"(?=(?!รร)[เ-ไ]?[ก-ฮ][ก-๎])"
_OFTEN_WITHOUT_DOTS = {"น.ส.", "ด.ช.", "ด.ญ."}


def _abbreviated(short: str) -> str:
    """Return the pattern of an abbreviation: "ร.ต." also as "ร. ต.", "รต." and, before a space, "ร.ต"."""
    parts = short.removesuffix(".").split(".")
    dotted = r"\. ?".join(map(re.escape, parts)) + r"(?:\. ?| )"
    without = re.escape("".join(parts)) + (r"(?:\. ?| )" if short in _OFTEN_WITHOUT_DOTS else r"\. ?")
    return f"(?:{dotted}|{without})"


def _spellings() -> list[tuple[str, str]]:
    """Return pairs of a pattern and the title that it stands for, the longest first."""
    pairs = [(title, rf"{title}(?: |{_NAME_FOLLOWS})", title) for title in _PLAIN_TITLES]
    pairs += [(short, _abbreviated(short), title) for short, title in _SHORT_TITLES.items()]
    for short, rank in _RANKS.items():
        for spelling, pattern in ((short, _abbreviated(short)), (rank, f"{rank} ?")):
            for acting, space in (("", ""), ("ว่าที่", " ?")):
                woman = rf"{acting}{space}{pattern}(?:หญิง ?|\(ญ\) ?|ญ\. ?)"
                pairs.append((f"{acting}{spelling}หญิง", woman, f"{acting}{rank}หญิง"))
                pairs.append((f"{acting}{spelling}", f"{acting}{space}{pattern}", f"{acting}{rank}"))
    pairs.sort(key=lambda pair: -len(pair[0]))
    return [(pattern, title) for _spelling, pattern, title in pairs]


_TITLES = _spellings()
_TITLE = re.compile("|".join(f"({pattern})" for pattern, _title in _TITLES))
_LATIN_TITLE = re.compile(r"(mrs|mr|miss|ms|master|dr|rev)(?:\. ?| )", re.IGNORECASE)
_MOST_TITLES = 3  # ว่าที่ร้อยตรี ดร. …


def split_name(text: str, titles: Iterable[str] = ()) -> tuple[str, str, str]:
    """Return (title, first name, family name) of a name in one cell: "น.ส.สมหญิง ใจดี", "ว่าที่ ร.ต.สมชาย ณ ระนอง".

    A title may be glued to the name; its short form is written out. What only looks like a title stays in the name:
    นายิกา, นายก, นางสาวิตรี (นาง + สาวิตรี). The order of the words is kept, whatever they are: the first is the first
    name. `titles` are more titles that the fund knows. Missing parts are "".
    """
    rest = normalise(text)
    found: list[str] = []
    while len(found) < _MOST_TITLES and (match := _first_title(rest, titles)):
        title, rest = match
        found.append(title)
        if title in _PLAIN_TITLES:
            break
    first, _space, family = rest.partition(" ")
    return " ".join(found), first, family.strip()


def _first_title(text: str, titles: Iterable[str]) -> tuple[str, str] | None:
    """Return the title at the beginning and what follows it; None where there is none, or nothing would be left."""
    title = ""
    if match := _TITLE.match(text):
        title = _TITLES[(match.lastindex or 1) - 1][1]
    elif match := _LATIN_TITLE.match(text):
        title = _LATIN_TITLES[match[1].lower()]
    if match and (rest := text[match.end() :].strip()):
        return title, rest
    for known in titles:
        if text.startswith(f"{known} ") and len(text) > len(known) + 1:
            return known, text[len(known) + 1 :].strip()
    return None


def sex_of_title(title: str) -> str | None:
    """Return "f" or "m" as a title tells; None where it does not. A woman's rank says หญิง."""
    if title in {"นาง", "นางสาว", "เด็กหญิง", "แม่ชี", "Mrs", "Miss", "Ms"} or title.endswith("หญิง"):
        return "f"
    if (
        title in {"นาย", "เด็กชาย", "สามเณร", "นายแพทย์", "Mr", "Master"}
        or title.startswith("พระ")
        or title in _RANK_NAMES
    ):
        return "m"
    return None

"""Words of old registers for what the program keeps as a choice: reasons, relations, groups, kinds of ID."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.readers import ReadFault, is_empty, read_text, read_yes_no, shown
from members.models import EndReason, Group, IdKind, MaritalStatus, Relation

# A text means the first choice of which it holds a word; so longer words come before those inside them.
END_REASONS = {
    EndReason.DIED: ("เสียชีวิต", "ตาย", "ถึงแก่กรรม", "มรณ", "สิ้นชีวิต", "died", "death", "deceased", "dead"),
    EndReason.MOVED: ("ย้าย", "moved"),
    EndReason.RESIGNED: ("ลาออก", "ขอออก", "ถอนตัว", "resign"),
    EndReason.LAPSED: ("พ้นสภาพ", "ขาดส่ง", "ขาดชำระ", "ไม่ส่ง", "ค้าง", "ตัดสิทธิ", "คัดออก", "lapse", "terminat", "expel"),
}
RELATIONS = {
    Relation.GRANDCHILD: ("หลาน", "เหลน", "grand", "nephew", "niece"),
    Relation.SPOUSE: ("สามี", "ภรรยา", "ภริยา", "คู่สมรส", "คู่ครอง", "spouse", "husband", "wife"),
    Relation.SIBLING: ("พี่", "น้อง", "sibling", "brother", "sister"),
    Relation.MOTHER: ("มารดา", "แม่", "mother"),
    Relation.FATHER: ("บิดา", "พ่อ", "father"),
    Relation.CHILD: ("บุตร", "ลูก", "ธิดา", "child", "son", "daughter"),
    Relation.RELATIVE: ("ญาติ", "ลุง", "ป้า", "น้า", "อา", "ปู่", "ย่า", "ตา", "ยาย", "เขย", "สะใภ้", "relative", "cousin"),
}
GROUPS = {
    Group.DISABLED: ("พิการ", "ทุพพลภาพ", "disab"),
    Group.DISADVANTAGED: ("ด้อยโอกาส", "ยากไร้", "ยากจน", "เปราะบาง", "อนาถา", "disadvant", "poor"),
}
ORDINARY = (
    "ทั่วไป",
    "สามัญ",
    "ปกติ",
    "สูงอายุ",
    "เด็ก",
    "เยาวชน",
    "general",
    "ordinary",
    "elderly",
    "child",
    "youth",
    "adult",
)
ID_KINDS = {
    IdKind.NONE: ("ไม่มี", "none", "no id"),
    IdKind.STATELESS: ("ไร้สัญชาติ", "ไม่มีสัญชาติ", "ไร้รัฐ", "บุคคลที่ไม่มี", "stateless"),
    IdKind.FOREIGNER: ("ต่างด้าว", "แรงงาน", "foreign", "alien"),
    IdKind.PASSPORT: ("หนังสือเดินทาง", "พาสปอร์ต", "passport"),
    IdKind.CITIZEN: ("ประชาชน", "ไทย", "citizen", "national", "thai"),
}
MARITAL = {
    MaritalStatus.SEPARATED: ("แยกกัน", "แยกทาง", "separat"),
    MaritalStatus.DIVORCED: ("หย่า", "divorc"),
    MaritalStatus.WIDOWED: ("หม้าย", "ม่าย", "widow"),
    MaritalStatus.SINGLE: ("โสด", "single"),
    MaritalStatus.MARRIED: ("สมรส", "แต่งงาน", "คู่", "อยู่ด้วยกัน", "married"),
}


def meant(text: str, words: Mapping[Any, tuple[str, ...]]) -> Any:
    """The choice that a text means; None where it holds no word of any."""
    plain = text.lower()
    return next((choice for choice, some in words.items() if any(word in plain for word in some)), None)


def read_choice(cell: Any, words: Mapping[Any, tuple[str, ...]]) -> Any:
    """Return the choice that a cell means, None where it is empty. Raises ReadFault."""
    text = read_text(cell, 200)
    if text is None:
        return None
    found = meant(text, words)
    if found is None:
        known = ", ".join(str(choice.label) for choice in words)
        message = _("“%(text)s” is not understood here. Write one of these: %(known)s.")
        raise ReadFault(message % {"text": shown(text), "known": known})
    return found


def read_relation(cell: Any) -> str:
    """Return a relation; what has no word of ours is "other", and an empty cell too."""
    text = read_text(cell, 200)
    return (text and meant(text, RELATIONS)) or Relation.OTHER


def read_groups(cell: Any, heading: str) -> frozenset[str]:
    """Return the groups that a cell names. Under a heading that names one, yes or a tick will do. Raises ReadFault."""
    if is_empty(cell) and cell != "/":
        return frozenset()
    text = read_text(cell, 200) or "/"
    found = frozenset(group.value for group, words in GROUPS.items() if any(word in text.lower() for word in words))
    if found or meant(text, {True: ORDINARY}):
        return found
    under = meant(heading, GROUPS)
    if under is None:
        read_choice(cell, GROUPS)  # says which words are known
    return frozenset({under.value}) if under and read_yes_no(cell) else frozenset()

"""Faults of a regulation file: each with its place, in plain words of both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bansong_fund.lib.errors import DomainError

WORDS: dict[str, tuple[str, str]] = {
    "not_yaml": ("อ่านไฟล์ไม่ได้ รูปแบบ YAML ไม่ถูกต้อง ({reason})", "this cannot be read as YAML ({reason})"),
    "empty": ("ไฟล์ว่างเปล่า", "the file is empty"),
    "twice": ("เขียนซ้ำสองครั้ง", "is written twice"),
    "alias": (
        "ใช้การอ้างถึง (& และ *) ไม่ได้ โปรดเขียนเต็ม",
        "refers to another place by & and *; write it out in full",
    ),
    "not_plain": ("ต้องเป็นข้อความ ตัวเลข รายการ หรือกลุ่มคำ", "must be text, a number, a list or a group of keys"),
    "missing": ("ยังไม่ได้เขียนไว้", "is missing"),
    "unknown_key": ("ไม่ใช่คำที่ใช้ในระเบียบ", "is not a key of the regulation format"),
    "unknown_key_near": (
        "ไม่ใช่คำที่ใช้ในระเบียบ อาจหมายถึง “{near}”",
        "is not a key of the regulation format; perhaps “{near}” is meant",
    ),
    "not_one_of": ("“{value}” ใช้ไม่ได้ ต้องเป็นหนึ่งใน {choices}", "“{value}” is not one of {choices}"),
    "not_text": ("ต้องเป็นข้อความ ถ้าเป็นตัวเลขให้ใส่เครื่องหมายคำพูด", "must be text; put a number in quotes"),
    "blank": ("ต้องไม่ว่างเปล่า", "must not be empty"),
    "no_letters": ("มีอักขระที่อ่านไม่ได้ โปรดพิมพ์ใหม่", "holds signs that are no letters; type it anew"),
    "too_long": ("ยาวเกิน {limit} ตัวอักษร", "is longer than {limit} letters"),
    "not_a_code": (
        "“{value}” ใช้เป็นรหัสไม่ได้ ใช้ได้เฉพาะ a-z 0-9 และ -",
        "“{value}” cannot be a code; use only a-z, 0-9 and -",
    ),
    "not_yes_or_no": ("ต้องเป็น true หรือ false", "must be true or false"),
    "not_a_number": ("“{value}” ไม่ใช่จำนวนเงิน เขียนเช่น 500 หรือ 500.50", "“{value}” is not a number; write 500 or 500.50"),
    "not_whole": ("“{value}” ไม่ใช่จำนวนเต็ม", "“{value}” is not a whole number"),
    "negative": ("“{value}” ติดลบไม่ได้", "“{value}” must not be negative"),
    "not_positive": ("“{value}” ต้องมากกว่าศูนย์", "“{value}” must be more than zero"),
    "three_decimals": (
        "“{value}” มีทศนิยมเกินสองตำแหน่ง เงินบาทมีได้ถึงสตางค์เท่านั้น",
        "“{value}” has more than two decimals; baht go down to the satang",
    ),
    "too_large": ("“{value}” มากเกินไป ใช้ได้ไม่เกิน {limit}", "“{value}” is too large; the most is {limit}"),
    "too_small": ("“{value}” น้อยเกินไป ต้องไม่น้อยกว่า {limit}", "“{value}” is too small; the least is {limit}"),
    "not_a_date": (
        "“{value}” ไม่ใช่วันที่ เขียนแบบ ปี-เดือน-วัน เช่น 2019-01-31",
        "“{value}” is not a date; write year-month-day, such as 2019-01-31",
    ),
    "buddhist_year": (
        "“{value}” เป็นปี พ.ศ. ในไฟล์ให้เขียนปี ค.ศ. คือ {year}",
        "“{value}” is a year of the Buddhist era; the file wants {year}",
    ),
    "not_a_group": ("ต้องเป็นกลุ่มคำ (คำ: ค่า)", "must be a group of keys (key: value)"),
    "not_a_list": ("ต้องเป็นรายการ", "must be a list"),
    "no_entries": ("ต้องมีอย่างน้อยหนึ่งรายการ", "must have at least one entry"),
    "no_way_of_paying": (
        "ไม่ได้บอกวิธีจ่าย ต้องมีหนึ่งอย่างใน {choices}",
        "has no way of paying; it needs exactly one of {choices}",
    ),
    "several_ways_of_paying": (
        "มีวิธีจ่ายมากกว่าหนึ่งอย่าง ({given}) ให้เหลืออย่างเดียว",
        "has more than one way of paying ({given}); keep exactly one",
    ),
    "span_needs_one": ("ต้องมี days หรือ years อย่างใดอย่างหนึ่งเท่านั้น", "needs either days or years, and not both"),
    "repeated_step": ("ซ้ำกับขั้นก่อนหน้า ({before})", "repeats the step before it ({before})"),
    "falling_step": (
        "ต้องมากกว่าขั้นก่อนหน้า ({before}) สำหรับสมาชิกทุกคน",
        "must be later than the step before it ({before}) for every member",
    ),
    "code_taken": ("รหัส “{code}” ใช้ไปแล้วที่ {first}", "the code “{code}” is taken already by {first}"),
    "unknown_benefit": ("ไม่มีสวัสดิการรหัส “{code}” ในไฟล์นี้", "there is no benefit “{code}” in this file"),
    "shares_with_itself": ("ใช้วงเงินร่วมกับตัวเองไม่ได้", "a benefit cannot share a limit with itself"),
    "listed_twice": ("“{value}” เขียนซ้ำในรายการ", "“{value}” is listed twice"),
    "ages_crossed": (
        "อายุขั้นต่ำ {lowest} มากกว่าอายุสูงสุด {highest}",
        "the lowest age {lowest} is above the highest age {highest}",
    ),
    "lapse_before_suspension": (
        "พ้นสภาพที่ {lapse} วัน ก่อนระงับสิทธิที่ {suspend} วัน",
        "lapse after {lapse} days comes before suspension after {suspend} days",
    ),
    "not_understood": ("ค่านี้ใช้ไม่ได้", "this value cannot be used"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its place (`benefits[2].pays.flat`; empty for the whole file), what is wrong, the line."""

    place: str
    code: str
    figures: Mapping[str, str] = field(default_factory=dict, hash=False)
    line: int | None = None

    @property
    def message(self) -> str:
        """What is wrong, in English, without the place."""
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """What is wrong, in Thai ("th") or English, without the place."""
        thai, english = WORDS[self.code]
        return (thai if language == "th" else english).format(**self.figures)

    def full_sentence(self, language: str) -> str:
        """The place, the line and what is wrong."""
        line = {"th": f" (บรรทัด {self.line})", "en": f" (line {self.line})"}["th" if language == "th" else "en"]
        return f"{self.place or '—'}{line if self.line else ''}: {self.sentence(language)}"


class RegulationFaults(DomainError):
    """A regulation file that cannot be used: all its faults, in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.sentences("en")))

    def sentences(self, language: str) -> list[str]:
        """Every fault as one sentence with its place, in Thai ("th") or English."""
        return [fault.full_sentence(language) for fault in self.faults]

"""Headings of other people's registers, and the fields that they mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.thai_dates import active_language
from bansong_fund.lib.thai_text import arabic_digits, normalise


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What the page calls a field, and the headings it answers to, the first of which a template sheet bears."""

    label: Promise
    words: tuple[str, ...]


def _field(label: Promise, words: str) -> FieldWords:
    return FieldWords(label, tuple(words.split("|")))


FIELDS: dict[str, FieldWords] = {
    "number": _field(
        _("Member no."),
        "เลขที่สมาชิก|เลขทะเบียนสมาชิก|เลขทะเบียน|เลขสมาชิก|รหัสสมาชิก|หมายเลขสมาชิก|ทะเบียนเลขที่|สมาชิกเลขที่|"
        "member no|member number|member id|membership no",
    ),
    "title": _field(_("Title"), "คำนำหน้าชื่อ|คำนำหน้า|คำนำหน้านาม|ยศ/คำนำหน้า|title|prefix"),
    "first_name": _field(_("First name"), "ชื่อ|ชื่อตัว|ชื่อจริง|ชื่อสมาชิก|first name|firstname|given name"),
    "family_name": _field(_("Family name"), "นามสกุล|สกุล|family name|last name|surname|lastname"),
    "full_name": _field(
        _("Whole name in one column"),
        "ชื่อ-สกุล|ชื่อ-นามสกุล|ชื่อและนามสกุล|ชื่อและสกุล|ชื่อ นามสกุล|ชื่อสมาชิก-นามสกุล|ชื่อเต็ม|รายชื่อ|รายชื่อสมาชิก|"
        "คำนำหน้า ชื่อ-สกุล|คำนำหน้าชื่อ-สกุล|ชื่อตัว-ชื่อสกุล|name|full name|member name|name and surname",
    ),
    "nickname": _field(_("Nickname"), "ชื่อเล่น|นามเรียก|nickname|nick name"),
    "sex": _field(_("Sex"), "เพศ|sex|gender"),
    "birth_date": _field(
        _("Date of birth"),
        "วันเกิด|วันเดือนปีเกิด|ว/ด/ป เกิด|ว.ด.ป.เกิด|ว/ด/ปเกิด|เกิดวันที่|เกิดเมื่อ|ปีเกิด|พ.ศ.เกิด|วันที่เกิด|"
        "birth date|date of birth|birthday|birthdate|dob|year of birth|born",
    ),
    "id_kind": _field(_("Kind of ID"), "ประเภทบัตร|ประเภทเอกสาร|ชนิดบัตร|ประเภทเลขประจำตัว|id kind|id type|kind of id"),
    "national_id": _field(
        _("National ID number"),
        "เลขประจำตัวประชาชน|เลขบัตรประชาชน|บัตรประชาชน|เลขที่บัตรประชาชน|หมายเลขบัตรประชาชน|เลข 13 หลัก|เลขประชาชน|"
        "เลขบัตรประจำตัวประชาชน|เลขที่บัตรประจำตัวประชาชน|หมายเลขประจำตัวประชาชน|เลขบัตร ปชช.|เลข ปชช.|บัตร ปชช.|"
        "รหัสประชาชน|เลขบัตร|เลขที่บัตร|เลขประจำตัว|national id|id number|citizen id|id card|id no|id card no|pid|cid",
    ),
    "phone": _field(
        _("Phone"),
        "โทรศัพท์|เบอร์โทร|เบอร์โทรศัพท์|หมายเลขโทรศัพท์|โทร|เบอร์|เบอร์ติดต่อ|มือถือ|เบอร์มือถือ|โทรศัพท์มือถือ|"
        "phone|telephone|tel|mobile|phone number",
    ),
    "occupation": _field(_("Occupation"), "อาชีพ|อาชีพหลัก|occupation|job"),
    "nationality": _field(_("Nationality"), "สัญชาติ|nationality"),
    "marital_status": _field(_("Marital status"), "สถานภาพสมรส|สถานภาพการสมรส|สถานะสมรส|marital status|marital"),
    "community": _field(_("Community"), "ชุมชน|ชื่อชุมชน|หมู่บ้าน|ชื่อหมู่บ้าน|หมู่บ้าน/ชุมชน|ชุมชน/หมู่บ้าน|บ้าน|community|village"),
    "house_number": _field(
        _("House number"), "บ้านเลขที่|เลขที่บ้าน|ที่อยู่เลขที่|ที่อยู่บ้านเลขที่|เลขบ้าน|เลขที่บ้านตามทะเบียนบ้าน|house number|house no|house"
    ),
    "moo": _field(_("Village no. (Moo)"), "หมู่ที่|หมู่|ม.|หมู่บ้านที่|moo|village no|moo no"),
    "lane": _field(_("Lane (Soi)"), "ซอย|ตรอก/ซอย|ตรอก|ซ.|lane|soi"),
    "road": _field(_("Road"), "ถนน|ถ.|road|street"),
    "address": _field(
        _("Living address, if another"), "ที่อยู่ปัจจุบัน|ที่อยู่|ที่อยู่ที่ติดต่อได้|address|living address|current address"
    ),
    "joined_on": _field(
        _("Date of joining"),
        "วันที่เข้าเป็นสมาชิก|วันสมัคร|วันที่สมัคร|เป็นสมาชิกเมื่อ|วันที่เป็นสมาชิก|วันเข้าเป็นสมาชิก|วันที่เข้า|สมัครเมื่อ|เข้าเมื่อ|"
        "วันเดือนปีที่สมัคร|ว/ด/ป ที่สมัคร|ว/ด/ป สมัคร|วันเดือนปีที่เข้าเป็นสมาชิก|วันที่สมัครสมาชิก|วันรับเป็นสมาชิก|วันที่รับสมัคร|ปีที่สมัคร|"
        "joined on|date of joining|joining date|join date|joined|member since",
    ),
    "ended_on": _field(
        _("Date of leaving"),
        "วันที่พ้นสภาพ|วันที่ออก|วันที่ลาออก|วันที่เสียชีวิต|วันพ้นสภาพ|วันลาออก|วันเสียชีวิต|พ้นสภาพเมื่อ|ลาออกเมื่อ|เสียชีวิตเมื่อ|"
        "วันสิ้นสุดสมาชิกภาพ|ended on|date of leaving|left on|end date|date of death",
    ),
    "end_reason": _field(
        _("Reason of leaving"),
        "สาเหตุที่พ้นสภาพ|เหตุที่พ้นสภาพ|เหตุที่ออก|สาเหตุที่ออก|สาเหตุการพ้นสภาพ|สาเหตุพ้นสภาพ|end reason|reason of leaving",
    ),
    "paid_through": _field(
        _("Paid through"),
        "ชำระถึง|ชำระถึงวันที่|ส่งถึง|จ่ายถึง|ส่งเงินถึง|ชำระแล้วถึง|ชำระเงินถึง|ส่งเงินสมทบถึง|สมทบถึง|ชำระถึงปี|ชำระถึงเดือน|"
        "paid through|paid until|paid up to|paid to",
    ),
    "beneficiary_name": _field(
        _("Beneficiary"),
        "ผู้รับผลประโยชน์|ชื่อผู้รับผลประโยชน์|ผู้รับประโยชน์|ชื่อผู้รับประโยชน์|ชื่อ-สกุลผู้รับผลประโยชน์|ผู้รับเงินสงเคราะห์|"
        "ผู้รับสวัสดิการกรณีเสียชีวิต|ทายาท|ชื่อทายาท|ผู้สืบสิทธิ|beneficiary|beneficiary name|heir",
    ),
    "beneficiary_relation": _field(
        _("Beneficiary's relation"),
        "ความสัมพันธ์|ความสัมพันธ์กับผู้รับผลประโยชน์|ความสัมพันธ์กับสมาชิก|เกี่ยวข้องเป็น|ความเกี่ยวข้อง|เกี่ยวพันเป็น|"
        "relation|relationship|beneficiary relation",
    ),
    "group": _field(
        _("Disabled or disadvantaged"),
        "กลุ่ม|กลุ่มสมาชิก|กลุ่มเปราะบาง|ผู้พิการ/ผู้ด้อยโอกาส|คนพิการ/ผู้ด้อยโอกาส|ผู้พิการ|คนพิการ|พิการ|ด้อยโอกาส|ผู้ด้อยโอกาส|"
        "ประเภทสมาชิก|group|disabled|disadvantaged|member type",
    ),
    "rounds_matched": _field(
        _("Rounds already matched"),
        "จำนวนรอบที่ได้รับสมทบ|รอบที่ได้รับสมทบ|สมทบแล้วกี่รอบ|รอบสมทบ|จำนวนรอบสมทบ|สมทบจากรัฐกี่ครั้ง|จำนวนครั้งที่รัฐสมทบ|"
        "ได้รับสมทบแล้ว|rounds matched|rounds already matched|matching rounds",
    ),
    "ignore": _field(
        _("Leave out"),
        "ลำดับ|ลำดับที่|ที่|no|อายุ|อายุ (ปี)|age|หมายเหตุ|remark|remarks|note|notes|ลายมือชื่อ|ลายเซ็น|ตำบล|อำเภอ|จังหวัด|"
        "รหัสไปรษณีย์|อายุสมาชิก|อายุการเป็นสมาชิก|subdistrict|district|province|postcode",
    ),
}
BENEFIT_LABELS: dict[str, Promise] = {
    "year_times": _("times this year"),
    "year_baht": _("baht this year"),
    "year_units": _("nights or units this year"),
    "life_times": _("times in life"),
    "life_baht": _("baht in life"),
}
_BENEFIT_HEADINGS = {
    "year_times": "ครั้งในปีนี้",
    "year_baht": "บาทในปีนี้",
    "year_units": "คืนในปีนี้",
    "life_times": "ครั้งสะสม",
    "life_baht": "บาทสะสม",
}

Benefits = Mapping[str, tuple[str, str]]

_EXACT, _BEFORE_BRACKETS, _LAST_PART, _WITHIN = 4.0, 3.5, 3.0, 1.0
_ENOUGH = 0.5  # of a heading's letters are a field's word, or the heading is not taken for it
_SHORTEST_WITHIN = 4

_BENEFICIARY = re.compile("ผู้รับ(ผล)?ประโยชน์|ทายาท|ผู้สืบสิทธิ|beneficiary|heir")
_RELATION = re.compile("สัมพันธ์|เกี่ยว|relation")
_NAME = re.compile("ชื่อ|name|สกุล")
_SCOPES = {
    "year": re.compile("ปีนี้|ในปี|รอบปี|ปีปัจจุบัน|thisyear|inyear|peryear"),
    "life": re.compile("ตลอดชีพ|ตลอดชีวิต|สะสม|ทั้งหมด|ตั้งแต่|รวม|inlife|lifetime|total|sofar"),
}
_UNITS = {
    "times": re.compile("ครั้ง|times"),
    "units": re.compile("คืน|จำนวนวัน|หน่วย|nights|units"),
    "baht": re.compile("บาท|เงิน|baht|amount"),
}
_FILLERS = re.compile("สวัสดิการ|เกี่ยวกับ|กรณี|เพื่อ|การ")


def bare(heading: str) -> str:
    """Return a heading's letters and digits alone: "ว / ด / ป  เกิด" -> "วดปเกิด"."""
    return re.sub(r"[^0-9a-z\u0e01-\u0e4e]+", "", arabic_digits(normalise(heading)).lower())


_FIELD_OF = {bare(word): field for field, words in FIELDS.items() for word in words.words}
_LONG_WORDS = sorted((word for word in _FIELD_OF if len(word) >= _SHORTEST_WITHIN), key=len, reverse=True)


def match_columns(headings: Sequence[str], benefits: Benefits) -> list[str]:
    """Return the field that each column most probably holds, "" where none does; no field twice.

    `benefits` gives each code its Thai and English name. Of two columns that mean one field the better fit has it, then
    the earlier. Columns that are known but not brought in are "ignore".
    """
    found = [(*_best_field(heading, benefits), place) for place, heading in enumerate(headings)]
    fields = [""] * len(headings)
    for _score, field, place in sorted(found, key=lambda match: (-match[0], match[2])):
        if field == "ignore" or field not in fields:
            fields[place] = field
    _settle_names(fields, headings)
    return fields


def _best_field(heading: str, benefits: Benefits) -> tuple[float, str]:
    """Return how well the best field fits a heading, and the field; (0, "") where none does."""
    whole = bare(heading)
    if field := _benefit_field(whole, benefits) or _FIELD_OF.get(whole):
        return _EXACT, field
    if _BENEFICIARY.search(whole):
        return _LAST_PART, _beneficiary_field(whole)
    if field := _FIELD_OF.get(bare(re.sub(r"\([^)]*\)", "", heading))):
        return _BEFORE_BRACKETS, field
    if field := _FIELD_OF.get(bare(heading.rpartition(" / ")[2])):
        return _LAST_PART, field
    word = next((word for word in _LONG_WORDS if word in whole), "")
    if word and len(word) >= _ENOUGH * len(whole):
        return _WITHIN + len(word) / len(whole), _FIELD_OF[word]
    return 0, ""


def _beneficiary_field(whole: str) -> str:
    """Return the field of a heading that speaks of the beneficiary; her ID and address are not brought in."""
    if _RELATION.search(whole):
        return "beneficiary_relation"
    rest = _BENEFICIARY.sub("", whole)
    return "beneficiary_name" if not rest or _NAME.search(rest) else "ignore"


def _benefit_field(whole: str, benefits: Benefits) -> str:
    """Return "year_baht:sickness" for "เจ็บป่วย ปีนี้ (บาท)": a benefit, a span and a unit; "" where one is missing."""
    code = next((code for code, names in benefits.items() if _names_benefit(whole, code, names)), "")
    scope = next((scope for scope, words in _SCOPES.items() if words.search(whole)), "")
    unit = next((unit for unit, words in _UNITS.items() if words.search(whole)), "")
    kind = f"{scope}_{unit}"
    return f"{kind}:{code}" if code and kind in BENEFIT_LABELS else ""


def _names_benefit(whole: str, code: str, names: tuple[str, str]) -> bool:
    thai, english = names
    words = [*(_FILLERS.sub("", bare(part)) for part in thai.split("/")), bare(thai), bare(english), bare(code)]
    return any(len(word) >= _SHORTEST_WITHIN and word in whole for word in words)


def _settle_names(fields: list[str], headings: Sequence[str]) -> None:
    """Tell a column of whole names from columns of their parts.

    "ชื่อ" without a family name beside it holds whole names; "ชื่อสกุล" beside "ชื่อตัว" is the family name; "ชื่อ-สกุล"
    over two or three columns, the others without a heading, holds the parts.
    """
    if "full_name" not in fields and "family_name" not in fields and "first_name" in fields:
        fields[fields.index("first_name")] = "full_name"
    if "full_name" not in fields or "family_name" in fields:
        return
    place = fields.index("full_name")
    without = 0
    while place + without + 1 < len(headings) and not headings[place + without + 1]:
        without += 1
    if "first_name" in fields and normalise(headings[place]) == "ชื่อสกุล":
        fields[place] = "family_name"
    elif "first_name" not in fields and without in {1, 2}:
        parts = ["first_name", "family_name"] if without == 1 else ["title", "first_name", "family_name"]
        fields[place : place + without + 1] = parts


def is_heading(text: str) -> bool:
    """Say whether a text is a heading that some field answers to; for `sheet_reader.find_heading`."""
    return bare(text) in _FIELD_OF or bool(_BENEFICIARY.search(bare(text)))


# --- what pages call them ---------------------------------------------------------------------------------


def all_fields(benefits: Benefits) -> list[str]:
    """Return every field that a column may be matched to, in the order of the page."""
    return [*FIELDS, *(f"{kind}:{code}" for code in benefits for kind in BENEFIT_LABELS)]


def field_label(field: str, benefits: Benefits) -> str:
    """Return what pages call a field, also one of a benefit: "Sickness: baht this year"."""
    kind, _colon, code = field.partition(":")
    if not code:
        return str(FIELDS[field].label)
    thai, english = benefits.get(code, (code, code))
    return f"{english if active_language() == 'en' else thai}: {BENEFIT_LABELS[kind]}"


def template_heading(field: str, benefits: Benefits) -> str:
    """Return the Thai heading that a sheet to be filled in bears over a field; `match_columns` knows it."""
    kind, _colon, code = field.partition(":")
    return f"{benefits[code][0]} ({_BENEFIT_HEADINGS[kind]})" if code else FIELDS[field].words[0]

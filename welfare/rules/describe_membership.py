"""The rules of membership in plain sentences that a member can read: dues, waiting, suspension, lapse."""

from collections.abc import Iterator

from bansong_fund.lib.thai_dates import MONTHS
from welfare.rules.describe import Keyed, Rule, in_both
from welfare.rules.document import MembershipTerms
from welfare.rules.sentences import baht_text
from welfare.rules.words import counted

_EVERY = {
    "year": ("ต่อปี", "a year"),
    "half-year": ("ทุกครึ่งปี", "every half-year"),
    "quarter": ("ทุกสามเดือน", "every quarter"),
    "month": ("ต่อเดือน", "a month"),
}
_PERIODS = {
    "calendar": ("นับตามปีปฏิทิน", "counted by the calendar"),
    "fund": ("นับตามปีบัญชีของกองทุน", "counted by the fund's year"),
    "membership": ("นับจากวันที่เข้าเป็นสมาชิก", "counted from the day of joining"),
}
_LAPSE = {
    "by-resolution": (
        "พ้นสภาพเมื่อคณะกรรมการมีมติ หลังจากแจ้งสมาชิกและบันทึกไว้แล้ว",
        "A membership ends by resolution, after a recorded notice.",
    ),
    "automatic": (
        "พ้นสภาพตามระเบียบโดยไม่ต้องมีมติ หลังจากแจ้งสมาชิกและบันทึกไว้แล้ว",
        "A membership ends by the regulation itself, after a recorded notice.",
    ),
}
_BY_COMMITTEE = {
    True: (
        "จ่ายที่ค้างครบก่อนพ้นสภาพ สิทธิกลับมาตั้งแต่วันที่จ่าย เหตุที่เกิดระหว่างถูกระงับ คณะกรรมการพิจารณาได้โดยให้เหตุผล",
        (
            "Paying up before the lapse restores rights from that day; for an event in between"
            " the committee may decide otherwise, with a reason."
        ),
    ),
    False: (
        "เหตุที่เกิดระหว่างถูกระงับสิทธิไม่ได้รับสวัสดิการ",
        "For an event while rights are suspended nothing is paid.",
    ),
}


def membership_rules(terms: MembershipTerms) -> list[Rule]:
    """What the regulation says of membership, one rule each, in the order of the file."""
    return in_both(list(_said(terms, "th")), list(_said(terms, "en")))


def _say(language: str, thai: str, english: str) -> str:
    return thai if language == "th" else english


def _said(terms: MembershipTerms, language: str) -> Iterator[Keyed]:
    yield from _money(terms, language)
    yield from _joining(terms, language)
    days = counted(terms.suspend_after_days, "days", language)
    thai = f"ระงับสิทธิเมื่อขาดส่งเกิน {days} นับจากวันสุดท้ายที่จ่ายไว้"
    yield "suspend_after_days", _say(language, thai, f"Rights are suspended after {days} behind the day paid through.")
    days = counted(terms.lapse_after_days, "days", language)
    thai = f"ครบกำหนดพ้นสภาพเมื่อขาดส่งเกิน {days} สมัครใหม่ภายหลังเริ่มนับอายุสมาชิกใหม่"
    english = f"Due to lapse after {days} behind it; who joins again later starts tenure afresh."
    yield "lapse_after_days", _say(language, thai, english)
    yield "lapse", _say(language, *_LAPSE[terms.lapse])
    yield "arrears_by_committee", _say(language, *_BY_COMMITTEE[terms.arrears_by_committee])


def _money(terms: MembershipTerms, language: str) -> Iterator[Keyed]:
    fee, dues = baht_text(terms.entry_fee), baht_text(terms.dues.baht)
    if terms.entry_fee:
        yield "entry_fee", _say(language, f"ค่าแรกเข้า {fee} บาท จ่ายครั้งเดียว", f"Entry fee: {fee} baht, once.")
    else:
        yield "entry_fee", _say(language, "ไม่มีค่าแรกเข้า", "There is no entry fee.")
    every, period = _say(language, *_EVERY[terms.dues.every]), _say(language, *_PERIODS[terms.dues.period])
    yield "dues", _say(language, f"เงินสมทบ {dues} บาท{every} {period}", f"Dues: {dues} baht {every}, {period}.")
    if terms.joining_late:
        month = MONTHS[language][terms.joining_late.from_month - 1]
        thai = f"ผู้ที่เข้าตั้งแต่เดือน{month}จ่ายสำหรับงวดถัดไป และมีสถานะปกติทันที"
        english = f"Who joins from {month} on pays for the next period, and is in good standing at once."
        yield "joining_late", _say(language, thai, english)


def _joining(terms: MembershipTerms, language: str) -> Iterator[Keyed]:
    if terms.joining.max_age is not None:
        age = counted(terms.joining.max_age, "years", language)
        yield "joining.max_age", _say(language, f"รับสมาชิกอายุไม่เกิน {age}", f"Members join at the age of {age} at most.")
    days = counted(terms.waiting_days, "days", language)
    thai = f"ระยะเวลารอสิทธิ {days} นับจากวันเข้าเป็นสมาชิก ถ้าสวัสดิการไม่ได้กำหนดไว้เป็นอย่างอื่น"
    english = f"Rights begin {days} after the day of joining, where a benefit does not say otherwise."
    yield "waiting_days", _say(language, thai, english)
    for least, days_waited in sorted((terms.joining.waiting_days_from_age or {}).items()):
        old, wait = counted(least, "years", language), counted(days_waited, "days", language)
        thai, english = f"เข้าเมื่ออายุ {old}ขึ้นไป รอสิทธิ {wait}", f"Who joins at the age of {old} or more waits {wait}."
        yield f"waiting from {least}", _say(language, thai, english)

"""Invented names and numbers: put together from syllables and from codes that do not exist."""

import random
from datetime import date

from bansong_fund.demo.days import full_years
from bansong_fund.demo.shapes import LAST_DAY, Person


def _words(text: str) -> list[str]:
    return text.split()


FIRST_HEADS = _words(
    """
    กมล กิตติ เกษ แก้ว ขวัญ จันทร์ จิต เฉลิม ชล ชื่น ณัฐ ดวง เดช ทอง ธน ธิดา นภา นิล บัว บุญ ประ
    ปรีชา เปรม พร พิม เพ็ญ ไพ ฟ้า ภา มณี มาลี ยุพ รัตน์ เรือง ลัด วัน วิไล ศรี ศิริ โศภ สม สาย สุ
    แสง โสภา หทัย อร อรุณ อุดม เอม โอ ไอ
    """
)
FEMALE_TAILS = _words(
    """
    ชนี ดา ทิพย์ นภา นิดา ปราณี พรรณ พิศ มาศ มล ยา เยาว์ รี ลักษณ์ วดี วรรณ ศรี สิริ สุดา อนงค์
    อัมพร อำไพ
    """
)
MALE_TAILS = _words(
    """
    กร เกียรติ ชัย ณรงค์ เดช ธร นนท์ บดี ปกรณ์ พงษ์ พล ภพ ยศ ยุทธ รัตน์ ฤทธิ์ วัฒน์ ศักดิ์ สิทธิ์
    สันต์ หาญ อาจ
    """
)
FAMILY_HEADS = _words(
    """
    กล้า เกื้อ แก่น ขุน คง เครือ จอม เจียม ชู เชิด ดอน ต้น ถิ่น ทราย ธาร นา นุ่ม บาง เบญจ ปลาย ผา
    เพชร ไผ่ ฝาย พลอย ไพร ฟอง ม่าน เมฆ ยอด ร่ม เรียม ละออง วัง เวียง ศาล สวน เสม หมอก เหม อ่าว อิ่ม
    โอบ
    """
)
FAMILY_MIDDLES = _words(
    """
    กลิ่น กลาง คีรี จันทน์ ชล ดาว ตะวัน ทอง ธรรม นที บุปผา ประดู่ พนา พฤกษ์ ภู มรกต ยาง ลำพู วารี สน
    หมื่น อุทัย
    """
)
FAMILY_TAILS = _words(
    """
    กุศล เกษม คำนึง งาม จำเนียร ชื่น ดำรง ตระการ ถาวร นุกูล บริบูรณ์ ประเสริฐ พิทักษ์ มั่น ยืนยง
    รื่น ละมัย วิเศษ สมาน สุนทร อร่าม อาสา
    """
)
NICKNAMES = _words(
    """
    แดง ดำ นุ้ย เล็ก ใหญ่ อ้วน ผอม หนู ไข่ บ่าว น้อง แมว นก ปลา กุ้ง ปู หอย ส้ม เงาะ มังคุด จุก แกละ
    โก้ ต้อม ตุ๊ก แอ๋ว เปี๊ยก ก้อย
    """
)
OCCUPATIONS = (
    ("กรีดยางพารา", 30), ("ทำสวนปาล์ม", 16), ("ทำสวนผลไม้", 12), ("ค้าขาย", 18),
    ("รับจ้างทั่วไป", 24), ("แม่บ้าน", 8), ("พนักงานบริษัท", 6), ("รับราชการ", 4),
)  # fmt: skip


def first_name(sex: str, rng: random.Random) -> str:
    return rng.choice(FIRST_HEADS) + rng.choice(FEMALE_TAILS if sex == "f" else MALE_TAILS)


def family_name(rng: random.Random) -> str:
    return rng.choice(FAMILY_HEADS) + rng.choice(FAMILY_MIDDLES) + rng.choice(FAMILY_TAILS)


def full_name(rng: random.Random) -> str:
    return f"{first_name(rng.choice('mf'), rng)} {family_name(rng)}"


def title_for(sex: str, birth: date, married: bool) -> str:
    """The title on the last day: a child's until 15."""
    if full_years(birth, LAST_DAY) < 15:
        return "เด็กหญิง" if sex == "f" else "เด็กชาย"
    if sex == "m":
        return "นาย"
    return "นาง" if married else "นางสาว"


def check_digit(twelve: str) -> str:
    """The thirteenth digit of a Thai national ID."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(twelve))
    return str((11 - total % 11) % 10)


def national_ids(count: int, rng: random.Random) -> list[str]:
    """Distinct IDs that can be nobody's: first digit 1 to 5, province code 00, right checksum."""
    bodies: dict[str, None] = {}
    while len(bodies) < count:
        bodies[f"{rng.randrange(1, 6)}00{rng.randrange(10**9):09d}"] = None
    return [body + check_digit(body) for body in bodies]


def phone(rng: random.Random) -> str:
    """A number that no telephone has: none begins with 000."""
    return f"000-{rng.randrange(1000):03d}-{rng.randrange(10000):04d}"


def occupation(person: Person, rng: random.Random) -> str:
    """What the person lives by, as a farming town's people do."""
    age = full_years(person.birth_date, LAST_DAY)
    if age < 18:
        return "นักเรียน" if age > 5 else ""
    return rng.choices([name for name, _ in OCCUPATIONS], [weight for _, weight in OCCUPATIONS])[0]

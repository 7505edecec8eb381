"""The names of what a regulation speaks of: papers, exclusions, units, grades, groups, in both languages.

A fund may write codes of its own; one that is not known here is shown as it is written, with
spaces for its hyphens.
"""

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "paper": {
        "birth-certificate": ("สูติบัตร", "birth certificate"),
        "death-certificate": ("มรณบัตร", "death certificate"),
        "beneficiary-id-card": ("บัตรประชาชนผู้รับผลประโยชน์", "identity card of the beneficiary"),
        "id-card": ("บัตรประชาชน", "identity card"),
        "house-registration": ("ทะเบียนบ้าน", "house registration"),
        "member-book": ("สมุดประจำตัวสมาชิก", "member's passbook"),
        "power-of-attorney": ("หนังสือมอบอำนาจ", "power of attorney"),
        "hospital-certificate": ("ใบรับรองการนอนโรงพยาบาล", "hospital certificate"),
        "medical-certificate": ("ใบรับรองแพทย์", "medical certificate"),
        "discharge-summary": ("ใบสรุปการจำหน่ายผู้ป่วย", "discharge summary"),
        "hospital-receipt": ("ใบเสร็จของโรงพยาบาล", "hospital receipt"),
        "receipt": ("ใบเสร็จรับเงิน", "receipt"),
        "school-certificate": ("หนังสือรับรองจากสถานศึกษา", "school certificate"),
        "transcript": ("ใบแสดงผลการเรียน", "transcript"),
        "home-visit-note": ("บันทึกการเยี่ยมบ้าน", "home visit note"),
        "disability-card": ("บัตรประจำตัวคนพิการ", "disability card"),
        "project-proposal": ("แผนหรือโครงการประกอบอาชีพ", "project proposal"),
        "photograph": ("ภาพถ่าย", "photograph"),
        "estimate": ("ใบประเมินราคา", "estimate of cost"),
        "leader-certificate": ("หนังสือรับรองของผู้นำชุมชน", "community leader's certificate"),
        "disaster-certificate": ("หนังสือรับรองผู้ประสบภัย", "disaster certificate"),
        "minutes": ("รายงานการประชุม", "minutes of the meeting"),
    },
    "exclusion": {
        "self-inflicted": ("ทำร้ายตัวเอง", "self-inflicted harm"),
        "crime": ("เหตุจากการกระทำผิดกฎหมาย", "an act against the law"),
        "cosmetic": ("รักษาเพื่อความสวยงาม", "cosmetic treatment"),
        "drunk-driving": ("เมาแล้วขับ", "drunk driving"),
        "brawl": ("ทะเลาะวิวาท", "a brawl"),
    },
    "grade": {
        "minor": ("เสียหายเล็กน้อย", "minor damage"),
        "moderate": ("เสียหายปานกลาง", "moderate damage"),
        "major": ("เสียหายมาก", "major damage"),
        "total": ("เสียหายทั้งหลัง", "total loss"),
    },
    "group": {
        "disabled": ("คนพิการ", "people with disabilities"),
        "disadvantaged": ("คนด้อยโอกาส", "the disadvantaged"),
    },
    "category": {
        "birth": ("เด็กแรกเกิด/คลอดบุตร", "Newborn and childbirth"),
        "sickness": ("เจ็บป่วย/รักษาพยาบาล", "Sickness and medical care"),
        "elderly": ("ผู้สูงอายุ", "Elderly"),
        "death": ("เสียชีวิต", "Death"),
        "education": ("การศึกษา", "Education"),
        "disadvantaged": ("คนด้อยโอกาส/คนพิการ", "Disadvantaged people and people with disabilities"),
        "career": ("พัฒนาอาชีพ", "Career development"),
        "housing": ("ซ่อมแซมที่อยู่อาศัย", "Housing repair"),
        "disaster": ("ผู้ประสบภัยพิบัติ", "Disaster relief"),
    },
    "codi": {
        "birth": ("เกิด", "birth"),
        "sickness": ("เจ็บป่วย", "sickness"),
        "elderly": ("ผู้สูงอายุ", "the elderly"),
        "death": ("เสียชีวิต", "death"),
        "funeral-costs": ("ค่าจัดการศพ", "funeral costs"),
        "disadvantaged": ("คนด้อยโอกาส/คนพิการ", "the disadvantaged and people with disabilities"),
        "career": ("อาชีพ", "career"),
        "education": ("การศึกษา", "education"),
        "culture": ("วัฒนธรรมประเพณี", "culture and tradition"),
        "housing": ("ที่อยู่อาศัย (ซ่อม/สร้าง)", "housing (repair or building)"),
        "disaster": ("ภัยพิบัติ", "disaster"),
        "public-benefit": ("กิจกรรมสาธารณประโยชน์", "activities for the public benefit"),
        "environment": ("ทรัพยากรธรรมชาติและสิ่งแวดล้อม", "natural resources and environment"),
        "other": ("อื่น ๆ", "other"),
    },
    "fact": {
        "event_until": ("วันสิ้นสุดเหตุ (วันออกจากโรงพยาบาล)", "the last day (discharge)"),
        "units": ("จำนวน", "how many"),
        "birth_date": ("วันเกิดของสมาชิก", "the member's birth date"),
        "child_birth_date": ("วันเกิดของเด็ก", "the child's birth date"),
        "child": ("ชื่อเด็ก", "the child"),
        "grade": ("ระดับความเสียหาย", "the grade of the damage"),
        "loss": ("มูลค่าความเสียหาย", "the loss in baht"),
    },
    "counted_per": {"member": ("สมาชิก", "member"), "household": ("ครัวเรือน", "household")},
    "unit": {
        "night": ("คืน", "night"),
        "child": ("เด็กหนึ่งคน", "child"),
        "item": ("รายการ", "item"),
        "person": ("คน", "person"),
        "time": ("ครั้ง", "time"),
    },
}

# How so many of them are said: Thai, English for one, English for any other number.
COUNTED: dict[str, tuple[str, str, str]] = {
    "night": ("{n} คืน", "{n} night", "{n} nights"),
    "child": ("เด็ก {n} คน", "{n} child", "{n} children"),
    "item": ("{n} รายการ", "{n} item", "{n} items"),
    "person": ("{n} คน", "{n} person", "{n} people"),
    "time": ("{n} ครั้ง", "{n} time", "{n} times"),
    "claim": ("{n} ครั้ง", "{n} claim", "{n} claims"),
    "days": ("{n} วัน", "{n} day", "{n} days"),
    "years": ("{n} ปี", "{n} year", "{n} years"),
}


def label(kind: str, code: str, language: str) -> str:
    """The name of a code: `label("paper", "photograph", "th")`."""
    names = LABELS[kind].get(code)
    if names is None:
        return code.replace("-", " ")
    return names[0] if language == "th" else names[1]


def labels(kind: str, codes: tuple[str, ...], language: str, *, joined_by: str = "or") -> str:
    """Several names in one phrase; `joined_by` is "or" or "and"."""
    names = [label(kind, code, language) for code in codes]
    word = {"or": (" หรือ ", " or "), "and": (" และ ", " and ")}[joined_by][0 if language == "th" else 1]
    if len(names) <= 2:
        return word.join(names)
    return f"{', '.join(names[:-1])}{word}{names[-1]}"


def counted(number: int, what: str, language: str) -> str:
    """So many of something: "3 คืน", "1 night", "2 children"."""
    thai, single, several = COUNTED[what]
    form = thai if language == "th" else single if number == 1 else several
    return form.format(n=f"{number:,}")

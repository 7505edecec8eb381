"""The chart of accounts: the standard one, made with the fund, and look-ups by role.

The chart is described for people in docs/books.md.
"""

from dataclasses import dataclass

from django.db.models.functions import Length

from ledger.chain import GENESIS_HASH
from ledger.models import Account, AccountRole, AccountType, LedgerHead, RestrictedFund
from office.models import User


@dataclass(frozen=True, slots=True)
class StandardAccount:
    code: str
    role: AccountRole
    type: AccountType
    name_th: str
    name_en: str
    category: str = ""
    leg: int | None = None


ASSET, FUND, INCOME, COST = AccountType.ASSET, AccountType.FUND, AccountType.INCOME, AccountType.COST
R = AccountRole

STANDARD_CHART = [
    StandardAccount("1010", R.CASH, ASSET, "เงินสดในมือ", "Cash on hand"),
    StandardAccount("1900", R.BETWEEN_FUNDS, ASSET, "เงินระหว่างกองทุนย่อย", "Money between restricted funds"),
    StandardAccount("3010", R.ACCUMULATED_FUND, FUND, "เงินกองทุนสะสม", "Accumulated fund"),
    StandardAccount("4110", R.DUES, INCOME, "เงินสมทบของสมาชิก", "Members' contributions", leg=1),
    StandardAccount("4210", R.MUNICIPALITY, INCOME, "เงินสมทบจากเทศบาล", "Municipality's contribution", leg=2),
    StandardAccount("4310", R.CODI_START_UP, INCOME, "เงินประเดิมจาก พอช.", "CODI start-up grant", leg=3),
    StandardAccount(
        "4320", R.CODI_MATCHING, INCOME, "เงินสมทบจากรัฐ (ผ่าน พอช.)", "State contribution (through CODI)", leg=3
    ),
    StandardAccount("4330", R.OTHER_STATE, INCOME, "หน่วยงานรัฐอื่น", "Other state bodies", leg=3),
    StandardAccount("4410", R.GIFT, INCOME, "เงินบริจาค", "Donations", leg=4),
    StandardAccount(
        "4420", R.SISTER_FUNDS, INCOME, "เงินสมทบจากกองทุนอื่นและสมาคม", "From other funds and associations", leg=4
    ),
    StandardAccount("4430", R.EVENT_INCOME, INCOME, "รายได้งานประจำปี", "Income of the annual event", leg=4),
    StandardAccount(
        "4440", R.ENTERPRISE_SHARE, INCOME, "เงินแบ่งจากวิสาหกิจชุมชน", "Shares paid by community enterprises", leg=4
    ),
    StandardAccount("4510", R.ENTRY_FEE, INCOME, "ค่าธรรมเนียมแรกเข้า", "Entry fees"),
    StandardAccount("4520", R.INTEREST, INCOME, "ดอกเบี้ยรับ", "Interest income"),
    StandardAccount("4590", R.CASH_OVER_SHORT, INCOME, "เงินเกิน/เงินขาดบัญชี", "Cash over / short"),
    StandardAccount("5110", R.BENEFIT, COST, "สวัสดิการเด็กแรกเกิด/คลอดบุตร", "Newborn and childbirth", "birth"),
    StandardAccount("5120", R.BENEFIT, COST, "สวัสดิการเจ็บป่วย/รักษาพยาบาล", "Sickness and medical care", "sickness"),
    StandardAccount("5130", R.BENEFIT, COST, "สวัสดิการผู้สูงอายุ", "Elderly", "elderly"),
    StandardAccount("5140", R.BENEFIT, COST, "สวัสดิการกรณีเสียชีวิต", "Death", "death"),
    StandardAccount("5150", R.BENEFIT, COST, "สวัสดิการเพื่อการศึกษา", "Education", "education"),
    StandardAccount(
        "5160",
        R.BENEFIT,
        COST,
        "สวัสดิการคนด้อยโอกาส/คนพิการ",
        "Disadvantaged and persons with disability",
        "disadvantaged",
    ),
    StandardAccount("5170", R.BENEFIT, COST, "สวัสดิการเพื่อพัฒนาอาชีพ", "Career development", "career"),
    StandardAccount("5180", R.BENEFIT, COST, "สวัสดิการซ่อมแซมที่อยู่อาศัย", "Housing repair", "housing"),
    StandardAccount("5190", R.BENEFIT, COST, "สวัสดิการช่วยเหลือผู้ประสบภัยพิบัติ", "Disaster relief", "disaster"),
    StandardAccount("5210", R.ADMINISTRATION, COST, "ค่าตอบแทนผู้ปฏิบัติงาน", "Staff allowances", "staff"),
    StandardAccount("5220", R.ADMINISTRATION, COST, "ค่าเดินทาง", "Travel", "travel"),
    StandardAccount("5230", R.ADMINISTRATION, COST, "ค่าเอกสารและเครื่องเขียน", "Documents and stationery", "stationery"),
    StandardAccount("5240", R.ADMINISTRATION, COST, "ค่าประชุมและกิจกรรม", "Meetings and activities", "meetings"),
    StandardAccount("5290", R.ADMINISTRATION, COST, "ค่าบริหารจัดการอื่น", "Other administrative expenses", "other"),
    StandardAccount("5310", R.EVENT_COST, COST, "ค่าใช้จ่ายงานประจำปี", "Costs of the annual event"),
    StandardAccount("5510", R.TAX_WITHHELD, COST, "ภาษีดอกเบี้ยถูกหัก ณ ที่จ่าย", "Tax withheld on interest"),
    StandardAccount("5410", R.PUBLIC_BENEFIT, COST, "กิจกรรมสาธารณประโยชน์", "Public benefit and solidarity"),
    StandardAccount(
        "5420", R.PUBLIC_BENEFIT, COST, "ช่วยเหลือกองทุนอื่นและสมาคม", "Help to other funds and associations", "sister-funds"
    ),
    StandardAccount("5430", R.PUBLIC_BENEFIT, COST, "ช่วยเหลือผู้ที่มิใช่สมาชิก", "Help to non-members", "non-members"),
    StandardAccount("5440", R.PUBLIC_BENEFIT, COST, "วัฒนธรรม ประเพณี และกีฬา", "Culture, tradition and sport", "culture"),
    StandardAccount(
        "5450", R.PUBLIC_BENEFIT, COST, "ทรัพยากรธรรมชาติและสิ่งแวดล้อม", "Natural resources and environment", "environment"
    ),
]


def make_books() -> None:
    """Make the standard chart, the general fund and the head of the chain in an empty database."""
    Account.objects.bulk_create(
        [
            Account(
                code=a.code,
                role=a.role,
                type=a.type,
                name_th=a.name_th,
                name_en=a.name_en,
                category=a.category,
                leg=a.leg,
            )
            for a in STANDARD_CHART
        ]
    )
    RestrictedFund.objects.create(code="general", name_th="กองทุนทั่วไป", name_en="General fund")
    LedgerHead.objects.create(number=0, chain_hash=GENESIS_HASH)


def account(role: AccountRole, category: str = "") -> Account:
    """The one account of a role (and category); raises `Account.DoesNotExist` where the chart lacks it."""
    return Account.objects.get(role=role, category=category, holder=None)


def benefit_account(category: str) -> Account:
    return account(AccountRole.BENEFIT, category)


def collector_account(user: User) -> Account:
    """Cash with this collector: made the first time she collects."""
    return _holder_account(user, AccountRole.COLLECTOR, "11", "เงินสดกับผู้เก็บเงิน", "Cash with collector")


def advance_account(user: User) -> Account:
    """Money that this person carries to those who receive it: made the first time she does."""
    return _holder_account(user, AccountRole.ADVANCE, "13", "เงินทดรองจ่ายกับ", "Advance with")


def _holder_account(user: User, role: AccountRole, prefix: str, name_th: str, name_en: str) -> Account:
    found = Account.objects.filter(role=role, holder=user).first()
    if found is not None:
        return found
    return Account.objects.create(
        code=_next_code(prefix),
        role=role,
        type=AccountType.ASSET,
        holder=user,
        name_th=f"{name_th} – {user.display_name}",
        name_en=f"{name_en} – {user.display_name}",
    )


def add_bank_account(
    *, name_th: str, name_en: str, bank_th: str, bank_en: str, branch_th: str, branch_en: str, last_digits: str
) -> Account:
    """A passbook account in the fund's name; only the last digits of its number are kept for papers."""
    return Account.objects.create(
        code=_next_code("12"),
        role=AccountRole.BANK,
        type=AccountType.ASSET,
        name_th=name_th,
        name_en=name_en,
        bank_th=bank_th,
        bank_en=bank_en,
        branch_th=branch_th,
        branch_en=branch_en,
        last_digits=last_digits,
    )


def _next_code(prefix: str) -> str:
    """The next number behind the prefix: three digits, more when those are used up."""
    numbered = Account.objects.filter(code__regex=rf"^{prefix}\d{{3,}}$")
    last = numbered.annotate(length=Length("code")).order_by("-length", "-code").values_list("code", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:03d}"

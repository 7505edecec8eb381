"""Each of the nine kinds of welfare goes the whole way by the right hands: from the leader's phone to the registrar,
the meeting and the treasurer, to a voucher to sign, the member's page and passbook page, and the books."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bansong_fund.lib.national_id import decrypt_id, format_full
from ledger.accounts import account, benefit_account
from ledger.check import check_ledger
from ledger.models import AccountRole
from ledger.queries import balance
from members.models import Child, GroupFlag, Member
from office.models import Attachment
from tests.browser.walk import (
    MAIN_BUTTON,
    Walk,
    assert_usable,
    begin_walk,
    fill_day,
    photographed_certificate,
)
from tests.factories import BeneficiaryFactory, MemberFactory
from tests.welfare.cast import ID_NUMBER
from welfare.models import BenefitList, Category, Claim, ClaimStep

pytestmark = pytest.mark.browser

EVENT = date(2020, 10, 20)
ONE_BY_ONE = {
    Category.BIRTH: Decimal(500),
    Category.SICKNESS: Decimal(300),
    Category.DEATH: Decimal(8000),
    Category.CAREER: Decimal(3000),
    Category.HOUSING: Decimal(4000),  # 4,500 were asked for
}
BY_LIST = {
    Category.ELDERLY: Decimal(400),  # two people
    Category.EDUCATION: Decimal(500),
    Category.DISADVANTAGED: Decimal(500),
    Category.DISASTER: Decimal(1500),
}


def test_five_kinds_go_the_whole_way_one_by_one(phone, open_page, sign_in, tmp_path) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    living = walk.cast.member
    dead = MemberFactory(community=walk.cast.home, number=102)
    BeneficiaryFactory(member=dead)
    certificate = photographed_certificate(tmp_path)
    gift, stay = _birth(walk, certificate), _stay(walk, certificate)
    career, housing = _sum_asked(walk, "career-grant", "3000"), _sum_asked(walk, "housing-repair", "4500")
    grant = _death(walk, dead)
    claims = [gift, stay, career, housing, grant]
    walk.check(*claims)
    _the_auditor_finds_no_button(walk, stay)
    walk.decide(*claims, sums={housing.pk: "4000"})

    assert_to_be_signed(walk.pay(gift), gift, "เงินรับขวัญเด็กแรกเกิด", "สำหรับ ด.ญ.น้ำฝน", "ห้าร้อยบาทถ้วน")
    by_thumb = walk.pay(stay, second_witness="นางพยานสอง สมมติ")
    assert_to_be_signed(by_thumb, stay, "ค่านอนรักษาตัวในโรงพยาบาล", "สามร้อยบาทถ้วน", "ลายพิมพ์นิ้วมือผู้รับเงิน", "นางพยานสอง สมมติ")
    assert_to_be_signed(walk.pay(career), career, "ทุนพัฒนาอาชีพ", "สามพันบาทถ้วน")
    assert_to_be_signed(walk.pay(housing), housing, "ค่าซ่อมแซมที่อยู่อาศัย", "สี่พันบาทถ้วน")
    handed = walk.pay(grant, national_id=ID_NUMBER)
    assert_to_be_signed(handed, grant, "เงินช่วยเหลือค่าจัดการศพ", "แปดพันบาทถ้วน", "นายผู้รับ สมมติสกุล", format_full(ID_NUMBER))
    assert decrypt_id(Claim.objects.get(pk=grant.pk).voucher.recipient_id_encrypted) == ID_NUMBER

    shown = {"เงินรับขวัญเด็กแรกเกิด": 500, "ค่านอนรักษาตัวในโรงพยาบาล": 300, "ทุนพัฒนาอาชีพ": 3000, "ค่าซ่อมแซมที่อยู่อาศัย": 4000}
    walk.assert_shown(living, shown)
    walk.assert_shown(dead, {"เงินช่วยเหลือค่าจัดการศพ": 8000})
    assert_booked(walk, ONE_BY_ONE)


def test_four_kinds_go_the_whole_way_by_list(phone, open_page, sign_in) -> None:
    walk = begin_walk(phone, open_page, sign_in)
    parent, home = walk.cast.member, {"community": walk.cast.home}
    Child.objects.create(parent=parent, name="ด.ช.น้ำใส สมมติสกุล", birth_date=date(2010, 5, 5))
    elders = [MemberFactory(**home, birth_date=date(1950, 1, 1)) for _each in range(2)]
    disabled = MemberFactory(**home)
    GroupFlag.objects.create(member=disabled, group="disabled", since=date(2018, 1, 1))

    elderly = walk.open_list("elderly-gift", EVENT)
    walk.confirm_and_send(elderly, *(elder.full_name for elder in elders))
    school = walk.open_list("scholarship", EVENT)
    walk.confirm_and_send(school, "ด.ช.น้ำใส สมมติสกุล")
    aid = walk.open_list("disadvantaged-aid", EVENT)
    walk.confirm_and_send(aid, disabled.full_name)
    flood = walk.open_list("disaster-relief", EVENT, event="น้ำท่วมตุลาคม 2563")
    walk.add(flood, parent, grade="major")
    expect(phone.locator("main")).to_contain_text("น้ำท่วมตุลาคม 2563")
    assert_usable(phone)
    walk.confirm_and_send(flood, parent.full_name)
    lists = [elderly, school, aid, flood]
    walk.decide_lists(*lists)

    carried = walk.deliver(elderly)
    for words in ("ผู้รับเงิน 2 คน", elderly.label, "สี่ร้อยบาทถ้วน", "บัญชีรายชื่อแนบท้าย", walk.cast.leader.display_name):
        assert words in carried, words
    one_each = [Claim.objects.get(benefit_list=found) for found in lists[1:]]
    words = [
        ("ทุนการศึกษา", "สำหรับ ด.ช.น้ำใส", "ห้าร้อยบาทถ้วน"),
        ("เงินช่วยเหลือคนด้อยโอกาส/คนพิการ", "ห้าร้อยบาทถ้วน"),
        ("เงินช่วยเหลือผู้ประสบภัย", "หนึ่งพันห้าร้อยบาทถ้วน"),
    ]
    for text, claim, told in zip(walk.pay_by_list(*one_each), one_each, words, strict=True):
        assert_to_be_signed(text, claim, *told)

    walk.assert_shown(elders[1], {"สวัสดิการผู้สูงอายุประจำปี": 200})
    walk.assert_shown(parent, {"ทุนการศึกษา": 500, "เงินช่วยเหลือผู้ประสบภัย": 1500})
    walk.assert_shown(disabled, {"เงินช่วยเหลือคนด้อยโอกาส/คนพิการ": 500})
    assert_booked(walk, BY_LIST)
    assert set(BenefitList.objects.values_list("state", flat=True)) == {"decided"}


def test_the_two_ways_take_all_nine_kinds() -> None:
    assert sorted([*ONE_BY_ONE, *BY_LIST]) == sorted(Category)


# --- the leader's phone, kind by kind


def _birth(walk: Walk, certificate: Path) -> Claim:
    """The gift for the child; the page then offers the mother's nights, which are reckoned from the same day."""
    phone = walk.begin("birth-gift")
    fill_day(phone, "event_from", EVENT)
    phone.fill("#id_child_name", "ด.ญ.น้ำฝน สมมติสกุล")
    expect(phone.locator("#reckoning")).to_contain_text("500.00")
    assert_usable(phone)
    phone.set_input_files("#id_paper_0", certificate)
    gift = walk.submit()
    phone.click("main a[href*='birth-mother-nights']")
    assert phone.input_value("#id_event_from_day") == "20"
    fill_day(phone, "event_until", date(2020, 10, 22))
    expect(phone.locator("#reckoning")).to_contain_text("นอน 2 คืน")
    return gift


def _stay(walk: Walk, certificate: Path) -> Claim:
    """Three nights; first with the days the wrong way round, which is answered, and nothing of the form is lost."""
    phone = walk.begin("hospital-night")
    fill_day(phone, "event_from", date(2020, 10, 8))
    fill_day(phone, "event_until", date(2020, 10, 5))
    phone.fill("#id_note", "มาด้วยรถสองแถว")
    phone.click(MAIN_BUTTON)
    expect(phone.locator(".invalid-feedback")).to_have_count(1)
    assert (phone.input_value("#id_note"), phone.input_value("#id_event_from_day")) == ("มาด้วยรถสองแถว", "8")
    fill_day(phone, "event_from", date(2020, 10, 5))
    fill_day(phone, "event_until", date(2020, 10, 8))
    expect(phone.locator("#reckoning")).to_contain_text("นอน 3 คืน")
    expect(phone.locator("#reckoning")).to_contain_text("300.00")
    assert_usable(phone)
    phone.set_input_files("#id_paper_0", certificate)
    phone.check("#id_consent")
    claim = walk.submit()
    assert_usable(phone)
    paper = Attachment.objects.get(owner_id=claim.pk)
    assert (claim.units, paper.purpose, paper.content_type) == (3, "hospital-certificate", "image/jpeg")
    return claim


def _sum_asked(walk: Walk, kind: str, baht: str) -> Claim:
    """A benefit whose sum the committee sets."""
    phone = walk.begin(kind)
    fill_day(phone, "event_from", EVENT)
    phone.fill("#id_proposed_amount", baht)
    return walk.submit()


def _death(walk: Walk, member: Member) -> Claim:
    """The guided report of a death ends the membership and opens the claim of whom she named."""
    phone = walk.begin("death", member)
    assert phone.input_value("#id_recipient_name") == "นายผู้รับ สมมติสกุล"
    fill_day(phone, "on", EVENT)
    assert_usable(phone)
    phone.click(MAIN_BUTTON)
    expect(phone.locator("main .done-list")).to_contain_text("2563/00000")
    phone.click("main a.btn-primary.btn-lg")
    claim = walk.submit()
    membership = member.memberships.get()
    assert (membership.ended_on, membership.end_reason) == (EVENT, "died")
    return claim


# --- what came of it


def _the_auditor_finds_no_button(walk: Walk, claim: Claim) -> None:
    page = walk.desk(walk.cast.auditor)
    page.goto(f"/claims/2563/{claim.number}/")
    expect(page.locator("main")).to_contain_text(claim.label)
    assert page.locator("main form").count() == 0


def assert_to_be_signed(text: str, claim: Claim, *words: str) -> None:
    """The voucher names claim, resolution, sum and who signs: receiver, payer and witness, each with a line."""
    claim = Claim.objects.select_related("voucher", "resolution__meeting").get(pk=claim.pk)
    assert claim.state == "paid"
    receives = "ลายพิมพ์นิ้วมือ" if claim.voucher.is_thumb_print else "ผู้รับเงิน"
    told = (claim.label, claim.voucher.label, claim.resolution.label, f"( {claim.recipient_name} )")
    for each in (*told, *words, receives, "ผู้จ่ายเงิน", "พยาน", "( นายพยาน สมมติ )", claim.voucher.issued_by_name):
        assert each in text, each


def assert_booked(walk: Walk, spent: Mapping[Category, Decimal]) -> None:
    """Each kind's account holds what was paid, the cash box is lighter by the sum, and the treasurer sees it so."""
    page = walk.desk(walk.cast.treasurer)
    page.goto("/books/trial-balance/")
    for kind, baht in spent.items():
        booked = benefit_account(kind)
        assert balance(booked) == baht, kind
        expect(page.locator("main tr").filter(has_text=booked.name_th)).to_contain_text(f"{baht:,.2f}")
    # each button of a payment was clicked twice
    assert balance(account(AccountRole.CASH)) == Decimal(100_000) - sum(spent.values())
    assert Claim.objects.filter(state="paid").count() == ClaimStep.objects.filter(action="pay").count()
    made_up = "member counts"  # the cast's own
    assert [problem for problem in check_ledger().problems if problem.check != made_up] == []

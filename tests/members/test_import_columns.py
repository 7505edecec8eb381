"""Headings of old registers and the fields that they mean."""

from collections import Counter

import pytest

from members.import_columns import (
    FIELDS,
    all_fields,
    bare,
    field_label,
    is_heading,
    match_columns,
    template_heading,
)
from members.models import Member

BENEFITS = {
    "birth": ("สวัสดิการเกี่ยวกับเด็กแรกเกิด/คลอดบุตร", "Newborn and childbirth"),
    "sickness": ("สวัสดิการเกี่ยวกับการเจ็บป่วย/รักษาพยาบาล", "Sickness and medical care"),
    "elderly": ("สวัสดิการผู้สูงอายุ", "Elderly"),
    "death": ("สวัสดิการกรณีเสียชีวิต", "Death"),
    "education": ("สวัสดิการเพื่อการศึกษา", "Education"),
}


def matched(*headings: str) -> list[str]:
    return match_columns(headings, BENEFITS)


def test_no_heading_means_two_fields():
    fields = Counter((bare(word), field) for field, words in FIELDS.items() for word in set(map(bare, words.words)))
    assert [word for word, count in Counter(word for word, _field in fields).items() if count > 1] == []


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "first_name"])
def test_every_heading_that_a_field_answers_to_is_matched_to_it(field):
    for word in FIELDS[field].words:
        assert match_columns(["ชื่อตัว", "นามสกุล (ปัจจุบัน)", word], {})[2] == field, word
        assert match_columns(["ชื่อตัว", f"  {word.upper()} : "], {})[1] == field, word


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("วัน/เดือน/ปี เกิด", "birth_date"),
        ("วันเดือนปีเกิด (พ.ศ.)", "birth_date"),
        ("ว ด ป เกิด", "birth_date"),
        ("เลขที่บัตรประจำตัวประชาชน 13 หลัก", "national_id"),
        ("เลขประจำตัว ๑๓ หลัก", "national_id"),
        ("ชื่อ - นามสกุล", "full_name"),
        ("ชื่อ – สกุล สมาชิก", "full_name"),
        ("เบอร์โทร (มือถือ)", "phone"),
        ("วันที่สมัครเป็นสมาชิก", "joined_on"),
        ("ชำระเงินถึงวันที่", "paid_through"),
        ("ที่อยู่ / บ้านเลขที่", "house_number"),
        ("ที่อยู่ / เลขที่", "house_number"),
        ("ที่อยู่ตามทะเบียนบ้าน / หมู่ที่", "moo"),
        ("ข้อมูลสมาชิก / ชุมชน", "community"),
        ("ผู้รับผลประโยชน์ / ชื่อ-สกุล", "beneficiary_name"),
        ("ผู้รับผลประโยชน์ / ความสัมพันธ์", "beneficiary_relation"),
        ("ผู้รับผลประโยชน์ / เลขบัตรประชาชน", "ignore"),
        ("เกี่ยวข้องกับผู้รับประโยชน์เป็น", "beneficiary_relation"),
        ("ลำดับ", "ignore"),
        ("อายุ (ปี)", "ignore"),
        ("เงินสมทบรายปี / 2553", ""),
        ("น้ำหนัก", ""),
        ("", ""),
        ("2553", ""),
    ],
)
def test_a_heading_in_a_funds_own_words_is_matched(heading, field):
    assert matched("ชื่อตัว", "นามสกุล", heading)[2] == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("เจ็บป่วย ปีนี้ (บาท)", "year_baht:sickness"),
        ("รักษาพยาบาล / จำนวนครั้งในปีนี้", "year_times:sickness"),
        ("เจ็บป่วย ปีนี้ (คืน)", "year_units:sickness"),
        ("คลอดบุตร รวมทั้งหมด (ครั้ง)", "life_times:birth"),
        ("ทุนการศึกษา สะสม บาท", "life_baht:education"),
        ("Sickness and medical care: baht this year", "year_baht:sickness"),
        ("sickness nights this year", "year_units:sickness"),
        ("เจ็บป่วย", ""),
        ("วันที่เสียชีวิต", "ended_on"),
    ],
)
def test_what_was_drawn_is_matched_to_benefit_span_and_unit(heading, field):
    assert matched(heading) == [field]


def test_of_two_columns_that_mean_one_field_the_better_then_the_earlier_has_it():
    assert matched("โทรศัพท์", "เบอร์มือถือ") == ["phone", ""]
    assert matched("ชื่อตัว", "สกุล", "วันเกิดตามทะเบียนบ้าน", "วันเกิด")[2:] == ["", "birth_date"]
    assert matched("หมายเหตุ", "หมายเหตุ") == ["ignore", "ignore"]


def test_columns_of_names_are_settled_among_each_other():
    assert matched("คำนำหน้า", "ชื่อ", "สกุล") == ["title", "first_name", "family_name"]
    assert matched("ชื่อ", "บ้านเลขที่") == ["full_name", "house_number"]
    assert matched("ชื่อตัว", "ชื่อสกุล") == ["first_name", "family_name"]
    assert matched("ชื่อ-สกุล", "", "เพศ") == ["first_name", "family_name", "sex"]
    assert matched("ชื่อ-สกุล", "", "", "เพศ") == ["title", "first_name", "family_name", "sex"]
    assert matched("ชื่อ-สกุล", "", "", "", "เพศ")[:2] == ["full_name", ""]
    assert matched("ชื่อ-สกุล", "เพศ") == ["full_name", "sex"]


def test_a_sheet_with_the_template_headings_is_matched_field_by_field():
    fields = [field for field in all_fields(BENEFITS) if field not in {"full_name", "ignore"}]
    assert match_columns([template_heading(field, BENEFITS) for field in fields], BENEFITS) == fields


def test_every_field_has_a_name_on_the_page_in_both_languages():
    from django.utils.translation import override

    with override("en"):
        assert field_label("national_id", BENEFITS) == "National ID number"
        assert field_label("year_baht:sickness", BENEFITS) == "Sickness and medical care: baht this year"
    with override("th"):
        assert field_label("year_baht:sickness", BENEFITS).startswith("สวัสดิการเกี่ยวกับการเจ็บป่วย/รักษาพยาบาล: ")


def test_words_of_headings_are_told_from_words_of_members():
    assert [is_heading(text) for text in ("ชื่อ - สกุล", "ว/ด/ป เกิด", "ผู้รับผลประโยชน์")] == [True] * 3
    assert [is_heading(text) for text in ("นางสมหญิง ใจดี", "12/3", "", "ทะเบียนสมาชิกกองทุน")] == [False] * 4


def test_the_fields_of_a_member_that_a_register_holds_can_all_be_matched():
    kept = {"title", "first_name", "family_name", "nickname", "sex", "birth_date", "id_kind", "phone", "occupation"}
    kept |= {"nationality", "marital_status", "community", "number", "address"}
    assert kept <= FIELDS.keys() & {field.name for field in Member._meta.get_fields()}

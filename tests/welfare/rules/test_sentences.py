import re
from datetime import date
from decimal import Decimal

import pytest

from welfare.rules.assess import LEFT_TO_COMMITTEE, benefit_not_offered, no_rule_in_force
from welfare.rules.describe import describe
from welfare.rules.sayings import SENTENCES
from welfare.rules.sentences import baht_text, day_text, sentence, year_text
from welfare.rules.steps import Step
from welfare.rules.words import LABELS, counted, label, labels

THAI = re.compile("[\u0e00-\u0e7f]")


def names_in(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{([a-z_]+)", text)))


@pytest.mark.parametrize("code", SENTENCES)
def test_both_sentences_of_a_step_tell_no_more_than_the_step_knows(code):
    thai, english = SENTENCES[code]
    assert THAI.search(thai)
    assert not THAI.search(english)
    assert english.endswith(".")
    # Which figures a sentence leaves out may differ; that it can be said is proved by the cases.
    assert names_in(thai) == names_in(english)


def test_what_is_left_to_the_committee_can_be_said():
    assert LEFT_TO_COMMITTEE - SENTENCES.keys() == set()


@pytest.mark.parametrize(
    ("amount", "text"), [("0", "0"), ("500.00", "500"), ("1250.50", "1,250.50"), ("14328280.76", "14,328,280.76")]
)
def test_baht_have_separators_and_satang_only_where_there_are_any(amount, text):
    assert baht_text(Decimal(amount)) == text


def test_days_are_told_in_the_buddhist_era():
    assert day_text(date(2020, 5, 1), "th") == "1 พ.ค. 2563"
    assert day_text(date(2020, 5, 1), "en") == "1 May 2563 BE"
    assert day_text(date(2024, 2, 29), "th") == "29 ก.พ. 2567"


def test_a_calendar_year_is_told_by_its_number():
    assert year_text(date(2020, 1, 1), date(2020, 12, 31), "th") == "ปี 2563"
    assert year_text(date(2020, 1, 1), date(2020, 12, 31), "en") == "the year 2563 BE"


def test_another_year_is_told_by_its_days():
    assert year_text(date(2019, 10, 1), date(2020, 9, 30), "th") == "ช่วง 1 ต.ค. 2562 ถึง 30 ก.ย. 2563"


def test_one_is_one_and_several_are_several():
    assert [counted(n, "child", "en") for n in (1, 2)] == ["1 child", "2 children"]
    assert counted(2, "child", "th") == "เด็ก 2 คน"


def test_a_code_of_the_funds_own_is_shown_as_it_is_written():
    assert label("paper", "letter-of-the-abbot", "th") == "letter of the abbot"


def test_several_names_make_one_phrase():
    assert labels("paper", ("photograph", "receipt", "estimate"), "en") == "photograph, receipt or estimate of cost"


def test_every_label_stands_in_both_languages():
    assert [
        code for names in LABELS.values() for code, (th, en) in names.items() if not THAI.search(th) or not en
    ] == []


def test_a_stored_sentence_is_said_as_it_was_said_then():
    stored = {**Step("amount", {"sum": Decimal("300.00")}).to_json(), "th": "ได้ 300 บาท (คำเดิม)"}
    assert sentence(Step.from_json(stored), "th") == "ได้ 300 บาท (คำเดิม)"


def test_an_unknown_step_cannot_be_said():
    with pytest.raises(KeyError):
        Step("nonsense").sentence("th")


def test_no_rule_in_force_is_a_named_refusal():
    refused = no_rule_in_force(date(2010, 4, 30))
    assert (refused.outcome, refused.amount, [step.code for step in refused.refusals]) == (
        "refused",
        Decimal("0.00"),
        ["no_rule_in_force"],
    )
    assert refused.sentences("th") == ["วันที่ 30 เม.ย. 2553 ยังไม่มีระเบียบของกองทุนใช้อยู่ จึงคิดเงินไม่ได้ โปรดตรวจวันที่เกิดเหตุ"]


def test_a_benefit_that_is_not_offered_is_a_named_refusal(bansong):
    refused = benefit_not_offered(bansong, "pension", date(2020, 3, 2))
    assert refused.sentences("en") == [
        "The Regulation of the Ban Song Community Welfare Fund (provisional) has no benefit “pension” on 2 Mar 2563 BE."
    ]


def test_a_benefit_is_described_in_plain_sentences(bansong):
    benefit = bansong.benefit("hospital-night")
    assert describe(benefit, bansong.membership, "en") == [
        "Pays 100 baht for each night.",
        "At most 20 nights in a year of the fund per member.",
        "At most 2,000 baht in a year of the fund per member.",
        "After 180 days of membership.",
        "Papers are due within 60 days of the end of the event.",
        "Papers: hospital certificate, discharge summary or hospital receipt.",
    ]
    assert describe(benefit, bansong.membership, "th") == [
        "จ่าย 100 บาทต่อคืน",
        "ไม่เกิน 20 คืน ต่อปีบัญชีของกองทุน ต่อสมาชิก",
        "ไม่เกิน 2,000 บาท ต่อปีบัญชีของกองทุน ต่อสมาชิก",
        "เป็นสมาชิกมาแล้วอย่างน้อย 180 วัน",
        "ยื่นเอกสารภายใน 60 วันหลังเหตุสิ้นสุด",
        "เอกสาร: ใบรับรองการนอนโรงพยาบาล, ใบสรุปการจำหน่ายผู้ป่วย หรือ ใบเสร็จของโรงพยาบาล",
    ]


def test_every_benefit_can_be_described_in_both_languages(bansong, every_key):
    for regulation in (bansong, every_key):
        for benefit in regulation.benefits:
            thai = describe(benefit, regulation.membership, "th")
            english = describe(benefit, regulation.membership, "en")
            assert len(thai) == len(english) >= 2
            assert all(THAI.search(line) for line in thai)
            assert not any(THAI.search(line) for line in english)

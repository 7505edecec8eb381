"""A regulation file: the whole format can be read, and every fault is told with its place, all at once."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.welfare.rules.conftest import BANSONG, EVERY_KEY
from welfare.rules.document import CATEGORIES, RegulationDocument, known_keys, read_regulation
from welfare.rules.faults import WORDS, Fault, RegulationFaults

SMALL = """\
name: {th: ระเบียบ, en: Rules}
reference: มติที่ 1
effective_from: 2019-01-01
membership:
  dues: {baht: 365, every: year}
  waiting_days: 180
  suspend_after_days: 90
  lapse_after_days: 365
benefits:
  - code: gift
    category: birth
    name: {th: ของขวัญ, en: Gift}
    pays: {flat: 500}
"""


def faults_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(RegulationFaults) as caught:
        read_regulation(text)
    return [(fault.place, fault.code) for fault in caught.value.faults]


def changed(old: str, new: str, text: str = SMALL) -> str:
    assert old in text
    return text.replace(old, new)


def test_the_funds_own_regulation_has_the_nine_kinds(bansong):
    assert tuple(dict.fromkeys(benefit.category for benefit in bansong.benefits)) == CATEGORIES
    assert bansong.effective_from == date(2010, 5, 1)


def test_the_file_with_every_key_has_every_key():
    text = EVERY_KEY.read_text(encoding="utf-8")
    assert [key for key in sorted(known_keys()) if f"{key}:" not in text] == []


def test_what_is_left_out_has_its_default():
    document = read_regulation(SMALL)
    membership, gift = document.membership, document.benefit("gift")
    assert (membership.entry_fee, membership.dues.period) == (Decimal("0.00"), "calendar")
    assert (membership.lapse, membership.arrears_by_committee) == ("by-resolution", False)
    assert (gift.recipient, gift.subject, gift.once_per, gift.by_list) == ("member", "member", None, False)
    assert (gift.requires.paid_up, gift.limits.year, gift.limits.counted_per) == (True, "fund", "member")
    assert (gift.claim_within_days, gift.excludes, gift.evidence) == (None, (), ())


@pytest.mark.parametrize("path", [BANSONG, EVERY_KEY])
def test_a_document_goes_to_json_and_back(path):
    document = read_regulation(path.read_text(encoding="utf-8"))
    stored = json.loads(json.dumps(document.to_json()))
    assert RegulationDocument.from_json(stored) == document
    assert RegulationDocument.from_json(stored).to_json() == stored


@pytest.mark.parametrize(
    ("written", "read"),
    [("500", "500.00"), ("100.5", "100.50"), ("100.10", "100.10"), ("0.07", "0.07"), ('"500.25"', "500.25")],
)
def test_baht_are_read_exactly_as_they_are_written(written, read):
    document = read_regulation(changed("flat: 500", f"flat: {written}"))
    assert str(document.benefit("gift").pays.flat) == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("100.505", "three_decimals"),
        ("1.500", "three_decimals"),
        ("-5", "negative"),
        ("0", "not_positive"),
        ("1,000", "not_a_number"),
        ("1e3", "not_a_number"),
        ("0500", "not_a_number"),
        (".inf", "not_a_number"),
        ("five", "not_a_number"),
        ("true", "not_a_number"),
        ("[500]", "not_a_number"),
        ("99999999999", "too_large"),
        ("", "blank"),
    ],
)
def test_what_is_not_an_amount_is_a_fault(written, code):
    assert faults_of(changed("{flat: 500}", f"\n      flat: {written}")) == [("benefits[0].pays.flat", code)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2019-02-29", "not_a_date"),
        ("01/01/2019", "not_a_date"),
        ("2562-01-01", "buddhist_year"),
        ("2019", "not_a_date"),
        ("2019-01-01 10:00:00", "not_a_date"),
        ("soon", "not_a_date"),
    ],
)
def test_what_is_not_a_date_is_a_fault(written, code):
    assert faults_of(changed("2019-01-01", written)) == [("effective_from", code)]


def test_a_buddhist_year_is_told_which_year_is_meant():
    with pytest.raises(RegulationFaults) as caught:
        read_regulation(changed("2019-01-01", "2562-01-01"))
    assert caught.value.sentences("en") == [
        "effective_from (line 3): “2562-01-01” is a year of the Buddhist era; the file wants 2019"
    ]
    assert caught.value.sentences("th") == [
        "effective_from (บรรทัด 3): “2562-01-01” เป็นปี พ.ศ. ในไฟล์ให้เขียนปี ค.ศ. คือ 2019"
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("reference: มติที่ 1\n", "", "reference", "missing"),
        ("reference: มติที่ 1", "reference: 12", "reference", "not_text"),
        ("reference: มติที่ 1", 'reference: "  "', "reference", "blank"),
        ("reference: มติที่ 1", "referense: มติที่ 1\nreference: x", "referense", "unknown_key_near"),
        (", en: Rules", "", "name.en", "missing"),
        ("{th: ระเบียบ, en: Rules}", "Rules", "name", "not_a_group"),
        ("en: Gift", "en: yes", "benefits[0].name.en", "not_text"),
        ("category: birth", "category: births", "benefits[0].category", "not_one_of"),
        ("code: gift", "code: Gift", "benefits[0].code", "not_a_code"),
        ("code: gift", "code: ของขวัญ", "benefits[0].code", "not_a_code"),
        ("every: year", "every: week", "membership.dues.every", "not_one_of"),
        ("waiting_days: 180", "waiting_days: 180.5", "membership.waiting_days", "not_whole"),
        ("waiting_days: 180", "waiting_days: -1", "membership.waiting_days", "negative"),
        ("waiting_days: 180", "waiting_days: 99999", "membership.waiting_days", "too_large"),
        ("lapse_after_days: 365", "lapse_after_days: 60", "membership.lapse_after_days", "lapse_before_suspension"),
        ("pays: {flat: 500}", "by_list: maybe", "benefits[0].pays", "missing"),
        ("pays: {flat: 500}", "pays: {}", "benefits[0].pays", "no_way_of_paying"),
        ("pays: {flat: 500}", "pays: {flat: 500, up_to: 900}", "benefits[0].pays", "several_ways_of_paying"),
        ("{flat: 500}", "{per: {unit: week, baht: 5}}", "benefits[0].pays.per.unit", "not_one_of"),
        ("{flat: 500}", "{by_grade: {}}", "benefits[0].pays.by_grade", "no_entries"),
        ("{flat: 500}", "{by_grade: {minor: -1}}", "benefits[0].pays.by_grade.minor", "negative"),
        ("{flat: 500}", "{by_age: []}", "benefits[0].pays.by_age", "no_entries"),
        ("{flat: 500}", "{percent_of_loss: {percent: 101}}", "benefits[0].pays.percent_of_loss.percent", "too_large"),
        ("{flat: 500}", "{flat: 500}\n    limits: {year: lunar}", "benefits[0].limits.year", "not_one_of"),
        (
            "{flat: 500}",
            "{flat: 500}\n    limits: {claims_per_year: 0}",
            "benefits[0].limits.claims_per_year",
            "too_small",
        ),
        (
            "{flat: 500}",
            "{flat: 500}\n    limits: {shared_with: [none]}",
            "benefits[0].limits.shared_with[0]",
            "unknown_benefit",
        ),
        (
            "{flat: 500}",
            "{flat: 500}\n    limits: {shared_with: [gift]}",
            "benefits[0].limits.shared_with[0]",
            "shares_with_itself",
        ),
        ("{flat: 500}", "{flat: 500}\n    limits: {shared_with: gift}", "benefits[0].limits.shared_with", "not_a_list"),
        ("{flat: 500}", "{flat: 500}\n    requires: {group: [tall]}", "benefits[0].requires.group[0]", "not_one_of"),
        (
            "{flat: 500}",
            "{flat: 500}\n    requires: {min_age: 60, max_age: 25}",
            "benefits[0].requires.max_age",
            "ages_crossed",
        ),
        ("{flat: 500}", "{flat: 500}\n    evidence: [Photo]", "benefits[0].evidence[0]", "not_a_code"),
        ("{flat: 500}", "{flat: 500}\n    evidence: [[a, B]]", "benefits[0].evidence[0][1]", "not_a_code"),
        ("{flat: 500}", "{flat: 500}\n    evidence: [[]]", "benefits[0].evidence[0]", "no_entries"),
        ("{flat: 500}", "{flat: 500}\n    excludes: [a, a]", "benefits[0].excludes[1]", "listed_twice"),
        ("{flat: 500}", "{flat: 500}\n    quota: 7", "benefits[0].quota", "unknown_key"),
        ("{flat: 500}", "{flat: 500}\n    code: again", "benefits[0].code", "twice"),
        ("code: gift", "code: &a gift\n    once_per: *a", "benefits[0].once_per", "alias"),
        ("reference: มติที่ 1", "reference: !!python/object:os.system x", "reference", "not_plain"),
    ],
)
def test_every_fault_has_its_place(old, new, place, code):
    assert (place, code) in faults_of(changed(old, new))


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("{years: 2}", "{years: 2}", "repeated_step"),
        ("{years: 2}", "{years: 1}", "falling_step"),
        ("{days: 180}", "{days: 180}", "repeated_step"),
        ("{years: 1}", "{days: 365}", "repeated_step"),
        ("{days: 731}", "{years: 2}", "repeated_step"),
        ("{years: 2}", "{days: 180}", "falling_step"),
        ("{years: 1}", "{years: 2, days: 1}", "span_needs_one"),
        ("{years: 1}", "{}", "span_needs_one"),
    ],
)
@pytest.mark.parametrize("scale", ["by_tenure", "by_age"])
def test_steps_that_repeat_or_fall_are_faults(scale, first, second, code):
    steps = f"{{{scale}: [{{from: {first}, baht: 1}}, {{from: {second}, baht: 2}}]}}"
    assert faults_of(changed("{flat: 500}", steps)) == [(f"benefits[0].pays.{scale}[1].from", code)]


def test_days_below_years_rise_for_every_member():
    steps = "{by_tenure: [{from: {days: 729}, baht: 1}, {from: {years: 2}, baht: 2}, {from: {days: 732}, baht: 3}]}"
    assert len(read_regulation(changed("{flat: 500}", steps)).benefit("gift").pays.by_tenure) == 3


def test_two_benefits_of_one_code_are_a_fault_that_names_the_first():
    benefit = SMALL[SMALL.index("  - code") :]
    with pytest.raises(RegulationFaults) as caught:
        read_regulation(SMALL + benefit)
    (fault,) = caught.value.faults
    assert fault == Fault("benefits[1].code", "code_taken", {"code": "gift", "first": "benefits[0]"}, 14)
    assert fault.message == "the code “gift” is taken already by benefits[0]"


def test_all_faults_come_at_once_in_the_order_of_the_file():
    text = changed("en: Rules", "en: ''")
    text = changed("2019-01-01", "2019-13-01", text)
    text = changed("waiting_days: 180", "waiting_days: many", text)
    text = changed("category: birth", "category: burth", text)
    text = changed("{flat: 500}", "{flat: 500.005, up_to: 3}", text)
    assert faults_of(text + "colour: red\n") == [
        ("name.en", "blank"),
        ("effective_from", "not_a_date"),
        ("membership.waiting_days", "not_whole"),
        ("benefits[0].category", "not_one_of"),
        ("benefits[0].pays", "several_ways_of_paying"),
        ("benefits[0].pays.flat", "three_decimals"),
        ("colour", "unknown_key"),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("", "empty")]),
        ("# nothing\n", [("", "empty")]),
        ("just words", [("", "not_a_group")]),
        ("- a list", [("", "not_a_group")]),
        ("a: [1, 2", [("", "not_yaml")]),
        ("a: 1\n---\nb: 2\n", [("", "not_yaml")]),
        ("a: \x00", [("", "not_yaml")]),
        ('a: "\\U00110000"', [("", "not_yaml")]),
        ("a: 1\n" * 30_000, [("", "too_long")]),
        ("[" * 5000, [("", "not_yaml")]),
    ],
)
def test_what_is_no_regulation_at_all_is_one_fault(text, faults):
    assert faults_of(text) == faults


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"\\ud800"', "no_letters"),
        ('"\\ue000"', "no_letters"),
        ('"\\u200b\\0"', "blank"),
        ("!!binary aGVsbG8=", "not_plain"),
    ],
)
def test_what_cannot_be_stored_or_seen_is_one_fault_at_its_place(written, code):
    assert faults_of(changed("en: Rules", f"en: {written}")) == [("name.en", code)]


def test_what_is_invisible_in_a_name_is_left_out():
    assert read_regulation(changed("en: Rules", 'en: " Ru\\u200bles\\n\\0of the fund"')).name.en == "Rules of the fund"


def test_a_yes_that_is_none_is_a_fault():
    text = changed("category: birth", "category: birth\n    by_list: !!bool perhaps")
    assert faults_of(text) == [("benefits[0].by_list", "not_yes_or_no")]


def test_signs_that_cannot_be_are_named_by_their_line():
    with pytest.raises(RegulationFaults) as refusal:
        read_regulation("a: 1\nb: \x00")
    assert refusal.value.faults[0].line == 2


def test_a_file_that_grows_by_references_is_refused():
    text = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert "alias" in {code for _, code in faults_of(text)}


def test_every_fault_speaks_both_languages_with_the_same_figures():
    for code, (thai, english) in WORDS.items():
        assert thai.count("{") == english.count("{"), code
        assert thai != english


def test_waiting_by_age_takes_the_highest_age_reached(every_key):
    membership = every_key.membership
    assert [membership.waiting_days_at_age(age) for age in (None, 59, 60, 63, 64, 90)] == [180, 180, 365, 365, 730, 730]


def test_a_benefit_that_is_not_offered_is_a_key_error(bansong):
    assert bansong.offers("hospital-night") is True
    assert bansong.offers("pension") is False
    with pytest.raises(KeyError):
        bansong.benefit("pension")


def test_a_file_that_is_no_yaml_is_named_by_its_line_once() -> None:
    with pytest.raises(RegulationFaults) as refusal:
        read_regulation("a: [1, 2")
    assert [sentence.partition(":")[0] for sentence in refusal.value.sentences("th")] == ["— (บรรทัด 1)"]

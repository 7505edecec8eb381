"""Amounts: what is taken, what is refused, and how they are shown and spelled."""

import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from bansong_fund.lib import money
from bansong_fund.lib.form_fields import BahtFormField
from bansong_fund.lib.money import AmountError, BahtField, parse_baht

amounts = st.decimals(min_value=0, max_value="999999999999.99", places=2)
any_sign = st.decimals(min_value="-999999999999.99", max_value="999999999999.99", places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,250.50", "1250.50"),
        ("1250.5", "1250.50"),
        ("๑,๒๕๐.๕๐", "1250.50"),
        ("  365 ", "365.00"),
        ("฿365", "365.00"),
        ("฿ 1,000", "1000.00"),
        ("365 บาท", "365.00"),
        ("๓๖๕บาท", "365.00"),
        ("1 250.50", "1250.50"),
        ("12\u00a0345", "12345.00"),
        ("0", "0.00"),
        (".25", "0.25"),
        ("00365", "365.00"),
        ("999,999,999,999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, amount):
    assert str(parse_baht(typed)) == amount


COMMAS = "The commas and the point in “%s” do not stand where an amount has them. Write 1,250.50 or 1250.50."
NO_AMOUNT = "“%s” is not an amount in baht. Write digits only, for example 1,250.50."
DECIMALS = "“%s” has more than two decimal places. Write baht and satang, for example 1,250.50."
TOO_LARGE = "“%s” is too large: the largest amount is 999,999,999,999.99 baht."
BELOW_ZERO = "%s baht is below zero. Write an amount without a minus sign."


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "Write an amount in baht, for example 1,250.50."),
        (" \u200b", "Write an amount in baht, for example 1,250.50."),
        ("1.250,50", COMMAS % "1.250,50"),
        ("1,25", COMMAS % "1,25"),
        ("12,345,67", COMMAS % "12,345,67"),
        ("1 2", COMMAS % "1 2"),
        ("5.", COMMAS % "5."),
        ("1.2.3", COMMAS % "1.2.3"),
        ("ห้าบาท", NO_AMOUNT % "ห้าบาท"),
        ("12a", NO_AMOUNT % "12a"),
        ("1e3", NO_AMOUNT % "1e3"),
        ("-", NO_AMOUNT % "-"),
        ("฿", NO_AMOUNT % "฿"),
        ("NaN", NO_AMOUNT % "NaN"),
        ("1.005", DECIMALS % "1.005"),
        ("๑.๐๐๕", DECIMALS % "๑.๐๐๕"),
        ("1,000,000,000,000", TOO_LARGE % "1,000,000,000,000"),
        ("12345678901234.00", TOO_LARGE % "12345678901234.00"),
        ("-5", BELOW_ZERO % "-5.00"),
        ("−1,250", BELOW_ZERO % "-1,250.00"),
        ("฿ -5", BELOW_ZERO % "-5.00"),
        ("(5.25)", BELOW_ZERO % "-5.25"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_way_to_write_it(english, typed, refusal):
    with pytest.raises(AmountError) as raised:
        parse_baht(typed)
    assert str(raised.value) == refusal


def test_a_minus_and_zero_are_taken_or_refused_as_asked(english):
    assert parse_baht("-5", allow_negative=True) == Decimal("-5.00")
    assert parse_baht("(1,250.50)", allow_negative=True) == Decimal("-1250.50")
    with pytest.raises(AmountError, match=r"^The amount is 0\.00 baht\. Write an amount above zero\.$"):
        parse_baht("0.00", allow_zero=False)
    assert str(parse_baht("-0", allow_negative=True)) == "0.00"


@given(any_sign)
def test_an_amount_shown_is_read_back_the_same(amount):
    assert parse_baht(money.format_baht(amount), allow_negative=True) == amount
    assert parse_baht(money.format_baht(amount, brackets=True), allow_negative=True) == amount


@given(st.text(max_size=20))
def test_any_text_is_an_exact_amount_or_a_refusal(text):
    try:
        amount = parse_baht(text)
    except AmountError:
        return
    assert amount.as_tuple().exponent == -2
    assert 0 <= amount < 10**12


def test_amounts_are_shown_with_two_decimals_and_commas():
    assert money.baht(Decimal("14328280.76")) == "14,328,280.76"
    assert money.baht(365) == "365.00"
    assert money.baht("-1250.5") == "-1,250.50"
    assert money.format_baht("-1250.5", brackets=True) == "(1,250.50)"
    assert money.format_baht("0", brackets=True) == "0.00"
    assert money.baht(Decimal("-0.00")) == "0.00"


def test_a_statement_has_baht_and_satang_in_two_columns():
    assert money.baht_and_satang("14328280.76") == ("14,328,280", "76")
    assert money.baht_and_satang(0) == ("0", "00")
    assert money.baht_and_satang("-1250.50") == ("(1,250", "50)")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1", "หนึ่งบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("365", "สามร้อยหกสิบห้าบาทถ้วน"),
        ("0.25", "ยี่สิบห้าสตางค์"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("1008384", "หนึ่งล้านแปดพันสามร้อยแปดสิบสี่บาทถ้วน"),
        ("14328280.76", "สิบสี่ล้านสามแสนสองหมื่นแปดพันสองร้อยแปดสิบบาทเจ็ดสิบหกสตางค์"),
        ("0", "ศูนย์บาทถ้วน"),
        ("0.01", "หนึ่งสตางค์"),
        ("1.11", "หนึ่งบาทสิบเอ็ดสตางค์"),
        ("100001000000", "หนึ่งแสนเอ็ดล้านบาทถ้วน"),
        ("21000021.21", "ยี่สิบเอ็ดล้านยี่สิบเอ็ดบาทยี่สิบเอ็ดสตางค์"),
    ],
)
def test_an_amount_is_spelled_in_thai_as_on_a_receipt(amount, words):
    assert money.amount_in_words(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("365", "three hundred and sixty-five baht only"),
        ("0.25", "twenty-five satang"),
        ("1250.50", "one thousand, two hundred and fifty baht and fifty satang"),
        ("0", "zero baht only"),
    ],
)
def test_an_amount_is_spelled_in_english(amount, words):
    assert money.amount_in_words(Decimal(amount), "en") == words


def test_an_amount_below_zero_has_no_words():
    with pytest.raises(ValueError, match="not below zero"):
        money.amount_in_words("-1")


DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")


def spelled(number: int) -> str:
    """The rule of the language, written a second time: groups of six digits, เอ็ด after any other digit, ยี่สิบ."""
    if number >= 1_000_000:
        rest = number % 1_000_000
        return spelled(number // 1_000_000) + "ล้าน" + ("เอ็ด" if rest == 1 else spelled(rest))
    words = "".join(
        DIGITS[int(digit)] + PLACES[place]
        for place, digit in zip(range(5, -1, -1), f"{number:06}", strict=True)
        if digit != "0"
    )
    words = words.replace("หนึ่งสิบ", "สิบ").replace("สองสิบ", "ยี่สิบ")
    return words.removesuffix("หนึ่ง") + "เอ็ด" if number > 1 and number % 10 == 1 else words


@given(st.integers(1, 999_999_999_999))
def test_every_amount_is_spelled_by_the_rule_of_the_language(whole):
    assert money.amount_in_words(whole) == spelled(whole) + "บาทถ้วน"


@given(st.integers(0, 999_999), st.integers(1, 99))
def test_satang_are_spelled_after_the_baht(whole, satang):
    expected = (spelled(whole) + "บาท" if whole else "") + spelled(satang) + "สตางค์"
    assert money.amount_in_words(Decimal(whole * 100 + satang) / 100) == expected


def test_shares_of_the_four_legs_make_a_hundred():
    legs = [Decimal(1312175), Decimal(500000), Decimal(1008384), Decimal(348200)]
    assert [str(share) for share in money.shares(legs)] == ["41.4", "15.8", "31.8", "11.0"]


def test_shares_are_cut_to_the_places_asked_and_the_earlier_wins_a_tie():
    assert [str(share) for share in money.shares([1, 1, 1])] == ["33.4", "33.3", "33.3"]
    assert [str(share) for share in money.shares([1, 1, 1], places=0)] == ["34", "33", "33"]
    assert [str(share) for share in money.shares([0, 0])] == ["0.0", "0.0"]
    assert money.shares([]) == []


def test_shares_of_a_negative_amount_are_refused():
    with pytest.raises(ValueError, match="zero or more"):
        money.shares([Decimal(5), Decimal(-1)])


@given(st.lists(amounts, min_size=1, max_size=12), st.integers(0, 3))
def test_shares_sum_to_a_hundred_and_stay_within_one_step_of_the_truth(parts, places):
    total = sum(parts)
    found = money.shares(parts, places)
    assert sum(found) == (100 if total else 0)
    for part, share in zip(parts, found, strict=True):
        assert not total or abs(share * total - part * 100) < total * Decimal(1).scaleb(-places)


def test_the_field_is_numeric_14_2_and_keeps_migrations_short():
    field = BahtField(null=True)
    assert field.deconstruct() == (None, "bansong_fund.lib.money.BahtField", [], {"null": True})
    assert (field.max_digits, field.decimal_places, field.get_internal_type()) == (14, 2, "DecimalField")
    assert field.db_type(connection) == "numeric(14, 2)"


@pytest.mark.parametrize(("value", "kept"), [(365, "365.00"), ("1250.5", "1250.50"), (Decimal("1.500"), "1.50")])
def test_the_field_keeps_exact_amounts(value, kept):
    assert str(BahtField().to_python(value)) == kept
    assert str(BahtField().get_db_prep_value(value, connection)) == kept


@pytest.mark.parametrize("value", ["1.005", Decimal("0.001"), "abc", Decimal("NaN"), Decimal("Infinity"), 10**12])
def test_the_field_refuses_what_the_database_would_round_or_lose(value):
    with pytest.raises(ValidationError):
        BahtField().to_python(value)
    with pytest.raises(ValidationError):
        BahtField().get_db_prep_value(value, connection)
    with pytest.raises(ValidationError):
        BahtField().clean(value, None)


@pytest.mark.parametrize("value", [1.5, 365.0, True])
def test_the_field_crashes_on_a_float(value):
    with pytest.raises(TypeError):
        BahtField().to_python(value)
    with pytest.raises(TypeError):
        BahtField().get_db_prep_value(value, connection)


def test_expressions_pass_through_the_field():
    expression = models.F("amount") + 1
    assert BahtField().to_python(expression) is expression
    assert BahtField().to_python(None) is None


def test_the_field_is_asked_for_by_the_baht_form_field():
    assert type(BahtField().formfield()) is BahtFormField
    assert BahtField(blank=True, null=True).formfield().required is False


def test_random_sums_of_satang_stay_exact():
    chance = random.Random(2563)
    satang = [chance.randrange(0, 10**7) for _row in range(2000)]
    total = sum((money.exact_baht(Decimal(each) / 100) for each in satang), money.ZERO)
    assert int(total * 100) == sum(satang)

"""The filters of pages and papers, used as templates use them, without loading anything."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation


@dataclass
class Named:
    name_th: str
    name_en: str = ""


def shown(expression: str, value: object, language: str = "th") -> str:
    with translation.override(language):
        return engines["django"].from_string("{{ value|" + expression + " }}").render({"value": value})


DAY = date(2020, 5, 1)
LATE_EVENING = datetime(2020, 4, 30, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("baht", Decimal("1250.5"), "1,250.50"),
        ("baht", 0, "0.00"),
        ("baht_brackets", Decimal("-1250.5"), "(1,250.50)"),
        ("baht_words", 365, "สามร้อยหกสิบห้าบาทถ้วน"),
        ('baht_words:"en"', 365, "three hundred and sixty-five baht only"),
        ("thai_date", DAY, "1 พฤษภาคม 2563"),
        ('thai_date:"short"', DAY, "1 พ.ค. 2563"),
        ('thai_date:"full"', DAY, "วันที่ 1 เดือน พฤษภาคม พ.ศ. 2563"),
        ('thai_date:"long-en"', DAY, "1 May 2563"),
        ("thai_date", LATE_EVENING, "1 พฤษภาคม 2563"),
        ("thai_month", DAY, "พฤษภาคม 2563"),
        ('thai_month:"short-en"', DAY, "May 2563"),
        ("thai_moment", LATE_EVENING, "1 พ.ค. 2563 01.00 น."),
        ("be_year", DAY, "2563"),
        ("masked_id", "1234567890121", "1-2345-XXXXX-XX-1"),
        ("phone", "0812345678", "081-234-5678"),
        ("percent", Decimal("41.41"), "41.4%"),
        ("percent", Decimal("23.45"), "23.5%"),
        ("percent:0", Decimal("86.5"), "87%"),
        ("thai_digits", "2563", "๒๕๖๓"),
        ("local_name", Named("ชุมชนวัด", "Temple community"), "ชุมชนวัด"),
        ('local_name:"en"', Named("ชุมชนวัด", "Temple community"), "Temple community"),
    ],
)
def test_a_value_is_shown(expression, value, text):
    assert shown(expression, value) == text


def test_the_active_language_chooses():
    assert shown("baht_words", 1, "en") == "one baht only"
    assert shown("thai_date", DAY, "en") == "1 May 2563"
    assert shown("local_name", Named("ชุมชนวัด", "Temple community"), "en") == "Temple community"
    assert shown("local_name", Named("ชุมชนวัด"), "en") == "ชุมชนวัด"


@pytest.mark.parametrize(
    "name",
    [
        *("baht", "baht_brackets", "baht_words", "thai_date", "thai_month", "thai_moment"),
        *("be_year", "masked_id", "phone", "percent", "local_name"),
    ],
)
def test_a_gap_shows_nothing(name):
    assert shown(name, None) == ""
    assert shown(name, "") == ""


def test_a_float_is_never_shown_as_money():
    with pytest.raises(TypeError):
        shown("baht", 1.5)

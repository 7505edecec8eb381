"""The fund's application form on paper, filled in and blank, in Thai, English and both."""

from datetime import date
from decimal import Decimal

import pytest

from bansong_fund.lib.pdf import page_count
from members.application_paper import application_paper, blank_paper, render_application
from members.applications import certify_application
from members.models import Application, Fund
from members.verbs import NamedBeneficiary, NamedGuardian
from tests.factories import TODAY, make_user
from tests.members.test_applications import AN_ID, NOW, enter, leader  # noqa: F401 - fixtures
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401 - a fixture

HOSTILE = '<img src="file:///etc/passwd">{{ 7 }}'


def text_of(pdf: bytes) -> str:
    return " ".join(pdfium_text(pdf).split())


@pytest.fixture
def filled(enter) -> Application:  # noqa: F811
    return enter(
        first_dues_on=date(2020, 10, 21),
        first_dues_baht=Decimal("365"),
        birth_date=date(2008, 1, 1),
        birth_precision="year",
        guardian=NamedGuardian("นางแม่ ใจดี", "mother", "0812345678"),
        beneficiaries=(NamedBeneficiary("นางแม่ ใจดี", "mother", 60), NamedBeneficiary("นายพ่อ ใจดี", "father", 40)),
        marital_status="single",
        certified=True,
    )


@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_a_filled_form_says_what_was_written_and_shows_no_whole_id(filled, language) -> None:
    pdf = render_application(application_paper(filled, Fund.objects.get()), language)
    text = text_of(pdf)
    wanted = ["1/2563", "นางสมัคร ใจดี", "นางแม่ ใจดี", "นายพ่อ ใจดี", "60 %", "081-234-5678", "12/3", "365.00"]
    wanted += [f"1-0012-XXXXX-XX-{AN_ID[-1]}", filled.certifications.get().user.display_name]
    wanted += {"th": ["พ.ศ. 2551"], "en": ["2551 B.E.", "Community 1"], "both": ["พ.ศ. 2551", "Date of birth"]}[
        language
    ]
    assert [word for word in wanted if word not in text] == []
    assert (AN_ID in text, "1-0012-34567" in text) == (False, False)
    assert page_count(pdf) == 1


@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_a_blank_form_for_a_community_has_its_name_and_the_rules_in_force(fund, first, language) -> None:
    pdf = render_application(blank_paper(fund, TODAY, first), language)
    text = text_of(pdf)
    wanted = {"th": ["ชุมชนที่ 1"], "en": ["Community 1", "365 baht a year"], "both": ["ชุมชนที่ 1", "Date of birth"]}
    assert [word for word in [*wanted[language], "365"] if word not in text] == []
    assert page_count(pdf) == 1


def test_a_blank_form_has_places_for_three_certifiers_where_the_fund_is_strict(fund) -> None:
    counts = []
    for level in ("small", "strict"):
        fund.controls = level
        counts.append(text_of(render_application(blank_paper(fund, TODAY), "en")).count("Certifier"))
    assert counts == [1, 3]


def test_a_hostile_name_is_printed_as_text(enter) -> None:  # noqa: F811
    application = enter(first_name=HOSTILE, occupation=HOSTILE)
    text = text_of(render_application(application_paper(application, Fund.objects.get()), "th"))
    assert "{{ 7 }}" in text
    assert "root:" not in text


def test_a_second_certifier_is_named_beside_the_first(enter, leader) -> None:  # noqa: F811
    Fund.objects.update(controls="strict")
    application, second = enter(certified=True), make_user("committee")
    certify_application(application=application, by=second, now=NOW)
    text = text_of(render_application(application_paper(application, Fund.objects.get()), "th"))
    assert (leader.display_name in text, second.display_name in text) == (True, True)

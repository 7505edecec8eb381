"""A member's passbook page: dues by year, benefits drawn, what is left; as data and read back from paper."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from contributions.dues import record_dues
from contributions.group_dues import PaidFor, record_group_dues
from contributions.voids import void_receipt
from members.models import EndReason, Member, OpeningDrawn, OpeningFacts, Regulation
from members.verbs import end_membership
from office.models import ReadingLog
from tests.factories import HouseholdFactory, MemberFactory, make_user
from tests.members.test_papers import flat, sizes_in_mm, tags
from tests.pdf_reading import page_texts, pdfium_text, silent_weasyprint  # noqa: F401
from tests.reports.conftest import client_of
from tests.welfare.cast import stay
from welfare.passbook import passbook_of, passbook_pdf

D = Decimal


def page_of(cast, member=None):
    return passbook_of(member or cast.member, today=cast.today, fund=cast.fund)


def take_dues(cast, member, year: int, paid_on: date):
    return record_dues(
        membership=member.memberships.get(),
        covers_from=[date(year, 1, 1)],
        paid_on=paid_on,
        bank_account=None,
        request_id=uuid.uuid4(),
        **cast.by(cast.treasurer),
    )


@pytest.fixture
def payer(cast) -> Member:
    """Joined in 2561, which the old register had as paid; paid 2562 late; 2563 is missed."""
    member = MemberFactory(number=7, community=cast.home, joined_on=date(2018, 1, 1), paid_through=date(2018, 12, 31))
    take_dues(cast, member, 2019, date(2020, 3, 5))
    return member


def dues_told(page) -> list[tuple[str, Decimal | None, date | None, bool]]:
    return [(row.period.en, row.baht, row.paid_on, row.is_missed) for row in page.dues]


def left_told(page, name: str) -> tuple:
    row = next(row for row in page.left if row.benefit.en == name)
    return row.baht, row.due_from, [words.en for words in row.left]


# --- dues ---------------------------------------------------------------------------------------------------


def test_dues_stand_by_year_paid_missed_or_brought_over(cast, payer) -> None:
    page = page_of(cast, payer)
    assert dues_told(page) == [
        ("2561", None, None, False),
        ("2562", D("365.00"), date(2020, 3, 5), False),
        ("2563", D("365.00"), None, True),
    ]
    assert (page.paid_in_all, page.paid_through, page.standing.en) == (
        D("365.00"),
        date(2019, 12, 31),
        "Rights suspended",
    )


def test_a_void_receipt_leaves_the_year_missed(cast) -> None:
    member = MemberFactory(community=cast.home, joined_on=date(2020, 1, 1), paid_through=date(2019, 12, 31))
    receipt = take_dues(cast, member, 2020, date(2020, 3, 5))
    facts = {"by": cast.treasurer, "second_person": None, "today": cast.today, "now": cast.now}
    void_receipt(receipt=receipt, reason="พิมพ์ผิด", **facts)
    assert dues_told(page_of(cast, member)) == [("2563", D("365.00"), None, True)]


def test_a_part_payment_is_shown_as_a_part_and_the_year_misses_the_rest(cast) -> None:
    member = MemberFactory(community=cast.home, joined_on=date(2020, 1, 1), paid_through=date(2019, 12, 31))
    record_group_dues(
        paid_for=[PaidFor(member.memberships.get(), D("100.00"))],
        payer_name="",
        paid_on=date(2020, 3, 5),
        bank_account=None,
        by=cast.treasurer,
        today=cast.today,
        now=cast.now,
        request_id=uuid.uuid4(),
    )
    assert dues_told(page_of(cast, member)) == [
        ("part of 2563", D("100.00"), date(2020, 3, 5), False),
        ("2563", D("265.00"), None, True),
    ]


def test_a_doubles_payments_and_claims_are_the_persons(cast, payer) -> None:
    cast.pay(cast.decided(member=payer, event=stay(date(2019, 10, 5), date(2019, 10, 8)), reason="ส่งช้า"))
    OpeningDrawn.objects.create(member=payer, benefit_code="birth-gift", as_of=cast.today, life_times=1, life_baht=500)
    OpeningFacts.objects.create(member=payer, as_of=cast.today, rounds_matched=1)
    Member.objects.filter(pk=payer.pk).update(merged_into=cast.member)
    OpeningFacts.objects.create(member=cast.member, as_of=date(2018, 1, 1), rounds_matched=1)
    page = page_of(cast)
    assert ("2562", D("365.00"), date(2020, 3, 5), False) in dues_told(page)
    assert [(row.benefit.en, row.baht, row.times) for row in page.drawn] == [
        ("Newborn gift", D("500.00"), 1),
        ("Nights in hospital", D("300.00"), 0),
    ]
    assert page.rounds_before == (cast.today, 2)
    assert len(page.stays) == 2


# --- benefits -----------------------------------------------------------------------------------------------


def test_what_was_paid_is_drawn_and_the_rest_is_left(cast) -> None:
    claim = cast.decided()
    assert page_of(cast).drawn == ()
    voucher = cast.pay(claim)
    page = page_of(cast)
    assert [(row.day, row.benefit.en, row.baht, row.voucher) for row in page.drawn] == [
        (cast.today, "Nights in hospital", D("300.00"), voucher.label)
    ]
    assert left_told(page, "Nights in hospital") == (
        D("100.00"),
        None,
        [
            "20 nights a year, 17 nights left (until 31 Dec 2563)",
            "2,000.00 baht a year, 1,700.00 baht left (until 31 Dec 2563)",
        ],
    )


def test_what_was_drawn_before_this_program_is_not_left_any_more(cast) -> None:
    OpeningDrawn.objects.create(
        member=cast.member,
        benefit_code="hospital-night",
        as_of=date(2020, 6, 30),
        year_times=2,
        year_units=18,
        year_baht=1800,
        life_times=5,
        life_baht=4000,
    )
    page = page_of(cast)
    assert [words[:25] for words in left_told(page, "Nights in hospital")[2]] == [
        "20 nights a year, 2 night",
        "2,000.00 baht a year, 200",
    ]
    assert [(row.day, row.baht, row.times) for row in page.drawn] == [(date(2020, 6, 30), D("4000.00"), 5)]


def test_a_newcomer_sees_from_when_each_benefit_is_due(cast) -> None:
    member = MemberFactory(community=cast.home, joined_on=date(2020, 9, 1))
    page = page_of(cast, member)
    assert left_told(page, "Nights in hospital")[:2] == (None, date(2021, 2, 28))
    assert left_told(page, "Disaster relief")[:2] == (D("3000.00"), None)
    text = flat(pdfium_text(passbook_pdf(page, cast.fund, "en")))
    assert "Not due yet: from 28 February 2564" in text


def test_who_has_left_has_dues_and_benefits_but_nothing_left(cast) -> None:
    cast.pay(cast.decided())
    membership = cast.member.memberships.get()
    end_membership(membership=membership, on=cast.today, reason=EndReason.RESIGNED, today=cast.today)
    page = page_of(cast)
    assert (page.left, page.paid_through, page.standing.en) == ((), None, "Membership ended")
    assert (len(page.drawn), page.stays[0].reason.en) == (1, "Resigned")


def test_before_a_regulation_the_page_still_says_what_was_paid(cast, payer) -> None:
    page = passbook_of(payer, today=date(2009, 1, 1), fund=cast.fund)
    assert (page.standing.th, page.left) == ("–", ())
    assert Regulation.objects.count() == 1


# --- the paper ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ["กองทุนสวัสดิการชุมชนทดสอบ", "2562 365.00 5 มีนาคม 2563", "ปีละ 20 คืน เหลือ 20 คืน"]),
        ("en", ["Test Community Welfare Fund", "2562 365.00 5 March 2563", "2563 (365.00) Missed, not paid yet"]),
        ("both", ["5 มีนาคม 2563 5 March 2563", "ปีละ 20 คืน เหลือ 20 คืน", "20 nights a year, 20 nights left"]),
    ],
)
def test_the_page_is_read_back_in_each_language(cast, payer, language, said) -> None:
    Member.objects.filter(pk=payer.pk).update(household=HouseholdFactory(community=cast.home, house_number="12/3"))
    payer.refresh_from_db()
    pdf = passbook_pdf(page_of(cast, payer), cast.fund, language)
    text = flat(pdfium_text(pdf))
    assert [words for words in ["นางทดสอบ", "12/3", *said] if words not in text] == []
    assert sizes_in_mm(pdf) == {(210.0, 297.0)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} - tags(pdf) == set()
    assert f"1/{len(page_texts(pdf))}" in text


@pytest.mark.parametrize("name", ["<b>&amp;</b>", "=1+1", "ก" * 100])
def test_a_hostile_name_is_printed_as_it_stands(cast, name) -> None:
    Member.objects.filter(pk=cast.member.pk).update(first_name=name)
    cast.member.refresh_from_db()
    assert name[:12] in pdfium_text(passbook_pdf(page_of(cast), cast.fund, "both")).replace("\n", "")


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_takes_as_many_queries_for_one_payment_as_for_three(cast, more, django_assert_num_queries) -> None:
    member = MemberFactory(community=cast.home, joined_on=date(2018, 1, 1), paid_through=date(2017, 12, 31))
    for year in range(2018, 2019 + more):
        take_dues(cast, member, year, date(2020, 3, 5))
    for day in range(1, 2 + more):
        cast.pay(cast.decided(member=member, event=stay(date(2020, 9, day), date(2020, 9, day + 1)), reason="ผ่อนผัน"))
    page_of(cast, member)
    with django_assert_num_queries(16):
        passbook_of(member, today=cast.today, fund=cast.fund)


def test_each_reading_is_logged_and_a_leader_sees_her_own_members(cast) -> None:
    other = MemberFactory(community=cast.away)
    leader = client_of(cast.leader)
    answer = leader.get(reverse("welfare:passbook", args=[cast.member.number, "both"]))
    assert answer["Content-Disposition"] == 'attachment; filename="passbook-101-both.pdf"'
    assert leader.get(reverse("welfare:passbook", args=[other.number, "th"])).status_code == 404
    assert leader.get(reverse("welfare:passbook", args=[cast.member.number, "fr"])).status_code == 404
    assert list(ReadingLog.objects.values_list("user", "subject_kind", "subject_id", "what")) == [
        (cast.leader.pk, "member", cast.member.pk, "passbook")
    ]
    administrator = client_of(make_user("administrator"))
    assert administrator.get(reverse("welfare:passbook", args=[cast.member.number, "th"])).status_code == 403


def test_the_members_page_leads_to_her_papers(cast) -> None:
    page = client_of(cast.leader).get(reverse("welfare:member", args=[cast.member.number])).content.decode()
    for name in ("welfare:passbook", "members:card"):
        assert all(reverse(name, args=[101, language]) in page for language in ("th", "en", "both"))

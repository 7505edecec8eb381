"""The member's page as a whole: what it asks the database, and what it shows of births and beneficiaries."""

from datetime import date

import pytest
from django.test import Client

from members.models import Beneficiary, Member, Membership
from office.models import User
from tests.factories import BeneficiaryFactory, MemberFactory
from tests.welfare.cast import Cast

PAGE = "/members/101/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_asks_as_often_for_one_row_as_for_three(cast: Cast, times, django_assert_num_queries) -> None:
    for each in range(times):
        BeneficiaryFactory(member=cast.member)
        MemberFactory(community=cast.home, household=cast.member.household)
        day = date(2014, 1, 1 + each)
        Membership.objects.create(member=cast.member, joined_on=day, paid_through=day, ended_on=day, end_reason="moved")
    client = client_of(cast.registrar)
    client.get(PAGE)
    with django_assert_num_queries(21):
        assert client.get(PAGE).status_code == 200


def test_a_birth_known_to_the_year_is_shown_so(cast: Cast) -> None:
    Member.objects.filter(pk=cast.member.pk).update(birth_date=date(1947, 7, 1), birth_precision="year")
    page = text_of(client_of(cast.leader).get(PAGE))
    assert "2490 B.E." in page
    assert "1 July 2490" not in page


def test_several_beneficiaries_stand_with_their_shares_and_the_dead_do_not(cast: Cast) -> None:
    Beneficiary.objects.update(share_percent=60)
    BeneficiaryFactory(member=cast.member, name="นางอีกคน สมมติ", relation="spouse", share_percent=40)
    BeneficiaryFactory(member=cast.member, name="นายล่วงลับ สมมติ", died_on=date(2020, 1, 1))
    page = text_of(client_of(cast.leader).get(PAGE))
    assert "(Child, 60%), นางอีกคน สมมติ (Spouse, 40%)" in page
    assert "นายล่วงลับ" not in page


def test_arrears_stand_in_words_with_what_follows_and_when(cast: Cast) -> None:
    Membership.objects.filter(member=cast.member).update(paid_through=date(2018, 12, 31))
    page = text_of(client_of(cast.leader).get(PAGE))
    said = [
        "<strong>730.00 baht</strong> are to be paid. Unpaid since 1 January 2562:",
        "<li>2562: 365.00 baht</li>",
        "Rights are suspended since 1 April 2562.",
        "/money-in/requests/member/101/",
    ]
    assert [words for words in said if words not in page] == []
    assert "/money-in/dues/101/" not in page
    assert "/money-in/dues/101/" in text_of(client_of(cast.treasurer).get(PAGE))

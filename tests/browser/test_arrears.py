"""Arrears and a death on a phone: told in one touch, the meeting's list, and the guided event."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import expect

from bansong_fund.lib.national_id import with_check_digit
from members.models import ArrearsNotice, Fund, Household, Membership
from tests.browser.conftest import axe_faults, use_english
from tests.browser.walk import MAIN_BUTTON, address_with, assert_usable, fill_day
from tests.factories import TODAY, BeneficiaryFactory, MemberFactory
from tests.welfare.cast import assemble, fill_box

pytestmark = pytest.mark.browser


def people_behind(cast) -> list[Membership]:
    """Three members due to lapse; the last of them was told thirty days ago."""
    memberships = [
        MemberFactory(
            community=cast.home,
            number=200 + place,
            first_name=f"ค้าง{place}",
            phone="0812345678",
            household=cast.member.household,
            paid_through=date(2018, 12, 31),
        ).memberships.get()
        for place in (1, 2, 3)
    ]
    ArrearsNotice.objects.create(
        membership=memberships[-1], given_on=TODAY - timedelta(days=30), how="line", paid_through=date(2018, 12, 31)
    )
    return memberships


def test_members_are_told_by_touch_and_lapse_by_a_meeting(phone, open_page, sign_in, fund_server) -> None:
    with transaction.atomic():
        cast = assemble()
        fill_box()
        people_behind(cast)
    use_english(phone, fund_server)
    sign_in(phone, cast.leader)
    phone.goto("/arrears/")
    assert_usable(phone)
    phone.click("#m201 button[value=phone]")
    expect(phone.locator("main")).to_contain_text("was told (By phone)")
    expect(phone.locator("#m201")).to_have_count(0)
    phone.click("#m202 a.btn-outline-secondary")
    assert_usable(phone)
    phone.check("input[name=how][value=letter]")
    fill_day(phone, "given_on", date(2020, 10, 20))
    phone.click(MAIN_BUTTON)
    expect(phone.locator("main")).to_contain_text("Everyone who is due to lapse has been told.")
    assert sorted(ArrearsNotice.objects.values_list("how", "given_on")) == [
        ("letter", date(2020, 10, 20)),
        ("line", date(2020, 10, 2)),
        ("phone", TODAY),
    ]
    phone.click("main nav >> text=Told")
    assert_usable(phone)
    _show_the_code(phone)

    page = open_page()
    sign_in(page, cast.committee)
    page.goto("/arrears/due/")
    assert axe_faults(page) == []
    page.check("input[name=chosen]")
    page.click(MAIN_BUTTON)
    expect(page).to_have_url(address_with("/meetings/committee/2563/"))
    expect(page.locator("main")).to_contain_text("ค้าง3")
    assert list(Membership.objects.filter(end_reason="lapsed").values_list("member__number", flat=True)) == [203]


def _show_the_code(phone) -> None:
    """At the door the leader shows what is owed and the code, and the member pays with her own phone."""
    Fund.objects.update(promptpay_id=with_check_digit("099400000000"))
    phone.goto("/money-in/requests/")
    assert_usable(phone)
    phone.click("a.person >> nth=0")
    expect(phone.locator(".qr svg")).to_be_visible()
    assert_usable(phone)


def test_a_death_is_one_guided_event(phone, sign_in, fund_server) -> None:
    with transaction.atomic():
        cast = assemble()
        son = MemberFactory(community=cast.home, household=cast.member.household, first_name="สมชาย")
        Household.objects.update(head=cast.member)
        named = BeneficiaryFactory(member=son, name=cast.member.full_name, relation="mother")
    use_english(phone, fund_server)
    sign_in(phone, cast.leader)
    phone.goto(f"/members/{cast.member.number}/death/")
    assert_usable(phone)
    fill_day(phone, "on", date(2020, 10, 20))
    phone.check(f"input[name=named_in][value='{named.pk}']")
    phone.click(MAIN_BUTTON)
    expect(phone.locator(".invalid-feedback")).to_contain_text("Choose a head of the household")
    phone.select_option("#id_head", str(son.pk))
    phone.click(MAIN_BUTTON)
    expect(phone.locator("main")).to_contain_text(f"{son.full_name} is the head of house")
    assert_usable(phone)
    named.refresh_from_db()
    assert named.died_on == date(2020, 10, 20)
    phone.goto(f"/members/houses/{cast.member.household_id}/")
    assert_usable(phone)
    phone.goto("/members/houses/")
    assert_usable(phone)

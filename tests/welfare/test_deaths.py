"""The guided report of a death: all that hangs on a person ends at once, and nothing is lost."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from contributions.dues import dues_owed
from contributions.models import CollectionLine, CollectionSheet
from contributions.queries import sheet_rows
from members.households import HeadOrReason
from members.models import (
    Beneficiary,
    EndReason,
    GroupFlag,
    Guardian,
    Household,
    Leadership,
    Member,
    MemberCount,
    Membership,
)
from members.verbs import WrongDates, end_membership
from office.models import ActionLog
from tests.factories import BeneficiaryFactory, HouseholdFactory, MemberFactory, make_user
from tests.welfare.cast import stay
from welfare.claims import RecipientNeeded
from welfare.deaths import Death, DiedAlready, DiedOnAnotherDay, report_death
from welfare.models import Claim
from welfare.transitions import NotYours

DIED = date(2020, 10, 20)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def reported(cast, *, member=None, by=None, request_id=None, **told) -> Claim | None:
    death = Death(**({"died_on": DIED, "received_on": date(2020, 10, 25)} | told))
    return report_death(
        member=member or cast.member, death=death, request_id=request_id or uuid.uuid4(), **cast.by(by or cast.leader)
    )


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def death_form(**changes: str) -> dict[str, str]:
    return {
        "request_id": str(uuid.uuid4()),
        "on_day": "20",
        "on_month": "10",
        "on_year": "2563",
        "received_on_day": "25",
        "received_on_month": "10",
        "received_on_year": "2563",
        "recipient_name": "นายผู้รับ สมมติสกุล",
        "recipient_relation": "child",
        **changes,
    }


# --- the membership and the claim ---------------------------------------------------------------------------


def test_the_membership_ends_and_the_beneficiary_is_filled_in(cast) -> None:
    before = MemberCount.objects.get(community=cast.home).current
    claim = reported(cast)
    membership = cast.member.memberships.get()
    cast.member.refresh_from_db()
    assert (membership.ended_on, membership.end_reason, cast.member.died_on) == (DIED, EndReason.DIED, DIED)
    assert (claim.benefit_code, claim.recipient_name, claim.state) == ("death-grant", "นายผู้รับ สมมติสกุล", "draft")
    assert MemberCount.objects.get(community=cast.home).current == before - 1
    assert ActionLog.objects.get(action="death-reported").details == {"number": 101, "died_on": "2020-10-20"}


def test_dues_stop_with_the_day(cast) -> None:
    behind = MemberFactory(community=cast.home, paid_through=date(2018, 12, 31))
    BeneficiaryFactory(member=behind)
    reported(cast, member=behind, died_on=date(2019, 3, 1), received_on=date(2020, 10, 25))
    owed = dues_owed(behind.memberships.get(), cast.today)
    assert [period.covers_from for period in owed] == [date(2019, 1, 1)]


def test_the_first_of_several_beneficiaries_receives_and_the_claim_names_all(cast) -> None:
    Beneficiary.objects.all().delete()
    for name, share, more in (("นางหนึ่ง", 30, {}), ("นายสอง", 70, {}), ("นายตาย", 100, {"died_on": date(2019, 1, 1)})):
        Beneficiary.objects.create(member=cast.member, name=name, relation="child", share_percent=share, **more)
    claim = reported(cast)
    assert (claim.recipient_name, claim.note) == (
        "นายสอง",
        "Several beneficiaries are named: นายสอง (Child) 70 %, นางหนึ่ง (Child) 30 %",
    )


def test_whom_only_her_double_named_receives_the_grant(cast) -> None:
    Beneficiary.objects.all().delete()
    double = MemberFactory(community=cast.home, merged_into=cast.member)
    BeneficiaryFactory(member=double, name="นางทายาท สมมติสกุล")
    assert reported(cast).recipient_name == "นางทายาท สมมติสกุล"


def test_the_same_request_reports_once(cast) -> None:
    request_id = uuid.uuid4()
    assert reported(cast, request_id=request_id).pk == reported(cast, request_id=request_id).pk


def test_without_a_recipient_nothing_ends(cast) -> None:
    alone = MemberFactory(community=cast.home)
    with pytest.raises(RecipientNeeded):
        reported(cast, member=alone)
    alone.refresh_from_db()
    assert (alone.memberships.get().ended_on, alone.died_on) == (None, None)


def test_nobody_dies_twice(cast) -> None:
    reported(cast)
    with pytest.raises(DiedAlready, match=r"on 20 October 2563 was reported already: the claim is no. 2563/000001"):
        reported(cast)
    with pytest.raises(DiedOnAnotherDay, match="died on 20 October 2563"):
        reported(cast, died_on=date(2020, 10, 21))
    assert Claim.objects.count() == 1


def test_a_death_that_the_register_knows_opens_the_claim_of_that_day(cast) -> None:
    membership = cast.member.memberships.get()
    end_membership(membership=membership, on=DIED, reason=EndReason.DIED, today=cast.today)
    with pytest.raises(DiedOnAnotherDay):
        reported(cast, died_on=date(2020, 10, 21))
    assert reported(cast).event_from == DIED


def test_one_who_was_no_member_any_more_is_marked_dead_without_a_claim(cast) -> None:
    membership = cast.member.memberships.get()
    end_membership(membership=membership, on=date(2020, 9, 1), reason=EndReason.MOVED, today=cast.today)
    assert reported(cast) is None
    membership.refresh_from_db()
    cast.member.refresh_from_db()
    assert (membership.ended_on, membership.end_reason, cast.member.died_on) == (
        date(2020, 9, 1),
        EndReason.MOVED,
        DIED,
    )
    with pytest.raises(DiedAlready, match="No funeral grant is due"):
        reported(cast)


def test_a_membership_ended_after_the_death_before_anybody_knew_ended_with_the_death(cast) -> None:
    membership = cast.member.memberships.get()
    end_membership(
        membership=membership, on=date(2020, 10, 30), reason=EndReason.LAPSED, note="มติ 10/2563", today=cast.today
    )
    assert reported(cast).event_from == DIED
    membership.refresh_from_db()
    assert (membership.ended_on, membership.end_reason, membership.end_note) == (
        DIED,
        EndReason.DIED,
        "Death reported; Membership terminated 30 Oct 2563; มติ 10/2563",
    )


def test_a_death_lies_within_the_life(cast) -> None:
    for day in (date(2014, 12, 31), date(2020, 11, 2)):
        with pytest.raises(WrongDates):
            reported(cast, died_on=day)


def test_the_death_of_a_merged_double_is_the_persons(cast) -> None:
    double = MemberFactory(community=cast.home, merged_into=cast.member)
    claim = reported(cast, member=double)
    double.refresh_from_db()
    assert (claim.member, double.died_on) == (cast.member, None)
    assert Membership.objects.get(member=double).ended_on is None  # it ends with her own, and may be parted again


def test_the_treasurer_reports_no_deaths(cast) -> None:
    with pytest.raises(NotYours):
        reported(cast, by=cast.treasurer)


# --- what hangs on her ---------------------------------------------------------------------------------------


def test_the_house_gets_another_head_or_a_reason(cast) -> None:
    house = cast.member.household
    son = MemberFactory(community=cast.home, household=house)
    Household.objects.filter(pk=house.pk).update(head=cast.member)
    with pytest.raises(HeadOrReason):
        reported(cast)
    reported(cast, head=son)
    house.refresh_from_db()
    assert house.head == son


def test_a_double_of_hers_is_no_head_after_her(cast) -> None:
    house = cast.member.household
    son = MemberFactory(community=cast.home, household=house)
    double = MemberFactory(community=cast.home, household=house, merged_into=cast.member)
    Household.objects.filter(pk=house.pk).update(head=double)
    page = client_of(cast.registrar).get(reverse("members:household", args=[house.pk]))
    assert page.context["form"].initial == {"head": cast.member}
    assert client_of(cast.registrar).get(reverse("welfare:death", args=[cast.member.number])).context["is_head"]
    reported(cast, head=son)
    house.refresh_from_db()
    assert house.head == son


def test_an_empty_house_has_no_head_any_more(cast) -> None:
    Household.objects.filter(pk=cast.member.household_id).update(head=cast.member)
    reported(cast)
    assert Household.objects.get(pk=cast.member.household_id).head is None


@pytest.mark.parametrize("merged", [False, True])  # her login may hang at a row that was merged into hers
def test_marks_guardianships_and_leadership_end(cast, merged) -> None:
    GroupFlag.objects.create(member=cast.member, group="disabled", since=date(2018, 1, 1))
    child = MemberFactory(community=cast.home, birth_date=date(2012, 1, 1))
    since = date(2019, 1, 1)
    Guardian.objects.create(member=child, guardian_member=cast.member, name="แม่", relation="mother", since=since)
    leader = make_user("leader", community=cast.away)
    row = MemberFactory(community=cast.away, merged_into=cast.member) if merged else cast.member
    Member.objects.filter(pk=row.pk).update(user=leader)
    reported(cast)
    ends = [
        GroupFlag.objects.get().until,
        Guardian.objects.get().until,
        Leadership.objects.get(user=leader).until,
    ]
    assert ends == [DIED] * 3


def test_where_others_named_her_it_is_marked_only_where_somebody_says_so(cast) -> None:
    named = [
        BeneficiaryFactory(member=MemberFactory(community=cast.home), name=cast.member.full_name, relation="spouse")
        for _ in range(2)
    ]
    reported(cast, named_in=[named[0].pk])
    assert [Beneficiary.objects.get(pk=one.pk).died_on for one in named] == [DIED, None]
    page = client_of(cast.registrar).get(reverse("welfare:death", args=[101])).content.decode()
    words = ("was to receive a funeral grant; another", "is to receive a funeral grant; if that means this person")
    assert [page.count(one) for one in words] == [1, 1]
    housemate = MemberFactory(community=cast.home, household=cast.member.household)
    page = client_of(cast.leader).get(reverse("welfare:member", args=[housemate.number])).content.decode()
    assert cast.member.full_name not in page


def test_a_leader_marks_nothing_in_other_communities(cast) -> None:
    away = BeneficiaryFactory(member=MemberFactory(community=cast.away), name=cast.member.full_name)
    reported(cast, named_in=[away.pk])
    away.refresh_from_db()
    assert away.died_on is None


def test_money_on_a_sheet_stays_in_sight(cast) -> None:
    """Taken before the death it is handed in; taken after it, it goes back and the sheet waits."""
    sheet = CollectionSheet.objects.create(
        year_be=2563, number=1, community=cast.home, collector=cast.leader, opened_on=date(2020, 10, 1)
    )
    early = MemberFactory(community=cast.home, paid_through=date(2019, 12, 31))
    late = MemberFactory(community=cast.home, paid_through=date(2019, 12, 31))
    for member, day in ((early, date(2020, 10, 5)), (late, date(2020, 10, 22))):
        BeneficiaryFactory(member=member)
        CollectionLine.objects.create(sheet=sheet, member=member, amount=Decimal("365"), paid_on=day)
        reported(cast, member=member)
    assert {row.member.pk for row in sheet_rows(sheet, cast.today) if row.line} == {early.pk, late.pk}
    page = client_of(cast.leader).get(reverse("welfare:death", args=[late.number])).content.decode()
    assert "365.00 baht were taken on 22 Oct 2563, after the death" in page
    page = client_of(cast.leader).get(reverse("welfare:death", args=[early.number])).content.decode()
    assert "365.00 baht were taken on 5 Oct 2563, before the death" in page


def test_claims_of_her_life_stay_for_the_heirs(cast) -> None:
    draft = cast.drafted()
    reported(cast)
    draft.refresh_from_db()
    assert draft.state == "draft"
    page = client_of(cast.leader).get(reverse("welfare:death", args=[101])).content.decode()
    assert draft.label in page
    assert "the heirs receive what was due before the death" in page


def test_a_stay_before_the_death_is_still_claimed(cast) -> None:
    reported(cast)
    assert cast.submitted(event=stay(date(2020, 10, 5), date(2020, 10, 8))).amount == Decimal("300.00")


# --- the page -------------------------------------------------------------------------------------------------


def test_the_page_asks_for_a_head_and_tells_afterwards_what_was_done(cast) -> None:
    house = cast.member.household
    son = MemberFactory(community=cast.home, household=house, first_name="สมชาย")
    Household.objects.filter(pk=house.pk).update(head=cast.member)
    leader, address = client_of(cast.leader), reverse("welfare:death", args=[101])
    answer = leader.post(address, death_form())
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["head_reason"])
    assert leader.post(address, death_form(head=str(son.pk)))["Location"] == address
    page = leader.get(address).content.decode()
    for words in (
        "The membership ended on 20 October 2563",
        "The claim 2563/000001 for the funeral grant is open; it goes to นายผู้รับ สมมติสกุล.",
        f"{son.full_name} is the head of house",
        "Go on with the claim",
    ):
        assert words in page, words


def test_a_second_report_from_another_window_is_refused_in_words(cast) -> None:
    leader, address = client_of(cast.leader), reverse("welfare:death", args=[101])
    leader.post(address, death_form())
    page = leader.post(address, death_form())
    assert (page.status_code, "was reported already" in page.content.decode()) == (200, True)


def test_a_double_click_on_the_page_reports_once(cast) -> None:
    leader, address, form = client_of(cast.leader), reverse("welfare:death", args=[101]), death_form()
    assert [leader.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Claim.objects.count() == 1


def test_the_account_and_the_cash_of_a_dead_leader_are_told(cast) -> None:
    cast.member.user = cast.leader
    cast.member.save()
    reported(cast, by=cast.registrar)
    page = client_of(cast.registrar).get(reverse("welfare:death", args=[101])).content.decode()
    assert "The account leader is still open: tell the administrator to close it." in page


def test_a_dead_collectors_sheet_is_pointed_to(cast) -> None:
    cast.member.user = cast.leader
    cast.member.save()
    facts = {"collector": cast.leader, "opened_on": date(2020, 10, 1)}
    sheet = CollectionSheet.objects.create(year_be=2563, number=1, community=cast.home, **facts)
    payer = MemberFactory(community=cast.home, paid_through=date(2019, 12, 31))
    CollectionLine.objects.create(sheet=sheet, member=payer, amount=Decimal("365"), paid_on=date(2020, 10, 5))
    words = "with 365.00 baht on it was not handed in"
    address, registrar = reverse("welfare:death", args=[101]), client_of(cast.registrar)
    assert words in registrar.get(address).content.decode()
    reported(cast, by=cast.registrar)
    page = registrar.get(address).content.decode()
    assert (words in page, "/money-in/sheets/2563/1/" in page) == (True, True)


def test_other_communities_are_not_there(cast) -> None:
    away = MemberFactory(community=cast.away, household=HouseholdFactory(community=cast.away))
    assert client_of(cast.leader).get(reverse("welfare:death", args=[away.number])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries(cast, count, django_assert_num_queries) -> None:
    for _ in range(count):
        MemberFactory(community=cast.home, household=cast.member.household)
        BeneficiaryFactory(member=MemberFactory(community=cast.home), name=cast.member.full_name)
        GroupFlag.objects.create(member=cast.member, group="disabled", since=date(2018, 1, 1), until=date(2018, 2, 1))
    registrar, address = client_of(cast.registrar), reverse("welfare:death", args=[101])
    registrar.get(address)
    with django_assert_num_queries(17):
        registrar.get(address)

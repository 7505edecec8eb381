"""The people and marks around a member, and what she agreed to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from members.around import (
    MarkedAlready,
    NotAMinor,
    WrongNaming,
    WrongPerson,
    end_guardianship,
    end_mark,
    equal_shares,
    mark_beneficiary_dead,
    mark_group,
    name_beneficiaries,
    name_guardian,
    write_child,
)
from members.consents import NoConsent, NotWithdrawable, give_consent, withdraw_consent
from members.life import NotHere
from members.models import Beneficiary, Child, Consent, GroupFlag, Guardian, Member, MemberCount
from members.queries import groups_on, has_beneficiary, with_beneficiaries
from members.verbs import NamedBeneficiary, NamedGuardian, WrongDates, end_membership
from tests.factories import TODAY, MemberFactory, make_user

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
EARLIER = date(2020, 10, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def member(first) -> Member:
    return MemberFactory(number=101, community=first)


@pytest.fixture
def minor(first) -> Member:
    return MemberFactory(number=102, community=first, title="เด็กหญิง", birth_date=date(2010, 5, 1))


def die(member: Member) -> None:
    MemberCount.objects.filter(community=member.community).update(current=1, cumulative=1)
    end_membership(membership=member.memberships.get(), on=TODAY, reason="died", today=TODAY)


def names(*parts: tuple[str, str, int]) -> list[NamedBeneficiary]:
    return [NamedBeneficiary(*part) for part in parts]


def name_them(member: Member, *parts: tuple[str, str, int], on: date = TODAY) -> list[Beneficiary]:
    return name_beneficiaries(member=member, named=names(*parts), on=on, today=TODAY)


def named_now(member: Member) -> list[tuple[str, int]]:
    found = with_beneficiaries(Member.objects.filter(pk=member.pk)).get().named_beneficiaries
    return [(one["name"], one["share_percent"]) for one in found]


# --- beneficiaries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shares"), [(1, [100]), (2, [50, 50]), (3, [34, 33, 33]), (4, [25, 25, 25, 25])])
def test_equal_shares_are_whole_percents_and_make_the_whole(count, shares) -> None:
    assert equal_shares(count) == shares


def test_a_new_naming_replaces_those_who_are_not_named_again(member) -> None:
    name_them(member, ("นายหนึ่ง ก", "child", 60), ("นายสอง ก", "child", 40), on=EARLIER)
    name_them(member, ("นายหนึ่ง ก", "child", 60), ("นางสาม ก", "spouse", 40))
    rows = Beneficiary.objects.order_by("id").values_list("name", "named_on", "replaced_on")
    assert list(rows) == [
        ("นายหนึ่ง ก", EARLIER, None),
        ("นายสอง ก", EARLIER, TODAY),
        ("นางสาม ก", TODAY, None),
    ]


def test_the_same_naming_again_changes_nothing(member) -> None:
    for _click in range(2):
        name_them(member, ("นายหนึ่ง ก", "child", 100))
    assert named_now(member) == [("นายหนึ่ง ก", 100)]
    assert Beneficiary.objects.count() == 1


def test_without_shares_all_get_the_same(member) -> None:
    name_them(member, *[(f"นาย{which} ก", "child", 0) for which in "หสย"])
    assert named_now(member) == [("นายห ก", 34), ("นายส ก", 33), ("นายย ก", 33)]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "one to 4"),
        ([(f"ก{n}", "child", 0) for n in range(5)], "one to 4"),
        ([("ก", "child", 60), ("ข", "child", 30)], "make 90 percent"),
        ([("ก", "child", 100), ("ข", "child", 0)], "make 100 percent"),
        ([("ก ข", "child", 50), (" ก  ข", "spouse", 50)], "twice"),
    ],
)
def test_shares_make_the_whole_and_each_person_stands_once(member, parts, words) -> None:
    with pytest.raises(WrongNaming, match=words):
        name_them(member, *parts)


@pytest.mark.parametrize("on", [EARLIER - ONE_DAY, TODAY + ONE_DAY])
def test_a_naming_lies_between_the_last_and_today(member, on) -> None:
    name_them(member, ("นายหนึ่ง ก", "child", 100), on=EARLIER)
    with pytest.raises(WrongDates) as refusal:
        name_them(member, ("นายสอง ก", "child", 100), on=on)
    assert refusal.value.field == "named_on"


def test_after_her_death_nobody_is_named_any_more(member) -> None:
    die(member)
    with pytest.raises(NotHere):
        name_them(member, ("นายหนึ่ง ก", "child", 100))


def test_a_dead_beneficiary_counts_as_none_named(member) -> None:
    (one,) = name_them(member, ("นายหนึ่ง ก", "child", 100))
    for _click in range(2):
        mark_beneficiary_dead(beneficiary=one, died_on=TODAY, today=TODAY)
    assert (has_beneficiary(member), named_now(member)) == (False, [])
    with pytest.raises(WrongDates):
        mark_beneficiary_dead(beneficiary=one, died_on=TODAY + ONE_DAY, today=TODAY)


# --- children -----------------------------------------------------------------------------------------------


def child(parent: Member, name: str = "เด็กชายสมมติ ก", birth_date: date | None = date(2015, 3, 1), **more) -> Child:
    return write_child(parent=parent, name=name, birth_date=birth_date, today=TODAY, **more)


def test_a_child_is_written_once_and_can_be_put_right(member) -> None:
    first = child(member)
    assert child(member) == first
    child(member, name="เด็กชายสมมุติ ก", child=first)
    assert list(Child.objects.values_list("name", "birth_date")) == [("เด็กชายสมมุติ ก", date(2015, 3, 1))]


def test_a_child_who_is_a_member_has_the_register_s_name_and_birth(member, minor) -> None:
    one = child(member, name="", birth_date=None, member=minor)
    assert (one.name, one.birth_date, one.member) == (minor.full_name, minor.birth_date, minor)


def test_a_child_is_younger_than_the_parent_and_another_person(member) -> None:
    with pytest.raises(WrongDates, match="born on 15 June 2518"):
        child(member, birth_date=member.birth_date)
    with pytest.raises(WrongDates):
        child(member, birth_date=TODAY + ONE_DAY)
    with pytest.raises(WrongPerson):
        child(member, member=member)


# --- groups and consents ------------------------------------------------------------------------------------


def mark(member: Member, group: str = "disadvantaged", since: date = EARLIER, **more) -> GroupFlag:
    facts = {"shown_by": "บัตรประจำตัวคนพิการ", "by": make_user("registrar"), "today": TODAY, "now": NOW}
    return mark_group(member=member, group=group, since=since, **(facts | more))


def test_a_mark_holds_from_a_day_until_a_day_both_included(member) -> None:
    flag = mark(member)
    assert mark(member) == flag
    for _click in range(2):
        end_mark(flag=flag, until=date(2020, 10, 20), today=TODAY)
    days = (EARLIER - ONE_DAY, EARLIER, date(2020, 10, 20), date(2020, 10, 21))
    assert [bool(groups_on(member, day)) for day in days] == [False, True, True, False]


def test_a_disability_needs_consent(member) -> None:
    with pytest.raises(NoConsent) as refusal:
        mark(member, "disabled")
    assert (refusal.value.field, GroupFlag.objects.count()) == ("consent_given", 0)
    mark(member, "disabled", consent_given=True)
    given = Consent.objects.get()
    assert (given.kind, given.given_on, groups_on(member, TODAY)) == ("health", TODAY, frozenset({"disabled"}))


def test_who_takes_the_consent_back_is_marked_no_longer(member) -> None:
    mark(member, "disabled", consent_given=True)
    consent = Consent.objects.get()
    for _click in range(2):
        withdraw_consent(consent=consent, on=TODAY, today=TODAY)
    assert (groups_on(member, TODAY), groups_on(member, TODAY - ONE_DAY)) == (frozenset(), frozenset({"disabled"}))
    with pytest.raises(NoConsent):
        mark(member, "disabled", TODAY)


def test_marks_of_a_group_do_not_overlap(member) -> None:
    flag = mark(member)
    with pytest.raises(MarkedAlready, match="since 1 October 2563"):
        mark(member, since=TODAY)
    end_mark(flag=flag, until=date(2020, 10, 20), today=TODAY)
    with pytest.raises(WrongDates):
        mark(member, since=date(2020, 10, 20))
    with pytest.raises(MarkedAlready):
        end_mark(flag=flag, until=TODAY, today=TODAY)
    mark(member, since=date(2020, 10, 21))


@pytest.mark.parametrize("until", [EARLIER - ONE_DAY, TODAY + ONE_DAY])
def test_a_mark_ends_between_its_first_day_and_today(member, until) -> None:
    with pytest.raises(WrongDates) as refusal:
        end_mark(flag=mark(member), until=until, today=TODAY)
    assert refusal.value.field == "until"


def agree(member: Member, kind: str = "name", given_on: date = EARLIER) -> Consent:
    return give_consent(member=member, kind=kind, given_on=given_on, by=None, today=TODAY, now=NOW, given_by="นาง ก")


def test_a_consent_runs_once_and_may_be_given_again(member) -> None:
    consent = agree(member)
    assert agree(member) == consent
    withdraw_consent(consent=consent, on=TODAY, today=TODAY)
    assert agree(member, given_on=TODAY) != consent


def test_a_notice_that_was_handed_over_is_not_taken_back(member) -> None:
    with pytest.raises(NotWithdrawable):
        withdraw_consent(consent=agree(member, "notice"), on=TODAY, today=TODAY)


@pytest.mark.parametrize("on", [EARLIER - ONE_DAY, TODAY + ONE_DAY])
def test_a_consent_is_taken_back_after_it_was_given_and_by_today(member, on) -> None:
    with pytest.raises(WrongDates):
        withdraw_consent(consent=agree(member), on=on, today=TODAY)


# --- guardians ----------------------------------------------------------------------------------------------


def guard(member: Member, since: date = TODAY, name: str = "นางผู้ปกครอง ก", **more) -> Guardian:
    facts = NamedGuardian(name, "mother", "0000000001")
    return name_guardian(member=member, guardian=facts, since=since, by=make_user("registrar"), today=TODAY, **more)


def test_a_guardian_acts_from_a_day_until_a_day(minor) -> None:
    guardian = guard(minor, EARLIER)
    assert guard(minor, EARLIER) == guardian
    for _click in range(2):
        end_guardianship(guardian=guardian, until=TODAY, today=TODAY)
    assert list(Guardian.objects.values_list("since", "until")) == [(EARLIER, TODAY)]


def test_a_guardian_who_is_a_member_has_her_name_from_the_register(minor, member) -> None:
    guardian = guard(minor, guardian_member=member, name="")
    assert (guardian.name, guardian.guardian_member) == (member.full_name, member)


def test_who_is_twenty_acts_for_herself(minor) -> None:
    Member.objects.filter(pk=minor.pk).update(birth_date=date(2000, 11, 1))
    with pytest.raises(NotAMinor, match="20 or older"):
        guard(minor)
    assert guard(minor, TODAY - ONE_DAY).since == TODAY - ONE_DAY


def test_no_minor_acts_for_another_or_herself(minor, first) -> None:
    with pytest.raises(WrongPerson):
        guard(minor, guardian_member=minor)
    with pytest.raises(WrongPerson, match="minor herself"):
        guard(minor, guardian_member=MemberFactory(community=first, birth_date=date(2005, 1, 1)))

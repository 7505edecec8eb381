"""A double is merged and parted again: nothing moves, and every sum, search and limit reads both rows."""

import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contributions.dues import NotAMember, dues_owed, paid_through_of, paid_through_on, record_dues
from contributions.queries import matched_members, running_memberships
from contributions.sheets import open_sheet, write_line
from contributions.voids import void_receipt
from ledger.check import check_ledger
from members.applications import ended_last_on
from members.life import reenter_member
from members.models import (
    EndReason,
    GroupFlag,
    Member,
    MemberCount,
    Membership,
    OpeningDrawn,
    OpeningFacts,
    SettledDouble,
)
from members.queries import groups_on, visible_members
from members.verbs import IdInUse, PersonFacts, check_id, end_membership, person_columns
from office.models import ActionLog
from reports.figures.people import people_figures
from reports.years import report_year
from tests.factories import TODAY, BeneficiaryFactory, MemberFactory
from tests.welfare.cast import NOW, Cast, assemble, fill_box, stay
from welfare.claims import submit_claim
from welfare.eligibility import assess_event, gather_background
from welfare.merging import CannotMerge, CannotUndo, SettledAlready, keep_apart, merge_double, undo_settlement
from welfare.queries import claims_of, visible_vouchers

pytestmark = pytest.mark.usefixtures("english")
PAID_2018 = date(2018, 12, 31)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refused(kind: type[Exception], words: str) -> AbstractContextManager[object]:
    return pytest.raises(kind, match=re.escape(words))


@pytest.fixture
def who(db) -> Cast:
    return with_counts(assemble())


def with_counts(cast: Cast) -> Cast:
    MemberCount.objects.update(current=0, cumulative=0)
    MemberCount.objects.filter(community=cast.home).update(current=1, cumulative=1)
    return cast


def another(cast: Cast, *, community=None, **facts: Any) -> Member:
    """A second row, counted as the verbs would have."""
    community = community or cast.home
    member = MemberFactory(**({"number": 900, "community": community, "first_name": "ทดสอบ"} | facts))
    counts = MemberCount.objects.get(community=community)
    counts.current, counts.cumulative = counts.current + 1, counts.cumulative + 1
    counts.save()
    return member


def merge(cast: Cast, survivor: Member, double: Member, **facts: Any) -> SettledDouble:
    asked = {"by": cast.registrar, "now": cast.now, "request_id": uuid.uuid4()} | facts
    return merge_double(survivor=survivor, double=double, **asked)


def undo(cast: Cast, settled: SettledDouble, reason: str = "คนละคน") -> SettledDouble:
    return undo_settlement(settled=settled, reason=reason, by=cast.registrar, now=cast.now)


def pay(cast: Cast, member: Member, *years: int, paid_on: date = TODAY):
    return record_dues(
        membership=member.memberships.get(ended_on=None),
        covers_from=[date(year, 1, 1) for year in years],
        paid_on=paid_on,
        bank_account=None,
        request_id=uuid.uuid4(),
        **cast.by(cast.treasurer),
    )


def through(member: Member) -> date:
    membership = member.memberships.get(ended_on=None)
    assert paid_through_of([membership]) == {membership.pk: membership.paid_through}
    return membership.paid_through


def test_merging_moves_nothing_and_hides_the_double(who) -> None:
    double = another(who)
    merge(who, who.member, double, reason="กรอกซ้ำ")
    double.refresh_from_db()
    assert (double.merged_into, double.number, double.memberships.count()) == (who.member, 900, 1)
    assert list(visible_members(who.registrar)) == [who.member]
    assert [one.member for one in running_memberships(who.home)] == [who.member]
    log = ActionLog.objects.get(action="doubles-merged")
    assert (log.user, log.subject_id, log.details["double"]) == (who.registrar, who.member.pk, 900)
    assert check_ledger().problems == ()


def test_the_counts_of_the_doubles_community_go_down_and_come_back(who) -> None:
    double = another(who, community=who.away)
    settled = merge(who, who.member, double)
    assert MemberCount.objects.values_list("current", "cumulative").get(community=who.away) == (0, 0)
    undo(who, settled)
    assert MemberCount.objects.values_list("current", "cumulative").get(community=who.away) == (1, 1)
    assert check_ledger().problems == ()


def test_the_figures_count_a_person_once(who) -> None:
    fill_box()
    double = another(who, joined_on=date(2020, 2, 1))
    figures = people_figures(report_year(2563, today=TODAY))
    merge(who, who.member, double)
    merged = people_figures(report_year(2563, today=TODAY))
    assert (figures.current, figures.cumulative, figures.joined) == (2, 2, 1)
    assert (merged.current, merged.cumulative, merged.joined) == (1, 1, 0)


# --- money in -------------------------------------------------------------------------------------------------


def test_what_was_paid_under_either_number_is_paid(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    double = another(who, paid_through=PAID_2018)
    pay(who, who.member, 2019)
    receipt = pay(who, double, 2019, 2020)
    settled = merge(who, who.member, double)
    assert through(who.member) == date(2020, 12, 31)
    assert dues_owed(who.member.memberships.get(), TODAY) == []
    undo(who, settled)
    assert (through(who.member), through(double)) == (date(2019, 12, 31), date(2020, 12, 31))
    assert receipt.member == double


def test_what_the_register_says_of_both_rows_counts_too(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    double = another(who, joined_on=date(2018, 3, 1), paid_through=date(2020, 12, 31))
    settled = merge(who, who.member, double)
    assert through(who.member) == date(2020, 12, 31)
    pay(who, who.member, 2021)
    assert through(who.member) == date(2021, 12, 31)
    assert settled.paid_through_before == PAID_2018


def test_without_any_payment_the_written_day_comes_back(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    first = another(who, paid_through=date(2019, 12, 31))
    second = another(who, number=901, paid_through=date(2020, 12, 31))
    settled = [merge(who, who.member, first), merge(who, who.member, second)]
    assert through(who.member) == date(2020, 12, 31)
    undo(who, settled[0])
    assert through(who.member) == date(2020, 12, 31)
    undo(who, settled[1])
    assert through(who.member) == PAID_2018


def test_first_dues_follow_the_day_that_the_register_brought(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    assert through(who.member) == PAID_2018
    assert [one.covers_from.year for one in dues_owed(who.member.memberships.get(), TODAY)] == [2019, 2020]
    receipt = pay(who, who.member, 2019)
    assert through(who.member) == date(2019, 12, 31)
    void_receipt(receipt=receipt, reason="พิมพ์ผิด", second_person=None, **who.by(who.treasurer))
    assert through(who.member) == PAID_2018


def test_a_void_of_the_doubles_receipt_is_the_persons(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    double = another(who, paid_through=PAID_2018)
    receipt = pay(who, double, 2019, 2020)
    merge(who, who.member, double)
    assert through(who.member) == date(2020, 12, 31)
    void_receipt(receipt=receipt, reason="พิมพ์ผิด", second_person=None, **who.by(who.treasurer))
    assert through(who.member) == PAID_2018


def test_a_period_that_the_double_paid_behind_a_gap_is_not_asked_again(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    double = another(who, joined_on=date(2020, 1, 1), paid_through=date(2019, 12, 31))
    pay(who, double, 2020)
    merge(who, who.member, double)
    assert [one.covers_from.year for one in dues_owed(who.member.memberships.get(), TODAY)] == [2019]
    pay(who, who.member, 2019)
    assert through(who.member) == date(2020, 12, 31)


def test_later_payments_do_not_change_a_day_that_is_past(who) -> None:
    Membership.objects.filter(member=who.member).update(paid_through=PAID_2018)
    double = another(who, paid_through=PAID_2018)
    pay(who, double, 2019, paid_on=date(2019, 5, 1))
    pay(who, double, 2020, paid_on=date(2020, 5, 1))
    merge(who, who.member, double)
    membership = who.member.memberships.get()
    assert paid_through_on(membership, date(2019, 12, 31)) == date(2019, 12, 31)


def test_nothing_is_written_down_under_a_merged_number_any_more(who) -> None:
    double = another(who, paid_through=PAID_2018)
    merge(who, who.member, double)
    with refused(NotAMember, "No. 900 was merged into member no. 101"):
        pay(who, double, 2019)


def test_a_double_on_an_open_sheet_is_not_merged(who) -> None:
    double = another(who, paid_through=PAID_2018)
    sheet = open_sheet(community=who.home, request_id=uuid.uuid4(), **who.by(who.leader))
    line = {"paid_on": TODAY, "by": who.leader, "today": TODAY}
    write_line(sheet=sheet, member=double, amount=Decimal(365), **line)
    with refused(CannotMerge, "No. 900 stands on collection sheet 2563/0001"):
        merge(who, who.member, double)
    merge(who, double, who.member)


def test_matches_of_both_rows_and_before_the_program_count(who) -> None:
    double = another(who)
    OpeningFacts.objects.create(member=who.member, as_of=TODAY, rounds_matched=1)
    OpeningFacts.objects.create(member=double, as_of=TODAY, rounds_matched=2)
    assert [one.number for one in matched_members(date(2020, 9, 30), 3)] == [101, 900]
    merge(who, who.member, double)
    assert list(matched_members(date(2020, 9, 30), 3)) == []


# --- money out ------------------------------------------------------------------------------------------------


def test_limits_count_what_both_rows_drew(who) -> None:
    double = another(who)
    who.submitted(member=double, event=stay(date(2020, 10, 1), date(2020, 10, 4)))
    OpeningDrawn.objects.create(member=double, benefit_code="hospital-night", as_of=TODAY, year_units=16)
    asked = stay(date(2020, 10, 5), date(2020, 10, 8))
    assert assess_event(who.member, asked).amount == Decimal("300.00")
    settled = merge(who, who.member, double)
    assert assess_event(who.member, asked).amount == Decimal("100.00")
    assert [claim.member for claim in claims_of(who.member)] == [double]
    undo(who, settled)
    assert assess_event(who.member, asked).amount == Decimal("300.00")


def test_an_open_claim_of_the_double_goes_on_and_is_judged_as_the_persons(who) -> None:
    double = another(who, joined_on=date(2020, 9, 1))
    claim = who.drafted(member=double)
    merge(who, who.member, double)
    claim = submit_claim(claim=claim, **who.by(who.leader))
    assert (claim.amount, claim.membership.member) == (Decimal("300.00"), who.member)


def test_vouchers_of_the_double_stay_in_sight(who) -> None:
    double = another(who)
    fill_box()
    voucher = who.pay(who.decided(member=double))
    merge(who, who.member, double)
    assert list(visible_vouchers(who.leader)) == [voucher]


def test_the_number_that_is_kept_decides_tenure(who) -> None:
    double = another(who, joined_on=date(2020, 9, 1))
    merge(who, who.member, double)
    assert gather_background(who.member, TODAY).membership.joined_on == date(2015, 1, 1)
    double.refresh_from_db()
    assert gather_background(double, TODAY).membership.joined_on == date(2015, 1, 1)


def test_a_doubles_membership_ends_with_the_persons(who) -> None:
    double = another(who, joined_on=date(2018, 1, 1))
    merge(who, who.member, double)
    end_membership(membership=who.member.memberships.get(), on=date(2020, 6, 1), reason=EndReason.RESIGNED, today=TODAY)
    assert gather_background(who.member, TODAY).membership is None
    assert gather_background(who.member, date(2020, 5, 1)).membership.member == who.member


def test_who_left_may_come_back_though_nobody_ended_the_doubles_row(who) -> None:
    merge(who, who.member, another(who, joined_on=date(2018, 1, 1)))
    end_membership(membership=who.member.memberships.get(), on=date(2020, 6, 1), reason=EndReason.RESIGNED, today=TODAY)
    assert ended_last_on(who.member) == date(2020, 6, 1)
    reenter_member(
        member=who.member,
        community=who.home,
        joined_on=date(2020, 9, 1),
        request_id=uuid.uuid4(),
        **who.by(who.registrar),
    )
    assert gather_background(who.member, TODAY).membership.joined_on == date(2020, 9, 1)
    assert through(who.member) == date(2020, 8, 31)


def test_a_time_in_which_only_the_double_was_a_member_stays_hers(who) -> None:
    double = another(who, joined_on=date(2011, 1, 1))
    Membership.objects.filter(member=double).update(ended_on=date(2013, 1, 1), end_reason="resigned")
    MemberCount.objects.filter(community=who.home).update(current=1)
    merge(who, who.member, double)
    assert gather_background(who.member, date(2012, 1, 1)).membership.member == double


def test_groups_and_beneficiaries_of_the_double_are_read(who) -> None:
    double = another(who)
    GroupFlag.objects.create(member=double, group="disabled", since=date(2020, 1, 1))
    who.member.beneficiaries.all().delete()
    BeneficiaryFactory(member=double)
    merge(who, who.member, double)
    assert groups_on(who.member, TODAY) == {"disabled"}
    assert gather_background(who.member, TODAY).beneficiary_named


# --- what is refused ------------------------------------------------------------------------------------------


def test_the_row_whose_membership_runs_is_kept(who) -> None:
    double = another(who)
    membership = who.member.memberships.get()
    end_membership(membership=membership, on=date(2020, 6, 1), reason=EndReason.MOVED, today=TODAY)
    with refused(CannotMerge, "The membership of no. 900 runs, that of no. 101 does not. Keep no. 900"):
        merge(who, who.member, double)
    merge(who, double, who.member)


def test_who_died_by_one_row_does_not_live_on_by_the_other(who) -> None:
    double = another(who)
    end_membership(membership=double.memberships.get(), on=date(2020, 6, 1), reason=EndReason.DIED, today=TODAY)
    with refused(CannotMerge, "By no. 900 this person died on 1 June 2563"):
        merge(who, who.member, double)


def test_there_are_no_chains_of_doubles(who) -> None:
    double, third = another(who), another(who, number=901)
    merge(who, double, third)
    with refused(CannotMerge, "No. 901 was merged into no. 900 before. Keep no. 900"):
        merge(who, who.member, double)
    with refused(CannotMerge, "No. 901 was merged into no. 900 already"):
        merge(who, who.member, third)
    with refused(CannotMerge, "one row already"):
        merge(who, who.member, who.member)
    merge(who, double, who.member)


def test_a_request_merges_once_and_a_settled_pair_is_settled(who) -> None:
    double, request_id = another(who), uuid.uuid4()
    settled = merge(who, who.member, double, request_id=request_id)
    assert merge(who, who.member, double, request_id=request_id) == settled
    with refused(SettledAlready, "One person: merged"):
        keep_apart(one=double, other=who.member, by=who.registrar, now=NOW, request_id=uuid.uuid4())


def test_two_people_are_kept_apart_until_that_is_undone(who) -> None:
    double, request_id = another(who), uuid.uuid4()
    asked = {"one": double, "other": who.member, "by": who.registrar, "now": NOW, "request_id": request_id}
    settled = keep_apart(**asked)
    assert (keep_apart(**asked), settled.first, settled.survivor) == (settled, who.member, None)
    with refused(SettledAlready, "Two different people"):
        merge(who, who.member, double)
    undo(who, settled)
    merge(who, who.member, double)


def test_undoing_twice_undoes_once(who) -> None:
    double = another(who)
    settled = undo(who, merge(who, who.member, double))
    assert undo(who, settled, "อีกครั้ง").undo_reason == "คนละคน"
    assert MemberCount.objects.get(community=who.home).current == 2


def test_the_doubles_id_is_the_persons(who) -> None:
    number = "1000000000009"
    person = PersonFacts(title="นาง", first_name="ก", family_name="ข", sex="f", birth_date=None, national_id=number)
    double = another(who)
    Member.objects.filter(pk=double.pk).update(**person_columns(person))
    settled = merge(who, who.member, double)
    with refused(IdInUse, "belongs to member no. 101"):
        check_id(person, fund=who.fund)
    check_id(person, fund=who.fund, except_member=who.member)
    Member.objects.filter(pk=who.member.pk).update(**person_columns(person))
    with refused(CannotUndo, "No. 900 has the same ID number as no. 101"):
        undo(who, settled)
    assert Member.objects.get(pk=double.pk).merged_into == who.member


# --- there and back -------------------------------------------------------------------------------------------


def read(*members: Member) -> dict[str, Any]:
    """All that is read of these people: counts, paid through, owed, matched, limits, figures."""
    asked = stay(date(2020, 10, 5), date(2020, 10, 8))
    told: dict[str, Any] = {"counts": list(MemberCount.objects.order_by("pk").values_list("current", "cumulative"))}
    told["people"] = people_figures(report_year(2563, today=TODAY))
    told["matched"] = [(one.number, one.matches) for one in matched_members(date(2020, 9, 30), 3)]
    for member in members:
        membership = member.memberships.get()
        assessment = assess_event(member, asked)
        told[f"no. {member.number}"] = (
            membership.paid_through,
            paid_through_of([membership]),
            dues_owed(membership, TODAY) if membership.ended_on is None else None,
            (assessment.outcome, assessment.amount, [step.code for step in assessment.steps]),
            list(claims_of(member)),
        )
    return told


years = st.integers(2016, 2020)
rows = st.fixed_dictionaries(
    {
        "joined": st.integers(2010, 2016),
        "written": years,
        "dues": st.integers(0, 3),
        "units": st.integers(0, 20),
        "matched": st.integers(0, 3),
        "ended": st.booleans(),
    }
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=rows, other=rows, away=st.booleans())
def test_merging_and_undoing_leaves_all_as_it_was(db, one, other, away) -> None:
    before_all = transaction.savepoint()
    try:
        who = with_counts(assemble())
        fill_box()
        member, double = who.member, another(who, community=who.away if away else who.home)
        for person, facts in ((member, one), (double, other)):
            _arrange(who, person, facts)
        before = read(member, double)
        survivor, second = (member, double) if other["ended"] or not one["ended"] else (double, member)
        settled = merge(who, survivor, second)
        assert check_ledger().problems == ()
        assert read(survivor)["people"].current == before["people"].current - (not one["ended"] and not other["ended"])
        undo(who, settled)
        member, double = Member.objects.get(pk=member.pk), Member.objects.get(pk=double.pk)
        assert read(member, double) == before
        assert check_ledger().problems == ()
    finally:
        transaction.savepoint_rollback(before_all)


def _arrange(who: Cast, member: Member, facts: dict[str, Any]) -> None:
    joined = date(facts["joined"], 1, 1)
    Membership.objects.filter(member=member).update(joined_on=joined, paid_through=date(facts["written"], 12, 31))
    if facts["dues"]:
        pay(who, member, *range(facts["written"] + 1, facts["written"] + 1 + facts["dues"]))
    OpeningFacts.objects.create(member=member, as_of=TODAY, rounds_matched=facts["matched"])
    OpeningDrawn.objects.create(member=member, benefit_code="hospital-night", as_of=TODAY, year_units=facts["units"])
    if facts["ended"]:
        membership = member.memberships.get()
        on = TODAY - timedelta(days=100)
        end_membership(membership=membership, on=on, reason=EndReason.RESIGNED, today=TODAY)

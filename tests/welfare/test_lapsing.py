"""Lapse is an act of a meeting: only after a notice, never of one who has paid, all or none."""

import threading
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import translation

from contributions.dues import record_dues
from contributions.models import CollectionLine, CollectionSheet
from members.models import ArrearsNotice, Community, EndReason, Member, MemberCount, Membership, Regulation, Resolution
from members.verbs import MembershipEnded
from tests.factories import TODAY, MeetingFactory, MemberFactory, make_user
from welfare.controls import OwnClaim, TooFewPresent
from welfare.lapsing import (
    LapsesRefused,
    MoneyOnItsWay,
    NobodyChosen,
    NotDue,
    NoticeNeeded,
    ResolutionNeeded,
    lapse_at_meeting,
    lapse_by_regulation,
    lapsed_by,
)
from welfare.meetings import MeetingDay
from welfare.transitions import NotYours

LONG_AGO = date(2018, 12, 31)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def behind(cast, *, told_on: date | None = TODAY - timedelta(days=30), **fields) -> Membership:
    """A member of the home community who owes since 1 January 2562, told on that day."""
    member = MemberFactory(community=cast.home, **({"paid_through": LONG_AGO} | fields))
    membership = member.memberships.get()
    if told_on is not None:
        ArrearsNotice.objects.create(membership=membership, given_on=told_on, how="phone", paid_through=LONG_AGO)
    return membership


def lapse(cast, *memberships, by=None, **changes) -> list[Membership]:
    facts = {
        "meeting": cast.meeting,
        "memberships": [one.pk for one in memberships],
        "request_id": uuid.uuid4(),
    }
    return lapse_at_meeting(**(facts | cast.by(by or cast.committee) | changes))


def refusal_of(cast, membership, **changes):
    with pytest.raises(LapsesRefused) as refused:
        lapse(cast, membership, **changes)
    return refused.value.by_membership[membership.pk]


def test_many_end_under_one_resolution_on_the_meetings_day(cast) -> None:
    before = MemberCount.objects.get(community=cast.home).current
    first, second = behind(cast, number=201), behind(cast, number=202)
    ended = lapse(cast, first, second)
    resolution = Resolution.objects.get()
    assert [(one.pk, one.ended_on, one.end_reason) for one in ended] == [
        (first.pk, cast.meeting.held_on, EndReason.LAPSED),
        (second.pk, cast.meeting.held_on, EndReason.LAPSED),
    ]
    assert list(lapsed_by(resolution)) == ended
    assert ended[0].end_note == f"Resolution of meeting {resolution.label}; told on 2 Oct 2563"
    assert resolution.subject == "Memberships that lapse for unpaid contributions: 2"
    assert resolution.text.splitlines()[0].startswith(f"No. 201 {first.member.full_name}, paid through 31 Dec 2561")
    assert MemberCount.objects.get(community=cast.home).current == before - 2


@pytest.mark.parametrize(("days_before", "lapses"), [(30, True), (29, False)])
def test_the_notice_lies_thirty_days_before_the_meeting(cast, days_before, lapses) -> None:
    membership = behind(cast, told_on=TODAY - timedelta(days=days_before))
    if lapses:
        assert len(lapse(cast, membership)) == 1
    else:
        refusal = refusal_of(cast, membership)
        assert isinstance(refusal, NoticeNeeded)
        assert "was told on 3 October 2563, less than 30 days before." in str(refusal)
        assert str(refusal).endswith("one on 2 November 2563 or later.")


def test_the_first_notice_counts_not_the_last(cast) -> None:
    membership = behind(cast)
    ArrearsNotice.objects.create(membership=membership, given_on=TODAY, how="letter", paid_through=LONG_AGO)
    assert len(lapse(cast, membership)) == 1


def test_the_days_of_notice_are_a_setting(cast) -> None:
    cast.fund.lapse_notice_days = 60
    cast.fund.save()
    assert "1 December 2563" in str(refusal_of(cast, behind(cast)))


def test_nobody_lapses_untold(cast) -> None:
    membership = behind(cast, told_on=None)
    refusal = refusal_of(cast, membership)
    assert (type(refusal), f"{membership.member.full_name} was not told" in str(refusal)) == (NoticeNeeded, True)


def test_a_notice_of_other_arrears_does_not_count(cast) -> None:
    membership = behind(cast, told_on=None)
    ArrearsNotice.objects.create(
        membership=membership, given_on=date(2018, 6, 1), how="phone", paid_through=date(2016, 12, 31)
    )
    assert isinstance(refusal_of(cast, membership), NoticeNeeded)


@pytest.mark.parametrize(("paid_through", "lapses"), [(date(2019, 11, 1), True), (date(2019, 11, 2), False)])
def test_due_on_the_meetings_day_means_more_than_a_year_behind(cast, paid_through, lapses) -> None:
    membership = behind(cast, told_on=None, paid_through=paid_through)
    ArrearsNotice.objects.create(
        membership=membership, given_on=date(2020, 2, 1), how="line", paid_through=paid_through
    )
    if lapses:
        assert len(lapse(cast, membership)) == 1
    else:
        assert isinstance(refusal_of(cast, membership), NotDue)


def test_who_pays_between_notice_and_meeting_stays_a_member(cast) -> None:
    membership = behind(cast)
    record_dues(
        membership=membership,
        covers_from=[date(2019, 1, 1), date(2020, 1, 1)],
        paid_on=TODAY,
        bank_account=None,
        request_id=uuid.uuid4(),
        **cast.by(cast.treasurer),
    )
    refusal = refusal_of(cast, membership)
    assert (type(refusal), "has paid through 31 December 2563" in str(refusal)) == (NotDue, True)


def test_money_that_a_collector_holds_keeps_the_membership(cast) -> None:
    membership = behind(cast)
    sheet = CollectionSheet.objects.create(
        year_be=2563, number=7, community=cast.home, collector=cast.leader, opened_on=TODAY
    )
    CollectionLine.objects.create(sheet=sheet, member=membership.member, amount=Decimal("730"), paid_on=TODAY)
    refusal = refusal_of(cast, membership)
    assert (type(refusal), "sheet 2563/0007" in str(refusal)) == (MoneyOnItsWay, True)


def test_one_refusal_leaves_all_members_and_writes_no_resolution(cast) -> None:
    good, untold = behind(cast), behind(cast, told_on=None)
    with pytest.raises(LapsesRefused, match="No membership was ended") as refused:
        lapse(cast, good, untold)
    assert list(refused.value.by_membership) == [untold.pk]
    assert (Membership.objects.filter(end_reason="lapsed").count(), Resolution.objects.count()) == (0, 0)


def test_the_same_request_ends_once_and_another_finds_it_ended(cast) -> None:
    membership, request_id = behind(cast), uuid.uuid4()
    first = lapse(cast, membership, request_id=request_id)
    assert lapse(cast, membership, request_id=request_id) == first
    assert Resolution.objects.count() == 1
    assert isinstance(refusal_of(cast, membership), MembershipEnded)


def test_nobody_writes_down_her_own_lapse_or_her_households(cast) -> None:
    membership = behind(cast, household=cast.member.household)
    cast.member.user = cast.committee
    cast.member.save()
    assert isinstance(refusal_of(cast, membership), OwnClaim)
    # her login may hang at a row that was merged into hers since
    double = MemberFactory(community=cast.home, number=990, household=None, merged_into=cast.member)
    Member.objects.filter(pk=cast.member.pk).update(user=None)
    Member.objects.filter(pk=double.pk).update(user=cast.committee)
    assert isinstance(refusal_of(cast, membership), OwnClaim)
    registrar = make_user("registrar")
    assert len(lapse(cast, membership, by=registrar)) == 1


def test_a_meeting_needs_three_and_must_have_been_held_and_somebody_chosen(cast) -> None:
    membership = behind(cast)
    with pytest.raises(TooFewPresent):
        lapse(cast, membership, meeting=MeetingFactory(present=[{"name": "หนึ่ง"}]))
    with pytest.raises(MeetingDay):
        lapse(cast, membership, meeting=MeetingFactory(held_on=TODAY + timedelta(days=7)))
    with pytest.raises(NobodyChosen):
        lapse(cast)


@pytest.mark.parametrize("role", ["leader", "treasurer", "auditor"])
def test_the_minutes_are_the_committees_and_the_registrars(cast, role) -> None:
    with pytest.raises(NotYours):
        lapse(cast, behind(cast), by=getattr(cast, role))


def make_automatic() -> None:
    """The same regulation, but with `lapse: automatic`, as a later version."""
    newest = Regulation.objects.latest("effective_from")
    document = newest.document | {"membership": newest.document["membership"] | {"lapse": "automatic"}}
    Regulation.objects.create(
        name_th="ฉบับแก้ไข",
        name_en="Amended",
        reference="มติทดสอบ",
        effective_from=date(2020, 6, 1),
        document=document,
        sha256="1" * 64,
    )


def test_by_resolution_is_the_rule(cast) -> None:
    with pytest.raises(ResolutionNeeded):
        lapse_by_regulation(memberships=[behind(cast).pk], by=cast.registrar, today=TODAY)


def test_where_the_regulation_says_automatic_the_registrar_ends_them_after_the_notice(cast) -> None:
    make_automatic()
    told, untold = behind(cast), behind(cast, told_on=None)
    with pytest.raises(LapsesRefused):
        lapse_by_regulation(memberships=[told.pk, untold.pk], by=cast.registrar, today=TODAY)
    with pytest.raises(NotYours):
        lapse_by_regulation(memberships=[told.pk], by=cast.committee, today=TODAY)
    ended = lapse_by_regulation(memberships=[told.pk], by=cast.registrar, today=TODAY)
    assert [(one.ended_on, one.end_note) for one in ended] == [
        (TODAY, "By the regulation, without a resolution; told on 2 Oct 2563")
    ]
    assert lapse_by_regulation(memberships=[told.pk], by=cast.registrar, today=TODAY) == ended
    assert Resolution.objects.count() == 0


def test_two_clicks_at_once_end_once(committed_cast) -> None:
    cast = committed_cast
    membership, request_id = behind(cast), uuid.uuid4()
    answers: list[object] = []

    def click() -> None:
        try:
            answers.append(lapse(cast, membership, request_id=request_id)[0].pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [membership.pk] * 4
    assert Resolution.objects.count() == 1
    assert Community.objects.get(pk=cast.home.pk).member_count.current == 19

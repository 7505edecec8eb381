"""Two registrars at one pair of doubles at the same moment: it is settled once, and the other is told."""

import uuid
from collections.abc import Callable

import pytest

from ledger.check import check_ledger
from members.models import Member, MemberCount, SettledDouble
from tests.races import at_once
from tests.welfare.cast import NOW, Cast, assemble
from tests.welfare.test_merging import another, with_counts
from welfare.merging import merge_double, undo_settlement


@pytest.fixture
def who(committed_db) -> Cast:
    return with_counts(assemble())


def merging(who: Cast, survivor: Member, double: Member, request_id: uuid.UUID | None = None) -> Callable[[], object]:
    def act() -> SettledDouble:
        asked = {"by": who.registrar, "now": NOW, "request_id": request_id or uuid.uuid4()}
        return merge_double(survivor=survivor, double=double, **asked)

    return act


def kinds(found: list[object]) -> list[str]:
    return sorted(type(one).__name__ for one in found)


def test_two_registrars_merge_a_pair_either_way_and_one_of_them_is_told(who) -> None:
    double = another(who)
    found = at_once(merging(who, who.member, double), merging(who, double, who.member))
    assert kinds(found) == ["SettledAlready", "SettledDouble"]
    assert MemberCount.objects.get(community=who.home).cumulative == 1
    assert check_ledger().problems == ()


def test_eight_clicks_merge_once(who) -> None:
    double, request_id = another(who), uuid.uuid4()
    found = at_once(*[merging(who, who.member, double, request_id)] * 8)
    assert {one.pk for one in found} == {SettledDouble.objects.get().pk}
    assert check_ledger().problems == ()


def test_a_ring_of_three_is_never_made(who) -> None:
    two, three = another(who, number=901), another(who, number=902)
    found = at_once(merging(who, who.member, two), merging(who, two, three), merging(who, three, who.member))
    merged = Member.objects.filter(merged_into__isnull=False)
    assert "SettledDouble" in kinds(found)
    assert not merged.filter(merged_into__merged_into__isnull=False).exists()
    assert check_ledger().problems == ()


def test_two_undo_one_verdict_once(who) -> None:
    settled = merging(who, who.member, another(who))()

    def undo() -> SettledDouble:
        return undo_settlement(settled=settled, reason="คนละคน", by=who.registrar, now=NOW)

    assert kinds(at_once(undo, undo)) == ["SettledDouble", "SettledDouble"]
    assert MemberCount.objects.get(community=who.home).current == 2
    assert check_ledger().problems == ()

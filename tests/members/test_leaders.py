"""Appointing leaders: what they see follows from it, and ends with it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from members.leaders import LeadsAlready, NotALeader, appoint_leader, end_leadership
from members.models import Leadership
from members.queries import visible_members
from office.models import ActionLog
from tests.factories import MemberFactory, make_user
from tests.members.test_views import client_of

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
TODAY = date(2020, 11, 1)


@pytest.fixture
def administrator(fund):
    return make_user("administrator")


def appoint(user, community, by) -> Leadership:
    return appoint_leader(user=user, community=community, since=TODAY, by=by, now=NOW)


def test_a_leader_sees_her_community_from_her_appointment_to_its_end(first, administrator) -> None:
    member, leader = MemberFactory(community=first), make_user("leader")
    assert list(visible_members(leader)) == []
    leadership = appoint(leader, first, administrator)
    assert list(visible_members(leader)) == [member]
    end_leadership(leadership=leadership, until=TODAY, by=administrator, now=NOW)
    assert list(visible_members(leader)) == []
    assert list(ActionLog.objects.values_list("action", flat=True).order_by("id")) == [
        "leader appointed",
        "leadership ended",
    ]


def test_only_who_holds_the_role_is_appointed(first, administrator) -> None:
    with pytest.raises(NotALeader):
        appoint(make_user("committee"), first, administrator)


def test_nobody_is_appointed_twice(first, administrator) -> None:
    leader = make_user("leader")
    appoint(leader, first, administrator)
    with pytest.raises(LeadsAlready):
        appoint(leader, first, administrator)


def test_leaders_are_appointed_and_dismissed_on_the_communitys_page(first, administrator) -> None:
    leader, client = make_user("leader"), client_of(administrator)
    client.post(reverse("members:appoint_leader", args=[1]), {"user": leader.pk})
    leadership = Leadership.objects.get(user=leader, community=first, until=None)
    client.post(reverse("members:end_leadership", args=[1, leadership.pk]))
    leadership.refresh_from_db()
    assert leadership.until == TODAY


def test_the_administrator_lists_communities_but_no_members(first, administrator) -> None:
    client = client_of(administrator)
    assert list(client.get(reverse("members:communities")).context["communities"]) == [first]
    assert client.get(reverse("members:list")).status_code == 403

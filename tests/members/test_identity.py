"""The whole ID is shown for a reason, once for a member, a user and a day, and every look is on the member's page."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bansong_fund.lib.national_id import encrypt_id, format_full, format_masked, id_digest, with_check_digit
from members.identity import NotForThisUser, reveal_id, whole_id_for_paper
from members.models import Community, Fund, Member
from office.models import ReadingLog
from office.reading import REASONS, log_reading
from tests.factories import MemberFactory, make_fund, make_user

AN_ID = with_check_digit("100123456789")
NOON = datetime(2020, 11, 1, 5, 0, tzinfo=UTC)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def fund(db) -> Fund:
    """Without a regulation: her page says who she is, and nothing of what she is entitled to."""
    return make_fund()


@pytest.fixture
def member(first: Community) -> Member:
    return MemberFactory(
        number=17, community=first, national_id_encrypted=encrypt_id(AN_ID), national_id_digest=id_digest(AN_ID)
    )


def page_of(client: Client, member: Member) -> str:
    return client.get(reverse("welfare:member", args=[member.number])).content.decode()


def ask(client: Client, member: Member, reason: str = "present", **changes: str):
    sent = {"request_id": str(uuid.uuid4()), "reason": reason, **changes}
    return client.post(reverse("members:reveal_id", args=[member.number]), sent)


def looks() -> list[tuple[str, str]]:
    lines = ReadingLog.objects.filter(what="national-id").order_by("id")
    return [(line.user.username, line.reason) for line in lines]


@pytest.mark.parametrize("role", ["registrar", "committee", "treasurer"])
def test_the_whole_number_shows_after_a_reason(member, role) -> None:
    user = make_user(role)
    client = client_of(user)
    before = page_of(client, member)
    answer = ask(client, member, "report")
    after = page_of(client, member)
    assert (format_masked(AN_ID) in before, format_full(AN_ID) in before) == (True, False)
    assert answer["Location"] == "/members/17/#national-id"
    assert (format_full(AN_ID) in after, "Show the whole ID" in after) == (True, False)
    assert looks() == [(user.username, "report")]


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_leaders_and_auditors_see_the_masked_number_only(member, first, role) -> None:
    user = make_user(role, community=first if role == "leader" else None)
    client = client_of(user)
    page = page_of(client, member)
    assert (format_masked(AN_ID) in page, "Show the whole ID" in page) == (True, False)
    assert ask(client, member).status_code == 403
    with pytest.raises(NotForThisUser):
        reveal_id(member=member, by=user, reason="present", now=NOON)
    assert looks() == []


def test_once_for_a_member_a_user_and_a_day(member, first) -> None:
    registrar, treasurer = (client_of(make_user(role, username=role)) for role in ("registrar", "treasurer"))
    other = MemberFactory(number=18, community=first, national_id_encrypted=member.national_id_encrypted)
    whole = format_full(AN_ID)
    with time_machine.travel(NOON, tick=False):
        for _click in range(2):
            ask(registrar, member)
        shown = [whole in page_of(client, one) for client in (registrar, treasurer) for one in (member, other)]
    with time_machine.travel(datetime(2020, 11, 1, 16, 59, tzinfo=UTC), tick=False):  # 23.59 in Bangkok
        late = whole in page_of(registrar, member)
    with time_machine.travel(datetime(2020, 11, 1, 17, 0, tzinfo=UTC), tick=False):
        next_day = whole in page_of(registrar, member)
    assert (shown, late, next_day) == ([True, False, False, False], True, False)
    assert looks() == [("registrar", "present")]


@pytest.mark.parametrize("reason", ["", "curiosity", "<script>"])
def test_without_one_of_the_reasons_nothing_is_shown(member, reason) -> None:
    client = client_of(make_user("registrar"))
    ask(client, member, reason)
    page = page_of(client, member)
    assert (format_full(AN_ID) in page, "Choose one of the reasons" in page, looks()) == (False, True, [])


def test_a_leader_finds_no_member_of_another_community(member, second) -> None:
    leader = client_of(make_user("leader", community=second))
    assert leader.get(reverse("welfare:member", args=[17])).status_code == 404
    registrar = client_of(make_user("registrar"))
    assert registrar.post(reverse("members:reveal_id", args=[99]), {"reason": "present"}).status_code == 404


def test_her_page_says_who_looked_when_and_why_to_the_committees_staff(member, first) -> None:
    ask(client_of(make_user("registrar", display_name="ทะเบียน สมมติ")), member, "correct")
    staff = page_of(client_of(make_user("auditor")), member)
    leader = page_of(client_of(make_user("leader", community=first)), member)
    for words in ("Who looked at the national ID number", "ทะเบียน สมมติ", "Correcting the register"):
        assert (words in staff, words in leader) == (True, False)


def test_the_page_of_all_readings_holds_those_of_a_double_too(member, first) -> None:
    auditor = make_user("auditor")
    double = MemberFactory(number=18, community=first, merged_into=member, joined_on=None)
    for number in range(60):
        log_reading(auditor, kind="member", id=(member, double)[number % 2].pk, name="x", what="page")
    log_reading(auditor, kind="claim", id=member.pk, name="x", what="claim page")
    client = client_of(auditor)
    newest = client.get(reverse("members:readings", args=[17])).context
    older = client.get(reverse("members:readings", args=[17]), {"before": newest["older"]}).context
    assert (len(newest["lines"]), len(older["lines"]), older["older"]) == (50, 10, None)
    leader = client_of(make_user("leader", community=first))
    assert leader.get(reverse("members:readings", args=[17])).status_code == 403


def test_a_person_with_a_passport_or_without_a_number_has_no_digits_to_fill(first) -> None:
    sealed = {"national_id_encrypted": encrypt_id("XX0012345"), "national_id_last4": "2345"}
    traveller = MemberFactory(number=1, community=first, id_kind="passport", **sealed)
    nobody = MemberFactory(number=2, community=first, id_kind="none")
    client = client_of(make_user("registrar"))
    pages = [page_of(client, one) for one in (traveller, nobody)]
    assert ["…2345" in page for page in pages] == [True, False]
    assert ["Show the whole ID" in page for page in pages] == [True, False]
    ask(client, traveller)
    assert "XX0012345" in page_of(client, traveller)


def test_a_paper_gets_the_whole_number_and_leaves_a_line(member) -> None:
    treasurer = make_user("treasurer", username="treasurer")
    whose = {"by": treasurer, "kind": "member", "id": member.pk, "name": member.full_name}
    number = whole_id_for_paper(member.national_id_encrypted, **whose, paper="Payment voucher 2563/000012")
    nothing = whole_id_for_paper("", **whose, paper="Payment voucher 2563/000013")
    assert (number, nothing, looks()) == (format_full(AN_ID), "", [("treasurer", "Payment voucher 2563/000012")])
    assert format_full(AN_ID) not in page_of(client_of(treasurer), member)


def test_the_log_says_the_reason_in_the_readers_language(member) -> None:
    registrar = make_user("registrar")
    for reason in REASONS:
        log_reading(registrar, kind="member", id=member.pk, name="x", what="national-id", reason=reason)
    page = client_of(make_user("auditor")).get(reverse("office:reading_log")).content.decode()
    with translation.override("en"):
        assert [str(words) in page for words in REASONS.values()] == [True] * 4


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_readings_takes_as_many_queries_for_one_line_as_for_three(
    member, rows, django_assert_num_queries
) -> None:
    auditor = make_user("auditor")
    for _line in range(rows):
        log_reading(make_user("leader"), kind="member", id=member.pk, name="x", what="page")
    client = client_of(auditor)
    with django_assert_num_queries(6):  # session, user, fund, roles, member, lines
        client.get(reverse("members:readings", args=[17]))

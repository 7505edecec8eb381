"""What a phone sends of its draft: taken once, answered line by line, for its own user and sheet alone."""

import json
import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from contributions.models import CollectionLine, CollectionSheet, SheetSend
from contributions.sheet_lines import TakenAtDoor
from contributions.sheet_sends import TypedLine, stamp_of, take_send
from contributions.sheets import submit_sheet
from contributions.views.sheet_sends import MOST_LINES
from ledger.models import ReceiptBook
from members.verbs import end_membership
from tests.contributions.conftest import TODAY, acting, make_cast, member_owing, membership
from tests.contributions.test_sheets import YEAR, opened, write
from tests.factories import CommunityFactory, HouseholdFactory, make_user
from tests.races import at_once

SHEET = "/money-in/sheets/2563/1/"
NEW, DAY = "", "2020-10-20"


@pytest.fixture
def phone(client, who):
    client.force_login(who.leader)
    return client


def settings_of(client) -> dict:
    """What the page told the script on this phone."""
    return client.get(SHEET).context["draft"]


def line(member, amount: str = "365", **changes) -> dict:
    return {"n": member.number, "amount": amount, "day": DAY, "seen": NEW} | changes


def send(client, *lines: object, batch: str = "", **changes) -> SimpleNamespace:
    """The answer's status and its lines, as (state, baht that stand now), by member number."""
    body = {"id": batch or str(uuid.uuid4()), "who": settings_of(client)["who"], "lines": lines} | changes
    answer = client.post(f"{SHEET}send/", json.dumps(body), content_type="application/json")
    found = answer.json().get("lines", []) if answer["Content-Type"] == "application/json" else []
    short = {one["n"]: (one["state"], one["now"] and one["now"]["amount"]) for one in found}
    return SimpleNamespace(status=answer.status_code, lines=short, full={one["n"]: one for one in found})


def test_a_batch_is_written_and_the_same_id_again_finds_its_answer(phone, who) -> None:
    first, second = (member_owing(who.community) for _ in range(2))
    opened(who)
    batch = str(uuid.uuid4())
    written = {first.number: ("written", "365.00"), second.number: ("written", "730.00")}
    for _ in range(2):
        assert send(phone, line(first), line(second, "๗๓๐"), batch=batch).lines == written
    assert (CollectionLine.objects.count(), SheetSend.objects.count()) == (2, 1)
    assert CollectionLine.objects.get(member=first).paid_on == date(2020, 10, 20)


def test_a_line_that_is_refused_keeps_nobody_else_from_being_written(phone, who) -> None:
    paid, gone = member_owing(who.community), member_owing(who.community, first_name="จากไปสมมติ")
    opened(who)
    end_membership(membership=membership(gone), on=date(2020, 10, 1), reason="died", today=TODAY)
    batch = str(uuid.uuid4())
    answer = send(phone, line(gone), line(paid), batch=batch)
    assert answer.lines == {gone.number: ("refused", None), paid.number: ("written", "365.00")}
    assert "จากไปสมมติ" in answer.full[gone.number]["why"]
    assert "จากไปสมมติ" not in json.dumps(SheetSend.objects.get().answer)  # it stays for ever, a name should not
    again = send(phone, line(gone), line(paid), batch=batch)
    assert again.lines == {gone.number: ("again", None), paid.number: ("written", "365.00")}


def test_what_was_changed_on_another_device_is_not_written_over(phone, who) -> None:
    member = member_owing(who.community)
    sheet = opened(who)
    write(sheet, member, who)
    stamp = stamp_of(CollectionLine.objects.get())
    assert send(phone, line(member, "730")).lines == {member.number: ("changed", "365.00")}
    assert send(phone, line(member, undo=True)).lines == {member.number: ("changed", "365.00")}
    assert send(phone, line(member, "365")).lines == {member.number: ("written", "365.00")}  # both say the same
    assert send(phone, line(member, "730", seen=stamp)).lines == {member.number: ("written", "730.00")}
    stamp = stamp_of(CollectionLine.objects.get())
    assert send(phone, line(member, undo=True, seen=stamp)).lines == {member.number: ("written", None)}
    assert CollectionLine.objects.count() == 0


def test_one_payer_for_a_house_shares_a_paper_number_which_a_line_taken_off_sets_free(phone, who) -> None:
    home = HouseholdFactory(community=who.community)
    last, first, second = (member_owing(who.community, household=home) for _ in range(3))
    facts = {"first_number": 1, "last_number": 50, "given_on": TODAY, "given_by": who.treasurer}
    ReceiptBook.objects.create(label="12", holder=who.leader, **facts)
    opened(who)
    paper = {"book": "12", "no": 7, "payer": first.full_name}
    send(phone, line(first, **paper), line(second, **paper))
    assert [one.door_receipt.number for one in CollectionLine.objects.all()] == [7, 7]
    stamps = [stamp_of(CollectionLine.objects.get(member=one)) for one in (first, second)]
    answer = send(
        phone,
        line(last, book="12", no=7),
        line(first, undo=True, seen=stamps[0]),
        line(second, undo=True, seen=stamps[1]),
    )
    assert answer.lines[last.number] == ("written", "365.00")
    assert send(phone, line(first, book="99", no=1)).lines == {first.number: ("refused", None)}
    assert send(phone, line(first, book="12", no=51)).lines == {first.number: ("refused", None)}


def test_a_sheet_that_was_handed_in_says_so_of_each_line(phone, who) -> None:
    paid, late = member_owing(who.community), member_owing(who.community)
    sheet = opened(who)
    write(sheet, paid, who)
    submit_sheet(sheet=sheet, **acting(who.leader))
    answer = send(phone, line(late))
    assert (answer.lines, CollectionLine.objects.count()) == ({late.number: ("closed", None)}, 1)
    assert "2563/0001" in answer.full[late.number]["why"]
    page = phone.get(SHEET).content.decode()
    assert ('id="draft-rest"' in page, "sheet-draft.js" in page) == (True, True)


def test_another_user_another_leaders_sheet_and_a_visitor_send_nothing(phone, who) -> None:
    member = member_owing(who.community)
    opened(who)
    mine = settings_of(phone)["who"]
    beside = Client()
    beside.force_login(make_user("leader", community=who.community))
    assert settings_of(beside)["who"] != mine
    assert send(beside, line(member), who=mine).status == 409
    batch = str(uuid.uuid4())
    send(phone, line(member), batch=batch)
    assert send(beside, line(member), batch=batch).status == 404
    for user, status in ((make_user("leader", community=CommunityFactory(number=2)), 404), (who.treasurer, 403)):
        beside.force_login(user)
        assert beside.post(f"{SHEET}send/", "{}", content_type="application/json").status_code == status
    assert Client().post(f"{SHEET}send/", "{}", content_type="application/json").status_code == 302
    assert SheetSend.objects.count() == 1


def test_a_batch_that_is_no_batch_is_answered_and_never_a_crash(phone, who) -> None:
    member = member_owing(who.community)
    opened(who)
    own = {"id": str(uuid.uuid4()), "who": settings_of(phone)["who"]}
    bodies = [
        *("", "[]", "null", "{", '"x"', "[" * 5000, "\x00", json.dumps(own), json.dumps(own | {"lines": 5})),
        *(json.dumps(own | {"lines": []}), json.dumps(own | {"lines": [line(member)] * (MOST_LINES + 1)})),
        *(json.dumps(own | {"id": 5, "lines": [1]}), json.dumps(own | {"lines": "x" * 70_000})),
    ]
    found = [phone.post(f"{SHEET}send/", body, content_type="application/json").status_code for body in bodies]
    assert (found, SheetSend.objects.count()) == ([400] * len(bodies), 0)


STRANGE = [
    {"amount": "-365"},
    {"amount": "0"},
    {"amount": "365.005"},
    {"amount": ["365"]},
    {"amount": "9" * 400},
    {"day": "2020-11-02"},
    {"day": "31/31/2563"},
    {"day": None},
    {"no": -1, "book": "12"},
    {"no": 1, "book": "\x00"},
    {"no": 1, "book": "\ud83d"},
    {"payer": "x" * 201},
    {"fee": "-1"},
    {"seen": "x" * 9},
]


def test_strange_things_in_a_line_are_refused_with_a_reason(phone, who) -> None:
    member = member_owing(who.community)
    opened(who)
    for strange in STRANGE:
        answer = send(phone, line(member, **strange))
        assert (answer.status, answer.lines) == (200, {member.number: ("refused", None)}), strange
        assert answer.full[member.number]["why"], strange
    for number in (None, "x", 0, -1, 10**12, {"a": 1}, member_owing(CommunityFactory(number=2)).number):
        answer = send(phone, line(member) | {"n": number}, line(member))
        assert answer.lines[member.number] == ("written", "365.00"), number
        assert sorted(state for state, _now in answer.lines.values()) == ["refused", "written"], number
    assert send(phone, 5, None, [1]).lines == {None: ("refused", None)}
    assert CollectionLine.objects.count() == 1


def test_half_an_emoji_in_a_name_stops_nothing(phone, who) -> None:
    member = member_owing(who.community)
    opened(who)
    answer = send(phone, line(member, payer="สมมติ \ud83d"))
    assert answer.lines == {member.number: ("written", "365.00")}
    assert CollectionLine.objects.get().door_receipt.payer_name == "สมมติ ?"


def test_a_full_batch_costs_as_many_queries_as_one_line(phone, who, django_assert_max_num_queries) -> None:
    members = [member_owing(who.community) for _ in range(MOST_LINES)]
    opened(who)
    who_word = settings_of(phone)["who"]
    body = json.dumps({"id": str(uuid.uuid4()), "who": who_word, "lines": [line(member) for member in members]})
    with django_assert_max_num_queries(30):
        phone.post(f"{SHEET}send/", body, content_type="application/json")
    assert CollectionLine.objects.count() == MOST_LINES


def test_eight_times_the_same_batch_at_one_moment_is_one(committed_db) -> None:
    who = make_cast()
    member = member_owing(who.community)
    sheet: CollectionSheet = opened(who)
    typed = [TypedLine(TakenAtDoor(member, Decimal("365.00"), date(2020, 10, 20)), NEW)]
    request = acting(who.leader)
    found = at_once(*[lambda: take_send(sheet=sheet, typed=typed, **request)] * 8)
    assert {one.pk for one in found} == {SheetSend.objects.get().pk}
    assert (CollectionLine.objects.get().amount, found[0].answer["lines"]) == (
        YEAR,
        [{"n": member.number, "state": "written"}],
    )

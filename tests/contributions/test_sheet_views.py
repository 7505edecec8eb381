"""The leader's sheet on a phone, and the treasurer's counting."""

import gzip
import uuid
from datetime import date
from decimal import Decimal

import pytest

from contributions.models import CollectionLine, CollectionSheet
from contributions.sheets import submit_sheet
from ledger.models import ReceiptBook
from members.life import House, transfer_member
from tests.contributions.conftest import NOW, TODAY, acting, books, member_owing
from tests.contributions.test_receipt_books import given, put
from tests.contributions.test_sheets import YEAR, opened, submitted, write
from tests.factories import CommunityFactory, HouseholdFactory, make_user

SHEET = "/money-in/sheets/2563/1/"


@pytest.fixture
def leader(client, who):
    client.force_login(who.leader)
    return client


def send(client, path: str, **typed: object):
    return client.post(path, {"request_id": str(uuid.uuid4()), "date": "2020-10-20", **typed})


def test_a_leader_starts_a_sheet_and_comes_straight_to_it_next_time(leader, who) -> None:
    assert leader.get("/money-in/collect/").url == "/money-in/sheets/"
    assert send(leader, "/money-in/sheets/open/", community=who.community.number).url == SHEET
    assert leader.get("/money-in/collect/").url == SHEET


def test_a_sheet_of_another_community_cannot_be_opened_or_seen(leader, who) -> None:
    other = CommunityFactory(number=2)
    assert send(leader, "/money-in/sheets/open/", community=2).status_code == 404
    opened(who)
    leader.force_login(make_user("leader", community=other))
    assert [leader.get(SHEET + page).status_code for page in ("", "submit/", "pdf/")] == [404, 404, 404]


def test_one_touch_writes_paid_in_full_and_keeps_the_day(leader, who) -> None:
    member = member_owing(who.community)
    opened(who)
    response = send(leader, SHEET, pay=f"{member.number}:365.00")
    assert response.url == f"{SHEET}?date=2020-10-20#m{member.number}"
    line = CollectionLine.objects.get()
    assert (line.member, line.amount, line.paid_on) == (member, YEAR, date(2020, 10, 20))
    page = leader.get(SHEET, {"date": "2020-10-20"})
    assert (page.context["totals"].still_to_pay, page.context["totals"].cash) == (0, YEAR)
    send(leader, SHEET, undo=member.number)
    assert CollectionLine.objects.count() == 0


def test_an_amount_too_far_ahead_is_answered_on_the_page(leader, who) -> None:
    member = member_owing(who.community)
    opened(who)
    response = leader.get(send(leader, SHEET, pay=f"{member.number}:5000").url)
    assert "1,460.00" in str(next(iter(response.context["messages"])))
    assert CollectionLine.objects.count() == 0


def test_a_day_in_the_future_stays_typed_with_its_sentence(leader, who) -> None:
    member = member_owing(who.community)
    opened(who)
    response = send(leader, SHEET, pay=f"{member.number}:365", date="2020-11-02")
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["date"])
    assert 'value="2563"' in response.content.decode()


def test_a_member_of_another_community_is_not_on_the_sheet(leader, who) -> None:
    stranger = member_owing(CommunityFactory(number=2))
    opened(who)
    assert send(leader, SHEET, pay=f"{stranger.number}:365").status_code == 404


def test_the_line_of_one_who_has_moved_since_is_taken_off_and_nothing_else_shown_of_her(leader, who) -> None:
    second, member = CommunityFactory(number=2), member_owing(who.community)
    write(opened(who), member, who)
    day = {"on": TODAY, "today": TODAY, "now": NOW, "house": House("99/9")}
    transfer_member(member=member, community=second, by=None, request_id=uuid.uuid4(), **day)
    assert "99/9" not in leader.get(SHEET).content.decode()
    assert send(leader, SHEET, pay=f"{member.number}:730").status_code == 404
    assert send(leader, SHEET, undo=member.number).status_code == 302
    assert CollectionLine.objects.count() == 0


def test_handing_in_asks_once_more_then_books(leader, who) -> None:
    sheet = opened(who)
    write(sheet, member_owing(who.community), who)
    asked = leader.get(f"{SHEET}submit/")
    assert (asked.context["total"], books()) == (YEAR, {})
    request_id = str(uuid.uuid4())
    for _ in range(2):
        assert send(leader, f"{SHEET}submit/", request_id=request_id).url == SHEET
    assert books()["4110"] == -YEAR
    assert b"365.00" in leader.get(SHEET).content
    assert leader.get(f"{SHEET}submit/").url == SHEET  # by the Back button: it was handed in


def test_a_sheet_whose_receipts_are_all_of_paper_offers_none_to_print(leader, who) -> None:
    book, sheet, members = given(who), opened(who), [member_owing(who.community) for _ in range(2)]
    put(sheet, members[0], who, book, 1)
    submit_sheet(sheet=sheet, **acting(who.leader))
    assert "/books/receipts/of-entry/" not in leader.get(SHEET).content.decode()
    other = opened(who)
    write(other, members[1], who)
    submit_sheet(sheet=other, **acting(who.leader))
    assert "/books/receipts/of-entry/" in leader.get("/money-in/sheets/2563/2/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_handed_in_sheet_links_each_receipt_without_a_query_for_each(
    leader, who, django_assert_num_queries, count
) -> None:
    submitted(who, count)
    with django_assert_num_queries(9):
        page = leader.get(SHEET).content.decode()
    assert [f"/books/receipts/2563/{number}/" in page for number in range(1, count + 2)] == [True] * count + [False]


def test_an_empty_sheet_is_not_handed_in(leader, who) -> None:
    opened(who)
    response = send(leader, f"{SHEET}submit/")
    assert (response.status_code, CollectionSheet.objects.get().state) == (200, "draft")


def test_the_treasurer_counts_and_names_a_difference(client, who) -> None:
    submitted(who)
    client.force_login(who.treasurer)
    assert f"{SHEET}accept/" in client.get("/money-in/sheets/").content.decode()
    refused = send(client, f"{SHEET}accept/", counted="700")
    assert list(refused.context["form"].errors) == ["difference_reason"]
    assert b'value="700"' in refused.content
    assert send(client, f"{SHEET}accept/", counted="700", difference_reason="ทอนเกิน").url == "/money-in/sheets/"
    assert books() == {"1010": Decimal("700.00"), "4110": Decimal("-730.00"), "4590": Decimal("30.00")}


def test_the_auditor_sees_the_sheet_and_no_button(client, who) -> None:
    submitted(who)
    client.force_login(who.auditor)
    page = client.get(SHEET).content.decode()
    assert (page.count('<form method="post"'), "accept/" in page) == (2, False)  # the language and signing out
    assert client.get(f"{SHEET}accept/").status_code == 403
    assert client.get(f"{SHEET}submit/").status_code == 403


def test_the_sheet_prints(leader, who) -> None:
    member_owing(who.community)
    opened(who)
    response = leader.get(f"{SHEET}pdf/")
    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")


def test_the_page_of_240_members_is_light(leader, who) -> None:
    for _ in range(240):
        member_owing(who.community)
    opened(who)
    assert len(gzip.compress(leader.get(SHEET).content, 6)) < 30_000


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_for_one_as_for_three(
    leader, who, django_assert_num_queries, count
) -> None:
    for _ in range(count):
        member_owing(who.community)
    opened(who)
    with django_assert_num_queries(13):
        leader.get(SHEET)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_sheets_has_no_query_for_each(client, who, django_assert_num_queries, count) -> None:
    for number in range(count):
        community = CommunityFactory(number=10 + number)
        who.community, who.leader = community, make_user("leader", community=community)
        opened(who)
    client.force_login(who.treasurer)
    with django_assert_num_queries(7):
        client.get("/money-in/sheets/")


def test_without_a_regulation_the_pages_say_so(leader, who) -> None:
    member = member_owing(who.community, joined_on=date(2010, 4, 30), paid_through=date(2010, 4, 29))
    opened(who)
    assert [leader.get(f"{SHEET}{page}").url for page in ("", "pdf/")] == ["/money-in/sheets/"] * 2
    leader.force_login(who.treasurer)
    assert leader.get(f"/money-in/dues/{member.number}/").url == "/money-in/dues/"


# --- one line typed, without a script ---------------------------------------------------------------------


def paper_book(who, label: str = "12") -> ReceiptBook:
    facts = {"first_number": 7, "last_number": 8, "given_on": TODAY, "given_by": who.treasurer}
    return ReceiptBook.objects.create(label=label, holder=who.leader, **facts)


def on_paper() -> dict[int, tuple[Decimal, int | None, str]]:
    lines = CollectionLine.objects.select_related("door_receipt", "member")
    return {line.member.number: (line.amount, line.door_receipt.number, line.door_receipt.payer_name) for line in lines}


def test_each_touch_takes_the_next_number_of_the_book_she_holds(leader, who) -> None:
    paper_book(who)
    first, second = (member_owing(who.community) for _ in range(2))
    opened(who)
    assert leader.get(SHEET).context["form"].initial["number"] == 7
    send(leader, SHEET, pay=f"{first.number}:365", book="12", number="7")
    answer = send(leader, SHEET, pay=f"{second.number}:365", book="12")
    assert on_paper() == {first.number: (YEAR, 7, ""), second.number: (YEAR, 8, "")}
    assert "book=12" in answer.url
    full = send(leader, SHEET, pay=f"{second.number}:365", book="12")
    assert list(full.context["form"].errors) == ["book"]
    refused = leader.get(send(leader, SHEET, pay=f"{second.number}:365", book="12", number="7").url)
    assert first.full_name in str(next(iter(refused.context["messages"])))  # who has that number


def test_one_payer_pays_for_the_house_with_one_paper_receipt(leader, who) -> None:
    paper_book(who)
    home = HouseholdFactory(community=who.community)
    mother, child = (member_owing(who.community, household=home) for _ in range(2))
    opened(who)
    page = leader.get(SHEET, {"edit": mother.number})
    tick = f"{child.number}:365.00:0.00"
    assert [value for value, _label in page.context["form"].fields["others"].choices] == [tick]
    typed = {"line": mother.number, "amount": "730", "others": [tick], "book": "12", "number": "7"}
    elsewhere = send(leader, SHEET, **typed | {"others": [f"{child.number}:265.00:0.00"]})  # a page of before
    assert (list(elsewhere.context["form"].errors), CollectionLine.objects.count()) == (["others"], 0)
    assert send(leader, SHEET, **typed).url.endswith(f"#m{mother.number}")
    payer = mother.full_name
    assert on_paper() == {mother.number: (YEAR * 2, 7, payer), child.number: (YEAR, 7, payer)}
    again = leader.get(SHEET, {"edit": mother.number}).context["form"].initial
    assert (again["amount"], again["number"], again["payer_name"]) == (YEAR * 2, 7, payer)


def test_what_was_typed_for_a_house_is_written_whole_or_not_at_all(leader, who) -> None:
    paper_book(who)
    home = HouseholdFactory(community=who.community)
    mother, child = (member_owing(who.community, household=home) for _ in range(2))
    opened(who)
    tick = f"{child.number}:365.00:0.00"
    typed = {"line": mother.number, "amount": "365", "others": [tick], "book": "12", "number": "9"}
    refused = send(leader, SHEET, **typed)
    assert (list(refused.context["form"].errors), CollectionLine.objects.count()) == (["number"], 0)
    assert 'value="9"' in refused.content.decode()
    assert leader.get(SHEET, {"edit": "x"}).status_code == 404
    assert send(leader, SHEET, line="99999", amount="365").status_code == 404
    stranger = member_owing(CommunityFactory(number=2))
    assert leader.get(SHEET, {"edit": stranger.number}).status_code == 404

"""What waits for a second person: in the list of voids, and on the first page of those who may confirm."""

from types import SimpleNamespace

import pytest

from contributions.voids import ask_to_void, confirm_void
from ledger.reversing import ask_to_reverse, confirm_reversal
from ledger.waiting_voids import to_confirm, waiting_voids
from tests.contributions.conftest import NOW, TODAY, acting, make_cast
from tests.contributions.test_money_in import gift, move

WHEN = {"today": TODAY, "now": NOW}
COUNTED = '<dd><a href="/books/voids/">{}</a></dd>'


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast()


def asked_for(who: SimpleNamespace, rows: int) -> None:
    """So many entries are asked to be reversed, and so many receipts to be made void."""
    for n in range(rows):
        receipt = gift(who, f"ร้านที่ {n}", "1000.00")
        who.banked = move(who, "600.00")
        ask_to_reverse(entry=who.banked, reason="นับผิด", **acting(who.treasurer))
        ask_to_void(receipt=receipt, reason="พิมพ์ผิดคน", **acting(who.treasurer))
        who.receipt = receipt


def test_what_waits_is_named_until_another_person_confirms(client, who) -> None:
    asked_for(who, 1)
    client.force_login(who.committee)
    page = client.get("/books/voids/")
    rows = [(row.label, row.total, row.asked_by, row.reason, row.address) for row in page.context["waiting"]]
    entry = f"/books/journal/{who.banked.number}/"
    assert rows == [
        (str(who.banked.number), 600, who.treasurer, "นับผิด", entry),
        (who.receipt.label, 1000, who.treasurer, "พิมพ์ผิดคน", who.receipt.get_absolute_url()),
    ]
    assert page.content.decode().count(f'href="{entry}"') == 1
    assert COUNTED.format(2) in client.get("/").content.decode()
    confirm_reversal(entry=who.banked, by=who.committee, **WHEN)
    confirm_void(receipt=who.receipt, by=who.committee, **WHEN)
    assert (waiting_voids(), to_confirm(who.committee)) == ([], 0)
    assert 'id="waiting"' not in client.get("/books/voids/").content.decode()
    assert client.get("/").context["desks"].committee.to_confirm == 0


def test_who_asked_is_not_told_to_confirm_it_herself(client, who) -> None:
    asked_for(who, 1)
    client.force_login(who.treasurer)
    assert client.get("/").context["desks"].treasurer.to_confirm == 0
    page = client.get("/books/voids/")
    assert (len(page.context["waiting"]), page.content.decode().count('id="waiting"')) == (2, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_with_one_row_as_with_three(
    client, who, rows, django_assert_num_queries
) -> None:
    asked_for(who, rows)
    client.force_login(who.committee)
    with django_assert_num_queries(11):
        client.get("/books/voids/")

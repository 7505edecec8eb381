"""The page of one member's dues: the entry fee beside them, far ahead, and the way to one payer for several."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from contributions.models import DuesPayment, EntryFee
from ledger.check import check_ledger
from ledger.models import Receipt
from members.models import Household, Member, Membership
from tests.contributions.conftest import books, member_owing, membership, regulate
from tests.contributions.test_views import DAY

FEE, YEAR = Decimal("50.00"), Decimal("365.00")


@pytest.fixture
def desk(who) -> Client:
    client = Client()
    client.force_login(who.treasurer)
    client.cookies["django_language"] = "en"
    return client


def newcomer(who):
    regulate(date(2020, 1, 1), entry_fee=50)
    return member_owing(who.community, joined_on=date(2020, 6, 1), paid_through=date(2020, 5, 31))


def sent(who, **typed: object) -> dict[str, object]:
    return {"request_id": str(uuid.uuid4()), **DAY, "account": who.cash.pk} | typed


def test_the_entry_fee_is_ticked_and_stands_on_the_one_receipt(desk, who) -> None:
    member = newcomer(who)
    path = f"/money-in/dues/{member.number}/"
    shown = desk.get(path).context
    assert (shown["owed"], shown["entry_fee"], shown["form"]["entry_fee"].initial) == (YEAR, FEE, True)
    typed = sent(who, periods=["2020-06-01"], entry_fee="on")
    first, again = desk.post(path, typed), desk.post(path, typed)
    assert (first.status_code, again.url) == (302, first.url)
    receipt = Receipt.objects.get()
    assert [line.amount for line in receipt.lines.order_by("pk")] == [YEAR, FEE]
    assert EntryFee.objects.get().receipt == receipt
    assert (membership(member).paid_through, check_ledger().problems) == (date(2020, 12, 31), ())
    stale = desk.post(path, sent(who, periods=["2021-01-01"], entry_fee="on"))
    assert receipt.label in stale.content.decode()
    assert Receipt.objects.count() == 1


def test_the_fee_comes_alone_or_later(desk, who) -> None:
    member = newcomer(who)
    path = f"/money-in/dues/{member.number}/"
    assert desk.post(path, sent(who, periods=["2020-06-01"])).status_code == 302
    shown = desk.get(path).context
    assert (shown["owed"], shown["entry_fee"], shown["form"].initial["periods"]) == (0, FEE, [])
    assert set(desk.post(path, sent(who)).context["form"].errors) == {"periods"}
    assert desk.post(path, sent(who, entry_fee="on")).status_code == 302
    assert (books()["1010"], EntryFee.objects.get().amount, DuesPayment.objects.count()) == (YEAR + FEE, FEE, 1)
    assert "entry_fee" not in desk.get(path).context["form"].fields
    assert check_ledger().problems == ()


def test_far_ahead_is_one_choice_and_never_another_sum(desk, who) -> None:
    member = member_owing(who.community)
    path = f"/money-in/dues/{member.number}/"
    ticks = desk.get(path).context["form"].fields["periods"].choices
    assert [day for day, _words in ticks] == ["2020-01-01", "2021-01-01", "2022-01-01"]
    path += "?ahead=1"
    form = desk.get(path).context["form"]
    assert form.fields["periods"].choices == [
        ("2020-01-01", "2563 – 365.00"),
        ("2020-01-01,2021-01-01", "2564 – 730.00"),
        ("2020-01-01,2021-01-01,2022-01-01", "2565 – 1,095.00"),
        ("2020-01-01,2021-01-01,2022-01-01,2023-01-01", "2566 – 1,460.00"),
    ]
    typed = sent(who, periods="2020-01-01,2021-01-01,2022-01-01,2023-01-01")
    first, again = desk.post(path, typed), desk.post(path, typed)
    assert (first.status_code, again.url, Receipt.objects.get().total) == (302, first.url, Decimal("1460.00"))
    # the page of another window, where nothing had been paid yet
    stale = desk.post(path, sent(who, periods="2020-01-01,2021-01-01"))
    assert Receipt.objects.get().label in str(stale.context["form"].errors["periods"])
    for broken in ("", "2020-01-01,", "2020-13-01", "x"):
        assert set(desk.post(path, sent(who, periods=broken)).context["form"].errors) == {"periods"}


def test_several_found_are_ticked_for_one_payer(desk, who) -> None:
    first, second = member_owing(who.community), member_owing(who.community)
    page = desk.get("/money-in/dues/", {"q": "ทดสอบ"}).content.decode()
    assert page.count('form="together"') == 3
    together = desk.get("/money-in/dues/together/", {"member": [first.number, second.number]})
    assert [one.member for one in together.context["form"].payable] == [first, second]
    assert f"/money-in/dues/{first.number}/" in together.content.decode()


def test_a_page_whose_sum_is_no_longer_what_is_asked_takes_nothing(desk, who) -> None:
    """She took 365 as her page said; meanwhile a part of 100 came in, and the receipt would say 265."""
    member = member_owing(who.community)
    path = f"/money-in/dues/{member.number}/"
    typed = sent(who, periods=["2020-01-01"], prices=desk.get(path).context["form"]["prices"].value())
    together = sent(who, payer_name="นางสอง สมมติ") | {f"pays_{member.number}": "on", f"amount_{member.number}": "100"}
    assert desk.post(f"/money-in/dues/together/?member={member.number}", together).status_code == 302
    form = desk.post(path, typed).context["form"]
    assert "265.00" in form.errors["periods"][0]
    assert "365.00" in form.errors["periods"][0]
    assert Receipt.objects.count() == 1
    again = typed | {"prices": form["prices"].value()}
    assert desk.post(path, again).status_code == 302
    assert (books()["1010"], membership(member).paid_through) == (YEAR, date(2020, 12, 31))
    for hostile in ("2021-01-01=x", "=", "2021-01-01=1e999", "2021-01-01=NaN"):
        wrong = desk.post(path, sent(who, periods=["2022-01-01"], prices=hostile))
        assert set(wrong.context["form"].errors) == {"periods"}


def test_one_payers_page_takes_nothing_twice_and_forgets_no_amount(desk, who) -> None:
    first, gone = member_owing(who.community), member_owing(who.community)
    house = Household.objects.create(community=who.community, house_number="9")
    Member.objects.filter(pk__in=[first.pk, gone.pk]).update(household=house)
    second = member_owing(who.community)
    Membership.objects.filter(member=gone).update(ended_on=date(2020, 1, 31), end_reason="resigned")
    path = f"/money-in/dues/together/?member={first.number}&member={second.number}"
    form = desk.get(path).context["form"]
    assert [one.member for one in form.payable] == [first, second]  # who left is not proposed with her house
    typed = sent(who, payer_name="นางจ่าย สมมติ", debts=form["debts"].value())
    typed |= {f"pays_{first.number}": "on", f"amount_{first.number}": "365", f"amount_{second.number}": "365"}
    forgotten = desk.post(path, typed | {f"amount_{second.number}": "200"})
    assert set(forgotten.context["form"].errors) == {f"pays_{second.number}"}
    assert desk.post(f"/money-in/dues/{first.number}/", sent(who, periods=["2020-01-01"])).status_code == 302
    stale = desk.post(path, typed).context["form"]
    assert (set(stale.errors), Receipt.objects.count()) == ({f"amount_{first.number}"}, 1)
    knowingly = typed | {"debts": stale["debts"].value()}
    once, again = desk.post(path, knowingly), desk.post(path, knowingly)
    assert (once.status_code, again.url, Receipt.objects.count()) == (302, once.url, 2)
    assert membership(first).paid_through == date(2021, 12, 31)

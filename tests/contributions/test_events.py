"""The annual event: its desk, what came in and went out, pledges, sales, gifts in kind, and its closing."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from contributions.costs import NotOfTheEvent, pay_cost
from contributions.envelopes import issue_envelopes, write_off_envelopes
from contributions.events import EventClosed, NotReadyToClose, SameEvent, change_event, close_event, make_event
from contributions.forms.money import NoSuchContributor, named_contributor
from contributions.gifts import ContributorFacts, record_gift
from contributions.in_kind import record_in_kind
from contributions.models import Campaign, Pledge, SaleItem
from contributions.pledges import PledgeNotOpen, give_up_pledge, pay_pledge, write_pledge
from contributions.queries.events import event_sums, with_paid, with_raised
from contributions.sales import SoldOut, add_item, change_item, sell
from contributions.sponsors import SponsorsAlready, add_sponsor
from contributions.verbs import TooMuch
from contributions.voids import void_receipt, void_voucher
from ledger.accounts import account
from ledger.check import check_ledger
from ledger.models import Account, AccountRole, PaymentVoucher, Receipt
from tests.contributions.conftest import NOW, TODAY, acting, books


def event(**changes) -> Campaign:
    facts = {"name_th": "ผ้าป่าทดสอบ", "name_en": "Test event", "year_be": 2563, "held_on": date(2020, 10, 20)}
    return Campaign.objects.create(**(facts | changes))


def gift_at(who, campaign: Campaign, name: str = "ร้านทดสอบ", amount: str = "500.00", **changes) -> Receipt:
    facts = {
        "contributor": ContributorFacts(name=name),
        "income_account": account(AccountRole.GIFT),
        "amount": Decimal(amount),
        "received_on": TODAY,
        "place": who.cash,
        "campaign": campaign,
        **acting(who.treasurer),
    }
    return record_gift(**(facts | changes))


def undo(who, receipt: Receipt) -> None:
    void_receipt(receipt=receipt, reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)


def test_the_sums_of_an_event_are_its_papers_that_hold(who, django_assert_num_queries) -> None:
    one = event()
    gift_at(who, one)
    gift_at(who, one, amount="20.50", place=who.bank)
    gift_at(who, event(name_th="อื่น"), amount="7.00")
    undo(who, gift_at(who, one, "นางสมมติ ใจดี", "9.00"))
    with django_assert_num_queries(5):
        sums = event_sums(one)
    assert (sums.cash, sums.transfer, sums.raised) == (Decimal("500.00"), Decimal("20.50"), Decimal("520.50"))
    assert (sums.givers, sums.net, sums.envelopes_out, sums.pledges_open) == (1, Decimal("520.50"), 0, 0)
    assert [(line.times, line.total, line.quantity) for line in sums.gifts] == [(2, Decimal("520.50"), 0)]


def made(who, **changes) -> Campaign:
    facts = {"kind": "walk-run", "name_th": "เดินวิ่งทดสอบ", "held_on": TODAY, "target": Decimal("50000.00")}
    return make_event(**(facts | acting(who.committee) | changes))


def test_an_event_stands_once_in_its_year_and_is_corrected_while_it_is_open(who) -> None:
    one = made(who)
    assert (one.year_be, one.name_en, made(who, held_on=date(2021, 11, 1)).year_be) == (2563, "เดินวิ่งทดสอบ", 2564)
    with pytest.raises(SameEvent):
        made(who)
    changed = {"kind": "banquet", "name_th": "โต๊ะจีนทดสอบ", "held_on": date(2019, 11, 2)}
    change_event(campaign=one, **changed, **acting(who.committee))
    one.refresh_from_db()
    assert (one.kind, one.year_be, one.target) == ("banquet", 2562, None)


def test_a_sponsor_stands_once_at_an_event(who) -> None:
    one, chair = made(who), ContributorFacts(name="ห้างทดสอบ", kind="shop")
    add_sponsor(campaign=one, contributor=chair, part="ประธาน", **acting(who.committee))
    with pytest.raises(SponsorsAlready):
        add_sponsor(campaign=one, contributor=chair, **acting(who.committee))
    assert [(sponsor.contributor.name, sponsor.part) for sponsor in one.sponsors.all()] == [("ห้างทดสอบ", "ประธาน")]


# --- pledges ----------------------------------------------------------------------------------------------


def pledged(who, campaign: Campaign | None = None, amount: str = "1000.00", **changes) -> Pledge:
    facts = {"contributor": ContributorFacts(name="นางสมมติ ใจดี"), "amount": Decimal(amount), "pledged_on": TODAY}
    return write_pledge(**(facts | {"campaign": campaign} | acting(who.committee) | changes))


def pay(who, pledge: Pledge, amount: str, **changes) -> Receipt:
    facts = {"amount": Decimal(amount), "received_on": TODAY, "place": who.cash}
    money = facts | {"income_account": account(AccountRole.GIFT)}
    return pay_pledge(pledge=pledge, **(money | acting(who.treasurer) | changes))


def still(pledge: Pledge) -> Decimal:
    return with_paid(Pledge.objects.filter(pk=pledge.pk)).get().still


def test_a_pledge_is_fulfilled_by_its_gifts_and_a_void_opens_it_again(who) -> None:
    one = made(who)
    pledge = pledged(who, one)
    click = {"request_id": uuid.uuid4()}
    assert pay(who, pledge, "400.00", **click) == pay(who, pledge, "400.00", **click)  # a double click
    rest = pay(who, pledge, "600.00")
    with pytest.raises(PledgeNotOpen):
        pay(who, pledge, "1.00")
    assert (still(pledge), event_sums(one).pledges_open, event_sums(one).raised) == (0, 0, Decimal("1000.00"))
    undo(who, rest)
    sums = event_sums(one)
    assert (sums.pledges_open, sums.pledged_baht, sums.raised) == (1, Decimal("600.00"), Decimal("400.00"))
    give_up_pledge(pledge=pledge, reason="ย้ายไปแล้ว", **acting(who.committee))
    with pytest.raises(PledgeNotOpen):
        pay(who, pledge, "600.00")
    assert event_sums(one).pledges_open == 0


# --- sales ------------------------------------------------------------------------------------------------


def item(who, campaign: Campaign, stock: int | None = 10, price: Decimal = Decimal("250.00")) -> SaleItem:
    facts = {"kind": "shirt", "name": "เสื้อทดสอบ", "price": price, "stock": stock}
    return add_item(campaign=campaign, **facts, **acting(who.committee))


def sold(who, one: SaleItem, quantity: int, **changes) -> Receipt:
    return sell(
        item=one, quantity=quantity, **({"sold_on": TODAY, "place": who.cash} | acting(who.treasurer) | changes)
    )


def test_no_more_is_sold_than_there_is_and_a_void_puts_it_back(who) -> None:
    one = made(who)
    shirt = item(who, one)
    receipt = sold(who, shirt, 8)
    assert (receipt.total, receipt.kind, books()["4430"]) == (Decimal("2000.00"), "other", Decimal("-2000.00"))
    with pytest.raises(SoldOut, match="2"):
        sold(who, shirt, 3)
    with pytest.raises(SoldOut):
        change_item(item=shirt, kind="shirt", name="เสื้อ", price=Decimal("1.00"), stock=7, **acting(who.committee))
    undo(who, receipt)
    sold(who, shirt, 10, buyer_name="นายผู้ซื้อ สมมติ")
    (line,) = event_sums(one).sales
    assert (line.name_th, line.quantity, line.cash) == ("เสื้อทดสอบ", 10, Decimal("2500.00"))


def test_what_no_amount_can_hold_is_refused(who) -> None:
    dear = item(who, made(who), price=Decimal("999999999999.99"), stock=None)
    with pytest.raises(TooMuch, match="999,999,999,999"):
        sold(who, dear, 2)


def test_a_number_alone_is_a_contributor_and_never_a_name(who) -> None:
    one = made(who)
    add_sponsor(campaign=one, contributor=ContributorFacts("ร้านทดสอบ"), **acting(who.committee))
    assert [named_contributor(text) for text in (" ๑ ", "1 ร้านทดสอบ", "7 ดาว")] == [
        ("ร้านทดสอบ", 1),
        ("ร้านทดสอบ", 1),
        ("7 ดาว", None),
    ]
    with pytest.raises(NoSuchContributor, match="22"):
        named_contributor("22")


# --- in kind, costs, closing ------------------------------------------------------------------------------


def test_a_gift_in_kind_has_a_number_and_is_no_money(who) -> None:
    one = made(who)
    rice = {"description": "ข้าวสาร 10 ถุง", "received_on": TODAY, "said_value": Decimal("1500.00")}
    giver = ContributorFacts(name="ร้านทดสอบ", kind="shop")
    gifts = [record_in_kind(contributor=giver, campaign=one, **rice, **acting(who.committee)) for _ in range(2)]
    assert ([gift.label for gift in gifts], books()) == (["2563/0001", "2563/0002"], {})
    sums = event_sums(one)
    assert (sums.in_kind, sums.in_kind_said, sums.raised) == (2, Decimal("3000.00"), 0)


def cost_of(who, campaign: Campaign, role: AccountRole = AccountRole.EVENT_COST) -> PaymentVoucher:
    facts = {"description": "เต็นท์", "payee": "ร้านเต็นท์", "amount": Decimal("300.00"), "paid_on": TODAY}
    place = {"place": who.cash, "campaign": campaign, "cost_account": Account.objects.filter(role=role).first()}
    return pay_cost(**facts, **place, **acting(who.treasurer))


def test_only_a_cost_of_the_event_names_it_and_is_taken_off(who) -> None:
    one = made(who)
    gift_at(who, one)
    with pytest.raises(NotOfTheEvent):
        cost_of(who, one, AccountRole.ADMINISTRATION)
    voucher = cost_of(who, one)
    assert (event_sums(one).costs, event_sums(one).net) == (Decimal("300.00"), Decimal("200.00"))
    void_voucher(voucher=voucher, reason="ผิด", by=who.treasurer, today=TODAY, now=NOW)
    assert (event_sums(one).net, [row.net for row in with_raised(Campaign.objects.all())]) == (500, [500])


def test_no_event_is_closed_before_its_day_or_with_cash_that_nobody_counted(who) -> None:
    one, later = made(who), made(who, name_th="อื่น", held_on=date(2020, 12, 5))
    gift_at(who, one, amount="1234.50")
    for campaign, said in ((one, "1,234.50"), (later, "5")):
        with pytest.raises(NotReadyToClose, match=said):
            close_event(campaign=campaign, **acting(who.committee))
    assert not Campaign.objects.exclude(closed_on=None).exists()


def test_nothing_is_put_to_a_closed_event_and_a_late_pledge_is_a_gift_without_it(who) -> None:
    one = made(who)
    shirt, pledge = item(who, one), pledged(who, one)
    gift_at(who, one, place=who.bank)
    issue_envelopes(campaign=one, first=1, last=2, issued_to="ผู้นำ", issued_on=TODAY, **acting(who.committee))
    with pytest.raises(NotReadyToClose, match="2"):
        close_event(campaign=one, **acting(who.committee))
    lost = {"first": 1, "last": 2, "state": "lost", "on": TODAY}
    write_off_envelopes(campaign=one, **lost, **acting(who.committee))
    close_event(campaign=one, **acting(who.committee))
    one.refresh_from_db()
    refused = [
        lambda: gift_at(who, one),
        lambda: sold(who, shirt, 1),
        lambda: cost_of(who, one),
        lambda: pledged(who, one),
        lambda: item(who, one),
    ]
    for attempt in refused:
        with pytest.raises(EventClosed):
            attempt()
    assert pay(who, pledge, "1000.00").gift.campaign is None
    assert (event_sums(one).raised, still(pledge)) == (Decimal("500.00"), 0)
    assert check_ledger().problems == ()

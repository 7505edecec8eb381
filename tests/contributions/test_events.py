"""The annual event: its desk, what came in and went out, pledges, sales, gifts in kind, and its closing."""

from datetime import date
from decimal import Decimal

from contributions.gifts import ContributorFacts, record_gift
from contributions.models import Campaign
from contributions.queries.events import event_sums
from contributions.voids import void_receipt
from ledger.accounts import account
from ledger.models import AccountRole, Receipt
from tests.contributions.conftest import NOW, TODAY, acting


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

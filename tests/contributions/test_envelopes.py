"""Numbered envelopes of an event: out, back with money, empty, lost; eight at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count

from contributions.envelopes import (
    BeforeItWentOut,
    EnvelopeNotOut,
    EnvelopeTaken,
    NoSuchRange,
    issue_envelopes,
    return_envelope,
    write_off_envelopes,
)
from contributions.gifts import ANONYMOUS, ContributorFacts
from contributions.models import Campaign, Contributor, Envelope
from ledger.models import Receipt
from tests.contributions.conftest import TODAY, acting, books, make_cast
from tests.contributions.test_events import event, item, sold, undo
from tests.races import at_once


def issue(who, campaign: Campaign, first: int, last: int, **changes) -> list[Envelope]:
    facts = {"issued_to": "ผู้นำ สมมติ", "issued_on": date(2020, 10, 1), **acting(who.committee)}
    return issue_envelopes(campaign=campaign, first=first, last=last, **(facts | changes))


def comes_back(who, campaign: Campaign, number: int, amount: str = "100.00", **changes) -> Receipt:
    facts = {"contributor": ContributorFacts(name=ANONYMOUS), "amount": Decimal(amount), "returned_on": TODAY}
    money = facts | {"place": who.cash} | acting(who.treasurer)
    return return_envelope(campaign=campaign, number=number, **(money | changes))


def write_off(who, campaign: Campaign, first: int, last: int, state: str) -> int:
    return write_off_envelopes(
        campaign=campaign, first=first, last=last, state=state, on=TODAY, **acting(who.committee)
    )


def states(campaign: Campaign) -> dict[str, int]:
    return dict(campaign.envelopes.order_by().values_list("state").annotate(n=Count("pk")))


def test_a_number_is_handed_out_once_and_the_same_click_twice_changes_nothing(who) -> None:
    one = event()
    assert [e.number for e in issue(who, one, 1, 20)] == list(range(1, 21))
    assert len(issue(who, one, 1, 20)) == 20
    with pytest.raises(EnvelopeTaken, match="15"):
        issue(who, one, 15, 30, issued_to="อื่น")
    for first, last in ((9, 3), (100, 900)):
        with pytest.raises(NoSuchRange):
            issue(who, one, first, last)
    issue(who, event(name_th="อื่น"), 1, 2)  # each event has its own numbers
    assert states(one) == {"issued": 20}


def test_an_envelope_comes_back_once_and_only_after_it_went_out(who) -> None:
    one = event()
    issue(who, one, 1, 5)
    receipt = comes_back(who, one, 1, "99.50")
    assert (receipt.party_name, receipt.gift.campaign, books()["4430"]) == (ANONYMOUS, one, Decimal("-99.50"))
    with pytest.raises(EnvelopeNotOut):
        comes_back(who, one, 1)
    with pytest.raises(EnvelopeNotOut, match="6"):
        comes_back(who, one, 6)
    with pytest.raises(BeforeItWentOut):
        comes_back(who, one, 2, returned_on=date(2020, 9, 30))
    with pytest.raises(EnvelopeNotOut):
        write_off(who, one, 1, 3, "empty")  # all or nothing: 2 and 3 stay out
    assert states(one) == {"returned": 1, "issued": 4}
    comes_back(who, one, 2)
    assert Contributor.objects.count() == 1  # one contributor for all who give no name


def test_a_lost_one_may_be_found_and_an_empty_one_has_no_money(who) -> None:
    one = event()
    issue(who, one, 1, 4)
    assert (write_off(who, one, 1, 2, "lost"), write_off(who, one, 3, 3, "empty")) == (2, 1)
    assert write_off(who, one, 3, 3, "empty") == 1
    comes_back(who, one, 2)
    with pytest.raises(EnvelopeNotOut):
        comes_back(who, one, 3)
    assert states(one) == {"lost": 1, "returned": 1, "empty": 1, "issued": 1}


def test_a_void_takes_the_envelope_out_again(who) -> None:
    one = event()
    issue(who, one, 1, 1)
    undo(who, comes_back(who, one, 1))
    back = one.envelopes.get()
    assert (back.state, back.gift, back.returned_on, books()) == ("issued", None, None, {})
    assert comes_back(who, one, 1, "70.00").total == Decimal("70.00")


def test_eight_at_once_take_one_envelope_and_the_last_shirt_once(committed_db) -> None:
    who = make_cast()
    one = event()
    issue(who, one, 1, 1)
    outcomes = at_once(*[lambda: comes_back(who, one, 1)] * 8)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["EnvelopeNotOut"] * 7 + ["Receipt"]
    assert (states(one), books()["4430"]) == ({"returned": 1}, Decimal("-100.00"))
    shirt = item(who, one, stock=1)
    outcomes = at_once(*[lambda: sold(who, shirt, 1)] * 8)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Receipt"] + ["SoldOut"] * 7

"""Money that cannot be taken, sent through the pages: each is answered in words, and nothing is booked."""

import uuid
from datetime import date

import pytest
from django.http import HttpResponse

from contributions.models import CollectionSheet
from ledger.models import AccountingMonth, Receipt
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, booked, refusals, send, shown
from tests.ledger.conftest import NOW

MONEY: list[Filled] = [
    forms.dues,
    forms.municipality,
    forms.matching_round,
    forms.gift,
    forms.interest,
    forms.cost,
    forms.transfer,
    forms.envelope_back,
]


@pytest.mark.parametrize("filled", MONEY, ids=lambda filled: filled.__name__)
def test_no_money_moves_in_a_closed_month_or_before_the_fund(house: House, filled) -> None:
    sent = filled(house)
    AccountingMonth.objects.filter(first_day=date(2020, 10, 1)).update(closed_at=NOW)
    before = booked()
    closed, early = (said(send(one)) for one in (sent, sent.with_day("date", "30", "4", "2553")))
    assert "The accounts of 20 October 2563 are closed." in closed
    assert early != ""
    assert booked() == before


def said(answer: HttpResponse) -> str:
    return " ".join(sentence for sentences in refusals(answer).values() for sentence in sentences)


@pytest.mark.parametrize(
    ("reason", "what_to_do"),
    [
        ("died", "give the money back to the family"),
        ("lapsed", "enrol the person again, or give the money back"),
    ],
)
def test_no_dues_are_taken_for_who_died_or_lapsed(house: House, reason, what_to_do) -> None:
    sent = forms.dues(house)
    house.debtor.memberships.update(ended_on=date(2020, 10, 1), end_reason=reason)
    before = booked()
    answer = said(send(sent))
    assert "on 1 October 2563. No dues are taken after that" in answer
    assert what_to_do in answer
    assert booked() == before


def test_a_year_that_is_paid_is_not_paid_again_by_another_form(house: House) -> None:
    first, second = forms.dues(house), forms.dues(house)
    assert send(first).status_code == 302
    before = booked()
    answer = send(second)
    assert Receipt.objects.get(member=house.debtor).label in shown(answer)
    assert booked() == before


def test_a_void_receipt_is_not_made_void_again(house: House) -> None:
    sent = forms.void_receipt(house)
    assert send(sent).status_code == 302
    before = booked()
    again = sent.with_fields(reason="อีกครั้ง", request_id=str(uuid.uuid4()))
    assert "is void already; nothing was changed" in shown(send(again))
    assert booked() == before


def test_a_hand_over_that_does_not_add_up_wants_its_reason(house: House) -> None:
    sent = forms.sheet_accept(house)
    before = booked()
    found = refusals(send(sent.with_fields(difference_reason="")))
    assert list(found) == ["difference_reason"]
    assert (booked(), CollectionSheet.objects.get().state) == (before, "submitted")

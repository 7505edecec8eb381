"""Every button that moves money or a claim, touched twice: carried out once, and both touches end at the same page."""

import threading
from typing import Any

import pytest
from django.db import connections

from contributions.models import CollectionSheet
from ledger.check import check_ledger
from ledger.models import Account
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, Sent, booked, browser_of, send, shown
from tests.factories import make_user
from welfare.models import Claim

BUTTONS: list[Filled] = [
    forms.dues,
    forms.municipality,
    forms.matching_round,
    forms.gift,
    forms.interest,
    forms.cost,
    forms.transfer,
    forms.sheet_open,
    forms.sheet_submit,
    forms.sheet_accept,
    forms.void_receipt,
    forms.ask_void,
    forms.confirm_void,
    forms.void_voucher,
    forms.claim,
    forms.submit_claim,
    forms.verify,
    forms.decide,
    forms.pay,
    forms.reverse_payment,
    forms.confirm_reversal,
    forms.death,
    forms.enrol,
    forms.meeting,
]
names = [button.__name__ for button in BUTTONS]


@pytest.mark.parametrize("button", BUTTONS, ids=names)
def test_a_second_click_changes_nothing_and_ends_where_the_first_did(house: House, button: Filled) -> None:
    sent = button(house)
    before = booked()
    first = send(sent)
    after = booked()
    second = send(sent)
    assert (first.status_code, second.status_code) == (302, 302), shown(first if first.status_code != 302 else second)
    assert (second.url, booked()) == (first.url, after)
    assert (button in UNBOOKED) == (before == after)
    assert check_ledger().problems == ()


# a second person is asked, a claim goes on its way, a meeting is opened: nothing to be counted in the books
UNBOOKED = {forms.ask_void, forms.reverse_payment, forms.submit_claim, forms.verify, forms.meeting}


def at_once(*clicks: Sent) -> list[Any]:
    """Send all at the same moment, each from a browser of its own, and give the answers."""
    barrier, answers = threading.Barrier(len(clicks)), [None] * len(clicks)

    def click(place: int, sent: Sent) -> None:
        barrier.wait()
        try:
            answers[place] = send(sent)
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=one) for one in enumerate(clicks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("button", BUTTONS, ids=names)
def test_two_clicks_at_the_same_moment_are_one(committed_house: House, button: Filled) -> None:
    sent = button(committed_house)
    first, second = at_once(sent, sent)
    assert (getattr(first, "status_code", first), getattr(second, "status_code", second)) == (302, 302)
    assert first.url == second.url
    found = booked()
    send(sent)
    assert booked() == found
    assert check_ledger().problems == ()


def test_two_touches_add_one_passbook_account(committed_house: House) -> None:
    typed = {"name_th": "ฝากประจำสมมติ", "bank_th": "ธนาคารสมมติ", "last_digits": "9999"}
    sent = Sent(make_user("administrator"), "/settings/bank/", typed)
    assert {answer.status_code for answer in at_once(sent, sent)} == {302}
    assert Account.objects.filter(last_digits="9999").count() == 1


def test_of_two_treasurers_one_pays_and_the_other_reads_who_did(committed_house: House) -> None:
    house = committed_house
    sent = forms.pay(house)
    other = Sent(house.second_treasurer, sent.path, forms.day("date", house.cast.today) | sent.fields)
    other = other.with_fields(request_id="0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01", witness="นายพยานคนที่สอง สมมติ")
    answers = at_once(sent, other)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    told = shown(next(answer for answer in answers if answer.status_code == 200))
    claim = Claim.objects.get()
    assert f"{claim.paid_by.display_name} paid claim {claim.label} on 1 November 2563" in told
    assert "Nothing was paid a second time." in told
    assert booked()["PaymentVoucher"] == 1


def test_of_two_treasurers_one_counts_and_the_other_reads_who_did(committed_house: House) -> None:
    house = committed_house
    sent = forms.sheet_accept(house)
    other = Sent(house.second_treasurer, sent.path, sent.fields | {"counted": "365", "difference_reason": ""})
    answers = at_once(sent, other)
    assert sorted(answer.url for answer in answers) == ["/money-in/sheets/", sent.path]
    told = shown(browser_of(house.second_treasurer).get(sent.path))
    sheet = CollectionSheet.objects.get()
    assert f"{sheet.accepted_by.display_name} accepted this sheet on 1 November 2563: {sheet.counted} baht." in told


def test_who_counts_a_sheet_that_another_accepted_is_told_that_nothing_was_booked(house: House) -> None:
    sent = forms.sheet_accept(house)
    send(sent)
    found = booked()
    client = browser_of(house.second_treasurer)
    answer = client.post(sent.path, sent.fields | {"counted": "365"}, follow=True)
    assert "This sheet was accepted before you. What you counted was not booked." in shown(answer)
    assert booked() == found


def test_two_registrars_who_enrol_one_person_make_one_member(committed_house: House) -> None:
    sent = forms.enrol(committed_house)
    other = sent.with_fields(request_id="0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01")
    answers = at_once(sent, other)
    assert sorted(getattr(answer, "status_code", 0) for answer in answers) == [200, 302]
    told = shown(next(answer for answer in answers if answer.status_code == 200))
    assert "This ID number belongs to member no. 201, นางสมมติ ใจดี. A person is enrolled once." in told
    assert check_ledger().problems == ()

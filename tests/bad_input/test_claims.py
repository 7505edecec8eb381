"""Claims that the rules refuse: the sentence says why, and what was typed stays."""

from datetime import date
from decimal import Decimal

import pytest

from members.models import EndReason
from members.verbs import end_membership
from tests.bad_input import house as forms
from tests.bad_input.house import House, Sent, booked, browser_of, day, refusals, send, shown, standing_in
from welfare.models import Claim

SUSPENDED = (
    "Rights were suspended on the day of the event, after 90 days in arrears. The committee decides, with a reason."
)


def joined(house: House, joined_on: date, paid_through: date) -> None:
    house.cast.member.memberships.update(joined_on=joined_on, paid_through=paid_through)


def refused(house: House, sent: Sent) -> list[str]:
    """What is said over the form; nothing is kept of the claim, and nothing typed is lost."""
    before = booked()
    answer = send(sent)
    found = refusals(answer)
    assert list(found) == ["__all__"]
    assert standing_in(answer, "note") == "มาด้วยรถสองแถว"
    assert [standing_in(answer, f"event_from_{part}") for part in ("day", "month", "year")] == ["5", "10", "2563"]
    assert booked() == before
    return found["__all__"]


def test_a_claim_before_the_waiting_time_names_the_day_on_which_rights_begin(house: House) -> None:
    joined(house, date(2020, 5, 1), date(2020, 12, 31))
    assert refused(house, forms.claim(house)) == [
        "The waiting period of 180 days was not over on 5 Oct 2563 BE; rights begin on 28 Oct 2563 BE."
    ]


def test_a_claim_of_a_lapsed_member_is_refused(house: House) -> None:
    membership = house.cast.member.memberships.get()
    end_membership(membership=membership, on=date(2020, 9, 1), reason=EndReason.LAPSED, today=house.cast.today)
    assert refused(house, forms.claim(house)) == ["The membership had been terminated before the day of the event."]


def test_a_claim_of_a_suspended_member_goes_to_the_committee_with_the_reason(house: House) -> None:
    joined(house, date(2015, 1, 1), date(2019, 12, 31))
    sent = forms.claim(house)
    looked = shown(send(sent.with_fields(look="1")))
    assert ("The committee decides" in looked, SUSPENDED in looked) == (True, True)
    assert send(sent).status_code == 302
    assert (Claim.objects.get().state, Claim.objects.get().outcome) == ("submitted", "needs_decision")


def test_a_claim_of_who_was_no_member_yet_is_refused(house: House) -> None:
    joined(house, date(2020, 10, 20), date(2020, 12, 31))
    assert refused(house, forms.claim(house)) == ["Not a member on the day of the event, 5 Oct 2563 BE."]


def test_a_claim_that_comes_too_late_says_until_when_it_could_come(house: House) -> None:
    sent = forms.claim(house)
    late = day("event_from", date(2020, 6, 1)) | day("event_until", date(2020, 6, 3))
    answer = send(sent.with_fields(**late))
    assert Claim.objects.count() == (0 if answer.status_code == 200 else 1)


def test_the_same_claim_twice_is_refused_with_the_number_of_the_first(house: House) -> None:
    sent = forms.claim(house)
    send(sent)
    first = Claim.objects.get()
    said = refused(house, sent.with_fields(request_id="0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01"))
    assert said == [
        (
            f"{house.cast.member.full_name} already has claim {first.label} for this benefit and this day"
            " (Submitted, to be checked). Open that one instead of entering it twice."
        )
    ]


def test_a_draft_of_the_same_claim_is_found_too(house: House) -> None:
    sent = forms.claim(house)
    send(sent.with_fields(draft="1"))
    said = refused(house, sent.with_fields(request_id="0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01"))
    assert "(Draft)" in said[0]


def test_nights_that_were_paid_are_not_paid_again_by_another_stay(house: House) -> None:
    send(forms.claim(house))
    sent = forms.claim(house).with_fields(**day("event_from", date(2020, 10, 6)))
    answer = send(sent)
    amounts = list(Claim.objects.order_by("pk").values_list("amount", flat=True))
    assert (answer.status_code, amounts) == (200, [Decimal("300.00")])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            day("event_until", date(2020, 10, 4)),
            "event_until",
            "The last day, 4 October 2563, is before the first, 5 October 2563. Correct one of them.",
        ),
        (
            day("received_on", date(2020, 10, 7)),
            "received_on",
            (
                "The papers were received on 7 October 2563, before the event ended on 8 October 2563."
                " Correct one of them."
            ),
        ),
    ],
)
def test_days_that_contradict_each_other_are_told_at_their_field(house: House, changes, field, sentence) -> None:
    answer = send(forms.claim(house).with_fields(**changes))
    assert refusals(answer) == {field: [sentence]}
    assert standing_in(answer, "note") == "มาด้วยรถสองแถว"


def test_a_button_that_came_too_late_says_so_on_the_claims_page(house: House) -> None:
    """Somebody else took the step meanwhile: the button is gone, the sentence is not."""
    for button, late in ((forms.verify, "verify/"), (forms.give_back, "return/"), (forms.cancel, "cancel/")):
        sent = button(house)
        claim = Claim.objects.latest("pk")
        send(Sent(house.cast.leader, forms.claim_path(claim, "cancel/"), {"reason": "เข้าใจผิด"}))
        client = browser_of(sent.user)
        answer = client.post(forms.claim_path(claim, late), sent.fields | {"reason": "อีกเหตุผลหนึ่ง"}, follow=True)
        told = f"Claim {claim.label} is now: Cancelled. This step is no longer possible; look at its history."
        assert told in shown(answer), button.__name__


def test_a_claim_that_was_paid_meanwhile_is_not_cancelled_and_the_page_says_so(house: House) -> None:
    claim = house.cast.decided()
    house.cast.pay(claim)
    client = browser_of(house.cast.committee)
    answer = client.post(forms.claim_path(claim, "cancel/"), {"reason": "เปลี่ยนใจ"}, follow=True)
    assert f"Claim {claim.label} is now: Paid." in shown(answer)

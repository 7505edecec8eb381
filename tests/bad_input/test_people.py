"""National ID numbers: mistyped, too short, used by another, invented, and the same person enrolled again."""

import pytest

from bansong_fund.lib.national_id import with_check_digit
from members.models import Member
from tests.bad_input import house as forms
from tests.bad_input.house import FREE_ID, House, booked, refusals, send, standing_in

WRONG = FREE_ID[:12] + str((int(FREE_ID[12]) + 1) % 10)
MISTYPED = (
    "The last digit does not fit the twelve before it: one digit is probably mistyped. "
    "Compare it with the card; if it stands so there, write down the reason and save again."
)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (WRONG, MISTYPED),
        ("123", "A national ID number has 13 digits, and this one has 3. Compare with the card."),
        ("10012345678901", "A national ID number has 13 digits, and this one has 14. Compare with the card."),
        ("1-0012-O4567-89-8", "Write the 13 digits of the national ID number, without letters."),
        ("", "Write the 13 digits, or choose “No ID” above if the person has no card."),
    ],
)
def test_a_number_that_is_wrong_is_answered_at_its_field_and_stays_typed(house: House, typed, sentence) -> None:
    before = booked()
    answer = send(forms.enrol(house).with_fields(national_id=typed))
    assert refusals(answer) == {"national_id": [sentence]}
    assert standing_in(answer, "national_id").replace("-", "") == typed.replace("-", "")
    assert (standing_in(answer, "family_name"), standing_in(answer, "house_number")) == ("ใจดี", "12/3")
    assert booked() == before


def test_a_wrong_check_digit_is_kept_with_a_reason(house: House) -> None:
    reason = "บัตรพิมพ์ไว้อย่างนี้ ตรวจกับอำเภอแล้ว"
    assert send(forms.enrol(house).with_fields(national_id=WRONG, id_reason=reason)).status_code == 302
    assert Member.objects.latest("pk").id_reason == reason


def test_a_number_in_use_names_the_member_who_has_it(house: House) -> None:
    send(forms.enrol(house))
    before = booked()
    again = forms.enrol(house).with_fields(first_name="อีกคน")
    answer = send(again)
    assert refusals(answer) == {
        "national_id": [
            "This ID number belongs to member no. 201, นางสมมติ ใจดี. A person is enrolled once. Look at that page."
        ]
    }
    assert (standing_in(answer, "first_name"), booked()) == ("อีกคน", before)


@pytest.mark.parametrize("typed", ["1-0012-34567-89-8", "๑๐๐๑๒๓๔๕๖๗๘๙๘", "1 0012 34567 89 8"])
def test_a_number_in_use_is_found_however_it_is_written(house: House, typed) -> None:
    send(forms.enrol(house))
    assert list(refusals(send(forms.enrol(house).with_fields(national_id=typed)))) == ["national_id"]


def test_an_invented_number_is_refused_in_a_real_fund(house: House) -> None:
    type(house.cast.fund).objects.update(is_demo=False, demo_day=None)
    answer = send(forms.enrol(house))
    assert list(refusals(answer)) == ["national_id"]


@pytest.mark.parametrize("number", [with_check_digit("100123456780")[:12] + "x", "12345", WRONG])
def test_the_recipients_number_is_checked_when_a_funeral_grant_is_paid(house: House, number) -> None:
    claim = house.cast.decided(event=forms.event("death-grant"))
    sent = forms.pay(house).with_fields(national_id=number, witness="นายพยาน สมมติ")
    before = booked()
    answer = send(forms.Sent(sent.user, forms.claim_path(claim, "pay/"), sent.fields))
    assert list(refusals(answer)) == ["national_id"]
    assert (standing_in(answer, "witness"), booked()) == ("นายพยาน สมมติ", before)

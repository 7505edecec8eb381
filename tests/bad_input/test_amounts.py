"""Amounts as people type them wrong, in every field for baht, and `1,250.50` as they type it right."""

from decimal import Decimal

import pytest

from contributions.models import CollectionSheet
from ledger.models import Entry
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, booked, refusals, send, standing_in
from welfare.models import Claim

AMOUNTS: list[tuple[Filled, str]] = [
    (forms.municipality, "amount"),
    (forms.matching_round, "baht_per_member"),
    (forms.lump_round, "lump"),
    (forms.gift, "amount"),
    (forms.interest, "gross"),
    (forms.interest, "tax"),
    (forms.cost, "amount"),
    (forms.transfer, "amount"),
    (forms.new_event, "target"),
    (forms.pledge, "amount"),
    (forms.sale_item, "price"),
    (forms.in_kind, "said_value"),
    (forms.envelope_back, "amount"),
    (forms.opening_place, "amount"),
    (forms.opening_totals, "baht_4110"),
    (forms.sheet_accept, "counted"),
    (forms.career_claim, "proposed_amount"),
    (forms.decide_sum, "amount_"),
]
names = [f"{filled.__name__}-{field}" for filled, field in AMOUNTS]
MAY_BE_ZERO = {"interest-tax", "sheet_accept-counted", "opening_place-amount", "opening_totals-baht_4110"}
WRONG = ("-5", "1.005", "1,25", "12,50", "1,2500", "ห้าร้อย", "1e3", "1.2.3", "5-", "๑.๐๐๕", "9999999999999")


def _field(sent: forms.Sent, field: str) -> str:
    """The name in full; a decision's carries the key of its claim."""
    return next(name for name in sent.fields if name.startswith(field))


@pytest.mark.parametrize(("filled", "start"), AMOUNTS, ids=names)
def test_what_is_no_amount_is_answered_at_its_field_and_stays_typed(house: House, filled, start) -> None:
    sent = filled(house)
    field, before = _field(sent, start), booked()
    for typed in WRONG + (() if f"{filled.__name__}-{start}" in MAY_BE_ZERO else ("0", "0.00", "๐")):
        answer = send(sent.with_fields(**{field: typed}))
        found = refusals(answer)
        assert (list(found), len(found[field])) == ([field], 1), (typed, found)
        assert standing_in(answer, field) == typed
    assert booked() == before


def test_the_sentences_say_what_to_write_instead(house: House) -> None:
    sent = forms.gift(house)
    said = {typed: refusals(send(sent.with_fields(amount=typed)))["amount"][0] for typed in SENTENCES}
    assert said == SENTENCES


SENTENCES = {
    "-5": "-5.00 baht is below zero. Write an amount without a minus sign.",
    "0": "The amount is 0.00 baht. Write an amount above zero.",
    "1.005": "“1.005” has more than two decimal places. Write baht and satang, for example 1,250.50.",
    "12,50": "The commas and the point in “12,50” do not stand where an amount has them. Write 1,250.50 or 1250.50.",
    "": "This field is required.",
}


@pytest.mark.parametrize("typed", ["1,250.50", "๑,๒๕๐.๕๐", "1250.5", " 1,250.50 บาท", "฿1250.50", "1 250.50"])
@pytest.mark.parametrize(
    ("filled", "field"),
    [
        (forms.municipality, "amount"),
        (forms.lump_round, "lump"),
        (forms.gift, "amount"),
        (forms.interest, "gross"),
        (forms.cost, "amount"),
        (forms.transfer, "amount"),
    ],
)
def test_commas_thai_digits_and_the_word_baht_are_read(house: House, filled, field, typed) -> None:
    assert send(filled(house).with_fields(**{field: typed})).status_code == 302
    assert sum(line.amount for line in Entry.objects.latest("pk").lines.all()) == Decimal("1250.50")


def test_commas_are_read_where_a_sheet_is_counted(house: House) -> None:
    assert send(forms.sheet_accept(house).with_fields(counted="1,250.50")).status_code == 302
    assert CollectionSheet.objects.get().counted == Decimal("1250.50")


def test_commas_are_read_where_a_claim_is_entered(house: House) -> None:
    send(forms.career_claim(house).with_fields(proposed_amount="1,250.50"))
    assert Claim.objects.get().proposed_amount == Decimal("1250.50")


def test_commas_are_read_where_a_claim_is_decided(house: House) -> None:
    sent = forms.decide_sum(house)
    assert send(sent.with_fields(**{_field(sent, "amount_"): "๑,๒๕๐.๕๐"})).status_code == 302
    assert Claim.objects.get().amount_approved == Decimal("1250.50")


@pytest.mark.parametrize("typed", ["1.5", "-1", "สอง", "0", "1e9", "9" * 30])
@pytest.mark.parametrize("field", ["number", "member_count"])
def test_a_count_that_is_none_is_answered_at_its_field(house: House, field, typed) -> None:
    answer = send(forms.matching_round(house).with_fields(**{field: typed}))
    assert (list(refusals(answer)), standing_in(answer, field)) == ([field], typed)
    assert booked()["Receipt"] == 0


def test_thai_digits_are_read_where_things_are_counted(house: House) -> None:
    assert send(forms.matching_round(house).with_fields(number="๑", member_count="๑")).status_code == 302
    assert booked()["4320"] == Decimal("-312.00")

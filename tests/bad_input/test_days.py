"""Days as people type them wrong, in every date field of the program, and as they type them right."""

from collections.abc import Callable

import pytest

from bansong_fund.lib.thai_dates import format_date
from contributions.models import CollectionLine
from ledger.models import Receipt
from members.models import Member
from tests.bad_input import house as forms
from tests.bad_input.house import Filled, House, booked, refusals, send, standing_in
from welfare.models import Claim

DATE_FIELDS: list[tuple[Filled, str]] = [
    (forms.dues, "date"),
    (forms.municipality, "date"),
    (forms.matching_round, "date"),
    (forms.gift, "date"),
    (forms.interest, "date"),
    (forms.cost, "date"),
    (forms.transfer, "date"),
    (forms.pledge, "date"),
    (forms.envelope_back, "date"),
    (forms.opening_cutover, "cutover_on"),
    (forms.sheet_line, "date"),
    (forms.pay, "date"),
    (forms.claim, "event_from"),
    (forms.claim, "event_until"),
    (forms.claim, "received_on"),
    (forms.death, "on"),
    (forms.death, "received_on"),
    (forms.enrol, "joined_on"),
]
MAY_LIE_AHEAD: list[tuple[Filled, str]] = [
    (forms.matching_round, "cutoff"),
    (forms.meeting, "held_on"),
    (forms.new_event, "date"),
]
BIRTH_FIELDS: list[tuple[Filled, str]] = [(forms.enrol, "birth_date")]
names = [f"{filled.__name__}-{field}" for filled, field in DATE_FIELDS]
names_ahead = [f"{filled.__name__}-{field}" for filled, field in MAY_LIE_AHEAD]

NO_DAYS = {
    ("31", "2", "2563"): "There is no 31 February 2563: that month has 29 days.",
    ("29", "2", "2562"): "There is no 29 February 2562: that month has 28 days.",
    ("31", "9", "2563"): "There is no 31 September 2563: that month has 30 days.",
    ("0", "9", "2563"): "There is no 0 September 2563: that month has 30 days.",
    ("1", "13", "2563"): "There is no month 13. Write a month from 1 to 12.",
    ("1", "10", "63"): "Write the year with four digits: 2563, not 63.",
    ("๑", "๑๐", "๖๓"): "Write the year with four digits: 2563, not 63.",
    ("1", "10", "2020"): "Years are written in the Buddhist era: did you mean 2563?",
    ("1", "10", "๒๐๒๐"): "Years are written in the Buddhist era: did you mean 2563?",
    ("1", "10", "3106"): "Years are written in the Buddhist era: did you mean 2563?",
    (
        "1",
        "10",
        "25633",
    ): "There is no year 25633 here. Write the year of the Buddhist era with four digits, like 2563.",
    ("1", "", "2563"): "Write the day, the month and the year: one of them is empty.",
    ("", "", ""): "Write the day, the month and the year.",
    ("หนึ่ง", "10", "2563"): "“หนึ่ง” is not a day. Write day, month and year in digits, for example 1/5/2563.",
}
# a birth may be known to the month or the year only
NO_BIRTHS = NO_DAYS | {
    ("1", "", "2563"): "Write the day, the month and the year, or only the year where no more is known.",
    ("", "", ""): "Write the date of birth, or only the year.",
}
AHEAD = {
    ("2", "11", "2563"): "2 Nov 2563 is after today, 1 Nov 2563. Write an earlier day.",
    ("1", "10", "2568"): "1 Oct 2568 is after today, 1 Nov 2563. Write an earlier day.",
}


def answers_to(house: House, filled: Filled, field: str, days: dict) -> tuple[dict, dict]:
    """What is said at the field for each of these days; every other field keeps what was typed."""
    sent = filled(house)
    before, said = booked(), {}
    for typed in days:
        wrong = sent.with_day(field, *typed)
        answer = send(wrong)
        found = refusals(answer)
        assert list(found) == [field], (typed, found)
        (said[typed],) = found[field]
        _nothing_is_lost(wrong.fields, answer)
    assert booked() == before
    return said, days


def _nothing_is_lost(fields: dict, answer) -> None:
    """Every box and list has what was sent. Ticks and buttons aside; a number that is no month cannot be chosen."""
    boxes = {name for name, value in fields.items() if not isinstance(value, list) and value != "on"}
    boxes -= {name for name in boxes if name.endswith("_month") or name == "pay"}
    kept = {name: standing_in(answer, name) for name in boxes}
    for name in GROUPED & boxes:  # shown as the card prints it
        kept[name] = kept[name].replace("-", "")
    assert kept == {name: str(fields[name]) for name in boxes}


GROUPED = {"national_id", "phone"}


@pytest.mark.parametrize(("filled", "field"), DATE_FIELDS, ids=names)
def test_a_day_that_does_not_exist_or_lies_ahead_is_answered_at_its_field(house: House, filled, field) -> None:
    said, expected = answers_to(house, filled, field, NO_DAYS | AHEAD)
    assert said == expected


@pytest.mark.parametrize(("filled", "field"), BIRTH_FIELDS)
def test_a_birth_that_does_not_exist_or_lies_ahead_is_answered_at_its_field(house: House, filled, field) -> None:
    said, expected = answers_to(house, filled, field, NO_BIRTHS | AHEAD)
    assert said == expected


@pytest.mark.parametrize(("filled", "field"), MAY_LIE_AHEAD, ids=names_ahead)
def test_a_day_that_may_lie_ahead_must_exist(house: House, filled, field) -> None:
    said, expected = answers_to(house, filled, field, NO_DAYS)
    assert said == expected


@pytest.mark.parametrize(("filled", "field"), DATE_FIELDS[:1] + DATE_FIELDS[9:10], ids=["money", "claim"])
def test_a_day_written_in_one_piece_takes_either_era_in_its_own_shape_only(house: House, filled, field) -> None:
    sent = filled(house)
    boxes = {f"{field}_{part}": "" for part in ("day", "month", "year")}
    said = {
        text: refusals(send(sent.with_fields(**boxes, **{field: text})))[field]
        for text in ("2568-10-01", "1/10/2020", "1/10/63", "1 ต.ค. 2020", "soon")
    }
    assert said == {
        "2568-10-01": [
            (
                "A date written year first takes the Gregorian year, and 2568 is none of those here: "
                "did you mean 1/10/2568?"
            )
        ],
        "1/10/2020": ["Years are written in the Buddhist era: did you mean 2563?"],
        "1/10/63": ["Write the year with four digits: 2563, not 63."],
        "1 ต.ค. 2020": ["Years are written in the Buddhist era: did you mean 2563?"],
        "soon": ["“soon” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563."],
    }


def _receipt_day() -> str:
    return format_date(Receipt.objects.latest("pk").date)


RIGHT: list[tuple[Filled, str, Callable[[], str]]] = [
    (forms.dues, "date", _receipt_day),
    (forms.municipality, "date", _receipt_day),
    (forms.sheet_line, "date", lambda: format_date(CollectionLine.objects.get().paid_on)),
    (forms.claim, "event_from", lambda: format_date(Claim.objects.get().event_from)),
    (forms.enrol, "birth_date", lambda: format_date(Member.objects.latest("pk").birth_date)),
]


@pytest.mark.parametrize(("filled", "field", "kept"), RIGHT, ids=[one[0].__name__ for one in RIGHT])
@pytest.mark.parametrize("typed", [("๒๙", "2", "๒๕๖๓"), (" 29", "2", "2563 "), ("29", "02", "2563")])
def test_thai_digits_and_leap_days_are_taken(house: House, filled, field, kept, typed) -> None:
    assert send(filled(house).with_day(field, *typed)).status_code == 302
    assert kept() == "29 February 2563"

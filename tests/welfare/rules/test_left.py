"""What is left of a benefit, as a claim of the day would find it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import REGULATION_FILE
from welfare.rules.assess import assess
from welfare.rules.document import read_regulation
from welfare.rules.facts import ClaimFacts, PriorClaim, terms_for
from welfare.rules.left import due_from, left_of

REGULATION = read_regulation(REGULATION_FILE.read_text(encoding="utf-8"))
TODAY = date(2020, 11, 1)


def facts(*prior: PriorClaim, **more) -> ClaimFacts:
    known = {"joined_on": date(2015, 1, 1), "birth_date": date(1975, 6, 15), "member_key": "1", "household_key": "h"}
    days = {"event_from": TODAY, "event_until": date(2020, 11, 2), "received_on": date(2020, 12, 31)}
    return ClaimFacts(prior=prior, **(days | known | more))


def stay(first: date, until: date, baht: int, **more) -> PriorClaim:
    nights = (until - first).days
    base = {"number": "2563/000001", "benefit_code": "hospital-night", "member_key": "1", "household_key": "h"}
    return PriorClaim(event_from=first, event_until=until, units=nights, amount=Decimal(baht), **(base | more))


def told(code: str, known: ClaimFacts) -> list[tuple[str, str]]:
    return [(left.sentence("th"), left.sentence("en")) for left in left_of(known, terms_for(REGULATION, code))]


def test_nights_and_baht_of_the_year_are_told_with_what_is_left() -> None:
    assert told("hospital-night", facts(stay(date(2020, 2, 1), date(2020, 2, 7), 600))) == [
        ("ปีละ 20 คืน เหลือ 14 คืน (ถึง 31 ธ.ค. 2563)", "20 nights a year, 14 nights left (until 31 Dec 2563)"),
        (
            "ปีละ 2,000.00 บาท เหลือ 1,400.00 บาท (ถึง 31 ธ.ค. 2563)",
            "2,000.00 baht a year, 1,400.00 baht left (until 31 Dec 2563)",
        ),
    ]


@pytest.mark.parametrize(
    ("prior", "left"),
    [
        ((), 20),
        ((stay(date(2019, 12, 28), date(2020, 1, 3), 600),), 18),  # four nights were the old year's
        ((stay(date(2019, 1, 1), date(2019, 1, 21), 2000),), 20),
        ((stay(date(2020, 1, 1), date(2020, 1, 21), 2000),), 0),
        ((stay(date(2020, 1, 1), date(2020, 1, 31), 3000),), 0),  # never below nought
        ((stay(date(2020, 1, 1), date(2020, 1, 3), 200, member_key="2"),), 20),  # another of the house
    ],
)
def test_each_year_and_member_has_her_own_nights(prior, left) -> None:
    assert left_of(facts(*prior), terms_for(REGULATION, "hospital-night"))[0].left == left


def test_what_is_left_is_what_a_claim_would_be_paid() -> None:
    """Asking for more nights than are left gives just those."""
    for used in range(0, 20, 3):
        prior = (stay(date(2020, 1, 1), date(2020, 1, 1 + used), used * 100),) if used else ()
        terms = terms_for(REGULATION, "hospital-night")
        asked = facts(*prior, event_until=date(2020, 12, 1))
        assert assess(asked, terms).units_paid == left_of(facts(*prior), terms)[0].left


def test_a_lifetime_and_a_household_are_said() -> None:
    repair = {"number": "1", "benefit_code": "housing-repair", "amount": Decimal(5000), "household_key": "h"}
    prior = PriorClaim(event_from=date(2018, 5, 1), member_key="2", **repair)
    assert told("housing-repair", facts(prior)) == [
        (
            "ทั้งครัวเรือน: ปีละ 1 ครั้ง เหลือ 1 ครั้ง (ถึง 31 ธ.ค. 2563)",
            "for the whole household: 1 claim a year, 1 claim left (until 31 Dec 2563)",
        ),
        (
            "ทั้งครัวเรือน: ตลอดชีพ 2 ครั้ง เหลือ 1 ครั้ง",
            "for the whole household: 2 claims in a lifetime, 1 claim left",
        ),
    ]


def test_a_benefit_without_limits_has_none_to_tell() -> None:
    assert told("birth-gift", facts()) == []


@pytest.mark.parametrize(
    ("code", "known", "day"),
    [
        ("hospital-night", {"joined_on": date(2020, 9, 1)}, date(2021, 2, 28)),
        ("elderly-gift", {"birth_date": date(1961, 3, 12)}, date(2021, 3, 12)),
        ("elderly-gift", {"birth_date": date(1950, 1, 1), "joined_on": date(2018, 6, 1)}, date(2021, 6, 1)),
        # several waits: the last of them counts
        ("elderly-gift", {"birth_date": date(1961, 3, 12), "joined_on": date(2019, 6, 1)}, date(2022, 6, 1)),
        ("elderly-gift", {"birth_date": None}, None),
        ("hospital-night", {}, None),
    ],
)
def test_a_benefit_that_only_waits_says_from_when_it_is_due(code, known, day) -> None:
    assert due_from(assess(facts(**known), terms_for(REGULATION, code))) == day

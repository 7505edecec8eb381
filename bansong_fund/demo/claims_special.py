"""Deaths, refused claims, and the claims that are still on their way on the last day."""

import random
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.days import day_between, stream
from bansong_fund.demo.desk import WAITING_DAYS, Desk, age_on
from bansong_fund.demo.figures import DEATH_STEPS, DEATHS
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import LAST_DAY, TODAY, Claim, Person

WAITING_REASON = (
    "ยังไม่ครบระยะเวลารอสิทธิ 180 วัน",
    "The waiting time of 180 days had not been served.",
)
STANDING_REASON = (
    "ถูกระงับสิทธิเพราะค้างชำระเกิน 90 วัน และที่ประชุมไม่ยกเว้นให้",
    "Rights were suspended, more than 90 days in arrears, and the meeting granted no exception.",
)
RETURNED_REASON = (
    "ใบรับรองแพทย์ไม่มีวันที่ออกจากโรงพยาบาล ขอให้นำใบใหม่มาแทน",
    "The certificate lacks the day of discharge; please bring another one.",
)
CANCELLED_REASON = (
    "ผู้ขอแจ้งว่ายื่นซ้ำกับคำขอเดิม",
    "The claimant says that it was handed in twice.",
)


def death_grant(life: Life, day: date) -> Decimal:
    """The funeral grant by the regulation's steps of tenure."""
    years = life.tenure_years(day)
    return next(amount for amount, start, stop in DEATH_STEPS if start <= years < stop)


def deaths(desk: Desk) -> None:
    """Every death is claimed; two a year are refused, the last of them still waits for a decision."""
    rng = stream("deaths")
    for life in sorted((one for one in desk.lives if one.fate), key=lambda one: (one.ended_on, one.number)):
        person = desk.persons[life.number - 1]
        amount = Decimal(0) if life.fate == "waiting" else death_grant(life, life.ended_on)
        received = life.ended_on + timedelta(days=rng.randrange(2, 10))
        claim = Claim("death-grant", "death", person.number, life.ended_on, received, amount)
        claim.recipient = person.beneficiary
        if life.fate == "paid":
            desk.settle(claim, rng)
        elif life.fate == "waiting":
            _refuse(desk, claim, "refused", WAITING_REASON)
        elif life.fate == "standing":
            _refuse(desk, claim, "needs_decision", STANDING_REASON)
        else:
            claim.status, claim.expected = "verified", "needs_decision"
            claim.verified_on = received + timedelta(days=2)
            desk.record(claim)


def _refuse(desk: Desk, claim: Claim, expected: str, reason: tuple[str, str]) -> None:
    claim.status, claim.expected = "rejected", expected
    claim.reason_th, claim.reason_en = reason
    claim.verified_on = claim.received_on + timedelta(days=1)
    desk.decide(claim)
    desk.record(claim)


def early_hospital_stays(desk: Desk) -> None:
    """One stay a year before the waiting time is served: refused."""
    rng = stream("early-stays")
    for year in DEATHS:
        event = day_between(rng, date(year, 3, 1), desk.last_event_day(year, 20))
        person = desk.find(desk.persons, rng, lambda one, day=event: _is_new(desk, one, day))
        nights = rng.randrange(2, 6)
        claim = Claim("hospital-night", "sickness", person.number, event, event, Decimal(0), units=nights)
        claim.event_ends_on = event + timedelta(days=nights)
        claim.received_on = claim.event_ends_on + timedelta(days=3)
        _refuse(desk, claim, "refused", WAITING_REASON)


def _is_new(desk: Desk, person: Person, day: date) -> bool:
    life = desk.life(person)
    return 5 < life.tenure_days(day) < WAITING_DAYS and desk.may_claim(person, day, waiting=0)


def open_claims(desk: Desk) -> None:
    """A handful in every state on the demonstration's day; none of them is paid or counted."""
    rng = stream("open-claims")
    busy = {claim.person for claim in desk.claims if claim.event_on.year == LAST_DAY.year}
    states = ("draft", "draft", "submitted", "submitted", "verified", "verified", "approved", "cancelled")
    for place, status in enumerate(states):
        admitted = date(2020, 9, 21) if status == "approved" else date(2020, 10, 8) + timedelta(days=2 * place)
        nights = rng.randrange(2, 7)
        person = _someone(desk, busy, admitted, WAITING_DAYS, rng)
        amount = Decimal(100) * nights
        claim = Claim("hospital-night", "sickness", person.number, admitted, TODAY, amount, status, units=nights)
        claim.event_ends_on = admitted + timedelta(days=nights)
        _date_open(desk, claim, rng)
        if status == "draft" and place:
            claim.reason_th, claim.reason_en = RETURNED_REASON
        if status == "cancelled":
            claim.reason_th, claim.reason_en = CANCELLED_REASON
        desk.record(claim)
    _open_grants(desk, busy, rng)


def _date_open(desk: Desk, claim: Claim, rng: random.Random) -> None:
    end = claim.event_ends_on or claim.event_on
    claim.received_on = min(end + timedelta(days=rng.randrange(1, 5)), LAST_DAY)
    if claim.status in ("verified", "approved"):
        claim.verified_on = min(claim.received_on + timedelta(days=1), TODAY)
    if claim.status == "approved":
        desk.decide(claim)


def _someone(desk: Desk, busy: set[int], day: date, waiting: int, rng: random.Random) -> Person:
    person = desk.find(
        desk.persons,
        rng,
        lambda one: (
            one.number not in busy
            and one.ended_on is None
            and age_on(one, day) >= 25
            and desk.may_claim(one, day, waiting=waiting)
        ),
    )
    busy.add(person.number)
    return person


def _open_grants(desk: Desk, busy: set[int], rng: random.Random) -> None:
    """A career grant that waits to be checked, and a house repair that was decided but not yet paid."""
    kinds = (
        ("career-grant", "career", date(2020, 10, 15), "submitted", Decimal(4000)),
        ("housing-repair", "housing", date(2020, 9, 24), "approved", Decimal(5000)),
        ("career-grant", "career", date(2020, 10, 12), "verified", Decimal(3000)),
    )
    repaired = {desk.persons[claim.person - 1].household for claim in desk.claims if claim.category == "housing"}
    for benefit, category, day, status, amount in kinds:
        person = _someone(desk, busy, day, 365, rng)
        while person.household in repaired:
            person = _someone(desk, busy, day, 365, rng)
        claim = Claim(benefit, category, person.number, day, day, amount, status, proposed=amount)
        _date_open(desk, claim, rng)
        desk.record(claim)


def number_claims(claims: list[Claim]) -> list[Claim]:
    """In the order in which the papers came in, numbered within the year."""
    claims.sort(key=lambda claim: (claim.received_on, claim.event_on, claim.person, claim.benefit))
    counts: dict[int, int] = {}
    for claim in claims:
        year = claim.received_on.year
        counts[year] = counts.get(year, 0) + 1
        claim.number = counts[year]
        claim.key = f"claim-{year}-{claim.number:05d}"
    return claims

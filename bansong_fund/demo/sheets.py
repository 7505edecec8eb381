"""How the dues come in: on the communities' collection sheets, or at the office."""

import random
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.days import stream, weekday_from
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import FIRST_YEAR, LAST_YEAR, CollectionSheet, DuesPayment

SPRING_ENDS = (3, 28)
AUTUMN_ENDS = (9, 28)
STILL_WITH_LEADERS = (3, 9, 14)  # communities whose last sheet is not yet counted on the last day
ON_SHEET = {("spring", False): 0.9, ("spring", True): 0.7, ("autumn", False): 0.6, ("autumn", True): 0.35}


def plan_dues(lives: list[Life], leader_names: dict[int, str]) -> tuple[list[DuesPayment], list[CollectionSheet]]:
    """All payments in the order of their days, and the sheets in the order of submission."""
    rng = stream("sheets")
    dues: list[DuesPayment] = []
    sheets: dict[str, CollectionSheet] = {}
    for life in lives:
        for covered, paid_on in life.payments:
            payment = DuesPayment(life.number, covered, paid_on, life.community)
            drive = _drive(paid_on)
            joining = paid_on == life.joined_on
            if drive and rng.random() < ON_SHEET[drive, joining]:
                payment.sheet = f"sheet-{paid_on.year}-{life.community:02d}-{drive}"
                if payment.sheet not in sheets:
                    sheets[payment.sheet] = _sheet(payment, drive, leader_names, rng)
                sheets[payment.sheet].total += payment.amount
            dues.append(payment)
    dues.sort(key=lambda payment: (payment.paid_on, payment.person))
    return dues, sorted(sheets.values(), key=lambda sheet: (sheet.submitted_on, sheet.key))


def _drive(paid_on: date) -> str:
    """The drive in whose time a payment falls; none in the first year and from October on."""
    if paid_on.year == FIRST_YEAR or paid_on > date(paid_on.year, *AUTUMN_ENDS):
        return ""
    return "spring" if paid_on <= date(paid_on.year, *SPRING_ENDS) else "autumn"


def _sheet(payment: DuesPayment, drive: str, leader_names: dict[int, str], rng: random.Random) -> CollectionSheet:
    year, community = payment.paid_on.year, payment.community
    ends = date(year, *(SPRING_ENDS if drive == "spring" else AUTUMN_ENDS))
    opened = date(year, 1, 3) if drive == "spring" else date(year, 4, 1)
    submitted = ends + timedelta(days=rng.randrange(1, 4 if drive == "spring" else 3))
    accepted: date | None = weekday_from(submitted + timedelta(days=rng.randrange(1, 5)))
    if year == LAST_YEAR and drive == "autumn" and community in STILL_WITH_LEADERS:
        submitted, accepted = date(year, 10, 26) + timedelta(days=rng.randrange(4)), None
    return CollectionSheet(
        payment.sheet or "", year, community, opened, submitted, accepted, leader_names[community], Decimal(0)
    )

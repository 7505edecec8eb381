"""The demonstration's figures: the year table (data/demo-years.csv) and what stands behind its counts."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
CATEGORIES = (
    "birth",
    "sickness",
    "elderly",
    "death",
    "education",
    "disadvantaged",
    "career",
    "housing",
    "disaster",
)
COUNTS = ("joined", "died", "left", "members_end", "payers")
MONEY = ("leg1", "leg2", "leg3", "leg4", "legs", "interest_net", "welfare", "admin", "event", "closing")

# From which day of tenure, to which: the funeral grant's steps that occur in the demonstration,
# as (years from, years to); the first step starts at 180 days.
DEATH_STEPS = (
    (Decimal(3000), 0, 2),
    (Decimal(6000), 2, 4),
    (Decimal(8000), 4, 6),
    (Decimal(10000), 6, 8),
    (Decimal(15000), 8, 15),
)
DEATHS = {
    2011: (3, 0, 0, 0, 0),
    2012: (10, 1, 0, 0, 0),
    2013: (11, 7, 0, 0, 0),
    2014: (9, 13, 1, 0, 0),
    2015: (6, 14, 6, 0, 0),
    2016: (5, 10, 13, 1, 0),
    2017: (4, 8, 13, 6, 0),
    2018: (4, 6, 10, 12, 1),
    2019: (4, 5, 7, 13, 6),
    2020: (3, 4, 5, 8, 11),
}
BIRTHS = {  # children, mothers' nights
    2011: (5, 10),
    2012: (13, 30),
    2013: (20, 48),
    2014: (24, 60),
    2015: (27, 66),
    2016: (28, 70),
    2017: (29, 72),
    2018: (30, 75),
    2019: (31, 78),
    2020: (24, 60),
}
HOSPITAL_NIGHTS = {
    2011: 95,
    2012: 370,
    2013: 590,
    2014: 740,
    2015: 840,
    2016: 915,
    2017: 975,
    2018: 1050,
    2019: 1130,
    2020: 850,
}
SCHOLARSHIPS_PER_COMMUNITY = {
    2012: 2,
    2013: 3,
    2014: 4,
    2015: 5,
    2016: 5,
    2017: 6,
    2018: 6,
    2019: 7,
    2020: 7,
}
DISASTERS = (  # day, Thai name, English name, households hit: minor, major, total
    (date(2011, 3, 28), "น้ำท่วม มีนาคม 2554", "Flood of March 2554", (24, 4, 0)),
    (date(2012, 4, 19), "พายุฤดูร้อน เมษายน 2555", "Summer storm of April 2555", (4, 0, 0)),
    (date(2013, 5, 2), "พายุฤดูร้อน พฤษภาคม 2556", "Summer storm of May 2556", (4, 0, 0)),
    (date(2013, 9, 14), "ลมกระโชกแรง กันยายน 2556", "Gale of September 2556", (2, 0, 0)),
    (date(2014, 4, 23), "พายุฤดูร้อน เมษายน 2557", "Summer storm of April 2557", (9, 0, 0)),
    (date(2014, 7, 8), "ไฟไหม้บ้าน กรกฎาคม 2557", "House fire of July 2557", (0, 1, 0)),
    (date(2015, 4, 25), "พายุฤดูร้อน เมษายน 2558", "Summer storm of April 2558", (5, 0, 0)),
    (date(2016, 5, 12), "พายุฤดูร้อน พฤษภาคม 2559", "Summer storm of May 2559", (8, 1, 0)),
    (date(2016, 10, 3), "น้ำป่าไหลหลาก ตุลาคม 2559", "Flash flood of October 2559", (3, 1, 0)),
    (date(2017, 1, 6), "น้ำท่วมใหญ่ มกราคม 2560", "Great flood of January 2560", (310, 48, 3)),
    (date(2018, 4, 18), "พายุฤดูร้อน เมษายน 2561", "Summer storm of April 2561", (14, 2, 0)),
    (date(2019, 1, 4), "พายุ มกราคม 2562", "Storm of January 2562", (46, 7, 0)),
    (date(2020, 4, 27), "พายุฤดูร้อน เมษายน 2563", "Summer storm of April 2563", (8, 1, 0)),
)
GRADES = (("minor", Decimal(500)), ("major", Decimal(1500)), ("total", Decimal(3000)))
CODI_START_UP = (date(2011, 8, 15), Decimal("55000.00"))
CODI_ROUNDS = (  # cut-off, day received, members, baht each
    (date(2011, 9, 30), date(2012, 8, 20), 128, Decimal(365)),
    (date(2013, 9, 30), date(2014, 7, 15), 1655, Decimal(365)),
    (date(2016, 9, 30), date(2017, 8, 8), 2940, Decimal(310)),
    (date(2018, 9, 30), date(2019, 8, 14), 3232, Decimal(312)),
    (date(2019, 9, 30), date(2020, 9, 9), 2090, Decimal(300)),
)
TYPES_AT_END = {"general": 2580, "child": 433, "elderly": 965, "disabled": 96, "disadvantaged": 44}
SUPPORTERS = 137
SISTER_FUNDS_GIFT = (date(2011, 2, 18), Decimal("54750.00"))


@dataclass(frozen=True, slots=True)
class YearRow:
    """A row of the year table: counts as int, money as Decimal baht, `cases` by category."""

    year: int
    counts: dict[str, int]
    money: dict[str, Decimal]
    cases: dict[str, int]
    baht: dict[str, Decimal]

    @property
    def year_be(self) -> int:
        return self.year + 543


def _row(raw: dict[str, str]) -> YearRow:
    return YearRow(
        year=int(raw["year_be"]) - 543,
        counts={name: int(raw[name]) for name in COUNTS},
        money={name: Decimal(raw[name]) for name in MONEY},
        cases={name: int(raw[f"{name}_n"]) for name in CATEGORIES},
        baht={name: Decimal(raw[name]) for name in CATEGORIES},
    )


@cache
def year_table() -> dict[int, YearRow]:
    """The ten and a half years by Gregorian year."""
    with (DATA / "demo-years.csv").open(encoding="utf-8", newline="") as handle:
        rows = [_row(raw) for raw in csv.DictReader(handle)]
    return {row.year: row for row in rows}

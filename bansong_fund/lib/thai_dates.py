"""Dates of the Buddhist era: stored Gregorian, shown and typed with the year พ.ศ. = ค.ศ. + 543.

Nothing here asks the clock: today is an argument.
"""

from datetime import date

ERA = 543


def be_year(day: date) -> int:
    """Return the Buddhist-era year of a day: 2020-05-01 -> 2563."""
    return day.year + ERA


def from_be_year(year: int) -> int:
    """Return the Gregorian year of a Buddhist-era one: 2563 -> 2020."""
    return year - ERA

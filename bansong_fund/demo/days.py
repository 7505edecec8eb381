"""Days of the demonstration: streams of chance, meetings, and the road from papers to payment."""

import random
from bisect import bisect_right
from datetime import date, timedelta

from bansong_fund.demo.shapes import FOUNDED, LAST_DAY, YEARS, Meeting

SEED = "ban-song-2553"
SATURDAY = 5


def stream(name: str) -> random.Random:
    """A stream of chance of its own for each stage, so that a change in one leaves the others alone."""
    return random.Random(f"{SEED}:{name}")  # noqa: S311


def day_between(rng: random.Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def year_first(year: int) -> date:
    return max(FOUNDED, date(year, 1, 1))


def year_last(year: int) -> date:
    return min(LAST_DAY, date(year, 12, 31))


def years_before(day: date, years: int) -> date:
    """The day whose anniversary `day` is; 29 February falls back to 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def full_years(start: date, day: date) -> int:
    """Whole years from `start` to `day`; who starts on 29 February completes a common year on 1 March."""
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))


def saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)


def weekday_from(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day


def committee_days() -> list[date]:
    """One Saturday a month, in December a week later so that the year can be wound up."""
    months = [(year, month) for year in YEARS for month in range(1, 13)]
    days = [saturday_from(date(year, month, 15 if month == 12 else 6)) for year, month in months]
    return [day for day in days if FOUNDED < day <= saturday_from(date(2020, 11, 6))]


def _numbered(kind: str, days: list[date], present: tuple[str, ...]) -> list[Meeting]:
    meetings: list[Meeting] = []
    for day in days:
        number = 1 + sum(1 for other in meetings if other.year == day.year)
        key = f"{kind}-{day.year}-{number:02d}"
        meetings.append(Meeting(key, kind, number, day.year, day, day > LAST_DAY, () if day > LAST_DAY else present))
    return meetings


def plan_meetings(present: tuple[str, ...]) -> list[Meeting]:
    """All meetings in the order of their days; `present` are the committee's user names."""
    general = [saturday_from(date(year, 3, 20)) for year in YEARS if year > FOUNDED.year]
    meetings = _numbered("general", [FOUNDED, *general], present)
    meetings += _numbered("committee", committee_days(), present)
    return sorted(meetings, key=lambda meeting: (meeting.held_on, meeting.kind))


class Diary:
    """The committee's meetings, to find which one decides what is ready on a day."""

    def __init__(self, meetings: list[Meeting]) -> None:
        self.meetings = [meeting for meeting in meetings if meeting.kind == "committee"]
        self.days = [meeting.held_on for meeting in self.meetings]

    def after(self, day: date) -> Meeting:
        """The first committee meeting after `day`."""
        return self.meetings[bisect_right(self.days, day)]

    def of_month(self, year: int, month: int) -> Meeting:
        return next(m for m in self.meetings if (m.held_on.year, m.held_on.month) == (year, month))

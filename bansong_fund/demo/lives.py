"""One member's life in the fund while it is being planned: what is paid, and how she stands."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from bansong_fund.demo.days import full_years

SUSPEND_AFTER_DAYS = 90
LATE_FROM_MONTH = 10


@dataclass(slots=True)
class Life:
    """`late`: "" | prepaid | unpaid, for who joined from October on. `fate`: why a dead member's
    grant was not paid (waiting, standing), "open" where it waits, or "paid". `payments`: (year, day)."""

    joined_on: date
    community: int
    late: str = ""
    slow: bool = False
    stopped: int | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    fate: str | None = None
    payday: date | None = None
    payments: list[tuple[int, date]] = field(default_factory=list)
    matched: int = 0
    number: int = 0

    def paid_through(self, day: date) -> date | None:
        """The last day that is paid for, by what was received on or before `day`."""
        years = [year for year, paid_on in self.payments if paid_on <= day]
        if self.joined_on.month >= LATE_FROM_MONTH:
            years.append(self.joined_on.year)
        return date(max(years), 12, 31) if years else None

    def covered(self) -> int:
        """The last year paid for; 0 where nothing was."""
        return max((year for year, _ in self.payments), default=0)

    def paid_by(self, year: int, day: date) -> bool:
        return any(paid_year == year and paid_on <= day for paid_year, paid_on in self.payments)

    def has_rights(self, day: date) -> bool:
        """Neither suspended nor lapsed on `day`."""
        through = self.paid_through(day)
        return through is not None and day <= through + timedelta(days=SUSPEND_AFTER_DAYS)

    def is_member(self, day: date) -> bool:
        return self.joined_on <= day and (self.ended_on is None or day <= self.ended_on)

    def tenure_days(self, day: date) -> int:
        return (day - self.joined_on).days

    def tenure_years(self, day: date) -> int:
        return full_years(self.joined_on, day)

"""Reading legs 2 and 3: commitments with what came of them, and what each leg brought beside leg 1."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.thai_dates import be_year
from contributions.models import Commitment, CommitmentStep, Grant, GrantSource
from ledger.models import LedgerSum
from office.models import User
from office.roles import READS_BOOKS

State = Commitment.State
PROMISED = (State.APPROVED, State.AGREED, State.RECEIVED)
OVER = (State.REPORTED, State.REFUSED)
REPORT_SOON = timedelta(days=30)


def visible_commitments(user: User) -> QuerySet[Commitment]:
    """All for those who read the books, none for others; each with `received` and `promised_on`."""
    if not user.has_role(*READS_BOOKS):
        return Commitment.objects.none()
    came = Grant.objects.filter(commitment=OuterRef("pk"), receipt__void=None).order_by()
    came = came.values("commitment").annotate(sum=Sum("amount")).values("sum")
    promised = CommitmentStep.objects.filter(commitment=OuterRef("pk"), state__in=(State.APPROVED, State.AGREED))
    promised = promised.order_by().values("commitment").annotate(day=Min("happened_on")).values("day")
    return Commitment.objects.annotate(received=Coalesce(Subquery(came), ZERO), promised_on=Subquery(promised))


def sees_commitment(user: User, key: int) -> bool:
    """Whether the user may see the papers of this commitment."""
    return visible_commitments(user).filter(pk=key).exists()


def open_commitments(source: GrantSource) -> QuerySet[Commitment]:
    """Commitments of a source that money can be put to."""
    return Commitment.objects.filter(source=source, state__in=PROMISED).order_by("-year_be", "-id")


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A commitment as it stands on `day`: what came, what is still to come, for how long it has been promised."""

    commitment: Commitment
    day: date

    @property
    def received(self) -> Decimal:
        return self.commitment.received

    @property
    def rest(self) -> Decimal:
        """Promised and not received yet, in baht."""
        if self.commitment.state not in PROMISED or self.commitment.approved is None:
            return ZERO
        return max(self.commitment.approved - self.received, ZERO)

    @property
    def is_partly_received(self) -> bool:
        return self.commitment.state == State.RECEIVED and self.rest > 0

    @property
    def days_promised(self) -> int:
        """How long the money has been promised, in days, where some of it is still to come."""
        return (self.day - self.commitment.promised_on).days if self.rest and self.commitment.promised_on else 0

    @property
    def days_to_report(self) -> int | None:
        """Days until the report is due, below nought when it is late; None where nothing is to be reported yet."""
        due = self.commitment.report_due_on
        return (due - self.day).days if due and self.commitment.state == State.RECEIVED else None

    @property
    def report_is_late(self) -> bool:
        return self.days_to_report is not None and self.days_to_report < 0

    @property
    def report_is_soon(self) -> bool:
        return self.days_to_report is not None and 0 <= self.days_to_report <= REPORT_SOON.days

    @property
    def days_late(self) -> int:
        return -(self.days_to_report or 0)

    @property
    def is_over(self) -> bool:
        return self.commitment.state in OVER


def commitment_rows(user: User, today: date) -> list[CommitmentRow]:
    """Every commitment: those that want something first, then the newest."""
    rows = [CommitmentRow(one, today) for one in visible_commitments(user)]
    return sorted(rows, key=lambda row: (row.is_over, -row.commitment.year_be, -row.commitment.pk))


# --- the legs beside leg 1 --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LegYear:
    """What the four legs brought in a year, in baht."""

    year_be: int
    legs: tuple[Decimal, Decimal, Decimal, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.legs, ZERO)

    @property
    def municipality_short(self) -> Decimal:
        """What the municipality brought less than the members."""
        return max(self.legs[0] - self.legs[1], ZERO)

    @property
    def state_short(self) -> Decimal:
        """What the state through CODI brought less than the members."""
        return max(self.legs[0] - self.legs[2], ZERO)


def legs_by_year(year_of: Callable[[date], int]) -> list[LegYear]:
    """Every year with money of a leg, the newest first, from the kept sums in one query.

    `year_of`: which year a month belongs to, given its first day: the fund's, the calendar's or the state's.
    """
    rows = (
        LedgerSum.objects.filter(is_closing=False, account__leg__isnull=False)
        .values_list("month", "account__leg")
        .annotate(amount=Sum(F("credit") - F("debit")))
        .order_by()
    )
    years: dict[int, list[Decimal]] = {}
    for month, leg, amount in rows:
        years.setdefault(year_of(month), [ZERO] * 4)[leg - 1] += amount
    return [LegYear(year, tuple(legs)) for year, legs in sorted(years.items(), reverse=True)]


def calendar_year(month: date) -> int:
    return be_year(month)


def fiscal_year(month: date) -> int:
    """The state's year, from October, named after the year in which it ends."""
    return be_year(month) + (month.month >= 10)


def fund_year(start_month: int) -> Callable[[date], int]:
    """The fund's own year, named after the Buddhist year in which it ends."""

    def year_of(month: date) -> int:
        return be_year(month) + (start_month > 1 and month.month >= start_month)

    return year_of


def grants_of(commitment: Commitment) -> QuerySet[Grant]:
    """The money that was put to a commitment, void receipts too, in the order in which it came."""
    return commitment.grants.select_related("receipt", "receipt__void", "matching_round").order_by("received_on", "pk")

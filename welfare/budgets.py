"""Budgets: what the fund means to spend on each kind of welfare in a fund year, beside what it has spent.

The committee sets them under a resolution; every row ever set stays, and the latest of a kind and year counts. A
budget refuses nothing: where a kind runs over, its figures say so beside the next decision.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import be_year
from ledger.models import AccountRole, FiscalYear
from ledger.periods import fund_year_bounds
from ledger.queries import period_sums
from members.models import Fund, Meeting
from office.models import User
from welfare.meetings import write_resolution
from welfare.models import Budget, Category, Claim, ClaimState


class NothingSet(DomainError):
    """No budget was written, or all stand so already."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One kind in one fund year, in baht. `budget` is None where none was set.

    `approved`: decided, not yet paid; it counts in the year that runs, for in that year it will be paid.
    """

    category: Category
    year_be: int
    budget: Decimal | None
    spent: Decimal
    approved: Decimal

    @property
    def left(self) -> Decimal | None:
        """What may still be decided; below nought where the kind runs over its budget."""
        return None if self.budget is None else self.budget - self.spent - self.approved

    @property
    def share(self) -> Decimal | None:
        """Per cent of the budget that is spent or promised; None where there is none to take a share of."""
        return 100 * (self.spent + self.approved) / self.budget if self.budget else None

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def over_by(self) -> Decimal:
        return -self.left if self.left is not None and self.left < 0 else ZERO


def budget_of(category: str, day: date) -> BudgetLine:
    """A kind's budget and spending in the fund year that holds `day`, the program's day: for one decision."""
    return next(line for line in budget_lines(fund_year_on(day), today=day) if line.category == category)


def budget_lines(year: FiscalYear, *, today: date, until: date = date.max) -> list[BudgetLine]:
    """The nine kinds in their order, in three queries whatever the number of claims: budgets, kept sums, promises.

    `until`: the budgets as meetings up to that day had set them.
    """
    stood = Budget.objects.filter(year_start=year.starts_on, resolution__meeting__held_on__lte=until)
    latest = stood.order_by("category", "-id").distinct("category")
    budgets = dict(latest.values_list("category", "baht"))
    spent = spent_by_category(year)
    approved = _approved() if year.starts_on <= today <= year.ends_on else {}
    return [
        BudgetLine(kind, year.year_be, budgets.get(kind.value), spent.get(kind, ZERO), approved.get(kind, ZERO))
        for kind in Category
    ]


def spent_by_category(year: FiscalYear) -> dict[str, Decimal]:
    """Baht paid in a fund year by kind, from the kept sums of the benefit accounts; reversals are taken off."""
    sums = period_sums(year.starts_on, year.ends_on).filter(account__role=AccountRole.BENEFIT)
    return dict(sums.values_list("account__category").annotate(spent=Sum(F("debit") - F("credit"))).order_by())


def _approved() -> dict[str, Decimal]:
    unpaid = Claim.objects.filter(state=ClaimState.APPROVED).order_by()
    return dict(unpaid.values_list("category").annotate(baht=Sum("amount_approved")))


@dataclass(frozen=True, slots=True)
class BudgetTotal:
    """The sums under the list, in baht; `left` and `share` (per cent) are of the kinds that have a budget."""

    budget: Decimal | None
    spent: Decimal
    approved: Decimal
    left: Decimal | None
    share: Decimal | None


def total_of(lines: list[BudgetLine]) -> BudgetTotal:
    """What the kinds come to together."""
    having = [line for line in lines if line.budget is not None]
    budget = sum((line.budget for line in having), ZERO)
    left = sum((line.left for line in having), ZERO)
    return BudgetTotal(
        budget=budget if having else None,
        spent=sum((line.spent for line in lines), ZERO),
        approved=sum((line.approved for line in lines), ZERO),
        left=left if having else None,
        share=100 * (budget - left) / budget if budget else None,
    )


def fund_year_on(day: date) -> FiscalYear:
    """The fund year that holds a day; one that the books have not opened yet comes unsaved."""
    found = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    if found is not None:
        return found
    first, last = fund_year_bounds(day, Fund.objects.get().fund_year_start_month)
    return FiscalYear(year_be=be_year(last), starts_on=first, ends_on=last)


def budget_years(today: date) -> list[FiscalYear]:
    """The years that may be looked at, newest first: those of the books, the one that runs, and the next."""
    running = fund_year_on(today)
    following = fund_year_on(running.ends_on + timedelta(days=1))
    years = {year.year_be: year for year in FiscalYear.objects.filter(starts_on__lte=following.ends_on)}
    years |= {year.year_be: year for year in (running, following)}
    return [years[number] for number in sorted(years, reverse=True)]


def budgets_set(year: FiscalYear) -> QuerySet[Budget]:
    """Every budget ever set for a year, the newest first, with the resolution it stands under."""
    rows = Budget.objects.filter(year_start=year.starts_on).order_by("-id")
    return rows.select_related("resolution__meeting", "set_by")


@transaction.atomic
def set_budgets(
    *,
    year: FiscalYear,
    amounts: Mapping[str, Decimal],
    meeting: Meeting,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> list[Budget]:
    """Write down what a meeting resolved to spend on these kinds; only those that change get a new row.

    The same request sets once. Raises `NothingSet`, `NotYours` and `MeetingDay` as `write_resolution` does.
    """
    Fund.objects.select_for_update().get()  # a second click waits here for the first
    done = list(Budget.objects.filter(request_id=request_id).order_by("id"))
    if done:
        return done
    stand = {line.category: line.budget for line in budget_lines(year, today=today)}
    changed = {kind: amounts[kind] for kind in Category if kind in amounts and amounts[kind] != stand[kind]}
    if not changed:
        raise NothingSet(_("No budget was changed. Write an amount for at least one kind."))
    resolution = write_resolution(
        meeting=meeting,
        subject=_("Budgets of fund year %(year)d") % {"year": year.year_be},
        text="\n".join(f"{kind.label}: {format_baht(baht)}" for kind, baht in changed.items()),
        by=by,
        today=today,
        now=now,
        request_id=request_id,
    )
    common = {"year_start": year.starts_on, "resolution": resolution, "set_by": by, "set_at": now}
    rows = [Budget(category=kind, baht=baht, request_id=request_id, **common) for kind, baht in changed.items()]
    return Budget.objects.bulk_create(rows)

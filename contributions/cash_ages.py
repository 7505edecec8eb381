"""Cash with each collector and its age: what stands on sheets that were not counted yet, from all that is written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from contributions.models import CollectionLine, CollectionSheet, DuesPayment, EntryFee
from ledger.models import Account, AccountRole, Line, Opening
from office.models import User

State = CollectionSheet.State
WAITING = (State.SUBMITTED, State.COUNTED)


@dataclass(slots=True)
class CashWith:
    """The money that a collector has: noted on sheets being filled in, and handed in but not counted yet.

    `brought`: what she held when the books were opened and what stands on no sheet. `oldest`: the day on which the
    oldest of it was taken at a door, the cut-over day of what was brought; None where there is none. `over_short`:
    what counts of her sheets came to over (above zero) or short (below), since ever.
    """

    collector: User
    noted: Decimal = ZERO
    handed_in: Decimal = ZERO
    oldest: date | None = None
    over_short: Decimal = ZERO
    brought: Decimal = ZERO
    sheets: list[CollectionSheet] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return self.noted + self.handed_in + self.brought

    def age(self, today: date) -> int:
        """Days since the oldest of the money was taken."""
        return (today - self.oldest).days if self.oldest else 0


def cash_with_collectors(today: date, collectors: Iterable[User] | None = None) -> list[CashWith]:
    """Who has money of the fund, the oldest first; also who has none but whose counts were over or short.

    Seven queries however many there are, one more where money was brought. `collectors`: these alone.
    """
    only = None if collectors is None else [user.pk for user in collectors]
    found: dict[int, dict[str, Any]] = defaultdict(
        lambda: {"noted": ZERO, "handed_in": ZERO, "brought": ZERO, "days": []}
    )
    for key, baht, fees, oldest in _rows(CollectionLine, only, sheet__state=State.DRAFT, fees=Sum("entry_fee")):
        found[key]["noted"] += baht + fees
        found[key]["days"].append(oldest)
    held = {"sheet__state__in": WAITING, "receipt__void__isnull": True}
    for model in (DuesPayment, EntryFee):
        for key, baht, oldest in _rows(model, only, **held):
            found[key]["handed_in"] += baht
            found[key]["days"].append(oldest)
    _add_brought(found, only)
    differences = over_short_of(only)
    users = User.objects.in_bulk({*found, *differences})
    sheets: dict[int, list[CollectionSheet]] = defaultdict(list)
    open_sheets = CollectionSheet.objects.filter(collector__in=users).exclude(state=State.ACCEPTED)
    for sheet in open_sheets.select_related("community").order_by("pk"):
        sheets[sheet.collector_id].append(sheet)
    rows = [
        CashWith(
            user,
            found[key]["noted"],
            found[key]["handed_in"],
            min(found[key]["days"], default=None),
            differences.get(key, ZERO),
            found[key]["brought"],
            sheets[key],
        )
        for key, user in users.items()
    ]
    return sorted(rows, key=lambda row: (-row.age(today), -row.total, row.collector.display_name))


def _rows(model: Any, only: list[int] | None, fees: Sum | None = None, **filters: Any) -> Iterable[tuple[Any, ...]]:
    rows = model.objects.filter(**filters)
    if only is not None:
        rows = rows.filter(sheet__collector__in=only)
    sums = {"baht": Sum("amount")} | ({"fees": fees} if fees else {}) | {"oldest": Min("paid_on")}
    return rows.order_by().values_list("sheet__collector").annotate(**sums)


def _add_brought(found: dict[int, dict[str, Any]], only: list[int] | None) -> None:
    """What the books say a collector holds and no sheet does: she had it on the cut-over day."""
    accounts = Account.objects.filter(role=AccountRole.COLLECTOR, holder__isnull=False)
    if only is not None:
        accounts = accounts.filter(holder__in=only)
    holds = Coalesce(Sum(F("sums__debit") - F("sums__credit")), ZERO)
    rows = accounts.annotate(holds=holds).order_by("code").values_list("holder", "holds")
    brought = {key: holds - (found[key]["handed_in"] if key in found else ZERO) for key, holds in rows}
    if not any(brought.values()):
        return
    since = Opening.objects.filter(locked_at__isnull=False).values_list("cutover_on", flat=True).first()
    for key in (key for key, baht in brought.items() if baht):
        found[key]["brought"] = brought[key]
        found[key]["days"] += [since] if since else []


def over_short_of(only: list[int] | None = None) -> dict[int, Decimal]:
    """By collector: what counts of her sheets came to over or short, from the entries of the hand-overs."""
    sheets = with_difference(CollectionSheet.objects.exclude(difference_reason="").filter(state=State.ACCEPTED))
    if only is not None:
        sheets = sheets.filter(collector__in=only)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for key, difference in sheets.order_by().values_list("collector", "difference"):
        sums[key] += difference or ZERO
    return dict(sums)


def with_difference(sheets: QuerySet[CollectionSheet]) -> QuerySet[CollectionSheet]:
    """The sheets with `difference`: over above zero, short below, as it was booked; None where nothing was."""
    over = Case(When(credit__role=AccountRole.CASH_OVER_SHORT, then=F("amount")), default=-F("amount"))
    booked = Line.objects.filter(
        Q(debit__role=AccountRole.CASH_OVER_SHORT) | Q(credit__role=AccountRole.CASH_OVER_SHORT)
    ).annotate(over=over)
    own = booked.filter(entry=OuterRef("acceptance_entry")).order_by()
    return sheets.annotate(difference=Subquery(own.values("over")[:1]))


def cash_with_me(user: User, today: date) -> CashWith:
    """A collector's own figure."""
    return next(iter(cash_with_collectors(today, [user])), CashWith(user))

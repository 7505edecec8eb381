"""Reading the annual event: what came in and went out, envelopes that are out, pledges that are open."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from bansong_fund.lib.money import ZERO
from contributions.models import Campaign, CashCount, Envelope, Gift, InKindGift, Pledge, RunningCost, Sale, SaleItem
from ledger.models import AccountRole, PaymentMeans

HOLDS = Q(receipt__void=None)
IN_CASH = Q(receipt__means=PaymentMeans.CASH)
BY_MEANS = {
    "times": Count("pk"),
    "cash": Coalesce(Sum("amount", filter=IN_CASH), ZERO),
    "transfer": Coalesce(Sum("amount", filter=~IN_CASH), ZERO),
}


@dataclass(frozen=True, slots=True)
class EventIncome:
    """One kind of an event's income: gifts under one account, or sales of one item; void receipts left out."""

    name_th: str
    name_en: str
    times: int  # receipts
    cash: Decimal
    transfer: Decimal
    quantity: int = 0  # sold; gifts have none

    @property
    def total(self) -> Decimal:
        return self.cash + self.transfer


@dataclass(frozen=True, slots=True)
class EventSums:
    """The figures of one event, all from papers that hold; baht."""

    gifts: tuple[EventIncome, ...]
    sales: tuple[EventIncome, ...]
    givers: int  # contributors whose gifts hold
    costs: Decimal
    envelopes: dict[str, int]  # how many stand in each `Envelope.State`
    pledges_open: int
    pledged_baht: Decimal  # what is still to come of open pledges
    in_kind: int
    in_kind_said: Decimal  # what givers say it is worth; never added to money
    paid_in_cash: Decimal  # from the day of the event on
    counted_before: Decimal  # cash that the counts so far expected

    @property
    def income(self) -> tuple[EventIncome, ...]:
        return self.gifts + self.sales

    @property
    def cash(self) -> Decimal:
        return sum((one.cash for one in self.income), ZERO)

    @property
    def transfer(self) -> Decimal:
        return sum((one.transfer for one in self.income), ZERO)

    @property
    def raised(self) -> Decimal:
        return self.cash + self.transfer

    @property
    def net(self) -> Decimal:
        return self.raised - self.costs

    @property
    def uncounted(self) -> Decimal:
        """Cash that no count expected yet; below nought where it was given back after a count."""
        return self.cash - self.paid_in_cash - self.counted_before

    @property
    def envelopes_out(self) -> int:
        return self.envelopes.get(Envelope.State.ISSUED, 0)


def event_sums(campaign: Campaign) -> EventSums:
    """In five queries, however large the event was."""
    in_kind = InKindGift.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    counts = CashCount.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    figures = with_raised(Campaign.objects.filter(pk=campaign.pk)).annotate(
        in_kind_count=Coalesce(Subquery(in_kind.annotate(n=Count("pk")).values("n")), 0),
        in_kind_said=Coalesce(Subquery(in_kind.annotate(n=Sum("said_value")).values("n")), ZERO),
        paid_in_cash=Coalesce(Subquery(_paid_in_cash().annotate(n=Sum("amount")).values("n")), ZERO),
        counted_before=Coalesce(Subquery(counts.annotate(n=Sum("expected")).values("n")), ZERO),
    )
    named = ("givers", "in_kind_said", "paid_in_cash", "counted_before")
    found = figures.values("spent", "in_kind_count", *named).get()
    owing = open_pledges(campaign).aggregate(n=Count("pk"), baht=Sum("still"))
    states = Envelope.objects.filter(campaign=campaign).order_by().values_list("state").annotate(n=Count("pk"))
    return EventSums(
        gifts=_gift_income(campaign),
        sales=_sale_income(campaign),
        costs=found["spent"],
        envelopes=dict(states),
        pledges_open=owing["n"],
        pledged_baht=owing["baht"] or ZERO,
        in_kind=found["in_kind_count"],
        **{name: found[name] for name in named},
    )


def _paid_in_cash() -> QuerySet[RunningCost]:
    """Costs of the outer event paid out of the box from its day on: those that a count expects less."""
    paid = RunningCost.objects.filter(voucher__void=None, campaign=OuterRef("pk"), paid_on__gte=OuterRef("held_on"))
    return paid.filter(voucher__account__role=AccountRole.CASH).order_by().values("campaign")


def _gift_income(campaign: Campaign) -> tuple[EventIncome, ...]:
    gifts = Gift.objects.filter(HOLDS, campaign=campaign).order_by("income_account__code")
    names = {"name_th": F("income_account__name_th"), "name_en": F("income_account__name_en")}
    return tuple(EventIncome(**row) for row in gifts.values(**names).annotate(**BY_MEANS))


def _sale_income(campaign: Campaign) -> tuple[EventIncome, ...]:
    sales = Sale.objects.filter(HOLDS, item__campaign=campaign).order_by("item")
    names = {"name_th": F("item__name"), "name_en": F("item__name")}
    rows = sales.values("item", **names).annotate(**BY_MEANS, quantity=Sum("quantity"))
    return tuple(EventIncome(**{key: value for key, value in row.items() if key != "item"}) for row in rows)


def costs_of(campaign: Campaign) -> QuerySet[RunningCost]:
    """The event's costs whose vouchers hold, the first paid first."""
    return RunningCost.objects.filter(campaign=campaign, voucher__void=None).order_by("paid_on", "pk")


def with_paid(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """With `paid`, the gifts that fulfil it and whose receipts hold, and `still`, what is to come."""
    gifts = Gift.objects.filter(HOLDS, pledge=OuterRef("pk")).order_by().values("pledge")
    paid = Coalesce(Subquery(gifts.annotate(n=Sum("amount")).values("n")), ZERO)
    return pledges.annotate(paid=paid).annotate(still=F("amount") - F("paid"))


def open_pledges(campaign: Campaign | None = None) -> QuerySet[Pledge]:
    """Pledges that are neither fulfilled nor given up: of one event, or all."""
    pledges = Pledge.objects.all() if campaign is None else Pledge.objects.filter(campaign=campaign)
    return with_paid(pledges.filter(given_up_on=None)).filter(still__gt=0)


# The states by which the list of pledges is asked, in words.
PLEDGE_STATES = {
    "open": gettext_lazy("Awaited"),
    "fulfilled": gettext_lazy("Fulfilled"),
    "given-up": gettext_lazy("Given up"),
}


def pledges_in(state: str) -> QuerySet[Pledge]:
    """All pledges in one of `PLEDGE_STATES`, with `paid` and `still`."""
    if state == "given-up":
        return with_paid(Pledge.objects.filter(given_up_on__isnull=False))
    if state == "fulfilled":
        return with_paid(Pledge.objects.filter(given_up_on=None)).filter(still__lte=0)
    return open_pledges()


def pledge_totals() -> dict[str, Any]:
    """What is open over all events and beside them: `count` of pledges, `baht` still to come."""
    found = open_pledges().aggregate(count=Count("pk"), baht=Sum("still"))
    return {"count": found["count"], "baht": found["baht"] or ZERO}


def with_sold(items: QuerySet[SaleItem]) -> QuerySet[SaleItem]:
    """With `sold` (pieces), `taken` (baht) and `left` (of the stock; None: no limit); void receipts left out."""
    sales = Sale.objects.filter(HOLDS, item=OuterRef("pk")).order_by().values("item")
    return items.annotate(
        sold=Coalesce(Subquery(sales.annotate(n=Sum("quantity")).values("n")), 0),
        taken=Coalesce(Subquery(sales.annotate(n=Sum("amount")).values("n")), ZERO),
    ).annotate(left=F("stock") - F("sold"))


def with_raised(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """With `raised`, `spent`, `net` (baht of papers that hold) and `givers`: for lists of events."""
    gifts = Gift.objects.filter(HOLDS, campaign=OuterRef("pk")).order_by().values("campaign")
    sales = Sale.objects.filter(HOLDS, item__campaign=OuterRef("pk")).order_by().values("item__campaign")
    costs = RunningCost.objects.filter(voucher__void=None, campaign=OuterRef("pk")).order_by().values("campaign")
    return campaigns.annotate(
        given=Coalesce(Subquery(gifts.annotate(n=Sum("amount")).values("n")), ZERO),
        sales_baht=Coalesce(Subquery(sales.annotate(n=Sum("amount")).values("n")), ZERO),
        spent=Coalesce(Subquery(costs.annotate(n=Sum("amount")).values("n")), ZERO),
        givers=Coalesce(Subquery(gifts.annotate(n=Count("contributor", distinct=True)).values("n")), 0),
    ).annotate(raised=F("given") + F("sales_baht"), net=F("given") + F("sales_baht") - F("spent"))


# --- envelopes --------------------------------------------------------------------------------------------

ENVELOPES_PAGE = 100


def envelope_page(campaign: Campaign, *, state: str = "", after: int = 0) -> list[Envelope]:
    """The envelopes behind a number, in one state or all; one more than a page where there is a next one."""
    found = campaign.envelopes.filter(number__gt=after).select_related("gift__receipt")
    return list((found.filter(state=state) if state else found).order_by("number")[: ENVELOPES_PAGE + 1])


def envelope_holders(campaign: Campaign) -> list[dict[str, Any]]:
    """Who was handed envelopes: `issued_to`, `handed`, `out`, `brought` (baht); who has most out comes first."""
    rows = campaign.envelopes.order_by().values("issued_to")
    counted = rows.annotate(
        handed=Count("pk"),
        out=Count("pk", filter=Q(state=Envelope.State.ISSUED)),
        brought=Coalesce(Sum("gift__amount"), ZERO),
    )
    return list(counted.order_by("-out", "issued_to"))


# --- counts -----------------------------------------------------------------------------------------------


def counts_with_difference() -> QuerySet[CashCount]:
    """The counts of events that came to over or short, newest first, each with `difference`: over above zero."""
    found = CashCount.objects.exclude(difference_reason="").select_related("campaign", "entry", "written_by")
    return found.annotate(difference=F("counted") - F("expected")).order_by("-counted_on", "-pk")

"""Reading deliveries and payment lists: what is on its way, with whom, for how long."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from bansong_fund.lib.money import ZERO
from members.queries import visible_communities
from office.models import Attachment, User
from office.roles import WHOLE_FUND_ROLES
from welfare.deliveries import DELIVERY_PAPERS
from welfare.models import Delivery, DeliveryLine, PaymentList, PaymentListLine
from welfare.queries import welfare_settings

OPEN_LINES = Q(lines__settlement=None)


def visible_deliveries(user: User) -> QuerySet[Delivery]:
    """All for the committee's staff; for a leader those that she carries, of communities that she still leads."""
    if user.has_role(*WHOLE_FUND_ROLES):
        return Delivery.objects.all()
    elsewhere = DeliveryLine.objects.exclude(claim__community__in=visible_communities(user))
    return Delivery.objects.filter(carrier=user).exclude(pk__in=elsewhere.values("delivery"))


def sees_delivery(user: User, delivery_id: int) -> bool:
    """Whether a user may see the photographs of a delivery's slips."""
    return visible_deliveries(user).filter(pk=delivery_id).exists()


def on_their_way(user: User) -> QuerySet[Delivery]:
    """Deliveries with lines that are open, the oldest first; each with `open_count` and `open_baht`."""
    named = {"open_count": Count("lines", filter=OPEN_LINES), "open_baht": Sum("lines__amount", filter=OPEN_LINES)}
    found = visible_deliveries(user).annotate(**named).filter(open_count__gt=0)
    return found.select_related("carrier", "community", "benefit_list").order_by("handed_on", "id")


def settled_lately(user: User) -> QuerySet[Delivery]:
    """Deliveries whose lines are all settled, newest first."""
    still = DeliveryLine.objects.filter(settlement=None).values("delivery")
    found = visible_deliveries(user).exclude(pk__in=still)
    return found.select_related("carrier", "community", "benefit_list").order_by("-handed_on", "-id")


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is on its way for longer than the fund allows: how many claims, how many baht, since when."""

    days_allowed: int
    count: int
    baht: Decimal
    since: date | None


def overdue_before(today: date) -> date:
    """Money handed over before this day is overdue."""
    return today - timedelta(days=welfare_settings().delivery_due_days)


def overdue_deliveries(today: date) -> Overdue:
    """Of the whole fund; for the treasurer's desk."""
    allowed = welfare_settings().delivery_due_days
    late = DeliveryLine.objects.filter(settlement=None, delivery__handed_on__lt=today - timedelta(days=allowed))
    sums = late.aggregate(count=Count("pk"), baht=Sum("amount"), since=Min("delivery__handed_on"))
    return Overdue(allowed, sums["count"], sums["baht"] or ZERO, sums["since"])


def lines_of(delivery: Delivery) -> QuerySet[DeliveryLine]:
    """A delivery's lines with what a row shows, by member's name."""
    related = ("claim__member", "claim__community", "claim__regulation", "claim__resolution__meeting", "voucher__void")
    rows = delivery.lines.select_related(*related).defer("claim__assessment", "claim__regulation__document")
    return rows.order_by(F("claim__member__first_name"), "claim__member__family_name", "id")


def slips_of(delivery: Delivery) -> QuerySet[Attachment]:
    """The photographs of signed slips, in the order in which they came."""
    return Attachment.objects.filter(owner_kind=DELIVERY_PAPERS, owner_id=delivery.pk).order_by("uploaded_at", "id")


def payment_lists() -> QuerySet[PaymentList]:
    """Payment lists, those with open lines and the newest first; each with `open_count`, `open_baht` and `baht`."""
    sums = {
        "open_count": Count("lines", filter=Q(lines__outcome="")),
        "open_baht": Sum("lines__amount", filter=Q(lines__outcome="")),
        "baht": Sum("lines__amount"),
    }
    return PaymentList.objects.annotate(**sums).select_related("account").order_by("-year_be", "-number")


def lines_of_list(payment_list: PaymentList) -> QuerySet[PaymentListLine]:
    """A payment list's lines with what a row shows, in their order."""
    related = ("claim__member", "claim__community", "claim__regulation", "voucher__void")
    rows = payment_list.lines.select_related(*related).defer("claim__assessment", "claim__regulation__document")
    return rows.order_by("id")

"""Who came and who went in any stretch of days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from members.models import EndReason, Membership
from reports.figures.people import running_on


@dataclass(frozen=True, slots=True)
class Comings:
    """Memberships at the start of a stretch, begun in it, ended in it by reason (`EndReason`'s order), at its end."""

    at_start: int
    joined: int
    left: dict[str, int]
    at_end: int

    @property
    def all_left(self) -> int:
        return sum(self.left.values())


def comings(first: date, last: date) -> Comings:
    """The comings and goings from `first` to `last`, both within, in two queries. Doubles are nobody of their own."""
    rows = Membership.objects.filter(member__merged_into=None)
    counts = rows.aggregate(
        at_start=Count("pk", filter=running_on(first - timedelta(days=1))),
        joined=Count("pk", filter=Q(joined_on__range=(first, last))),
        at_end=Count("pk", filter=running_on(last)),
    )
    ended = rows.filter(ended_on__range=(first, last)).values_list("end_reason")
    left = dict(ended.annotate(n=Count("pk")).order_by())
    return Comings(left={reason: left.get(reason, 0) for reason in EndReason.values}, **counts)

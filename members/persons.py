"""A person and her rows: the one that is kept, and the doubles that are merged into it."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from members.models import Member, Membership
from members.queries import of_person


def survivor_of(member: Member) -> Member:
    """The row that stands for the person: her own, or the one that hers was merged into."""
    return member if member.merged_into_id is None else member.merged_into


def with_doubles(members: QuerySet[Member]) -> QuerySet[Member]:
    """These members and the rows merged into them: whose claims, vouchers and payments are theirs."""
    return Member.objects.filter(Q(pk__in=members.values("pk")) | Q(merged_into__in=members.values("pk")))


def stays_of(member: Member) -> list[Membership]:
    """All stays of a person in the fund, the latest first, those of her doubles among them (`is_doubles`).

    A double's stay that nobody ended ends with the stay of the person's own row beside which it ran.
    """
    stays = Membership.objects.filter(of_person(member)).select_related("member").order_by("-joined_on", "-id")
    return joined_stays(stays)


def joined_stays(stays: Iterable[Membership]) -> list[Membership]:
    """Marks each stay with `is_doubles`, and ends those of doubles with the stay that they ran beside."""
    stays = list(stays)
    own = [stay for stay in stays if stay.member.merged_into_id is None]
    for stay in stays:
        stay.is_doubles = stay.member.merged_into_id is not None
        if stay.is_doubles and stay.ended_on is None:
            beside = stay_beside(stay, own)
            if beside is not None and beside.ended_on is not None:
                stay.ended_on, stay.end_reason = max(beside.ended_on, stay.joined_on), beside.end_reason
    return stays


def stay_beside(stay: Membership, own: Sequence[Membership]) -> Membership | None:
    """The person's own stay that a double's overlaps; the first of several."""
    return next((one for one in sorted(own, key=lambda one: one.joined_on) if overlap(one, stay)), None)


def overlap(one: Membership, other: Membership) -> bool:
    """Whether the two memberships ran on a same day."""
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: Membership, other: Membership) -> bool:
    return other.ended_on is None or one.joined_on <= other.ended_on

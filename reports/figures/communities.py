"""What each community paid in and what it received: dues of its members against welfare to its members.

Whole months are kept sums of the communities; only the days of a month cut in two are read from lines. The opening's
totals name no community: they stand apart, so that the sums are those of the books.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from bansong_fund.lib.money import ZERO
from ledger.models import Account, AccountRole, CommunitySum, EntryKind, Line
from ledger.opening_queries import baht_before
from ledger.queries import months_and_days
from members.models import Community

PAID_IN, RECEIVED = AccountRole.DUES, AccountRole.BENEFIT
ROLES = (PAID_IN, RECEIVED)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Baht that members paid in as dues, and that members received as welfare."""

    paid_in: Decimal = ZERO
    received: Decimal = ZERO

    def __add__(self, other: "Exchange") -> "Exchange":
        return Exchange(self.paid_in + other.paid_in, self.received + other.received)

    def __sub__(self, other: "Exchange") -> "Exchange":
        return Exchange(self.paid_in - other.paid_in, self.received - other.received)

    @property
    def per_hundred(self) -> Decimal | None:
        """Baht received for every hundred paid in; None where nothing was."""
        return self.received * 100 / self.paid_in if self.paid_in > 0 else None


@dataclass(frozen=True, slots=True)
class CommunityMoney:
    """By community, in the days asked for and since the founding.

    `elsewhere` is what the books do not give to a community, `before` what was there before the books; the two last
    are the whole, and what the ledger's accounts say.
    """

    rows: tuple[tuple[Community, Exchange, Exchange], ...]
    elsewhere: tuple[Exchange, Exchange]
    before: Exchange
    all: tuple[Exchange, Exchange]


def community_money(first: date, last: date, money: Iterable[tuple[Account, Decimal, Decimal]]) -> CommunityMoney:
    """From `first` to `last`, and since the founding until `last`, in four queries where months are whole.

    `money`: of each account what it moved in the days, and since the founding with what was before the books, both on
    its own side.
    """
    of_each = [_by_community(since, last) for since in (first, None)]
    before = baht_before()
    whole = ever = from_before = Exchange()
    for account, moved, since in money:
        if account.role in ROLES:
            whole += _exchange(account, moved)
            ever += _exchange(account, since)
            from_before += _exchange(account, before.get(account.pk, ZERO))
    rows = tuple(
        (community, of_each[0][community.pk], of_each[1][community.pk]) for community in Community.objects.all()
    )
    named = [sum((row[place] for row in rows), Exchange()) for place in (1, 2)]
    return CommunityMoney(rows, (whole - named[0], ever - from_before - named[1]), from_before, (whole, ever))


def exchanges_between(first: date, last: date) -> dict[int, Exchange]:
    """By community's key what it paid in and received, in one query where months are whole; nothing where not there."""
    return _by_community(first, last)


def _exchange(account: Account, baht: Decimal) -> Exchange:
    return Exchange(paid_in=baht) if account.role == PAID_IN else Exchange(received=baht)


def _by_community(first: date | None, last: date) -> dict[int, Exchange]:
    cut = months_and_days(first, last)
    sums = CommunitySum.objects.filter(account__role__in=ROLES, month__lt=cut.months_until, is_closing=False)
    if cut.months_from is not None:
        sums = sums.filter(month__gte=cut.months_from)
    rows = sums.values_list("community", "account__role").annotate(baht=Sum(F("debit") - F("credit"))).order_by()
    debits: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for community, role, baht in [*rows, *_of_days(cut.days)]:
        debits[community, role] += baht
    found: dict[int, Exchange] = defaultdict(Exchange)
    for (community, role), baht in debits.items():
        found[community] += Exchange(paid_in=-baht) if role == PAID_IN else Exchange(received=baht)
    return found


def _of_days(days: Iterable[tuple[date, date]]) -> Iterable[tuple[int, str, Decimal]]:
    """(community, role, debits less credits) of the days besides whole months."""
    within = Q()
    for stretch in days:
        within |= Q(entry__date__range=stretch)
    if not within:
        return
    lines = Line.objects.filter(within, community__isnull=False).exclude(entry__kind=EntryKind.CLOSING)
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = lines.filter(**{f"{side}__role__in": ROLES}).values_list("community", f"{side}__role")
        for community, role, baht in rows.annotate(baht=Sum("amount")).order_by():
            yield community, role, sign * baht

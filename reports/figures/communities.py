"""What each community paid in and what it received: dues of its members against welfare to its members.

Whole months are kept sums of the communities; up to the end of the last closed year they are added up once and
remembered. Only the days of a month cut in two are read from lines. The opening's totals name no community: they stand
apart, so that the sums are those of the books.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q, Sum

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.snapshots import one_moment
from ledger.models import Account, AccountRole, CommunitySum, EntryKind, FiscalYear, Line
from ledger.opening_queries import baht_before
from ledger.queries import months_and_days
from members.models import Community
from members.queries import every_community
from reports.figures.remembered import remembered

FORM = 1  # of what is remembered
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
    """From `first` to `last`, and since the founding until `last`, in six queries where months are whole.

    `money`: of each account what it moved in the days, and since the founding with what was before the books, both on
    its own side.
    """
    of_each = _by_community(first, last), _since_founding(last)
    before = baht_before()
    whole = ever = from_before = Exchange()
    for account, moved, since in money:
        if account.role in ROLES:
            whole += _exchange(account, moved)
            ever += _exchange(account, since)
            from_before += _exchange(account, before.get(account.pk, ZERO))
    rows = tuple((community, of_each[0][community.pk], of_each[1][community.pk]) for community in every_community())
    named = [sum((row[place] for row in rows), Exchange()) for place in (1, 2)]
    return CommunityMoney(rows, (whole - named[0], ever - from_before - named[1]), from_before, (whole, ever))


def exchanges_between(first: date, last: date) -> dict[int, Exchange]:
    """By community's key what it paid in and received, in one query where months are whole; nothing where not there."""
    return _by_community(first, last)


def _exchange(account: Account, baht: Decimal) -> Exchange:
    return Exchange(paid_in=baht) if account.role == PAID_IN else Exchange(received=baht)


def _since_founding(last: date) -> dict[int, Exchange]:
    """Up to the end of the last year closed by then what is remembered, and what was since."""
    closed = FiscalYear.objects.filter(closing_entry__isnull=False, ends_on__lte=last).order_by("-ends_on")
    found = closed.values_list("ends_on", "closing_entry__chain_hash").first()
    if found is None:
        return _by_community(None, last)
    ends_on, chain_hash = found
    ever = _told(remembered(f"communities-{FORM}-{chain_hash}", lambda: _plain(_by_community(None, ends_on))))
    if ends_on < last:
        for community, since in _by_community(ends_on + timedelta(days=1), last).items():
            ever[community] += since
    return ever


def remember_communities() -> None:
    """Add up the communities' sums to the end of the last closed year, unless they are remembered."""
    with one_moment():
        closed = FiscalYear.objects.filter(closing_entry__isnull=False).order_by("ends_on").last()
        if closed is not None:
            _since_founding(closed.ends_on)


def _plain(found: dict[int, Exchange]) -> list[tuple[int, Decimal, Decimal]]:
    """As it is remembered; plain rows are read in a fifth of the time."""
    return [(community, one.paid_in, one.received) for community, one in found.items()]


def _told(rows: list[tuple[int, Decimal, Decimal]]) -> dict[int, Exchange]:
    return defaultdict(Exchange, {community: Exchange(*amounts) for community, *amounts in rows})


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

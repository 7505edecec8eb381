"""Reading what a fund brought along, and what there was since its founding: the old totals and the books together."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, QuerySet, Sum

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.snapshots import asked_once
from ledger.models import (
    Account,
    AccountRole,
    AccountType,
    LedgerHead,
    Opening,
    OpeningBalance,
    OpeningTotal,
    OpeningTypist,
)
from ledger.queries import movements
from office.models import Attachment, User
from office.roles import Role

OPENING_PAPERS = "opening-balance"  # the owner's id is the account's
PLACES = (AccountRole.BANK, AccountRole.CASH, AccountRole.COLLECTOR)
PARTS = ("income", "welfare", "costs")


@asked_once
def the_opening() -> Opening | None:
    return Opening.objects.select_related("entry", "begun_by", "locked_by").first()


def typists_of(opening: Opening) -> set[int]:
    """Keys of all who typed any part of it, who began it among them."""
    typed = OpeningTypist.objects.filter(opening=opening).values_list("typed_by_id", flat=True)
    return {*typed, opening.begun_by_id} - {None}  # type: ignore[return-value]  # None is taken out


def opening_waits() -> bool:
    """Whether the fund has still to be opened: its page is begun and not locked, or there is not one entry."""
    locked = Opening.objects.filter(locked_at__isnull=False)
    found = LedgerHead.objects.values_list("number", Exists(Opening.objects.filter(locked_at=None)), Exists(locked))
    number, is_begun, is_locked = found.first() or (0, False, False)
    return is_begun or (not is_locked and number == 0)


def accounts_of(part: str) -> QuerySet[Account]:
    """The accounts whose totals since the founding are asked for in a part of the page."""
    accounts = Account.objects.order_by("code")
    if part == "income":
        return accounts.filter(type=AccountType.INCOME)
    if part == "welfare":
        return accounts.filter(role=AccountRole.BENEFIT)
    return accounts.filter(type=AccountType.COST).exclude(role=AccountRole.BENEFIT)


def _stamp(*facts: object) -> str:
    """Changes with what it is made of: a page keeps it, so that nobody writes over what she never saw."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def note_stamp(note: str) -> str:
    return _stamp("note", note)


@dataclass(frozen=True, slots=True)
class Place:
    """A passbook, the cash box or cash with a leader: its amounts by restricted fund, None where none were typed."""

    account: Account
    rows: tuple[OpeningBalance, ...]
    photographs: tuple[Attachment, ...]

    @property
    def amount(self) -> Decimal | None:
        return sum((row.amount for row in self.rows), ZERO) if self.rows else None

    @property
    def stamp(self) -> str:
        return _stamp(self.account.pk, sorted((row.restricted_fund_id, f"{row.amount:.2f}") for row in self.rows))

    @property
    def shares(self) -> list[OpeningBalance]:
        """What of it belongs to restricted funds."""
        return [row for row in self.rows if row.amount and not row.restricted_fund.is_general]

    @property
    def lacks_photograph(self) -> bool:
        return self.account.role == AccountRole.BANK and bool(self.amount) and not self.photographs

    @property
    def is_done(self) -> bool:
        return self.amount is not None and not self.lacks_photograph


def opening_places(opening: Opening | None) -> list[Place]:
    """Every place of money with what was typed of it, in three queries."""
    accounts = list(Account.objects.filter(role__in=PLACES, is_open=True).order_by("code"))
    rows = OpeningBalance.objects.filter(opening=opening).select_related("restricted_fund") if opening else []
    typed, kept = list(rows), list(Attachment.objects.filter(owner_kind=OPENING_PAPERS).order_by("pk"))
    return [
        Place(
            account,
            tuple(row for row in typed if row.account_id == account.pk),
            tuple(paper for paper in kept if paper.owner_id == account.pk),
        )
        for account in accounts
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says so far: places, totals, and whether they agree."""

    opening: Opening | None
    places: list[Place]
    totals: list[OpeningTotal]

    def of(self, part: str) -> list[OpeningTotal]:
        return [row for row in self.totals if _part_of(row.account) == part]

    def sum_of(self, part: str) -> Decimal:
        return sum((row.amount for row in self.of(part)), ZERO)

    @property
    def income(self) -> Decimal:
        return self.sum_of("income")

    @property
    def welfare(self) -> Decimal:
        return self.sum_of("welfare")

    @property
    def costs(self) -> Decimal:
        return self.sum_of("costs")

    @property
    def should_be_left(self) -> Decimal:
        return self.income - self.welfare - self.costs

    @property
    def held(self) -> Decimal:
        return sum((place.amount or ZERO for place in self.places), ZERO)

    @property
    def difference(self) -> Decimal:
        """What is there beyond what the totals leave; below nought where money is missing."""
        return self.held - self.should_be_left

    def stamp_of(self, part: str) -> str:
        rows = [
            (row.account.code, row.round_number or 0, f"{row.amount:.2f}", row.persons, row.times)
            for row in self.of(part)
        ]
        return _stamp(part, *sorted(rows, key=lambda row: row[:2]))

    @property
    def stamp(self) -> str:
        """Of all that is signed and locked, the photographs among it."""
        opening = self.opening
        words = (opening.cutover_on, opening.note) if opening else ()
        places = [(place.stamp, [paper.pk for paper in place.photographs]) for place in self.places]
        return _stamp(words, places, [self.stamp_of(part) for part in PARTS])

    @property
    def places_done(self) -> int:
        return sum(place.is_done for place in self.places)

    @property
    def parts_done(self) -> int:
        return sum(bool(self.of(part)) for part in PARTS)


def _part_of(account: Account) -> str:
    if account.type == AccountType.INCOME:
        return "income"
    return "welfare" if account.role == AccountRole.BENEFIT else "costs"


def told(opening: Opening | None) -> Told:
    totals = OpeningTotal.objects.filter(opening=opening).select_related("account")
    return Told(opening, opening_places(opening), list(totals.order_by("account__code", "round_number")))


def sees_opening_papers(user: User, _account_id: int) -> bool:
    """The photographs of passbooks: whoever may see the fund's money."""
    return user.has_role(Role.REGISTRAR, Role.TREASURER, Role.COMMITTEE, Role.AUDITOR)


# --- since the founding -----------------------------------------------------------------------------------


def since_founding(until: date) -> dict[Account, Decimal]:
    """Baht of each income and cost account since the founding: the opening's total and the movements after it.

    `until` is a month's end at or after the cut-over; before it the program knows no more than the totals.
    """
    before = baht_before()
    moved = movements(date.min, until, types=(AccountType.INCOME, AccountType.COST))
    return {account: amount + before.get(account.pk, ZERO) for account, amount in moved}


@asked_once
def baht_before() -> dict[int, Decimal]:
    """By the account's key: what a locked opening says was received or spent before the books."""
    rows = _locked_totals().values_list("account").annotate(baht=Sum("amount")).order_by()
    return dict(rows)


@asked_once
def rounds_before() -> dict[int, Decimal]:
    """CODI's matching rounds before the books, by their number."""
    rows = _locked_totals().filter(round_number__isnull=False)
    found = rows.order_by("round_number").values_list("round_number", "amount")
    return {number: amount for number, amount in found if number is not None}


@dataclass(frozen=True, slots=True)
class WelfareBefore:
    """One kind of welfare before the books. Persons or times are None where the old books do not tell."""

    persons: int | None
    times: int | None
    baht: Decimal


@asked_once
def welfare_before() -> dict[str, WelfareBefore]:
    """By kind of welfare. Who was helped before and after the cut-over counts in both, since no old name is kept."""
    rows = _locked_totals().filter(account__role=AccountRole.BENEFIT)
    found = rows.values_list("account__category", "persons", "times", "amount")
    return {category: WelfareBefore(persons, times, amount) for category, persons, times, amount in found}


def _locked_totals() -> QuerySet[OpeningTotal]:
    return OpeningTotal.objects.filter(opening__locked_at__isnull=False)

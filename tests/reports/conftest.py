"""A small worked fund: two years in which every kind of figure occurs, posted as verbs post it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from contributions.models import Contributor, Gift
from ledger.accounts import account, benefit_account, collector_account
from ledger.closing import close_year
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_receipts, write_vouchers
from ledger.models import Account, AccountRole, Entry, EntryKind, FiscalYear, PaymentVoucher, Receipt
from ledger.periods import open_year
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Community, Fund, GroupFlag, MemberCount
from office.models import User
from tests.factories import CommunityFactory, MemberFactory, ResolutionFactory, UserFactory, make_fund
from welfare.models import Claim, ClaimState

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
TODAY = date(2020, 11, 1)
R = AccountRole


@dataclass
class Books:
    """Short ways to post what the tests need, each one a document with its entry."""

    fund: Fund
    user: User

    @property
    def bank(self) -> Account:
        return Account.objects.get(role=R.BANK, last_digits="1234")

    @property
    def cash(self) -> Account:
        return account(R.CASH)

    def receive(self, role: AccountRole, amount: str, on: date, *, into: Account | None = None, **about) -> Receipt:
        """Income by receipt."""
        place = into or self.bank
        return self._receipt([LineDraft(place, account(role), Decimal(amount), **about)], on, place)

    def interest(self, gross: str, tax: str, on: date) -> Receipt:
        net = Decimal(gross) - Decimal(tax)
        lines = [LineDraft(self.bank, account(R.INTEREST), net)]
        if Decimal(tax):
            lines.append(LineDraft(account(R.TAX_WITHHELD), account(R.INTEREST), Decimal(tax)))
        return self._receipt(lines, on, self.bank)

    def spend(self, role: AccountRole, category: str, amount: str, on: date) -> PaymentVoucher:
        return self._voucher([LineDraft(account(role, category), self.bank, Decimal(amount))], on)

    def pay_claim(self, member, category: str, amount: str, on: date) -> Claim:
        """A paid claim, with the voucher and the entry that a payment writes."""
        line = LineDraft(benefit_account(category), self.bank, Decimal(amount), member.community, member)
        number = next_numbers("claim", on.year + 543)[0]
        voucher = self._voucher([line], on, claim=label(on.year + 543, number))
        resolution = ResolutionFactory()
        return Claim.objects.create(
            year_be=on.year + 543,
            number=number,
            member=member,
            community=member.community,
            benefit_code=category,
            category=category,
            event_from=on,
            recipient_name=member.full_name,
            state=ClaimState.PAID,
            amount=Decimal(amount),
            amount_approved=Decimal(amount),
            resolution=resolution,
            entered_by=UserFactory(),
            decided_by=UserFactory(),
            decided_on=on,
            paid_by=self.user,
            paid_on=on,
            voucher=voucher,
        )

    def gift(self, contributor: Contributor, amount: str, on: date) -> Gift:
        receipt = self.receive(R.GIFT, amount, on, contributor_number=contributor.number)
        return Gift.objects.create(
            contributor=contributor,
            receipt=receipt,
            income_account=account(R.GIFT),
            amount=Decimal(amount),
            received_on=on,
        )

    def hand_to_collector(self, user: User, amount: str, on: date) -> Entry:
        line = LineDraft(collector_account(user), account(R.DUES), Decimal(amount))
        with transaction.atomic():
            return post(EntryDraft(on, EntryKind.COLLECTION, [line], self.user), posted_at=NOW)

    @transaction.atomic
    def _receipt(self, lines: list[LineDraft], on: date, place: Account) -> Receipt:
        number = next_numbers("receipt", on.year + 543)[0]
        entry = self._post(EntryKind.RECEIPT, "receipt", number, lines, on)
        draft = self._draft(on, place, lines)
        draft = PaperDraft(**{**vars_of(draft), "extra": {"kind": "other"}})
        return write_receipts([(draft, number, entry, entry.posted_lines)], by=self.user, issued_at=NOW)[0]

    @transaction.atomic
    def _voucher(self, lines: list[LineDraft], on: date, *, claim: str = "") -> PaymentVoucher:
        number = next_numbers("voucher", on.year + 543)[0]
        entry = self._post(EntryKind.PAYMENT, "voucher", number, lines, on)
        draft = self._draft(on, self.bank, lines, {"claim_number": claim} if claim else None)
        return write_vouchers([(draft, number, entry, entry.posted_lines)], by=self.user, issued_at=NOW)[0]

    def _post(self, kind: str, series: str, number: int, lines: list[LineDraft], on: date) -> Entry:
        return post(
            EntryDraft(on, kind, lines, self.user, document_kind=series, document_number=label(on.year + 543, number)),
            posted_at=NOW,
        )

    def _draft(self, on: date, place: Account, lines: list[LineDraft], extra: dict | None = None) -> PaperDraft:
        words = [PaperLine("รายการทดสอบ", "Test item", extra) for _line in lines]
        return PaperDraft(on, "ผู้สมมติ", place, uuid.uuid4(), words)


def vars_of(draft: PaperDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in PaperDraft.__dataclass_fields__}


@pytest.fixture
def fund(db) -> Fund:
    return make_fund()


@pytest.fixture
def books(fund) -> Books:
    return Books(fund, UserFactory())


@pytest.fixture
def first(fund) -> Community:
    return CommunityFactory(number=1)


@pytest.fixture
def second(fund) -> Community:
    return CommunityFactory(number=2)


@pytest.fixture
def worked(books: Books, first: Community, second: Community) -> Books:
    """2562, closed, and 2563, running: four legs, interest with tax, four kinds of welfare, costs, ten members."""
    open_year(date(2019, 1, 1), books.fund)
    people = ten_members(first, second)
    for year, legs in ((2019, ("3650.00", "500.00", "1000.00", "250.00")), (2020, ("3285.00", "0", "900.00", "0"))):
        one_year(books, year, legs)
    for member, category, amount, on in (
        (people[0], "sickness", "300.00", date(2019, 3, 1)),
        (people[0], "sickness", "200.00", date(2019, 9, 1)),
        (people[0], "elderly", "200.00", date(2019, 4, 13)),
        (people[1], "sickness", "100.00", date(2019, 5, 1)),
        (people[4], "death", "3000.00", date(2019, 12, 30)),
        (people[2], "birth", "500.25", date(2020, 2, 29)),
    ):
        books.pay_claim(member, category, amount, on)
    close_year(FiscalYear.objects.get(year_be=2562), by=books.user, now=NOW)
    return books


def one_year(books: Books, year: int, legs: tuple[str, str, str, str]) -> None:
    roles = (R.DUES, R.MUNICIPALITY, R.CODI_MATCHING)
    for role, amount in zip(roles, legs, strict=False):
        if Decimal(amount):
            books.receive(role, amount, date(year, 2, 1))
    if Decimal(legs[3]):
        books.gift(supporter(1, "ร้านสมมติ", may_be_named=True), legs[3], date(year, 6, 1))
        books.gift(supporter(2, "ผู้ไม่ประสงค์ออกนาม", may_be_named=False), "50.00", date(year, 6, 2))
    books.interest("100.00", "15.00", date(year, 6, 30))
    books.spend(R.ADMINISTRATION, "stationery", "120.50", date(year, 7, 1))
    books.spend(R.EVENT_COST, "", "75.00", date(year, 6, 3))


def supporter(number: int, name: str, *, may_be_named: bool) -> Contributor:
    return Contributor.objects.create(number=number, kind="shop", name=name, may_be_named=may_be_named)


def ten_members(first: Community, second: Community) -> list:
    """Six of the first community, four of the second: of each type one or more; one died, one came in 2563."""
    born = [date(1950, 1, 1), date(1960, 12, 31), *[date(1985, 5, 5)] * 4, date(2010, 1, 1), *[date(1990, 1, 1)] * 3]
    people = [
        MemberFactory(
            number=n + 1,
            community=first if n < 6 else second,
            birth_date=day,
            joined_on=date(2020, 3, 1) if n == 9 else date(2010, 5, 1) if n < 3 else date(2015, 1, 1),
        )
        for n, day in enumerate(born)
    ]
    people[4].memberships.update(ended_on=date(2019, 12, 28), end_reason="died")
    GroupFlag.objects.create(member=people[0], group="disadvantaged", since=date(2018, 1, 1), until=date(2018, 12, 31))
    GroupFlag.objects.create(member=people[2], group="disabled", since=date(2019, 6, 1))
    GroupFlag.objects.create(member=people[7], group="disadvantaged", since=date(2020, 1, 1))
    MemberCount.objects.filter(community=first).update(current=5, cumulative=6)
    MemberCount.objects.filter(community=second).update(current=4, cumulative=4)
    return people


def client_of(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client

"""The other money of a grown fund: grants, matching rounds, gifts, interest, costs, and cash that is banked."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from bansong_fund.demo import names
from bansong_fund.demo.grow_books import Books, Posting
from bansong_fund.demo.grow_dues import Event
from bansong_fund.demo.grow_people import Person
from bansong_fund.demo.grow_tables import NULL, Table
from bansong_fund.demo.grow_world import TODAY, World
from bansong_fund.lib.thai_dates import be_year
from contributions.models import (
    Campaign,
    Contributor,
    ContributorKind,
    Gift,
    Grant,
    GrantSource,
    InterestCredit,
    MatchingRound,
    RoundMember,
    RunningCost,
)
from ledger.models import Account, AccountRole, EntryKind, ReceiptKind

ONE_CONTRIBUTOR_FOR = 30  # members
MOST_CONTRIBUTORS = 137  # supporters do not grow with the members
BAHT_A_MATCH = Decimal("310.00")
MOST_MATCHES = 3
COSTS = (("staff", 2000), ("travel", 600), ("stationery", 450), ("meetings", 900), ("other", 300))
LEAST_GRANT = 60_000  # so that a tiny fund can pay what it owes
FLOAT = Decimal(20_000)  # what stays in the cash box when the rest is banked


class OtherMoney:
    """Plans a year's events of the legs beside dues, and of costs."""

    def __init__(self, world: World, books: Books) -> None:
        self.world, self.books = world, books
        self.treasurer = world.users["treasurer"]
        self.cash, self.savings = world.account(AccountRole.CASH), world.accounts["savings"]
        rng = world.rng
        self.grants = Table(Grant, ("source", "receipt_id", "matching_round_id", "amount", "received_on"), rng)
        self.matched = Table(RoundMember, ("matching_round_id", "member_id", "amount"), rng)
        self.gifts = Table(
            Gift, ("contributor_id", "receipt_id", "campaign_id", "income_account_id", "amount", "received_on"), rng
        )
        self.interest = Table(InterestCredit, ("receipt_id", "bank_account_id", "gross", "tax", "credited_on"), rng)
        self.costs = Table(RunningCost, ("voucher_id", "cost_account_id", "amount", "paid_on", "shop_receipt"), rng)
        self._rounds = 0
        self.contributors = self._make_contributors()

    def tables(self) -> Sequence[Table]:
        return (self.grants, self.matched, self.gifts, self.interest, self.costs)

    def finish(self) -> None:
        for table in self.tables():
            table.finish()

    def events_of(self, year: int, people: Sequence[Person]) -> Iterator[Event]:
        yield from self._grants_of(year, people)
        yield from self._gifts_of(year)
        for month in (6, 12):
            yield from self._if_past(date(year, month, 28), self._credit_interest)
        for month in range(1, 13):
            yield from self._if_past(date(year, month, 20), self._bank_cash)
            for place, (kind, baht) in enumerate(COSTS):
                amount = Decimal(baht + self.world.rng.randrange(200))
                day = date(year, month, 21 + place)
                yield from self._if_past(day, self._pay_cost, AccountRole.ADMINISTRATION, kind, amount)

    @staticmethod
    def _if_past(day: date, verb: object, *facts: object) -> Iterator[Event]:
        if day < TODAY:
            yield day, partial(verb, day, *facts)

    # --- grants -------------------------------------------------------------------------------------------

    def _grants_of(self, year: int, people: Sequence[Person]) -> Iterator[Event]:
        municipality = Decimal(max(self.world.members * 120, LEAST_GRANT))
        yield (
            date(year, 5, 10),
            partial(
                self._take_grant, date(year, 5, 10), GrantSource.MUNICIPALITY, ReceiptKind.MUNICIPALITY, municipality
            ),
        )
        last_years = self.world.years[1:][-MOST_MATCHES:]
        if year in last_years:
            cutoff = date(year - 1, 9, 30)
            matched = [one for one in people if one.joined <= date(year - 2, 9, 30) and one.runs_on(cutoff)]
            if matched:
                yield date(year, 8, 20), partial(self._take_round, date(year, 8, 20), cutoff, matched)

    def _take_round(self, day: date, cutoff: date, matched: Sequence[Person]) -> None:
        self._rounds += 1
        row = MatchingRound.objects.create(
            number=self._rounds,
            year_be=be_year(day),
            cutoff_on=cutoff,
            baht_per_member=BAHT_A_MATCH,
            member_count=len(matched),
        )
        for person in matched:
            self.matched.add(row.pk, person.number, BAHT_A_MATCH)
        amount = BAHT_A_MATCH * len(matched)
        self._take_grant(day, GrantSource.CODI_MATCHING, ReceiptKind.CODI, amount, row.pk)

    def _take_grant(
        self, day: date, source: GrantSource, kind: ReceiptKind, amount: Decimal, matching_round: int | str = NULL
    ) -> None:
        income = self.world.account(AccountRole(source.value))
        receipt = self._income(day, kind, income, amount, self.savings, party="หน่วยงานสมมติ")
        self.grants.add(source.value, receipt, matching_round, amount, day)

    def _income(
        self,
        day: date,
        kind: ReceiptKind,
        income: Account,
        amount: Decimal,
        place: Account,
        *,
        party: str,
        contributor: int | str = "",
    ) -> int:
        number, name = self.books.paper_number("receipt", day)
        line = Posting(place, income, amount, contributor=contributor)
        posted = self.books.post(day, EntryKind.RECEIPT.value, [line], by=self.treasurer, document=("receipt", name))
        return self.books.receipt(
            day,
            number,
            kind.value,
            posted,
            party=party,
            account=place,
            lines=[(income.name_th, income.name_en, amount)],
            by=self.treasurer,
            contributor=contributor or NULL,
        )

    # --- gifts --------------------------------------------------------------------------------------------

    def _make_contributors(self) -> list[Contributor]:
        rng = self.world.rng
        count = min(max(self.world.members // ONE_CONTRIBUTOR_FOR, 3), MOST_CONTRIBUTORS)
        return Contributor.objects.bulk_create(
            Contributor(
                number=number,
                kind=rng.choice([ContributorKind.PERSON, ContributorKind.SHOP, ContributorKind.TEMPLE]),
                name=f"{names.full_name(rng)} (สมมติ {number})",
                may_be_named=number % 3 > 0,
                is_invented=True,
            )
            for number in range(1, count + 1)
        )

    def _gifts_of(self, year: int) -> Iterator[Event]:
        held_on = date(year, 2, 20)
        campaign = Campaign.objects.create(
            year_be=be_year(held_on), name_th="ผ้าป่าสามัคคี", name_en="Merit-making", held_on=held_on
        )
        rng = self.world.rng
        for contributor in self.contributors:
            day = held_on if contributor.number % 2 else date(year, 3, 1) + timedelta(days=rng.randrange(200))
            amount = Decimal(rng.randrange(1, 20) * 100)
            event = campaign.pk if day == held_on else NULL
            yield day, partial(self._take_gift, day, contributor, amount, event)
        yield held_on, partial(self._pay_cost, held_on, AccountRole.EVENT_COST, "", Decimal(self.world.members))

    def _take_gift(self, day: date, contributor: Contributor, amount: Decimal, campaign: int | str) -> None:
        income = self.world.account(AccountRole.GIFT if campaign == NULL else AccountRole.EVENT_INCOME)
        receipt = self._income(
            *(day, ReceiptKind.GIFT, income, amount, self.cash),
            party=contributor.name,
            contributor=contributor.number,
        )
        self.gifts.add(contributor.pk, receipt, campaign, income.pk, amount, day)

    # --- interest, costs, banking -------------------------------------------------------------------------

    def _credit_interest(self, day: date) -> None:
        gross = (self.books.held[self.savings.pk] * Decimal("0.005")).quantize(Decimal("0.01"))
        tax = (gross / 100).quantize(Decimal("0.01"))
        if tax <= 0:
            return
        earned, withheld = self.world.account(AccountRole.INTEREST), self.world.account(AccountRole.TAX_WITHHELD)
        number, name = self.books.paper_number("receipt", day)
        lines = [Posting(self.savings, earned, gross - tax), Posting(withheld, earned, tax)]
        posted = self.books.post(day, EntryKind.INTEREST.value, lines, by=self.treasurer, document=("receipt", name))
        receipt = self.books.receipt(
            day,
            number,
            ReceiptKind.INTEREST.value,
            posted,
            party=self.savings.bank_th,
            account=self.savings,
            lines=[
                ("ดอกเบี้ยเงินฝากสุทธิ", "Bank interest, net", gross - tax),
                ("ภาษีดอกเบี้ยถูกหัก ณ ที่จ่าย", "Tax withheld on interest", tax),
            ],
            by=self.treasurer,
        )
        self.interest.add(receipt, self.savings.pk, gross, tax, day)

    def _pay_cost(self, day: date, role: AccountRole, kind: str, amount: Decimal) -> None:
        cost = self.world.account(role, kind)
        place = self.cash if self.books.held[self.cash.pk] >= amount else self.savings
        if self.books.held[place.pk] < amount:
            return
        number, name = self.books.paper_number("voucher", day)
        line = Posting(cost, place, amount)
        posted = self.books.post(day, EntryKind.PAYMENT.value, [line], by=self.treasurer, document=("voucher", name))
        voucher = self.books.voucher(
            day,
            number,
            posted,
            party="ร้านค้าสมมติ",
            account=place,
            line=(cost.name_th, cost.name_en, amount),
            by=self.treasurer,
        )
        self.costs.add(voucher, cost.pk, amount, day, f"{number:05d}")

    def _bank_cash(self, day: date) -> None:
        amount = self.books.held[self.cash.pk] - FLOAT
        if amount > 0:
            line = Posting(self.savings, self.cash, amount)
            self.books.post(day, EntryKind.TRANSFER.value, [line], by=self.treasurer)

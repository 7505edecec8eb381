"""Money in, running costs and moved cash: the postings, and the rows that name their receipts and vouchers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bansong_fund.demo.load_books import RECEIPT, VOUCHER, Order, Posting
from bansong_fund.demo.load_events import load_campaigns, load_event_rows, load_pledges
from bansong_fund.demo.load_rows import copy_rows
from bansong_fund.demo.load_world import World, fixed_id
from bansong_fund.demo.partnering import load_commitments, load_partners, load_steps
from bansong_fund.demo.shapes import CashMove, Cost
from bansong_fund.demo.shapes import Gift as PlannedGift
from bansong_fund.demo.shapes import Grant as PlannedGrant
from bansong_fund.demo.shapes import Interest as PlannedInterest
from bansong_fund.lib.thai_dates import be_year
from contributions.grants import INCOME_ROLES, RECEIPT_KINDS, WORDS
from contributions.models import (
    Contributor,
    Gift,
    Grant,
    GrantSource,
    InterestCredit,
    MatchingRound,
    RoundMember,
    RunningCost,
)
from contributions.verbs import means_of
from ledger.accounts import account
from ledger.documents import PaperDraft, PaperLine
from ledger.models import Account, AccountRole, EntryKind, ReceiptKind
from ledger.posting import LineDraft

GIFT_ROLES = {
    "donation": AccountRole.GIFT,
    "event": AccountRole.EVENT_INCOME,
    "enterprise-share": AccountRole.ENTERPRISE_SHARE,
    "sister-funds": AccountRole.SISTER_FUNDS,
}
GRANTERS = {
    GrantSource.MUNICIPALITY: "เทศบาลตำบลบ้านส้อง",
    GrantSource.CODI_START_UP: "สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)",
    GrantSource.CODI_MATCHING: "สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)",
}
BANKING = (("cash", "savings"), ("savings", "fixed"))  # after the day's payments; what is fetched comes before


class MoneyPlan:
    """The postings of everything but dues and claims, and afterwards their rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.treasurer = world.users["treasurer"]
        self.campaigns = load_campaigns(world)
        self.contributors = _contributors(world)
        self.pledges = load_pledges(world, self.campaigns, self.contributors)
        self.commitments = load_commitments(world)
        self.accounts: dict[tuple[AccountRole, str], Account] = {}
        plan = world.plan
        self.grants = self._booked(plan.grants, self._grant)
        self.gifts = self._booked(plan.gifts, self._gift)
        self.interest = self._booked(plan.interest, self._interest)
        self.costs = self._booked(plan.costs, self._cost)
        self.moves = self._booked(plan.moves, self._move)

    @staticmethod
    def _booked(planned: list[Any], draft: Callable[[Any], Posting]) -> list[tuple[Any, Posting]]:
        return [(one, draft(one)) for one in planned]

    def postings(self) -> list[Posting]:
        booked = (self.grants, self.gifts, self.interest, self.costs, self.moves)
        return [posting for one in booked for _planned, posting in one]

    def account(self, role: AccountRole, category: str = "") -> Account:
        if (role, category) not in self.accounts:
            self.accounts[role, category] = account(role, category)
        return self.accounts[role, category]

    # --- postings -----------------------------------------------------------------------------

    def _grant(self, one: PlannedGrant) -> Posting:
        source = GrantSource(one.source)
        words = self._round_words(one) if one.round else self._grant_words(one)
        place = self.world.accounts[one.account]
        line = LineDraft(place, self.account(INCOME_ROLES[source]), one.amount)
        return self._income(one, [(line, words)], place, GRANTERS[source], RECEIPT_KINDS[source])

    @staticmethod
    def _grant_words(one: PlannedGrant) -> PaperLine:
        th, en = WORDS[GrantSource(one.source)]
        year = be_year(one.received_on)
        return PaperLine(th.format(year=year), en.format(year=year))

    def _round_words(self, one: PlannedGrant) -> PaperLine:
        heads = len(self.world.plan.rounds[one.round - 1].persons)
        return PaperLine(
            f"เงินสมทบจากรัฐผ่าน พอช. รอบที่ {one.round} สมาชิก {heads:,} คน",
            f"State contribution through CODI, round {one.round}, {heads:,} members",
        )

    def _gift(self, one: PlannedGift) -> Posting:
        giver = self.contributors[one.contributor]
        place, income = self.world.accounts[one.account], self.account(GIFT_ROLES[one.kind])
        line = LineDraft(place, income, one.amount, contributor_number=giver.number)
        words = PaperLine(income.name_th, income.name_en)
        return self._income(one, [(line, words)], place, giver.name, ReceiptKind.GIFT, contributor=giver.number)

    def _interest(self, one: PlannedInterest) -> Posting:
        place, income = self.world.accounts[one.account], self.account(AccountRole.INTEREST)
        lines = [(LineDraft(place, income, one.net), PaperLine("ดอกเบี้ยเงินฝากสุทธิ", "Bank interest, net"))]
        if one.tax:
            withheld = LineDraft(self.account(AccountRole.TAX_WITHHELD), income, one.tax)
            lines.append((withheld, PaperLine("ภาษีดอกเบี้ยถูกหัก ณ ที่จ่าย", "Tax withheld on interest")))
        posting = self._income(one, lines, place, f"{place.bank_th} {place.branch_th}", ReceiptKind.INTEREST)
        posting.kind = EntryKind.INTEREST
        return posting

    def _income(
        self,
        one: PlannedGrant | PlannedGift | PlannedInterest,
        lines: list[tuple[LineDraft, PaperLine]],
        place: Account,
        payer: str,
        kind: ReceiptKind,
        *,
        contributor: int | None = None,
    ) -> Posting:
        paper = PaperDraft(
            date=one.received_on,
            party_name=payer,
            account=place,
            request_id=fixed_id("receipt", one.key),
            lines=[words for _line, words in lines],
            means=means_of(place),
            contributor_number=contributor,
            extra={"kind": kind, "public_token": fixed_id("receipt-token", one.key)},
        )
        return Posting(
            name=one.key,
            day=one.received_on,
            order=Order.RECEIPT,
            kind=EntryKind.RECEIPT,
            by=self.treasurer,
            lines=[line for line, _words in lines],
            document=RECEIPT,
            series=RECEIPT,
            papers=[paper],
        )

    def _cost_account(self, one: Cost) -> Account:
        if one.kind == "event":
            return self.account(AccountRole.EVENT_COST)
        return self.account(AccountRole.ADMINISTRATION, one.kind)

    def _cost(self, one: Cost) -> Posting:
        place, cost = self.world.accounts[one.account], self._cost_account(one)
        paper = PaperDraft(
            date=one.paid_on,
            party_name=one.payee,
            account=place,
            request_id=fixed_id("voucher", one.key),
            lines=[PaperLine(f"{cost.name_th}: {one.memo_th}", f"{cost.name_en}: {one.memo_en}")],
            means=means_of(place),
            extra={"public_token": fixed_id("voucher-token", one.key)},
        )
        return Posting(
            name=one.key,
            day=one.paid_on,
            order=Order.PAYMENT,
            kind=EntryKind.PAYMENT,
            by=self.treasurer,
            lines=[LineDraft(cost, place, one.amount)],
            document=VOUCHER,
            series=VOUCHER,
            papers=[paper],
        )

    def _move(self, one: CashMove) -> Posting:
        after = (one.source, one.target) in BANKING
        return Posting(
            name=one.key,
            day=one.moved_on,
            order=Order.BANKING if after else Order.WITHDRAWAL,
            kind=EntryKind.TRANSFER,
            by=self.treasurer,
            lines=[LineDraft(self.world.accounts[one.target], self.world.accounts[one.source], one.amount)],
        )

    # --- rows ---------------------------------------------------------------------------------

    def write_rows(self) -> None:
        """What each receipt and voucher is about; after the books are written."""
        gifts = {
            one.key: Gift(
                contributor=self.contributors[one.contributor],
                receipt=posting.papers_written[0],
                campaign=self.campaigns.get(one.campaign or ""),
                income_account=posting.lines[0].credit,
                amount=one.amount,
                received_on=one.received_on,
                pledge=self.pledges.get(one.key),
            )
            for one, posting in self.gifts
        }
        Gift.objects.bulk_create(gifts.values())
        InterestCredit.objects.bulk_create(
            InterestCredit(
                receipt=posting.papers_written[0],
                bank_account=self.world.accounts[one.account],
                gross=one.gross,
                tax=one.tax,
                credited_on=one.received_on,
            )
            for one, posting in self.interest
        )
        RunningCost.objects.bulk_create(
            RunningCost(
                voucher=posting.papers_written[0],
                cost_account=posting.lines[0].debit,
                amount=one.amount,
                paid_on=one.paid_on,
                campaign=self.campaigns.get(one.campaign or ""),
                recorded_at=self.world.now,
            )
            for one, posting in self.costs
        )
        load_event_rows(self.world, self.campaigns, self.contributors, gifts)
        self._write_grants()

    def _write_grants(self) -> None:
        rounds = self._write_rounds()
        Grant.objects.bulk_create(
            Grant(
                source=one.source,
                receipt=posting.papers_written[0],
                matching_round=rounds.get(one.round or 0),
                amount=one.amount,
                received_on=one.received_on,
                commitment=self.commitments.get(one.key),
            )
            for one, posting in self.grants
        )
        load_steps(self.world)

    def _write_rounds(self) -> dict[int, MatchingRound]:
        rows = {
            one.number: MatchingRound(
                number=one.number,
                year_be=be_year(one.received_on),
                cutoff_on=one.cut_off,
                baht_per_member=one.rate,
                member_count=len(one.persons),
            )
            for one in self.world.plan.rounds
        }
        MatchingRound.objects.bulk_create(rows.values())
        copy_rows(
            RoundMember(matching_round=rows[one.number], member=self.world.members[number], amount=Decimal(one.rate))
            for one in self.world.plan.rounds
            for number in one.persons
        )
        return rows


def _contributors(world: World) -> dict[int, Contributor]:
    """All of them; each was asked with the first gift whether she may be named."""
    newest_first = sorted(world.plan.gifts, key=lambda one: one.received_on, reverse=True)
    first_gifts = {one.contributor: one.received_on for one in newest_first}
    rows = {
        one.number: Contributor(
            request_id=fixed_id("contributor", one.number),
            number=one.number,
            kind=one.kind,
            name=one.name,
            is_local=one.is_local,
            may_be_named=one.agrees_to_be_named,
            consent_on=first_gifts.get(one.number),
            is_invented=one.is_invented,
        )
        for one in world.plan.contributors
    }
    load_partners(world, rows)
    Contributor.objects.bulk_create(rows.values())
    return rows

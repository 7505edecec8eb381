"""The ledger's verbs in any order, against a plain model: a balance for each account and fund, and what is closed."""

import contextlib
import uuid
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ledger.check import check_ledger
from ledger.closing import MonthClosed, YearClosed, close_month, close_year
from ledger.models import Account, AccountingMonth, Entry, EntryKind, FiscalYear, LedgerSum, RestrictedFund
from ledger.periods import PeriodClosed, open_year
from ledger.posting import AlreadyReversed, EntryDraft, LineDraft, post
from ledger.restricted import FundOverdrawn, SameFund, move_between_funds, set_aside
from ledger.reversing import OwnedByAPaper, reverse_entry
from ledger.verbs import NotEnoughMoney
from members.models import Fund
from tests.contributions.conftest import NOW
from tests.factories import make_fund, make_user

LATER = date(2021, 2, 10)
MONTHS = [date(2020, 10, 1), date(2020, 11, 1), date(2020, 12, 1), date(2021, 1, 1)]
OF_THE_YEAR = MONTHS[:3]
CASH, INTEREST, OTHER_COST, BETWEEN = "1010", "4520", "5220", "1900"
NOTES = dict.fromkeys(("cash-counted", "reconciled", "advances", "sheets-accepted", "cost-papers"), "ทราบแล้ว")
amounts = st.decimals(min_value="0.01", max_value="900", places=2)
months = st.sampled_from(MONTHS)


class Books(RuleBasedStateMachine):
    """What the model says beforehand, the verb does: post, refuse, or change nothing."""

    entries = Bundle("entries")

    @initialize()
    def found(self) -> None:
        self.beginning = transaction.savepoint()
        make_fund(controls="small")
        Fund.objects.update(founded_on=MONTHS[0])
        open_year(LATER, Fund.objects.get())
        self.treasurer = make_user("treasurer")
        self.accounts = {one.code: one for one in Account.objects.all()}
        self.own = next(one.code for one in self.accounts.values() if one.role == "accumulated-fund")
        emergency = set_aside(name_th="ฉุกเฉิน", name_en="Emergency", purpose="", resolution_label="1", by=self.treasurer)
        self.funds = {"general": RestrictedFund.objects.get(code="general"), "emergency": emergency}
        self.balance: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.results: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.closed: set[date] = set()
        self.year_closed = False
        self.reversed: set[int] = set()
        self.posted = 0

    def teardown(self) -> None:
        if hasattr(self, "beginning"):
            try:
                assert check_ledger().problems == ()
            finally:
                transaction.savepoint_rollback(self.beginning)

    # --- the model ----------------------------------------------------------------------------------------

    def moves(self, debit: str, credit: str, amount: Decimal, fund: str, month: date) -> None:
        for code, change in ((debit, amount), (credit, -amount)):
            self.balance[code, fund] += change
            if code in (INTEREST, OTHER_COST) and month in OF_THE_YEAR:
                self.results[code, fund] += change

    def held_by(self, fund: str) -> Decimal:
        return -sum(self.balance[code, fund] for code in (INTEREST, OTHER_COST, self.own))

    # --- the verbs ----------------------------------------------------------------------------------------

    @rule(
        target=entries,
        month=months,
        amount=amounts,
        fund=st.sampled_from(["general", "emergency"]),
        comes=st.booleans(),
    )
    def money_moves(self, month: date, amount: Decimal, fund: str, comes: bool) -> Entry | None:
        debit, credit = (CASH, INTEREST) if comes else (OTHER_COST, CASH)
        line = LineDraft(self.accounts[debit], self.accounts[credit], amount, restricted_fund=self.funds[fund])
        draft = EntryDraft(date=month, kind=EntryKind.TRANSFER, lines=[line], posted_by=self.treasurer)
        if month in self.closed:
            with pytest.raises(PeriodClosed), transaction.atomic():
                post(draft, posted_at=NOW)
            return None
        entry = post(draft, posted_at=NOW)
        assert post(draft, posted_at=NOW) == entry  # the same request a second time
        self.moves(debit, credit, amount, fund, month)
        self.posted += 1
        entry.facts = (debit, credit, amount, fund)
        return entry

    @rule(entry=entries)
    def an_entry_is_reversed(self, entry: Entry | None) -> None:
        if entry is None:
            return
        debit, credit, amount, fund = entry.facts
        in_the_box = sum(self.balance[CASH, one] for one in self.funds)
        expected = None
        if entry.pk in self.reversed:
            expected = AlreadyReversed
        elif debit == CASH and in_the_box < amount:
            expected = NotEnoughMoney
        elif fund != "general" and debit == CASH and self.held_by(fund) < amount:
            expected = FundOverdrawn  # what came into it is spent or moved on; what went out may always come back
        with pytest.raises(expected) if expected else contextlib.nullcontext():
            self.reverse(entry)
        if expected is None:
            self.moves(credit, debit, amount, fund, LATER)
            self.reversed.add(entry.pk)
            self.posted += 1
            with pytest.raises(OwnedByAPaper):
                self.reverse(Entry.objects.get(reverses=entry))

    def reverse(self, entry: Entry) -> None:
        facts = {"by": self.treasurer, "second_person": None, "today": LATER, "now": NOW}
        reverse_entry(entry=entry, reason="ผิด", request_id=uuid.uuid4(), **facts)

    @rule(month=months, amount=amounts, source=st.sampled_from(["general", "emergency"]), same=st.booleans())
    def money_goes_to_another_fund(self, month: date, amount: Decimal, source: str, same: bool) -> None:
        other = "emergency" if source == "general" else "general"
        target = source if same and amount < 50 else other
        expected = None
        if target == source:
            expected = SameFund
        elif month in self.closed:
            expected = PeriodClosed
        elif self.held_by(source) < amount:
            expected = FundOverdrawn
        facts = {"moved_on": month, "resolution_label": "2", "by": self.treasurer, "today": LATER, "now": NOW}
        with pytest.raises(expected) if expected else contextlib.nullcontext():
            move_between_funds(
                source=self.funds[source], target=self.funds[target], amount=amount, request_id=uuid.uuid4(), **facts
            )
        if expected is None:
            self.moves(self.own, BETWEEN, amount, source, month)
            self.moves(BETWEEN, self.own, amount, target, month)
            self.posted += 1

    @rule(month=months)
    def a_month_is_closed(self, month: date) -> None:
        row = AccountingMonth.objects.get(first_day=month)
        facts = {"counted": Decimal(0), "notes": NOTES, "by": self.treasurer, "today": LATER, "now": NOW}
        if month not in self.closed and any(before < month and before not in self.closed for before in MONTHS):
            with pytest.raises(MonthClosed):
                close_month(row, **facts)
            return
        close_month(row, **facts)
        self.closed.add(month)

    @rule(sure=st.integers(0, 3))
    def the_year_is_closed(self, sure: int) -> None:
        if sure:  # one time in four, or little is left to do
            return
        year = FiscalYear.objects.get(year_be=2563)
        left = {key: result for key, result in self.results.items() if result}
        if self.year_closed or not left:
            with pytest.raises(YearClosed), transaction.atomic():
                close_year(year, by=self.treasurer, now=NOW)
            return
        close_year(year, by=self.treasurer, now=NOW)
        for (code, fund), result in left.items():
            self.balance[code, fund] -= result
            self.balance[self.own, fund] += result
        self.year_closed, self.posted = True, self.posted + 1
        self.closed.update(OF_THE_YEAR)

    # --- what holds at every moment -------------------------------------------------------------------------

    @invariant()
    def the_kept_sums_are_the_models(self) -> None:
        if not hasattr(self, "balance"):
            return
        sums = LedgerSum.objects.values_list("account__code", "restricted_fund__code").order_by()
        kept = {(code, fund): baht for code, fund, baht in sums.annotate(b=Sum(F("debit") - F("credit"))) if baht}
        names = {"general": "general", "emergency": self.funds["emergency"].code}
        assert kept == {(code, names[fund]): baht for (code, fund), baht in self.balance.items() if baht}
        assert Entry.objects.count() == self.posted


def play(examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck), deadline=None
    )
    run_state_machine_as_test(Books, settings=chosen)


def test_the_verbs_keep_to_a_plain_model_of_the_books(db) -> None:
    play(examples=15, steps=20)


@pytest.mark.faults
def test_the_verbs_keep_to_a_plain_model_of_the_books_for_long(db) -> None:
    play(examples=400, steps=50)

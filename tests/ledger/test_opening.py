"""Starting with a fund that exists: what is refused, what is posted, and that what was signed stays."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation

from ledger.check import check_ledger
from ledger.models import (
    Account,
    AccountingMonth,
    Entry,
    FiscalYear,
    Opening,
    OpeningBalance,
    OpeningTotal,
    RestrictedFund,
)
from ledger.opening import (
    OpeningIncomplete,
    OpeningLocked,
    SecondPersonNeeded,
    TotalDraft,
    WrongAmounts,
    WrongCutover,
    begin_at_nought,
    explain,
    lock_opening,
    save_place,
    save_totals,
    set_cutover,
)
from ledger.opening_queries import (
    PARTS,
    accounts_of,
    opening_waits,
    rounds_before,
    since_founding,
    told,
    welfare_before,
)
from ledger.periods import BeforeTheFund, PeriodClosed
from ledger.queries import trial_balance
from members.models import Fund
from office.attachments import FileRefused
from tests.factories import TODAY, make_fund, make_user
from tests.ledger.conftest import NOW, book
from tests.races import at_once
from tests.welfare.test_visibility import photograph

CUTOVER = date(2019, 12, 31)
SIGNED = [{"name": f"นายสมมติ {n}", "post": post} for n, post in enumerate(("treasurer", "auditor", "chair"), start=1)]


def account(code: str) -> Account:
    return Account.objects.get(code=code)


def place(code: str, amount: str, *, by, shares=None, photographs=()) -> None:
    facts = {"shares": shares or {}, "photographs": photographs, "by": by, "now": NOW, "request_id": uuid.uuid4()}
    save_place(account(code), Decimal(amount), **facts)


def type_all(by, cutover: date = CUTOVER) -> None:
    """1,000 on the bank, 200 of it set aside, and 50 in the box; 1,500 came in and 450 went out."""
    flood = RestrictedFund.objects.create(code="flood", name_th="น้ำท่วม", name_en="Flood")
    set_cutover(cutover, by=by, today=TODAY)
    place("12001", "1000.00", by=by, shares={flood: Decimal("200.00")}, photographs=[photograph()])
    place("1010", "50.00", by=by)
    rounds = [TotalDraft(account("4320"), Decimal(300), round_number=n) for n in (1, 2)]
    save_totals("income", [TotalDraft(account("4110"), Decimal(900)), *rounds], by=by)
    save_totals("welfare", [TotalDraft(account("5120"), Decimal(400), persons=3, times=4)], by=by)
    save_totals("costs", [TotalDraft(account("5210"), Decimal(50))], by=by)


def lock(by, **changes) -> Opening:
    facts = {"resolution": "3/2563 (2)", "resolved_on": TODAY, "signed_by": SIGNED, "request_id": uuid.uuid4()}
    return lock_opening(**facts | changes, by=by, today=TODAY, now=NOW)


@pytest.fixture
def treasurer(fund):
    return make_user("treasurer")


@pytest.fixture
def chair(fund):
    return make_user("committee")


def test_the_opening_is_posted_once_and_ties(treasurer, chair) -> None:
    assert opening_waits()
    type_all(treasurer)
    said = told(Opening.objects.get())
    assert (said.income, said.held, said.difference) == (Decimal(1500), Decimal(1050), Decimal(0))
    click = uuid.uuid4()
    opening = lock(chair, request_id=click)
    assert lock(chair, request_id=click).entry == opening.entry == Entry.objects.get()
    assert [(a.code, debit, credit) for a, debit, credit in trial_balance()] == [
        ("1010", Decimal(50), Decimal(0)),
        ("12001", Decimal(1000), Decimal(0)),
        ("3010", Decimal(0), Decimal(1050)),
    ]
    lines = opening.entry.lines.values_list("debit__code", "restricted_fund__code", "amount")
    assert list(lines) == [
        ("1010", "general", Decimal(50)),
        ("12001", "general", Decimal(800)),
        ("12001", "flood", Decimal(200)),
    ]
    assert (opening.entry.date, opening.entry.kind, opening_waits()) == (CUTOVER, "opening", False)
    assert check_ledger().problems == ()


def test_nothing_is_posted_behind_the_cut_over(treasurer, chair) -> None:
    type_all(treasurer)
    lock(chair)
    assert AccountingMonth.objects.filter(first_day__lte=CUTOVER, closed_at=None).count() == 0
    assert FiscalYear.objects.filter(closed_at=None).get().year_be == 2563
    with pytest.raises(PeriodClosed):
        book("1010", "4110", "1.00", on=CUTOVER)
    with pytest.raises(BeforeTheFund):
        book("1010", "4110", "1.00", on=date(2015, 6, 1))
    book("1010", "4110", "100.00", on=date(2020, 1, 1))


def test_since_founding_adds_the_books_to_what_was_before(treasurer, chair) -> None:
    type_all(treasurer, cutover=date(2020, 9, 30))
    assert rounds_before() == {}  # what is not signed counts nowhere
    lock(chair)
    book("1010", "4110", "100.00", on=date(2020, 10, 5))
    sums = {a.code: baht for a, baht in since_founding(date(2020, 11, 30)).items() if baht}
    assert sums == {"4110": 1000, "4320": 600, "5120": 400, "5210": 50}
    assert rounds_before() == {1: Decimal(300), 2: Decimal(300)}
    sickness = welfare_before()["sickness"]
    assert (sickness.persons, sickness.times, sickness.baht) == (3, 4, Decimal(400))


def test_the_database_keeps_what_was_signed(treasurer, chair) -> None:
    type_all(treasurer)
    opening = lock(chair)
    balance = OpeningBalance.objects.first()
    acts = [
        lambda: Opening.objects.update(note="x"),
        lambda: Opening.objects.all().delete(),
        lambda: OpeningBalance.objects.update(amount=1),
        lambda: OpeningTotal.objects.all().delete(),
        lambda: OpeningTotal.objects.create(opening=opening, account=balance.account, amount=1),
    ]
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    for verb in (lambda: place("1010", "1.00", by=treasurer), lambda: explain("x", by=treasurer), lambda: lock(chair)):
        with pytest.raises(OpeningLocked):
            verb()


@pytest.mark.parametrize("day", [date(2020, 11, 30), date(2010, 4, 30), date(2019, 12, 30)])
def test_a_cut_over_after_today_before_the_founding_or_in_mid_month_is_refused(treasurer, day) -> None:
    with pytest.raises(WrongCutover) as refusal:
        set_cutover(day, by=treasurer, today=TODAY)
    assert (refusal.value.field, Opening.objects.count()) == ("cutover_on", 0)


def test_entries_behind_the_cut_over_stop_it(treasurer, chair) -> None:
    type_all(treasurer)
    book("1010", "4110", "5.00", on=date(2019, 6, 1))
    with pytest.raises(WrongCutover):
        lock(chair)
    with pytest.raises(WrongCutover):
        set_cutover(CUTOVER, by=treasurer, today=TODAY)


def test_all_that_is_missing_is_named_at_once(treasurer, chair) -> None:
    place("12001", "10.00", by=treasurer)
    with pytest.raises(OpeningIncomplete) as refusal:
        lock(chair, resolution=" ", signed_by=SIGNED[:2])
    assert len(str(refusal.value).split(" · ")) == 9
    type_all(treasurer)
    place("1010", "51.00", by=treasurer)
    with pytest.raises(OpeningIncomplete):
        lock(chair)
    explain("one baht was found", by=treasurer)
    with pytest.raises(OpeningIncomplete):  # the meeting cannot have seen what was there then
        lock(chair, resolved_on=CUTOVER - timedelta(days=1))
    assert lock(chair).is_locked


def test_nobody_who_typed_any_of_it_locks_it_from_the_standard_controls_on(treasurer, chair) -> None:
    both, third = make_user("registrar", "committee"), make_user("committee", display_name="กรรมการ สาม")
    place("1010", "50.00", by=both)
    type_all(treasurer)  # the same figure again, over hers
    chair.is_active = False
    chair.save()
    for one in (treasurer, both):
        with (
            translation.override("en"),
            pytest.raises(SecondPersonNeeded, match=r"typed nothing of it has to lock it: กรรมการ สาม\."),
        ):
            lock(one)
    explain("แก้คำ", by=third)
    with translation.override("en"), pytest.raises(SecondPersonNeeded, match="Ask the administrator"):
        lock(third)
    opening, sealed = Opening.objects.get(), {"locked_at": NOW, "resolution_label": "1", "cutover_on": CUTOVER}
    for one in (both, treasurer):  # and the database refuses it whoever writes the row
        with pytest.raises(IntegrityError), transaction.atomic():
            Opening.objects.filter(pk=opening.pk).update(**sealed, locked_by=one)
    Fund.objects.update(controls="small")
    assert lock(both).locked_by == both


def test_wrong_amounts_and_a_program_for_a_photograph_are_refused_and_keep_what_was(treasurer) -> None:
    type_all(treasurer)
    flood = RestrictedFund.objects.get(code="flood")
    program = SimpleUploadedFile("passbook.jpg", b"MZ\x90\x00", "image/jpeg")
    with pytest.raises(WrongAmounts):
        place("12001", "-1.00", by=treasurer)
    with pytest.raises(WrongAmounts):
        place("12001", "10.00", by=treasurer, shares={flood: Decimal(11)})
    with pytest.raises(FileRefused), transaction.atomic():
        place("12001", "10.00", by=treasurer, photographs=[program])
    with pytest.raises(WrongAmounts):
        save_totals("welfare", [TotalDraft(account("5120"), Decimal(1), persons=2, times=1)], by=treasurer)
    assert told(Opening.objects.get()).held == Decimal(1050)


def test_a_new_fund_begins_at_nought(treasurer, chair) -> None:
    begin_at_nought(by=treasurer)
    opening = lock(chair)
    assert (opening.entry, Entry.objects.count(), opening.cutover_on) == (None, 0, date(2010, 4, 30))
    book("1010", "4110", "5.00", on=date(2010, 5, 1))


def test_two_at_the_same_moment_lock_it_once(committed_db) -> None:
    make_fund()
    treasurer, chairs = make_user("treasurer"), [make_user("committee") for _n in range(3)]
    type_all(treasurer)
    came_to = at_once(*[lambda one=one: lock(one) for one in chairs])
    assert sorted(type(one).__name__ for one in came_to) == ["Opening", "OpeningLocked", "OpeningLocked"]
    assert (Entry.objects.count(), check_ledger().clean) == (1, True)


def test_every_account_of_income_and_cost_has_its_part(fund) -> None:
    codes = [one.code for part in PARTS for one in accounts_of(part)]
    assert sorted(codes) == sorted(Account.objects.filter(type__in=("income", "cost")).values_list("code", flat=True))

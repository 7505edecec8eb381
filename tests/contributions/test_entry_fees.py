"""Entry fees: who owes one, what is refused, and that a void takes it back."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.entry_fees import EntryFeePaid, NotTheFeeDue
from contributions.group_dues import PaidFor
from contributions.models import EntryFee
from contributions.queries import dues_rules, entry_fee_due, sheet_rows
from contributions.sheets import open_sheet, submit_sheet, write_line
from ledger.check import check_ledger
from ledger.models import Receipt
from members.models import Member, OpeningFacts
from tests.contributions.conftest import TODAY, acting, books, member_owing, membership, regulate
from tests.contributions.test_part_payments import YEAR, give, void

FEE = Decimal("20.00")
JOINED = {"joined_on": date(2020, 3, 1), "paid_through": date(2020, 2, 29)}


@pytest.fixture
def newcomer(who) -> Member:
    regulate(date(2020, 1, 1), entry_fee=20)
    return member_owing(who.community, **JOINED)


def due(member: Member) -> Decimal | None:
    own = membership(member)
    return entry_fee_due([own], dues_rules()).get(own.pk)


def give_with_fee(member: Member, who, fee: Decimal = FEE) -> Receipt:
    return give(member, who, YEAR, paid_for=[PaidFor(membership(member), YEAR, fee)])


def test_a_new_member_owes_the_fee_once_on_a_line_of_its_own(who, newcomer) -> None:
    assert due(newcomer) == FEE
    receipt = give_with_fee(newcomer, who)
    assert [line.amount for line in receipt.lines.all()] == [YEAR, FEE]
    assert books() == {"1010": Decimal("385.00"), "4110": -YEAR, "4510": -FEE}
    assert (due(newcomer), EntryFee.objects.get().receipt) == (None, receipt)
    with pytest.raises(EntryFeePaid, match=receipt.label):
        give_with_fee(newcomer, who)
    assert check_ledger().problems == ()


def test_a_void_takes_the_fee_back_and_it_is_asked_again(who, newcomer) -> None:
    void(give_with_fee(newcomer, who), who)
    assert (due(newcomer), books()) == (FEE, {})
    give_with_fee(newcomer, who)
    assert (due(newcomer), EntryFee.objects.count()) == (None, 2)


def test_who_joined_before_the_fee_or_came_with_the_register_owes_none(who, newcomer) -> None:
    before = member_owing(who.community, joined_on=date(2019, 3, 1), paid_through=date(2019, 2, 28))
    with_paid_days = member_owing(who.community, joined_on=date(2020, 1, 5), paid_through=date(2020, 12, 31))
    imported = member_owing(who.community, **JOINED)
    OpeningFacts.objects.create(member=imported, as_of=date(2020, 9, 30))
    assert [due(one) for one in (newcomer, before, with_paid_days, imported)] == [FEE, None, None, None]


@pytest.mark.parametrize("fee", ["19.99", "40.00"])
def test_another_amount_than_the_fee_due_is_refused(who, newcomer, fee) -> None:
    with pytest.raises(NotTheFeeDue, match=r"20\.00"):
        give_with_fee(newcomer, who, Decimal(fee))
    sheet = open_sheet(community=who.community, **acting(who.leader))
    facts = {"paid_on": TODAY, "by": who.leader, "today": TODAY, "amount": YEAR}
    with pytest.raises(NotTheFeeDue) as refusal:
        write_line(sheet=sheet, member=newcomer, entry_fee=Decimal(fee), **facts)
    assert (refusal.value.field, Receipt.objects.count()) == ("entry_fee", 0)


def test_a_sheet_asks_the_fee_of_a_newcomer_and_books_it(who, newcomer, django_assert_num_queries) -> None:
    member_owing(who.community)
    sheet = open_sheet(community=who.community, **acting(who.leader))
    with django_assert_num_queries(7):
        rows = sheet_rows(sheet, TODAY)
    assert sorted((row.entry_fee, row.full) for row in rows) == [(Decimal("0.00"), YEAR), (FEE, YEAR + FEE)]
    facts = {"paid_on": TODAY, "by": who.leader, "today": TODAY}
    write_line(sheet=sheet, member=newcomer, amount=YEAR, entry_fee=FEE, **facts)
    submit_sheet(sheet=sheet, **acting(who.leader))
    assert (EntryFee.objects.get().amount, due(newcomer)) == (FEE, None)

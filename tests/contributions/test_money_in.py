"""Grants and rounds, gifts, interest, costs, money moved: each to the satang."""

import uuid
from decimal import Decimal

import pytest

from contributions.costs import ResolutionNeeded, pay_cost
from contributions.gifts import ContributorFacts, SameName, record_gift
from contributions.grants import record_grant
from contributions.interest import TaxTooHigh, record_interest
from contributions.models import Contributor, Gift, Grant, GrantSource, InterestCredit, RunningCost
from contributions.transfers import SamePlace, move_money
from contributions.verbs import AmountNeeded, NotEnoughMoney
from ledger.accounts import account
from ledger.check import check_ledger
from ledger.models import AccountRole, Entry, PaymentVoucher, Receipt
from ledger.posting import NotAnAmount
from tests.contributions.conftest import TODAY, acting, books, member_owing


def grant(who, amount: str = "500000.00", **changes) -> Receipt:
    facts = {
        "source": GrantSource.MUNICIPALITY,
        "received_from": "เทศบาลตำบลทดสอบ",
        "amount": Decimal(amount),
        "received_on": TODAY,
        "place": who.bank,
        "reference": "ฎีกา 12/2563",
        **acting(who.treasurer),
    }
    return record_grant(**(facts | changes))


def test_the_municipalitys_contribution_is_leg_two(who) -> None:
    receipt = grant(who)
    assert books() == {who.bank.code: Decimal("500000.00"), "4210": Decimal("-500000.00")}
    assert (receipt.kind, receipt.party_name, receipt.means) == ("municipality", "เทศบาลตำบลทดสอบ", "transfer")
    assert Grant.objects.get().reference == "ฎีกา 12/2563"


@pytest.mark.parametrize("source", list(GrantSource))
def test_each_source_has_its_own_income_account(who, source) -> None:
    if source == GrantSource.CODI_MATCHING:
        return
    grant(who, "55000.00", source=source)
    code = {"municipality": "4210", "codi-start-up": "4310", "other-state": "4330"}[source]
    assert books()[code] == Decimal("-55000.00")


def test_a_grant_clicked_twice_is_booked_once(who) -> None:
    request_id = uuid.uuid4()
    assert grant(who, request_id=request_id) == grant(who, request_id=request_id)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_nothing_and_less_are_no_grant(who, amount) -> None:
    with pytest.raises(AmountNeeded):
        grant(who, amount)


def test_a_third_decimal_is_never_rounded_in_silence(who) -> None:
    with pytest.raises(NotAnAmount):
        grant(who, "1.005")
    assert books() == {}


# --- gifts ------------------------------------------------------------------------------------------------


def gift(who, name: str, amount: str = "1000.00", **facts) -> Receipt:
    return record_gift(
        contributor=ContributorFacts(name=name, **facts),
        income_account=account(AccountRole.GIFT),
        amount=Decimal(amount),
        received_on=TODAY,
        place=who.cash,
        **acting(who.treasurer),
    )


def test_a_new_contributor_gets_the_next_number_and_a_receipt(who) -> None:
    gift(who, "ร้านทดสอบ", kind="shop", may_be_named=True)
    receipt = gift(who, "วัดสมมติ", "250.25", kind="temple")
    assert [(c.number, c.name, c.kind, c.may_be_named) for c in Contributor.objects.order_by("number")] == [
        (1, "ร้านทดสอบ", "shop", True),
        (2, "วัดสมมติ", "temple", False),
    ]
    assert (receipt.contributor_number, receipt.kind, books()["4410"]) == (2, "gift", Decimal("-1250.25"))
    assert receipt.entry.lines.get().contributor_number == 2


def test_who_gave_before_is_found_by_name(who) -> None:
    gift(who, "ร้านทดสอบ")
    gift(who, " ร้านทดสอบ ")
    assert (Contributor.objects.count(), Gift.objects.count()) == (1, 2)


def test_two_of_the_same_name_are_told_apart_by_number(who) -> None:
    for number in (7, 9):
        Contributor.objects.create(number=number, name="นางสมมติ ใจดี", kind="person")
    with pytest.raises(SameName, match="7, 9"):
        gift(who, "นางสมมติ ใจดี")
    assert gift(who, "นางสมมติ ใจดี", number=9).contributor_number == 9


# --- interest, costs, money moved -------------------------------------------------------------------------


def test_interest_is_booked_gross_tax_and_net(who) -> None:
    receipt = record_interest(
        bank_account=who.bank, gross=Decimal("104.50"), tax=Decimal("1.05"), credited_on=TODAY, **acting(who.treasurer)
    )
    assert books() == {
        who.bank.code: Decimal("103.45"),
        account(AccountRole.TAX_WITHHELD).code: Decimal("1.05"),
        "4520": Decimal("-104.50"),
    }
    assert (receipt.total, receipt.entry.kind, InterestCredit.objects.get().tax) == (
        Decimal("104.50"),
        "interest",
        Decimal("1.05"),
    )


@pytest.mark.parametrize("tax", ["100.00", "100.01", "-0.01"])
def test_tax_is_a_part_of_the_interest(who, tax) -> None:
    with pytest.raises(TaxTooHigh):
        record_interest(
            bank_account=who.bank, gross=Decimal(100), tax=Decimal(tax), credited_on=TODAY, **acting(who.treasurer)
        )


def cost(who, amount: str = "120.50", *, role=AccountRole.ADMINISTRATION, category="stationery", **changes):
    facts = {
        "cost_account": account(role, category),
        "description": "กระดาษ",
        "payee": "ร้านเครื่องเขียนสมมติ",
        "amount": Decimal(amount),
        "paid_on": TODAY,
        "place": who.bank,
        "shop_receipt": "A-12",
        **acting(who.treasurer),
    }
    return pay_cost(**(facts | changes))


def test_a_cost_is_a_voucher_and_less_in_the_bank(who) -> None:
    grant(who, "1000.00")
    voucher = cost(who)
    assert (voucher.label, voucher.party_name, voucher.total) == ("2563/000001", "ร้านเครื่องเขียนสมมติ", Decimal("120.50"))
    assert books() == {who.bank.code: Decimal("879.50"), "4210": Decimal("-1000.00"), "5230": Decimal("120.50")}
    assert RunningCost.objects.get().shop_receipt == "A-12"


def test_more_than_the_account_holds_is_refused_with_what_is_missing(who) -> None:
    grant(who, "100.00")
    with pytest.raises(NotEnoughMoney, match=r"20\.50"):
        cost(who)
    assert (PaymentVoucher.objects.count(), books()[who.bank.code]) == (0, Decimal("100.00"))


def test_a_cost_clicked_twice_is_paid_once(who) -> None:
    grant(who, "1000.00")
    request_id = uuid.uuid4()
    assert cost(who, request_id=request_id) == cost(who, request_id=request_id)
    assert books()[who.bank.code] == Decimal("879.50")


def test_public_benefit_wants_its_resolution(who) -> None:
    grant(who, "1000.00")
    with pytest.raises(ResolutionNeeded):
        cost(who, role=AccountRole.PUBLIC_BENEFIT, category="")
    voucher = cost(who, role=AccountRole.PUBLIC_BENEFIT, category="", resolution_label="3/2563 (2)")
    assert voucher.resolution_label == "3/2563 (2)"


def move(who, amount: str, **changes) -> Entry:
    facts = {"source": who.cash, "target": who.bank, "amount": Decimal(amount), "moved_on": TODAY}
    return move_money(**(facts | acting(who.treasurer) | changes))


def test_cash_banked_changes_no_income(who) -> None:
    gift(who, "ร้านทดสอบ")
    move(who, "600.00")
    assert books() == {"1010": Decimal("400.00"), who.bank.code: Decimal("600.00"), "4410": Decimal("-1000.00")}


def test_more_cash_than_the_box_holds_cannot_be_banked(who) -> None:
    gift(who, "ร้านทดสอบ")
    with pytest.raises(NotEnoughMoney):
        move(who, "1000.01")


def test_money_moves_between_two_places(who) -> None:
    with pytest.raises(SamePlace):
        move(who, "1.00", target=who.cash)


def test_money_moved_twice_by_one_click_moves_once(who) -> None:
    gift(who, "ร้านทดสอบ")
    request_id = uuid.uuid4()
    assert move(who, "600.00", request_id=request_id) == move(who, "600.00", request_id=request_id)
    assert books()["1010"] == Decimal("400.00")


def test_the_books_hold_after_all_of_it(who) -> None:
    member_owing(who.community)
    grant(who)
    gift(who, "ร้านทดสอบ")
    cost(who)
    move(who, "600.00")
    assert check_ledger().problems == ()

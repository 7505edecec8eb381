"""Claims paid together: a list for the bank or the cash box, carried out line by line, failed lines back to pay."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from ledger.accounts import account
from ledger.models import Account, AccountRole, EntryKind, PaymentVoucher
from ledger.posting import EntryDraft, LineDraft, post
from ledger.queries import balance
from ledger.restricted import FundOverdrawn, set_aside
from tests.welfare.cast import ID_NUMBER, NOW, event, fill_box
from tests.welfare.test_deliveries import claims_of, handed, problems_of_money_out
from welfare.models import Claim, PaymentList, PaymentListLine
from welfare.on_the_way import MoneyElsewhere
from welfare.paying import NotAPayingAccount, RecipientId
from welfare.payment_lists import (
    CarriedOut,
    LineSettled,
    NothingOnTheList,
    ToAccount,
    WrongAccountNumber,
    carry_out_lines,
    fail_line,
    last_digits,
    make_list,
)
from welfare.steps import ReasonNeeded
from welfare.transitions import NotYours

PASSBOOK = ToAccount("ธนาคารตัวอย่าง", "นางผู้รับ สมมติสกุล", "123-4-56789-0")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def bank(cast) -> Account:
    held = Account.objects.get(role=AccountRole.BANK)
    fill_box("1000.00", into=held)
    return held


def listed(cast, claims: list[Claim], **changes) -> PaymentList:
    facts = {
        "claims": claims,
        "kind": "cash",
        "account": account(AccountRole.CASH),
        "request_id": uuid.uuid4(),
        **cast.by(cast.treasurer),
    }
    return make_list(**(facts | changes))


def by_bank(cast, bank: Account, claims: list[Claim], to: ToAccount = PASSBOOK) -> PaymentList:
    return listed(cast, claims, kind="bank", account=bank, to_accounts={claim.pk: to for claim in claims})


def carried_out(cast, payment_list: PaymentList, *lines: PaymentListLine, **done) -> list[PaymentVoucher]:
    how = CarriedOut(**({"paid_on": cast.today} | done))
    keys = [line.pk for line in lines]
    facts = {"payment_list": payment_list, "lines": keys, "done": how, "request_id": uuid.uuid4()}
    return carry_out_lines(**facts, **cast.by(cast.treasurer))


def test_a_list_of_the_bank_is_carried_out_and_a_failed_transfer_is_to_be_paid_again(cast, bank):
    claims = claims_of(cast)
    made = by_bank(cast, bank, claims)
    good, bad = made.lines.all()
    assert (made.label, last_digits(good), "6789" in good.account_number_encrypted) == ("2563/0001", "7890", False)
    assert balance(bank) == Decimal("1000.00")
    (voucher,) = carried_out(cast, made, good)
    assert (voucher.means, voucher.account) == ("transfer", bank)
    assert voucher.means_reference == "ธนาคารตัวอย่าง xxx-7890 นางผู้รับ สมมติสกุล"
    failing = {"payment_list": made, "line": bad.pk, **cast.by(cast.treasurer)}
    with pytest.raises(ReasonNeeded):
        fail_line(**failing, reason="")
    fail_line(**failing, reason="บัญชีปิดแล้ว")
    assert fail_line(**failing, reason="อีกครั้ง").reason == "บัญชีปิดแล้ว"
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["approved", "paid"]
    assert balance(bank) == Decimal("1000.00") - good.amount
    assert listed(cast, [bad.claim]).label == "2563/0002"
    assert problems_of_money_out() == []


def test_a_list_is_made_once_and_each_line_paid_once(cast):
    claims, request_id = claims_of(cast), uuid.uuid4()
    made = listed(cast, claims, request_id=request_id)
    assert listed(cast, claims, request_id=request_id) == made
    first = carried_out(cast, made, *made.lines.all(), witness="นายหนึ่ง สมมติสกุล")
    assert carried_out(cast, made, *made.lines.all()) == first
    assert ({voucher.witness_name for voucher in first}, PaymentVoucher.objects.count()) == ({"นายหนึ่ง สมมติสกุล"}, 2)
    with pytest.raises(LineSettled):
        fail_line(payment_list=made, line=made.lines.first().pk, reason="x", **cast.by(cast.treasurer))


def test_what_stands_on_a_list_is_paid_there_alone(cast, bank):
    claim = claims_of(cast, 1)[0]
    made = listed(cast, [claim])
    for act in (lambda: cast.pay(claim), lambda: handed(cast, [claim]), lambda: listed(cast, [claim])):
        with pytest.raises(MoneyElsewhere, match=f"stands on payment list {made.label}"):
            act()


def test_what_is_wrong_with_a_list_is_told_and_nothing_is_written(cast, bank):
    claim = claims_of(cast, 1)[0]
    with pytest.raises(NothingOnTheList):
        listed(cast, [])
    with pytest.raises(NotAPayingAccount):
        listed(cast, [claim], account=bank)
    with pytest.raises(NotYours):
        listed(cast, [claim], by=cast.registrar)
    for number in ("12345", "12345678901234567890", "ก123456789", "๑๒๓๔๕๖๗๘๙๐"):
        with pytest.raises(WrongAccountNumber) as refusal:
            by_bank(cast, bank, [claim], ToAccount("ธนาคารตัวอย่าง", "ชื่อ", number))
        assert refusal.value.field == f"number-{claim.pk}"
    assert PaymentList.objects.count() == 0


def test_a_beneficiary_on_a_list_still_shows_her_card(cast):
    made = listed(cast, [cast.decided(event=event("death-grant"))])
    line = made.lines.get()
    with pytest.raises(RecipientId):
        carried_out(cast, made, line)
    assert carried_out(cast, made, line, national_ids={line.pk: ID_NUMBER})[0].party_name == line.claim.recipient_name


def test_a_claim_takes_from_the_fund_it_names_and_never_more_than_it_holds(cast):
    claims = claims_of(cast)
    fund = set_aside(
        name_th="กองทุนน้ำท่วม", name_en="Flood fund", purpose="", resolution_label="1/2563", by=cast.treasurer
    )
    Claim.objects.update(restricted_fund=fund)
    given = LineDraft(account(AccountRole.CASH), account(AccountRole.GIFT), Decimal("400.00"), restricted_fund=fund)
    post(EntryDraft(date(2020, 11, 1), EntryKind.RECEIPT, [given], None), posted_at=NOW)
    handed(cast, claims[:1])
    with pytest.raises(FundOverdrawn, match=r"100\.00 baht are missing"):
        cast.pay(claims[1])
    assert problems_of_money_out() == []

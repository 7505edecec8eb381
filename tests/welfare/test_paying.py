"""Paying an approved claim: voucher, entry and PAID, or nothing at all."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from bansong_fund.lib.national_id import decrypt_id
from contributions.verbs import FutureDate, NotEnoughMoney
from ledger.accounts import account, benefit_account
from ledger.models import AccountRole, EntryKind, PaymentMeans, PaymentVoucher
from ledger.queries import balance
from members.models import Fund
from tests.factories import MemberFactory, make_user
from tests.welfare.cast import event, fill_box
from welfare.controls import OneHand, OwnClaim
from welfare.models import Claim
from welfare.paying import (
    NotAPayingAccount,
    PaidAlready,
    Recipient,
    RecipientId,
    WrongMeans,
    WrongPayDay,
)
from welfare.transitions import NotNow, NotYours


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def approved(cast) -> Claim:
    return cast.decided()


def test_a_payment_is_a_voucher_an_entry_and_a_lower_balance(cast, approved):
    cash = account(AccountRole.CASH)
    voucher = cast.pay(approved, witness="นายพยาน สมมติสกุล")
    approved.refresh_from_db()
    assert (voucher.label, voucher.total, voucher.party_name) == ("2563/000001", Decimal("300.00"), str(cast.member))
    assert (voucher.resolution_label, voucher.witness_name) == (approved.resolution.label, "นายพยาน สมมติสกุล")
    assert balance(cash) == Decimal("99700.00")
    line = voucher.entry.lines.get()
    assert (line.debit, line.credit, line.amount) == (benefit_account("sickness"), cash, Decimal("300.00"))
    assert (line.community, line.member) == (cast.home, cast.member)
    assert (voucher.entry.kind, voucher.entry.document_number) == (EntryKind.PAYMENT, "2563/000001")
    assert (approved.state, approved.voucher, approved.paid_by) == ("paid", voucher, cast.treasurer)
    assert approved.paid_on == cast.today


def test_a_voucher_says_what_for_in_both_languages_and_no_diagnosis(cast, approved):
    line = cast.pay(approved).lines.get()
    who = cast.member.full_name
    assert line.text_th == f"ค่านอนรักษาตัวในโรงพยาบาล {who} (เลขที่สมาชิก 101) 5 ต.ค. 2563 – 8 ต.ค. 2563"
    assert line.text_en == f"Nights in hospital, {who} (member no. 101), 5 Oct 2563 – 8 Oct 2563"
    assert line.claim_number == approved.label


def test_a_general_meetings_resolution_is_told_from_a_committees_of_the_same_number(cast):
    type(cast.meeting).objects.update(kind="general")
    cast.meeting.refresh_from_db()
    voucher = cast.pay(cast.decided())
    assert voucher.resolution_label == f"Annual General Meeting {cast.meeting.label} (1)"


def test_the_same_request_pays_once(cast, approved):
    request_id = uuid.uuid4()
    first = cast.pay(approved, request_id=request_id)
    second = cast.pay(approved, request_id=request_id)
    assert (first.pk, PaymentVoucher.objects.count()) == (second.pk, 1)
    assert balance(account(AccountRole.CASH)) == Decimal("99700.00")


def test_another_treasurer_is_told_who_paid_and_when(cast, approved):
    cast.pay(approved)
    with pytest.raises(PaidAlready) as refusal:
        cast.pay(approved, by=make_user("treasurer"))
    assert str(refusal.value) == (
        f"{cast.treasurer.display_name} paid claim {approved.label} on 1 November 2563 (voucher 2563/000001)."
        " Nothing was paid a second time."
    )


def test_a_claim_without_a_decision_is_not_paid(cast):
    with pytest.raises(NotNow):
        cast.pay(cast.verified())
    assert PaymentVoucher.objects.count() == 0


def test_only_the_treasurer_pays(cast, approved):
    with pytest.raises(NotYours):
        cast.pay(approved, by=cast.registrar)


def test_more_than_the_box_holds_is_not_paid_and_leaves_no_gap(cast, approved):
    bank = account_of_bank()
    with pytest.raises(NotEnoughMoney, match=r"300.00 baht are missing"):
        cast.pay(approved, account=bank)
    approved.refresh_from_db()
    assert (approved.state, PaymentVoucher.objects.count()) == ("approved", 0)
    fill_box("300.00", into=bank)
    assert (cast.pay(approved, account=bank).label, balance(bank)) == ("2563/000001", Decimal("0.00"))


def account_of_bank():
    return account_model().objects.get(role=AccountRole.BANK)


def account_model():
    return type(account(AccountRole.CASH))


def test_claims_are_paid_out_of_cash_or_bank_alone(cast, approved):
    with pytest.raises(NotAPayingAccount):
        cast.pay(approved, account=account(AccountRole.DUES))
    with pytest.raises(WrongMeans, match="cash box is paid in cash"):
        cast.pay(approved, means=PaymentMeans.TRANSFER)


def test_a_payment_is_neither_before_the_decision_nor_after_today(cast, approved):
    with pytest.raises(FutureDate):
        cast.pay(approved, paid_on=date(2020, 11, 2))
    with pytest.raises(WrongPayDay, match="approved on 1 November 2563; it cannot be paid on 31 October 2563"):
        cast.pay(approved, paid_on=date(2020, 10, 31))


def test_nobody_pays_herself_or_her_household(cast, approved):
    MemberFactory(community=cast.home, household=cast.member.household, user=cast.treasurer)
    with pytest.raises(OwnClaim):
        cast.pay(approved)


@pytest.mark.parametrize(("controls", "refused"), [("small", False), ("standard", True), ("strict", True)])
def test_who_decided_pays_only_in_a_small_fund(cast, controls, refused):
    Fund.objects.update(controls=controls)
    cast.committee = make_user("committee", "treasurer")
    claim = cast.decided()
    if refused:
        with pytest.raises(OneHand):
            cast.pay(claim, by=cast.committee)
    else:
        assert cast.pay(claim, by=cast.committee).total == Decimal("300.00")


def test_the_database_itself_refuses_a_payer_who_entered_the_claim(cast, approved):
    with pytest.raises(DatabaseError, match="may not pay"), transaction.atomic():
        Claim.objects.filter(pk=approved.pk).update(paid_by=approved.entered_by)


def test_a_beneficiary_shows_an_id_card_and_it_is_kept_sealed(cast):
    claim = cast.decided(event=event("death-grant"))
    with pytest.raises(RecipientId, match="Ask for the ID card of นายผู้รับ สมมติสกุล"):
        cast.pay(claim, recipient=Recipient(claim.recipient_name))
    with pytest.raises(RecipientId) as refusal:
        cast.pay(claim, recipient=Recipient(claim.recipient_name, "1000000000001"))
    assert refusal.value.field == "national_id"
    voucher = cast.pay(claim)
    assert decrypt_id(voucher.recipient_id_encrypted) == "1000000000009"
    assert voucher.party_name == "นายผู้รับ สมมติสกุล"

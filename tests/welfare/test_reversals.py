"""Taking a payment back: in a small fund by one, from standard on by two people at their own sign-ins."""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from ledger.accounts import account
from ledger.models import AccountRole, Entry, EntryKind
from ledger.queries import balance
from ledger.waiting_voids import to_confirm, waiting_voids
from members.models import Fund
from tests.factories import make_user
from tests.reports.conftest import client_of
from welfare.controls import OneHand
from welfare.models import Claim, PaymentReversalRequest
from welfare.reversals import ask_to_reverse_payment, confirm_payment_reversal, reverse_payment
from welfare.steps import ReasonNeeded


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def paid(cast):
    return cast.pay(cast.decided())


def asked(cast, voucher, reason="wrong person"):
    facts = {"voucher": voucher, "reason": reason, "request_id": uuid.uuid4()}
    return ask_to_reverse_payment(**facts, **cast.by(cast.treasurer))


def test_one_asks_another_confirms_and_the_claim_is_to_be_paid_again(cast, paid):
    claim = Claim.objects.get()
    assert asked(cast, paid).pk == asked(cast, paid, "another reason").pk
    assert (Claim.objects.get().state, [one.label for one in waiting_voids()]) == ("paid", [paid.label])
    assert (to_confirm(cast.treasurer), to_confirm(cast.committee)) == (0, 1)
    with pytest.raises(OneHand):
        confirm_payment_reversal(voucher=paid, **cast.by(cast.treasurer))
    with pytest.raises(OneHand):
        confirm_payment_reversal(voucher=paid, **cast.by(cast.registrar))
    void = confirm_payment_reversal(voucher=paid, **cast.by(cast.committee))
    assert confirm_payment_reversal(voucher=paid, **cast.by(cast.committee)).pk == void.pk
    claim.refresh_from_db()
    assert (claim.state, claim.voucher, claim.paid_on) == ("approved", None, None)
    assert (void.voided_by, void.second_person, void.reason) == (cast.treasurer, cast.committee, "wrong person")
    assert (void.reversal.kind, balance(account(AccountRole.CASH))) == (EntryKind.REVERSAL, Decimal("100000.00"))
    assert claim.steps.get(action="reverse").reason == "Voucher 2563/000001: wrong person"
    assert (cast.pay(claim).label, waiting_voids()) == ("2563/000002", [])


def test_nobody_takes_a_payment_back_alone_above_small_and_the_database_holds_it(cast, paid):
    claim = Claim.objects.get()
    for level in ("standard", "strict"):
        Fund.objects.update(controls=level)
        with pytest.raises(OneHand):
            reverse_payment(voucher=paid, reason="wrong", second_person=cast.committee, **cast.by(cast.treasurer))
        with pytest.raises(DatabaseError, match="taken back by two"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(state="approved", voucher=None, paid_by=None, paid_on=None)
    assert Entry.objects.filter(kind=EntryKind.REVERSAL).count() == 0


def test_in_a_small_fund_one_takes_it_back_and_says_why(cast, paid):
    Fund.objects.update(controls="small")
    with pytest.raises(ReasonNeeded):
        reverse_payment(voucher=paid, reason=" ", **cast.by(cast.treasurer))
    void = reverse_payment(voucher=paid, reason="wrong person", **cast.by(cast.treasurer))
    again = reverse_payment(voucher=paid, reason="wrong person", **cast.by(cast.treasurer))
    assert (void.pk, void.second_person, Claim.objects.get().state) == (again.pk, None, "approved")


def test_the_pages_ask_and_confirm(cast, paid):
    page, treasurer, committee = f"/vouchers/2563/{paid.number}/", client_of(cast.treasurer), client_of(cast.committee)
    form = {"reason": "จ่ายผิดคน", "request_id": str(uuid.uuid4())}
    for _click in range(2):
        assert treasurer.post(f"{page}reverse/", form).status_code == 302
    assert PaymentReversalRequest.objects.count() == 1
    assert "reverse/confirm/" not in treasurer.get(page).content.decode()
    assert "reverse/confirm/" in committee.get(page).content.decode()
    assert client_of(make_user("registrar")).post(f"{page}reverse/confirm/").status_code == 403
    committee.post(f"{page}reverse/confirm/")
    assert Claim.objects.get().state == "approved"

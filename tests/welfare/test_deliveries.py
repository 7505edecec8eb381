"""Money that somebody carries: an advance with her, until the signed slip is back or the money is."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from bansong_fund.lib.errors import DomainError
from contributions.verbs import NotEnoughMoney
from ledger.accounts import account, advance_account, benefit_account
from ledger.check import check_ledger
from ledger.models import AccountRole, Entry, EntryKind, PaymentVoucher
from ledger.queries import balance
from ledger.reversing import OwnedByAPaper, ask_to_reverse
from members.models import Fund
from tests.factories import MemberFactory, make_user
from tests.races import at_once
from tests.welfare.cast import event, stay
from welfare.claims import cancel_claim
from welfare.controls import OneHand, OwnClaim
from welfare.deliveries import NobodyToDeliver, NotACarrier, hand_over
from welfare.delivery_queries import overdue_deliveries
from welfare.ledger_checks import OWN_TITLES
from welfare.lists import open_list
from welfare.models import Claim, Delivery, DeliverySettlement
from welfare.on_the_way import MoneyElsewhere
from welfare.paying import RecipientId, WitnessNeeded
from welfare.reversals import reverse_payment
from welfare.settling import Delivered, NotOnItsWay, WrongSettleDay, settle
from welfare.steps import ReasonNeeded
from welfare.transitions import NotYours


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def claims_of(cast, count: int = 2, nights: int = 3) -> list[Claim]:
    """Approved claims of 300, 200, 100 baht … for so many nights, of members who do not live together."""
    members = [cast.member, *(MemberFactory(community=cast.home, household=None) for _ in range(count - 1))]
    days = [stay(date(2020, 10, 5), date(2020, 10, 5 + nights - place)) for place in range(count)]
    return [cast.decided(member, nights) for member, nights in zip(members, days, strict=True)]


def handed(cast, claims: list[Claim], **changes) -> Delivery:
    facts = {
        "claims": claims,
        "carrier": cast.leader,
        "account": account(AccountRole.CASH),
        "handed_on": cast.today,
        "request_id": uuid.uuid4(),
        **cast.by(cast.treasurer),
    }
    return hand_over(**(facts | changes))


def settled(cast, delivery: Delivery, *delivered: Claim, back: dict[int, str] | None = None, **changes):
    facts = {
        "delivery": delivery,
        "delivered": [Delivered(claim.pk) for claim in delivered],
        "returned": back or {},
        "returned_to": account(AccountRole.CASH) if back else None,
        "settled_on": cast.today,
        "request_id": uuid.uuid4(),
        **cast.by(cast.treasurer),
    }
    return settle(**(facts | changes))


def problems_of_money_out() -> list[str]:
    """Of the checks of this app: the cast keeps no counts of members."""
    return [str(problem) for problem in check_ledger().problems if problem.check in OWN_TITLES]


def test_money_handed_over_is_an_advance_and_the_claims_wait(cast):
    claims = claims_of(cast)
    delivery = handed(cast, claims)
    assert (delivery.label, delivery.total, delivery.carrier) == ("2563/0001", Decimal("500.00"), cast.leader)
    assert balance(advance_account(cast.leader)) == Decimal("500.00")
    assert balance(account(AccountRole.CASH)) == Decimal("99500.00")
    entry = delivery.entry
    assert (entry.kind, entry.document_kind, entry.document_number) == (EntryKind.TRANSFER, "delivery", "2563/0001")
    assert {line.member for line in entry.lines.all()} == {claim.member for claim in claims}
    assert set(Claim.objects.values_list("state", flat=True)) == {"approved"}
    assert claims[0].steps.get(action="hand-over").user == cast.treasurer
    last_day = cast.today + timedelta(days=overdue_deliveries(cast.today).days_allowed)
    late = overdue_deliveries(last_day + timedelta(days=1))
    assert (overdue_deliveries(last_day).count, late.count, late.baht, late.since) == (0, 2, 500, cast.today)


def test_what_comes_back_in_parts_is_paid_or_to_be_paid_again(cast):
    first, second, third = claims_of(cast, 3)
    delivery = handed(cast, [first, second, third])
    settled(cast, delivery, first)
    settlement = settled(cast, delivery, second, back={third.pk: "ไม่อยู่บ้าน"})
    first.refresh_from_db()
    assert (first.state, first.paid_by, first.voucher.label) == ("paid", cast.treasurer, "2563/000001")
    line = first.voucher.entry.lines.get()
    assert (line.debit, line.credit) == (benefit_account("sickness"), advance_account(cast.leader))
    assert (settlement.returned, settlement.return_entry.kind) == (Decimal("100.00"), EntryKind.TRANSFER)
    assert balance(advance_account(cast.leader)) == 0
    assert balance(account(AccountRole.CASH)) == Decimal("99500.00")
    assert list(delivery.lines.values_list("outcome", "reason")) == [
        ("delivered", ""),
        ("delivered", ""),
        ("returned", "ไม่อยู่บ้าน"),
    ]
    assert cast.pay(third).label == "2563/000003"
    assert problems_of_money_out() == []


def test_the_same_request_hands_over_and_settles_once(cast):
    claims, request_id = claims_of(cast), uuid.uuid4()
    delivery = handed(cast, claims, request_id=request_id)
    assert handed(cast, claims, request_id=request_id) == delivery
    settlement = settled(cast, delivery, *claims, request_id=request_id)
    assert settled(cast, delivery, *claims, request_id=request_id) == settlement
    assert (Delivery.objects.count(), DeliverySettlement.objects.count(), PaymentVoucher.objects.count()) == (1, 1, 2)


def test_a_claim_on_its_way_is_neither_paid_nor_handed_over_nor_cancelled(cast):
    claim = claims_of(cast, 1)[0]
    handed(cast, [claim])
    told = f"The money of claim {claim.label} is on its way: {cast.leader.display_name} carries it since 1 November"
    with pytest.raises(MoneyElsewhere, match=told):
        cast.pay(claim)
    with pytest.raises(MoneyElsewhere, match=told):
        handed(cast, [claim])
    with pytest.raises(MoneyElsewhere, match=told):
        cancel_claim(claim=claim, reason="wrong", **cast.by(cast.committee))


def test_nobody_carries_what_is_not_hers_to_carry(cast):
    claim = claims_of(cast, 1)[0]
    with pytest.raises(NotACarrier, match="carries no money"):
        handed(cast, [claim], carrier=cast.auditor)
    with pytest.raises(NotACarrier, match="is no leader"):
        handed(cast, [claim], carrier=make_user("leader", community=cast.away))
    with pytest.raises(OneHand, match="hand the money to yourself"):
        handed(cast, [claim], carrier=cast.treasurer)
    with pytest.raises(NotYours):
        handed(cast, [claim], by=cast.registrar)
    with pytest.raises(NobodyToDeliver):
        handed(cast, [])
    MemberFactory(community=cast.home, household=claim.member.household, user=cast.leader)
    with pytest.raises(OwnClaim, match="nobody carries money to herself"):
        handed(cast, [claim])
    assert (Delivery.objects.count(), Entry.objects.filter(kind=EntryKind.TRANSFER).count()) == (0, 0)


def test_more_than_the_box_holds_is_not_handed_over(cast):
    with pytest.raises(NotEnoughMoney):
        handed(cast, claims_of(cast), account=type(account(AccountRole.CASH)).objects.get(role=AccountRole.BANK))


def test_what_is_wrong_with_a_settlement_is_told_and_nothing_is_written(cast):
    claim, other = claims_of(cast)
    delivery = handed(cast, [claim])
    with pytest.raises(NobodyToDeliver):
        settled(cast, delivery)
    with pytest.raises(NotOnItsWay):
        settled(cast, delivery, other)
    with pytest.raises(NotOnItsWay):
        settled(cast, delivery, claim, back={claim.pk: "twice"})
    with pytest.raises(WrongSettleDay, match="handed over on 1 November 2563"):
        settled(cast, delivery, claim, settled_on=date(2020, 10, 31))
    with pytest.raises(ReasonNeeded):
        settled(cast, delivery, back={claim.pk: " "})
    with pytest.raises(WitnessNeeded) as refusal:
        settled(cast, delivery, delivered=[Delivered(claim.pk, witness="นายหนึ่ง สมมติสกุล", is_thumb_print=True)])
    assert refusal.value.field == "second_witness"
    Fund.objects.update(controls="standard")
    leader_too = make_user("leader", "treasurer", community=cast.home)
    with pytest.raises(OneHand, match="another treasurer"):
        settled(cast, handed(cast, [other], carrier=leader_too), other, by=leader_too)
    assert (DeliverySettlement.objects.count(), PaymentVoucher.objects.count()) == (0, 0)


def test_a_beneficiary_shows_her_card_and_a_thumb_print_has_two_witnesses(cast):
    claim = cast.decided(event=event("death-grant"))
    delivery = handed(cast, [claim])
    with pytest.raises(RecipientId):
        settled(cast, delivery, claim)
    seen = {"witness": "นายหนึ่ง สมมติสกุล", "second_witness": "นายสอง สมมติสกุล", "is_thumb_print": True}
    settled(cast, delivery, delivered=[Delivered(claim.pk, national_id="1000000000009", **seen)])
    voucher = PaymentVoucher.objects.get()
    assert (voucher.witness_name, voucher.second_witness_name, voucher.is_thumb_print) == (
        *list(seen.values())[:2],
        True,
    )
    assert voucher.party_name == claim.recipient_name


def test_the_voucher_of_a_list_names_every_resolution_that_granted_it(cast):
    claims = claims_of(cast)
    facts = {"benefit_code": "elderly-gift", "title": "", "event_on": date(2020, 10, 1), "request_id": uuid.uuid4()}
    delivery = handed(cast, claims, benefit_list=open_list(**facts, **cast.by(cast.registrar)), community=cast.home)
    settled(cast, delivery, *claims)
    granted = [claim.resolution.label for claim in claims]
    assert (len(set(granted)), PaymentVoucher.objects.get().resolution_label) == (2, ", ".join(granted))


def test_money_of_a_void_voucher_is_on_its_way_once_more(cast):
    claim = claims_of(cast, 1)[0]
    delivery = handed(cast, [claim])
    settled(cast, delivery, claim)
    claim.refresh_from_db()
    voucher = claim.voucher
    Fund.objects.update(controls="small")  # so that one person takes it back
    reverse_payment(voucher=voucher, reason="ใบรับเงินของคนอื่น", **cast.by(cast.treasurer))
    assert balance(advance_account(cast.leader)) == Decimal("300.00")
    with pytest.raises(MoneyElsewhere):
        cast.pay(claim)
    settled(cast, delivery, back={claim.pk: "ไม่พบตัว"})
    assert balance(advance_account(cast.leader)) == 0
    assert problems_of_money_out() == []


def test_the_entry_of_a_delivery_is_reversed_by_bringing_the_money_back_alone(cast):
    delivery = handed(cast, claims_of(cast, 1))
    with pytest.raises(OwnedByAPaper, match="write there that the money is back"):
        ask_to_reverse(entry=delivery.entry, reason="x", request_id=uuid.uuid4(), **cast.by(cast.treasurer))


def test_eight_who_pay_and_hand_over_one_claim_move_its_money_once(committed_cast):
    cast = committed_cast
    claim = claims_of(cast, 1)[0]
    moments = cast.by(cast.treasurer)

    def hands_over() -> Delivery:
        return handed(cast, [claim], **moments)

    def pays() -> PaymentVoucher:
        return cast.pay(claim)

    outcomes = at_once(*[hands_over, pays] * 4)
    assert sum(1 for outcome in outcomes if not isinstance(outcome, DomainError)) == 1
    assert balance(account(AccountRole.CASH)) == Decimal("99700.00")

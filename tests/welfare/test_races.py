"""Many hands at one claim at the same moment: exactly one wins, the others are told."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from ledger.accounts import account
from ledger.models import AccountRole, DocumentSequence, PaymentVoucher
from ledger.queries import balance
from members.models import Resolution
from tests.factories import REGULATION_FILE, make_user
from tests.welfare.cast import NOW, stay
from welfare.claims import enter_claim
from welfare.deciding import Decision, DecisionsRefused, decide_at_meeting
from welfare.models import Claim
from welfare.paying import PaidAlready, Recipient, pay_claim
from welfare.regulations import ReachesBehindDecisions, load_regulation

THREADS = 8


def at_once(work: Callable[[int], object], many: int = THREADS) -> list[object]:
    """Run the work in so many threads that start together; returns what each gave or raised."""
    barrier = threading.Barrier(many)
    results: list[object] = [None] * many

    def run(place: int) -> None:
        try:
            barrier.wait()
            results[place] = work(place)
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kinds(results: list[object]) -> Counter:
    return Counter(type(result).__name__ for result in results)


def payment(cast, claim: Claim, by, request_id: uuid.UUID) -> PaymentVoucher:
    return pay_claim(
        claim=claim,
        account=account(AccountRole.CASH),
        paid_on=cast.today,
        recipient=Recipient(claim.recipient_name),
        request_id=request_id,
        by=by,
        today=cast.today,
        now=NOW,
    )


def test_of_eight_treasurers_one_pays_and_seven_are_told(committed_cast):
    cast = committed_cast
    claim = cast.decided()
    treasurers = [make_user("treasurer", display_name=f"เหรัญญิก {n}") for n in range(THREADS)]
    results = at_once(lambda place: payment(cast, claim, treasurers[place], uuid.uuid4()))
    assert kinds(results) == {PaymentVoucher.__name__: 1, PaidAlready.__name__: 7}
    claim.refresh_from_db()
    assert {str(claim.paid_by) in str(result) for result in results if isinstance(result, PaidAlready)} == {True}
    assert balance(account(AccountRole.CASH)) == Decimal("99700.00")
    assert DocumentSequence.objects.get(series="voucher").last == PaymentVoucher.objects.count() == 1


def test_one_request_sent_eight_times_is_one_voucher(committed_cast):
    cast = committed_cast
    claim = cast.decided()
    request_id = uuid.uuid4()
    results = at_once(lambda _place: payment(cast, claim, cast.treasurer, request_id))
    voucher = PaymentVoucher.objects.get()
    assert {getattr(result, "pk", result) for result in results} == {voucher.pk}
    assert claim.steps.filter(action="pay").count() == 1


def test_of_eight_meetings_one_decides(committed_cast):
    one_of_many_decides(committed_cast, THREADS)


@pytest.mark.faults
def test_of_fifty_meetings_and_fifty_treasurers_one_decides_and_one_pays(committed_cast):
    one_of_many_decides(committed_cast, 50)
    claim = Claim.objects.get()
    treasurers = [make_user("treasurer") for _place in range(50)]
    results = at_once(lambda place: payment(committed_cast, claim, treasurers[place], uuid.uuid4()), 50)
    assert kinds(results) == {PaymentVoucher.__name__: 1, PaidAlready.__name__: 49}
    assert balance(account(AccountRole.CASH)) == Decimal("99700.00")


def one_of_many_decides(cast, many: int) -> None:
    claim = cast.verified()
    deciders = [make_user("committee") for _place in range(many)]

    def decide(place: int) -> object:
        decisions = [Decision(claim.pk, approve=True)]
        facts = {"meeting": cast.meeting, "decisions": decisions, "request_id": uuid.uuid4()}
        return decide_at_meeting(**facts, by=deciders[place], today=cast.today, now=NOW)

    results = at_once(decide, many)
    assert kinds(results) == {"list": 1, DecisionsRefused.__name__: many - 1}
    assert Resolution.objects.count() == claim.steps.filter(action="approve").count() == 1


def test_a_version_that_reaches_behind_a_claim_waits_for_its_decision_and_is_refused(committed_cast):
    cast, claim = committed_cast, committed_cast.verified()
    is_decided = threading.Event()
    text = REGULATION_FILE.read_text(encoding="utf-8")
    text = text.replace("effective_from: 2010-05-01", "effective_from: 2020-10-01", 1)

    def work(place: int) -> object:
        if place == 1:
            is_decided.wait()
            return load_regulation(text, by=None, now=NOW)
        with transaction.atomic():
            decided = cast.decide(Decision(claim.pk, approve=True))
            is_decided.set()
            time.sleep(0.3)  # the other finds the decision not yet committed
        return decided

    assert kinds(at_once(work, 2)) == {"list": 1, ReachesBehindDecisions.__name__: 1}


def test_one_stay_entered_eight_times_is_one_claim(committed_cast):
    cast = committed_cast
    event = stay(date(2020, 10, 5), date(2020, 10, 8))

    def enter(_place: int) -> Claim:
        facts = {"member": cast.member, "event": event, "request_id": uuid.uuid4()}
        return enter_claim(**facts, by=cast.leader, today=cast.today, now=NOW)

    results = at_once(enter)
    assert kinds(results) == {"Claim": 1, "ClaimedAlready": 7}
    assert DocumentSequence.objects.get(series="claim").last == 1

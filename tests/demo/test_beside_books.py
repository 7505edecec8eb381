"""What lies beside the demonstration's books: a passbook that follows line by line, a phone, a code, the consents."""

from decimal import Decimal

import pytest

from bansong_fund.demo.beside_books import CHEQUE_BEFORE, SIGNED
from bansong_fund.lib.promptpay import fund_target
from contributions.models import Contributor, Gift
from ledger.models import PassbookLine, Reconciliation
from ledger.passbook_queries import not_ticked, ticked_lines
from ledger.queries import balance
from ledger.reconciling import BOOKS, as_signed, compare
from members.models import Fund
from office.models import EnrolledPhone

pytestmark = pytest.mark.usefixtures("demo_fund")


def test_the_passbook_follows_to_the_last_balance_and_every_line_is_ticked_off() -> None:
    rows = list(PassbookLine.objects.select_related("account").order_by("position"))
    account = rows[0].account
    balances = [rows[0].balance]
    for row in rows[1:]:
        balances.append(balances[-1] + row.paid_in - row.taken_out)
    assert balances == [row.balance for row in rows]
    assert (balances[-1], min(balances) > 0, len(rows) > 100) == (balance(account), True, True)
    moves = not_ticked(ticked_lines(account).exclude(position=1))
    assert (list(moves), [row.line_on for row in rows] == sorted(row.line_on for row in rows)) == ([], True)


def test_two_days_are_signed_and_a_cheque_of_the_old_year_explains_the_difference() -> None:
    kept = list(Reconciliation.objects.select_related("account").order_by("as_of"))
    assert [row.as_of for row in kept] == list(SIGNED)
    assert [as_signed(row) for row in kept] == [compare(row.account, row.as_of) for row in kept]
    year_end, month_end = map(as_signed, kept)
    cheque = year_end.items[0]
    assert [(one.side, one.day <= CHEQUE_BEFORE, one.baht < 0) for one in year_end.items] == [(BOOKS, True, True)]
    assert (year_end.difference, year_end.before) == (-cheque.baht, Decimal(0))
    assert (month_end.items, month_end.difference) == ([], Decimal(0))


def test_a_phone_is_enrolled_the_fund_has_a_code_and_every_giver_was_asked() -> None:
    phone = EnrolledPhone.objects.select_related("user").get()
    assert (phone.user.username, phone.ended_at) == ("leader1", None)
    fund = Fund.objects.get()
    assert (fund_target(fund.promptpay_id, ""), fund.promptpay_id[:5]) == (fund.promptpay_id, "00000")
    first = Gift.objects.order_by("received_on").first()
    assert (Contributor.objects.filter(consent_on=None).count(), first.contributor.consent_on) == (0, first.received_on)

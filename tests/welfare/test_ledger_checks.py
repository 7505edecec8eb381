"""`check_ledger` over claims paid at the desk, by a list and by somebody who delivers: falsified rows are found."""

from html import escape

from django.utils import translation

from ledger.check import CHECKS
from tests.contributions.test_ledger_checks import Falsify, falsified  # noqa: F401 - a fixture
from tests.set_up.test_thai_pages import english_in
from tests.welfare.test_deliveries import claims_of, handed, settled
from tests.welfare.test_payment_lists import carried_out, listed
from welfare import ledger_checks

OWN = [check for check in CHECKS if check.__module__ == ledger_checks.__name__]
OTHER_MEMBER = "(SELECT id FROM members_member ORDER BY id DESC LIMIT 1)"
# table, what is done to it, and the checks that find it
FALSIFIED = [
    ("welfare_claim", "UPDATE {} SET amount_approved = amount_approved + 1 WHERE state = 'paid'", "claims|deliveries"),
    ("welfare_claim", "UPDATE {} SET paid_on = paid_on - 1 WHERE state = 'paid'", "claims"),
    ("welfare_claim", "UPDATE {} SET category = 'death'", "claims"),
    ("welfare_claim", f"UPDATE {{}} SET member_id = {OTHER_MEMBER} WHERE state = 'paid'", "claims"),
    ("welfare_claim", "UPDATE {} SET state = 'rejected' WHERE state = 'approved'", "deliveries|payment lists"),
    ("welfare_claim", "UPDATE {} SET state = 'approved' WHERE state = 'paid'", "claims|deliveries"),
    ("ledger_paymentvoucherline", "UPDATE {} SET claim_number = '2563/000099'", "claims|payment lists"),
    ("ledger_paymentvoucherline", "DELETE FROM {}", "claims|payment lists"),
    ("welfare_deliveryline", "UPDATE {} SET amount = amount + 1 WHERE outcome = ''", "deliveries"),
    ("welfare_deliveryline", "DELETE FROM {} WHERE outcome = ''", "deliveries"),
    ("welfare_deliveryline", "UPDATE {} SET outcome = 'returned', voucher_id = NULL WHERE outcome <> ''", "deliveries"),
    ("welfare_delivery", "UPDATE {} SET total = total + 1", "deliveries"),
    ("welfare_delivery", "UPDATE {} SET carrier_id = handed_by_id", "deliveries"),
    ("welfare_delivery", "UPDATE {} SET handed_on = handed_on - 1", "deliveries"),
    ("welfare_delivery", "UPDATE {} SET number = 7", "deliveries"),
    ("welfare_deliverysettlement", "UPDATE {} SET returned = returned + 1 WHERE returned > 0", "deliveries"),
    ("welfare_deliverysettlement", "UPDATE {} SET settled_on = settled_on - 1", "deliveries"),
    ("ledger_line", "UPDATE {} SET amount = amount + 1 WHERE id = (SELECT max(id) FROM {})", "deliveries"),
    ("welfare_paymentlistline", "UPDATE {} SET amount = amount + 1", "payment lists"),
    ("welfare_paymentlistline", "UPDATE {} SET settled_on = settled_on - 1", "payment lists"),
    ("welfare_paymentlist", "UPDATE {} SET number = 2", "payment lists"),
]


def failed() -> set[str]:
    """The names of the checks; what they say to a reader of Thai has no English in it."""
    with translation.override("th"):
        problems = [problem for check in OWN for problem in check()]
        assert english_in("\n".join(escape(str(problem)) for problem in problems)) == []
    return {problem.check for problem in problems}


def test_each_falsified_row_of_money_out_is_found(committed_cast, falsified: Falsify) -> None:  # noqa: F811
    cast = committed_cast
    desk, paid, waiting, delivered, back, carried = claims_of(cast, 6, nights=7)
    cast.pay(desk)
    made = listed(cast, [paid, waiting])
    carried_out(cast, made, made.lines.get(claim=paid))
    delivery = handed(cast, [delivered, back, carried])
    settled(cast, delivery, delivered, back={back.pk: "ไม่อยู่บ้าน"})
    assert (len(OWN), failed()) == (4, set())
    other = []
    for table, statement, checks in FALSIFIED:
        with falsified(table, statement.format(*[table] * 3)):
            if (found := failed()) != set(checks.split("|")):
                other.append((table, statement, found))
    assert (other, failed()) == ([], set())

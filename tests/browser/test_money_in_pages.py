"""The main pages of money in on a phone: each fits its width, is accessible, and says nothing in the console."""

from types import SimpleNamespace

import pytest

from contributions.gifts import ContributorFacts
from tests.browser.conftest import axe_faults
from tests.contributions.conftest import make_cast, member_owing
from tests.contributions.test_commitments import promised
from tests.contributions.test_envelopes import comes_back, issue
from tests.contributions.test_events import add_sponsor, gift_at, item, made, pledged, sold
from tests.contributions.test_receipt_books import given
from tests.contributions.test_rounds import acting, matching
from tests.factories import HouseholdFactory, MemberFactory
from tests.ledger.test_passbook import typed, write
from tests.ledger.test_reconciling import october_of, sign

pytestmark = pytest.mark.browser

PAGES = [
    "/opening/",
    "/money-in/",
    "/money-in/dues/together/?member={member}",
    "/money-in/receipt-books/",
    "/money-in/commitments/",
    "/money-in/rounds/1/",
    "/money-in/contributors/",
    "/money-in/contributors/year/2563/",
    "/money-in/events/{event}/",
    "/money-in/events/{event}/count/",
    "/books/journal/1/",
    "/books/cash-book/",
    "/books/passbooks/12001/",
    "/books/passbooks/12001/tick/",
    "/books/passbooks/12001/reconciliations/{reconciliation}/",
    "/books/closing/2020-10/",
    "/books/receipts/numbers/",
]


@pytest.fixture
def who(fund_server) -> SimpleNamespace:
    """One of everything, with names as long as the demonstration's."""
    who = make_cast(controls="small")
    home = HouseholdFactory(community=who.community)
    long = {"first_name": "วันปราณีสมมติ", "family_name": "เครือพนาละมัยสมมติ", "household": home}
    who.member = member_owing(who.community, **long)
    member_owing(who.community, **long)
    october_of(who)
    who.reconciliation = sign(who, "ดอกเบี้ยที่ธนาคารยังไม่ได้ลงบัญชี").pk
    write(who, typed(31, "0", "365", "1366.25"))
    MemberFactory(community=who.community)
    matching(who)
    promised(who)
    given(who)
    event = made(who, name_th="ทอดผ้าป่าสามัคคีเพื่อกองทุนสวัสดิการชุมชนตำบลสมมติ")
    shop = ContributorFacts(name="กองทุนสวัสดิการชุมชนตำบลละอองยางสมมติ")
    gift_at(who, event, contributor=shop)
    add_sponsor(campaign=event, contributor=shop, **acting(who.committee))
    issue(who, event, 1, 3)
    comes_back(who, event, 2)
    pledged(who, event)
    sold(who, item(who, event), 1)
    who.event = event.pk
    return who


def test_the_main_pages_fit_a_phone_and_are_accessible(phone, sign_in, who) -> None:
    sign_in(phone, who.treasurer)
    keys = {"member": who.member.number, "event": who.event, "reconciliation": who.reconciliation}
    found = {}
    for page in PAGES:
        answer = phone.goto(page.format(**keys))
        width = phone.evaluate("document.documentElement.scrollWidth")
        found[page] = (answer.status, max(width, 360), axe_faults(phone))
    assert found == {page: (200, 360, []) for page in PAGES}

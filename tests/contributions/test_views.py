"""The treasurer's pages: what is typed is booked, what is refused stays on the page."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from contributions.models import Contributor, VoidRequest
from ledger.models import AccountingMonth, PaymentVoucher, Receipt
from members.verbs import end_membership
from tests.contributions.conftest import NOW, TODAY, books, member_owing, membership
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, gift, grant
from tests.contributions.test_voids import handed_over

DAY = {"date_day": "1", "date_month": "11", "date_year": "2563"}


@pytest.fixture
def page(client, who):
    """Sends a form as the treasurer: `page(path, **what is typed)` answers with the response."""
    client.force_login(who.treasurer)

    def send(path: str, **typed: object):
        return client.post(f"/money-in/{path}", {"request_id": str(uuid.uuid4()), **DAY, **typed})

    send.get = lambda path, **query: client.get(f"/money-in/{path}", query)
    send.client = client
    return send


def refusals(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def test_home_offers_each_way_of_recording(page) -> None:
    assert page.get("").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_members_are_found_without_a_query_for_each(page, who, django_assert_num_queries, count) -> None:
    for _ in range(count):
        member_owing(who.community)
    # session, user, roles, fund, doubles and former names, members, memberships
    with django_assert_num_queries(7):
        response = page.get("dues/", q="ทดสอบ")
    assert len(response.context["members"]) == count


def test_what_is_owed_is_ticked_and_paid_in_one_go(page, who) -> None:
    member = member_owing(who.community, paid_through=date(2018, 12, 31))
    shown = page.get(f"dues/{member.number}/")
    assert shown.context["owed"] == Decimal("730.00")
    assert shown.context["form"].initial["periods"] == ["2019-01-01", "2020-01-01"]
    response = page(f"dues/{member.number}/", periods=["2019-01-01", "2020-01-01"], account=who.cash.pk)
    assert (response.status_code, response.url) == (302, "/books/receipts/2563/1/")
    assert books() == {"1010": Decimal("730.00"), "4110": Decimal("-730.00")}


def test_a_double_click_finds_its_receipt(page, who) -> None:
    member = member_owing(who.community)
    typed = {"periods": ["2020-01-01"], "account": who.cash.pk, "request_id": str(uuid.uuid4())}
    first, second = (page(f"dues/{member.number}/", **typed) for _ in range(2))
    # the year is no choice any more, but the click was carried out: its receipt is shown
    assert (first.url, second.url, Receipt.objects.count()) == ("/books/receipts/2563/1/",) * 2 + (1,)


def test_a_year_paid_in_another_window_is_named_with_its_receipt(page, who) -> None:
    member = member_owing(who.community)
    pay(member, who, THIS_YEAR)
    response = page(f"dues/{member.number}/", periods=["2020-01-01"], account=who.cash.pk)
    assert "2563/000001" in refusals(response)["periods"][0]


def test_the_dead_pay_nothing_and_the_sentence_stands_at_the_day(page, who) -> None:
    member = member_owing(who.community)
    end_membership(membership=membership(member), on=date(2020, 10, 1), reason="died", today=TODAY)
    response = page(f"dues/{member.number}/", periods=["2020-01-01"], account=who.cash.pk)
    assert list(refusals(response)) == ["date"]


def test_a_closed_month_is_refused_at_the_day_and_everything_typed_stays(page, who) -> None:
    AccountingMonth.objects.filter(first_day=date(2020, 10, 1)).update(closed_at=NOW)
    typed = {"received_from": "เทศบาลทดสอบ", "amount": "1,250.50", "account": who.bank.pk, "date_month": "10"}
    response = page("grants/municipality/", **typed)
    assert list(refusals(response)) == ["date"]
    content = response.content.decode()
    assert ('value="เทศบาลทดสอบ"' in content, 'value="1,250.50"' in content) == (True, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "1.005"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "12,50"}, "amount"),
        ({"date_day": "31"}, "date"),
        ({"date_year": "2020"}, "date"),
        ({"date_year": "63"}, "date"),
        ({"date_day": "2"}, "date"),
        ({"date_year": "2552"}, "date"),
        ({"received_from": ""}, "received_from"),
    ],
)
def test_what_cannot_be_booked_is_refused_at_its_field(page, who, typed, field) -> None:
    right = {"received_from": "เทศบาลทดสอบ", "amount": "100", "account": who.bank.pk}
    assert list(refusals(page("grants/municipality/", **right | typed))) == [field]
    assert books() == {}


def test_thai_digits_and_commas_are_read(page, who) -> None:
    page("grants/municipality/", received_from="เทศบาลทดสอบ", amount="๑,๒๕๐.๕๐", account=who.bank.pk)
    assert books() == {who.bank.code: Decimal("1250.50"), "4210": Decimal("-1250.50")}


def test_an_unknown_source_of_grants_is_no_page(page) -> None:
    assert page.get("grants/codi-matching/").status_code == 404


def test_a_round_says_how_many_can_be_matched_and_books_them(page, who) -> None:
    member_owing(who.community)
    assert (page.get("round/").context["matchable"], page.get("round/").context["form"].initial["number"]) == (1, 1)
    cutoff = {"cutoff_day": "30", "cutoff_month": "9", "cutoff_year": "2563"}
    typed = {"number": "1", "baht_per_member": "312", "received_from": "พอช.", "account": who.bank.pk}
    page("round/", **cutoff, **typed)
    assert books()["4320"] == Decimal("-312.00")
    assert list(refusals(page("round/", **cutoff, **typed))) == ["number"]
    assert list(refusals(page("round/", **cutoff, **typed | {"number": "2", "member_count": "9"}))) == ["member_count"]


def gift_typed(who, **typed: object) -> dict[str, object]:
    from ledger.accounts import account

    facts = {"kind": "shop", "amount": "500", "income": account("gift").pk, "account": who.cash.pk, "phone": ""}
    return {"name": "ร้านทดสอบ", "is_local": "on", **facts, **typed}


@pytest.mark.parametrize(
    ("path", "role"), [("grants/municipality/", "bank"), ("round/", "bank"), ("gift/", "cash"), ("transfer/", None)]
)
def test_money_is_put_where_such_money_usually_goes(page, path, role) -> None:
    offered = page.get(path).context["form"].fields["account"].initial
    assert getattr(offered, "role", None) == role


def test_a_gift_of_a_new_contributor(page, who) -> None:
    response = page("gift/", **gift_typed(who, may_be_named="yes"))
    assert response.url == "/books/receipts/2563/1/"
    assert [(c.number, c.name, c.kind, c.may_be_named) for c in Contributor.objects.all()] == [
        (1, "ร้านทดสอบ", "shop", True)
    ]


def test_a_gift_by_number_and_name_asks_nothing_anew(page, who) -> None:
    Contributor.objects.create(number=12, name="ร้านทดสอบ", kind="shop", may_be_named=True)
    page("gift/", **gift_typed(who, name="12 ร้านทดสอบ"))
    assert list(Contributor.objects.values_list("number", "may_be_named")) == [(12, True)]


def test_interest_without_tax(page, who) -> None:
    page("interest/", account=who.bank.pk, gross="104.22", tax="")
    assert books() == {who.bank.code: Decimal("104.22"), "4520": Decimal("-104.22")}


def test_a_cost_is_answered_with_its_voucher(page, who) -> None:
    from ledger.accounts import account

    grant(who, "1000.00")
    typed = {"cost": account("administration", "travel").pk, "description": "ค่ารถ", "payee": "นายคนขับ สมมติ"}
    response = page("cost/", **typed, amount="250", account=who.bank.pk)
    assert (response.url, books()["5220"]) == ("/books/vouchers/2563/1/", Decimal("250.00"))
    assert list(refusals(page("cost/", **typed, amount="750.01", account=who.bank.pk))) == ["account"]
    assert PaymentVoucher.objects.count() == 1


def test_cash_is_banked(page, who) -> None:
    gift(who, "ร้านทดสอบ")
    response = page("transfer/", account=who.cash.pk, target=who.bank.pk, amount="600")
    assert (response.url, books()[who.bank.code]) == ("/books/", Decimal("600.00"))
    assert list(refusals(page("transfer/", account=who.cash.pk, target=who.cash.pk, amount="1"))) == ["target"]


def test_a_receipt_is_made_void_with_a_reason(page, who) -> None:
    gift(who, "ร้านทดสอบ")
    assert list(refusals(page("receipts/2563/1/void/", reason=" "))) == ["reason"]
    page("receipts/2563/1/void/", reason="พิมพ์ผิด")
    assert books() == {}
    assert list(refusals(page("receipts/2563/1/void/", reason="อีกครั้ง"))) == ["__all__"]
    page.client.cookies["django_language"] = "en"
    opened = page.client.get("/money-in/receipts/2563/1/void/", follow=True)
    assert opened.redirect_chain == [("/books/receipts/2563/1/", 302)]
    assert "2563/000001 is void already." in opened.content.decode()


def test_after_the_hand_over_a_committee_member_confirms_on_the_receipts_page(page, who) -> None:
    receipt = handed_over(who)
    page(f"receipts/2563/{receipt.number}/void/", reason="พิมพ์ผิดคน")
    assert VoidRequest.objects.get().asked_by == who.treasurer
    confirm = f"/money-in/receipts/2563/{receipt.number}/void/confirm/"
    page.client.post(confirm)
    assert books()["1010"] == Decimal("730.00")
    page.client.force_login(who.committee)
    assert confirm in page.client.get(f"/books/receipts/2563/{receipt.number}/").content.decode()
    page.client.post(confirm)
    assert books()["1010"] == Decimal("365.00")


def test_a_voucher_is_made_void(page, who) -> None:
    grant(who, "1000.00")
    cost(who)
    page("vouchers/2563/1/void/", reason="จ่ายซ้ำ")
    assert books()[who.bank.code] == Decimal("1000.00")


PATHS = ["", "dues/", "grants/municipality/", "round/", "gift/", "interest/", "cost/", "transfer/"]


@pytest.mark.parametrize("path", PATHS[1:])
@pytest.mark.parametrize("role", ["auditor", "leader", "committee"])
def test_only_the_treasurer_records_money(client, who, path, role) -> None:
    client.force_login(getattr(who, role))
    assert client.get(f"/money-in/{path}").status_code == 403


def test_the_page_of_money_in_shows_a_role_what_it_may_open(client, who) -> None:
    client.force_login(who.committee)
    shown = client.get("/money-in/").content.decode()
    assert ('href="/money-in/contributors/"' in shown, 'href="/money-in/gift/"' in shown) == (True, False)
    client.force_login(who.leader)
    assert client.get("/money-in/").status_code == 403


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_each_page_shows_in_both_languages(page, path, language) -> None:
    page.client.cookies["django_language"] = language
    response = page.get(path)
    assert (response.status_code, f'<html lang="{language}">' in response.content.decode()) == (200, True)

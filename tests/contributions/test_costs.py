"""Costs: their papers, the certificate where a shop gave no receipt, the restricted fund, the 20 % line."""

import uuid
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bansong_fund.lib.pdf_text import fold_sara_am
from contributions.administration import administration_line
from contributions.models import RunningCost
from ledger.accounts import account
from ledger.models import AccountRole, PaymentVoucher, RestrictedFund
from ledger.restricted import set_aside
from members.models import AdministrationBase
from office.attachments import may_see
from office.models import Attachment
from tests.contributions.conftest import TODAY, make_cast, member_owing
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, gift, grant
from tests.ledger.conftest import book
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test
from tests.welfare.test_visibility import photograph

D = Decimal


@pytest.fixture
def who(db) -> SimpleNamespace:
    cast = make_cast()
    grant(cast, "5000.00")
    return cast


def line(who: SimpleNamespace):
    return administration_line(TODAY, who.fund, today=TODAY)


def typed(who: SimpleNamespace, **changes: object) -> dict[str, object]:
    stationery = account(AccountRole.ADMINISTRATION, "stationery")
    facts = {"request_id": uuid.uuid4(), "cost": stationery.pk, "description": "กระดาษ", "payee": "ร้านทดสอบ"}
    facts |= {"amount": "120.50", "account": who.bank.pk, "date": "1/11/2563", "shop_receipt": "", "resolution": ""}
    return facts | changes


def test_administration_is_a_share_of_all_income_of_the_year(who) -> None:
    cost(who, "900.00")
    cost(who, "100.00", role=AccountRole.EVENT_COST, category="")
    cost(who, "50.00", role=AccountRole.PUBLIC_BENEFIT, category="", resolution_label="3/2563 (2)")
    found = line(who)
    assert (found.base, found.spent, found.allowed, found.left, found.share, found.is_beyond) == (
        D("5000.00"),
        D("900.00"),
        D("1000.00"),
        D("100.00"),
        D("18.0"),
        False,
    )


@pytest.mark.parametrize(
    ("base", "baht"),
    [
        (AdministrationBase.INCOME, "5405.00"),
        (AdministrationBase.FOUR_LEGS, "5365.00"),
        (AdministrationBase.DUES, "365.00"),
    ],
)
def test_the_base_is_a_setting(who, base, baht) -> None:
    pay(member_owing(who.community), who, THIS_YEAR)
    book("1010", "4520", "40.00")
    who.fund.administration_base, who.fund.administration_percent = base, 10
    assert (line(who).base, line(who).allowed) == (D(baht), D(baht) * 10 / 100)


def test_a_year_without_income_allows_nothing_and_divides_by_nothing(db) -> None:
    found = line(make_cast())
    assert (found.allowed, found.share, found.is_beyond) == (D("0.00"), None, False)


def test_beyond_the_line_a_cost_is_paid_with_a_warning(client, who) -> None:
    client.force_login(who.treasurer)
    answer = client.post("/money-in/cost/", typed(who, amount="1000.01"), follow=True)
    words = [str(message) for message in answer.context["messages"]]
    assert (len(words), "1,000.01" in words[1], "1,000.00" in words[1]) == (2, True, True)
    assert line(who).is_beyond
    assert "1,000.01" in client.get("/money-in/cost/").content.decode()


def test_a_cost_keeps_its_photograph_once(client, who) -> None:
    client.force_login(who.treasurer)
    form = typed(who, shop_receipt="เล่ม 2/15")
    for _ in range(2):
        form["papers"] = photograph()
        answer = client.post("/money-in/cost/", form)
        assert answer["Location"] == "/books/vouchers/2563/1/"
    paper = Attachment.objects.get()
    assert (paper.owner_kind, paper.owner_id) == ("cost", RunningCost.objects.get().pk)
    shown = client.get("/money-in/cost/papers/2563/1/").content.decode()
    assert (reverse("office:attachment", args=[paper.pk]) in shown, "/certificate/" in shown) == (True, False)
    assert client.get("/money-in/cost/certificate/2563/1/").status_code == 404
    assert [may_see(user, paper) for user in (who.auditor, who.treasurer, who.leader)] == [True, True, False]


def test_a_wrong_file_is_refused_and_nothing_is_paid(client, who) -> None:
    client.force_login(who.treasurer)
    answer = client.post("/money-in/cost/", typed(who, papers=SimpleUploadedFile("bill.jpg", b"MZ program")))
    assert (list(answer.context["form"].errors), PaymentVoucher.objects.count()) == (["papers"], 0)


def test_papers_come_later_by_the_treasurer_alone(client, who) -> None:
    cost(who)
    address = "/money-in/cost/papers/2563/1/"
    client.force_login(who.auditor)
    sent = {"request_id": uuid.uuid4()}
    assert client.post(address, sent | {"papers": photograph()}).status_code == 403
    client.force_login(who.treasurer)
    assert client.post(address, sent | {"papers": photograph()})["Location"] == address
    assert Attachment.objects.count() == 1


def test_without_a_shops_receipt_whoever_paid_certifies_it(client, who) -> None:
    cost(who, "120.50", description="ค่ารถรับจ้าง", shop_receipt="")
    client.force_login(who.auditor)
    texts = page_texts(client.get("/money-in/cost/certificate/2563/1/").content)
    text = fold_sara_am("".join(texts).replace("\n", ""))
    expected = ["ใบรับรองแทนใบเสร็จรับเงิน", "2563/000001", "ค่ารถรับจ้าง", "หนึ่งร้อยยี่สิบบาทห้าสิบสตางค์", "เหรัญญิก สมมติ"]
    assert (len(texts), [words for words in expected if fold_sara_am(words) not in text]) == (1, [])


def test_the_form_asks_for_a_restricted_fund_only_where_one_is_set_aside(client, who) -> None:
    client.force_login(who.treasurer)
    assert "restricted_fund" not in client.get("/money-in/cost/").context["form"].fields
    names = {"name_th": "กองทุนฉุกเฉิน", "name_en": "", "purpose": "ภัยพิบัติ"}
    fund = set_aside(**names, resolution_label="3/2563 (2)", by=who.treasurer)
    answer = client.post("/money-in/cost/", typed(who, restricted_fund=fund.pk))
    assert list(answer.context["form"].errors) == ["restricted_fund"]
    assert client.post("/money-in/cost/", typed(who)).status_code == 302
    general = RestrictedFund.objects.get(code="general")
    assert PaymentVoucher.objects.get().entry.lines.get().restricted_fund == general


@pytest.mark.parametrize("page", ["cost/", "cost/papers/2563/1/"])
def test_the_pages_of_costs_ask_few_questions(client, who, django_assert_max_num_queries, page) -> None:
    for _ in range(3):
        cost(who, "10.00")
    gift(who, "ร้านทดสอบ")
    client.force_login(who.treasurer)
    with django_assert_max_num_queries(15):
        assert client.get(f"/money-in/{page}").status_code == 200

"""The pages of the books: the auditor sees all of them, and none of them changes anything."""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger.models import Receipt
from ledger.registers import PAGE, receipt_page, visible_receipts
from office.models import ReadingLog
from tests.contributions.conftest import make_cast, member_owing
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, gift, grant
from tests.contributions.test_sheets import submitted
from tests.contributions.test_voids import handed_over, void
from tests.factories import CommunityFactory, make_user
from tests.pdf_reading import page_texts, pdfium_text


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast()


@pytest.fixture
def read(client, who):
    """A page of the books as the auditor sees it."""
    client.force_login(who.auditor)
    return lambda path="", **query: client.get(f"/books/{path}", query)


def test_the_money_page_names_each_place_and_their_sum(read, who) -> None:
    grant(who, "1000.00")
    gift(who, "ร้านทดสอบ", "200.00")
    submitted(who)
    money = read().context["money"]
    assert ([amount for _account, amount in money.banks], money.cash, money.cash_with_leaders, money.total) == (
        [Decimal("1000.00")],
        Decimal("200.00"),
        Decimal("730.00"),
        Decimal("1930.00"),
    )


PAGES = [
    "",
    "receipts/",
    "receipts/2563/1/",
    "vouchers/",
    "vouchers/2563/1/",
    "accounts/1010/",
    "journal/",
    "journal/1/",
    "cash-book/",
]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", [*PAGES, "trial-balance/"])
def test_the_auditor_reads_every_page_and_finds_no_button_that_changes_anything(
    read, who, client, path, language
) -> None:
    grant(who, "1000.00")
    cost(who)
    client.cookies["django_language"] = language
    page = read(path).content.decode()
    to_read = re.sub('/money-in/(sheets/|cost/papers/|">)', "", page)  # the last is the menu's line
    # the language switch and signing out are the only forms that post
    assert (page.count('method="post"'), "/money-in/" in to_read) == (2, False)


@pytest.mark.parametrize("path", [*PAGES, "trial-balance/"])
def test_pages_only_answer_to_reading(client, who, path) -> None:
    grant(who, "1000.00")
    client.force_login(who.treasurer)
    assert client.post(f"/books/{path}").status_code == 405


@pytest.fixture(params=[1, 3])
def rows_of_each(request, who) -> int:
    for _ in range(request.param):
        grant(who, "1000.00")
        cost(who)
    return request.param


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("receipts/", 6),
        ("vouchers/", 6),
        ("journal/", 8),
        ("", 7),
        ("accounts/12001/", 10),
        ("trial-balance/", 9),
        ("cash-book/", 14),
    ],
)
def test_no_list_asks_for_each_row(read, rows_of_each, django_assert_num_queries, path, queries) -> None:
    with django_assert_num_queries(queries):
        read(path)


def test_the_register_keeps_the_void_ones_and_marks_them(read, who) -> None:
    first = gift(who, "ร้านหนึ่ง")
    gift(who, "ร้านสอง")
    void(first, who)
    rows = read("receipts/").context["page"].rows
    assert [(row.label, row.is_void) for row in rows] == [("2563/000002", False), ("2563/000001", True)]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ({"text": "ร้านสอง"}, ["2563/000002"]),
        ({"text": "2563/1"}, ["2563/000001"]),
        ({"text": "๒"}, ["2563/000002"]),
        ({"year": "2563"}, ["2563/000002", "2563/000001"]),
        ({"year": "2400"}, ["2563/000002", "2563/000001"]),
        ({"text": "x/1"}, []),
        ({"before": "2563000002"}, ["2563/000001"]),
        ({"before": "ไม่ใช่เลข"}, ["2563/000002", "2563/000001"]),
    ],
)
def test_receipts_are_found_by_number_name_and_year(read, who, query, labels) -> None:
    gift(who, "ร้านหนึ่ง")
    gift(who, "ร้านสอง")
    assert [row.label for row in read("receipts/", **query).context["page"].rows] == labels


def test_a_long_register_goes_on_by_key(who) -> None:
    entry = gift(who, "ร้านหนึ่ง").entry
    Receipt.objects.bulk_create(
        Receipt(
            year_be=2563,
            number=number,
            date=entry.date,
            party_name="ร้านสมมติ",
            account=who.cash,
            total=Decimal(1),
            entry=entry,
            issued_by_name="x",
            kind="gift",
        )
        for number in range(2, PAGE + 3)
    )
    receipts = visible_receipts(who.auditor)
    first = receipt_page(receipts)
    assert (len(first.rows), first.next_key) == (PAGE, 2563000003)
    last = receipt_page(receipts, before=first.next_key)
    assert ([row.number for row in last.rows], last.next_key) == ([2, 1], None)


def test_a_receipt_says_it_all_again_on_paper(read, who) -> None:
    member = member_owing(who.community)
    pay(member, who, THIS_YEAR)
    response = read("receipts/2563/1/pdf/")
    assert response["Content-Disposition"] == 'inline; filename="receipt-2563-000001-preview.pdf"'
    text = fold_sara_am(pdfium_text(response.content))
    expected = ["2563/000001", fold_sara_am(member.full_name), "สามร้อยหกสิบห้าบาทถ้วน", "เหรัญญิก สมมติ", "365"]
    assert [words for words in expected if fold_sara_am(words) not in text] == []
    assert list(ReadingLog.objects.values_list("what", "subject_id", "reason")) == [
        ("receipt", member.pk, "2563/000001")
    ]


def test_a_void_receipt_prints_its_reason(read, who) -> None:
    void(gift(who, "ร้านหนึ่ง"), who, "พิมพ์ผิดคน")
    assert "พิมพ์ผิดคน" in pdfium_text(read("receipts/2563/1/pdf/", language="both").content)


def test_a_receipt_of_a_sheet_names_the_collector(read, who) -> None:
    submitted(who, 1)
    assert "ผู้นำ สมมติ" in fold_sara_am(pdfium_text(read("receipts/2563/1/pdf/").content)).replace("ผู้นํา", "ผู้นำ")


def test_a_voucher_is_one_page_with_the_amount_in_words(read, who) -> None:
    grant(who, "1000.00")
    cost(who)
    texts = page_texts(read("vouchers/2563/1/pdf/").content)
    assert (len(texts), "หนึ่งร้อยยี่สิบบาทห้าสิบสตางค์" in texts[0], "2563/000001" in texts[0]) == (1, True, True)


def test_a_leader_sees_the_receipts_of_her_members_only(client, who) -> None:
    pay(member_owing(who.community), who, THIS_YEAR)
    gift(who, "ร้านหนึ่ง")
    client.force_login(who.leader)
    paths = ["receipts/2563/1/", "receipts/2563/1/pdf/", "receipts/2563/2/", "receipts/", "", "vouchers/2563/1/"]
    assert [client.get(f"/books/{path}").status_code for path in paths] == [200, 200, 404, 403, 403, 403]
    client.force_login(make_user("leader", community=CommunityFactory(number=2)))
    assert client.get("/books/receipts/2563/1/pdf/").status_code == 404


def test_the_journal_is_the_newest_first_with_its_sums(read, who) -> None:
    receipt = handed_over(who)
    void(receipt, who, second_person=who.committee)
    rows = read("journal/").context["page"].rows
    assert [(row.number, row.kind, row.total) for row in rows] == [
        (4, "transfer", Decimal("365.00")),
        (3, "reversal", Decimal("365.00")),
        (2, "hand-over", Decimal("730.00")),
        (1, "collection", Decimal("730.00")),
    ]
    assert read("journal/3/").context["entry"].reverses.number == 1
    assert [read(f"journal/{number}/").status_code for number in (5, 99)] == [404, 404]


def test_the_trial_balance_ties(read, who) -> None:
    grant(who, "1000.00")
    cost(who)
    found = read("trial-balance/").context["found"]
    assert (found.sums["debit"], found.sums["credit"], found.earlier_day) == (Decimal(1000), Decimal(1000), None)

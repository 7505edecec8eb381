"""`check_ledger` is clean over good books and names each kind of tampering."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from ledger import check
from ledger.check import Problem, check_ledger
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_vouchers
from ledger.models import Account, EntryKind, LedgerSum, PaymentVoucher
from ledger.posting import EntryDraft, LineDraft, post
from tests.factories import CommunityFactory, MemberFactory, make_fund
from tests.ledger.conftest import NOW, book


@pytest.fixture
def books(committed_db) -> str:
    make_fund()
    book("1010", "4520", "365.00", memo="จากผู้นำชุมชน")
    book("12001", "1010", "200.00", kind="transfer")
    book("5120", "12001", "150.25", kind="payment", on=date(2020, 10, 31))
    return committed_db


@pytest.fixture
def tamper(books, test_cluster) -> Callable[[str], None]:
    """Change rows behind the program's back: as the superuser, with the triggers off."""

    def change(statement: str) -> None:
        with test_cluster.connect(books) as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(statement)

    return change


def told_in_english() -> list[str]:
    with translation.override("en"):
        return [str(problem) for problem in check_ledger().problems]


def checks_that_failed() -> set[str]:
    return {problem.check for problem in check_ledger().problems}


def test_good_books_hold(books) -> None:
    verdict = check_ledger()
    assert (verdict.problems, verdict.entries, verdict.lines, verdict.last_number) == ((), 3, 3, 3)


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        ("UPDATE ledger_line SET amount = 366 WHERE amount = 365", {"chain", "kept sums"}),
        ("UPDATE ledger_line SET member_id = 999999 WHERE amount = 365", {"chain"}),
        ("UPDATE ledger_line SET restricted_fund_id = 999999 WHERE amount = 365", {"chain", "kept sums"}),
        ("UPDATE ledger_entry SET date = '2020-11-02' WHERE number = 1", {"chain"}),
        ("UPDATE ledger_entry SET document_number = '2563/000009' WHERE number = 2", {"chain"}),
        ("DELETE FROM ledger_line WHERE amount = 150.25", {"chain", "entries without lines", "kept sums"}),
        ("UPDATE ledger_entrymemo SET text = 'จากอีกคน'", {"memos"}),
        ("UPDATE ledger_ledgersum SET debit = debit + 0.01 WHERE month = '2020-10-01' AND debit > 0", {"kept sums"}),
        (
            """INSERT INTO ledger_communitysum
                      (month, account_id, community_id, restricted_fund_id, is_closing, debit, credit)
               SELECT month, account_id, 17, restricted_fund_id, false, 1, 0 FROM ledger_ledgersum LIMIT 1""",
            {"kept sums"},
        ),
        ("UPDATE ledger_ledgerhead SET chain_hash = repeat('f', 64)", {"chain"}),
        (
            "INSERT INTO ledger_documentsequence (series, year_be, last) VALUES ('receipt', 2563, 1)",
            {"receipt sequence"},
        ),
        ("ALTER TABLE ledger_line DISABLE TRIGGER ALL", {"append-only"}),
        ("ALTER TABLE ledger_receiptline DISABLE TRIGGER ALL", {"append-only"}),
        ("ALTER TABLE ledger_entry DISABLE TRIGGER ALL", {"append-only", "closed years"}),
        ("GRANT UPDATE (amount) ON ledger_line TO fund_app", {"append-only"}),
        ("GRANT DELETE ON ledger_paymentvouchervoid TO fund_app", {"append-only"}),
        (
            "UPDATE ledger_fiscalyear SET closing_entry_id = (SELECT id FROM ledger_entry WHERE number = 2)",
            {"closed years"},
        ),
    ],
)
def test_each_tampering_is_found(tamper, statement, checks) -> None:
    tamper(statement)
    assert checks_that_failed() == checks


def with_voucher() -> PaymentVoucher:
    """The last paper of the year: 80 baht from the bank, on an account whose vouchers stand for no row of costs."""
    costs, bank = Account.objects.get(code="5510"), Account.objects.get(code="12001")
    with transaction.atomic():
        number = next_numbers("voucher", 2563)[0]
        entry = post(
            EntryDraft(
                date=date(2020, 11, 1),
                kind=EntryKind.PAYMENT,
                lines=[LineDraft(costs, bank, Decimal(80))],
                posted_by=None,
                document_kind="voucher",
                document_number=label(2563, number),
            ),
            posted_at=NOW,
        )
        draft = PaperDraft(
            date=entry.date, party_name="ร้าน", account=bank, request_id=uuid4(), lines=[PaperLine("ค่ารถ", "Bus fare")]
        )
        return write_vouchers([(draft, number, entry, entry.posted_lines)], by=None, issued_at=NOW)[0]


def test_a_paper_that_vanished_is_missed_although_it_was_the_last_one(books, tamper) -> None:
    with_voucher()
    assert checks_that_failed() == set()
    tamper(
        "DELETE FROM ledger_paymentvoucherline; DELETE FROM ledger_paymentvoucher;"
        " UPDATE ledger_documentsequence SET last = 0 WHERE series = 'voucher'"
    )
    assert told_in_english() == ["vouchers: entry 4 names voucher 2563/000001, which is not there"]


def test_a_sheet_without_its_receipts_is_named(books) -> None:
    book("1010", "4520", "365.00", kind="collection", document_kind="sheet", document_number="2563/0001")
    assert told_in_english() == [
        "receipts: entry 4, sheet 2563/0001: 1 lines have no receipt",
        "sheets: entry 4 names sheet 2563/0001, which does not name it",
    ]


def test_what_is_posted_meanwhile_breaks_no_proof(books, monkeypatch) -> None:
    """Between two checks somebody posts: the books of one moment are proved, not half of the next."""

    def post_beside() -> Iterator[Problem]:
        with ThreadPoolExecutor(1) as other:
            other.submit(_post_on_a_connection_of_its_own).result()
        return iter(())

    first, *others = check.CHECKS
    monkeypatch.setattr(check, "CHECKS", (first, post_beside, *others))
    verdict = check_ledger()
    assert (verdict.problems, verdict.entries, verdict.last_number) == ((), 3, 3)
    assert check_ledger().entries == 4


def _post_on_a_connection_of_its_own() -> None:
    try:
        book("1010", "4520", "365.00")
    finally:
        connection.close()


def test_an_erased_memo_leaves_the_chain_whole(tamper) -> None:
    tamper("DELETE FROM ledger_entrymemo")
    assert checks_that_failed() == set()


def test_a_wrong_count_of_members_is_found(db) -> None:
    make_fund()
    MemberFactory(community=CommunityFactory(number=1))
    assert told_in_english() == [
        "member counts: community 1: kept 0 current and 0 in all, the rows say 1 and 1",
    ]


def test_the_command_prints_the_fingerprint_and_compares_a_printed_one(books) -> None:
    verdict, out = check_ledger(), StringIO()
    call_command("check_ledger", against=f"3:{verdict.fingerprint[:12]}", stdout=out)
    assert out.getvalue().splitlines() == [
        "3 entries, 3 lines, last entry 3",
        f"fingerprint 3:{verdict.fingerprint}",
        "entry 3 has the printed fingerprint",
        "the books hold",
    ]


def test_the_command_fails_where_the_books_do_not_hold(tamper) -> None:
    tamper("UPDATE ledger_line SET amount = 366 WHERE amount = 365")
    out = StringIO()
    with pytest.raises(CommandError, match="the books do not hold: 3 problems"):
        call_command("check_ledger", stdout=out)
    assert "chain: entry 1 is not what was sealed" in out.getvalue().splitlines()
    with pytest.raises(CommandError, match="the books do not hold: 3 problems"):
        call_command("check_ledger", language="th", stdout=(thai := StringIO()))
    sealed_otherwise = "รหัสตรวจสอบของรายการ: รายการที่ 1 ไม่ตรงกับเมื่อแรกบันทึก มีการแก้ไขภายหลัง"
    assert sealed_otherwise in thai.getvalue().splitlines()
    assert thai.getvalue().splitlines()[-2:] == out.getvalue().splitlines()[-2:]


def test_a_fingerprint_of_other_books_is_refused(books) -> None:
    with pytest.raises(CommandError, match="does not have the fingerprint"):
        call_command("check_ledger", against="1:deadbeefdeadbeef", stdout=StringIO())


def test_kept_sums_can_be_made_anew(books, test_cluster, tamper) -> None:
    before = set(LedgerSum.objects.values_list("month", "account", "debit", "credit"))
    tamper("UPDATE ledger_ledgersum SET debit = 0, credit = 0")
    cache.set("added-up-of-wrong-sums", 0)
    call_command("rebuild_sums", stdout=StringIO())
    assert cache.get("added-up-of-wrong-sums") is None
    assert set(LedgerSum.objects.values_list("month", "account", "debit", "credit")) == before

"""`check_ledger` is clean over good books and names each kind of tampering."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ledger.check import check_ledger
from ledger.models import LedgerSum
from tests.factories import CommunityFactory, MemberFactory, make_fund
from tests.ledger.conftest import book


@pytest.fixture
def books(committed_db) -> str:
    make_fund()
    book("1010", "4110", "365.00", memo="จากผู้นำชุมชน")
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


def checks_that_failed() -> set[str]:
    return {problem.check for problem in check_ledger().problems}


def test_good_books_hold(books) -> None:
    verdict = check_ledger()
    assert (verdict.problems, verdict.entries, verdict.lines, verdict.last_number) == ((), 3, 3, 3)


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        ("UPDATE ledger_line SET amount = 366 WHERE amount = 365", {"chain", "kept sums"}),
        ("UPDATE ledger_entry SET date = '2020-11-02' WHERE number = 1", {"chain"}),
        ("UPDATE ledger_entry SET document_number = '2563/000009' WHERE number = 2", {"chain"}),
        ("DELETE FROM ledger_line WHERE amount = 150.25", {"chain", "entries without lines", "kept sums"}),
        ("UPDATE ledger_entrymemo SET text = 'จากอีกคน'", {"memos"}),
        ("UPDATE ledger_ledgersum SET debit = debit + 0.01 WHERE month = '2020-10-01' AND debit > 0", {"kept sums"}),
        ("UPDATE ledger_ledgerhead SET chain_hash = repeat('f', 64)", {"chain"}),
        (
            "INSERT INTO ledger_documentsequence (series, year_be, last) VALUES ('receipt', 2563, 1)",
            {"receipt sequence"},
        ),
        ("ALTER TABLE ledger_line DISABLE TRIGGER ALL", {"append-only"}),
    ],
)
def test_each_tampering_is_found(tamper, statement, checks) -> None:
    tamper(statement)
    assert checks_that_failed() == checks


def test_an_erased_memo_leaves_the_chain_whole(tamper) -> None:
    tamper("DELETE FROM ledger_entrymemo")
    assert checks_that_failed() == set()


def test_a_wrong_count_of_members_is_found(db) -> None:
    make_fund()
    MemberFactory(community=CommunityFactory(number=1))
    problem = check_ledger().problems[0]
    assert (problem.check, problem.rows) == (
        "member counts",
        "community 1: kept 0 current and 0 in all, the rows say 1 and 1",
    )


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


def test_a_fingerprint_of_other_books_is_refused(books) -> None:
    with pytest.raises(CommandError, match="does not have the fingerprint"):
        call_command("check_ledger", against="1:deadbeefdeadbeef", stdout=StringIO())


def test_kept_sums_can_be_made_anew(books, test_cluster, tamper) -> None:
    before = set(LedgerSum.objects.values_list("month", "account", "debit", "credit"))
    tamper("UPDATE ledger_ledgersum SET debit = 0, credit = 0")
    call_command("rebuild_sums", stdout=StringIO())
    assert set(LedgerSum.objects.values_list("month", "account", "debit", "credit")) == before

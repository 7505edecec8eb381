"""A grown fund is a fund: its books hold, its people are all there, and the same one grows each time."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models import Count, F, Sum

from bansong_fund.demo.grow import NotForThisDatabase, grow_fund
from bansong_fund.demo.grow_world import TODAY
from contributions.models import CollectionSheet, DuesPayment, RoundMember
from contributions.queries import money_of_sheet, paid_through_of
from ledger.check import check_ledger
from ledger.models import FiscalYear
from ledger.queries import balances, money_in_hand
from members.models import EndReason, Member, MemberCount, Membership
from tests.clusters import TestCluster
from tests.factories import make_fund
from welfare.models import Claim, ClaimState, ClaimStep

ROOT = Path(__file__).resolve().parent.parent.parent
MEMBERS = 340
YEARS = 4


@pytest.fixture
def owned_db(committed_db, test_cluster: TestCluster) -> str:
    """The database as its owner sees it: who fills a fund makes the indexes behind the rows."""
    test_cluster.point_django_at(committed_db, "fund_owner")
    return committed_db


def grow(members: int = MEMBERS, years: int = YEARS) -> None:
    grow_fund(members=members, years=years, say=lambda _what: None)


def rules_and_indexes() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('f', 'u', 'x', 'c')"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_a_grown_fund_holds_and_all_its_people_paid_what_the_books_say(owned_db):
    before = rules_and_indexes()
    grow()
    assert rules_and_indexes() == before
    verdict = check_ledger()
    assert verdict.problems == ()
    assert verdict.lines > MEMBERS * YEARS
    running = Membership.objects.filter(ended_on=None)
    assert running.count() == MEMBERS == MemberCount.objects.aggregate(total=Sum("current"))["total"]
    assert Member.objects.filter(died_on=None).count() == Membership.objects.exclude(end_reason=EndReason.DIED).count()
    memberships = list(Membership.objects.all())
    assert paid_through_of(memberships) == {one.pk: one.paid_through for one in memberships}
    dues = DuesPayment.objects.aggregate(total=Sum("amount"))["total"]
    booked = dict(balances("dues", until=None))
    assert [account.leg for account in booked] == [1]
    this_year = DuesPayment.objects.filter(covers_until__year=2020).aggregate(total=Sum("amount"))["total"]
    assert list(booked.values()) == [-this_year]  # the years before are closed
    assert dues > this_year


def test_every_sheet_of_a_grown_fund_was_handed_over_whole(owned_db):
    grow()
    sheets = list(CollectionSheet.objects.all())
    assert len(sheets) == 17 * YEARS
    assert {sheet.state for sheet in sheets} == {"accepted"}
    assert [sheet for sheet in sheets if not sheet.total == sheet.counted == money_of_sheet(sheet)] == []
    money = money_in_hand()
    assert money.cash_with_leaders == Decimal("0.00")
    assert min(money.cash, *(amount for _account, amount in money.banks)) >= 0


def test_a_grown_fund_has_claims_of_every_step_and_each_paid_one_its_voucher(owned_db):
    grow()
    waiting = dict(Claim.objects.values_list("state").annotate(Count("pk")).order_by())
    paid = waiting.pop(ClaimState.PAID)
    assert waiting == {ClaimState.APPROVED: 113, ClaimState.VERIFIED: 100, ClaimState.SUBMITTED: 4}
    assert paid > MEMBERS * 15 * (YEARS - 1) // 100
    assert Claim.objects.filter(voucher__isnull=False).count() == paid
    assert ClaimStep.objects.filter(action="pay").count() == paid
    assert Claim.objects.exclude(voucher=None).exclude(voucher__total=F("amount_approved")).count() == 0
    assert Claim.objects.filter(paid_on__gt=TODAY).count() == 0


def test_the_years_before_are_closed_and_rounds_match_nobody_more_than_three_times(owned_db):
    grow()
    closed = FiscalYear.objects.exclude(closed_at=None).values_list("year_be", flat=True)
    assert sorted(closed) == [2560, 2561, 2562]
    most = RoundMember.objects.values("member").annotate(times=Count("pk")).order_by("-times")[0]["times"]
    assert most == 2  # a full year of membership is there in the third year of the fund and the fourth


def test_the_same_fund_grows_each_time(test_cluster, owned_db, django_db_blocker):
    grow(34, 2)
    first = check_ledger().fingerprint
    again = test_cluster.clone("grown_again")
    try:
        test_cluster.point_django_at(again, "fund_owner")
        grow(34, 2)
        assert check_ledger().fingerprint == first
    finally:
        test_cluster.point_django_at(owned_db)
        test_cluster.drop(again)


def test_a_fund_is_grown_neither_beside_another_nor_in_production_nor_without_members(db, settings):
    with pytest.raises(NotForThisDatabase, match="17"):
        grow(16)
    settings.PRODUCTION = True
    with pytest.raises(NotForThisDatabase, match="DEMO=1"):
        grow()
    settings.PRODUCTION = False
    make_fund(today=date(2020, 11, 1))
    with pytest.raises(NotForThisDatabase):
        grow()
    assert Member.objects.count() == 0


@pytest.mark.faults
def test_the_bench_runs_from_an_empty_folder_to_its_table(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "FUND_VAR")}
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", "--quick", "--years", "2"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    path = Path(done.stdout.splitlines()[-1])
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    finally:
        path.unlink()
    assert path.parent == django_settings.BASE_DIR / "var" / "bench"
    pages = kept["sizes"]["60"]
    assert [(page["name"], page["fault"]) for page in pages if page["fault"]] == []
    assert pages[0]["name"] == "bare page"
    assert "recording a payment" in [page["name"] for page in pages]

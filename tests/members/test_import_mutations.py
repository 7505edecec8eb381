"""Damaged register files on their whole way in: not one crash, and never a part of a file in the register."""

import pytest
from django.db import connection, transaction

from bansong_fund.lib.sheet_reader import UnreadableFile
from members.importing.jobs import show, write
from members.importing.layout import ColumnsUnclear
from members.importing.run import FileRefused
from members.models import ImportRun, Member
from tests.factories import CommunityFactory
from tests.made_sheets import HEADINGS, as_csv, as_ods, as_xlsx, register_rows
from tests.members.register_files import no_step, outcomes, taken
from tests.mutations import mutated

TABLES = (
    *("members_member", "members_membership", "members_communitystay", "members_openingfacts", "members_beneficiary"),
    *("members_household", "members_importrow", "members_membercount", "members_groupflag", "members_openingdrawn"),
)
KINDS = {"xlsx": as_xlsx, "ods": as_ods, "csv": as_csv}


def counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES))
        return dict(cursor.fetchall())


@pytest.fixture
def communities(fund) -> None:
    for number in (1, 2, 3):
        CommunityFactory(number=number)


def brought_in(content: bytes, kind: str) -> dict[str, int] | None:
    """What became of the file's rows; None where it was refused as a whole."""
    run = None
    try:
        with transaction.atomic():
            run = taken(content, name=f"register.{kind}")
        run.state = ImportRun.State.READING
        with transaction.atomic():
            show(run, step=no_step)
            if run.counts["new"] or run.counts["changed"]:
                write(run, leave_out_doubles=False, by=None, step=no_step)
    except (UnreadableFile, FileRefused, ColumnsUnclear):
        return None
    return outcomes(run)


def bring_in_mutated(seed: int, good: dict[str, bytes]) -> None:
    kind = ("xlsx", "ods", "csv")[seed % 3]
    before = counted()
    with transaction.atomic():
        found = brought_in(mutated(seed, good[kind], kind), kind)
        after = counted()
        new = 0 if found is None else found["new"]
        for table in TABLES[:4]:
            assert after[table] - before[table] == new, (seed, kind, table, found)
        assert (found is None) <= (after == before), (seed, kind)
        running = Member.objects.filter(memberships__ended_on=None).count()
        kept = sum(count.current for count in _counts())
        assert running == kept, (seed, kind)
        transaction.set_rollback(True)


def _counts() -> list:
    from members.models import MemberCount

    return list(MemberCount.objects.all())


@pytest.fixture
def good() -> dict[str, bytes]:
    rows = [list(HEADINGS), *register_rows(12)]
    return {"xlsx": as_xlsx(rows), "ods": as_ods(rows), "csv": as_csv(rows)}


def test_the_good_files_come_in_whole(communities, good) -> None:
    found = {}
    for kind, content in good.items():
        with transaction.atomic():
            found[kind] = brought_in(content, kind)
            transaction.set_rollback(True)
    assert found == {kind: {"new": 12, "changed": 0, "same": 0, "refused": 0} for kind in KINDS}


def test_two_hundred_damaged_files_neither_crash_nor_come_in_by_halves(communities, good) -> None:
    for seed in range(200):
        bring_in_mutated(seed, good)


@pytest.mark.faults
def test_ten_thousand_damaged_files(communities, good) -> None:
    for seed in range(200, 10_200):
        bring_in_mutated(seed, good)

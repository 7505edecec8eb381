"""`manage.py import_members`: the same import, for those who sit at the machine."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from members.models import ImportRow, ImportRun, Member
from tests.members.register_files import as_csv, person


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def called(path: Path, *words: str) -> tuple[list[str], int]:
    """The lines that it prints, and its exit status."""
    out = StringIO()
    try:
        call_command("import_members", str(path), *words, stdout=out)
        status = 0
    except SystemExit as stopped:
        status = stopped.code
    return out.getvalue().splitlines(), status


@pytest.fixture
def register(tmp_path) -> Path:
    path = tmp_path / "old register.csv"
    path.write_bytes(as_csv([person(7), person(8, community="99"), person(9)]))
    return path


REFUSED = "old register:3 G3: There is no community “99”. Correct the cell, or add it on the page of the communities."


def test_accepted_rows_are_written_and_refused_ones_named(fund, first, register) -> None:
    assert called(register) == ([REFUSED, "new 2, changed 0, same 0, refused 1"], 1)
    assert sorted(Member.objects.values_list("number", flat=True)) == [7, 9]
    assert called(register) == ([REFUSED, "new 0, changed 0, same 2, refused 1"], 1)


def test_a_dry_run_says_the_same_and_leaves_nothing_behind(fund, first, register) -> None:
    assert called(register, "--dry-run") == ([REFUSED, "new 2, changed 0, same 0, refused 1"], 1)
    left = (Member.objects.count(), ImportRun.objects.count(), ImportRow.objects.count())
    assert left == (0, 0, 0)
    assert list((Path(settings.FILES_ROOT) / "imports").iterdir()) == []


def test_status_0_where_every_row_is_taken(fund, first, tmp_path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(as_csv([person(7)]))
    assert called(path) == (["new 1, changed 0, same 0, refused 0"], 0)


def test_what_the_file_does_not_say_is_said_on_the_command_line(fund, first, tmp_path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes("ชื่อ-สกุล,เลขบัตรประชาชน\nนายทดสอบ สมมติ,1001234567890\n".encode())
    lines, status = called(path, "--community", "1", "--joined-on", "1/5/2560")
    assert (lines[-1], status) == ("new 0, changed 0, same 0, refused 1", 1)
    words = ("--community", "1", "--joined-on", "1/5/2560", "--id-reason", "as in the old register")
    assert called(path, *words) == (["new 1, changed 0, same 0, refused 0"], 0)
    assert Member.objects.get().id_reason == "as in the old register"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.4"])
def test_a_file_that_is_no_register_is_refused_with_status_2(fund, first, tmp_path, content) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_members", str(path))
    assert (refused.value.returncode, ImportRun.objects.count()) == (2, 0)

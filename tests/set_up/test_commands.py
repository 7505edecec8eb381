"""The commands that stand beside the web pages."""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection

from office.management.commands.check_database import faults_of_rights, faults_of_triggers
from office.models import RoleGrant, User

ROOT = Path(__file__).resolve().parents[2]


def words_of(command: str, **options: object) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_check_database_finds_the_roles_and_guards_in_order(db) -> None:
    assert words_of("check_database").startswith("The database is as it must be: fund_app owns nothing, ")


def test_check_database_names_a_right_too_many_and_a_missing_guard(db) -> None:
    assert faults_of_rights("office_user") == [
        "fund_app has UPDATE on office_user",
        "fund_app has DELETE on office_user",
    ]
    assert faults_of_triggers("office_user") == [
        "office_user has no trigger append_only_rows",
        "office_user has no trigger append_only_table",
    ]


def test_check_database_fails_when_the_serving_role_owns_a_table(committed_db, test_cluster) -> None:
    with test_cluster.connect(committed_db) as superuser:
        superuser.execute("CREATE TABLE stray (id int)")
        superuser.execute("ALTER TABLE stray OWNER TO fund_app")
    with pytest.raises(CommandError, match="- fund_app owns stray"):
        call_command("check_database")


def test_the_serving_role_cannot_empty_a_table(db) -> None:
    with pytest.raises(Exception, match="permission denied for table office_actionlog"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE office_actionlog")


def test_create_administrator_makes_a_user_who_can_sign_in(db, monkeypatch) -> None:
    monkeypatch.setitem(os.environ, "FUND_ADMINISTRATOR_PASSWORD", "ม้า-แบตเตอรี่-ถูกต้อง")
    words_of("create_administrator", username="somsri", name="สมศรี ทดสอบ")
    user = User.objects.get()
    assert (user.username, user.display_name, user.roles) == ("somsri", "สมศรี ทดสอบ", {"administrator"})
    assert authenticate(username="somsri", password="ม้า-แบตเตอรี่-ถูกต้อง") == user


@pytest.mark.parametrize("password", ["1234567890", "short"])
def test_create_administrator_refuses_a_weak_password_and_makes_nobody(db, monkeypatch, password: str) -> None:
    monkeypatch.setitem(os.environ, "FUND_ADMINISTRATOR_PASSWORD", password)
    with pytest.raises(CommandError):
        call_command("create_administrator", username="somsri", name="สมศรี ทดสอบ")
    assert (User.objects.count(), RoleGrant.objects.count()) == (0, 0)


def test_create_administrator_refuses_a_name_in_use_whatever_its_case(db) -> None:
    User.objects.create_user("somsri", display_name="สมศรี ทดสอบ")
    with pytest.raises(CommandError, match="A user named SOMSRI exists already"):
        call_command("create_administrator", username="SOMSRI", name="สมศรี ทดสอบ")


@pytest.fixture(scope="module")
def empty_var() -> Iterator[Path]:
    """The folder of a program that never ran; the first command makes its cluster, the next finds it."""
    folder = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "var"
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.parametrize("command", ["check_ledger", "check_database"])
def test_a_command_on_an_empty_database_says_what_fills_it(empty_var: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "FUND_VAR": str(empty_var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "This database is still empty: `make run` fills it, or `manage.py prepare_database` for a server of your own.",
    )

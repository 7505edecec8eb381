"""Production never starts half configured, and says what is missing."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgresql://fund_app:p%40ss@db.example.org:5433/fund?sslmode=require",
    "DATABASE_OWNER_URL": "postgresql://fund_owner:other@db.example.org:5433/fund",
    "SECRET_KEY": "a" * 60,
    "FUND_ENCRYPTION_KEYS": Fernet.generate_key().decode("ascii"),
    "FUND_HMAC_KEY": "b" * 60,
    "ALLOWED_HOSTS": "fund.example.org, www.example.org",
}


def settings_with(environment: dict[str, str], *names: str) -> dict[str, object]:
    """The named settings, read by a process that has this environment and no other. Raises on a refusal."""
    code = (
        "import json, sys; from bansong_fund import settings;"
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FUND_ENCRYPTION_KEYS", "FUND_HMAC_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(name: str) -> None:
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(RuntimeError, match=f"{name} is not set: .* See .env.example."):
        settings_with(environment, "SECRET_KEY")


def test_production_is_secure_by_default() -> None:
    wanted = {
        "PRODUCTION": True,
        "DEMO": False,
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "ALLOWED_HOSTS": ["fund.example.org", "www.example.org"],
    }
    assert settings_with(PRODUCTION, *wanted) == wanted


def test_debug_cannot_be_switched_on_in_production() -> None:
    assert settings_with(PRODUCTION | {"DEBUG": "yes"}, "DEBUG") == {"DEBUG": False}


def test_the_database_url_is_taken_apart() -> None:
    found = settings_with(PRODUCTION, "DATABASES")["DATABASES"]["default"]
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "fund",
        "USER": "fund_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_owner_work_signs_in_as_the_owner() -> None:
    found = settings_with(PRODUCTION | {"FUND_DATABASE_ROLE": "owner"}, "DATABASES")["DATABASES"]["default"]
    assert (found["USER"], found["PASSWORD"]) == ("fund_owner", "other")


def test_another_kind_of_database_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(RuntimeError, match="DATABASE_URL must look like postgresql://") as refusal:
        settings_with(PRODUCTION | {"DATABASE_URL": "mysql://root:hunter2@localhost/fund"}, "DEMO")
    assert "hunter2" not in str(refusal.value)


def test_a_word_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"DEMO is 'maybe': write yes or no\."):
        settings_with({"DEMO": "maybe"}, "DEMO")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("c" * 60 + "\n")
    environment = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}
    found = settings_with(environment | {"SECRET_KEY_FILE": str(secret)}, "SECRET_KEY")
    assert found == {"SECRET_KEY": "c" * 60}


def test_a_demonstration_keeps_the_secrets_it_made_for_their_owner_alone(tmp_path: Path) -> None:
    environment = {"FUND_VAR": str(tmp_path / "var")}
    first = settings_with(environment, "SECRET_KEY", "DEMO", "PRODUCTION")
    assert settings_with(environment, "SECRET_KEY", "DEMO", "PRODUCTION") == first
    assert (first["DEMO"], first["PRODUCTION"], len(first["SECRET_KEY"])) == (True, False, 64)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "var" / "secrets").iterdir()}
    assert modes == {0o600}


def test_an_empty_fund_never_meets_the_data_of_the_demonstration() -> None:
    demonstration = settings_with({}, "VAR")["VAR"]
    assert settings_with({"DEMO": "no"}, "VAR", "DEMO") == {"VAR": f"{demonstration}/own-fund", "DEMO": False}


def test_every_variable_that_is_read_stands_in_the_example() -> None:
    call = r"env\.(?:text|flag|number|words|needed)\(\s*|environ(?:ment)?\.(?:get|setdefault)\(\s*|_VARIABLE = "
    read = re.compile(rf'(?:{call})"([A-Z_]+)"')
    sources = [*ROOT.glob("bansong_fund/**/*.py"), *ROOT.glob("*/management/commands/*.py"), ROOT / "tests/clusters.py"]
    names = {name for path in sources for name in read.findall(path.read_text(encoding="utf-8"))}
    ours = {"PATH", "HOST", "PORT", "FUND_SUPERVISED_VAR", "FUND_SUPERVISOR_PID", "DJANGO_SETTINGS_MODULE"}
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert example == names - ours

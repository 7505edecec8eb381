"""Runs Django's deployment check on production settings made up for the moment; a warning is a failure."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent


def production_environment() -> dict[str, str]:
    """Settings that name a server nobody asks: the check opens no connection."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DATABASE_URL": "postgresql://fund_app:none@localhost/fund",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FUND_ENCRYPTION_KEYS": Fernet.generate_key().decode("ascii"),
        "FUND_HMAC_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "fund.example.org",
    }


def main() -> int:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=production_environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

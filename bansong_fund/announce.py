"""Waits until the web server really answers, then prints its address and the demonstration's logins, and ends."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bansong_fund.tether import SUPERVISOR, lives

SECONDS_TO_WAIT = 120


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Production sends visitors on to HTTPS, which the proxy speaks and this server does not."""

    def redirect_request(self, *_: object) -> None:
        return None


def answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(_NoRedirect).open(address, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # a refusal is an answer
    except OSError:
        return False


DEMONSTRATION = "กองทุนสาธิต: ชื่อผู้ใช้และรหัสผ่าน / Demonstration logins (role, user name, password):"
FIRST_LOGIN = "กองทุนใหม่: ผู้ใช้คนแรก เปลี่ยนรหัสผ่านทันที / A new fund's first user; change the password at once:"


def logins(file: Path, heading: str = DEMONSTRATION) -> str:
    """The lines to print from `{"logins": [{"role", "username", "password"}]}` or a plain list of those."""
    if not file.exists():
        return ""
    found = json.loads(file.read_text(encoding="utf-8"))
    rows = found["logins"] if isinstance(found, dict) else found
    width = max((len(row["role"]) for row in rows), default=0)
    names = max((len(row["username"]) for row in rows), default=0)
    lines = [f"  {row['role']:<{width}}  {row['username']:<{names}}  {row['password']}" for row in rows]
    return "\n".join([heading, *lines, ""])


def shown_host(host: str) -> str:
    """The host as a browser on this machine is to write it."""
    if host in {"0.0.0.0", "::", "[::]"}:  # noqa: S104 - it is read here, not bound
        return "localhost"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def main() -> int:
    host, port = os.environ["HOST"], os.environ["PORT"]
    address = f"http://{shown_host(host)}:{port}/"
    supervisor, deadline = int(os.environ[SUPERVISOR]), time.monotonic() + SECONDS_TO_WAIT
    while not answers(address):
        if not lives(supervisor) or time.monotonic() > deadline:
            return 1
        time.sleep(0.2)
    var = os.environ.get("FUND_SUPERVISED_VAR")
    found = ""
    if var:
        found = logins(Path(var) / "demo-logins.json") or logins(Path(var) / "first-login.json", FIRST_LOGIN)
    sys.stdout.write(f"\n{found}\nเปิดใช้งานที่ / Open {address}   (Ctrl-C: หยุด / stop)\n\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)

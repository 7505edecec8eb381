"""`manage.py bench`: scratch databases of several sizes on embedded servers of their own, measured one by one."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from bansong_fund.bench.figures import Figures, as_json, figures_of
from bansong_fund.bench.measure import Timed
from bansong_fund.bench.printing import aims, growth_table, table_of

SIZES = (4_118, 411_800)
YEARS = 10
REQUESTS = 200
QUICK_SIZES = (60,)
QUICK_REQUESTS = 2
SETTINGS = "bansong_fund.bench.settings"

Say = Callable[[str], None]


class BenchFailed(Exception):
    """A step of the bench ended with an error; its own words stand above."""


def run_bench(sizes: Sequence[int], *, years: int, requests: int, now: datetime, say: Say) -> Path:
    """Build and measure each size, print the tables, write the JSON; gives the JSON's path.

    Raises `BenchFailed`. The scratch databases lie below the system's temporary folder and go at the end.
    """
    found: dict[int, list[Figures]] = {}
    folder = Path(tempfile.mkdtemp(prefix="bansong-bench-"))
    try:
        folder.chmod(0o711)  # the database server's unprivileged user passes through
        for size in sizes:
            found[size] = [figures_of(timed) for timed in _measured(folder / str(size), size, years, requests, say)]
            say(f"\n{table_of(size, found[size])}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if len(found) > 1:
        say(f"{growth_table(found)}\n")
    say(aims())
    return _write(as_json(found, _about(years, requests, now)), now)


def _measured(var: Path, size: int, years: int, requests: int, say: Say) -> list[Timed]:
    var.mkdir(mode=0o711)
    say(f"{size:,} members: building the database")
    _manage(var, "prepare_database")
    _manage(var, "collectstatic", "--noinput", "--verbosity=0")
    _manage(var, "grow_fund", f"--members={size}", f"--years={years}")
    say(f"{size:,} members: measuring")
    answer = var / "measured.json"
    _manage(var, "bench_size", f"--requests={requests}", f"--output={answer}")
    timed = [Timed(**page) for page in json.loads(answer.read_text(encoding="utf-8"))]
    shutil.rmtree(var, ignore_errors=True)
    return timed


def _manage(var: Path, *words: str) -> None:
    environment = os.environ | {"FUND_VAR": str(var), "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DEMO", "DEBUG", "FUND_DATABASE_ROLE", "FUND_SUPERVISOR_PID"):
        environment.pop(name, None)
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=environment, check=False)
    if done.returncode:
        raise BenchFailed(f"`manage.py {words[0]}` failed; the lines above say why.")


def _about(years: int, requests: int, now: datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "years": years,
        "requests": requests,
    }


def _write(content: dict[str, Any], now: datetime) -> Path:
    folder = settings.BASE_DIR / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{now:%Y-%m-%d-%H%M%S}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    return path

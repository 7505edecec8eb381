"""The program's own settings, with the bare page and the counter of queries beside. Never used to serve a fund."""

from pathlib import Path

from bansong_fund.settings import *  # noqa: F403
from bansong_fund.settings import MIDDLEWARE, PRODUCTION, TEMPLATES

if PRODUCTION:
    raise RuntimeError("The bench builds databases of its own and never runs with production settings.")

ROOT_URLCONF = "bansong_fund.bench.urls"
MIDDLEWARE = ["bansong_fund.bench.counting.QueryCounter", *MIDDLEWARE]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}]

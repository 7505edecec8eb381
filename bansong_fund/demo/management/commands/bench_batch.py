"""One batch of papers of `manage.py bench`, in this process and its children."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

BENCH_SETTINGS = "bansong_fund.bench.urls"


class Command(BaseCommand):
    help = "Used by `manage.py bench`: makes one batch of papers over the scratch database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=("receipts", "statements"), required=True)
        parser.add_argument("--papers", type=int, required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: object, **options: object) -> None:
        if settings.ROOT_URLCONF != BENCH_SETTINGS:
            raise CommandError("This is a step of `manage.py bench`; call that.")
        from bansong_fund.bench.batches import make_batch  # noqa: PLC0415 - after the settings are looked at

        found = make_batch(options["kind"], options["papers"])
        options["output"].write_text(json.dumps(found), encoding="utf-8")

"""One size of `manage.py bench`: serves the scratch database of this process and measures its pages."""

import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum

from bansong_fund.bench.paper import keep_paper
from bansong_fund.bench.server import served
from bansong_fund.bench.visitors import subjects
from members.models import MemberCount

BENCH_SETTINGS = "bansong_fund.bench.urls"


class Command(BaseCommand):
    help = "Used by `manage.py bench`: measures the scratch database of this process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--requests", type=int, required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: object, **options: object) -> None:
        if settings.ROOT_URLCONF != BENCH_SETTINGS:
            raise CommandError("This is a step of `manage.py bench`; call that.")
        from bansong_fund.bench.batches import measure_batches  # noqa: PLC0415 - its routes exist with these settings
        from bansong_fund.bench.measure import Bench  # noqa: PLC0415 - its routes exist with these settings only
        from bansong_fund.bench.works import measure_works  # noqa: PLC0415

        about = subjects()
        keep_paper(about.year_be)
        with served(settings.VAR / "gunicorn.log") as server:
            timed = Bench(server, about, options["requests"]).measure_all(self._say)
        members = MemberCount.objects.aggregate(all=Sum("current"))["all"] or 0
        timed += measure_works(members, self._say)
        timed += measure_batches(members, self._say)
        options["output"].write_text(json.dumps([asdict(one) for one in timed], ensure_ascii=False), encoding="utf-8")

    def _say(self, what: str) -> None:
        self.stdout.write(f"  {what}")
        self.stdout.flush()

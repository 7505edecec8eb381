"""Measures the speed of pages on scratch funds; `make bench` calls it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bansong_fund.bench.run import (
    QUICK_REQUESTS,
    QUICK_SIZES,
    REQUESTS,
    SIZES,
    YEARS,
    BenchFailed,
    run_bench,
)


class Command(BaseCommand):
    help = "Measures the speed of pages on scratch funds of several sizes; prints a table, writes JSON to var/bench."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sizes", type=int, nargs="+", help="current members of each fund")
        parser.add_argument("--years", type=int, default=YEARS, help="years of payments")
        parser.add_argument("--requests", type=int, help="requests to each page")
        parser.add_argument("--quick", action="store_true", help="one small fund and few requests: does it run at all?")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("The bench builds databases of its own and never runs with production settings.")
        quick = bool(options["quick"])
        sizes = options["sizes"] or (QUICK_SIZES if quick else SIZES)
        requests = options["requests"] or (QUICK_REQUESTS if quick else REQUESTS)
        try:
            path = run_bench(sizes, years=options["years"], requests=requests, now=timezone.localtime(), say=self._say)
        except BenchFailed as failure:
            raise CommandError(str(failure)) from failure
        self._say(f"\n{path}")

    def _say(self, what: str) -> None:
        self.stdout.write(what)
        self.stdout.flush()

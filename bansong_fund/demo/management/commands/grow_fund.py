"""Fills an empty database with an invented fund of any size."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bansong_fund.demo.grow import NotForThisDatabase, grow_fund


class Command(BaseCommand):
    help = "Fills an empty, migrated database with an invented fund of any size, for measuring speed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, required=True, help="current members")
        parser.add_argument("--years", type=int, default=10, help="calendar years of payments")

    def handle(self, *args: object, **options: int) -> None:
        def say(what: str) -> None:
            if options["verbosity"]:
                self.stdout.write(what)
                self.stdout.flush()

        try:
            grow_fund(members=options["members"], years=options["years"], say=say)
        except NotForThisDatabase as refusal:
            raise CommandError(str(refusal)) from refusal

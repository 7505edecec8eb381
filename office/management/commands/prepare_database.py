"""Brings the database to what the program needs: tables, triggers, rights, the cache. Run after each upgrade."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Migrates as fund_owner, makes the cache table, then verifies the rights of both database roles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-check", action="store_true", help="leave out check_database")

    def handle(self, *args: object, **options: object) -> None:
        verbosity = options["verbosity"]
        call_command("migrate", interactive=False, verbosity=0 if verbosity == 1 else verbosity)
        call_command("createcachetable", verbosity=0)
        if not options["without_check"]:
            call_command("check_database", verbosity=0)

"""Prove the books; exit 1 and name the rows where anything fails."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from ledger.check import check_ledger
from ledger.models import Entry


class Command(BaseCommand):
    help = "Proves the books: chain, kept sums, gap-free numbers, papers tied to entries. Exits 1 where anything fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against",
            metavar="NUMBER:FINGERPRINT",
            help="a printed fingerprint (its first characters will do): prove that the chain still contains it",
        )
        parser.add_argument("--language", choices=["th", "en"], default="en", help="language of the faults")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = check_ledger()
        with translation.override(options["language"]):
            for problem in verdict.problems:
                self.stdout.write(str(problem))
        self.stdout.write(f"{verdict.entries} entries, {verdict.lines} lines, last entry {verdict.last_number}")
        self.stdout.write(f"fingerprint {verdict.last_number}:{verdict.fingerprint}")
        if options["against"]:
            self._compare(options["against"])
        if not verdict.clean:
            raise CommandError(f"the books do not hold: {len(verdict.problems)} problems, named above")
        self.stdout.write("the books hold")

    def _compare(self, printed: str) -> None:
        number, _colon, fingerprint = printed.partition(":")
        if not number.isdecimal() or len(fingerprint) < 8:
            raise CommandError("--against takes NUMBER:FINGERPRINT as it is printed, at least eight characters of it")
        entry = Entry.objects.filter(number=int(number)).first()
        if entry is None or not entry.chain_hash.startswith(fingerprint.lower()):
            raise CommandError(f"entry {number} of these books does not have the fingerprint {fingerprint}")
        self.stdout.write(f"entry {number} has the printed fingerprint")

"""`manage.py load_regulation FILE`: check a regulation file whole, store it as a new version or not at all."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from welfare.regulations import load_regulation
from welfare.rules.faults import RegulationFaults


class Command(BaseCommand):
    help = "Checks a regulation file (YAML) and stores it as a new version; prints every fault with its place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the regulation as a YAML file")
        parser.add_argument("--language", choices=["th", "en"], default="en", help="language of the answers")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        with translation.override(options["language"]):
            self.load(text, options["language"])

    def load(self, text: str, language: str) -> None:
        try:
            regulation = load_regulation(text, by=None, now=timezone.now())
        except RegulationFaults as faults:
            for sentence in faults.sentences(language):
                self.stderr.write(sentence)
            sys.exit(1)
        except DomainError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        day = format_date(regulation.effective_from)
        self.stdout.write(f"{regulation.name_en} ({regulation.reference}): stored, in force from {day}.")

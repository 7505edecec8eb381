"""`manage.py replay_claims`: what a fund year's claims would have come to under another version. Writes no claim."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_text import arabic_digits
from members.models import Regulation
from welfare.regulations import document_of
from welfare.replay import CHANGE_NAMES, Replay, Tally, replay_year
from welfare.replay_shown import COUNTED, names_of_benefits, replay_book
from welfare.rules.document import RegulationDocument, read_regulation
from welfare.rules.faults import RegulationFaults


class Command(BaseCommand):
    help = "Judges a fund year's decided claims by another version of the regulation: who would get more, who less."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="the fund year in the Buddhist era, for instance 2562")
        parser.add_argument(
            "--regulation", required=True, help="a regulation file (YAML), or the first day of a stored version"
        )
        parser.add_argument("--output", type=Path, help="an XLSX file to write, with every claim")
        parser.add_argument("--language", choices=["th", "en"], default="en", help="language of the answers")

    def handle(self, *args: Any, **options: Any) -> None:
        digits = arabic_digits(options["year"])
        if not digits.isdecimal() or len(digits) > 4:
            raise CommandError(f"“{options['year']}” is not a year. Write it in the Buddhist era, for instance 2562.")
        with translation.override(settings.LANGUAGE_CODE if options["language"] == "th" else "en"):
            document = self._document(options["regulation"], options["language"])
            try:
                replay = replay_year(int(digits), document)
            except DomainError as refusal:
                raise CommandError(str(refusal)) from refusal
            self._say(replay, options["language"])
            if options["output"]:
                self._write(replay, options["output"])

    def _document(self, named: str, language: str) -> RegulationDocument:
        stored = _stored_from(named)
        if stored is not None:
            return document_of(stored)
        try:
            text = Path(named).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{named} is no stored version, and cannot be read as a file: {error}") from error
        try:
            return read_regulation(text)
        except RegulationFaults as faults:
            for sentence in faults.sentences(language):
                self.stderr.write(sentence)
            sys.exit(1)

    def _say(self, replay: Replay, language: str) -> None:
        names = names_of_benefits(replay, language)
        for code, tally in replay.by_benefit().items():
            self.stdout.write(f"{names.get(code, code)}: {_line(tally)}")
        total = replay.total()
        self.stdout.write(f"{replay.year_be}, {replay.document.name.in_language(language)}: {_line(total)}")
        told = [f"{CHANGE_NAMES[change]}: {total.changes[change]:,}" for change in COUNTED]
        self.stdout.write("; ".join(told))

    def _write(self, replay: Replay, output: Path) -> None:
        book = replay_book(replay)
        try:
            output.write_bytes(book)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}. Name another file.") from error
        self.stdout.write(f"{output}: {len(book):,} bytes")


def _stored_from(named: str) -> Regulation | None:
    """The version that starts on this day, where the words are a day at all."""
    try:
        day = date.fromisoformat(named)
    except ValueError:
        return None
    return Regulation.objects.defer("document").filter(effective_from=day).first()


def _line(tally: Tally) -> str:
    sign = "+" if tally.difference > 0 else ""
    return (
        f"{tally.claims:,} claims, {format_baht(tally.approved)} → {format_baht(tally.result)}"
        f" ({sign}{format_baht(tally.difference)})"
    )

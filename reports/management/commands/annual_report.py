"""Writes the annual report of a fund year as PDF."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits
from members.clock import today_of
from members.models import Fund
from reports.annual_report import annual_report


class Command(BaseCommand):
    help = "Write the annual report of a fund year: annual_report 2562 --language th|en|both --output FILE"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", help="the fund year in the Buddhist era, for instance 2562")
        parser.add_argument("--language", default="th", help="th, en or both (Thai with English beneath)")
        parser.add_argument("--output", required=True, type=Path, help="the PDF file to write")

    def handle(self, *args: object, year: str, language: str, output: Path, **options: object) -> None:
        digits = arabic_digits(year)
        if not digits.isdecimal():
            raise CommandError(f"“{year}” is not a year. Write it in the Buddhist era, for instance 2562.")
        fund = Fund.objects.first()
        if fund is None:
            raise CommandError("This database has no fund yet. Open the program and take the first steps.")
        with translation.override(settings.LANGUAGE_CODE if language == "th" else "en"):
            self._write(int(digits), language, output, fund)

    def _write(self, year: int, language: str, output: Path, fund: Fund) -> None:
        try:
            pdf = annual_report(year, language, today=today_of(fund), now=timezone.now(), by=None)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            output.write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}. Name another file.") from error
        self.stdout.write(f"{output}: {len(pdf):,} bytes")

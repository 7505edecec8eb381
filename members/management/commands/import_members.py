"""Bring in an old register from the command line; the same reading, checks and writing as in the browser."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import parse_thai_date
from members.clock import today_of
from members.importing import run as runs
from members.importing.jobs import show, write
from members.importing.layout import Options, SheetLayout, check_options
from members.importing.listing import rows_of
from members.importing.preview import layouts_of
from members.importing.refused import reasons_of
from members.models import Community, Fund, ImportRow, ImportRun

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Brings in an old register (XLSX, ODS, CSV), columns matched by their headings. Accepted rows are written in"
        " one transaction; refused ones are named with their reasons. The last line is the summary. Exit status 1 where"
        " rows were refused, 2 where the file cannot be read: nothing is written then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--community", type=int, metavar="NUMBER", help="whose people sheets list that do not say")
        parser.add_argument("--joined-on", type=_day, metavar="DAY", help="day of joining, where no cell says it")
        parser.add_argument("--as-of", type=_day, metavar="DAY", help="the day whose state the register shows; today")
        parser.add_argument("--id-reason", default="", help="why ID numbers with a wrong last digit are right")
        parser.add_argument("--leave-out-doubles", action="store_true", help="refuse possible doubles of members")

    def handle(self, *args: Any, **options: Any) -> None:
        fund = Fund.objects.first()
        if fund is None:
            raise CommandError("There is no fund yet. Take its first steps, then bring in its register.")
        today = today_of(fund)
        try:
            run = self._taken(options["file"], today)
        except (OSError, DomainError) as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        try:
            self._say_what_columns_are(run, options, today)
            show(run, step=self._progress)
            if not options["dry_run"]:
                write(run, leave_out_doubles=options["leave_out_doubles"], by=None, step=self._progress)
            self._tell(run)
        except DomainError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        finally:
            self._leave_nothing_open(run)
        if run.counts["refused"]:
            sys.exit(1)

    @staticmethod
    def _taken(path: Path, today: date) -> ImportRun:
        with path.open("rb") as source:
            return runs.take_file(File(source, name=path.name), by=None, today=today, now=timezone.now())

    @staticmethod
    def _say_what_columns_are(run: ImportRun, options: dict[str, Any], today: date) -> None:
        layouts = layouts_of(run)
        if all(layout.left_out for layout in layouts):
            raise CommandError("No sheet has headings by which names are found.", returncode=UNREADABLE)
        community = options["community"]
        if community is not None and not Community.objects.filter(number=community).exists():
            raise CommandError(f"There is no community {community}.", returncode=UNREADABLE)
        for layout in layouts:
            _complete(layout, community, options["joined_on"])
        said = Options(as_of=options["as_of"] or today, id_reason=options["id_reason"].strip()[:200])
        check_options(said, today=today)
        run.sheets, run.options = [layout.as_json() for layout in layouts], said.as_json()
        run.state = ImportRun.State.READING
        run.save(update_fields=["sheets", "options", "state"])

    def _progress(self, done: int, _total: int | None = None) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} rows", ending="")

    def _tell(self, run: ImportRun) -> None:
        names = [layout.name for layout in layouts_of(run)]
        for row in rows_of(run, ImportRow.Outcome.REFUSED).iterator():
            self.stdout.write(f"{names[row.sheet]}:{row.line} {'; '.join(reasons_of(row.messages))}")
        counts = ", ".join(f"{outcome.value} {run.counts[outcome.value]}" for outcome in ImportRow.Outcome)
        self.stdout.write(counts)

    @staticmethod
    def _leave_nothing_open(run: ImportRun) -> None:
        """A dry run, or one that was stopped, leaves neither rows nor files behind."""
        runs.remove_files(run.stored_name)
        if run.state != ImportRun.State.DONE:
            run.rows.all().delete()
            run.delete()


def _complete(layout: SheetLayout, community: int | None, joined_on: date | None) -> None:
    """What the file does not say, said on the command line."""
    if "community" not in layout.columns.values():
        layout.community = layout.community or community
    layout.joined_on = joined_on


def _day(text: str) -> date:
    try:
        return parse_thai_date(text)
    except DomainError as refusal:
        raise ArgumentTypeError(str(refusal)) from refusal

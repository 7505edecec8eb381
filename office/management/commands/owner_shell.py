"""Opens the database as its owner, for drills and repairs: psql where it is installed, else a Python shell."""

import shutil

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Opens a shell on the database as fund_owner. Even the owner is refused by the append-only triggers."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"You are {connection.settings_dict['USER']}: what you change here, no page has checked.")
        call_command("dbshell" if shutil.which("psql") else "shell")

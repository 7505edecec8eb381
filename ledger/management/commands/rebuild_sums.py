"""Make the kept sums anew from the lines."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from ledger.checks.entries import SUMS_FROM_LINES


class Command(BaseCommand):
    help = "Makes the kept sums anew from the lines of the books."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM ledger_ledgerhead FOR UPDATE")  # no posting meanwhile
            cursor.execute("DELETE FROM ledger_ledgersum")
            cursor.execute(
                "INSERT INTO ledger_ledgersum"
                " (month, account_id, community_id, restricted_fund_id, is_closing, debit, credit) " + SUMS_FROM_LINES
            )
            self.stdout.write(f"{cursor.rowcount} kept sums made anew")

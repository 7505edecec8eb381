"""Make the kept sums anew from the lines."""

from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from ledger.checks.entries import COMMUNITY_SUMS_FROM_LINES, SUMS_FROM_LINES

REBUILD = f"""
    WITH from_lines AS MATERIALIZED ({COMMUNITY_SUMS_FROM_LINES}),
    of_communities AS (
        INSERT INTO ledger_communitysum
               (month, account_id, community_id, restricted_fund_id, is_closing, debit, credit)
        SELECT * FROM from_lines WHERE community_id IS NOT NULL
    )
    INSERT INTO ledger_ledgersum (month, account_id, restricted_fund_id, is_closing, debit, credit) {SUMS_FROM_LINES}
"""  # noqa: S608 - both queries are constants of this program


class Command(BaseCommand):
    help = "Makes the kept sums anew from the lines of the books."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM ledger_ledgerhead FOR UPDATE")  # no posting meanwhile
            cursor.execute("DELETE FROM ledger_ledgersum")
            cursor.execute("DELETE FROM ledger_communitysum")
            cursor.execute(REBUILD)
            cache.clear()  # reports remember what they added up of the sums before
            self.stdout.write(f"{cursor.rowcount} kept sums made anew")

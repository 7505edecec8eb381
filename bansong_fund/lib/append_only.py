"""Tables whose rows are facts: written once, never changed, never deleted.

A model is append-only when it inherits `AppendOnly` (and its `Meta`). Two things hold it: the
triggers below, which refuse UPDATE, DELETE and TRUNCATE to everybody, the owner too, and the
missing privileges of `fund_app` (see `ledger.privileges`). `manage.py check_database` verifies both.
"""

import pgtrigger
from django.db import models

REFUSAL = "RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;"


def append_only_triggers() -> list[pgtrigger.Trigger]:
    """Triggers that refuse a change of rows, and (a statement trigger) the emptying of the table."""
    return [
        pgtrigger.Trigger(
            name="append_only_rows",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=REFUSAL,
        ),
        pgtrigger.Trigger(
            name="append_only_table",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=REFUSAL,
        ),
    ]


class AppendOnly(models.Model):
    """Base of the tables that are their own history."""

    append_only = True

    class Meta:
        abstract = True
        triggers = append_only_triggers()

"""What `fund_app`, the role that serves pages, may do: everything but change what is append-only.

Runs after each migration as `fund_owner`. The triggers on the tables hold the same for everybody;
this is the second lock.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models

from bansong_fund.database_roles import APP

# Every trigger of pgtrigger asks this function whether it is to be passed over, and it would listen to a setting that
# whoever is connected can write. Here nobody is listened to. Each migration that adds a trigger lays it anew.
NO_TRIGGER_IS_PASSED_OVER = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    LANGUAGE sql IMMUTABLE AS 'SELECT FALSE'
"""


def append_only_models() -> list[type[models.Model]]:
    """Every table of facts, the history tables of changeable rows among them."""
    return [
        model
        for model in apps.get_models()
        if getattr(model, "append_only", False) or hasattr(model, "pgh_tracked_model")
    ]


def grant_privileges(*, using: str = "default", **_kwargs: Any) -> None:
    """Grant `fund_app` its rights on all tables; take UPDATE, DELETE and TRUNCATE on facts."""
    connection = connections[using]
    app_role = connection.ops.quote_name(APP)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == APP:
            return
        cursor.execute(NO_TRIGGER_IS_PASSED_OVER)
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app_role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app_role}")
        for model in append_only_models():
            table = model._meta.db_table
            if table in existing:
                name = connection.ops.quote_name(table)
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {app_role}")

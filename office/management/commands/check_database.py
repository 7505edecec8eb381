"""Verifies the two database roles and the guards of the append-only tables."""

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bansong_fund.database_roles import APP

GUARDS = {"append_only_rows", "append_only_table"}


def ask(query: str, values: list[object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def tables_where(attribute: str) -> list[str]:
    """Tables of the models that carry this attribute; `pgh_tracked_model` marks a history table."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, attribute, None))


def faults_of_role() -> list[str]:
    """fund_app must be an ordinary role that owns nothing."""
    found = ask("SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = %s", [APP])
    if not found:
        return [f"the role {APP} does not exist"]
    names = ("is a superuser", "may create databases", "may create roles", "bypasses row security")
    faults = [f"{APP} {name}" for name, has in zip(names, found[0], strict=True) if has]
    owned = ask("SELECT relname FROM pg_class WHERE relowner = %s::regrole ORDER BY relname", [APP])
    return faults + [f"{APP} owns {name}" for (name,) in owned]


def faults_of_rights(table: str) -> list[str]:
    """A table of facts may be read and added to, nothing else."""
    faults = []
    for right, wanted in (
        ("SELECT", True),
        ("INSERT", True),
        ("UPDATE", False),
        ("DELETE", False),
        ("TRUNCATE", False),
    ):
        [(has,)] = ask("SELECT has_table_privilege(%s, %s, %s)", [APP, f'"{table}"', right])
        if has != wanted:
            faults.append(f"{APP} {'has' if has else 'lacks'} {right} on {table}")
    return faults


def faults_of_triggers(table: str) -> list[str]:
    """Both guards of an append-only table must be there and enabled."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    triggers = [name for (name,) in ask(query, [f'"{table}"'])]
    missing = sorted(guard for guard in GUARDS if not any(guard in name for name in triggers))
    return [f"{table} has no trigger {guard}" for guard in missing]


def faults_of_passing_over() -> list[str]:
    """No session may switch a guard off for itself, as the maker of our triggers would allow."""
    query = "SELECT set_config('pgtrigger.ignore', '{some_guard}', true), _pgtrigger_should_ignore('some_guard')"
    return ["a session can have triggers passed over"] if ask(query, [])[0][1] else []


class Command(BaseCommand):
    help = "Verifies that fund_app owns nothing and cannot change or empty an append-only table. Exits 1 on a fault."

    def handle(self, *args: object, **options: object) -> None:
        append_only, histories = tables_where("append_only"), tables_where("pgh_tracked_model")
        faults = faults_of_role()
        faults += [fault for table in append_only + histories for fault in faults_of_rights(table)]
        faults += [fault for table in append_only for fault in faults_of_triggers(table)]
        faults += faults_of_passing_over()
        if faults:
            raise CommandError("The database is not as it must be:\n" + "\n".join(f"- {fault}" for fault in faults))
        if options["verbosity"]:
            self.stdout.write(
                f"The database is as it must be: {APP} owns nothing, {len(append_only)} tables are append-only."
            )

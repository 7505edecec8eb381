#!/usr/bin/env python
"""Runs one command of the program, with the database role that the command needs."""

import atexit
import os
import sys

OWNER_COMMANDS = {
    "migrate", "createcachetable", "prepare_database", "owner_shell", "rebuild_sums", "pgtrigger", "sqlflush",
    "grow_fund",
}  # fmt: skip
COMMANDS_WITHOUT_DATABASE = {
    "help", "version", "collectstatic", "makemessages", "compilemessages", "check", "bench", "--help",
}  # fmt: skip

NO_TABLES = """\
This database is still empty: `make run` fills it, or `manage.py prepare_database` for a server of your own.
The empty fund of `make run DEMO=no` is reached by `DEMO=no .venv/bin/python manage.py …`."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansong_fund.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ["FUND_DATABASE_ROLE"] = "owner"
    if command not in COMMANDS_WITHOUT_DATABASE:
        _have_a_database()
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - needs the role chosen above
    from django.db import ProgrammingError  # noqa: PLC0415 - as above

    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError:
        if _has_tables():
            raise
        sys.exit(NO_TABLES)


def _has_tables() -> bool:
    from django.db import connection  # noqa: PLC0415 - as above

    connection.close()
    return "django_migrations" in connection.introspection.table_names()


def _have_a_database() -> None:
    """Start the embedded server for the length of this command, unless another process runs it."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - as above

    from bansong_fund.embedded_postgres import EmbeddedServer, ServerRefused  # noqa: PLC0415 - as above

    try:
        from bansong_fund import settings  # noqa: PLC0415 - as above

        if settings.EMBEDDED_DATABASE and not os.environ.get("FUND_SUPERVISOR_PID"):
            server = EmbeddedServer(settings.VAR)
            server.hold()
            atexit.register(server.let_go)
            server.start()
    except (ImproperlyConfigured, ServerRefused) as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()

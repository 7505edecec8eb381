"""The two roles of the fund's database: `fund_owner` migrates and owns, `fund_app` serves.

`fund_app` is no superuser and owns nothing. It may read and write the tables that `fund_owner` makes;
the rights it must not have on append-only tables are taken away after each migration.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER = "fund_owner"
APP = "fund_app"
DATABASE = "fund"


@dataclass(frozen=True)
class Passwords:
    owner: str
    app: str


def prepare_roles(superuser: psycopg.Connection, passwords: Passwords) -> None:
    """Make the two roles where they are missing, and give them these passwords."""
    for role, password in ((OWNER, passwords.owner), (APP, passwords.app)):
        known = superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = "ALTER" if known else "CREATE"
        superuser.execute(
            sql.SQL(
                verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            ).format(sql.Identifier(role), sql.Literal(password))
        )


def database_exists(superuser: psycopg.Connection, name: str) -> bool:
    found = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None


def create_database(superuser: psycopg.Connection, name: str, template: str = "template0") -> None:
    """An empty database (or a copy of `template`) that belongs to `fund_owner`."""
    superuser.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
        )
    )


def drop_database(superuser: psycopg.Connection, name: str) -> None:
    superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def grant_rights(connection: psycopg.Connection) -> None:
    """Run inside the fund's database, by a superuser or by the owner: what `fund_app` may do with later tables."""
    owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
    statements = (
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
        sql.SQL(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
        ).format(owner, app),
        sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(
            owner, app
        ),
    )
    for statement in statements:
        connection.execute(statement)

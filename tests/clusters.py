"""The database servers that tests run on: a throwaway cluster, or the one that TEST_DATABASE_URL names."""

import os
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from bansong_fund import database_roles
from bansong_fund.embedded_postgres import PORT, SUPERUSER, EmbeddedServer


@dataclass(frozen=True)
class TestCluster:
    """How to reach the server of this run. `template` is a migrated database that tests only copy."""

    __test__ = False

    host: str
    port: str
    superuser: str
    superuser_password: str
    maintenance_database: str
    owner_password: str
    app_password: str
    prefix: str

    @property
    def template(self) -> str:
        return f"{self.prefix}_template"

    def connect(self, database: str | None = None) -> psycopg.Connection:
        return psycopg.connect(
            host=self.host,
            port=self.port or None,
            user=self.superuser,
            password=self.superuser_password or None,
            dbname=database or self.maintenance_database,
            autocommit=True,
        )

    def clone(self, name: str) -> str:
        """A fresh copy of the template, its name given back in full."""
        full_name = f"{self.prefix}_{name}"
        with self.connect() as superuser:
            database_roles.drop_database(superuser, full_name)
            database_roles.create_database(superuser, full_name, self.template)
        return full_name

    def drop(self, full_name: str) -> None:
        with self.connect() as superuser:
            database_roles.drop_database(superuser, full_name)

    def point_django_at(self, full_name: str, role: str = database_roles.APP) -> None:
        """The settings of the default connection are one dict that all threads' connections share."""
        connections["default"].close()
        password = self.app_password if role == database_roles.APP else self.owner_password
        connections["default"].settings_dict.update(
            NAME=full_name, USER=role, PASSWORD=password, HOST=self.host, PORT=self.port, CONN_MAX_AGE=0
        )

    def as_words(self) -> dict[str, str]:
        return asdict(self)


class RunningCluster:
    """Starts the server of a test run in the one process that outlives the others, and ends it."""

    def __init__(self) -> None:
        self.server: EmbeddedServer | None = None
        self.folder: Path | None = None
        self.cluster = self._named_server() or self._throwaway_server()

    def _throwaway_server(self) -> TestCluster:
        self.folder = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
        self.folder.chmod(0o711)  # the server's unprivileged user passes through
        self.server = EmbeddedServer(self.folder, throwaway=True)
        self.server.start()
        superuser, owner, app = (
            self.server.login(role) for role in (SUPERUSER, database_roles.OWNER, database_roles.APP)
        )
        return TestCluster(
            host=superuser.host,
            port=str(PORT),
            superuser=SUPERUSER,
            superuser_password=superuser.password,
            maintenance_database=SUPERUSER,
            owner_password=owner.password,
            app_password=app.password,
            prefix="test_fund",
        )

    def _named_server(self) -> TestCluster | None:
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            return None
        words = {key: str(value) for key, value in conninfo_to_dict(url).items()}
        cluster = TestCluster(
            host=words.get("host", "localhost"),
            port=words.get("port", "5432"),
            superuser=words["user"],
            superuser_password=words.get("password", ""),
            maintenance_database=words.get("dbname", "postgres"),
            owner_password=secrets.token_urlsafe(16),
            app_password=secrets.token_urlsafe(16),
            prefix=f"test_fund_{os.getpid()}",
        )
        with cluster.connect() as superuser:
            passwords = database_roles.Passwords(cluster.owner_password, cluster.app_password)
            database_roles.prepare_roles(superuser, passwords)
        return cluster

    def migrate_template(self) -> None:
        cluster = self.cluster
        with cluster.connect() as superuser:
            database_roles.drop_database(superuser, cluster.template)
            database_roles.create_database(superuser, cluster.template)
        with cluster.connect(cluster.template) as superuser:
            database_roles.grant_rights(superuser)
        cluster.point_django_at(cluster.template, database_roles.OWNER)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        connections["default"].close()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
        else:
            self._drop_databases()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _drop_databases(self) -> None:
        with self.cluster.connect() as superuser:
            pattern = self.cluster.prefix.replace("_", r"\_") + r"\_%"
            names = superuser.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]).fetchall()
            for (name,) in names:
                database_roles.drop_database(superuser, name)

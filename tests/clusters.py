"""The database servers that tests run on: a throwaway cluster, or the one that TEST_DATABASE_URL names."""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from bansong_fund import database_roles
from bansong_fund.embedded_postgres import PORT, SUPERUSER, EmbeddedServer

BASE_DIR = Path(__file__).resolve().parent.parent
KEPT_CLUSTERS = BASE_DIR / "var" / "test-clusters"
KEPT = 2
MADE_FROM = (
    "requirements.txt",
    "*/migrations/*.py",
    "*/apps.py",
    "*/models.py",
    "*/models/*.py",
    "ledger/privileges.py",
    "bansong_fund/*.py",
    "bansong_fund/lib/append_only.py",
    "bansong_fund/lib/thai_sql.py",
    "tests/clusters.py",
)


def fingerprint_of_tables() -> str:
    """Changes with whatever the migrated template is made from."""
    digest = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(BASE_DIR.glob(pattern)):
            digest.update(f"{path.relative_to(BASE_DIR)} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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
    """Starts the server of a test run in the one process that outlives the others, and ends it.

    A migrated throwaway cluster is kept in `var/test-clusters` for the next run, as long as its tables are the same.
    """

    def __init__(self) -> None:
        self.server: EmbeddedServer | None = None
        self.folder: Path | None = None
        named = self._named_server()
        if named is not None:
            self.cluster = named
            self._migrate_template()
        else:
            self._start_throwaway()

    def _start_throwaway(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
        kept = KEPT_CLUSTERS / fingerprint_of_tables()
        is_kept = kept.exists() and _copied(kept, self.folder)
        self.folder.chmod(0o711)  # the server's unprivileged user passes through
        self.server = EmbeddedServer(self.folder, throwaway=True)
        self.server.start()
        self.cluster = self._cluster_of(self.server)
        if is_kept:
            return
        self._migrate_template()
        self.server.stop()
        _keep(self.folder, kept)
        self.server.start()

    @staticmethod
    def _cluster_of(server: EmbeddedServer) -> TestCluster:
        superuser, owner, app = (server.login(role) for role in (SUPERUSER, database_roles.OWNER, database_roles.APP))
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

    def _migrate_template(self) -> None:
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


def _copied(source: Path, target: Path) -> bool:
    """False when another run has thrown `source` away meanwhile; `target` is empty then."""
    done = subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=False, capture_output=True)
    if done.returncode:
        shutil.rmtree(target)
        target.mkdir()
    return done.returncode == 0


def _keep(folder: Path, kept: Path) -> None:
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}.new")
    fresh.mkdir(parents=True)
    if not _copied(folder, fresh) or kept.exists():
        shutil.rmtree(fresh)
        return
    fresh.rename(kept)
    kept.touch()
    older = sorted((path for path in KEPT_CLUSTERS.iterdir() if path.suffix != ".new"), key=lambda p: p.stat().st_mtime)
    for path in older[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)

"""The demonstration fund for tests: loaded once in a run, then copied, which is cheap.

- `demo_fund`: one transaction on this worker's copy, rolled back: for reading, and for writing that nobody else sees.
- `demo_db`: a copy for one test, where commits are real.
"""

import fcntl
import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections, transaction
from django.test.utils import override_settings
from django.utils import timezone

from bansong_fund import database_roles
from bansong_fund.demo.load import load_demo
from tests.clusters import TestCluster

FAST_HASHERS = [f"{MD5PasswordHasher.__module__}.{MD5PasswordHasher.__qualname__}"]
copies = itertools.count(1)


@contextmanager
def _alone(cluster: TestCluster) -> Iterator[None]:
    """One worker at a time: the first loads, the others find it loaded."""
    run = hashlib.sha256(f"{cluster.host} {cluster.port} {cluster.prefix}".encode()).hexdigest()[:16]
    name = f"bansong-demo-{run}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _load_template(cluster: TestCluster, folder: Path) -> str:
    """The name of the loaded database that is only copied; loaded now, if no worker did before."""
    template, loading = f"{cluster.prefix}_demo", f"{cluster.prefix}_demo_loading"
    with cluster.connect() as superuser:
        if database_roles.database_exists(superuser, template):
            return template
    ours = connections["default"].settings_dict["NAME"]
    cluster.clone("demo_loading")
    cluster.point_django_at(loading)
    try:
        with override_settings(DEMO=True, PASSWORD_HASHERS=FAST_HASHERS, FILES_ROOT=folder / "files"):
            load_demo(now=timezone.now(), logins_file=folder / "demo-logins.json")
    finally:
        cluster.point_django_at(ours)
    with cluster.connect(loading) as superuser:
        superuser.execute("ANALYZE")
    with cluster.connect() as superuser:
        superuser.execute(f'ALTER DATABASE "{loading}" RENAME TO "{template}"')
    return template


@pytest.fixture(scope="session")
def demo_template(test_cluster, django_db_setup, django_db_blocker, tmp_path_factory) -> str:
    """The database that holds the loaded demonstration; nobody may connect to it, or it cannot be copied."""
    with django_db_blocker.unblock(), _alone(test_cluster):
        return _load_template(test_cluster, tmp_path_factory.mktemp("demo"))


def _copy(cluster: TestCluster, template: str, name: str) -> str:
    with cluster.connect() as superuser:
        database_roles.drop_database(superuser, name)
        database_roles.create_database(superuser, name, template)
    return name


@pytest.fixture(scope="session")
def demo_copy(test_cluster, demo_template, django_db_blocker) -> Iterator[str]:
    """This worker's copy; tests use it through `demo_fund`."""
    ours = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = _copy(test_cluster, demo_template, f"{ours}_demo")
        yield name
        test_cluster.drop(name)


@contextmanager
def _pointed_at(cluster: TestCluster, name: str) -> Iterator[None]:
    ours = connections["default"].settings_dict["NAME"]
    cluster.point_django_at(name)
    try:
        yield
    finally:
        cluster.point_django_at(ours)


@pytest.fixture
def demo_fund(test_cluster, demo_copy, django_db_blocker) -> Iterator[str]:
    """The demonstration in one transaction that is rolled back; gives the database's name."""
    with django_db_blocker.unblock(), _pointed_at(test_cluster, demo_copy), transaction.atomic():
        yield demo_copy
        transaction.set_rollback(True)


@pytest.fixture
def demo_db(test_cluster, demo_template, django_db_blocker) -> Iterator[str]:
    """The demonstration in a database for this test alone; gives its name. Commits are real."""
    ours = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = _copy(test_cluster, demo_template, f"{ours}_demo_{next(copies)}")
        try:
            with _pointed_at(test_cluster, name):
                yield name
        finally:
            test_cluster.drop(name)

"""What every test stands on: real PostgreSQL, as the role that serves.

- `db` (or the mark `django_db`): one transaction on this worker's copy of the migrated template, rolled back.
- `committed_db`: a database of its own for one test, where commits, threads and triggers are real.
- `demo_fund`, `demo_db`: the same with the demonstration loaded, see `demo_database.py`.
- `fund_server`: the program served on a free port over such a database; gives its address.

Nothing may flush: the append-only tables refuse TRUNCATE, so `transaction=True` is not for this project.
"""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.test.utils import override_settings
from pytest_django.plugin import blocking_manager_key

from tests.clusters import RunningCluster, TestCluster
from tests.demo_database import demo_copy, demo_db, demo_fund, demo_template  # noqa: F401 - fixtures for all tests

PLAIN_STATIC_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# No deadline: the machine is shared. The same examples each time: a failure is there again when it is looked for.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")

running_cluster = pytest.StashKey[RunningCluster]()
database_numbers = itertools.count(1)


def _cluster_of_this_run(config: pytest.Config) -> TestCluster:
    """Started at the first need: by the only process, or by the one that hands out work to the others."""
    words = getattr(config, "workerinput", {}).get("cluster")
    if words:
        return TestCluster(**words)
    if running_cluster not in config.stash:
        with config.stash[blocking_manager_key].unblock():
            config.stash[running_cluster] = RunningCluster()
    return config.stash[running_cluster].cluster


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["cluster"] = _cluster_of_this_run(node.config).as_words()


def pytest_unconfigure(config: pytest.Config) -> None:
    if running_cluster in config.stash:
        config.stash[running_cluster].stop()
        del config.stash[running_cluster]


@pytest.fixture(scope="session")
def test_cluster(pytestconfig) -> TestCluster:
    return _cluster_of_this_run(pytestconfig)


@pytest.fixture(scope="session")
def django_db_setup(request, test_cluster, django_db_blocker) -> Iterator[None]:
    """In place of pytest-django's: a copy of the template for this worker, used as `fund_app`."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    with django_db_blocker.unblock():
        database = test_cluster.clone(worker)
        test_cluster.point_django_at(database)
        yield
        connections["default"].close()
        test_cluster.drop(database)


@pytest.fixture
def committed_db(request, test_cluster, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database for this test alone; gives its name. Commits are real, threads connect to it too."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("committed_db brings its own database: leave out `db` and the mark django_db")
    connection_settings = connections["default"].settings_dict
    ours = connection_settings["NAME"]
    with django_db_blocker.unblock():
        database = test_cluster.clone(f"{ours.rpartition('_')[2]}_{next(database_numbers)}")
        test_cluster.point_django_at(database)
        try:
            yield database
        finally:
            test_cluster.point_django_at(ours)
            test_cluster.drop(database)


@pytest.fixture(autouse=True)
def quiet_surroundings(settings, tmp_path: Path) -> None:
    """Papers go to the test's own folder, static files need no collecting, passwords cost no time."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.STORAGES = PLAIN_STATIC_FILES
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.STATIC_ROOT = None
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(scope="session")
def collected_static_files(tmp_path_factory) -> Path:
    """The static files as they are served: hashed names, compressed."""
    folder = tmp_path_factory.mktemp("static")
    storages = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=PLAIN_STATIC_FILES | storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    return folder


class _QuietRequests(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@pytest.fixture
def fund_server(committed_db, collected_static_files, settings) -> Iterator[str]:
    """The program as a browser meets it, for instance http://localhost:41234; its database is `committed_db`."""
    settings.STATIC_ROOT = collected_static_files
    settings.STORAGES = PLAIN_STATIC_FILES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("localhost", 0), _QuietRequests)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


LONG_FIRST = ("set_up", "demo", "faults", "browser", "bad_input")


def _place(item: pytest.Item) -> int:
    """Files of long tests first: given out last, one would keep a worker busy for minutes after the others are done."""
    folder = item.path.parent.name
    return LONG_FIRST.index(folder) if folder in LONG_FIRST else len(LONG_FIRST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and (mark.kwargs.get("transaction") or mark.args):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture committed_db, nothing here may be flushed")
    assert django_settings.DATABASES, "the settings are loaded before the tests"

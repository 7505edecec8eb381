"""The ground the tests stand on is itself tested."""

import threading
import urllib.request

import pytest
from django.db import connection, connections


def _who_and_where() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        return cursor.fetchone()


def test_tests_run_as_the_role_that_serves(db) -> None:
    assert _who_and_where()[0] == "fund_app"


def test_a_committed_database_is_seen_by_other_threads_and_left_afterwards(committed_db) -> None:
    seen: list[tuple[str, str]] = []

    def look() -> None:
        seen.append(_who_and_where())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [("fund_app", committed_db)]


@pytest.mark.usefixtures("committed_db")
def test_two_tests_never_share_a_committed_database() -> None:
    assert _who_and_where()[1].startswith("test_fund_")


def test_the_server_of_a_test_serves_the_static_files_compressed(fund_server, collected_static_files) -> None:
    name = next(collected_static_files.glob("vendor/bootstrap/css/bootstrap.min.*.css")).name
    request = urllib.request.Request(f"{fund_server}/static/vendor/bootstrap/css/{name}")
    request.add_header("Accept-Encoding", "gzip")
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")

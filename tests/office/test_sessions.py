"""A session that cannot be kept: by whose fault."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from office.sessions import FaultTellingSessionMiddleware
from tests.factories import make_fund, make_user
from tests.office.conftest import english_client


@pytest.fixture
def visit(db) -> Callable[[], HttpResponse]:
    """A request of a known session, whose view writes something into it."""
    known = SessionStore()
    known.create()

    def view(request: HttpRequest) -> HttpResponse:
        request.session["told"] = "เสร็จแล้ว"
        return HttpResponse()

    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = known.session_key
    return lambda: FaultTellingSessionMiddleware(view)(request)


def _server_ends(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if sql.startswith("UPDATE") and "django_session" in sql:
        raise OperationalError("server closed the connection unexpectedly")
    return execute(sql, *rest)


def test_a_server_that_ends_while_a_session_is_kept_is_a_fault_of_ours(visit) -> None:
    with connection.execute_wrapper(_server_ends), pytest.raises(OperationalError, match="server closed"):
        visit()


def test_a_session_that_was_ended_elsewhere_is_not(visit) -> None:
    def ended_meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and "django_session" in sql:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM django_session")
        return execute(sql, *rest)

    with connection.execute_wrapper(ended_meanwhile), pytest.raises(SessionInterrupted):
        visit()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("/", "private, no-store", id="a page to read"),
        pytest.param("/nowhere/", "private, no-store", id="a page that is not there"),
        pytest.param("/committee/new/", "private, no-cache", id="a form, which Back may find as it was left"),
    ],
)
def test_no_cache_keeps_what_a_signed_in_user_read(db, address, said) -> None:
    make_fund()
    client = english_client(make_user("registrar"))
    answer = client.get(address)
    assert answer["Cache-Control"] == said

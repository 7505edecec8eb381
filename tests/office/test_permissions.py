"""Who may open which page, asked of the running URLconf."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from office.roles import CLOSED, PERMISSIONS, PUBLIC, Role, may_open
from tests.factories import make_user


def _routes(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _routes(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or f"unnamed {pattern.pattern}"))


ROUTES = sorted(set(_routes(get_resolver())))


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


SIMPLE_ROUTES = [name for name in ROUTES if _address(name)]


def test_every_route_stands_in_the_permission_table() -> None:
    assert [name for name in ROUTES if name not in PERMISSIONS] == []


def test_the_table_names_no_route_that_does_not_exist() -> None:
    assert sorted(set(PERMISSIONS) - set(ROUTES)) == []


def test_roles_in_the_table_are_roles() -> None:
    named = {role for who in PERMISSIONS.values() if isinstance(who, frozenset) for role in who}
    assert named <= set(Role.values)


@pytest.mark.parametrize("name", SIMPLE_ROUTES)
def test_a_visitor_is_sent_to_the_login_from_every_closed_route(db, name: str) -> None:
    answer = Client().get(_address(name))
    who = PERMISSIONS[name]
    if who is CLOSED:
        assert answer.status_code == 404
    elif who is not PUBLIC:
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={_address(name)}")
    else:
        assert answer.status_code in {200, 302, 404, 405}  # 404: the notice board, until a fund opens it


@pytest.mark.parametrize("role", Role.values)
def test_each_role_gets_403_from_what_it_may_not_do_and_404_from_what_nobody_may(db, role: str) -> None:
    user = make_user(role)
    client = Client(raise_request_exception=False)  # a page may miss its fund here; only the door is asked
    client.force_login(user)
    refused = {name for name in SIMPLE_ROUTES if client.head(_address(name)).status_code == 403}
    missing = {name for name in SIMPLE_ROUTES if PERMISSIONS[name] is CLOSED}
    assert refused == {name for name in SIMPLE_ROUTES if name not in missing and not may_open(user, name)}


def test_a_user_with_two_roles_may_what_either_may(db) -> None:
    user = make_user("leader", "treasurer")
    assert [name for name, who in PERMISSIONS.items() if isinstance(who, frozenset) and may_open(user, name)] == [
        name
        for name, who in PERMISSIONS.items()
        if isinstance(who, frozenset) and ("leader" in who or "treasurer" in who)
    ]


def test_a_route_without_a_line_is_closed_to_all(db) -> None:
    assert not may_open(make_user(*Role.values), "nowhere:at_all")

"""Opened in Thai, no page has English left in it."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from office.models import User
from office.roles import Role, may_open
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user

# names of things that have no other
ALLOWED = {
    "CODI",
    "board",  # the address of the public notice board
    "XLSX",
    "xlsx",
    "YAML",
    "TOTP",
    "LINE",
    "JPEG",
    "XXXXX",
    "Google",
    "Authenticator",
    "FreeOTP",
    "English",
}
LINK = re.compile(r'href="(/(?!static/)[^"#]*)"')
ENGLISH_WORD = re.compile(r"[A-Za-z_]{4,}")


class ShownText(HTMLParser):
    """Gathers what a reader of Thai is shown or told: text and spoken labels, outside of what is marked as English."""

    SILENT = {"script", "style", "svg", "pre", "code"}
    SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-label")
    VOID = {"input", "br", "img", "meta", "link", "hr", "col", "wbr", "source"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []  # is each open element hidden from a reader of Thai?
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = any(self.open[-1:]) or tag in self.SILENT or given.get("lang") == "en"
        if not hidden:
            self.shown += [given[name] or "" for name in self.SPOKEN if name in given]
            if tag == "input" and given.get("type") in {"submit", "button"}:  # a <button> shows what it holds
                self.shown.append(given.get("value") or "")
        if tag not in self.VOID:
            self.open.append(hidden)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open[-1:]):
            self.shown.append(data)


def english_in(page: str, *, names: str = "") -> list[str]:
    """Name the English words that are shown, besides those in `names`."""
    reader = ShownText()
    reader.feed(page)
    return sorted(set(ENGLISH_WORD.findall(" ".join(reader.shown))) - ALLOWED - set(ENGLISH_WORD.findall(names)))


def _routes(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += _routes(pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces)
        elif isinstance(pattern, URLPattern):
            found.append(":".join((*namespaces, str(pattern.name))))
    return found


def addresses(user: User) -> list[str]:
    """Every address that this user may open and that needs to know nothing else."""
    found = set()
    for name in _routes(get_resolver()):
        try:
            if may_open(user, name):
                found.add(reverse(name))
        except NoReverseMatch:
            continue  # it needs to know of whom
    return sorted(found)


def test_english_is_seen_where_it_is() -> None:
    page = '<p title="Close">ปิด<br><b lang="en">Closed</b> <svg><text>Chart</text></svg> PDF <i>Open</i></p>'
    page += '<button type="submit" name="how" value="phone">โทร</button><input type="submit" value="Send">'
    assert english_in(page) == ["Close", "Open", "Send"]


@pytest.mark.parametrize("role", Role.values)
def test_the_pages_of_a_role_are_in_thai(db, role: str) -> None:
    make_fund()
    community = CommunityFactory()
    member = MemberFactory(community=community)
    user = make_user(role, community=community if role == Role.LEADER else None, username="๑๒๓")
    client = Client()
    client.force_login(user)
    english = {}
    for address in [*addresses(user), f"/members/{member.number}/", "/nowhere/"]:
        answer = client.get(address, headers={"accept-language": "th"})
        if answer.status_code != 302 and answer["Content-Type"].startswith("text/html"):
            english[address] = english_in(answer.content.decode())
    assert len(english) > 5
    assert {address: words for address, words in english.items() if words} == {}


def test_the_pages_before_signing_in_are_in_thai(db) -> None:
    make_fund()
    pages = {address: Client().get(address).content.decode() for address in ("/accounts/login/", "/code/")}
    assert {address: english_in(page) for address, page in pages.items()} == {"/accounts/login/": [], "/code/": []}


FILES: set[str] = set()  # routes that gave a role a file to take home


def linked_pages(client: Client) -> Iterator[tuple[str, str]]:
    """Follow the links from the first page on, once to each route; give (address, page).

    A file is drawn for one role only: it takes seconds, and nothing of it is read here.
    """
    waiting, met = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        route = resolve(address.partition("?")[0]).view_name
        if route in met or route in FILES:
            continue
        met.add(route)
        answer = client.get(address)
        if answer.status_code == 200 and not answer["Content-Type"].startswith("text/html"):
            FILES.add(route)
        if answer.status_code == 302 or not answer["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        yield address, page
        waiting += [unescape(link) for link in LINK.findall(page)]


@pytest.mark.parametrize("role", Role.values)
def test_the_demonstration_is_in_thai_wherever_a_link_leads(demo_fund, role: str) -> None:
    client = Client()
    client.force_login(User.objects.filter(role_grants__role=role).order_by("username")[0])
    usernames = " ".join(User.objects.values_list("username", flat=True))
    english = {address: english_in(page, names=usernames) for address, page in linked_pages(client)}
    assert len(english) > 5
    assert {address: words for address, words in english.items() if words} == {}

"""A visitor: cookies, pages over plain HTTP, and forms filled in as they stand."""

import gzip
import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bansong_fund.bench.counting import ANSWER, ASKING

TIMEOUT = 120


class WrongAnswer(Exception):
    """A page did not answer as it should; the message says which, how, and what stood on it."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    seconds: float
    queries: int | None
    location: str


@dataclass
class Visitor:
    """One signed-in user at one connection; a thread has its own."""

    port: int
    cookies: dict[str, str]
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, *, count: bool = False, compressed: bool = True) -> Answer:
        return self._ask("GET", path, None, count=count, compressed=compressed)

    def post(self, path: str, fields: list[tuple[str, str]], *, count: bool = False) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode(), count=count, compressed=True)

    def _ask(self, method: str, path: str, body: bytes | None, *, count: bool, compressed: bool) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if compressed:
            headers["Accept-Encoding"] = "gzip"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if count:
            headers[ASKING] = "yes"
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        queries = response.headers.get(ANSWER)
        return Answer(
            response.status, content, seconds, int(queries) if queries else None, response.headers.get("Location", "")
        )


class _Fields(HTMLParser):
    """What a browser would send of the page's first form that posts to this very page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._in_form = False
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._area = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = values.get("method", "").lower() == "post" and not values.get("action", "").strip()
        elif not self._in_form or "disabled" in values:
            return
        elif tag == "input":
            self._take_input(values)
        elif tag == "select":
            self._select, self._options = values.get("name", ""), []
        elif tag == "option":
            self._options.append((values.get("value", ""), "selected" in values))
        elif tag == "textarea":
            self._area, self._words = values.get("name", ""), []

    def _take_input(self, values: Mapping[str, str]) -> None:
        kind, name = values.get("type", "text"), values.get("name", "")
        if not name or kind in ("submit", "button", "file", "reset"):
            return
        if kind in ("checkbox", "radio") and "checked" not in values:
            return
        self.fields.append((name, values.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [v for v, _ in self._options[:1]]
            self.fields += [(self._select, value) for value in chosen]
            self._select = ""
        elif tag == "textarea" and self._area:
            self.fields.append((self._area, "".join(self._words)))
            self._area = ""


def form_of(page: bytes, changes: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields of the page's form as they stand, with `changes` written over them."""
    reader = _Fields()
    reader.feed(page.decode())
    return [(name, value) for name, value in reader.fields if name not in changes] + list(changes.items())


def words_of(page: bytes) -> str:
    """What stands on a page, without its tags: for saying why an answer was wrong."""
    page = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.decode("utf-8", "replace"), flags=re.DOTALL)
    return " ".join(text.split())[:1500]

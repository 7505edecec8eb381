"""Users at their browsers. A form that got no answer is sent again as it stands, until there is one.

Some answers are lost on the way, as when the program dies between carrying out a form and saying so.
"""

import http.client
import itertools
import json
import random
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

SECONDS_OF_PATIENCE = 120
SECONDS_FOR_ONE_TRY = 30
SECONDS_BETWEEN_TRIES = 0.3
ANSWERS_LOST = 0.2


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    body: bytes


class Counter:
    """What was sent, over all users: how much of it once more, how long it takes, and when what is aimed at begins."""

    def __init__(self) -> None:
        self.again, self.is_over = 0, threading.Event()
        self.aim, self.begun, self.seconds = "", threading.Event(), 0.1

    def begin(self, path: str, *, again: bool) -> None:
        self.again += again
        if self.aim and path.endswith(self.aim):
            self.begun.set()

    def aim_at(self, ending: str) -> None:
        self.aim = ending
        self.begun.clear()


@dataclass
class Person:
    """One signed-in user; each has a thread of her own."""

    port: int
    counter: Counter
    cookies: dict[str, str]
    known_as: str  # the word by which the page of a sheet knows whose draft is on the phone
    chance: random.Random

    def get(self, path: str, **headers: str) -> Answer:
        return self._until_answered("GET", path, None, headers)

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        return self._until_answered("POST", path, urlencode(fields).encode(), FORM)

    def post_json(self, path: str, content: object) -> Any:
        answer = self._until_answered("POST", path, json.dumps(content).encode(), JSON)
        assert answer.status == 200, f"{path}: {answer.status}"
        return json.loads(answer.body)

    def press(self, path: str, fields: Mapping[str, Any]) -> str:
        """Send a form that leads on when it is carried out. Gives the address to which it leads."""
        answer = self.post(path, fields)
        assert answer.status == 302, f"{path}: {answer.status} {_sentences(answer.body)}"
        assert not answer.location.startswith("/accounts/"), f"{path}: signed out"
        return answer.location

    def _until_answered(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        deadline, last = time.monotonic() + SECONDS_OF_PATIENCE, ""
        for attempt in itertools.count():
            began = time.monotonic()
            self.counter.begin(path, again=attempt > 0)
            try:
                answer = self._ask(method, path, body, headers)
            except (OSError, http.client.HTTPException) as fault:  # no connection, or it broke in the middle
                last = repr(fault)
            else:
                last, self.counter.seconds = str(answer.status), time.monotonic() - began
                if answer.status < 500 and not (method == "POST" and self._loses_the_answer()):
                    return answer
            in_time = time.monotonic() < deadline and not self.counter.is_over.is_set()
            assert in_time, f"{path} was never answered: {last}"
            time.sleep(SECONDS_BETWEEN_TRIES)
        raise AssertionError

    def _loses_the_answer(self) -> bool:
        return self.chance.random() < ANSWERS_LOST

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=SECONDS_FOR_ONE_TRY)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(
                method, path, body, {"Cookie": cookies, "X-CSRFToken": self.cookies.get("csrftoken", ""), **headers}
            )
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, response.headers.get("Location", ""), content)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def _sentences(page: bytes) -> str:
    """What the page refuses, before whatever else it says."""
    told = page.decode("utf-8", "replace")
    alerts = re.findall(r'class="[^"]*(?:alert-danger|invalid-feedback)[^"]*".*?</', told, flags=re.DOTALL)
    return " ".join([*alerts, _text_of(page)])


def _text_of(page: bytes) -> str:
    text = re.sub(r"<(script|style|head).*?</\1>|<[^>]+>", " ", page.decode("utf-8", "replace"), flags=re.DOTALL)
    return " ".join(text.split())[:1500]

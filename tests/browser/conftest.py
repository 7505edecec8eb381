"""A real browser for tests. Any console error, page error or breach of the content security policy fails the test.

`page` is a desktop, `phone` a 360 × 780 phone; both belong to `fund_server`, addresses may be relative ("/members/").
`sign_in(page, user)` signs in without walking through the login. One browser per worker, one context per page.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from office.models import User

# Playwright keeps an event loop running in this thread, which is no reason to keep the tests from the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
# A shared machine may take long, and a page that lost the network tries again after 5 s and then after 10 s.
PATIENCE_MS = 20_000
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("The browser tests need chromium: apt-get install chromium, or run `make test` as root once.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS.split())
        yield chromium
        chromium.close()


@dataclass
class Faults:
    """What the pages of a test complained about. A test that provokes an answer names it: faults.expect("403")."""

    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        return [fault for fault in self.seen if not any(re.search(pattern, fault) for pattern in self.expected)]

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def faults() -> Iterator[Faults]:
    found = Faults()
    yield found
    assert found.unexpected() == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, fund_server: str, faults: Faults) -> Iterator[OpenPage]:
    """Make a page with cookies of its own: a second user beside the first."""
    contexts: list[BrowserContext] = []

    def opened(**device: object) -> Page:
        context = browser.new_context(
            base_url=fund_server, locale="th-TH", timezone_id="Asia/Bangkok", **(device or DESKTOP)
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", faults.hear)
        page.on("pageerror", lambda error: faults.seen.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(**PHONE)


@pytest.fixture
def sign_in(fund_server: str) -> Callable[[Page, User], None]:
    """sign_in(page, user): the session is made in the database and handed to the browser."""

    def signed_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": fund_server}])

    return signed_in


def use_english(page: Page, fund_server: str) -> None:
    name = django_settings.LANGUAGE_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": "en", "url": fund_server}])


def axe_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page, each as "rule: element"; an accessible page gives an empty list."""
    page.wait_for_load_state()  # a click waits until the next page begins, and axe needs it whole
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def throttle(page: Page, *, kbit_s: int = 400, latency_ms: int = 100) -> None:
    """From now on the page's network is as slow as a village's."""
    bytes_s = kbit_s * 1000 / 8
    conditions = {"offline": False, "latency": latency_ms, "downloadThroughput": bytes_s, "uploadThroughput": bytes_s}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


class Scales:
    """Weighs what comes over the wire, headers included: `with Scales(page) as scales: …; scales.bytes`."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self.bytes = 0

    def __enter__(self) -> Self:
        self._session.send("Network.enable")
        self._session.on("Network.loadingFinished", self._add)
        return self

    def _add(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])

    def __exit__(self, *_details: object) -> None:
        self._session.detach()


def settled(page: Page) -> None:
    """Wait until nothing more is loaded."""
    page.wait_for_load_state("networkidle")

"""The people at their screens: each signed in as who she is, on the fund's day."""

import re
import uuid
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.test import Client

from contributions.handing_over import DENOMINATIONS
from ledger.models import Account, AccountRole
from members.models import Fund
from office.models import User


def thai(day: date) -> str:
    """A day as it is typed: 5/1/2562."""
    return f"{day.day}/{day.month}/{day.year + 543}"


def pieces_of(amount: Decimal) -> dict[str, int]:
    """The boxes of a counting form: the fewest notes and coins that make a sum."""
    found = {}
    for piece in DENOMINATIONS:
        count, amount = int(amount // Decimal(piece)), amount % Decimal(piece)
        if count:
            found[f"pieces_{piece.replace('.', '_')}"] = count
    return found


class Office:
    """Everybody's browser, and the day on the wall."""

    def __init__(self) -> None:
        self.browsers: dict[str, Client] = {}
        self.today = Fund.objects.get().demo_day
        roles = {"cash": AccountRole.CASH}
        self.places = {name: Account.objects.get(role=role) for name, role in roles.items()}
        banks = Account.objects.filter(role=AccountRole.BANK, last_digits__in=("2553", "2554")).order_by("last_digits")
        self.places["savings"], self.places["fixed"] = banks

    def go_to(self, day: date) -> None:
        Fund.objects.update(demo_day=day)
        self.today = day

    def browser(self, username: str) -> Client:
        if username not in self.browsers:
            self.browsers[username] = Client()
            self.browsers[username].force_login(User.objects.get(username=username))
        return self.browsers[username]

    def see(self, username: str, path: str) -> HttpResponse:
        answer = self.browser(username).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer

    def send(self, username: str, path: str, **typed: object) -> HttpResponse:
        """Send a form as it is filled in; what is refused fails with the page's own sentences."""
        typed = {name: thai(value) if isinstance(value, date) else value for name, value in typed.items()}
        answer = self.browser(username).post(path, {"request_id": uuid.uuid4()} | typed)
        assert answer.status_code == 302, (self.today, path, typed, answer.status_code, _sentences(answer))
        return answer

    def paper(self, username: str, path: str) -> bytes:
        """A paper as it is printed in Thai."""
        answer = self.see(username, f"{path}?language=th")
        assert answer["Content-Type"] == "application/pdf", path
        return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _sentences(answer: HttpResponse) -> list[str]:
    page = re.sub(r"\s+", " ", answer.content.decode())
    return re.findall(r"(?:invalid-feedback|alert)[^>]*>(.*?)</(?:div|span|p)", page)

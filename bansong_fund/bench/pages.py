"""Which pages are measured: data, so that a renamed route is one word here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from bansong_fund.bench.visitors import Subjects
from bansong_fund.bench.yardsticks import ANNUAL_REPORT, BARE_PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """One page, or one money button: `button` first fetches the form of `address`, which is not timed, and sends it.

    `share` of the requests asked for; `ask` as GET parameters; `changes` are written over the form's own fields.
    """

    name: str
    role: str
    view: str
    address: Callable[[Subjects], dict[str, Any]] = field(default=lambda _subjects: {})
    ask: Callable[[Subjects], dict[str, Any]] = field(default=lambda _subjects: {})
    button: Callable[[Subjects], Iterator[dict[str, Any]]] | None = None
    changes: Callable[[Subjects], dict[str, str]] = field(default=lambda _subjects: {})
    share: float = 1.0
    is_paper: bool = False

    def path(self, subjects: Subjects, address: dict[str, Any] | None = None) -> str:
        """The address to ask for. Raises `NoReverseMatch` where the program has no such route."""
        asked = self.ask(subjects)
        found = reverse(self.view, kwargs=self.address(subjects) if address is None else address)
        return f"{found}?{urlencode(asked)}" if asked else found


def _unpaid(subjects: Subjects) -> Iterator[dict[str, Any]]:
    return ({"number": number} for number in subjects.unpaid)


def _approved(subjects: Subjects) -> Iterator[dict[str, Any]]:
    return ({"year_be": year, "number": number} for year, number in subjects.approved)


BARE = Page("bare page", "treasurer", BARE_PAGE)
PAGES = (
    Page("home, treasurer", "treasurer", "reports:home"),
    Page("home, leader", "leader", "reports:home"),
    Page("member list", "registrar", "members:list"),
    Page("member search", "registrar", "members:list", ask=lambda s: {"q": s.search}),
    Page("member page", "registrar", "welfare:member", address=lambda s: {"number": s.member_number}),
    Page("claim list", "registrar", "welfare:claims"),
    Page("recording a payment", "treasurer", "contributions:dues", button=_unpaid, share=0.25),
    Page(
        "paying a claim",
        "treasurer",
        "welfare:pay",
        button=_approved,
        changes=lambda s: {"account": str(s.fullest_account), "phone": ""},
        share=0.25,
    ),
    Page("trial balance", "treasurer", "ledger:trial_balance"),
    Page(
        "annual report",
        "treasurer",
        ANNUAL_REPORT,
        address=lambda s: {"year_be": s.year_be},
        share=0.02,
        is_paper=True,
    ),
)


def there_is(page: Page, subjects: Subjects) -> bool:
    """Whether the program has the page's route."""
    try:
        page.path(subjects, next(page.button(subjects), {}) if page.button else None)
    except NoReverseMatch:
        return False
    return True

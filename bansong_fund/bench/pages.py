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

    `role` signs in; `collector` is who leads where the bench's sheets are. `share` of the requests asked for; `ask` as
    GET parameters; `changes`, by subjects and address, are written over the form's own fields.
    """

    name: str
    role: str
    view: str
    address: Callable[[Subjects], dict[str, Any]] = field(default=lambda _subjects: {})
    ask: Callable[[Subjects], dict[str, Any]] = field(default=lambda _subjects: {})
    button: Callable[[Subjects], Iterator[dict[str, Any]]] | None = None
    changes: Callable[[Subjects, dict[str, Any]], dict[str, str]] = field(default=lambda _subjects, _address: {})
    share: float = 1.0
    is_paper: bool = False
    aim: float | None = None  # seconds, in place of the bare page

    def path(self, subjects: Subjects, address: dict[str, Any] | None = None) -> str:
        """The address to ask for. Raises `NoReverseMatch` where the program has no such route."""
        asked = self.ask(subjects)
        found = reverse(self.view, kwargs=self.address(subjects) if address is None else address)
        return f"{found}?{urlencode(asked)}" if asked else found


def _unpaid(subjects: Subjects) -> Iterator[dict[str, Any]]:
    return ({"number": number} for number in subjects.unpaid)


def _approved(subjects: Subjects) -> Iterator[dict[str, Any]]:
    return ({"year_be": year, "number": number} for year, number in subjects.approved)


def _sheet(year: int, number: int) -> dict[str, Any]:
    return {"year": year, "number": number}


def _filled_sheets(subjects: Subjects) -> Iterator[dict[str, Any]]:
    return (_sheet(*label) for label in subjects.counted)


def _count(subjects: Subjects, address: dict[str, Any]) -> dict[str, str]:
    return {"counted": subjects.counted[address["year"], address["number"]]}


BARE = Page("bare page", "treasurer", BARE_PAGE)
PAGES = (
    Page("home, treasurer", "treasurer", "reports:home"),
    Page("home, leader", "leader", "reports:home"),
    Page("member list", "registrar", "members:list"),
    Page("member search", "registrar", "members:list", ask=lambda s: {"q": s.search}),
    Page("member page", "registrar", "welfare:member", address=lambda s: {"number": s.member_number}),
    Page("claim list", "registrar", "welfare:claims"),
    Page("claims to check", "registrar", "welfare:to_check", share=0.5),
    Page("claims to pay", "treasurer", "welfare:to_pay", share=0.5),
    Page("meeting with what waits", "committee", "welfare:meeting", address=lambda s: s.meeting, share=0.25),
    Page("recording a payment", "treasurer", "contributions:dues", button=_unpaid, share=0.25),
    Page(
        "paying a claim",
        "treasurer",
        "welfare:pay",
        button=_approved,
        changes=lambda s, _address: {"account": str(s.fullest_account), "phone": ""},
        share=0.25,
    ),
    Page("sheet, filling in", "collector", "contributions:fill", address=lambda s: _sheet(*s.sheet), share=0.25),
    Page("sheet, submitting", "collector", "contributions:submit", button=_filled_sheets, share=0.02),
    Page("sheet, accepting", "treasurer", "contributions:accept", button=_filled_sheets, changes=_count, share=0.02),
    Page("cash with collectors", "treasurer", "contributions:cash_with_collectors", share=0.5),
    Page("register of receipts", "auditor", "ledger:numbers", share=0.5),
    Page("receipts", "treasurer", "ledger:receipts", share=0.5),
    Page("contributors", "treasurer", "contributions:contributors", share=0.5),
    Page("who is in the next round", "treasurer", "contributions:next_round", share=0.1),
    Page("trial balance", "treasurer", "ledger:trial_balance"),
    Page("four legs, all years", "committee", "contributions:legs"),
    Page("journal", "auditor", "ledger:entries", share=0.5),
    Page("cash book", "auditor", "ledger:cash_book", share=0.5),
    Page(
        "reconciliation",
        "treasurer",
        "ledger:reconcile",
        address=lambda s: {"code": s.bank_account},
        ask=lambda s: {"as_of": f"{s.year_be - 542}-09-30"},
        share=0.25,
    ),
    Page(
        "a receipt as PDF",
        "treasurer",
        "ledger:receipt_pdf",
        address=lambda s: {"year": s.receipt[0], "number": s.receipt[1]},
        share=0.25,
        aim=0.3,
    ),
    Page(
        "a member's statement as PDF",
        "registrar",
        "reports:member_statement_file",
        address=lambda s: {"number": s.member_number, "form": "pdf"},
        share=0.1,
        aim=0.5,
    ),
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

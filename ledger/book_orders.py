"""A paper of the books as it is asked for: which one, of which span, as a PDF or a sheet; a long one by the worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.pdf import Language
from bansong_fund.lib.sheets import XLSX
from ledger.book_papers import (
    STYLESHEETS,
    BookPaper,
    book_sheet,
    book_title,
    cash_book_paper,
    drawn_book,
    journal_paper,
    page_numbers_of,
    render_book,
    statement_paper,
    trial_balance_paper,
)
from ledger.cash_book import count_rows
from ledger.models import Account, RestrictedFund
from ledger.spans import Span, named_span, span_of
from ledger.statements import account_lines, journal_lines
from ledger.trial_balances import trial_balance_of
from members.clock import today_of
from members.models import Fund
from office.batches import batch
from office.jobs import JobRun, job_kind

BOOK_PAPER = "book-paper"
PDF, SHEET = "pdf", "xlsx"
AT_ONCE = {PDF: 300, SHEET: 10_000}  # rows: about 4 ms each in a PDF, 0.1 ms in a sheet
MOST_ROWS = {PDF: 20_000, SHEET: 1_000_000}  # beyond it nobody reads the paper; a sheet has no more rows


@dataclass(frozen=True, slots=True)
class BookOrder:
    """Which paper: `kind` is trial-balance, statement, journal or cash-book; a statement's `account`, its `part`."""

    kind: str
    span: Span
    form: str
    language: Language
    account: Account | None = None
    part: RestrictedFund | None = None

    @property
    def file_name(self) -> str:
        about = f"-{self.account.code}" if self.account else ""
        days = self.span.value or f"{self.span.first.isoformat()}-{self.span.reaches.isoformat()}"
        return f"{self.kind}{about}-{days}.{self.form}"

    @property
    def content_type(self) -> str:
        return "application/pdf" if self.form == PDF else XLSX

    def rows(self) -> int:
        """How many rows it will have, counted without reading them."""
        counts: dict[str, Callable[[], int]] = {
            "trial-balance": Account.objects.count,
            "statement": lambda: account_lines(self._account(), self.span, self.part).count(),
            "journal": lambda: journal_lines(self.span).count(),
            "cash-book": lambda: count_rows(self.span),
        }
        return counts[self.kind]()

    def paper(self, fund: Fund, today: date) -> BookPaper:
        if self.kind == "trial-balance":
            return trial_balance_paper(self.span, trial_balance_of(self.span, fund, today=today))
        if self.kind == "statement":
            return statement_paper(self._account(), self.span, self.part)
        return journal_paper(self.span) if self.kind == "journal" else cash_book_paper(self.span)

    def _account(self) -> Account:
        if self.account is None:
            raise ValueError("a statement is one of an account")
        return self.account

    def content(self, fund: Fund, today: date) -> bytes:
        """The file itself."""
        paper = self.paper(fund, today)
        if self.form == PDF:
            return render_book(paper, fund, self.language)
        return book_sheet(paper, fund, self.language)

    def parameters(self) -> dict[str, Any]:
        """The order as a job keeps it."""
        return {
            "paper": self.kind,
            "span": self.span.value,
            "first": self.span.first.isoformat(),
            "last": self.span.reaches.isoformat(),
            "form": self.form,
            "paper_language": self.language,
            "account": self.account.pk if self.account else None,
            "part": self.part.pk if self.part else None,
        }


def order_of(parameters: dict[str, Any], fund: Fund, today: date) -> BookOrder:
    """The order that a job keeps."""
    first, last = (date.fromisoformat(parameters[name]) for name in ("first", "last"))
    span = named_span(parameters["span"], fund, today=today) or span_of("free", first, last, today=today)
    return BookOrder(
        parameters["paper"],
        span,
        parameters["form"],
        parameters["paper_language"],
        Account.objects.filter(pk=parameters["account"]).first(),
        RestrictedFund.objects.filter(pk=parameters["part"]).first(),
    )


def too_long(order: BookOrder, rows: int) -> str:
    """Why a paper is not made at all; empty where it is."""
    if rows <= MOST_ROWS[order.form]:
        return ""
    message = _("%(count)s rows are too many for one file. Choose a shorter span, or take the sheet.")
    return message % {"count": f"{rows:,}"}


@job_kind(BOOK_PAPER, gettext_lazy("Paper of the books"))
def make_book_paper(run: JobRun) -> None:
    """Draw a long paper of the books."""
    fund = Fund.objects.get()
    today = today_of(fund)
    order = order_of(run.parameters, fund, today)
    if order.form == SHEET:
        run.step(0, total=1)
        with run.long_step():
            content = order.content(fund, today)
        run.finish(order.file_name, content, order.content_type)
        run.step(1, total=1)
        return
    paper = order.paper(fund, today)
    batch(
        run,
        drawn_book(paper, fund, order.language),
        total=order.rows(),
        name=order.file_name,
        title=book_title(paper, order.language),
        language=order.language,
        stylesheets=STYLESHEETS,
        page_numbers=page_numbers_of(paper, fund, order.language),
    )

"""The auditor's pack of a span: the exceptions on its first page, in full behind it, then the books and the logs.

What it holds is put together here; `reports.audit.press` makes the files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.sheets import XLSX
from ledger.book_papers import BookColumn, BookPaper, BookRow, in_both, trial_balance_paper
from ledger.models import Entry, FiscalYear, LedgerHead
from ledger.queries import moved_between
from ledger.reconciliation_paper import reconciliation_paper
from ledger.spans import FUND, Span, named_span, span_of, spoken
from ledger.trial_balances import trial_balance_of
from members.models import Fund
from office.models import ActionLog, User
from reports.audit import logs, registers
from reports.audit.exceptions import Group, exceptions_of
from reports.audit.rows import Found, Scope, scope_of
from reports.fingerprints import Seal
from reports.jobs import record_verdict
from reports.span_figures import is_provisional
from reports.ties import Difference, DoesNotTie
from reports.words import in_both as said

AUDIT_PACK = "audit-pack"
PDF, SHEET = "pdf", "xlsx"
MOST_LISTED = 20_000  # rows of one table on paper, and of one sort of exceptions anywhere


class NothingBooked(DomainError):
    """There are no books yet of which a pack could be made."""


@dataclass(frozen=True, slots=True)
class PackOrder:
    """Which pack: of which days, as "pdf" or "xlsx", in which language."""

    span: Span
    form: str
    language: Language

    @property
    def file_name(self) -> str:
        days = self.span.value or f"{self.span.first.isoformat()}-{self.span.reaches.isoformat()}"
        return f"audit-pack-{days}-{self.language}.{self.form}"

    @property
    def content_type(self) -> str:
        return "application/pdf" if self.form == PDF else XLSX

    def parameters(self) -> dict[str, Any]:
        """The order as a job keeps it."""
        days = {"first": self.span.first.isoformat(), "last": self.span.reaches.isoformat()}
        paper = {"form": self.form, "paper_language": self.language, "name": self.file_name}
        return {"span": self.span.value, **days, **paper}


def order_of(parameters: dict[str, Any], fund: Fund, today: date) -> PackOrder:
    """The order that a job keeps."""
    first, last = (date.fromisoformat(parameters[name]) for name in ("first", "last"))
    span = named_span(parameters["span"], fund, today=today) or span_of("free", first, last, today=today)
    return PackOrder(span, parameters["form"], parameters["paper_language"])


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the pack, `rows` long but for its sums; `code` names it in the list of contents."""

    code: str
    paper: BookPaper
    rows: int

    @property
    def is_too_long(self) -> bool:
        """For paper: it is in the sheets alone."""
        return self.rows > MOST_LISTED


@dataclass(frozen=True, slots=True)
class Pack:
    """All that a pack says."""

    span: Span
    fund: Fund
    groups: list[tuple[Group, list[Found]]]
    sections: list[Section]
    verdict: ActionLog
    seal: Seal
    is_provisional: bool

    def title(self, language: str) -> str:
        return self.name.in_language("en" if language == "en" else "th")

    @property
    def name(self) -> Words:
        return in_both(lambda: _("Auditor's pack, %(span)s") % {"span": self.span})


def put_together(order: PackOrder, fund: Fund, *, today: date, by: User) -> Pack:
    """Look for the exceptions, prove the books, and lay out every table; long ones are read when they are drawn.

    Raises `NothingBooked`, and `DoesNotTie` where the journal is not what the kept sums say.
    """
    if not Entry.objects.exists():
        raise NothingBooked(_("The books are still empty: there is nothing yet to make a pack of."))
    verdict = verdict_on_the_books(by)
    scope = scope_of(order.span, fund, today=today)
    groups = exceptions_of(scope, MOST_LISTED)
    seal = seal_of_span(order.span)
    last_number = Entry.objects.order_by("-number").values_list("number", flat=True)[0]
    _prove_journal(order.span, last_number)
    sections = [
        *_exceptions(groups, scope),
        *_books(order.span, fund, last_number, today=today),
        *_reconciliations(order.span),
        *_logs(scope, fund),
    ]
    return Pack(order.span, fund, groups, sections, verdict, seal, is_provisional(order.span))


def verdict_on_the_books(by: User) -> ActionLog:
    """The last verdict of `check_ledger`; where the books went on since then, or none was given, a new one."""
    head = LedgerHead.objects.values_list("number", flat=True).first() or 0
    verdicts = ActionLog.objects.filter(action="books-checked").order_by("-acted_at", "-pk")
    last = verdicts.first()
    if last is not None and last.details.get("number") == head:
        return last
    record_verdict(by)
    return verdicts[0]


def seal_of_span(span: Span) -> Seal:
    """A closed fund year's closing entry, else the last entry of the books."""
    closed = FiscalYear.objects.filter(starts_on=span.first, ends_on=span.last, closing_entry__isnull=False)
    if span.kind == FUND and (year := closed.select_related("closing_entry").first()) and year.closing_entry:
        return Seal(year.closing_entry, is_provisional=False)
    return Seal(Entry.objects.order_by("-number")[0], is_provisional=True)


def _prove_journal(span: Span, last_number: int) -> None:
    """What the journal lists is what the accounts moved."""
    listed = registers.journal_rows(span, last_number).aggregate(baht=Sum("amount"))["baht"] or ZERO
    moved = moved_between(span.first, span.last, closings=True)
    kept = sum((one.debit for one in moved.values()), ZERO)
    if listed != kept:
        found = Difference(_("Journal"), listed, kept)
        raise DoesNotTie(_("The pack was stopped. %(difference)s") % {"difference": found}, (found,))


# --- what it holds ----------------------------------------------------------------------------------------


def _exceptions(groups: Sequence[tuple[Group, list[Found]]], scope: Scope) -> Iterator[Section]:
    """A list of each sort that something was found of."""
    for _group, sorts in groups:
        for found in sorts:
            if found.rows:
                yield Section(found.sort.code, _list_of(found, scope.span), len(found.rows))


def _list_of(found: Found, span: Span) -> BookPaper:
    columns = [
        BookColumn(in_both(lambda: _("Date")), "date"),
        BookColumn(in_both(lambda: _("Paper")), "document"),
        BookColumn(in_both(lambda: _("What to look at"))),
    ]
    rows = [BookRow((row.day, row.label, row.about, row.baht)) for row in found.rows]
    if found.sort.has_baht:
        columns.append(BookColumn(in_both(lambda: _("Baht")), "baht", "sum"))
        rows.append(BookRow((None, "", in_both(lambda: _("Total")), found.baht), is_strong=True))
    else:
        rows = [BookRow(row.cells[:3]) for row in rows]
    subtitle = in_both(lambda: f"{spoken(span)} · {_('Cases')}: {found.count:,}")
    return BookPaper(said(found.sort.title), subtitle, tuple(columns), rows, note=said(found.sort.meaning))


def _books(span: Span, fund: Fund, last_number: int, *, today: date) -> Iterator[Section]:
    balance = trial_balance_of(span, fund, today=today)
    yield Section("trial-balance", trial_balance_paper(span, balance), len(balance.rows))
    lines = registers.journal_rows(span, last_number).count()
    yield Section("journal", registers.journal(span, last_number), lines)
    yield Section("vouchers", registers.vouchers_paper(span), registers.vouchers_of(span).count())
    for code, of_books in (("receipts", False), ("paper-receipts", True)):
        count = registers.receipts_of(span, of_books=of_books).count()
        yield Section(code, registers.receipts_paper(span, of_books=of_books), count)
    yield Section("paper-books", registers.books_paper(span), len(registers.books_of(span)))


def _reconciliations(span: Span) -> Iterator[Section]:
    found = registers.last_reconciliations(span)
    yield Section("reconciliations", registers.reconciliations_paper(span), len(found))
    for account, kept in found:
        if kept is not None and kept.as_of >= span.first:
            yield Section(f"reconciliation-{account.code}", reconciliation_paper(kept), 2 + len(kept.items))


def _logs(scope: Scope, fund: Fund) -> Iterator[Section]:
    yield Section("actions", logs.actions_paper(scope), logs.actions_of(scope).order_by().aggregate(n=Count("pk"))["n"])
    yield Section("roles", logs.roles_paper(scope), logs.roles_of(scope).count())
    yield Section("controls-history", logs.controls_paper(scope, fund), 1 + logs.level_changes(scope).count())
    yield Section("fingerprints", logs.fingerprints_paper(scope), logs.fingerprints_of(scope).count())

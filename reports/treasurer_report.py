"""The treasurer's monthly report to the committee: figures proved, tables drawn once for page, PDF and XLSX."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.snapshots import one_moment
from bansong_fund.lib.thai_dates import format_month
from ledger.book_papers import BookColumn, BookPaper, BookRow, signatures
from ledger.checklists import CHECK_NAMES, FINGERPRINT, STATE_NAMES
from ledger.models import AccountRole
from ledger.spans import Span
from members.models import Fund
from reports.figures.month import MonthFigures, month_figures, prove_month
from reports.fingerprints import seal_of_month
from reports.span_reports import four_legs_paper, receipts_paper
from reports.table_papers import TablesPaper
from reports.words import SpokenDay, in_both

NOTHING = Words("")
PLACE_NAMES = {AccountRole.COLLECTOR: _("Cash with collectors"), AccountRole.ADVANCE: _("Advances with leaders")}
SERIES_NAMES = {"receipt": _("Receipts"), "voucher": _("Payment vouchers")}


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month's report: the paper, and the figures that it was drawn of."""

    paper: TablesPaper
    figures: MonthFigures


def month_report(month: Span, fund: Fund, *, today: date) -> MonthReport:
    """The report of a month, from one moment of the books. Raises `DoesNotTie` with each difference."""
    with one_moment():
        figures = month_figures(month, fund, today=today)
        prove_month(figures)
        seal = seal_of_month(month.first)
    paper = TablesPaper(
        title=in_both(_("Treasurer's monthly report")),
        subtitle=Words(*(format_month(month.first, language=code) for code in ("th", "en"))),
        tables=tuple(_tables(figures, today)),
        made_on=today,
        is_provisional=figures.is_provisional,
        seal=seal,
        signatures=signatures(),
    )
    return MonthReport(paper, figures)


def _tables(figures: MonthFigures, today: date) -> Iterable[BookPaper]:
    yield places_table(figures)
    yield four_legs_paper(figures.money)
    yield receipts_paper(figures.money)
    yield welfare_table(figures)
    yield budget_table(figures)
    yield administration_table(figures)
    yield cash_table(figures, today)
    if figures.deliveries:
        yield deliveries_table(figures, today)
    yield banks_table(figures)
    yield papers_table(figures)
    if len(figures.funds) > 1:
        yield funds_table(figures)
    yield checks_table(figures)


def column(heading: Promise | str, kind: str = "text", **values: object) -> BookColumn:
    return BookColumn(in_both(heading, **values), kind)


def _named(thing: object) -> Words:
    return Words(thing.name_th, thing.name_en)


def _strong(*cells: object) -> BookRow:
    return BookRow(cells, is_strong=True)


def _table(
    title: Promise | str, columns: Iterable[BookColumn], rows: Iterable[BookRow], note: Words | None = None
) -> BookPaper:
    return BookPaper(in_both(title), NOTHING, tuple(columns), list(rows), note=note)


def places_table(figures: MonthFigures) -> BookPaper:
    """Opening and closing by account; money banked goes out of one and into another."""
    places = figures.places
    rows = [BookRow((_named(p.account) if p.account else in_both(PLACE_NAMES[p.role]), *_four(p))) for p in places]
    together = [sum(column, ZERO) for column in zip(*(_four(place) for place in places), strict=True)]
    return _table(
        _("Where the money is"), _moving_columns(_("Account")), [*rows, _strong(in_both(_("Total")), *together)]
    )


def _four(place: object) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return place.brought, place.money_in, place.money_out, place.carried


def _moving_columns(first: Promise) -> tuple[BookColumn, ...]:
    amounts = (_("Brought forward"), _("In"), _("Out"), _("Carried forward"))
    return (column(first), *(column(name, "baht") for name in amounts))


def welfare_table(figures: MonthFigures) -> BookPaper:
    """Each kind in the month, and in the fund year so far."""
    rows = [
        BookRow((month.name, month.times, month.baht, year.times, year.baht))
        for month, year in zip(figures.welfare.kinds, figures.welfare_to_date.kinds, strict=True)
    ]
    month, year = figures.welfare, figures.welfare_to_date
    columns = (
        column(_("Kind of welfare")),
        column(_("Times"), "number"),
        column(_("Baht"), "baht"),
        column(_("Times this year"), "number"),
        column(_("Baht this year"), "baht"),
    )
    total = _strong(in_both(_("Total")), month.times, month.baht, year.times, year.baht)
    return _table(_("Welfare by kind"), columns, [*rows, total])


def budget_table(figures: MonthFigures) -> BookPaper:
    """What each kind has spent of its budget by the month's end; kinds without one are left out."""
    budgets = {line.category.value: line.budget for line in figures.budgets if line.budget is not None}
    found = [(kind, budgets[kind.code]) for kind in figures.welfare_to_date.kinds if kind.code in budgets]
    rows = [BookRow((kind.name, budget, kind.baht, budget - kind.baht)) for kind, budget in found]
    sums = [sum((row.cells[place] for row in rows), ZERO) for place in (1, 2, 3)]
    columns = (
        column(_("Kind of welfare")),
        column(_("Budget"), "baht"),
        column(_("Baht this year"), "baht"),
        column(_("Left of it"), "baht"),
    )
    note = None if rows else in_both(_("No budget was set for this fund year."))
    total = [_strong(in_both(_("Total")), *sums)] if rows else []
    return _table(_("Welfare against its budget"), columns, [*rows, *total], note)


def administration_table(figures: MonthFigures) -> BookPaper:
    """Running costs by kind, and how far the year is from what it may spend on them."""
    found = figures.of(AccountRole.ADMINISTRATION)
    rows = [BookRow((_named(account), month, year)) for account, month, year in found]
    month = sum((row[1] for row in found), ZERO)
    line = figures.administration
    rows.append(_strong(in_both(_("Running costs")), month, line.spent))
    rows.append(BookRow((in_both(_("Allowed so far: %(percent)s percent"), percent=line.percent), None, line.allowed)))
    rows.append(_strong(in_both(_("Still free")), None, line.left))
    spent = "–" if line.share is None else line.share
    share = in_both(_("Spent: %(share)s percent of the base that the fund set."), share=spent)
    columns = (column(_("Running cost")), column(_("Baht"), "baht"), column(_("Baht this year"), "baht"))
    return _table(_("Running costs against their limit"), columns, rows, share)


def cash_table(figures: MonthFigures, today: date) -> BookPaper:
    """Cash with collectors, the oldest first, as of the day of the report."""
    rows = [
        BookRow(
            (row.collector.display_name, row.noted, row.handed_in + row.brought, row.total, row.oldest, row.age(today))
        )
        for row in figures.cash
    ]
    sums = [sum((row.cells[place] for row in rows), ZERO) for place in (1, 2, 3)]
    columns = (
        column(_("Collector")),
        column(_("Collected, sheet still open"), "baht"),
        column(_("Handed in or brought, not counted"), "baht"),
        column(_("Together"), "baht"),
        column(_("Oldest of it"), "date"),
        column(_("Days"), "number"),
    )
    note = in_both(_("As of %(day)s."), day=SpokenDay(today))
    return _table(
        _("Cash with collectors and its age"), columns, [*rows, _strong(in_both(_("Total")), *sums, None, None)], note
    )


def deliveries_table(figures: MonthFigures, today: date) -> BookPaper:
    """Welfare money that is on its way to those who receive it."""
    rows = [
        BookRow(
            (
                row.label,
                row.carrier.display_name,
                row.handed_on,
                (today - row.handed_on).days,
                row.open_count,
                row.open_baht,
            )
        )
        for row in figures.deliveries
    ]
    total = sum((row.cells[5] for row in rows), ZERO)
    columns = (
        column(_("Delivery"), "code"),
        column(_("Carried by")),
        column(_("Handed over on"), "date"),
        column(_("Days"), "number"),
        column(_("Claims"), "number"),
        column(_("Baht"), "baht"),
    )
    note = in_both(_("As of %(day)s."), day=SpokenDay(today))
    last = _strong(in_both(_("Total")), "", None, None, None, total)
    return _table(_("Money on its way to receivers"), columns, [*rows, last], note)


def banks_table(figures: MonthFigures) -> BookPaper:
    """Each bank account by the books at the month's end, and the newest signed reconciliation by then."""
    rows = []
    for account, held, kept in figures.reconciled:
        signed = (kept.as_of, kept.passbook_balance) if kept else (None, None)
        gap = kept.passbook_balance - kept.ledger_balance if kept else None
        rows.append(BookRow((_named(account), held, *signed, gap)))
    columns = (
        column(_("Bank account")),
        column(_("By the books at the month's end"), "baht"),
        column(_("Last reconciled on"), "date"),
        column(_("By the passbook"), "baht"),
        column(_("Difference"), "baht"),
    )
    return _table(_("Reconciliation of the bank accounts"), columns, rows)


def papers_table(figures: MonthFigures) -> BookPaper:
    """Which numbers of receipts and vouchers the month used, and how many of them are void."""
    rows = []
    for used in figures.papers:
        name = in_both(SERIES_NAMES[used.series])
        book = in_both(_("Paper book %(book)s"), book=used.book) if used.book else name
        rows.append(BookRow((book, used.first, used.last, used.used, used.void, used.baht)))
    columns = (
        column(_("Papers dated in the month")),
        column(_("First number"), "number"),
        column(_("Last number"), "number"),
        column(_("Used"), "number"),
        column(_("Void"), "number"),
        column(_("Baht of those in force"), "baht"),
    )
    return _table(_("Receipts and vouchers"), columns, rows)


def funds_table(figures: MonthFigures) -> BookPaper:
    """The restricted funds in the month."""
    rows = [BookRow((_named(one.fund), *_four(one))) for one in figures.funds]
    return _table(_("Restricted funds"), _moving_columns(_("Restricted fund")), rows)


def checks_table(figures: MonthFigures) -> BookPaper:
    """The month's checklist: what is in order, what is to do before it is closed."""
    rows = [
        BookRow((in_both(CHECK_NAMES[check]), in_both(STATE_NAMES[state]), found))
        for check, state, found in figures.checks
        if check in CHECK_NAMES and check != FINGERPRINT
    ]
    columns = (column(_("Item")), column(_("State"), "document"), column(_("Found, and why")))
    return _table(_("To sign and to do"), columns, rows)

"""The annex of the municipality's report: every payment of welfare by member's number, with names only where asked."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.book_papers import BookColumn, BookPaper, BookRow, render_book
from ledger.models import Account, AccountRole
from ledger.queries import moved_between
from members.clock import today_of
from members.models import Fund
from office.jobs import JobRun, job_kind
from reports.figures.contribution import beneficiary, beneficiary_lines
from reports.funders.form_paper import PROVISIONAL, named
from reports.funders.periods import Period, fiscal_period
from reports.funders.ties import compare, refuse_untied
from reports.words import in_both

BENEFICIARIES = "beneficiaries"
AT_ONCE = 150  # payments: some 13 ms for a line; beyond this the worker draws
ROWS_AT_A_TIME = 2000


def beneficiaries_paper(period: Period, *, with_names: bool) -> BookPaper:
    """The list of a budget year, the oldest payment first; its total is what the books say, or it is stopped.

    Raises `DoesNotTie`.
    """
    _refuse_untied(period)
    name = [BookColumn(in_both(_("Name")))] if with_names else []
    # the head of the columns is on every page
    amount = _("Amount (baht), provisional") if period.is_provisional else _("Amount (baht)")
    return BookPaper(
        title=in_both(_("Beneficiaries by name") if with_names else _("Beneficiaries by member's number")),
        subtitle=_subtitle(period),
        columns=(
            BookColumn(in_both(_("No.")), "number"),
            BookColumn(in_both(_("Date")), "date"),
            BookColumn(in_both(_("Document")), "code"),
            BookColumn(in_both(_("Community"))),
            BookColumn(in_both(_("Kind of welfare"))),
            BookColumn(in_both(_("Member no.")), "number"),
            *name,
            BookColumn(in_both(amount), "baht", "sum"),
        ),
        rows=_rows(period, with_names=with_names),
        is_landscape=True,
    )


def _subtitle(period: Period) -> Words:
    if not period.is_provisional:
        return period.words
    said = in_both(PROVISIONAL)
    return Words(f"{period.words.th} · {said.th}", f"{period.words.en} · {said.en}")


def payments_of(period: Period) -> int:
    """How long the list is."""
    return beneficiary_lines(period.first, period.last).count()


def _rows(period: Period, *, with_names: bool) -> Iterator[BookRow]:
    kinds = {one.category: named(one) for one in Account.objects.filter(role=AccountRole.BENEFIT)}
    total = ZERO
    lines = beneficiary_lines(period.first, period.last).iterator(chunk_size=ROWS_AT_A_TIME)
    for place, line in enumerate(lines, start=1):
        one = beneficiary(line)
        total += one.baht
        community = named(one.community) if one.community else ""
        who = (one.member_number, one.name) if with_names else (one.member_number,)
        yield BookRow((place, one.day, one.document, community, kinds[one.category], *who, one.baht))
    blank = (None, "") if with_names else (None,)
    yield BookRow((None, None, "", in_both(_("Total")), "", *blank, total), is_strong=True)


def _refuse_untied(period: Period) -> None:
    """The payments of the list are what the accounts of welfare moved."""
    paid = [beneficiary(line).baht for line in beneficiary_lines(period.first, period.last).iterator(ROWS_AT_A_TIME)]
    accounts = Account.objects.filter(role=AccountRole.BENEFIT)
    moved = moved_between(period.first, period.last, accounts=accounts)
    booked = sum((one.balance for one in moved.values()), ZERO)
    refuse_untied(compare(str(_("List of beneficiaries")), sum(paid, ZERO), booked))


@job_kind(BENEFICIARIES, _("List of beneficiaries"))
def print_beneficiaries(run: JobRun) -> None:
    """The list that was asked for, of a budget year; who asked for names was written down when she did."""
    wanted, fund = run.parameters, Fund.objects.get()
    period = fiscal_period(wanted["year"], today_of(fund))
    run.step(0, total=1)
    with run.long_step():
        paper = beneficiaries_paper(period, with_names=wanted["names"])
        pdf = render_book(paper, fund, wanted["paper_language"])
    run.finish(f"{file_name(period)}-{wanted['paper_language']}.pdf", pdf, "application/pdf")
    run.step(1, total=1)


def file_name(period: Period) -> str:
    return f"beneficiaries-{period.value}"

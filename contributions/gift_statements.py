"""The statements of all contributors of a calendar year, on the worker."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_parts import Drawn
from bansong_fund.lib.pdf import Language
from contributions.certificates import NAMELESS
from contributions.gift_papers import STATEMENT_STYLESHEETS, draw_statement, gift_row, statement_title
from contributions.models import Gift
from contributions.queries import gifts_between, year_bounds
from members.clock import today_of
from members.models import Fund
from office.batches import batch
from office.jobs import JobRun, job_kind

GIFT_STATEMENTS = "gift-statements"


class NobodyGave(DomainError):
    """Nobody with a name gave in this year."""


def named_gifts(year_be: int) -> QuerySet[Gift]:
    """The gifts of a year that hold, contributor by contributor; those of the nameless left out."""
    gifts = gifts_between(*year_bounds(year_be)).exclude(contributor__name__in=NAMELESS)
    gifts = gifts.select_related("contributor", "receipt", "income_account")
    return gifts.order_by("contributor__number", "received_on", "pk")


@job_kind(GIFT_STATEMENTS, gettext_lazy("Statements of gifts"))
def print_gift_statements(run: JobRun) -> None:
    """A page for each contributor of the year, by their numbers."""
    year_be, language = run.parameters["year"], run.parameters["paper_language"]
    count = named_gifts(year_be).order_by().values("contributor").distinct().count()
    if not count:
        raise NobodyGave(_("Nobody gave in this year, so there is no statement to print."))
    batch(
        run,
        _drawn(year_be, Fund.objects.get(), language),
        total=count,
        name=f"gift-statements-{year_be}-{language}.pdf",
        title=statement_title(year_be, language),
        language=language,
        stylesheets=STATEMENT_STYLESHEETS,
    )


def _drawn(year_be: int, fund: Fund, language: Language) -> Iterator[Drawn]:
    today: date = today_of(fund)
    for contributor, gifts in groupby(named_gifts(year_be), key=lambda gift: gift.contributor):
        rows = [gift_row(gift) for gift in gifts]
        yield Drawn(draw_statement(contributor, rows, year_be, fund, today=today, language=language))

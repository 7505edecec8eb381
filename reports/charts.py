"""The charts of screen and paper, drawn from the same figures."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.charts import (
    BarChart,
    GroupedBarChart,
    LineChart,
    StackedShare,
    bar_chart,
    grouped_bar_chart,
    line_chart,
    stacked_share,
)
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO
from reports.figures import AnnualFigures
from reports.figures.people import PeopleFigures
from reports.words import speaker

LEG_NAMES: dict[int, Promise] = {
    1: _("Leg 1: members' contributions"),
    2: _("Leg 2: the municipality"),
    3: _("Leg 3: the state, through CODI"),
    4: _("Leg 4: networks and donors"),
}


def legs_share_chart(figures: AnnualFigures, language: str) -> StackedShare | None:
    """The four legs of the year as parts of a whole; None where a reversal left one below zero."""
    if any(leg.this < 0 for leg in figures.money.legs):
        return None
    speak = speaker(language)
    return stacked_share(
        speak(_("The four legs of %(year)s"), year=figures.year.year_be),
        [(speak(LEG_NAMES[leg.number]), leg.this) for leg in figures.money.legs],
        head=(speak(_("Leg")), speak(_("Baht")), speak(_("Share"))),
    )


def legs_chart(figures: AnnualFigures, language: str) -> GroupedBarChart:
    """The four legs beside the year before."""
    speak = speaker(language)
    before = figures.before
    years = (str(figures.year.year_be), *((str(before.year_be),) if before else ()))
    return grouped_bar_chart(
        speak(_("The four legs beside the year before")),
        [
            (speak(LEG_NAMES[leg.number]), [_drawn(leg.this), *([_drawn(leg.last)] if before else [])])
            for leg in figures.money.legs
        ],
        head=(speak(_("Leg")), *years),
    )


def welfare_chart(figures: AnnualFigures, language: str) -> BarChart:
    """The nine kinds of welfare in baht."""
    speak = speaker(language)
    return bar_chart(
        speak(_("Welfare by kind, %(year)s"), year=figures.year.year_be),
        [(speak(kind.name), _drawn(kind.baht)) for kind in figures.welfare.kinds],
        head=(speak(_("Kind of welfare")), speak(_("Baht"))),
    )


def balance_chart(balances: list[tuple[int, Decimal]], language: str) -> LineChart:
    """What was left over at the end of each year."""
    speak = speaker(language)
    return line_chart(
        speak(_("Money left over at the end of each year")),
        [(str(year), [amount]) for year, amount in balances],
        head=(speak(_("Year")), speak(_("Baht"))),
    )


def members_chart(people: PeopleFigures, language: str) -> BarChart:
    """Current members by community."""
    speak = speaker(language)
    return bar_chart(
        speak(_("Members by community")),
        [(local_name(row.community, language), row.current) for row in people.communities],
        head=(speak(_("Community")), speak(_("Members"))),
    )


def _drawn(amount: Decimal) -> Decimal:
    """A bar does not reach below zero; the table behind it says the amount as it is."""
    return max(amount, ZERO)

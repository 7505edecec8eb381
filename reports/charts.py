"""The charts of screen and paper, drawn from the same figures."""

from collections.abc import Sequence
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
from reports.figures.money import Leg
from reports.figures.people import CommunityCount
from reports.figures.welfare import WelfareFigures
from reports.words import speaker

LEG_NAMES: dict[int, Promise] = {
    1: _("Leg 1: members' contributions"),
    2: _("Leg 2: the municipality"),
    3: _("Leg 3: the state, through CODI"),
    4: _("Leg 4: networks and donors"),
}


def legs_share_chart(year_be: int, legs: Sequence[Leg], language: str) -> StackedShare | None:
    """The four legs of the year as parts of a whole; None where a reversal left one below zero."""
    if any(leg.this < 0 for leg in legs):
        return None
    speak = speaker(language)
    return stacked_share(
        speak(_("The four legs of %(year)s"), year=year_be),
        [(speak(LEG_NAMES[leg.number]), leg.this) for leg in legs],
        head=(speak(_("Leg")), speak(_("Baht")), speak(_("Share"))),
    )


def legs_chart(year_be: int, before_be: int | None, legs: Sequence[Leg], language: str) -> GroupedBarChart:
    """The four legs beside the year before, where there was one."""
    speak = speaker(language)
    years = (str(year_be), str(before_be)) if before_be else (str(year_be),)
    return grouped_bar_chart(
        speak(_("The four legs beside the year before")),
        [(speak(LEG_NAMES[leg.number]), [_drawn(leg.this), _drawn(leg.last)][: len(years)]) for leg in legs],
        head=(speak(_("Leg")), *years),
    )


def welfare_chart(year_be: int, welfare: WelfareFigures, language: str) -> BarChart:
    """The nine kinds of welfare in baht."""
    speak = speaker(language)
    return bar_chart(
        speak(_("Welfare by kind, %(year)s"), year=year_be),
        [(speak(kind.name), _drawn(kind.baht)) for kind in welfare.kinds],
        head=(speak(_("Kind of welfare")), speak(_("Baht"))),
    )


def balance_chart(balances: Sequence[tuple[int, Decimal]], language: str) -> LineChart:
    """What was left over at the end of each year."""
    speak = speaker(language)
    return line_chart(
        speak(_("Money left over at the end of each year")),
        [(str(year), [amount]) for year, amount in balances],
        head=(speak(_("Year")), speak(_("Baht"))),
    )


def members_chart(communities: Sequence[CommunityCount], language: str) -> BarChart:
    """Current members by community."""
    speak = speaker(language)
    return bar_chart(
        speak(_("Members by community")),
        [(local_name(row.community, language), row.current) for row in communities],
        head=(speak(_("Community")), speak(_("Members"))),
    )


def _drawn(amount: Decimal) -> Decimal:
    """A bar does not reach below zero; the table beside it says the amount as it is."""
    return max(amount, ZERO)

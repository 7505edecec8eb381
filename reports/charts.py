"""The charts of screen and paper, drawn from the same figures."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.charts import (
    BarChart,
    GroupedBarChart,
    LineChart,
    Pyramid,
    StackedBarChart,
    StackedShare,
    bar_chart,
    grouped_bar_chart,
    line_chart,
    pyramid,
    stacked_bar_chart,
    stacked_share,
)
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO
from members.models import Sex
from reports.figures.counts import BANDS, OLDEST_BAND, YEARS_IN_A_BAND
from reports.figures.money import Leg
from reports.figures.people import CommunityCount
from reports.figures.welfare import WelfareFigures
from reports.words import speaker

Ages = Mapping[tuple[int, str], int]  # members by band of age and sex
CommunityExchange = tuple[Any, ...]  # a community and what it paid in and received; more may follow

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


def legs_over_time(
    years: Sequence[int], legs: Mapping[int, Sequence[Decimal]], language: str
) -> StackedBarChart | None:
    """The four legs of each year, `legs` by their number; None in the founding year: one bar says nothing."""
    if len(years) < 2:
        return None
    speak = speaker(language)
    return stacked_bar_chart(
        speak(_("The four legs over the years")),
        [(str(year), [_drawn(amounts[place]) for amounts in legs.values()]) for place, year in enumerate(years)],
        head=(speak(_("Year")), *(speak(LEG_NAMES[leg]) for leg in legs)),
        total=speak(_("The four legs")),
    )


def ages_chart(ages: Ages, language: str) -> Pyramid:
    """The members by age and sex, the oldest above; who has no date of birth or no sex written down is left out."""
    speak = speaker(language)
    return pyramid(
        speak(_("Members by age and sex")),
        [(band_name(band), ages.get((band, Sex.FEMALE), 0), ages.get((band, Sex.MALE), 0)) for band in reversed(BANDS)],
        head=(speak(_("Age")), speak(Sex.FEMALE.label), speak(Sex.MALE.label)),
    )


def communities_chart(year_be: int, communities: Iterable[CommunityExchange], language: str) -> GroupedBarChart:
    """What the members of each community paid in, beside what they received."""
    speak = speaker(language)
    return grouped_bar_chart(
        speak(_("Dues paid in and welfare received, by community, %(year)s"), year=year_be),
        [
            (local_name(community, language), [_drawn(exchange.paid_in), _drawn(exchange.received)])
            for community, exchange, *_rest in communities
        ],
        head=(speak(_("Community")), speak(_("Dues paid in")), speak(_("Welfare received"))),
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


def band_name(band: int) -> str:
    """ "35–39"; the oldest band is open."""
    first = band * YEARS_IN_A_BAND
    return f"{first}+" if band == OLDEST_BAND else f"{first}–{first + YEARS_IN_A_BAND - 1}"


def _drawn(amount: Decimal) -> Decimal:
    """A bar does not reach below zero; the table beside it says the amount as it is."""
    return max(amount, ZERO)

"""The annual report: figures, proof that they tie, then the paper in Thai, English or both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any, get_args

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.snapshots import one_moment
from contributions.administration import administration_share
from ledger.models import AccountRole
from members.fund_head import fund_head
from members.models import AdministrationBase, EndReason, Fund
from members.types import MEMBER_TYPES
from office.models import User
from reports.charts import (
    LEG_NAMES,
    ages_chart,
    balance_chart,
    communities_chart,
    legs_over_time,
    legs_share_chart,
    welfare_chart,
)
from reports.figure_tables import (
    bank_table,
    flow_by_community,
    flow_by_type,
    paid_in_against_received,
    sources_table,
)
from reports.figures import AnnualFigures, annual_figures
from reports.figures.counts import ages_on
from reports.figures.money import MoneyFigures, Pair, held, money_at_year_ends
from reports.figures.people import coverage, members_on
from reports.figures.welfare import Kind
from reports.fingerprints import Seal, record_printing, seal_of
from reports.span_reports import WITH_PEOPLE
from reports.table_papers import printed
from reports.ties import prove
from reports.words import SpokenDay, in_both
from reports.year_texts import shown_pictures, year_texts
from reports.years import ReportYear, report_year

STYLESHEETS = (*PAPER_STYLESHEETS, "css/charts.css", "pdf/report.css", "pdf/annual_texts.css")
TEMPLATE = "pdf/annual_report.html"


class NoSuchLanguage(DomainError):
    """A report is made in Thai, in English, or in both."""


@dataclass(frozen=True, slots=True)
class DrawnReport:
    """A report ready to be laid out, with the fingerprint that it carries."""

    html: str
    title: str
    language: Language
    seal: Seal
    year: ReportYear
    pictures: Mapping[str, bytes]

    @property
    def file_name(self) -> str:
        return f"annual-report-{self.year.year_be}-{self.language}.pdf"


def annual_report(year_be: int, language: str, *, today: date, now: datetime, by: User | None) -> bytes:
    """The PDF of a fund year's report; its fingerprint is recorded.

    Raises `NoSuchLanguage`, `NoSuchYear`, and `DoesNotTie` where a figure does not tie to the books.
    """
    return lay_out(draw_annual_report(year_be, language, today=today), now=now, by=by)


def lay_out(drawn: DrawnReport, *, now: datetime, by: User | None) -> bytes:
    """The PDF of a report that is drawn; from now on its fingerprint is out in the world."""
    about = {"title": drawn.title, "language": drawn.language, "pictures": drawn.pictures}
    pdf = render_pdf(drawn.html, **about, stylesheets=STYLESHEETS)
    record_printing(drawn.seal, paper=drawn.file_name, by=by, now=now)
    return pdf


def draw_annual_report(year_be: int, language: str, *, today: date, is_part: bool = False) -> DrawnReport:
    """The report as HTML, every figure proved; figures and fingerprint come from one moment of the books.

    As a part of a larger paper it has no page numbers of its own.
    """
    if language not in get_args(Language):
        message = _("There is no report in “%(language)s”. Choose th (Thai), en (English) or both.")
        raise NoSuchLanguage(message % {"language": language}, field="language")
    with one_moment():
        year = report_year(year_be, today=today)
        figures = annual_figures(year)
        prove(figures)
        seal = seal_of(year)
        balances = money_at_year_ends(year)
        fund = Fund.objects.get()
        members_today = members_on(today, fund).count()
        texts = year_texts(year, language)
    shown, pictures = shown_pictures(texts.pop("pictures"), language)
    title = _title(year, fund, language)
    context = report_context(figures, fund, seal, balances, language) | {
        "paper_title": title,
        "made_on": SpokenDay(today),
        "chapters": count(1),
        "is_part": is_part,
        "members_today": f"{members_today:,}",
        "coverage_today": coverage(members_today, fund.population),
    }
    html = draw_paper(TEMPLATE, context | texts | {"photographs": shown}, fund_head(fund), language)
    return DrawnReport(html, title, language, seal, year, pictures)


def _title(year: ReportYear, fund: Fund, language: Language) -> str:
    with translation.override("en" if language == "en" else "th"):
        name = fund.name_en if language == "en" and fund.name_en else fund.name_th
        return _("Annual report %(year)s, %(fund)s") % {"year": year.year_be, "fund": name}


def report_context(
    figures: AnnualFigures, fund: Fund, seal: Seal, balances: list, language: Language
) -> dict[str, object]:
    """What the template shows: the figures, the charts drawn of them, and words in the paper's language."""
    return {
        "figures": figures,
        "year": figures.year,
        "before": figures.before,
        "money": figures.money,
        "people": figures.people,
        "welfare": figures.welfare,
        "this_fund": fund,
        "founders": pairs(fund.founders),
        "promoters": pairs(fund.promoters),
        "partners": pairs(fund.partners),
        "member_types": [(in_both(name), people_of(figures, kind)) for kind, name in MEMBER_TYPES.items()],
        "communities": [(named(row.community), row) for row in figures.people.communities],
        "left": [(in_both(EndReason(reason).label), count) for reason, count in figures.people.left.items()],
        "legs": [(in_both(LEG_NAMES[leg.number]), leg) for leg in figures.money.legs],
        "kinds": kinds(figures),
        "legs_share": legs_share_chart(figures.year.year_be, figures.money.legs, language),
        "legs_drawn": legs_over_time([one.year_be for one in figures.over.years], figures.over.legs, language),
        "ages_chart": ages_chart(ages_on(figures.people.day), language),
        "communities_chart": communities_chart(figures.year.year_be, figures.communities.rows, language),
        "welfare_chart": welfare_chart(figures.year.year_be, figures.welfare, language),
        "balance_chart": balance_chart(balances, language),
        "places": _places(figures.money),
        "statement_columns": 5 if figures.before else 3,
        "supporter_rows": list(in_rows(figures.supporters.named, 2)),
        "seal": seal,
        "prepared_by": in_both(gettext_lazy("Prepared by (Treasurer)")),
        "audited_by": in_both(gettext_lazy("Auditor")),
        "chaired_by": in_both(gettext_lazy("Chair")),
        **_texts(figures, fund),
        **_over_years(figures),
        **_tables(figures, language),
        "administration_limit": fund.administration_percent,
        "administration_base": AdministrationBase(fund.administration_base).label,
        "is_of_income": fund.administration_base == AdministrationBase.INCOME,
    }


def _places(money: MoneyFigures) -> list[tuple[Words, Pair]]:
    """Where the money lies; what leaders have with them is one sum: no printed report says who has how much."""
    rows = [(row.name, row.held) for row in money.of(AccountRole.CASH, AccountRole.BANK) if not row.is_empty]
    for role, name in WITH_PEOPLE.items():
        pair = held(money.of(role))
        if pair.this or pair.last:
            rows.append((in_both(name), pair))
    return rows


def _over_years(figures: AnnualFigures) -> dict[str, object]:
    """The years side by side: the legs, and what was paid by kind and by community."""
    over = figures.over
    communities = [(named(community), paid) for community, paid in over.communities]
    if any(paid.times or paid.baht for paid in over.elsewhere):
        communities.append((in_both(gettext_lazy("No community named")), over.elsewhere))
    by_kind = (gettext_lazy("Welfare by kind over the years"), gettext_lazy("Kind of welfare"), over.kinds)
    by_community = (gettext_lazy("Welfare by community over the years"), gettext_lazy("Community"), communities)
    return {
        "over": over,
        "legs_over": [(in_both(LEG_NAMES[leg]), amounts) for leg, amounts in over.legs.items()],
        "paid_over": [(in_both(title), in_both(what), rows) for title, what, rows in (by_kind, by_community)],
    }


def _tables(figures: AnnualFigures, language: Language) -> dict[str, object]:
    """Tables that the report shares with the figures of any span and with the sheets."""
    year, flow = figures.year, figures.people.flow
    tables = {
        "flow_communities": flow_by_community(flow),
        "flow_types": flow_by_type(flow),
        "paid_in_received": paid_in_against_received(figures.communities, str(year.year_be)),
        "sources_uses": sources_table(figures.sources, year.last),
        "bank_list": bank_table(figures.banks, year.last),
    }
    return {name: dict(zip(("table", "rows"), printed(one, language), strict=True)) for name, one in tables.items()}


def _texts(figures: AnnualFigures, fund: Fund) -> dict[str, object]:
    """What sentences of the paper are filled with; days stand in each language inside its own sentence."""
    share = administration_share(((row.account, row.this) for row in figures.money.rows), fund)
    days = {"first_day": figures.year.first, "last_day": figures.year.last, "people_day": figures.people.day}
    return {
        **{name: SpokenDay(day) for name, day in days.items()},
        "population_text": f"{figures.people.population or 0:,}",
        "supporter_count": f"{figures.supporters.all_in_period:,}",
        "supporters_ever": f"{figures.supporters.known:,}",
        "administration_share": f"{share:.1f}" if share is not None else "–",
    }


def in_rows(things: Sequence[Any], length: int) -> Iterator[Sequence[Any]]:
    """Cut into rows; a table is laid out in a fraction of the time of columns of text."""
    return (things[place : place + length] for place in range(0, len(things), length))


def people_of(figures: AnnualFigures, kind: str) -> int:
    return figures.people.by_type[kind]


def named(thing: Any) -> Words:
    return Words(thing.name_th, thing.name_en)


def kinds(figures: AnnualFigures) -> list[tuple[Kind, Kind | None]]:
    """Each kind of welfare with itself in the year before."""
    before = figures.welfare_before.kinds if figures.welfare_before else (None,) * len(figures.welfare.kinds)
    return list(zip(figures.welfare.kinds, before, strict=True))


def pairs(stored: list[dict]) -> list[Words]:
    """Names that the fund's profile keeps in both languages."""
    return [Words(one["th"], one.get("en", "")) for one in stored]

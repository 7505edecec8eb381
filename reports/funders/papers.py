"""The five papers: which days each can be asked for, which figures it takes, and how it is drawn up and proved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.papers import Words
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.snapshots import one_moment
from ledger.models import Entry
from members.models import Fund
from office.models import User
from reports.annual_report import NoSuchLanguage
from reports.fingerprints import Seal, record_printing
from reports.funders import codi_proposal, codi_status, municipality, province, provincial_office
from reports.funders.common import Wanted
from reports.funders.form_paper import FormPaper, FormSection, form_book, render_form
from reports.funders.period_figures import period_figures, period_ties
from reports.funders.periods import CALENDAR, DAY, FISCAL, QUARTER, Period, cutover_day
from reports.funders.questions import MUNICIPALITY, OFFICE, PROPOSAL, PROVINCE, STATUS, known_answers
from reports.funders.ties import refuse_untied
from reports.ties import Difference
from reports.words import SpokenDay, in_both


class NotYetOver(DomainError):
    """A paper that looks back on a whole year is asked for before the year is over."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper that goes out. `kinds` of periods that it can be asked for; `roles` sign it, in this order."""

    code: str
    title: Promise
    about: Promise
    kinds: tuple[str, ...]
    figures: Callable[[Wanted], Any]
    draw: Callable[[Wanted, Any], tuple[FormSection, ...]]
    ties: Callable[[Any], Iterable[Difference]]
    roles: tuple[Promise, ...]
    only_run_out: bool = False

    def offers(self, period: Period, today: date) -> bool:
        """Whether it is made of these days: some papers only of days that have run out."""
        return period.last <= today or not self.only_run_out

    @property
    def by_day(self) -> bool:
        return self.kinds == (DAY,)


PAPERS: dict[str, PaperKind] = {
    kind.code: kind
    for kind in (
        PaperKind(
            STATUS,
            codi_status.TITLE,
            _("For CODI: the fund as it stands on a day, in twelve sections"),
            (DAY,),
            codi_status.figures,
            codi_status.draw,
            codi_status.ties,
            codi_status.ROLES,
        ),
        PaperKind(
            PROPOSAL,
            codi_proposal.TITLE,
            _("For CODI: members with a full year on 30 September, what is asked for, and the plan of one year"),
            (FISCAL,),
            codi_proposal.figures,
            codi_proposal.draw,
            codi_proposal.ties,
            codi_proposal.ROLES,
            only_run_out=True,
        ),
        PaperKind(
            MUNICIPALITY,
            municipality.TITLE,
            _("For the municipality: its contribution of a budget year, from request to use"),
            (FISCAL,),
            municipality.figures,
            municipality.draw,
            municipality.ties,
            municipality.ROLES,
        ),
        PaperKind(
            PROVINCE,
            province.TITLE,
            _("For the provincial association and committee: members, money and payouts of a quarter or a year"),
            (QUARTER, FISCAL),
            period_figures,
            province.draw,
            period_ties,
            province.ROLES,
        ),
        PaperKind(
            OFFICE,
            provincial_office.TITLE,
            _("For the provincial office of social development and human security, each calendar year"),
            (CALENDAR,),
            period_figures,
            provincial_office.draw,
            provincial_office.ties,
            provincial_office.ROLES,
        ),
    )
}


def draw_up(kind: PaperKind, fund: Fund, period: Period, *, today: date) -> FormPaper:
    """The paper, every figure proved; figures and fingerprint come from one moment.

    Raises `NotYetOver`, and `DoesNotTie` where a figure does not tie to the books.
    """
    if not kind.offers(period, today):
        message = _("This paper is made of a fiscal year that has run out: of %(year)s from %(day)s on.")
        told = {"year": period.year_be, "day": SpokenDay(period.last)}
        raise NotYetOver(str(message) % told)
    with one_moment():
        wanted = Wanted(fund, period, today, known_answers(kind.code, period.year_be))
        figures = kind.figures(wanted)
        refuse_untied(kind.ties(figures))
        return FormPaper(
            code=kind.code,
            title=in_both(kind.title),
            subtitle=period.words,
            file_name=f"{kind.code}-{period.value}",
            made_on=today,
            sections=kind.draw(wanted, figures),
            is_provisional=period.is_provisional,
            roles=tuple(in_both(role) for role in kind.roles),
            seal=_seal(),
            remark=_what_is_missing(period),
        )


def _what_is_missing(period: Period) -> Words | None:
    """Where the old books reach into the days of the paper, it says so."""
    cutover = cutover_day()
    if cutover is None or period.first > cutover:
        return None
    text = _(
        "The books begin after %(day)s: what came and went before stands only in the figures since the founding, not in"
        " those of the days of this paper."
    )
    return in_both(text, day=SpokenDay(cutover))


def _seal() -> Seal | None:
    """The books as they are now: the last entry and its hash; None while they are empty."""
    last = Entry.objects.order_by("-number").first()
    return Seal(last, is_provisional=True) if last else None


def paper_pdf(paper: FormPaper, fund: Fund, language: str, *, by: User, now: datetime) -> bytes:
    """The PDF; from now on its fingerprint is out in the world. Raises `NoSuchLanguage`."""
    if language not in get_args(Language):
        message = str(_("There is no report in “%(language)s”. Choose th (Thai), en (English) or both."))
        raise NoSuchLanguage(message % {"language": language}, field="language")
    pdf = render_form(paper, fund, language)
    if paper.seal is not None:
        record_printing(paper.seal, paper=f"{paper.file_name}-{language}.pdf", by=by, now=now)
    return pdf


def paper_book(paper: FormPaper, fund: Fund, language: str) -> bytes:
    """The XLSX of a paper."""
    return form_book(paper, fund, language)

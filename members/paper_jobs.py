"""Rolls and cards: a few come at once, many from the worker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.pdf import Language
from members.cards import CARD_STYLESHEETS, CARD_TITLE, ON_A_SHEET, SHEETS_AT_ONCE, Card, cards_of, draw_sheets
from members.clock import today_of
from members.filters import RULES_BEFORE_A_REGULATION
from members.models import Community, Fund, Member, Membership
from members.queries import visible_communities, visible_members
from members.regulations import NoRuleInForce, standing_rules
from members.rolls import ROLL_STYLESHEETS, ROLL_TITLE, draw_rolls, in_words, roll_of
from office.batches import batch
from office.jobs import JobRun, job_kind
from office.models import User

ROLLS, CARDS = "community-rolls", "member-cards"
AT_ONCE = 50  # members: some 13 ms for a line of a roll, 30 ms for a card; beyond this the worker draws
MOST_ON_A_ROLL = 6_000  # beyond it nobody prints the file
MOST_CARDS = 1_000


class TooManyForOnePaper(DomainError):
    """So many members do not go into one file."""


class NobodyToPrint(DomainError):
    """None of the members asked for is a current member whom the user may see."""


@dataclass(frozen=True, slots=True)
class RollOrder:
    """The rolls that a user asked for: of these communities, with so many members in all."""

    communities: tuple[Community, ...]
    members: int


def roll_order(user: User, community: Community | None) -> RollOrder:
    """One community's roll, or those of all that the user may see. Raises `NobodyToPrint`, `TooManyForOnePaper`."""
    communities = (community,) if community else tuple(visible_communities(user).order_by("number"))
    if not communities:
        raise NobodyToPrint(_("There is no community whose roll you may print."), field="community")
    running = Membership.objects.filter(ended_on=None, member__merged_into=None, member__community__in=communities)
    members = running.count()
    if members > MOST_ON_A_ROLL:
        message = _("%(count)s members are too many for one file. Print the roll community by community.")
        raise TooManyForOnePaper(message % {"count": f"{members:,}"}, field="community")
    return RollOrder(communities, members)


def cards_order(user: User, community: Community | None, numbers: set[int]) -> QuerySet[Member]:
    """The current members whose cards are printed, in Thai order. Raises `NobodyToPrint`, `TooManyForOnePaper`."""
    members = visible_members(user).filter(memberships__ended_on=None)
    members = members.filter(community=community) if community else members
    members = members.filter(number__in=numbers) if numbers else members
    count = members.count()
    if not count:
        message = _("No current member was found. Look at the numbers and the community.")
        raise NobodyToPrint(message, field="numbers" if numbers else "community")
    if count > MOST_CARDS:
        message = _("%(count)s cards are too many for one file. Choose a community, or write some numbers.")
        raise TooManyForOnePaper(message % {"count": f"{count:,}"}, field="community")
    return members.order_by("sort_key", "id")


def rolls_pdf(communities: Sequence[Community], *, today: date, language: Language) -> bytes:
    """The rolls one after another; each starts on a page of its own and counts its pages."""
    papers = _drawn_rolls(communities, Fund.objects.get(), today, language)
    title = _title_of_rolls(communities, language)
    return render_papers(papers, title=title, language=language, stylesheets=ROLL_STYLESHEETS)


def _title_of_rolls(communities: Sequence[Community], language: Language) -> str:
    title = in_words(ROLL_TITLE, language)
    if len(communities) == 1:
        name = communities[0].name_en if language == "en" else communities[0].name_th
        title = f"{title} {name}"
    return title


def _drawn_rolls(communities: Sequence[Community], fund: Fund, today: date, language: Language) -> Iterator[Drawn]:
    try:
        rules = standing_rules(today)
    except NoRuleInForce:
        rules = RULES_BEFORE_A_REGULATION
    for community in communities:
        yield Drawn(draw_rolls([roll_of(community, today=today, fund=fund, rules=rules)], fund, language))


def cards_pdf(cards: Sequence[Card], fund: Fund, language: Language) -> bytes:
    """Sheets of ten cards."""
    papers = _drawn_cards(cards, fund, language)
    return render_papers(papers, title=in_words(CARD_TITLE, language), language=language, stylesheets=CARD_STYLESHEETS)


def _drawn_cards(cards: Sequence[Card], fund: Fund, language: Language) -> Iterator[Drawn]:
    left = len(cards)
    for html in draw_sheets(cards, fund, language):
        yield Drawn(html, min(SHEETS_AT_ONCE * ON_A_SHEET, left))
        left -= SHEETS_AT_ONCE * ON_A_SHEET


@job_kind(ROLLS, gettext_lazy("Rolls of members"))
def print_rolls(run: JobRun) -> None:
    """The rolls of the communities that were asked for, as far as their user may see them."""
    language = run.parameters["paper_language"]
    visible = visible_communities(run.job.requested_by)
    communities = list(visible.filter(pk__in=run.parameters["communities"]).order_by("number"))
    fund = Fund.objects.get()
    batch(
        run,
        _drawn_rolls(communities, fund, today_of(fund), language),
        total=len(communities),
        name=roll_file_name(communities, language),
        title=_title_of_rolls(communities, language),
        language=language,
        stylesheets=ROLL_STYLESHEETS,
    )


@job_kind(CARDS, gettext_lazy("Member cards"))
def print_cards(run: JobRun) -> None:
    """The cards of the members who were asked for, as far as their user may see them."""
    language = run.parameters["paper_language"]
    members = visible_members(run.job.requested_by).filter(pk__in=run.parameters["members"])
    cards = cards_of(members.order_by("sort_key", "id"))
    batch(
        run,
        _drawn_cards(cards, Fund.objects.get(), language),
        total=len(cards),
        name=f"member-cards-{language}.pdf",
        title=in_words(CARD_TITLE, language),
        language=language,
        stylesheets=CARD_STYLESHEETS,
    )


def roll_file_name(communities: Sequence[Community], language: Language) -> str:
    """For instance "roll-7-th.pdf"; of several communities "roll-th.pdf"."""
    which = f"-{communities[0].number}" if len(communities) == 1 else ""
    return f"roll{which}-{language}.pdf"

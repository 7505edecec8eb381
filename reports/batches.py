"""Statements by the hundred, on the worker: of members, and of contributors."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_parts import Drawn
from ledger.spans import Span, named_span, span_of
from members.clock import today_of
from members.models import Community, Fund, Member
from members.queries import visible_communities, visible_members
from office.batches import batch
from office.jobs import JobRun, job_kind
from office.models import User
from reports.member_statement import STYLESHEETS, draw_statement, statements_of, title_in
from welfare.bulk import gather_fund

MEMBER_STATEMENTS = "member-statements"
MOST_STATEMENTS = 10_000  # some 0.1 s of a processor each, and the facts of the whole fund in memory


class NobodyToTell(DomainError):
    """Nobody of whom a statement could be made."""


class TooManyStatements(DomainError):
    """So many do not go into one file."""


def members_told(user: User, community: Community | None) -> QuerySet[Member]:
    """The current members whose statements a user may have, community by community in Thai order.

    Raises `NobodyToTell`, `TooManyStatements`.
    """
    members = visible_members(user).filter(memberships__ended_on=None)
    members = members.filter(community=community) if community else members
    count = members.count()
    if not count:
        raise NobodyToTell(_("There is no current member here whose statement you may print."), field="community")
    if count > MOST_STATEMENTS:
        message = _("%(count)s statements are too many for one file. Choose a community.")
        raise TooManyStatements(message % {"count": f"{count:,}"}, field="community")
    return members.select_related("community").order_by("community__number", "sort_key", "id")


def kept_span(span: Span) -> dict[str, str]:
    """A span as a job's parameters keep it."""
    return {"span": span.value, "first": span.first.isoformat(), "last": span.reaches.isoformat()}


def span_kept(parameters: dict[str, Any], fund: Fund, *, today: date) -> Span:
    first, last = (date.fromisoformat(parameters[name]) for name in ("first", "last"))
    return named_span(parameters["span"], fund, today=today) or span_of("free", first, last, today=today)


@job_kind(MEMBER_STATEMENTS, gettext_lazy("Members' statements"))
def print_statements(run: JobRun) -> None:
    """The statements of a community, or of all that the asker may see; as things stand when they are made."""
    asked, fund = run.parameters, Fund.objects.get()
    today, language = today_of(fund), asked["paper_language"]
    by = run.job.requested_by
    community = visible_communities(by).get(number=asked["community"]) if asked["community"] else None
    members = list(members_told(by, community).defer("name_grams", "national_id_encrypted"))
    run.step(0, total=len(members))
    span, facts = span_kept(asked, fund, today=today), gather_fund()

    def drawn() -> Iterator[Drawn]:
        for one in statements_of(members, span, facts, today=today):
            yield draw_statement(one, fund, language, today=today)

    where = f"-{community.number}" if community else ""
    batch(
        run,
        drawn(),
        total=len(members),
        name=f"member-statements{where}-{language}.pdf",
        title=title_in(language),
        language=language,
        stylesheets=STYLESHEETS,
    )

"""A meeting on paper: its agenda, to project or to print, and the annex to its minutes, to sign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Column, ListPaper, Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.thai_dates import format_date
from ledger.book_papers import in_both
from ledger.queries import money_in_hand
from ledger.void_list import voids_since
from members.application_queries import applications_to_decide
from members.arrears import ArrearsRow
from members.fund_head import fund_head
from members.models import Fund, Meeting, Resolution
from office.models import User
from welfare.controls import LEAST_PRESENT, count_present
from welfare.lapsing import lapses_to_decide
from welfare.meeting_cases import (
    AT_ONE_MEETING,
    benefit_words,
    cases_to_decide,
    first_given,
    lists_to_decide,
    what_to_weigh,
)
from welfare.models import BenefitList, Claim, ClaimState, UrgentGrant
from welfare.queries import claims_to_decide, waiting, with_reckonings
from welfare.urgent import grants_to_ratify

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MeetingPaper:
    """What the paper of a meeting says: its head, who was there, tables one after the other, lines of money."""

    title: Words
    subtitle: Words
    present: tuple[str, ...]
    quorum: Words
    parts: tuple[ListPaper, ...]
    money: tuple[tuple[Words, Decimal], ...] = ()
    signatures: tuple[Signature, ...] = ()


def agenda_pdf(meeting: Meeting, fund: Fund, *, by: User, language: Language, page: str | None = None) -> bytes:
    """The agenda: urgent grants, lists, claims, applications, lapses, voids; the sum against the money.

    `page`: which hundred of the claims, as on the meeting's page; the title of their table says how many there are.
    """
    return _press("pdf/agenda.html", agenda_of(meeting, fund, by=by, page=page), fund, language)


def minutes_pdf(meeting: Meeting, fund: Fund, *, language: Language) -> bytes:
    """The annex to the minutes: who was present, each resolution, each claim with its decision, the places to sign."""
    return _press("pdf/minutes.html", minutes_of(meeting, fund), fund, language)


def _press(template: str, paper: MeetingPaper, fund: Fund, language: Language) -> bytes:
    title = paper.title.in_language(language)
    html = draw_paper(template, {"paper": paper, "paper_title": title}, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=PAPER_STYLESHEETS)


def agenda_of(meeting: Meeting, fund: Fund, *, by: User, page: str | None = None) -> MeetingPaper:
    """The agenda of a meeting out of what waits now."""
    cases = with_reckonings(cases_to_decide(by)).select_related("entered_by")
    waits = waiting(claims_to_decide(by))
    money = money_in_hand().total
    last = Meeting.objects.filter(held_on__lt=meeting.held_on).order_by("-held_on").first()
    parts = [
        _urgent_part(fund, list(grants_to_ratify())),
        _lists_part(fund, list(lists_to_decide())),
        _claims_part(fund, Paginator(cases, AT_ONE_MEETING).get_page(page)),
        _applications_part(fund, by),
        _lapses_part(fund, lapses_to_decide(by, meeting.held_on)),
        _voids_part(fund, last.held_on if last else None),
    ]
    return MeetingPaper(
        title=_title(meeting, lambda: _("Agenda")),
        subtitle=_when(meeting),
        present=_present(meeting),
        quorum=quorum(meeting),
        parts=tuple(part for part in parts if part.rows),
        money=(
            (in_both(lambda: _("All welfare that waits")), waits.total),
            (in_both(lambda: _("The fund's money")), money),
            (in_both(lambda: _("Left after that")), money - waits.total),
        ),
    )


def minutes_of(meeting: Meeting, fund: Fund) -> MeetingPaper:
    """What the meeting resolved, resolution by resolution."""
    resolutions = list(meeting.resolutions.select_related("written_by"))
    decided = _by_resolution(Claim.objects.filter(resolution__in=resolutions, urgent=False))
    grants = UrgentGrant.objects.filter(resolution__in=resolutions).select_related("claim__member")
    first = first_given(resolutions)
    recorder = meeting.recorded_by.display_name if meeting.recorded_by else ""
    return MeetingPaper(
        title=_title(meeting, lambda: _("Annex to the minutes")),
        subtitle=_when(meeting),
        present=_present(meeting),
        quorum=quorum(meeting),
        parts=tuple(
            _resolution_part(fund, one, decided.get(one.pk, []), list(grants), first.get(one.pk, []))
            for one in resolutions
        ),
        signatures=(
            Signature(in_both(lambda: _("Took the minutes")), recorder),
            Signature(in_both(lambda: _("Checked the minutes"))),
        ),
    )


def quorum(meeting: Meeting) -> Words:
    """ "5 present; the quorum of 3 is there"."""
    count = count_present(meeting)
    told = {"count": count, "least": LEAST_PRESENT}
    if count >= LEAST_PRESENT:
        return in_both(lambda: _("%(count)d present; there is a quorum (at least %(least)d).") % told)
    return in_both(lambda: _("%(count)d present; there is no quorum yet (at least %(least)d).") % told)


def _title(meeting: Meeting, say: Callable[[], str]) -> Words:
    told = {"number": meeting.label}
    return in_both(
        lambda: _("%(paper)s, %(kind)s no. %(number)s") % {**told, "paper": say(), "kind": meeting.get_kind_display()}
    )


def _when(meeting: Meeting) -> Words:
    place = f" · {meeting.place}" if meeting.place else ""
    return Words(format_date(meeting.held_on, "full", "th") + place, format_date(meeting.held_on, "full", "en") + place)


def _present(meeting: Meeting) -> tuple[str, ...]:
    return tuple(", ".join(filter(None, (one["name"], one.get("post", "")))) for one in meeting.present)


def _day(day: date) -> Words:
    return Words(format_date(day, "short", "th"), format_date(day, "short", "en"))


def _part(fund: Fund, title: Words, columns: Sequence[Column], rows: Sequence[Row], **more: Any) -> ListPaper:
    return ListPaper(fund=fund_head(fund), title=title, columns=tuple(columns), rows=tuple(rows), **more)


def _total(columns: int, total: Decimal, after: int) -> Row:
    """The last row: the sum under its column, `after` columns behind it empty."""
    return (in_both(lambda: _("Total")), *[""] * (columns - 2 - after), format_baht(total), *[""] * after)


def _claim_columns() -> list[Column]:
    return [
        Column(in_both(lambda: _("No.")), 1, figures=True),
        Column(in_both(lambda: _("Claim no.")), 3),
        Column(in_both(lambda: _("Member")), 4),
        Column(in_both(lambda: _("Benefit and days")), 5),
        Column(in_both(lambda: _("Baht")), 2, figures=True),
    ]


def _claim_row(place: int, claim: Claim, amount: Decimal | None) -> Row:
    member = f"{claim.member.full_name} ({claim.member.number})"
    return (place, claim.label, member, benefit_words(claim), format_baht(amount) if amount is not None else "–")


def _urgent_part(fund: Fund, grants: list[UrgentGrant]) -> ListPaper:
    columns = [*_claim_columns(), Column(in_both(lambda: _("Granted by, and why")), 5)]
    rows = [
        (
            *_claim_row(place, grant.claim, grant.amount),
            f"{grant.chair}, {grant.treasurer}: {grant.reason}",
        )
        for place, grant in enumerate(grants, start=1)
    ]
    total = sum((grant.amount for grant in grants), Decimal(0))
    title = in_both(lambda: _("Urgent death grants to ratify"))
    return _part(fund, title, columns, rows, totals=_total(len(columns), total, 1))


def _lists_part(fund: Fund, lists: list[BenefitList]) -> ListPaper:
    columns = [
        Column(in_both(lambda: _("List no.")), 2),
        Column(in_both(lambda: _("Name of the list")), 8),
        Column(in_both(lambda: _("People")), 2, figures=True),
        Column(in_both(lambda: _("Baht")), 3, figures=True),
    ]
    rows = [(one.label, one.title, f"{one.people:,}", format_baht(one.baht or 0)) for one in lists]
    total = sum((one.baht or Decimal(0) for one in lists), Decimal(0))
    return _part(fund, in_both(lambda: _("Benefits by list")), columns, rows, totals=_total(4, total, 0))


def _claims_part(fund: Fund, page: Page) -> ListPaper:
    columns = [
        *_claim_columns(),
        Column(in_both(lambda: _("To weigh")), 5),
        Column(in_both(lambda: _("Decision")), 3),
    ]
    rows = [
        (*_claim_row(place, claim, claim.amount), what_to_weigh(claim), "")
        for place, claim in enumerate(page.object_list, start=page.start_index())
    ]
    total = sum((claim.amount or Decimal(0) for claim in page.object_list), Decimal(0))
    title = in_both(lambda: _("Welfare claims"))
    if page.has_other_pages():
        told = {"first": page.start_index(), "last": page.end_index(), "count": page.paginator.count}
        title = in_both(lambda: _("Welfare claims %(first)d to %(last)d of %(count)d that wait") % told)
    return _part(fund, title, columns, rows, totals=_total(len(columns), total, 2))


def _applications_part(fund: Fund, by: User) -> ListPaper:
    columns = [
        Column(in_both(lambda: _("No.")), 1, figures=True),
        Column(in_both(lambda: _("Application no.")), 3),
        Column(in_both(lambda: _("Name")), 6),
        Column(in_both(lambda: _("Community")), 5),
    ]
    rows = [
        (place, one.label, f"{one.title}{one.first_name} {one.family_name}", local_name(one.community))
        for place, one in enumerate(applications_to_decide(by).select_related("community"), start=1)
    ]
    return _part(fund, in_both(lambda: _("Applications to membership")), columns, rows)


def _lapses_part(fund: Fund, lapses: Sequence[ArrearsRow]) -> ListPaper:
    """Who was told in time and has paid nothing since: the meeting may end the membership."""
    columns = [
        Column(in_both(lambda: _("No.")), 1, figures=True),
        Column(in_both(lambda: _("Member")), 6),
        Column(in_both(lambda: _("Community")), 4),
        Column(in_both(lambda: _("Paid through")), 2),
        Column(in_both(lambda: _("Told on")), 2),
    ]
    rows = [
        (
            place,
            f"{row.member.full_name} ({row.member.number})",
            local_name(row.member.community),
            _day(row.membership.paid_through),
            _day(row.notices[0].given_on),
        )
        for place, row in enumerate(lapses, start=1)
    ]
    return _part(fund, in_both(lambda: _("Memberships that may end for arrears")), columns, rows)


def _voids_part(fund: Fund, since: date | None) -> ListPaper:
    columns = [
        Column(in_both(lambda: _("Paper")), 4),
        Column(in_both(lambda: _("Baht")), 2, figures=True),
        Column(in_both(lambda: _("Made void on")), 2),
        Column(in_both(lambda: _("Reason")), 6),
    ]
    rows = [
        (f"{row.kind_name} {row.label}", format_baht(row.total), _day(row.void.voided_on), row.void.reason)
        for row in voids_since(since)
    ]
    return _part(fund, in_both(lambda: _("Papers made void since the last meeting")), columns, rows)


# --- minutes -------------------------------------------------------------------------------------------------


def _by_resolution(claims: Any) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = {}
    for claim in claims.select_related("member", "regulation").order_by("submitted_at", "id"):
        found.setdefault(claim.resolution_id, []).append(claim)
    return found


def _resolution_part(
    fund: Fund, resolution: Resolution, claims: list[Claim], grants: list[UrgentGrant], first: list[Claim]
) -> ListPaper:
    """One resolution: its number and words, and a row for each claim that it decided."""
    told = {"number": resolution.label, "subject": resolution.subject}
    title = in_both(lambda: _("Resolution %(number)s: %(subject)s") % told)
    columns = [
        *_claim_columns(),
        Column(in_both(lambda: _("Resolved")), 3),
        Column(in_both(lambda: _("Reason")), 5),
    ]
    lines = [(claim, claim.amount_approved, _verdict(claim), claim.decision_reason) for claim in claims]
    lines += [
        (claim, claim.amount, in_both(lambda: _("First approval of two")), "") for claim in first if claim not in claims
    ]
    lines += [
        (grant.claim, grant.amount, _ratified(grant), grant.ratified_reason)
        for grant in grants
        if grant.resolution_id == resolution.pk
    ]
    rows = [(*_claim_row(place, line[0], line[1]), *line[2:]) for place, line in enumerate(lines, start=1)]
    total = sum((claim.amount_approved or Decimal(0) for claim in claims), Decimal(0))
    more = {"totals": _total(len(columns), total, 2)} if rows else {}
    return _part(fund, title, columns, rows, note=resolution.text, **more)


def _verdict(claim: Claim) -> Words:
    """As it was decided: what was paid or cancelled since was approved then."""
    if claim.state == ClaimState.REJECTED:
        return in_both(lambda: _("Rejected"))
    return in_both(lambda: _("Approved"))


def _ratified(grant: UrgentGrant) -> Words:
    if grant.is_ratified:
        return in_both(lambda: _("Urgent grant ratified"))
    return in_both(lambda: _("Urgent grant not ratified"))

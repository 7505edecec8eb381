"""The papers of a benefit list: one sheet per community to sign, a working list before the decision, and the XLSX."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.paper_parts import Drawn
from bansong_fund.lib.papers import FundHead, Words, draw_paper, press
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from bansong_fund.lib.sheets import Column, sheet_bytes
from bansong_fund.lib.thai_dates import format_date
from members.fund_head import fund_head
from members.models import Fund
from welfare.list_queries import ENDED
from welfare.models import BenefitList, ClaimState, ListLine
from welfare.regulations import document_on

SHEET_STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/benefit_sheet.css")
GRANTED = (ClaimState.APPROVED, ClaimState.PAID)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person: "last4" of her ID, empty without one; `child` where the benefit is about one."""

    name: str
    number: int
    last4: str
    child: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """One community's sheet."""

    community: Words
    rows: tuple[SheetRow, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), ZERO)


@dataclass(frozen=True, slots=True)
class SheetsPaper:
    """All sheets of a list. `is_decided`: they are signed, and become the annex of the voucher; else to work with."""

    fund: FundHead
    label: str
    title: str
    benefit: Words
    event_on: date
    event_name: str
    resolution: str
    decided_on: date | None
    is_decided: bool
    about_children: bool
    sheets: tuple[Sheet, ...]


def sheets_of(benefit_list: BenefitList, lines: Iterable[ListLine], fund: Fund) -> SheetsPaper:
    """The sheets of these lines (in order of their communities, with member, child, community and claim).

    After the decision only those whose claim was approved stand on them.
    """
    decided = benefit_list.state == BenefitList.State.DECIDED
    benefit = document_on(benefit_list.event_on).benefit(benefit_list.benefit_code)
    standing = [line for line in lines if _stands(line, is_decided=decided)]
    sheets = tuple(
        Sheet(Words(community.name_th, community.name_en), tuple(_row(line) for line in rows))
        for community, rows in groupby(standing, key=lambda line: line.community)
    )
    return SheetsPaper(
        fund=fund_head(fund),
        label=benefit_list.label,
        title=benefit_list.title,
        benefit=Words(benefit.name.th, benefit.name.en),
        event_on=benefit_list.event_on,
        event_name=benefit_list.event_key,
        resolution=benefit_list.resolution.label if benefit_list.resolution else "",
        decided_on=benefit_list.resolution.meeting.held_on if benefit_list.resolution else None,
        is_decided=decided,
        about_children=any(line.child_id for line in standing),
        sheets=sheets,
    )


def _stands(line: ListLine, *, is_decided: bool) -> bool:
    if line.struck_by_id is not None:
        return False
    return not is_decided or (line.claim is not None and line.claim.state in GRANTED)


def amount_of(line: ListLine) -> Decimal:
    """What was approved; before the decision what the reckoning came to."""
    approved = line.claim.amount_approved if line.claim else None
    return (line.amount if approved is None else approved) or ZERO


def _row(line: ListLine) -> SheetRow:
    return SheetRow(
        name=line.member.full_name,
        number=line.member.number,
        last4=line.member.national_id_last4,
        child=line.child.name if line.child else "",
        amount=amount_of(line),
    )


def render_sheets(paper: SheetsPaper, language: Language = "th") -> bytes:
    """Return the PDF: each community begins on a page of its own, heads repeat over pages."""
    title = title_of(paper, language)
    return press("pdf/benefit-sheet.html", {"paper": paper}, paper.fund, title, language, stylesheets=SHEET_STYLESHEETS)


def drawn_sheets(paper: SheetsPaper, language: Language) -> Iterator[Drawn]:
    """The same as HTML, community by community; of an empty list a page that says so."""
    for sheets in [(sheet,) for sheet in paper.sheets] or [()]:
        context = {"paper": replace(paper, sheets=sheets), "paper_title": title_of(paper, language)}
        yield Drawn(draw_paper("pdf/benefit-sheet.html", context, paper.fund, language))


def title_of(paper: SheetsPaper, language: Language) -> str:
    with override("en" if language == "en" else "th"):
        return _("List %(number)s") % {"number": paper.label}


def list_sheet(benefit_list: BenefitList, lines: Iterable[ListLine]) -> bytes:
    """The list as XLSX, those struck out with their reason beside the others."""
    columns = [
        Column(_("Community")),
        Column(_("Member no."), "code"),
        Column(_("Name"), width=30),
        Column(_("ID, last four"), "code"),
        Column(_("Child")),
        Column(_("Baht"), "baht", total=True),
        Column(_("Claim no."), "code"),
        Column(_("State")),
        Column(_("Added because"), width=30),
        Column(_("Struck out because"), width=30),
    ]
    above = [
        f"{_('List')} {benefit_list.label}: {benefit_list.title}",
        f"{_('Rights judged by')} {format_date(benefit_list.event_on)}",
    ]
    return sheet_bytes(
        name=benefit_list.label.replace("/", "-"), columns=columns, rows=map(_cells, lines), above=above, landscape=True
    )


def _cells(line: ListLine) -> list[Any]:
    row = _row(line)
    return [
        local_name(line.community),
        str(row.number),
        row.name,
        row.last4,
        row.child,
        None if line.struck_by_id or (line.claim and line.claim.state in ENDED) else row.amount,
        line.claim.label if line.claim else "",
        line.claim.get_state_display() if line.claim else _("Struck out") if line.struck_by_id else "",
        line.added_reason,
        line.struck_reason,
    ]

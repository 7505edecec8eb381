"""Who is in a matching round, or would be: for the page, a sheet, and a paper for CODI. No IDs stand on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.papers import Column, ListPaper, Signature, Words, draw_paper
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.sheets import Column as SheetColumn
from bansong_fund.lib.sheets import sheet_bytes
from bansong_fund.lib.thai_dates import active_language, format_date
from contributions.models import Commitment, MatchingRound
from contributions.queries import MOST_MATCHES, matched_members, round_rows, with_joining
from contributions.request_letters import LETTER_STYLESHEETS, draw_letter
from ledger.papers import fund_head
from members.clock import today_of
from members.models import Community, Fund
from office.batches import batch
from office.jobs import JobRun, job_kind

ROUND_LIST = "round-list"
AT_ONCE = 100  # members: some 13 ms for a line; beyond this the worker draws


@dataclass(frozen=True, slots=True)
class ListedMember:
    """One line: no ID, no birth, no address."""

    number: int
    name: str
    community: Community
    joined_on: date | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class RoundList:
    """A round's members by community and number. `number` is None where the round is still to come."""

    number: int | None
    cutoff_on: date
    rows: tuple[ListedMember, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.amount or ZERO for row in self.rows), ZERO)

    def communities(self) -> Iterator[tuple[Community, list[ListedMember]]]:
        for _key, rows in groupby(self.rows, key=lambda row: row.community.pk):
            members = list(rows)
            yield members[0].community, members

    @property
    def title(self) -> Words:
        if self.number is None:
            return _words(gettext_lazy("Members for the coming matching round"))
        return _words(gettext_lazy("Members in matching round %(number)s"), number=self.number)

    @property
    def subtitle(self) -> Words:
        days = {code: format_date(self.cutoff_on, "long", code) for code in ("th", "en")}
        said = _words(gettext_lazy("Full year of membership on"))
        return Words(f"{said.th} {days['th']}", f"{said.en} {days['en']}")


def recorded_list(one: MatchingRound) -> RoundList:
    """The members of a round as it was recorded."""
    rows = tuple(
        ListedMember(row.member.number, row.member.full_name, row.member.community, row.joined_on, row.amount)
        for row in round_rows(one)
    )
    return RoundList(one.number, one.cutoff_on, rows)


def coming_list(cutoff_on: date, *, count: int | None = None, baht: Decimal | None = None) -> RoundList:
    """Who would be in a round with this cut-off: all, or the first `count`; the least matched come first."""
    members = with_joining(matched_members(cutoff_on, MOST_MATCHES), cutoff_on)[:count]
    found = sorted(members, key=lambda member: (member.community.number, member.number))
    rows = tuple(ListedMember(one.number, one.full_name, one.community, one.joined_on, baht) for one in found)
    return RoundList(None, cutoff_on, rows)


def round_sheet(listed: RoundList, fund: Fund) -> bytes:
    """The list as XLSX."""
    title = listed.title.in_language(active_language())
    columns = [
        SheetColumn(_("Member no."), "count"),
        SheetColumn(_("Name"), width=34),
        SheetColumn(_("Community")),
        SheetColumn(_("Date of joining"), "date"),
        SheetColumn(_("Baht"), "baht", total=True),
    ]
    rows = ([row.number, row.name, local_name(row.community), row.joined_on, row.amount or ""] for row in listed.rows)
    above = [local_name(fund), f"{title}, {listed.subtitle.in_language(active_language())}"]
    return sheet_bytes(name=title, columns=columns, rows=rows, above=above)


def round_pdf(listed: RoundList, fund: Fund, language: Language, *, letter: str = "") -> bytes:
    """A front page with the sums of each community, to be signed, then one list for each community.

    `letter`: the request for the round as HTML, which comes before them.
    """
    papers = _drawn(listed, fund, language, letter)
    return render_papers(papers, title=_title(listed, language), language=language, stylesheets=LETTER_STYLESHEETS)


def _title(listed: RoundList, language: Language) -> str:
    return listed.title.in_language("en" if language == "en" else "th")


def _drawn(listed: RoundList, fund: Fund, language: Language, letter: str) -> Iterator[Drawn]:
    """The letter, the front page, then the communities, each counted by its members."""
    parts = list(listed.communities())
    if letter:
        yield Drawn(letter, 0)
    yield Drawn(_draw(_front(listed, parts, fund), language), 0)
    for community, rows in parts:
        yield Drawn(_draw(_part(listed, community, rows, fund), language), len(rows))


def _draw(paper: ListPaper, language: Language) -> str:
    return draw_paper("pdf/list.html", {"paper": paper, "paper_title": paper.title.th}, paper.fund, language)


def _front(listed: RoundList, parts: Sequence[tuple[Community, list[ListedMember]]], fund: Fund) -> ListPaper:
    rows = tuple((_name(place), f"{len(rows):,}", _baht_or_blank(_sum(rows))) for place, rows in parts)
    return ListPaper(
        fund=fund_head(fund),
        title=listed.title,
        subtitle=listed.subtitle,
        columns=(
            Column(_words(gettext_lazy("Community")), 10),
            Column(_words(gettext_lazy("Members")), 4, figures=True),
            Column(_words(gettext_lazy("Baht")), 6, figures=True),
        ),
        rows=rows,
        totals=(_words(gettext_lazy("Total")), f"{len(listed.rows):,}", _baht_or_blank(listed.total)),
        signatures=(
            Signature(_words(gettext_lazy("Treasurer"))),
            Signature(_words(gettext_lazy("Chair of the fund"))),
        ),
    )


def _part(listed: RoundList, community: Community, rows: Sequence[ListedMember], fund: Fund) -> ListPaper:
    cells = tuple(
        (
            str(place),
            str(row.number),
            row.name,
            Words(_day(row.joined_on, "th"), _day(row.joined_on, "en")),
            _baht_or_blank(row.amount),
        )
        for place, row in enumerate(rows, start=1)
    )
    name = _name(community)
    return ListPaper(
        fund=fund_head(fund),
        title=listed.title,
        subtitle=Words(f"{name.th} · {listed.subtitle.th}", f"{name.en} · {listed.subtitle.en}"),
        columns=(
            Column(_words(gettext_lazy("No.")), 2, figures=True),
            Column(_words(gettext_lazy("Member no.")), 3, figures=True),
            Column(_words(gettext_lazy("Name")), 8),
            Column(_words(gettext_lazy("Date of joining")), 4),
            Column(_words(gettext_lazy("Baht")), 3, figures=True),
        ),
        rows=cells,
        totals=("", "", _words(gettext_lazy("Total")), "", _baht_or_blank(_sum(rows))),
    )


@job_kind(ROUND_LIST, gettext_lazy("List of a matching round"))
def print_round_list(run: JobRun) -> None:
    """The list that was asked for: of a recorded round by its number, else of a coming one by its cut-off."""
    wanted, language = run.parameters, run.parameters["paper_language"]
    listed, fund = listed_by(wanted), Fund.objects.get()
    asked = Commitment.objects.filter(pk=wanted.get("commitment")).first()
    letter = draw_letter(asked, fund, today=today_of(fund), language=language) if asked else ""
    batch(
        run,
        _drawn(listed, fund, language, letter),
        total=len(listed.rows),
        name=f"{file_name(listed)}-{language}.pdf",
        title=_title(listed, language),
        language=language,
        stylesheets=LETTER_STYLESHEETS,
    )


def wanted_of(commitment: Commitment) -> dict[str, object]:
    """Which list goes with a request, as a job carries it: of the recorded round once the money has come."""
    number = commitment.round_number
    if MatchingRound.objects.filter(number=number, grants__commitment=commitment).exists():
        return {"commitment": commitment.pk, "number": number}
    return {
        "commitment": commitment.pk,
        "cutoff": commitment.cutoff_on.isoformat(),
        "count": commitment.member_count,
        "baht": str(commitment.baht_per_member),
    }


def listed_by(wanted: dict[str, object]) -> RoundList:
    """The list that a job's parameters name: {"number": 4}, or {"cutoff": "2020-09-30", "count": 12, "baht": "300"}."""
    if wanted.get("number"):
        return recorded_list(MatchingRound.objects.get(number=wanted["number"]))
    baht = wanted.get("baht")
    cutoff = date.fromisoformat(str(wanted["cutoff"]))
    return coming_list(cutoff, count=wanted.get("count"), baht=Decimal(str(baht)) if baht else None)


def file_name(listed: RoundList) -> str:
    return f"round-{listed.number or 'next'}"


def _sum(rows: Sequence[ListedMember]) -> Decimal:
    return sum((row.amount or ZERO for row in rows), ZERO)


def _baht_or_blank(amount: Decimal | None) -> str:
    return format_baht(amount) if amount else ""


def _name(community: Community) -> Words:
    return Words(community.name_th, community.name_en)


def _day(day: date | None, language: str) -> str:
    return format_date(day, "short", language) if day else ""


def _words(text: Promise, **values: object) -> Words:
    said = {}
    for code in ("th", "en"):
        with override(code):
            said[code] = str(text) % values if values else str(text)
    return Words(said["th"], said["en"])

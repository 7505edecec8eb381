"""Papers of the annual event: its counting sheet, the statement of its net result, the list of thanks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.papers import Column, ListPaper, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.thai_dates import format_date
from contributions.counting import COUNTERS, Uncounted, cash_to_count
from contributions.handing_over import DENOMINATIONS
from contributions.models import Campaign, CashCount, Contributor, Gift, InKindGift, Sponsor
from contributions.queries import in_thai_order
from contributions.queries.events import EventSums, costs_of, event_sums
from ledger.book_papers import in_both, signatures
from members.fund_head import fund_head
from members.models import Fund

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/hand_over.css", "pdf/event.css")


# --- the counting sheet -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountingSheet:
    """ใบนับเงินสด: an empty one to count by hand (`count` is None), or what was counted. Three places to sign."""

    campaign: Campaign
    expected: Decimal
    cash: Uncounted | None = None  # what makes `expected`, on an empty sheet
    count: CashCount | None = None

    @property
    def title(self) -> Words:
        return in_both(lambda: _("Counting sheet of an event"))

    @property
    def pieces(self) -> list[tuple[str, int | None, Decimal | None]]:
        """Each note and coin with how many there were and what they make; None where it is still to be written."""
        if self.count is None:
            return [(piece, None, None) for piece in DENOMINATIONS]
        found = [(piece, self.count.notes_and_coins.get(piece, 0)) for piece in DENOMINATIONS]
        return [(piece, count, Decimal(piece) * count) for piece, count in found]

    @property
    def counters(self) -> list[dict[str, str]]:
        return self.count.counters if self.count else [{"name": "", "post": ""}] * COUNTERS

    @property
    def difference(self) -> Decimal:
        return self.count.counted - self.expected if self.count else ZERO


def empty_sheet(campaign: Campaign) -> CountingSheet:
    """The sheet for the count that comes next."""
    cash = cash_to_count(campaign)
    return CountingSheet(campaign, cash.expected, cash)


def sheet_of(count: CashCount) -> CountingSheet:
    return CountingSheet(count.campaign, count.expected, count=count)


def render_counting_sheet(sheet: CountingSheet, fund: Fund, language: Language) -> bytes:
    """One A4 page."""
    return _render("pdf/counting.html", {"sheet": sheet, "event": _name(sheet.campaign)}, sheet.title, fund, language)


# --- the net result ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResultLine:
    """Income of one kind: how many receipts, baht in cash and by transfer."""

    words: Words
    times: int
    cash: Decimal
    transfer: Decimal

    @property
    def total(self) -> Decimal:
        return self.cash + self.transfer


@dataclass(frozen=True, slots=True)
class CostLine:
    """One cost with its voucher."""

    day: date
    voucher: str
    words: Words
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EventResult:
    """What an event brought, what it cost, and what is left; gifts in kind stand apart and are no money."""

    campaign: Campaign
    sums: EventSums
    income: tuple[ResultLine, ...]
    costs: tuple[CostLine, ...]
    in_kind: tuple[InKindGift, ...]
    counts: tuple[CashCount, ...]

    @property
    def title(self) -> Words:
        return in_both(lambda: _("Result of the event"))

    @property
    def loss(self) -> Decimal:
        """By how much the costs are above the income; nought where they are not."""
        return max(-self.sums.net, ZERO)

    @property
    def counted(self) -> list[tuple[CashCount, Decimal]]:
        """Each count with what it was over, or short below nought."""
        return [(one, one.counted - one.expected) for one in self.counts]


def event_result(campaign: Campaign) -> EventResult:
    """The statement of an event as its papers stand now."""
    sums = event_sums(campaign)
    income = [ResultLine(Words(one.name_th, one.name_en), one.times, one.cash, one.transfer) for one in sums.income]
    costs = costs_of(campaign).select_related("voucher").prefetch_related("voucher__lines")
    return EventResult(
        campaign=campaign,
        sums=sums,
        income=tuple(income),
        costs=tuple(
            CostLine(cost.paid_on, cost.voucher.label, Words(line.text_th, line.text_en), line.amount)
            for cost in costs
            for line in cost.voucher.lines.all()
        ),
        in_kind=tuple(campaign.in_kind.order_by("year_be", "number")),
        counts=tuple(campaign.counts.order_by("pk")),
    )


def render_result(result: EventResult, fund: Fund, language: Language) -> bytes:
    """The statement with the places of treasurer, auditor and chair."""
    context = {"result": result, "event": _name(result.campaign), "signatures": signatures()}
    return _render("pdf/event_result.html", context, result.title, fund, language)


# --- thanks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thanked:
    """Who gave at an event: those who agreed to be named, in Thai order, and all others as a number and a sum."""

    sponsors: tuple[Sponsor, ...]  # of those who agreed, in their order
    sponsors_unnamed: int
    named: tuple[Contributor, ...]
    unnamed: int
    unnamed_baht: Decimal
    in_kind: tuple[InKindGift, ...]  # of those who agreed
    in_kind_unnamed: int


def thanked_at(campaign: Campaign) -> Thanked:
    """In three queries; whether somebody may be named is asked of the register as it is today."""
    held = Gift.objects.filter(campaign=campaign, receipt__void=None, contributor=OuterRef("pk")).order_by()
    given = Contributor.objects.annotate(
        given=Subquery(held.values("contributor").annotate(n=Sum("amount")).values("n"))
    )
    rows = list(in_thai_order(given.filter(given__isnull=False)))
    unnamed = [one.given for one in rows if not one.may_be_named]
    in_kind = list(campaign.in_kind.select_related("contributor").order_by("year_be", "number"))
    named_in_kind = tuple(one for one in in_kind if one.contributor.may_be_named)
    named = tuple(one for one in rows if one.may_be_named)
    sponsors = list(campaign.sponsors.select_related("contributor"))
    agreed = tuple(one for one in sponsors if one.contributor.may_be_named)
    return Thanked(
        sponsors=agreed,
        sponsors_unnamed=len(sponsors) - len(agreed),
        named=named,
        unnamed=len(unnamed),
        unnamed_baht=sum(unnamed, ZERO),
        in_kind=named_in_kind,
        in_kind_unnamed=len(in_kind) - len(named_in_kind),
    )


def thanks_list(campaign: Campaign, fund: Fund) -> ListPaper:
    """For the notice board: by name those who agreed, all others together.

    Sponsors come first and gifts in kind last, both without baht.
    """
    thanked = thanked_at(campaign)
    rows: list[tuple[object, ...]] = [(one.contributor.name, _sponsor(one.part), "") for one in thanked.sponsors]
    if thanked.sponsors_unnamed:
        rows.append((_unnamed(thanked.sponsors_unnamed), _sponsor(""), ""))
    rows += [(one.name, in_both(lambda: _("Money")), format_baht(one.given)) for one in thanked.named]
    if thanked.unnamed:
        rows.append((_unnamed(thanked.unnamed), in_both(lambda: _("Money")), format_baht(thanked.unnamed_baht)))
    rows += [(one.contributor.name, _in_kind(one.description), "") for one in thanked.in_kind]
    if thanked.in_kind_unnamed:
        rows.append((_unnamed(thanked.in_kind_unnamed), in_both(lambda: _("Gift in kind")), ""))
    total = sum((one.given for one in thanked.named), thanked.unnamed_baht)
    return ListPaper(
        fund=fund_head(fund),
        title=in_both(lambda: _("With thanks to all who gave")),
        subtitle=_name_and_day(campaign),
        columns=(
            Column(in_both(lambda: _("No.")), 2, figures=True),
            Column(in_both(lambda: _("Name")), 9),
            Column(in_both(lambda: _("What was given")), 6),
            Column(in_both(lambda: _("Baht")), 3, figures=True),
        ),
        rows=tuple((str(place), *row) for place, row in enumerate(rows, start=1)),
        totals=("", in_both(lambda: _("Total")), "", format_baht(total)),
        note=in_both(lambda: _("The fund thanks everybody who gave.")),
    )


def _unnamed(count: int) -> Words:
    return in_both(lambda: _("Those who do not wish to be named: %(count)s") % {"count": f"{count:,}"})


def _sponsor(part: str) -> Words:
    return in_both(lambda: _("Sponsor: %(part)s") % {"part": part} if part else _("Sponsor"))


def _in_kind(description: str) -> Words:
    return in_both(lambda: _("In kind: %(what)s") % {"what": description})


def _name(campaign: Campaign) -> Words:
    return Words(campaign.name_th, campaign.name_en)


def _name_and_day(campaign: Campaign) -> Words:
    days = {code: format_date(campaign.held_on, "long", code) for code in ("th", "en")}
    return Words(f"{campaign.name_th} · {days['th']}", f"{campaign.name_en or campaign.name_th} · {days['en']}")


def _render(template: str, context: dict[str, object], title: Words, fund: Fund, language: Language) -> bytes:
    name = title.in_language("en" if language == "en" else "th")
    html = draw_paper(template, {**context, "paper_title": name}, fund_head(fund), language)
    return render_pdf(html, title=name, language=language, stylesheets=STYLESHEETS)

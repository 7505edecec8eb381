"""The figures of a year or of any span as tables: drawn up once for the page, the paper and the sheets.

Each function makes one `BookPaper` of figures that are asked for elsewhere; nothing is reckoned here but sums.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import format_date
from ledger.book_papers import BookColumn, BookPaper, BookRow
from ledger.book_papers import in_both as say
from ledger.models import AccountRole
from members.models import Community, EndReason
from members.types import MEMBER_TYPES
from reports.charts import LEG_NAMES
from reports.figures.communities import CommunityMoney, Exchange
from reports.figures.flow import FlowRow, PeopleFlow
from reports.figures.over_years import OverYears
from reports.figures.passbooks import BankRow
from reports.figures.people import PeopleFigures
from reports.figures.sources import Ever, SourcesAndUses
from reports.figures.supporters import Supporters
from reports.figures.welfare import Kind, Paid, WelfareFigures
from reports.words import SpokenDay, in_both

ALL = _("All")
BAHT = _("Baht")
PERSONS, TIMES = _("Persons"), _("Times")
WIDE = 7  # columns that a page takes upright
Heading = tuple[Promise | Words, str]


def table(
    title: Promise | Words,
    head: Iterable[Heading],
    rows: Iterable[BookRow],
    note: Words | None = None,
) -> BookPaper:
    """A table of `head` (heading, kind of column) and rows; many columns make it a wide one."""
    columns = tuple(BookColumn(words(heading), kind) for heading, kind in head)
    return BookPaper(words(title), Words(""), columns, list(rows), is_landscape=len(columns) > WIDE, note=note)


def words(text: Promise | Words | str) -> Words:
    return text if isinstance(text, Words) else Words(text, text) if isinstance(text, str) else in_both(text)


def named(thing: Any) -> Words:
    return Words(thing.name_th, thing.name_en)


# --- members ------------------------------------------------------------------------------------------------


def flow_by_community(flow: PeopleFlow) -> BookPaper:
    """สมาชิกเข้า-ออก by community; in the whole fund who moved within it neither came nor went."""
    names = [named(community) for community in flow.communities]
    rows = [_flow_row(name, row) for name, row in zip(names, flow.by_community, strict=True)]
    total = _flow_row(in_both(ALL), flow.fund, moved=sum(row.changed_in for row in flow.by_community))
    head = (_("Community"), _("From another"), _("To another"))
    return table(_("Members in and out, by community"), _flow_head(*head), [*rows, total])


def flow_by_type(flow: PeopleFlow) -> BookPaper:
    """The same by type; who grew older or was given a mark became of another type."""
    rows = [_flow_row(in_both(MEMBER_TYPES[row.key]), row) for row in flow.by_type]
    total = _flow_row(in_both(ALL), flow.fund, moved=sum(row.changed_in for row in flow.by_type))
    head = (_("Type"), _("Became"), _("Became another"))
    return table(_("Members in and out, by type"), _flow_head(*head), [*rows, total])


def _flow_head(what: Promise, came_over: Promise, went_over: Promise) -> list[Heading]:
    counted = (_("At the start"), _("Joined"), _("Came back"), came_over, went_over)
    reasons = [in_both(reason.label) for reason in EndReason]
    return [(what, "text"), *((one, "number") for one in (*counted, *reasons, _("At the end")))]


def _flow_row(name: Words, row: FlowRow, moved: int | None = None) -> BookRow:
    changed = (row.changed_in, row.changed_out) if moved is None else (moved, moved)
    cells = (name, row.at_start, row.joined, row.returned, *changed, *row.left.values(), row.at_end)
    return BookRow(cells, is_strong=moved is not None)


def members_by_type(people: PeopleFigures) -> BookPaper:
    """Current members by community and type."""
    rows = [BookRow((named(row.community), *row.by_type.values(), row.current)) for row in people.communities]
    rows.append(BookRow((in_both(ALL), *people.by_type.values(), people.current), is_strong=True))
    head = [(name, "number") for name in (*MEMBER_TYPES.values(), ALL)]
    return table(_("Current members by community and type"), [(_("Community"), "text"), *head], rows)


# --- years side by side ---------------------------------------------------------------------------------------


def legs_over_years(over: OverYears) -> BookPaper:
    rows = [BookRow((in_both(LEG_NAMES[leg]), *amounts)) for leg, amounts in over.legs.items()]
    rows.append(BookRow((in_both(_("The four legs")), *over.all_legs), is_strong=True))
    rows.append(BookRow((in_both(_("Money left over at the end of the year")), *over.balances)))
    head = [(_("Leg"), "text"), *((words(name), "baht") for name in over.names)]
    return table(_("The four legs over the years"), head, rows)


def kinds_over_years(over: OverYears) -> BookPaper:
    title = _("Welfare by kind over the years")
    return _paid_table(title, _("Kind of welfare"), over.kinds, over.welfare, over.names)


def communities_over_years(over: OverYears) -> BookPaper:
    rows = [*((named(community), paid) for community, paid in over.communities), *_elsewhere(over.elsewhere)]
    title = _("Welfare by community over the years")
    return _paid_table(title, _("Community"), rows, over.welfare, over.names)


def kinds_of_spans(found: Sequence[WelfareFigures], names: Sequence[Words]) -> BookPaper:
    """Welfare by kind of a span beside another."""
    kinds = [(kind.name, [_paid(one.kinds[place]) for one in found]) for place, kind in enumerate(found[0].kinds)]
    title = _("Welfare by kind")
    return _paid_table(title, _("Kind of welfare"), kinds, [one.all for one in found], names)


def communities_of_spans(
    found: Sequence[WelfareFigures], communities: Iterable[Community], names: Sequence[Words]
) -> BookPaper:
    """Welfare by community of a span beside another."""
    rows = [(named(one), [of.communities.get(one.pk, Paid()) for of in found]) for one in communities]
    rows += _elsewhere([of.communities.get(None, Paid()) for of in found])
    title = _("Welfare by community")
    return _paid_table(title, _("Community"), rows, [one.all for one in found], names)


def _paid(kind: Kind) -> Paid:
    return Paid(kind.persons, kind.times, kind.baht)


def _elsewhere(paid: Sequence[Paid]) -> list[tuple[Words, Sequence[Paid]]]:
    """A row for what names no community, where there is any."""
    return [(in_both(_("No community named")), paid)] if any(one.times or one.baht for one in paid) else []


def _paid_table(
    title: Promise,
    what: Promise,
    rows: Iterable[tuple[Words, Sequence[Paid]]],
    total: Sequence[Paid],
    names: Sequence[Words | str],
) -> BookPaper:
    head: list[Heading] = [(what, "text")]
    for name in map(words, names):
        head += [(_joined(name, PERSONS), "number"), (_joined(name, TIMES), "number"), (_joined(name, BAHT), "baht")]
    made = [BookRow((name, *_cells(paid))) for name, paid in rows]
    note = in_both(_("In the sum of persons a member counts once, whatever she received."))
    return table(title, head, [*made, BookRow((in_both(ALL), *_cells(total)), is_strong=True)], note)


def _cells(paid: Iterable[Paid]) -> Iterator[int | Decimal]:
    for one in paid:
        yield from (one.persons, one.times, one.baht)


def _joined(name: Words, what: Promise) -> Words:
    second = in_both(what)
    return Words(f"{name.th}: {second.th}", f"{name.en or name.th}: {second.en}")


# --- money --------------------------------------------------------------------------------------------------


def paid_in_against_received(found: CommunityMoney, name: Words | str) -> BookPaper:
    """What each community's members paid in and received, in the days named and since the founding."""
    paid_in, received = _("Paid in as dues"), _("Received as welfare")
    ever = in_both(_("Since founding"))
    head = [(_("Community"), "text")]
    head += [(_joined(days, what), "baht") for days in (words(name), ever) for what in (paid_in, received)]
    rows = [BookRow((named(community), *_both(this), *_both(since))) for community, this, since in found.rows]
    if any(map(_is_something, found.elsewhere)):
        cells = (*_both(found.elsewhere[0]), *_both(found.elsewhere[1]))
        rows.append(BookRow((in_both(_("No community named")), *cells)))
    if _is_something(found.before):
        told = in_both(_("Before the books, of the whole fund"))
        rows.append(BookRow((told, None, None, *_both(found.before))))
    total = (*_both(found.all[0]), *_both(found.all[1]))
    rows.append(BookRow((in_both(ALL), *total), is_strong=True))
    return table(_("Paid in against received, by community"), head, rows)


def _both(found: Exchange) -> tuple[Decimal, Decimal]:
    return found.paid_in, found.received


def _is_something(found: Exchange) -> bool:
    return bool(found.paid_in or found.received)


def sources_table(found: SourcesAndUses, on: date) -> BookPaper:
    """CODI's section 10 as it stands `on` a day: sources left, uses right, two sums that agree."""
    first = (_receipts(found), _assets(found))
    second = (_revenue(found), _expenses(found))
    total = in_both(_("Sources together")), in_both(_("Uses together"))
    rows = [*_side_by_side(*first), *_side_by_side(*second)]
    rows.append(BookRow((total[0], found.sources, total[1], found.uses), is_strong=True))
    sides = _("Sources"), _("Uses")
    head = [(sides[0], "text"), (BAHT, "baht"), (sides[1], "text"), (BAHT, "baht")]
    day = say(lambda: _("As at %(day)s") % {"day": format_date(on)})
    return table(_("Sources and uses since founding"), head, rows, day)


Side = tuple[Words | str, Decimal | None]
NOTHING: Side = ("", None)


def _side_by_side(left: Iterable[Side], right: Iterable[Side]) -> Iterator[BookRow]:
    """Two lists beside each other, whose first rows are their heads."""
    for place, (one, other) in enumerate(zip_longest(left, right, fillvalue=NOTHING)):
        yield BookRow((*one, *other), is_strong=place == 0)


def _receipts(found: SourcesAndUses) -> Iterator[Side]:
    yield in_both(_("1. Receipts")), found.all_receipts
    for row in found.receipts:
        if row.account.role == AccountRole.CODI_MATCHING and found.rounds:
            yield from ((_round(row, number), baht) for number, baht in found.rounds)
        else:
            yield from _accounts([row])


def _accounts(rows: Iterable[Ever]) -> Iterator[Side]:
    """Accounts by their names, those that never moved left out."""
    yield from ((named(row.account), row.baht) for row in rows if row.baht)


def _round(row: Ever, number: int | None) -> Words:
    name = named(row.account)
    if number is None:
        return name
    which = in_both(_("round %(number)s"), number=number)
    return Words(f"{name.th} {which.th}", f"{name.en}, {which.en}")


def _revenue(found: SourcesAndUses) -> Iterator[Side]:
    yield in_both(_("2. Other income")), found.all_revenue
    yield from _accounts(found.revenue)
    if found.untold:
        yield in_both(_("Found when the books were opened, beyond the old totals")), found.untold


def _assets(found: SourcesAndUses) -> Iterator[Side]:
    yield in_both(_("1. Assets, and welfare paid")), found.assets
    yield in_both(_("Bank deposits")), found.banks
    yield in_both(_("Cash in hand, and with leaders")), found.in_hand
    yield in_both(_("Welfare paid to members")), found.welfare
    if found.other_assets:
        yield in_both(_("Other assets")), found.other_assets


def _expenses(found: SourcesAndUses) -> Iterator[Side]:
    yield in_both(_("2. Expenses")), found.all_expenses
    yield from _accounts(found.expenses)


def bank_table(rows: Iterable[BankRow], until: date) -> BookPaper:
    """Every bank account by the ledger and by its passbook, and what explains a difference."""
    head = [
        (_("Account"), "text"),
        (_("By the books"), "baht"),
        (_("By the passbook"), "baht"),
        (_("Passbook of"), "date"),
        (_("Difference"), "baht"),
        (_("Explained"), "text"),
    ]
    made = [
        BookRow(
            (
                _bank_name(row),
                row.booked,
                row.line.balance if row.line else None,
                row.line.line_on if row.line else None,
                row.difference,
                _explained(row),
            )
        )
        for row in rows
    ]
    day = say(lambda: _("As at %(day)s") % {"day": format_date(until)})
    return table(_("Bank accounts by the books and by their passbooks"), head, made, day)


def _bank_name(row: BankRow) -> Words:
    account = row.account
    digits = f"…{account.last_digits}" if account.last_digits else ""
    thai = (account.name_th, account.bank_th, account.branch_th, digits)
    english = (account.name_en, account.bank_en, account.branch_en, digits)
    return Words(" ".join(filter(None, thai)), " ".join(filter(None, english)))


def _explained(row: BankRow) -> Words:
    """In a few words: whether it was reconciled, when, and by how many items."""
    signed = row.signed
    if row.line is None:
        return in_both(_("No passbook is typed"))
    if signed is None:
        return in_both(_("Not reconciled yet"))
    if not signed.passbook_balance - signed.ledger_balance:
        return in_both(_("Reconciled on %(day)s without a difference"), day=SpokenDay(signed.as_of))
    told = {"day": SpokenDay(signed.as_of), "count": len(signed.items), "baht": format_baht(row.signed_difference)}
    text = _("Reconciled on %(day)s: %(baht)s baht explained by %(count)s items")
    said = in_both(text, **told)
    words = signed.explanation
    return Words(f"{said.th} {words}", f"{said.en} {words}") if words else said


def supporters_table(found: Supporters) -> BookPaper:
    """Those who agreed to be named; the others are a number."""
    rows = [BookRow((Words(one.name, one.name),)) for one in found.named]
    told = {"count": f"{found.all_in_period:,}", "named": f"{len(found.named):,}"}
    note = in_both(_("%(count)s supporters gave in the year; %(named)s agreed to be named."), **told)
    return table(_("Supporters"), [(_("Name"), "text")], rows, note)

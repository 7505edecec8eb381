"""The collection sheet as a paper: names, house numbers and amounts only, no IDs."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Column, ListPaper, Signature, Words
from bansong_fund.lib.thai_dates import format_date
from contributions.models import CollectionSheet
from contributions.queries import SheetRow
from ledger.papers import fund_head
from members.models import Fund


def sheet_paper(sheet: CollectionSheet, rows: Sequence[SheetRow], fund: Fund) -> ListPaper:
    """บัญชีเก็บเงินสมทบ: a draft lists who owes; a submitted one who paid."""
    is_draft = sheet.state == CollectionSheet.State.DRAFT
    shown = [row for row in rows if row.line or (is_draft and row.owed)]
    total = sum(row.line.amount for row in shown if row.line)
    return ListPaper(
        fund=fund_head(fund),
        title=_words(lambda: f"{_('Collection sheet')} {sheet.label}"),
        subtitle=Words(sheet.community.name_th, sheet.community.name_en),
        columns=_columns(),
        rows=tuple(_row(place, row) for place, row in enumerate(shown, start=1)),
        totals=("", "", _words(lambda: _("Total")), "", "", format_baht(total) if total else "", "", ""),
        signatures=(
            Signature(_words(lambda: _("Collector")), sheet.collector.display_name),
            Signature(_words(lambda: _("Treasurer"))),
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_words(lambda: _("No.")), 3, figures=True),
        Column(_words(lambda: _("Member no.")), 4, figures=True),
        Column(_words(lambda: _("Name")), 9),
        Column(_words(lambda: _("House no.")), 3),
        Column(_words(lambda: _("Owed")), 4, figures=True),
        Column(_words(lambda: _("Paid")), 4, figures=True),
        Column(_words(lambda: _("Date")), 5),
        Column(_words(lambda: _("Signature")), 5),
    )


def _row(place: int, row: SheetRow) -> tuple[object, ...]:
    house = row.member.household.house_number if row.member.household else ""
    paid = format_baht(row.line.amount) if row.line else ""
    day = format_date(row.line.paid_on, "short", "th") if row.line else ""
    owed = format_baht(row.owed) if row.owed else ""
    return (str(place), str(row.member.number), row.member.full_name, house, owed, paid, day, "")


def _words(say: Callable[[], str]) -> Words:
    said = {}
    for language in ("th", "en"):
        with override(language):
            said[language] = say()
    return Words(said["th"], said["en"])

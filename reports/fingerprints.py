"""The fingerprint that a report carries (รหัสตรวจสอบบัญชี), and the record of each one printed."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.closing_papers import fingerprint_of
from ledger.models import AccountingMonth, Entry, Fingerprint, FiscalYear
from office.models import User
from reports.years import ReportYear


@dataclass(frozen=True, slots=True)
class Seal:
    """An entry and its hash: a closed year's closing entry, else the last entry of the books."""

    entry: Entry
    is_provisional: bool

    @property
    def number(self) -> int:
        return self.entry.number

    @property
    def chain_hash(self) -> str:
        return self.entry.chain_hash

    @property
    def groups(self) -> list[str]:
        """The 64 letters in groups of eight, so that they can be read out."""
        return [self.chain_hash[place : place + 8] for place in range(0, 64, 8)]


def seal_of(year: ReportYear) -> Seal:
    """The fingerprint of a year's report."""
    closing = Entry.objects.filter(pk__in=FiscalYear.objects.filter(pk=year.year_be).values("closing_entry")).first()
    if closing is not None:
        return Seal(closing, is_provisional=False)
    return Seal(Entry.objects.order_by("-number")[0], is_provisional=True)


def seal_of_month(first_day: date) -> Seal:
    """The fingerprint of a month's report: as kept when the month was closed, else its year's, else the last entry."""
    month = AccountingMonth.objects.select_related("fiscal_year__closing_entry").filter(first_day=first_day).first()
    if month is not None and (number := fingerprint_of(month.closing_checklist).partition(":")[0]):
        return Seal(Entry.objects.get(number=int(number)), is_provisional=False)
    if month is not None and month.fiscal_year.closing_entry is not None:
        return Seal(month.fiscal_year.closing_entry, is_provisional=False)
    return Seal(Entry.objects.order_by("-number")[0], is_provisional=True)


def record_printing(seal: Seal, *, paper: str, by: User | None, now: datetime) -> None:
    """Write down that the fingerprint went out on this paper, once for each paper."""
    if Fingerprint.objects.filter(entry=seal.entry, chain_hash=seal.chain_hash, paper=paper).exists():
        return
    Fingerprint.objects.create(
        entry=seal.entry,
        chain_hash=seal.chain_hash,
        paper=paper,
        is_provisional=seal.is_provisional,
        printed_by=by,
        printed_at=now,
    )

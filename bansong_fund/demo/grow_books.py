"""The books of a grown fund: entries sealed one behind the other, papers, numbers and kept sums, written by COPY.

What `ledger.posting` and `ledger.documents` do for one event is done here for millions; `check_ledger` proves it.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bansong_fund.demo.grow_people import Person
from bansong_fund.demo.grow_tables import NULL, Table
from bansong_fund.demo.grow_world import World, moment
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.thai_dates import be_year
from ledger import chain
from ledger.documents import label
from ledger.models import (
    Account,
    AccountRole,
    CommunitySum,
    DocumentSequence,
    Entry,
    EntryMemo,
    LedgerHead,
    LedgerSum,
    Line,
    PaymentMeans,
    PaymentVoucher,
    PaymentVoucherLine,
    Receipt,
    ReceiptLine,
)
from office.models import User

PAPER_COLUMNS = (
    *("year_be", "number", "date", "party_name", "member_id", "contributor_number", "means", "account_id", "total"),
    *("entry_id", "issued_by_id", "issued_by_name", "issued_by_post", "issued_at"),
)
SUM_COLUMNS = ("month", "account_id", "restricted_fund_id", "is_closing", "debit", "credit")
PAPER_LINE_COLUMNS = ("position", "text_th", "text_en", "amount", "line_id")


class Posting(NamedTuple):
    """One line to post. Members and communities by number, which is their key here."""

    debit: Account
    credit: Account
    amount: Decimal
    community: int | str = ""
    member: int | str = ""
    contributor: int | str = ""


class Posted(NamedTuple):
    entry: int
    first_line: int  # the lines of an entry have keys one behind the other


class Books:
    """Takes events in the order of their days; `finish` writes what is kept in memory."""

    def __init__(self, world: World) -> None:
        rng: random.Random = world.rng
        self._rng = rng
        self._general = world.general
        self._previous_hash = chain.GENESIS_HASH
        self._numbers: dict[tuple[str, int], int] = defaultdict(int)
        self._month = world.founded_on.replace(day=1)
        self._sums: dict[tuple, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])  # of `_month` alone
        self.held: dict[int, Decimal] = defaultdict(Decimal)
        self.entries = Table(
            Entry,
            (
                *("number", "date", "kind", "document_kind", "document_number", "memo_digest", "posted_by_id"),
                *("posted_at", "hash_version", "chain_hash"),
            ),
            rng,
        )
        self.lines = Table(
            Line,
            (
                *("entry_id", "position", "debit_id", "credit_id", "amount", "restricted_fund_id", "community_id"),
                *("member_id", "contributor_number"),
            ),
            rng,
        )
        self.sums = Table(LedgerSum, SUM_COLUMNS, rng)
        self.community_sums = Table(CommunitySum, (*SUM_COLUMNS, "community_id"), rng)
        self.memos = Table(EntryMemo, ("entry_id", "salt", "text"), rng)
        self.receipts = Table(Receipt, (*PAPER_COLUMNS, "kind"), rng)
        self.receipt_lines = Table(ReceiptLine, (*PAPER_LINE_COLUMNS, "receipt_id", "covers_from", "covers_until"), rng)
        self.vouchers = Table(PaymentVoucher, (*PAPER_COLUMNS, "resolution_label"), rng)
        self.voucher_lines = Table(PaymentVoucherLine, (*PAPER_LINE_COLUMNS, "voucher_id", "claim_number"), rng)

    def next_number(self, series: str, year_be: int) -> int:
        """The next number of a gap-free series."""
        self._numbers[series, year_be] += 1
        return self._numbers[series, year_be]

    def post(
        self,
        day: date,
        kind: str,
        lines: Sequence[Posting],
        *,
        by: User,
        document: tuple[str, str] = ("", ""),
        memo: str = "",
    ) -> Posted:
        """Seal one entry behind the last, keep its lines and add to the sums."""
        number = self.entries.last_key + 1
        salt = f"{self._rng.getrandbits(128):032x}" if memo else ""
        digest = chain.memo_digest(salt, memo) if memo else ""
        sealed = chain.SealedEntry(number, day, kind, *document, "", digest)
        fund = self._general.code
        self._previous_hash = chain.chain_hash(
            self._previous_hash,
            sealed,
            [
                chain.SealedLine(
                    position,
                    line.debit.code,
                    line.credit.code,
                    line.amount,
                    fund,
                    line.community,
                    line.member,
                    line.contributor,
                )
                for position, line in enumerate(lines, start=1)
            ],
        )
        entry = self.entries.add(
            *(number, day, kind, *document, digest, by.pk, moment(day), chain.HASH_VERSION, self._previous_hash)
        )
        if memo:
            self.memos.add(entry, salt, memo)
        return Posted(entry, self._add_lines(entry, day, lines))

    def _add_lines(self, entry: int, day: date, lines: Sequence[Posting]) -> int:
        general, first = self._general.pk, self.lines.last_key + 1
        if (day.year, day.month) != (self._month.year, self._month.month):
            self._keep_sums()
            self._month = day.replace(day=1)
        for position, line in enumerate(lines, start=1):
            debit, credit, amount, community, member, contributor = line
            self.lines.add(
                *(entry, position, debit.pk, credit.pk, amount, general),
                *(community or NULL, member or NULL, contributor or NULL),
            )
            self._sums[debit.pk, community][0] += amount
            self._sums[credit.pk, community][1] += amount
            self.held[debit.pk] += amount
            self.held[credit.pk] -= amount
        return first

    def _keep_sums(self) -> None:
        """Write the sums of the month that is over: events come in the order of their days."""
        totals: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for (account, community), (debit, credit) in self._sums.items():
            totals[account][0] += debit
            totals[account][1] += credit
            if community:
                self.community_sums.add(self._month, account, self._general.pk, False, debit, credit, community)
        for account, (debit, credit) in totals.items():
            self.sums.add(self._month, account, self._general.pk, False, debit, credit)
        self._sums.clear()

    def receipt(
        self,
        day: date,
        number: int,
        kind: str,
        posted: Posted,
        *,
        party: str,
        account: Account,
        lines: Sequence[tuple[str, str, Decimal]],
        by: User,
        person: Person | None = None,
        contributor: int | str = NULL,
        covers: tuple[date | str, date | str] = (NULL, NULL),
    ) -> int:
        """Write a receipt over the entry's lines from `posted.first_line` on; gives its key."""
        about = self._paper(
            *(day, number, posted),
            party=party,
            account=account,
            lines=lines,
            by=by,
            person=person,
            contributor=contributor,
        )
        receipt = self.receipts.add(*about, kind)
        for place, (thai, english, amount) in enumerate(lines):
            self.receipt_lines.add(place + 1, thai, english, amount, posted.first_line + place, receipt, *covers)
        return receipt

    def voucher(
        self,
        day: date,
        number: int,
        posted: Posted,
        *,
        party: str,
        account: Account,
        line: tuple[str, str, Decimal],
        by: User,
        person: Person | None = None,
        resolution: str = "",
        claim: str = "",
    ) -> int:
        """Write a voucher over the entry's first line; gives its key."""
        about = self._paper(day, number, posted, party=party, account=account, lines=[line], by=by, person=person)
        voucher = self.vouchers.add(*about, resolution)
        self.voucher_lines.add(1, *line, posted.first_line, voucher, claim)
        return voucher

    @staticmethod
    def _paper(
        day: date,
        number: int,
        posted: Posted,
        *,
        party: str,
        account: Account,
        lines: Sequence[tuple[str, str, Decimal]],
        by: User,
        person: Person | None,
        contributor: int | str = NULL,
    ) -> tuple[object, ...]:
        means = PaymentMeans.TRANSFER if account.role == AccountRole.BANK else PaymentMeans.CASH
        total = lines[0][2] if len(lines) == 1 else sum((line[2] for line in lines), Decimal(0))
        return (
            *(be_year(day), number, day, party, person.number if person else NULL, contributor, means.value),
            *(account.pk, total, posted.entry, by.pk, by.display_name, by.post, moment(day)),
        )

    def paper_number(self, series: str, day: date) -> tuple[int, str]:
        """The next number of a receipt or voucher, and as entries name it."""
        year = be_year(day)
        number = self.next_number(series, year)
        return number, label(year, number)

    def finish(self) -> None:
        """Write the last rows, the head of the chain, the sums and the sequences."""
        self._keep_sums()
        for table in self.tables():
            table.finish()
        LedgerHead.objects.update(number=self.entries.last_key, chain_hash=self._previous_hash)
        DocumentSequence.objects.bulk_create(
            DocumentSequence(series=series, year_be=year, last=last) for (series, year), last in self._numbers.items()
        )

    def tables(self) -> Iterable[Table]:
        return (
            *(self.entries, self.lines, self.memos, self.receipts, self.receipt_lines),
            *(self.vouchers, self.voucher_lines, self.sums, self.community_sums),
        )

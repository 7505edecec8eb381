"""Dues: those of the collection sheets and those paid at the office, with their receipts and covers."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache

from django.db.backends.postgresql.psycopg_any import DateRange

from bansong_fund.demo.load_books import RECEIPT, SHEET, Order, Posting
from bansong_fund.demo.load_people import LATE_FROM_MONTH
from bansong_fund.demo.load_rows import copy_rows
from bansong_fund.demo.load_world import World, fixed_id
from bansong_fund.demo.shapes import CollectionSheet as PlannedSheet
from bansong_fund.demo.shapes import DuesPayment as PlannedPayment
from contributions.models import CollectionLine, CollectionSheet, DuesCover, DuesPayment
from contributions.periods import span_words
from ledger.accounts import account
from ledger.documents import PaperDraft, PaperLine, next_numbers
from ledger.models import Account, AccountRole, EntryKind, ReceiptKind
from ledger.posting import LineDraft


class DuesPlan:
    """The postings of all dues, and afterwards the sheets, payments and covers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.income = account(AccountRole.DUES)
        self.cash = account(AccountRole.CASH)
        on_sheet: dict[str, list[PlannedPayment]] = defaultdict(list)
        at_office = []
        for payment in world.plan.dues:
            (at_office if payment.sheet is None else on_sheet[payment.sheet]).append(payment)
        self.sheets = {one.key: self._sheet_row(one) for one in world.plan.sheets}
        self._number_sheets()
        self.office = [(payment, self._office_posting(payment)) for payment in at_office]
        self.submitted = [
            (one, on_sheet[one.key], self._sheet_posting(one, on_sheet[one.key])) for one in world.plan.sheets
        ]
        self.accepted = [(one, self._hand_over(one)) for one in world.plan.sheets if one.accepted_on]

    def postings(self) -> list[Posting]:
        return [
            *(posting for _payment, posting in self.office),
            *(posting for _sheet, _payments, posting in self.submitted),
            *(posting for _sheet, posting in self.accepted),
        ]

    # --- postings -----------------------------------------------------------------------------

    def _line(self, payment: PlannedPayment, place: Account) -> LineDraft:
        member = self.world.members[payment.person]
        return LineDraft(place, self.income, payment.amount, member.community, member)

    def _receipt(self, payment: PlannedPayment, place: Account, day: date) -> PaperDraft:
        member = self.world.members[payment.person]
        name = f"{payment.person}:{payment.year}"
        return PaperDraft(
            date=day,
            party_name=member.full_name,
            account=place,
            request_id=fixed_id("receipt", "dues", name),
            lines=[self._words(payment)],
            member=member,
            extra={"kind": ReceiptKind.DUES, "public_token": fixed_id("receipt-token", "dues", name)},
        )

    def _words(self, payment: PlannedPayment) -> PaperLine:
        first, last = self.span(payment)
        return PaperLine(
            f"เงินสมทบสมาชิก เลขที่ {payment.person} ประจำงวด {_span(first, last, 'th')}",
            f"Contribution of member no. {payment.person} for {_span(first, last, 'en')}",
            {"covers_from": first, "covers_until": last},
        )

    def span(self, payment: PlannedPayment) -> tuple[date, date]:
        """The days that a payment covers: the year, or from the day of joining."""
        joined = self.world.plan.person(payment.person).joined_on
        first = date(payment.year, 1, 1)
        if joined > first or (joined.month >= LATE_FROM_MONTH and joined.year == payment.year - 1):
            first = joined
        return first, date(payment.year, 12, 31)

    def _office_posting(self, payment: PlannedPayment) -> Posting:
        return Posting(
            name=f"dues:{payment.person}:{payment.year}",
            day=payment.paid_on,
            order=Order.RECEIPT,
            kind=EntryKind.RECEIPT,
            by=self.world.users["treasurer"],
            lines=[self._line(payment, self.cash)],
            document=RECEIPT,
            series=RECEIPT,
            papers=[self._receipt(payment, self.cash, payment.paid_on)],
        )

    def _sheet_posting(self, sheet: PlannedSheet, payments: list[PlannedPayment]) -> Posting:
        place = self.world.accounts[f"leader:{sheet.community}"]
        return Posting(
            name=f"{sheet.key}:submitted",
            day=sheet.submitted_on,
            order=Order.RECEIPT,
            kind=EntryKind.COLLECTION,
            by=self.world.users[sheet.collector],
            lines=[self._line(payment, place) for payment in payments],
            document=SHEET,
            number=self.sheets[sheet.key].label,
            series=RECEIPT,
            papers=[self._receipt(payment, place, sheet.submitted_on) for payment in payments],
        )

    def _hand_over(self, sheet: PlannedSheet) -> Posting:
        place = self.world.accounts[f"leader:{sheet.community}"]
        community = self.world.communities[sheet.community]
        return Posting(
            name=f"{sheet.key}:accepted",
            day=sheet.accepted_on,
            order=Order.HAND_OVER,
            kind=EntryKind.HAND_OVER,
            by=self.world.users["treasurer"],
            lines=[LineDraft(self.cash, place, sheet.total, community)],
            document=SHEET,
            number=self.sheets[sheet.key].label,
        )

    # --- rows ---------------------------------------------------------------------------------

    def _sheet_row(self, one: PlannedSheet) -> CollectionSheet:
        accepted = one.accepted_on is not None
        return CollectionSheet(
            request_id=fixed_id(one.key),
            year_be=one.opened_on.year + 543,
            community=self.world.communities[one.community],
            collector=self.world.users[one.collector],
            state=CollectionSheet.State.ACCEPTED if accepted else CollectionSheet.State.SUBMITTED,
            opened_on=one.opened_on,
            submitted_on=one.submitted_on,
            accepted_on=one.accepted_on,
            accepted_by=self.world.users["treasurer"] if accepted else None,
            total=one.total,
            counted=one.total if accepted else None,
        )

    def _number_sheets(self) -> None:
        """Sheets are numbered in the order in which they were opened."""
        in_order = sorted(self.sheets.values(), key=lambda row: (row.opened_on, row.community.number))
        for row in in_order:
            row.number = next_numbers("sheet", row.year_be)[0]

    def write_rows(self) -> None:
        """Sheets with their lines, payments with their covers; after the books are written."""
        for one, _payments, posting in self.submitted:
            self.sheets[one.key].submission_entry = posting.entry
        for one, posting in self.accepted:
            self.sheets[one.key].acceptance_entry = posting.entry
        CollectionSheet.objects.bulk_create(self.sheets.values())
        copy_rows(self._sheet_lines())
        copy_rows(
            DuesCover(payment=row, member=row.member, covers=DateRange(row.covers_from, row.covers_until, "[]"))
            for row in copy_rows(self._payments())
        )

    def _sheet_lines(self) -> Iterator[CollectionLine]:
        for one, payments, _posting in self.submitted:
            for payment in payments:
                yield CollectionLine(
                    sheet=self.sheets[one.key],
                    member=self.world.members[payment.person],
                    amount=payment.amount,
                    paid_on=payment.paid_on,
                )

    def _payments(self) -> list[DuesPayment]:
        """All payments in the order of their days."""
        rows = [self._payment(payment, posting, 0) for payment, posting in self.office]
        for _sheet, payments, posting in self.submitted:
            rows += [self._payment(payment, posting, place) for place, payment in enumerate(payments)]
        return sorted(rows, key=lambda row: (row.paid_on, row.member.number))

    def _payment(self, payment: PlannedPayment, posting: Posting, place: int) -> DuesPayment:
        first, last = self.span(payment)
        return DuesPayment(
            membership=self.world.memberships[payment.person],
            member=self.world.members[payment.person],
            receipt=posting.papers_written[place],
            sheet=self.sheets[payment.sheet] if payment.sheet else None,
            amount=payment.amount,
            covers_from=first,
            covers_until=last,
            paid_on=payment.paid_on,
            collected_by=posting.by,
        )


@cache
def _span(first: date, last: date, language: str) -> str:
    return span_words(first, last, language)

"""Reading papers and entries for the pages of the books: lists page by key, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from bansong_fund.lib.thai_text import arabic_digits, normalise
from ledger.models import (
    Account,
    EntryMemo,
    Line,
    PaymentVoucher,
    PaymentVoucherVoid,
    Receipt,
    ReceiptLine,
    ReceiptVoid,
)
from members.persons import with_doubles
from members.queries import visible_members
from office.models import User
from office.roles import WHOLE_FUND_ROLES

PAGE = 50


def visible_receipts(user: User) -> QuerySet[Receipt]:
    """All receipts for the committee's staff; for a leader those of her communities' members, doubles included.

    A receipt for several members is hers only where all of them are: its lines name each.
    """
    receipts = Receipt.objects.select_related("account", "account__holder", "member", "issued_by")
    if user.has_role(*WHOLE_FUND_ROLES):
        return receipts
    hers = with_doubles(visible_members(user))
    named = ReceiptLine.objects.filter(receipt=OuterRef("pk"), line__member__isnull=False)
    of_hers, of_others = named.filter(line__member__in=hers), named.exclude(line__member__in=hers)
    return receipts.filter(Q(member__in=hers) | Q(Exists(of_hers), ~Exists(of_others), member=None))


def visible_vouchers(user: User) -> QuerySet[PaymentVoucher]:
    """All vouchers for the committee's staff, none for others: they name who received welfare."""
    vouchers = PaymentVoucher.objects.select_related("account", "member", "issued_by")
    return vouchers if user.has_role(*WHOLE_FUND_ROLES) else vouchers.none()


@dataclass(frozen=True, slots=True)
class KeyedPage:
    """A page of a list. `next_key` is what the next page starts behind, None on the last one."""

    rows: Sequence[Any]
    next_key: int | None


def _keyed(rows: Sequence[Any], key: str) -> KeyedPage:
    more = len(rows) > PAGE
    shown = rows[:PAGE]
    return KeyedPage(shown, getattr(shown[-1], key) if more else None)


def receipt_page(
    receipts: QuerySet[Receipt], *, year_be: int | None = None, text: str = "", before: int | None = None
) -> KeyedPage:
    """Receipts of a year, newest number first, whose number or payer holds `text`; `is_void` marks the void ones."""
    void = ReceiptVoid.objects.filter(receipt=OuterRef("pk"))
    return _document_page(receipts.annotate(is_void=Exists(void)), year_be, text, before)


def voucher_page(
    vouchers: QuerySet[PaymentVoucher], *, year_be: int | None = None, text: str = "", before: int | None = None
) -> KeyedPage:
    """As `receipt_page`, of vouchers."""
    void = PaymentVoucherVoid.objects.filter(voucher=OuterRef("pk"))
    return _document_page(vouchers.annotate(is_void=Exists(void)), year_be, text, before)


def _document_page(documents: QuerySet[Any], year_be: int | None, text: str, before: int | None) -> KeyedPage:
    """The key counts on over the years: 2563000123 stands for 2563/000123."""
    if year_be:
        documents = documents.filter(year_be=year_be)
    if words := normalise(text):
        documents = documents.filter(_number_or_name(words))
    if before:
        documents = documents.filter(
            Q(year_be__lt=before // 1_000_000) | Q(year_be=before // 1_000_000, number__lt=before % 1_000_000)
        )
    rows = list(documents.order_by("-year_be", "-number")[: PAGE + 1])
    for row in rows:
        row.key = row.year_be * 1_000_000 + row.number
    return _keyed(rows, "key")


def _number_or_name(words: str) -> Q:
    """ "2563/123", "123", or a part of the name."""
    year, slash, number = arabic_digits(words).replace(" ", "").rpartition("/")
    found = Q(party_name__icontains=words)
    if number.isdecimal() and len(number) < 10 and (not slash or year.isdecimal()):
        found |= Q(number=int(number), year_be=int(year)) if slash else Q(number=int(number))
    return found


def years_of(model: type[Receipt] | type[PaymentVoucher]) -> list[int]:
    """The Buddhist years that have papers, newest first: from year to year by the index, however many the papers."""
    newest = f"SELECT max(year_be) FROM {model._meta.db_table}"  # noqa: S608 - our own table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE years (year_be) AS (({newest}) UNION ALL"  # noqa: S608 - as above
            f" SELECT ({newest} WHERE year_be < years.year_be) FROM years WHERE year_be IS NOT NULL)"
            " SELECT year_be FROM years WHERE year_be IS NOT NULL"
        )
        return [year for (year,) in cursor.fetchall()]


# --- entries ----------------------------------------------------------------------------------------------


def about_line(line: Line, account: Account) -> str:
    """What a line is about: the words of its entry, else the person, else the other account."""
    memo: EntryMemo | None = getattr(line.entry, "memo_row", None)
    if memo is not None:
        return memo.text
    if line.member is not None:
        return line.member.full_name
    other = line.credit if line.debit_id == account.pk else line.debit
    return other.name_th

"""The books of a span as an auditor's pack has them: journal, vouchers, receipts, paper books, reconciliations.

Members stand in them by their numbers: names are in the books on screen, where each look is written down.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import be_year, format_date
from ledger.book_papers import BookColumn, BookPaper, BookRow, document_words, in_both, journal_paper
from ledger.models import Account, AccountRole, Line, PaymentVoucher, Receipt, Reconciliation
from ledger.number_papers import in_sum, void_words
from ledger.queries import moved_between
from ledger.receipt_numbers import BookCount, numbers_of_year, paper_books
from ledger.spans import Span, spoken
from ledger.statements import ROWS_AT_A_TIME, journal_lines
from reports.audit.rows import member_words


def journal_rows(span: Span, last_number: int) -> QuerySet[Line]:
    """The lines of a span that the books held when their last entry had this number."""
    return journal_lines(span).filter(entry__number__lte=last_number)


def journal(span: Span, last_number: int) -> BookPaper:
    """สมุดรายวัน, as the books have it but for the members' names."""
    return replace(journal_paper(span), rows=_journal_rows(span, last_number))


def _journal_rows(span: Span, last_number: int) -> Iterator[BookRow]:
    total = ZERO
    for line in journal_rows(span, last_number).iterator(chunk_size=ROWS_AT_A_TIME):
        total += line.amount
        entry = line.entry
        codes = (line.debit.code, line.credit.code)
        yield BookRow((entry.date, entry.number, document_words(entry), *codes, _about(line), line.amount))
    yield BookRow((None, None, "", "", "", in_both(lambda: _("Total")), total), is_strong=True)


def _about(line: Line) -> Words | str:
    """The member's number, else the words of the entry, else the other account."""
    if line.member is not None:
        number = line.member.number
        return in_both(lambda: member_words(number))
    memo = getattr(line.entry, "memo_row", None)
    return memo.text if memo is not None else Words(line.credit.name_th, line.credit.name_en)


# --- vouchers and receipts --------------------------------------------------------------------------------


def vouchers_of(span: Span) -> QuerySet[PaymentVoucher]:
    """The vouchers of a span in the order of their numbers."""
    rows = PaymentVoucher.objects.filter(date__range=(span.first, span.last))
    related = ("member", "account", "void", "void__voided_by", "void__second_person")
    return rows.select_related(*related).order_by("year_be", "number")


def vouchers_paper(span: Span) -> BookPaper:
    """ทะเบียนใบสำคัญจ่าย: every number, the void ones with their reason; in force is what was not taken back."""
    return BookPaper(
        title=in_both(lambda: _("Register of payment vouchers")),
        subtitle=in_both(lambda: spoken(span)),
        columns=(
            BookColumn(in_both(lambda: _("Voucher")), "label"),
            BookColumn(in_both(lambda: _("Date")), "date"),
            BookColumn(in_both(lambda: _("Paid to"))),
            BookColumn(in_both(lambda: _("Resolution")), "label"),
            BookColumn(in_both(lambda: _("Out of")), "code"),
            BookColumn(in_both(lambda: _("Entry no.")), "number"),
            BookColumn(in_both(lambda: _("Baht")), "baht", "sum"),
            BookColumn(in_both(lambda: _("Baht in force")), "baht", "sum"),
            BookColumn(in_both(lambda: _("Void"))),
        ),
        rows=_papers(vouchers_of(span).select_related("entry"), lambda one: (one.resolution_label, one.account.code)),
        is_landscape=True,
    )


def receipts_of(span: Span, *, of_books: bool) -> QuerySet[Receipt]:
    """The receipts of a span in the order of their numbers: the program's own, or those of paper books."""
    rows = Receipt.objects.filter(date__range=(span.first, span.last))
    rows = rows.exclude(book="") if of_books else rows.filter(book="")
    order = ("book", "number") if of_books else ("year_be", "number")
    related = ("member", "account", "entry", "void", "void__voided_by", "void__second_person")
    return rows.select_related(*related).order_by(*order)


def receipts_paper(span: Span, *, of_books: bool) -> BookPaper:
    """ทะเบียนคุมเลขที่ใบเสร็จ of a span, with what each year's numbers come to beneath."""
    own = in_both(lambda: _("Register of receipts"))
    paper = in_both(lambda: _("Receipts of paper books"))
    return BookPaper(
        title=paper if of_books else own,
        subtitle=in_both(lambda: spoken(span)),
        columns=(
            BookColumn(in_both(lambda: _("Book/no.")), "label"),
            BookColumn(in_both(lambda: _("Date")), "date"),
            BookColumn(in_both(lambda: _("Received from"))),
            BookColumn(in_both(lambda: _("What for")), "document"),
            BookColumn(in_both(lambda: _("Into")), "code"),
            BookColumn(in_both(lambda: _("Entry no.")), "number"),
            BookColumn(in_both(lambda: _("Baht")), "baht", "sum"),
            BookColumn(in_both(lambda: _("Baht in force")), "baht", "sum"),
            BookColumn(in_both(lambda: _("Void"))),
        ),
        rows=_papers(receipts_of(span, of_books=of_books), lambda one: (_kind(one), one.account.code)),
        is_landscape=True,
        note=None if of_books else in_both(lambda: " · ".join(in_sum(numbers_of_year(year)) for year in _years(span))),
    )


def _kind(receipt: Receipt) -> Words:
    return in_both(lambda: str(receipt.get_kind_display()))


def _years(span: Span) -> range:
    return range(be_year(span.first), be_year(span.reaches) + 1)


def _papers(rows: QuerySet[Any], facts: Any) -> Iterator[BookRow]:
    """A row for each paper; `facts` are what it says beside number, day, name and money. The sums stand last."""
    total = in_force = ZERO
    for paper in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        void = getattr(paper, "void", None)
        holds = ZERO if void else paper.total
        total, in_force = total + paper.total, in_force + holds
        words = in_both(lambda void=void: void_words(void)) if void else ""
        cells = (_party(paper), *facts(paper), paper.entry.number, paper.total, holds)
        yield BookRow((in_both(lambda paper=paper: paper.label), paper.date, *cells, words))
    yield BookRow(("", None, in_both(lambda: _("Total")), "", "", None, total, in_force, ""), is_strong=True)


def _party(paper: Any) -> Words | str:
    """A member by her number; others by the name that the paper bears."""
    if paper.member is not None:
        return in_both(lambda: member_words(paper.member.number))
    return str(paper.party_name)


def books_of(span: Span) -> list[BookCount]:
    """Paper books that were out at the end of the span, or whose numbers were used in its years."""
    found = {one.book.pk: one for year in _years(span) for one in paper_books(year)}
    return [one for one in found.values() if one.book.given_on <= span.reaches]


def books_paper(span: Span) -> BookPaper:
    """ทะเบียนคุมเล่มใบเสร็จ: who has which book, and what became of its numbers."""
    return BookPaper(
        title=in_both(lambda: _("Register of paper receipt books")),
        subtitle=in_both(lambda: spoken(span)),
        columns=(
            BookColumn(in_both(lambda: _("Book")), "label"),
            BookColumn(in_both(lambda: _("Numbers")), "label"),
            BookColumn(in_both(lambda: _("With"))),
            BookColumn(in_both(lambda: _("Given out")), "date"),
            BookColumn(in_both(lambda: _("Brought back")), "date"),
            BookColumn(in_both(lambda: _("Used")), "number"),
            BookColumn(in_both(lambda: _("Void")), "number"),
            BookColumn(in_both(lambda: _("Spoiled")), "number"),
            BookColumn(in_both(lambda: _("Left")), "number"),
            BookColumn(in_both(lambda: _("Baht")), "baht", "sum"),
        ),
        rows=[_book(one) for one in books_of(span)],
        is_landscape=True,
    )


def _book(one: BookCount) -> BookRow:
    book = one.book
    numbers = f"{book.first_number}–{book.last_number}"
    who = (book.holder.display_name, book.given_on, book.returned_on)
    return BookRow((book.label, numbers, *who, one.used, one.void, one.spoiled, one.left, one.baht))


# --- reconciliations --------------------------------------------------------------------------------------


def last_reconciliations(span: Span) -> list[tuple[Account, Reconciliation | None]]:
    """Every bank account with the last reconciliation up to the span's end; None where there is none."""
    kept = Reconciliation.objects.filter(as_of__lte=span.reaches).order_by("account_id", "-as_of", "-pk")
    last = {one.account_id: one for one in kept.distinct("account_id").select_related("account", "made_by")}
    banks = Account.objects.filter(role=AccountRole.BANK).order_by(F("code"))
    return [(account, last.get(account.pk)) for account in banks]


def reconciliations_paper(span: Span) -> BookPaper:
    """กระทบยอด of every account: the last one kept, beside what the books say at the end of the span."""
    return BookPaper(
        title=in_both(lambda: _("Reconciliation of every account")),
        subtitle=in_both(lambda: _("As at %(day)s") % {"day": format_date(span.reaches)}),
        columns=(
            BookColumn(in_both(lambda: _("Account"))),
            BookColumn(in_both(lambda: _("By the books")), "baht"),
            BookColumn(in_both(lambda: _("Reconciled to")), "date"),
            BookColumn(in_both(lambda: _("By the passbook")), "baht"),
            BookColumn(in_both(lambda: _("By the books on that day")), "baht"),
            BookColumn(in_both(lambda: _("Difference")), "baht"),
            BookColumn(in_both(lambda: _("Explanation, by"))),
        ),
        rows=_reconciled(span),
        is_landscape=True,
    )


def _reconciled(span: Span) -> Iterator[BookRow]:
    found = last_reconciliations(span)
    held = moved_between(None, span.reaches, accounts=[account for account, _kept in found]) if found else {}
    for account, kept in found:
        name = Words(f"{account.code} {account.name_th}", f"{account.code} {account.name_en}")
        balance = held[account.pk].balance if account.pk in held else ZERO
        if kept is None:
            yield BookRow((name, balance, None, None, None, None, in_both(lambda: _("never reconciled"))))
            continue
        difference = kept.passbook_balance - kept.ledger_balance
        words = " · ".join(filter(None, (kept.explanation, kept.made_by.display_name)))
        yield BookRow((name, balance, kept.as_of, kept.passbook_balance, kept.ledger_balance, difference, words))

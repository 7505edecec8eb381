"""งบกระทบยอดเงินฝากธนาคาร: from the passbook's balance to that of the books, as it was kept, with the places to sign."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.thai_dates import format_date
from ledger.book_papers import BookColumn, BookPaper, BookRow, in_both, render_book
from ledger.models import Account, Reconciliation
from ledger.reconciling import STEP_NAMES, Step, as_signed
from members.models import Fund


def reconciliation_pdf(kept: Reconciliation, fund: Fund, language: Language) -> bytes:
    """The paper that treasurer, auditor and chair sign."""
    return render_book(reconciliation_paper(kept), fund, language)


def reconciliation_paper(kept: Reconciliation) -> BookPaper:
    """What it says and where; amounts in baht, what lessens the balance below zero."""
    account = kept.account
    said = in_both(lambda: _("As at %(day)s") % {"day": format_date(kept.as_of)})
    return BookPaper(
        title=in_both(lambda: _("Bank reconciliation")),
        subtitle=Words(f"{_place(account).th} {said.th}", f"{_place(account).en} {said.en}"),
        columns=(
            BookColumn(in_both(lambda: _("Date")), "date"),
            BookColumn(in_both(lambda: _("About"))),
            BookColumn(in_both(lambda: _("Each")), "baht"),
            BookColumn(in_both(lambda: _("Total")), "baht"),
        ),
        rows=_rows(kept),
        note=Words(kept.explanation, kept.explanation) if kept.explanation else None,
    )


def _place(account: Account) -> Words:
    digits = f" xxx-{account.last_digits}" if account.last_digits else ""
    thai = " ".join(filter(None, (account.name_th, account.bank_th, account.branch_th)))
    english = " ".join(filter(None, (account.name_en, account.bank_en, account.branch_en)))
    return Words(thai + digits, english + digits)


def _rows(kept: Reconciliation) -> Iterator[BookRow]:
    signed = as_signed(kept)
    words = in_both(lambda: _("Balance by the passbook"))
    yield BookRow((kept.as_of, words, None, signed.passbook_balance), is_strong=True)
    for step in signed.steps:
        yield BookRow((None, _name(step), None, step.baht), is_strong=True)
        for item in step.items:
            yield BookRow((item.day, item.about, item.baht, None))
    words = in_both(lambda: _("Balance by the books"))
    yield BookRow((kept.as_of, words, None, signed.ledger_balance), is_strong=True)


def _name(step: Step) -> Words:
    return in_both(lambda: str(STEP_NAMES[step.code]))

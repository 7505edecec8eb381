"""Payment lists as the bank takes them and as the cash box has them signed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.papers import Column, ListPaper, Signature, Words
from bansong_fund.lib.sheets import Column as SheetColumn
from ledger.papers import account_words, fund_head
from members.models import Fund
from welfare.models import PaymentList, PaymentListLine
from welfare.payment_lists import account_number


def bank_columns() -> list[SheetColumn]:
    """The columns of the sheet: what a bank asks for a transfer, and the fund's own number behind it."""
    return [
        SheetColumn(_("No."), "count"),
        SheetColumn(_("Bank")),
        SheetColumn(_("Account number"), "code", width=20),
        SheetColumn(_("Name of the account"), width=36),
        SheetColumn(_("Baht"), "baht", total=True),
        SheetColumn(_("Claim no."), "code"),
        SheetColumn(_("Receiver"), width=36),
        SheetColumn(_("State")),
    ]


def bank_cells(place: int, line: PaymentListLine) -> tuple[Any, ...]:
    """One row of the sheet; the number of the account is text, so that no sheet program rounds it."""
    state = str(line.get_outcome_display()) if line.outcome else ""
    to = (line.bank, account_number(line), line.account_name)
    return (place, *to, line.amount, line.claim.label, line.claim.recipient_name, state)


def signing_list(payment_list: PaymentList, lines: Sequence[PaymentListLine], fund: Fund) -> ListPaper:
    """The list on paper: of the bank with the last digits of each account, of the cash box with room to sign."""
    is_bank = payment_list.kind == PaymentList.Kind.BANK
    last = _both(lambda: _("To account") if is_bank else _("Signature or thumb print"))
    place = account_words(payment_list.account)
    return ListPaper(
        fund=fund_head(fund),
        title=_both(lambda: f"{_('Payment list')} {payment_list.label}"),
        subtitle=place,
        columns=(
            Column(_both(lambda: _("No.")), 1, figures=True),
            Column(_both(lambda: _("Claim no.")), 3),
            Column(_both(lambda: _("Receiver")), 6),
            Column(_both(lambda: _("Baht")), 3, figures=True),
            Column(last, 5),
            Column(_both(lambda: _("Date")), 2),
        ),
        rows=tuple(
            (str(number), line.claim.label, line.claim.recipient_name, format_baht(line.amount), _to(line), "")
            for number, line in enumerate(lines, start=1)
        ),
        totals=("", "", _both(lambda: _("Total")), format_baht(_sum(lines)), "", ""),
        landscape=True,
        signatures=(
            Signature(_both(lambda: _("Treasurer")), payment_list.made_by.display_name),
            Signature(_both(lambda: _("Witness"))),
        ),
    )


def _to(line: PaymentListLine) -> str:
    return f"{line.bank} xxx-{account_number(line)[-4:]}" if line.bank else ""


def _sum(lines: Sequence[PaymentListLine]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def _both(say: Callable[[], str]) -> Words:
    said = {}
    for language in ("th", "en"):
        with override(language):
            said[language] = say()
    return Words(said["th"], said["en"])

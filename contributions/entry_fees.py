"""The entry fee (ค่าธรรมเนียมแรกเข้า): paid once a membership, on a line of its own, in no leg."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from contributions.models import EntryFee
from ledger.documents import PaperLine
from ledger.models import Receipt
from members.models import Member, Membership


class EntryFeePaid(DomainError):
    """The entry fee of this membership was paid before; it is paid once."""


class NotTheFeeDue(DomainError):
    """The amount is not the entry fee that the regulation asks of this membership."""


def fees_paid(memberships: Iterable[Membership]) -> dict[int, Receipt]:
    """By membership key: the receipt of an entry fee that holds."""
    rows = EntryFee.objects.filter(membership__in=list(memberships), receipt__void__isnull=True)
    return {fee.membership_id: fee.receipt for fee in rows.select_related("receipt")}


def refuse_other_fee(
    membership: Membership, fee: Decimal, due: Mapping[int, Decimal], paid: Mapping[int, Receipt]
) -> None:
    """Raises `EntryFeePaid` with its receipt, or `NotTheFeeDue` with what is due (by membership key)."""
    name = membership.member.full_name
    if receipt := paid.get(membership.pk):
        message = _("%(name)s has paid the entry fee: see receipt no. %(number)s. Take the fee out of this line.")
        raise EntryFeePaid(message % {"name": name, "number": receipt.label}, field="entry_fee")
    asked = due.get(membership.pk)
    if asked is None:
        message = _("%(name)s owes no entry fee: the regulation asks it only of new members. Take the fee out.")
        raise NotTheFeeDue(message % {"name": name}, field="entry_fee")
    if fee != asked:
        message = _("The entry fee of %(name)s is %(due)s baht. Write that, or leave the fee for later.")
        raise NotTheFeeDue(message % {"name": name, "due": format_baht(asked)}, field="entry_fee")


def fee_words(member: Member) -> PaperLine:
    """The line of a receipt, in both languages."""
    return PaperLine(f"ค่าธรรมเนียมแรกเข้า สมาชิกเลขที่ {member.number}", f"Entry fee of member no. {member.number}")

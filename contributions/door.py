"""What the member gets in the hand at the door: a number of a paper book, or a receipt on the phone."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from contributions.models import CollectionLine, CollectionSheet, DoorReceipt
from contributions.queries.receipt_books import books_of
from contributions.sheet_lines import hold_draft
from ledger.models import Receipt

__all__ = ["books_of", "give_door_receipt", "receipt_behind", "receipt_key"]


class NothingPaid(DomainError):
    """No money stands on the sheet for which a receipt could be given."""


@transaction.atomic(durable=True)
def give_door_receipt(lines: Sequence[CollectionLine], *, sheet: CollectionSheet, payer_name: str = "") -> DoorReceipt:
    """One receipt on the phone for these lines of a sheet that is being filled in; the one that they have is kept.

    Where they have a paper receipt already, that is the receipt: no second one is given. Raises `SheetClosed`,
    `NothingPaid`.
    """
    sheet = hold_draft(sheet)
    held = list(sheet.lines.filter(pk__in=[line.pk for line in lines]).select_related("door_receipt"))
    if not held:
        raise NothingPaid(_("No money is written down here. Write what was paid, then give the receipt."))
    have = [line.door_receipt for line in held if line.door_receipt is not None]
    if have and (len(have) == len(held) or have[0].book_id):
        return have[0]
    receipt = have[0] if have else DoorReceipt.objects.create(sheet=sheet, payer_name=payer_name.strip())
    CollectionLine.objects.filter(pk__in=[line.pk for line in held], door_receipt=None).update(door_receipt=receipt)
    return receipt


def receipt_key(door: DoorReceipt) -> uuid.UUID:
    """The request id of the receipt that the sheet's submission writes for this one: how the two are found again."""
    return uuid.uuid5(door.request_id, "receipt")


def receipt_behind(door: DoorReceipt) -> Receipt | None:
    """The numbered receipt, once the sheet was handed in."""
    return Receipt.objects.filter(request_id=receipt_key(door)).select_related("void").first()

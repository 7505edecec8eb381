"""Receipts as they are handed out: the first print is the original, each later one a counted copy; a look is neither.

A print writes its row before the paper is drawn, so that no paper without its row ever leaves the program.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.papers import ReceiptPaper, drawn_receipts, receipts_title
from bansong_fund.lib.pdf import Language
from ledger.models import DocumentSequence, Receipt, ReceiptCopy, ReceiptVoid
from ledger.papers import receipt_paper
from ledger.registers import visible_receipts
from members.models import Fund
from office.batches import batch
from office.jobs import JobRun, job_kind, start_job
from office.models import Job, User
from office.reading import log_readings

RECEIPTS = "receipts"
# A print may be opened anew by whoever made it: a reload, a viewer that saves. Later it takes a new copy.
OPEN_FOR = timedelta(minutes=15)


class OnPaperAlready(DomainError):
    """A receipt of a paper book was handed out at the door; the program prints no second one."""


class NothingToPrint(DomainError):
    """None of the receipts asked for is left to print."""


def print_receipt(*, receipt: Receipt, by: User, now: datetime, request_id: uuid.UUID) -> ReceiptCopy:
    """Count a print of a receipt: number 0 is the original, 1 … are copies. The same click is one print.

    Raises `OnPaperAlready`.
    """
    return _counted([receipt], by=by, now=now, request_id=request_id)[0]


@transaction.atomic
def _counted(receipts: list[Receipt], *, by: User, now: datetime, request_id: uuid.UUID) -> list[ReceiptCopy]:
    """A print of each; who prints the same receipts at the same moment waits at their sequence's row."""
    for receipt in receipts:
        if receipt.is_paper:
            raise OnPaperAlready(_("%(number)s was written by hand at the door.") % {"number": receipt.label})
    clicks = {receipt.pk: uuid.uuid5(request_id, str(receipt.pk)) for receipt in receipts}
    years = sorted({receipt.year_be for receipt in receipts})
    list(DocumentSequence.objects.select_for_update().filter(series="receipt", year_be__in=years).order_by("year_be"))
    made = ReceiptCopy.objects.filter(request_id__in=clicks.values())
    if done := list(made.order_by("pk")):
        return done
    last = dict(ReceiptCopy.objects.filter(receipt__in=clicks).values_list("receipt").annotate(Max("number")))
    return ReceiptCopy.objects.bulk_create(
        ReceiptCopy(
            request_id=clicks[receipt.pk],
            receipt=receipt,
            number=last.get(receipt.pk, -1) + 1,
            made_by=by,
            made_at=now,
        )
        for receipt in receipts
    )


def copy_to_open(receipt: Receipt, number: int, *, by: User, now: datetime) -> ReceiptCopy | None:
    """The print that this user has just made; None for another's, and once it may not be opened any more."""
    return receipt.copies.filter(number=number, made_by=by, made_at__gt=now - OPEN_FOR).first()


# --- all receipts of an entry: those of a sheet, or of one payment -----------------------------------------


def receipts_of_entry(user: User, entry_number: int) -> QuerySet[Any]:
    """The receipts of an entry that the user may see and print, each with `is_printed`, in their order."""
    printed = ReceiptCopy.objects.filter(receipt=OuterRef("pk"))
    void = ReceiptVoid.objects.filter(receipt=OuterRef("pk"))
    rows = visible_receipts(user).filter(entry__number=entry_number, book="").exclude(Exists(void))
    return rows.annotate(is_printed=Exists(printed)).order_by("year_be", "number")


@transaction.atomic
def order_receipts(
    *,
    entry_number: int,
    again: bool,
    by: User,
    now: datetime,
    request_id: uuid.UUID,
    site: str,
    language: Language,
) -> Job:
    """Have the worker print the receipts of an entry that nobody has printed yet, or (`again`) copies of all.

    The same click is one job. Raises `NothingToPrint`.
    """
    if started := Job.objects.filter(request_id=request_id).first():
        return started
    receipts = receipts_of_entry(by, entry_number)
    chosen = list(receipts if again else receipts.filter(is_printed=False))
    if not chosen:
        raise NothingToPrint(_("Every receipt here is printed already. Print copies, if they are needed."))
    copies = _counted(chosen, by=by, now=now, request_id=request_id)
    parameters = {"copies": [copy.pk for copy in copies], "site": site, "paper_language": language}
    return start_job(RECEIPTS, parameters, by=by, now=now, request_id=request_id)


@job_kind(RECEIPTS, gettext_lazy("Receipts"))
def print_receipts(run: JobRun) -> None:
    """Draw the prints that were counted when the job was ordered; taken up anew, it draws the same."""
    keys, site, language = (run.parameters[name] for name in ("copies", "site", "paper_language"))
    copies = {copy.receipt_id: copy for copy in ReceiptCopy.objects.filter(pk__in=keys)}
    rows = visible_receipts(run.job.requested_by).filter(pk__in=copies).select_related("void", "void__voided_by")
    receipts = list(rows.prefetch_related("lines").order_by("year_be", "number"))
    if not receipts:
        raise NothingToPrint(_("You may not see these receipts any more."))
    members = [(found.member.pk, found.member.full_name) for found in receipts if found.member]
    log_readings(run.job.requested_by, kind="member", subjects=members, what="receipt")
    batch(
        run,
        drawn_receipts(_papers(receipts, copies, site), language),
        total=len(receipts),
        name=f"receipts-{receipts[0].number:06d}-{receipts[-1].number:06d}.pdf",
        title=receipts_title(language),
        language=language,
    )


def _papers(receipts: Iterable[Receipt], copies: dict[Any, ReceiptCopy], site: str) -> Iterator[ReceiptPaper]:
    fund = Fund.objects.get()
    return (receipt_paper(receipt, fund, copies[receipt.pk], site) for receipt in receipts)

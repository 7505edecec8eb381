"""What money in has to show before a month is closed: sheets accepted, papers of costs at hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.snapshots import asked_once
from contributions.models import CollectionLine, CollectionSheet, RunningCost
from contributions.queries import money_of_sheets
from ledger.checklists import CHECK_NAMES, CHECKS, Check
from ledger.models import Account, AccountRole
from ledger.queries import moved_between
from office.models import Attachment, User
from office.roles import READS_BOOKS

SHEETS, COST_PAPERS = "sheets-accepted", "cost-papers"
COST = "cost"  # the kind under which the papers of a cost are kept


def sheets_accepted(_first: date, last: date) -> Check:
    """Every sheet handed in by the month's end was counted and accepted, and none holds lines of it unsent.

    That is as of today; what collectors had on the month's last day is named beside it, and asks for no word.
    """
    sentences = (
        _("%(count)s sheets, %(baht)s baht handed in and not accepted"),
        _("%(count)s sheets, %(baht)s baht taken and not handed in"),
    )
    told = [
        words % {"count": sums["count"], "baht": format_baht(sums["total"])}
        for words, sums in zip(sentences, _sheets_under_way(last), strict=True)
        if sums["count"]
    ]
    is_done = not told
    if held := with_collectors(last):
        told.append(_("%(baht)s baht were with collectors on the last day") % {"baht": format_baht(held)})
    return Check(SHEETS, is_done, ", ".join(told))


@asked_once
def _sheets_under_way(last: date) -> list[dict[str, Any]]:
    """Count and total of the sheets handed in by then and not accepted, and of those begun and not handed in."""
    states = CollectionSheet.State
    handed_in = CollectionSheet.objects.filter(submitted_on__lte=last, state__in=(states.SUBMITTED, states.COUNTED))
    taken = CollectionLine.objects.filter(sheet__state=states.DRAFT, paid_on__lte=last)
    count = handed_in.count()
    return [
        {"count": count, "total": money_of_sheets(handed_in) if count else ZERO},
        taken.aggregate(count=Count("sheet", distinct=True), total=Sum(F("amount") + F("entry_fee"))),
    ]


@asked_once
def with_collectors(last: date) -> Decimal:
    """What collectors had at the end of a day, in baht: by the books, and taken by then but handed in later."""
    accounts = list(Account.objects.filter(role=AccountRole.COLLECTOR))
    held = moved_between(None, last, accounts=accounts) if accounts else {}
    later = CollectionLine.objects.filter(paid_on__lte=last, sheet__submitted_on__gt=last)
    taken = later.aggregate(baht=Sum(F("amount") + F("entry_fee")))["baht"] or ZERO
    return sum((moved.balance for moved in held.values()), taken)


def costs_have_papers(first: date, last: date) -> Check:
    """Each cost of the month that is not void has a photograph of its receipt or of the signed certificate."""
    missing = _costs_without_paper(first, last)
    return Check(COST_PAPERS, not missing, _("%(count)s costs without a paper") % {"count": missing} if missing else "")


@asked_once
def _costs_without_paper(first: date, last: date) -> int:
    costs = RunningCost.objects.filter(paid_on__range=(first, last), voucher__void=None)
    with_paper = Attachment.objects.filter(owner_kind=COST, owner_id__in=costs.values("pk")).values("owner_id")
    return costs.exclude(pk__in=with_paper).count()


def sees_cost(user: User, cost: int) -> bool:
    """The papers of a cost are seen by whoever reads the books."""
    return user.has_role(*READS_BOOKS) and RunningCost.objects.filter(pk=cost).exists()


def add_checks() -> None:
    """Called once, when the apps are ready."""
    CHECK_NAMES[SHEETS] = gettext_lazy("Every collection sheet is accepted")
    CHECK_NAMES[COST_PAPERS] = gettext_lazy("Each cost has its paper")
    CHECKS[:0] = [sheets_accepted, costs_have_papers]

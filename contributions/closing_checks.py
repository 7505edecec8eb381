"""What money in has to show before a month is closed: sheets accepted, papers of costs at hand."""

from datetime import date

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.money import format_baht
from contributions.models import CollectionLine, CollectionSheet, RunningCost
from ledger.checklists import CHECK_NAMES, CHECKS, Check
from office.models import Attachment, User
from office.roles import READS_BOOKS

SHEETS, COST_PAPERS = "sheets-accepted", "cost-papers"
COST = "cost"  # the kind under which the papers of a cost are kept


def sheets_accepted(_first: date, last: date) -> Check:
    """Every sheet handed in by the month's end was counted and accepted, and none holds lines of it unsent."""
    states = CollectionSheet.State
    handed_in = CollectionSheet.objects.filter(submitted_on__lte=last, state__in=(states.SUBMITTED, states.COUNTED))
    taken = CollectionLine.objects.filter(sheet__state=states.DRAFT, paid_on__lte=last)
    found = (
        (_("%(count)s sheets, %(baht)s baht handed in and not accepted"), handed_in, "pk", F("total")),
        (_("%(count)s sheets, %(baht)s baht taken and not handed in"), taken, "sheet", F("amount") + F("entry_fee")),
    )
    told = []
    for words, rows, sheet, baht in found:
        sums = rows.aggregate(count=Count(sheet, distinct=True), total=Sum(baht))
        if sums["count"]:
            told.append(words % {"count": sums["count"], "baht": format_baht(sums["total"])})
    return Check(SHEETS, not told, ", ".join(told))


def costs_have_papers(first: date, last: date) -> Check:
    """Each cost of the month that is not void has a photograph of its receipt or of the signed certificate."""
    costs = RunningCost.objects.filter(paid_on__range=(first, last), voucher__void=None)
    with_paper = Attachment.objects.filter(owner_kind=COST, owner_id__in=costs.values("pk")).values("owner_id")
    missing = costs.exclude(pk__in=with_paper).count()
    return Check(COST_PAPERS, not missing, _("%(count)s costs without a paper") % {"count": missing} if missing else "")


def sees_cost(user: User, cost: int) -> bool:
    """The papers of a cost are seen by whoever reads the books."""
    return user.has_role(*READS_BOOKS) and RunningCost.objects.filter(pk=cost).exists()


def add_checks() -> None:
    """Called once, when the apps are ready."""
    CHECK_NAMES[SHEETS] = gettext_lazy("Every collection sheet is accepted")
    CHECK_NAMES[COST_PAPERS] = gettext_lazy("Each cost has its paper")
    CHECKS[:0] = [sheets_accepted, costs_have_papers]

"""A member's lines of benefit lists, with what became of each: for her page, and the paper of what is kept of her."""

from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import format_date
from members.models import Member
from welfare.list_queries import lines_of_person
from welfare.models import BenefitList, ClaimState, DeliveryLine, ListLine


def list_lines(member: Member) -> list[tuple[ListLine, str]]:
    """Her lines of benefit lists with what became of each, also while it is with the community; two queries."""
    lines = list(lines_of_person(member))
    approved = [line.claim_id for line in lines if line.claim and line.claim.state == ClaimState.APPROVED]
    carried = DeliveryLine.objects.filter(claim__in=approved).select_related("delivery__carrier").order_by("pk")
    latest = {one.claim_id: one for one in carried} if approved else {}
    return [(line, _became(line, latest.get(line.claim_id))) for line in lines]


def _became(line: ListLine, carried: DeliveryLine | None) -> str:
    claim = line.claim
    if line.struck_by_id is not None:
        return _("Struck out: %(reason)s") % {"reason": line.struck_reason}
    if claim is None:
        return str(BenefitList.State.OPEN.label)
    if claim.state == ClaimState.PAID:
        return _("Paid on %(day)s") % {"day": format_date(claim.paid_on, "short")}
    if carried is None:
        return str(claim.get_state_display())
    if carried.outcome == DeliveryLine.Outcome.RETURNED:
        return _("Approved, not fetched: the money is back (%(reason)s)") % {"reason": carried.reason}
    told = {"carrier": carried.delivery.carrier.display_name, "day": format_date(carried.delivery.handed_on, "short")}
    return _("On its way: %(carrier)s has it since %(day)s") % told

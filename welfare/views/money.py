"""Where the money of a claim is, on the pages of other desks, while it waits to be paid."""

from typing import Any

from django.http import HttpRequest

from welfare.delivery_queries import visible_deliveries
from welfare.models import Claim, ClaimState
from welfare.on_the_way import carried_line, listed_line


def money_elsewhere(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """Of an approved claim whose money is on its way (`carried`) or that stands on a payment list (`on_list`)."""
    if claim.state != ClaimState.APPROVED:
        return {"carried": None, "on_list": None}
    carried = carried_line(claim)
    if carried is not None:
        carried.is_open_to_her = visible_deliveries(request.user).filter(pk=carried.delivery_id).exists()
    return {"carried": carried, "on_list": None if carried else listed_line(claim)}

"""What the committee settles about members, where a setting reaches into their rows."""

from django.db import transaction

from members.births import move_year_only_births
from members.models import Fund, YearOnlyBirths
from members.verbs import hold_register
from office.action_log import log_action
from office.models import User


@transaction.atomic
def set_year_only_births(choice: str, *, by: User | None) -> int:
    """Settle from which day year-only births are reckoned, and move every such member in one statement.

    Returns how many moved. The register is held meanwhile, so that an enrolment comes before or after it as a whole.
    """
    hold_register()
    fund = Fund.objects.select_for_update().get()
    before, fund.year_only_births = fund.year_only_births, YearOnlyBirths(choice)
    if before == choice:
        return 0
    fund.save(update_fields=["year_only_births"])
    moved = move_year_only_births(choice)
    after = {"year_only_births": choice, "members": moved}
    log_action(by, "fund-changed", subject=fund, before={"year_only_births": before}, after=after)
    return moved

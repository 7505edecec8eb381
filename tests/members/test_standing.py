"""Standing follows from the last day paid for; nobody types it."""

from datetime import date, timedelta

import pytest

from members.standing import Standing, StandingRules, is_due_to_lapse, standing_on

RULES = StandingRules(suspend_after_days=90, lapse_after_days=365)
PAID_THROUGH = date(2019, 12, 31)


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (-1, Standing.GOOD),
        (0, Standing.GOOD),
        (1, Standing.ARREARS),
        (90, Standing.ARREARS),
        (91, Standing.SUSPENDED),
        (1000, Standing.SUSPENDED),
    ],
)
def test_standing_by_days_since_paid_through(days, standing) -> None:
    assert standing_on(PAID_THROUGH, PAID_THROUGH + timedelta(days=days), RULES) == standing


@pytest.mark.parametrize(("days", "due"), [(365, False), (366, True)])
def test_a_member_is_due_to_lapse_after_the_regulations_days(days, due) -> None:
    assert is_due_to_lapse(PAID_THROUGH, PAID_THROUGH + timedelta(days=days), RULES) is due

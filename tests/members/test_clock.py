"""The fund's day, and the wall between demonstration and production."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from members.clock import refuse_demonstration_in_production, today_of
from members.models import Fund


def test_a_demonstration_lives_on_its_own_day(fund) -> None:
    assert today_of(fund) == date(2020, 11, 1)


def test_a_real_fund_lives_on_bangkoks_day(fund, time_machine) -> None:
    Fund.objects.update(is_demo=False, demo_day=None)
    time_machine.move_to("2026-01-31T18:30:00Z", tick=False)
    assert today_of(Fund.objects.get()) == date(2026, 2, 1)


def test_production_does_not_serve_a_demonstration(fund, settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="holds a demonstration fund"):
        refuse_demonstration_in_production()
    Fund.objects.update(is_demo=False, demo_day=None)
    refuse_demonstration_in_production()

"""A fund with two communities and its regulation, for the tests of people."""

from datetime import date

import pytest

from members.models import Community, Fund, Regulation
from tests.factories import CommunityFactory, make_fund

MEMBERSHIP_TERMS = {
    "entry_fee": "0",
    "dues": {"baht": "365", "every": "year", "period": "calendar"},
    "waiting_days": 180,
    "suspend_after_days": 90,
    "lapse_after_days": 365,
}


@pytest.fixture
def fund(db) -> Fund:
    found = make_fund()
    Regulation.objects.create(
        name_th="ระเบียบทดสอบ",
        name_en="Test regulation",
        reference="มติทดสอบ",
        effective_from=date(2010, 5, 1),
        document={"membership": MEMBERSHIP_TERMS, "benefits": []},
        sha256="0" * 64,
    )
    return found


@pytest.fixture
def first(fund) -> Community:
    return CommunityFactory(number=1)


@pytest.fixture
def second(fund) -> Community:
    return CommunityFactory(number=2)

"""A small fund with its regulation, a treasurer and a leader, for the tests of money in."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from ledger.models import Account, AccountRole
from ledger.queries import trial_balance
from members.models import Fund, Member, Membership, Regulation
from members.verbs import count_members
from tests.factories import CommunityFactory, MemberFactory, make_fund, make_user

TODAY = date(2020, 11, 1)
NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
YEARLY = {
    "entry_fee": 0,
    "dues": {"baht": 365, "every": "year", "period": "calendar"},
    "joining_late": {"from_month": 10, "counts_for": "next"},
    "waiting_days": 180,
    "suspend_after_days": 90,
    "lapse_after_days": 365,
    "lapse": "by-resolution",
    "arrears_by_committee": True,
}


def regulate(effective_from: date = date(2010, 5, 1), **terms: object) -> Regulation:
    return Regulation.objects.create(
        name_th="ระเบียบทดสอบ",
        name_en="Test regulation",
        reference="มติทดสอบ",
        effective_from=effective_from,
        document={"membership": YEARLY | terms, "benefits": []},
        sha256="0" * 64,
    )


def make_cast(*, controls: str = "standard") -> SimpleNamespace:
    """The people and places of a test: `who.treasurer`, `who.leader`, `who.bank` …"""
    fund = make_fund(controls=controls)
    regulate()
    community = CommunityFactory(number=1)
    return SimpleNamespace(
        fund=fund,
        community=community,
        treasurer=make_user("treasurer", username="treasurer", display_name="เหรัญญิก สมมติ"),
        leader=make_user("leader", community=community, username="leader", display_name="ผู้นำ สมมติ"),
        committee=make_user("committee", username="committee", display_name="กรรมการ สมมติ"),
        auditor=make_user("auditor", username="auditor", display_name="ผู้ตรวจสอบ สมมติ"),
        bank=Account.objects.get(role=AccountRole.BANK),
        cash=Account.objects.get(role=AccountRole.CASH),
    )


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast()


def acting(by: object) -> dict[str, object]:
    """What every verb wants besides its facts."""
    return {"by": by, "today": TODAY, "now": NOW, "request_id": uuid.uuid4()}


def member_owing(community: object, *, paid_through: date = date(2019, 12, 31), **fields: object) -> Member:
    count_members(community, current=1, cumulative=1)
    return MemberFactory(community=community, paid_through=paid_through, **fields)


def membership(member: Member) -> Membership:
    return member.memberships.get()


def books() -> dict[str, Decimal]:
    """Every account that is not even: debits above, credits below nought."""
    return {account.code: debit - credit for account, debit, credit in trial_balance()}


def fund_of() -> Fund:
    return Fund.objects.get()

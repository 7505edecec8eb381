"""What the loading of the demonstration carries along: the plan, and the rows that were made of it so far."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bansong_fund.demo.shapes import Plan
from ledger.models import Account
from members.models import Community, Fund, Household, Meeting, Member, Membership, Regulation, Resolution
from office.models import User
from welfare.rules.document import RegulationDocument

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "bansong-fund:demonstration")
BANGKOK = ZoneInfo("Asia/Bangkok")
MORNING = time(9)


def fixed_id(*names: object) -> uuid.UUID:
    """The same identifier in every installation, so that two loads seal the same books."""
    return uuid.uuid5(NAMESPACE, ":".join(map(str, names)))


def moment(day: date) -> datetime:
    """The office hour at which what happened on `day` was written down."""
    return datetime.combine(day, MORNING, tzinfo=BANGKOK)


@dataclass
class World:
    """The plan and its rows, by the plan's own names: numbers of persons and communities, keys of the rest."""

    plan: Plan
    now: datetime
    fund: Fund
    users: dict[str, User] = field(default_factory=dict)
    communities: dict[int, Community] = field(default_factory=dict)
    households: dict[int, Household] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    memberships: dict[int, Membership] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    decisions: dict[str, Resolution] = field(default_factory=dict)  # by meeting: its resolution on claims
    lapses: dict[str, Resolution] = field(default_factory=dict)  # by meeting: its resolution on ended memberships
    accounts: dict[str, Account] = field(default_factory=dict)  # cash, savings, fixed, leader:<community>
    regulation: Regulation | None = None
    document: RegulationDocument | None = None

    def decider(self, meeting: str) -> User:
        """Who wrote the meeting's decisions down: the three of the committee take turns."""
        return self.users[f"committee{self.meetings[meeting].number % 3 + 1}"]

    def leader(self, community: int) -> User:
        return self.users[f"leader{community}"]

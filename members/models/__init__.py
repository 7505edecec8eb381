"""People: the fund, its communities, households, members and memberships, meetings and regulations."""

from members.models.applications import Application, ApplicationState, Certification, PayInterval
from members.models.around import Beneficiary, Child, Consent, Group, GroupFlag, Guardian, Relation
from members.models.fund import (
    AdministrationBase,
    Community,
    Controls,
    Fund,
    Household,
    Leadership,
    MemberCount,
    YearOnlyBirths,
)
from members.models.history import before_image
from members.models.meetings import Meeting, Regulation, Resolution
from members.models.membership import ArrearsNotice, CommunityStay, EndReason, Membership
from members.models.opening import ImportRow, ImportRun, OpeningDrawn, OpeningFacts
from members.models.people import (
    DatePrecision,
    IdKind,
    MaritalStatus,
    Member,
    MemberSequence,
    NameChange,
    NameGrams,
    Person,
    SettledDouble,
    Sex,
    ThaiSortKey,
)
from members.models.profile import CommitteeSeat, PaperAnswer, SeatKind

__all__ = [
    "AdministrationBase",
    "Application",
    "ApplicationState",
    "ArrearsNotice",
    "Beneficiary",
    "Certification",
    "Child",
    "CommitteeSeat",
    "Community",
    "CommunityStay",
    "Consent",
    "Controls",
    "DatePrecision",
    "EndReason",
    "Fund",
    "Group",
    "GroupFlag",
    "Guardian",
    "Household",
    "IdKind",
    "ImportRow",
    "ImportRun",
    "Leadership",
    "MaritalStatus",
    "Meeting",
    "Member",
    "MemberCount",
    "MemberSequence",
    "Membership",
    "NameChange",
    "NameGrams",
    "OpeningDrawn",
    "OpeningFacts",
    "PaperAnswer",
    "PayInterval",
    "Person",
    "Regulation",
    "Relation",
    "Resolution",
    "SeatKind",
    "SettledDouble",
    "Sex",
    "ThaiSortKey",
    "YearOnlyBirths",
    "before_image",
]

"""Money in: dues and collection sheets, grants and matching rounds, contributors, their gifts and events."""

from contributions.models.books import (
    InterestCredit,
    RunningCost,
    VoidRequest,
)
from contributions.models.campaigns import (
    Campaign,
    CashCount,
    Envelope,
    InKindGift,
    Pledge,
    Sale,
    SaleItem,
    Sponsor,
)
from contributions.models.contributors import (
    Contributor,
    ContributorKind,
    Gift,
    Partner,
    PartnerActivity,
    PartnerAgreement,
)
from contributions.models.dues import (
    DuesCover,
    DuesPayment,
    EntryFee,
)
from contributions.models.grants import (
    Commitment,
    CommitmentStep,
    Grant,
    GrantSource,
    MatchingRound,
    RoundMember,
)
from contributions.models.sheets import (
    CollectionLine,
    CollectionSheet,
    DoorReceipt,
    SheetSend,
    SheetUpload,
)

__all__ = [
    "Campaign",
    "CashCount",
    "CollectionLine",
    "CollectionSheet",
    "Commitment",
    "CommitmentStep",
    "Contributor",
    "ContributorKind",
    "DoorReceipt",
    "DuesCover",
    "DuesPayment",
    "EntryFee",
    "Envelope",
    "Gift",
    "Grant",
    "GrantSource",
    "InKindGift",
    "InterestCredit",
    "MatchingRound",
    "Partner",
    "PartnerActivity",
    "PartnerAgreement",
    "Pledge",
    "RoundMember",
    "RunningCost",
    "Sale",
    "SaleItem",
    "SheetSend",
    "SheetUpload",
    "Sponsor",
    "VoidRequest",
]

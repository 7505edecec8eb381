"""The books: accounts, entries of lines, kept sums, years and months, receipts and vouchers.

Each line names one debit and one credit account and an amount above zero, so an unbalanced entry
cannot be written. Rows are append-only; a mistake is answered by a reversal. `ledger.posting.post`
is the one writer of entries.
"""

from ledger.models.accounts import (
    Account,
    AccountRole,
    AccountType,
    RestrictedFund,
)
from ledger.models.entries import (
    CommunitySum,
    Entry,
    EntryKind,
    EntryMemo,
    LedgerHead,
    LedgerSum,
    Line,
)
from ledger.models.fund_transfers import FundTransfer
from ledger.models.opening import (
    Opening,
    OpeningBalance,
    OpeningTotal,
    OpeningTypist,
)
from ledger.models.papers import (
    Document,
    DocumentLine,
    DocumentSequence,
    DocumentVoid,
    Fingerprint,
    PaymentMeans,
    PaymentVoucher,
    PaymentVoucherLine,
    PaymentVoucherVoid,
    Receipt,
    ReceiptBook,
    ReceiptCopy,
    ReceiptKind,
    ReceiptLine,
    ReceiptVoid,
    SpoiledNumber,
    receipt_label,
)
from ledger.models.passbook import (
    BankFileFormat,
    PassbookLine,
    PassbookTick,
    Reconciliation,
)
from ledger.models.periods import (
    AccountingMonth,
    FiscalYear,
)
from ledger.models.reversals import ReversalConfirmation, ReversalRequest

__all__ = [
    "Account",
    "AccountRole",
    "AccountType",
    "AccountingMonth",
    "BankFileFormat",
    "CommunitySum",
    "Document",
    "DocumentLine",
    "DocumentSequence",
    "DocumentVoid",
    "Entry",
    "EntryKind",
    "EntryMemo",
    "Fingerprint",
    "FiscalYear",
    "FundTransfer",
    "LedgerHead",
    "LedgerSum",
    "Line",
    "Opening",
    "OpeningBalance",
    "OpeningTotal",
    "OpeningTypist",
    "PassbookLine",
    "PassbookTick",
    "PaymentMeans",
    "PaymentVoucher",
    "PaymentVoucherLine",
    "PaymentVoucherVoid",
    "Receipt",
    "ReceiptBook",
    "ReceiptCopy",
    "ReceiptKind",
    "ReceiptLine",
    "ReceiptVoid",
    "Reconciliation",
    "RestrictedFund",
    "ReversalConfirmation",
    "ReversalRequest",
    "SpoiledNumber",
    "receipt_label",
]

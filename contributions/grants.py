"""Legs 2 and 3: the municipality's contribution, CODI's start-up grant, other state bodies. Rounds: `rounds.py`."""

import uuid
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from bansong_fund.lib.thai_dates import be_year
from contributions.commitments import hold_commitment, note_money
from contributions.models import Commitment, Grant, GrantSource
from contributions.verbs import Income, money_verb, receipt_of, refuse_future, refuse_no_amount, take_income
from ledger.accounts import account
from ledger.documents import PaperLine
from ledger.models import Account, AccountRole, Receipt, ReceiptKind, RestrictedFund
from ledger.posting import LineDraft
from office.models import User

INCOME_ROLES = {
    GrantSource.MUNICIPALITY: AccountRole.MUNICIPALITY,
    GrantSource.CODI_START_UP: AccountRole.CODI_START_UP,
    GrantSource.CODI_MATCHING: AccountRole.CODI_MATCHING,
    GrantSource.OTHER_STATE: AccountRole.OTHER_STATE,
}
RECEIPT_KINDS = {
    GrantSource.MUNICIPALITY: ReceiptKind.MUNICIPALITY,
    GrantSource.CODI_START_UP: ReceiptKind.CODI,
    GrantSource.CODI_MATCHING: ReceiptKind.CODI,
    GrantSource.OTHER_STATE: ReceiptKind.OTHER,
}
WORDS = {
    GrantSource.MUNICIPALITY: ("เงินสมทบกองทุนสวัสดิการชุมชน ปี {year}", "Municipality's contribution for {year}"),
    GrantSource.CODI_START_UP: ("เงินประเดิมกองทุนสวัสดิการชุมชน", "CODI start-up grant"),
    GrantSource.OTHER_STATE: ("เงินสนับสนุนจากหน่วยงานรัฐ ปี {year}", "Contribution of a state body for {year}"),
}


@money_verb(receipt_of)
def record_grant(
    *,
    source: GrantSource,
    received_from: str,
    amount: Decimal,
    received_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
    commitment: Commitment | None = None,
    restricted_fund: RestrictedFund | None = None,
) -> Receipt:
    """Money of the municipality, a start-up grant, or another state body: one receipt, one entry.

    `place`: the bank account or the cash box that it went to. `commitment`: the promise that it fulfils, or a part of
    it. `restricted_fund`: what the money is bound to. Raises `FutureDate`, `AmountNeeded`, `PeriodClosed`,
    `OtherSource`, `NotPromised`, `FundClosed`.
    """
    refuse_future(received_on, today)
    refuse_no_amount(amount)
    promised = hold_commitment(commitment, source)
    th, en = (words.format(year=be_year(received_on)) for words in WORDS[source])
    income = grant_income(
        source,
        PaperLine(th, en),
        amount,
        received_from=received_from,
        received_on=received_on,
        place=place,
        reference=reference,
    )
    income = replace(income, restricted_fund=restricted_fund)
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    facts = {"receipt": receipt, "amount": amount, "received_on": received_on, "reference": reference}
    Grant.objects.create(source=source, commitment=promised, **facts)
    note_money(promised, receipt, amount, received_on, by=by, now=now)
    return receipt


def grant_income(
    source: GrantSource,
    words: PaperLine,
    amount: Decimal,
    *,
    received_from: str,
    received_on: date,
    place: Account,
    reference: str,
) -> Income:
    """The receipt of one sum of legs 2 and 3."""
    return Income(
        date=received_on,
        kind=RECEIPT_KINDS[source],
        party_name=received_from,
        account=place,
        means_reference=reference[:100],
        lines=[(LineDraft(place, account(INCOME_ROLES[source]), amount), words)],
    )

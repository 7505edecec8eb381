"""Leg 4: contributors and their gifts."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import normalise
from contributions.contributors import refused_after
from contributions.events import hold_open_event
from contributions.models import Campaign, Contributor, ContributorKind, Gift, PartnerActivity, Pledge
from contributions.verbs import Income, money_verb, receipt_of, refuse_future, refuse_no_amount, take_income
from ledger.documents import PaperLine, next_numbers
from ledger.models import Account, AccountRole, Receipt, ReceiptKind, RestrictedFund
from ledger.posting import LineDraft
from office.models import User

GIFT_ROLES = (AccountRole.GIFT, AccountRole.SISTER_FUNDS, AccountRole.EVENT_INCOME, AccountRole.ENTERPRISE_SHARE)
ANONYMOUS = "ผู้ไม่ประสงค์ออกนาม"  # one contributor for all who gave no name; never named, never thanked by name


class SameName(DomainError):
    """Several contributors have this name."""


@dataclass(frozen=True, slots=True)
class ContributorFacts:
    """Who gives. An existing contributor is found by `number`, else by name."""

    name: str
    kind: ContributorKind = ContributorKind.PERSON
    is_local: bool = True
    may_be_named: bool | None = None  # None: not asked; a new one is then not named, a known one stays as she was
    phone: str = ""
    address: str = ""
    number: int | None = None


@money_verb(receipt_of)
def record_gift(
    *,
    contributor: ContributorFacts,
    income_account: Account,
    amount: Decimal,
    received_on: date,
    place: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    campaign: Campaign | None = None,
    activity: PartnerActivity | None = None,
    reference: str = "",
    restricted_fund: RestrictedFund | None = None,
) -> Receipt:
    """A gift to the fund with its receipt; the contributor is found, or made with the next number.

    `income_account`: one of the four of leg 4 (`GIFT_ROLES`). `restricted_fund`: what it was given for. Raises
    `SameName`, `EventClosed`, `FutureDate`, `AmountNeeded`, `FundClosed`, `PeriodClosed`.
    """
    refuse_future(received_on, today)
    refuse_no_amount(amount)
    held = None if campaign is None else hold_open_event(campaign)
    gift = take_gift(
        contributor=contributor,
        income_account=income_account,
        amount=amount,
        received_on=received_on,
        place=place,
        campaign=held,
        activity=activity,
        reference=reference,
        restricted_fund=restricted_fund,
        by=by,
        now=now,
        request_id=request_id,
    )
    return gift.receipt


def take_gift(
    *,
    contributor: ContributorFacts,
    income_account: Account,
    amount: Decimal,
    received_on: date,
    place: Account,
    by: User,
    now: datetime,
    request_id: uuid.UUID,
    campaign: Campaign | None = None,
    pledge: Pledge | None = None,
    activity: PartnerActivity | None = None,
    reference: str = "",
    restricted_fund: RestrictedFund | None = None,
) -> Gift:
    """Book a gift inside the caller's transaction, which holds its event and its pledge."""
    giver = find_or_make_contributor(contributor, on=received_on)
    income = _income(giver, income_account, amount, received_on=received_on, place=place, reference=reference)
    income = replace(income, restricted_fund=restricted_fund)
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    return Gift.objects.create(
        contributor=giver,
        receipt=receipt,
        campaign=campaign,
        income_account=income_account,
        amount=amount,
        received_on=received_on,
        pledge=pledge,
        activity=activity,
    )


def _income(
    giver: Contributor, income_account: Account, amount: Decimal, *, received_on: date, place: Account, reference: str
) -> Income:
    line = LineDraft(place, income_account, amount, contributor_number=giver.number)
    return Income(
        date=received_on,
        kind=ReceiptKind.GIFT,
        party_name=giver.name,
        party_address=giver.address,
        party_phone=giver.phone,
        account=place,
        means_reference=reference,
        contributor_number=giver.number,
        lines=[(line, PaperLine(income_account.name_th, income_account.name_en))],
    )


def find_or_make_contributor(facts: ContributorFacts, *, on: date) -> Contributor:
    """The contributor of this number or name, else a new one with the next number.

    Consent to be named, given or taken back `on` a day, phone and address follow what was told last; an empty field
    changes nothing, nor does a consent from before the day on which she took it back.
    """
    # one at a time: the sequence's row is held, so two new ones never take the same number or name
    next_numbers("contributor", 0)
    found = _find(facts)
    if found is None:
        last = Contributor.objects.aggregate(last=Max("number"))["last"] or 0
        return Contributor.objects.create(
            number=last + 1,
            name=normalise(facts.name),
            kind=facts.kind,
            is_local=facts.is_local,
            may_be_named=bool(facts.may_be_named),
            consent_on=None if facts.may_be_named is None else on,
            phone=facts.phone,
            address=facts.address,
        )
    said = facts.may_be_named
    if said and refused_after(found, on):  # an old gift, written down after she took her consent back
        said = None
    if said is not None and (said != found.may_be_named or found.consent_on is None):
        found.may_be_named, found.consent_on = said, on
    found.phone, found.address = facts.phone or found.phone, facts.address or found.address
    found.save(update_fields=["may_be_named", "consent_on", "phone", "address"])
    return found


def _find(facts: ContributorFacts) -> Contributor | None:
    if facts.number is not None:
        return Contributor.objects.get(number=facts.number)
    same = list(Contributor.objects.filter(name__iexact=normalise(facts.name)).order_by("number"))
    if len(same) > 1:
        message = _(
            "Several contributors are called %(name)s: nos. %(numbers)s. Write the number in front, as in"
            " “%(example)s”."
        )
        numbers = ", ".join(str(one.number) for one in same)
        example = f"{same[0].number} {same[0].name}"
        raise SameName(message % {"name": same[0].name, "numbers": numbers, "example": example}, field="name")
    return same[0] if same else None

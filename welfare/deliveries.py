"""Money of approved claims that somebody carries to those who receive it: an advance with her until it is settled.

The other half is `welfare.settling`: the signed slip is back, and the claim is paid, or the money is.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import File
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.thai_dates import be_year
from contributions.verbs import money_verb, refuse_overdrawn
from ledger.accounts import advance_account
from ledger.documents import next_numbers
from ledger.models import Account, EntryKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, post
from members.models import Community, Controls
from members.queries import visible_communities
from office.attachments import keep_attachment
from office.models import User
from office.roles import Role
from welfare.controls import OneHand, OwnClaim, controls_level, refuse_own, refuse_paying
from welfare.models import BenefitList, Claim, Delivery, DeliveryLine
from welfare.on_the_way import refuse_bound, refuse_fund_short
from welfare.paying import check_payment, paying_line, refuse_paid
from welfare.steps import lock_claims, write_step
from welfare.transitions import Action, transition

DELIVERY_SERIES = "delivery"
DELIVERY_PAPERS = "delivery"  # photographs of signed slips, by the delivery that they belong to
CARRIER_ROLES = (Role.LEADER, Role.REGISTRAR, Role.COMMITTEE, Role.TREASURER)


class NobodyToDeliver(DomainError):
    """A delivery is of at least one claim, and a settlement of at least one line."""


class NotACarrier(DomainError):
    """This person does not carry this money."""


def delivery_of(request_id: uuid.UUID) -> Delivery | None:
    """The delivery that this request made before, if it did."""
    return Delivery.objects.filter(request_id=request_id).first()


# --- handing over -----------------------------------------------------------------------------------------


@money_verb(delivery_of)
def hand_over(
    *,
    claims: Sequence[Claim],
    carrier: User,
    account: Account,
    handed_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    benefit_list: BenefitList | None = None,
    community: Community | None = None,
) -> Delivery:
    """The treasurer gives the money of approved claims to a person who carries it: an advance with her, all or none.

    `benefit_list` and `community` say whose part of a list it is: its settlements have one voucher for all, whose
    annex is the list's sheet. Raises `NobodyToDeliver`, `NotNow`, `NotYours`, `PaidAlready`, `MoneyElsewhere`,
    `OwnClaim`, `OneHand`, `NotACarrier`, `NotAPayingAccount`, `FutureDate`, `WrongPayDay`, `PeriodClosed`,
    `NotEnoughMoney`, `FundOverdrawn`.
    """
    held = lock_claims(claim.pk for claim in claims)
    if not held:
        raise NobodyToDeliver(_("Choose at least one claim whose money is to be delivered."), field="claims")
    _refuse_handing_over(held, carrier, account, handed_on, by=by, today=today)
    hold_open_month(handed_on)
    year = be_year(handed_on)
    number = next_numbers(DELIVERY_SERIES, year)[0]
    advance = advance_account(carrier)  # under the lock of the series: two of us never make one at once
    delivery = Delivery(request_id=request_id, year_be=year, number=number, carrier=carrier, account=account)
    delivery.entry = post(
        EntryDraft(
            date=handed_on,
            kind=EntryKind.TRANSFER,
            lines=[paying_line(claim, advance, account) for claim in held],
            posted_by=by,
            memo=_("Delivery %(number)s, handed to %(carrier)s")
            % {"number": delivery.label, "carrier": carrier.display_name},
            document_kind="delivery",
            document_number=delivery.label,
            request_id=request_id,
        ),
        posted_at=now,
    )
    refuse_overdrawn(account)
    refuse_fund_short(claim.restricted_fund for claim in held)
    delivery.benefit_list, delivery.community = benefit_list, community
    delivery.total = sum((claim.amount_approved or ZERO for claim in held), ZERO)
    delivery.handed_on, delivery.handed_by, delivery.handed_at = handed_on, by, now
    delivery.save()
    DeliveryLine.objects.bulk_create(
        [DeliveryLine(delivery=delivery, claim=claim, amount=claim.amount_approved) for claim in held]
    )
    said = _("Delivery %(number)s, by %(carrier)s") % {"number": delivery.label, "carrier": carrier.display_name}
    write_steps(held, "hand-over", said, by=by, today=today, now=now)
    return delivery


def _refuse_handing_over(
    claims: list[Claim], carrier: User, account: Account, handed_on: date, *, by: User, today: date
) -> None:
    level = controls_level()
    for claim in claims:
        refuse_paid(claim)
        transition(claim, Action.PAY, by)
        refuse_paying(claim, by, level)
        check_payment(claim, account, handed_on, today)
        _refuse_carriers_own(claim, carrier)
    refuse_bound(claims)
    _refuse_carrier(claims, carrier, by, level)


def _refuse_carriers_own(claim: Claim, carrier: User) -> None:
    try:
        refuse_own(claim, carrier)
    except OwnClaim as refusal:
        message = _(
            "Claim %(number)s is %(carrier)s's own or her household's, and nobody carries money to herself. Choose"
            " another person for it, or pay it at the desk."
        )
        told = {"number": claim.label, "carrier": carrier.display_name}
        raise OwnClaim(message % told, field="carrier") from refusal


def _refuse_carrier(claims: list[Claim], carrier: User, by: User, level: str) -> None:
    if not carrier.is_active or not carrier.has_role(*CARRIER_ROLES):
        message = _("%(carrier)s carries no money of the fund: choose a leader or somebody of the committee.")
        raise NotACarrier(message % {"carrier": carrier.display_name}, field="carrier")
    if carrier.pk == by.pk and level != Controls.SMALL:
        message = _("You cannot hand the money to yourself. Choose another person, or pay the claims at the desk.")
        raise OneHand(message, field="carrier")
    hers = set(visible_communities(carrier).values_list("pk", flat=True))
    for claim in claims:
        if claim.community_id not in hers:
            message = _(
                "Claim %(number)s is of %(community)s, where %(carrier)s is no leader. Choose a leader of that"
                " community, or somebody of the committee."
            )
            told = {"number": claim.label, "community": claim.community.name_th, "carrier": carrier.display_name}
            raise NotACarrier(message % told, field="carrier")


# --- slips and steps -----------------------------------------------------------------------------------------


def keep_slips(delivery: Delivery, papers: Sequence[File], *, by: User, now: datetime, request_id: uuid.UUID) -> None:
    """Photographs of signed slips, from the treasurer or from who carries the money. Raises `FileRefused`."""
    for place, file in enumerate(papers):
        keep_attachment(
            file,
            owner_kind=DELIVERY_PAPERS,
            owner_id=delivery.pk,
            purpose="slip",
            by=by,
            now=now,
            request_id=uuid.uuid5(request_id, f"paper {place}"),
            field="papers",
        )


def write_steps(claims: list[Claim], action: str, reason: str, *, by: User, today: date, now: datetime) -> None:
    """Beside the table of states: the claims stay approved."""
    for claim in claims:
        write_step(claim, action, by=by, today=today, now=now, reason=reason, from_state=claim.state)

"""Where an approved claim's money is meanwhile: on a payment list, or on its way with a person who carries it."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import format_date
from ledger.models import AccountRole, LedgerSum, RestrictedFund
from ledger.restricted import FundOverdrawn, fund_balance
from welfare.models import Claim, DeliveryLine, PaymentListLine


class MoneyElsewhere(DomainError):
    """The claim is paid another way already: it stands on a payment list, or its money is on its way."""


def carried_line(claim: Claim) -> DeliveryLine | None:
    """The line of the delivery by which a claim's money is on its way, with who carries it; None where it is not."""
    return DeliveryLine.objects.filter(claim=claim, settlement=None).select_related("delivery__carrier").first()


def listed_line(claim: Claim) -> PaymentListLine | None:
    """The line of the payment list on which a claim waits to be paid; None where it stands on none."""
    return PaymentListLine.objects.filter(claim=claim, outcome="").select_related("payment_list").first()


def refuse_bound(claims: Iterable[Claim]) -> None:
    """Raises `MoneyElsewhere` where the money of one of these claims is on its way or on a payment list.

    Call it with the claims' rows locked: whoever binds a claim locks its row first.
    """
    keys = [claim.pk for claim in claims]
    carried = DeliveryLine.objects.filter(claim__in=keys, settlement=None).select_related("claim", "delivery__carrier")
    for line in carried[:1]:
        message = _(
            "The money of claim %(number)s is on its way: %(carrier)s carries it since %(day)s (delivery"
            " %(delivery)s). Write down there what became of it."
        )
        told = {"number": line.claim.label, "delivery": line.delivery.label}
        told |= {"carrier": line.delivery.carrier.display_name, "day": format_date(line.delivery.handed_on)}
        raise MoneyElsewhere(message % told)
    listed = PaymentListLine.objects.filter(claim__in=keys, outcome="").select_related("claim", "payment_list")
    for row in listed[:1]:
        message = _(
            "Claim %(number)s stands on payment list %(list)s. Write down there that it was paid, or take it off."
        )
        raise MoneyElsewhere(message % {"number": row.claim.label, "list": row.payment_list.label})


def refuse_fund_short(funds: Iterable[RestrictedFund | None]) -> None:
    """A restricted fund holds what claims take out of it, with what of it is on its way. Call it after posting.

    Raises `FundOverdrawn`. None stands for the general fund, whose money is that of the cash box and the bank.
    """
    for fund in {fund for fund in funds if fund is not None and not fund.is_general}:
        left = fund_balance(fund) - _on_its_way(fund)
        if left < 0:
            message = _(
                "%(fund)s does not hold enough: %(missing)s baht are missing. Move money to it by a resolution."
            )
            raise FundOverdrawn(message % {"fund": local_name(fund), "missing": format_baht(-left)}, field="account")


def _on_its_way(fund: RestrictedFund) -> Decimal:
    sums = LedgerSum.objects.filter(account__role=AccountRole.ADVANCE, restricted_fund=fund)
    return sums.aggregate(held=Sum(F("debit") - F("credit")))["held"] or ZERO

"""Restricted funds: money set aside by a resolution, moved between funds by a resolution, never spent below nought.

A fund's balance is what came in for it less what went out of it, with what was moved to it: the side of income, costs
and the accumulated fund. A transfer moves no cash; the account between funds keeps each fund's own books in balance.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from ledger.accounts import account
from ledger.models import (
    Account,
    AccountRole,
    AccountType,
    EntryKind,
    FundTransfer,
    LedgerSum,
    Line,
    RestrictedFund,
)
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from ledger.queries import moved_between
from ledger.spans import Span
from ledger.verbs import money_verb, refuse_future, refuse_no_amount
from members.models import Fund
from office.action_log import log_action
from office.models import User

OWN_TYPES = (AccountType.INCOME, AccountType.COST, AccountType.FUND)


class ResolutionNeeded(DomainError):
    """Money is set aside and moved between funds by a resolution, which is named."""


class FundOverdrawn(DomainError):
    """A restricted fund does not hold what is to be taken out of it."""


class FundClosed(DomainError):
    """The restricted fund takes no money any more, or cannot be closed yet."""


class SameFund(DomainError):
    """The money would stay in its fund."""


@dataclass(frozen=True, slots=True)
class FundBalance:
    """A restricted fund and what it holds."""

    fund: RestrictedFund
    balance: Decimal


def fund_balances() -> list[FundBalance]:
    """Every restricted fund with its balance, the general one first; from the kept sums, in two queries."""
    sums = LedgerSum.objects.filter(account__type__in=OWN_TYPES).values_list("restricted_fund")
    held = dict(sums.annotate(balance=Sum(F("credit") - F("debit"))).order_by())
    return [FundBalance(fund, held.get(fund.pk, ZERO)) for fund in RestrictedFund.objects.order_by("id")]


def fund_balance(fund: RestrictedFund) -> Decimal:
    """What a restricted fund holds."""
    sums = LedgerSum.objects.filter(account__type__in=OWN_TYPES, restricted_fund=fund)
    return sums.aggregate(balance=Sum(F("credit") - F("debit")))["balance"] or ZERO


@dataclass(frozen=True, slots=True)
class FundStatement:
    """A restricted fund in a span: what it held, what moved it by account, what it holds at the end."""

    fund: RestrictedFund
    span: Span
    brought: Decimal
    rows: list[tuple[Account, Decimal]]

    @property
    def carried(self) -> Decimal:
        return self.brought + sum((amount for _account, amount in self.rows), ZERO)


def fund_statement(fund: RestrictedFund, span: Span) -> FundStatement:
    """What a restricted fund took in, gave out and was given by other funds. Closings move nothing out of it."""
    own = {one.pk: one for one in Account.objects.filter(type__in=OWN_TYPES).order_by("code")}
    before = moved_between(None, span.first - timedelta(days=1), closings=True, fund=fund, accounts=own.values())
    within = moved_between(span.first, span.last, fund=fund, accounts=own.values())
    brought = -sum((moved.balance for moved in before.values()), ZERO)
    amounts: dict[int, Decimal] = defaultdict(lambda: ZERO, {key: -moved.balance for key, moved in within.items()})
    return FundStatement(fund, span, brought, [(one, amounts[key]) for key, one in own.items() if amounts[key]])


# --- setting aside ----------------------------------------------------------------------------------------


@transaction.atomic
def set_aside(*, name_th: str, name_en: str, purpose: str, resolution_label: str, by: User) -> RestrictedFund:
    """A new restricted fund, by a resolution. The same name and resolution a second time find the first.

    Raises `ResolutionNeeded`.
    """
    _refuse_no_resolution(resolution_label)
    Fund.objects.select_for_update().get()  # a second click waits here for the first
    label = resolution_label.strip()
    found = RestrictedFund.objects.filter(name_th=name_th, resolution_label=label).first()
    if found is not None:
        return found
    made = RestrictedFund.objects.create(
        code=f"fund-{RestrictedFund.objects.count()}",
        name_th=name_th,
        name_en=name_en or name_th,
        purpose=purpose,
        resolution_label=label,
    )
    log_action(by, "fund-set-aside", subject=made, resolution=label)
    return made


@transaction.atomic
def close_fund(fund: RestrictedFund, *, resolution_label: str, by: User) -> RestrictedFund:
    """End a restricted fund that is empty, by a resolution. Raises `ResolutionNeeded`, `FundClosed`."""
    _refuse_no_resolution(resolution_label)
    fund = RestrictedFund.objects.select_for_update().get(pk=fund.pk)
    left = fund_balance(fund)
    if fund.is_general or left:
        message = _("%(fund)s still holds %(baht)s baht. Move the money to another fund first.")
        raise FundClosed(message % {"fund": local_name(fund), "baht": format_baht(left)})
    if fund.is_open:
        fund.is_open = False
        fund.save(update_fields=["is_open"])
        log_action(by, "fund-ended", subject=fund, resolution=resolution_label.strip())
    return fund


# --- moving money between funds ---------------------------------------------------------------------------


def _transfer(request_id: uuid.UUID) -> FundTransfer | None:
    return FundTransfer.objects.filter(request_id=request_id).first()


@money_verb(_transfer)
def move_between_funds(
    *,
    source: RestrictedFund,
    target: RestrictedFund,
    amount: Decimal,
    moved_on: date,
    resolution_label: str,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reason: str = "",
) -> FundTransfer:
    """Move baht from one fund to another by a resolution; neither income nor cost, and no bank sees it.

    Raises `FundOverdrawn`, `FundClosed`, `SameFund`, `ResolutionNeeded`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(moved_on, today)
    refuse_no_amount(amount)
    _refuse_no_resolution(resolution_label)
    if source.pk == target.pk:
        raise SameFund(_("Choose two different funds: where the money was, and where it goes."), field="target")
    refuse_closed_fund(source, "source")
    refuse_closed_fund(target, "target")
    hold_open_month(moved_on)
    own, between = account(AccountRole.ACCUMULATED_FUND), account(AccountRole.BETWEEN_FUNDS)
    entry = post(
        EntryDraft(
            date=moved_on,
            kind=EntryKind.TRANSFER,
            lines=[
                LineDraft(own, between, amount, restricted_fund=source),
                LineDraft(between, own, amount, restricted_fund=target),
            ],
            posted_by=by,
            memo=reason or resolution_label,
            document_kind="fund-transfer",
            document_number=resolution_label[:20],
            request_id=request_id,
        ),
        posted_at=now,
    )
    refuse_fund_overdrawn(source, field="amount")
    return FundTransfer.objects.create(
        request_id=request_id,
        source=source,
        target=target,
        amount=amount,
        moved_on=moved_on,
        resolution_label=resolution_label.strip(),
        reason=reason,
        entry=entry,
        moved_by=by,
        moved_at=now,
    )


def refuse_fund_overdrawn(fund: RestrictedFund, *, field: str = "restricted_fund") -> None:
    """Call after posting: the ledger's head is held then, so nothing else can take the same money."""
    left = fund_balance(fund)
    if left < 0:
        message = _("%(fund)s does not hold enough: %(missing)s baht are missing. Move money to it by a resolution.")
        raise FundOverdrawn(message % {"fund": local_name(fund), "missing": format_baht(-left)}, field=field)


def funds_taken_from(reversed_lines: Iterable[Line]) -> list[RestrictedFund]:
    """The restricted funds that hold less once these lines are reversed: what they brought it goes back.

    A fund that the reversal brings money is not among them, even where it stands below nought.
    """
    brought: dict[RestrictedFund, Decimal] = defaultdict(lambda: ZERO)
    for line in reversed_lines:
        own_sides = (line.credit.type in OWN_TYPES) - (line.debit.type in OWN_TYPES)
        brought[line.restricted_fund] += own_sides * line.amount
    return [fund for fund, baht in brought.items() if baht > 0 and not fund.is_general]


def refuse_closed_fund(fund: RestrictedFund, field: str = "restricted_fund") -> None:
    if not fund.is_open:
        raise FundClosed(_("%(fund)s was ended; choose another fund.") % {"fund": local_name(fund)}, field=field)


def _refuse_no_resolution(resolution_label: str) -> None:
    if not resolution_label.strip():
        message = _("Write the resolution by which the committee decided it, for example 3/2563 (2).")
        raise ResolutionNeeded(message, field="resolution")

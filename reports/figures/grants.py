"""What was asked of CODI, the municipality and others, what was approved, and what came, by the receipts in the books.

A receipt that was made void counts until the day of its reversal, as it does in the books.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Sum

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.snapshots import asked_once
from bansong_fund.lib.thai_dates import be_year
from contributions.commitments import PROMISED
from contributions.models import Commitment, CommitmentStep, Grant, GrantSource
from contributions.queries import round_told
from ledger.models import Account, AccountRole, LedgerSum, ReceiptLine
from ledger.opening_queries import baht_before, rounds_before, the_opening
from ledger.spans import month_end

State = Commitment.State


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One request with what came of it in the days asked for, or money that came without a request.

    `requested` and `approved` are None where no request stands in the program. `round_number`, `members`: of a
    matching round. `before`: brought in before the books. `dues`: of a matching round, what the members paid in the
    twelve months up to its cut-off day; None where that is no month's end or the books do not hold those months whole.
    """

    received: Decimal
    year_be: int | None = None
    requested: Decimal | None = None
    requested_on: date | None = None
    approved: Decimal | None = None
    approved_on: date | None = None
    agreed_on: date | None = None
    received_on: date | None = None
    reference: str = ""
    round_number: int | None = None
    members: int | None = None
    cutoff_on: date | None = None
    baht_per_member: Decimal | None = None
    before: bool = False
    dues: Decimal | None = None


@asked_once
def grant_rows(source: GrantSource, first: date, last: date, *, years: tuple[int, ...] = ()) -> tuple[GrantRow, ...]:
    """Requests to one source, and its money from `first` to `last`, in the order of years, in three queries.

    `years`: requests for these years' budgets stand too where nothing came of them, on whatever day before `last`
    they were made: a budget is asked for before its year begins. Without years every request stands.
    """
    came = list(_came(source, first, last))
    requests = {one.pk: one for one in Commitment.objects.filter(source=source).prefetch_related("steps")}
    rows = [
        _with_request(requests[grant.commitment_id], _sum_of(grants), grants, last)
        for grant, grants in _by_request(came)
        if grant.commitment_id
    ]
    rows += [_alone(grant, amount) for grant, amount in came if not grant.commitment_id]
    told = {grant.commitment_id for grant, _amount in came}
    rows += [
        _with_request(one, ZERO, [], last)
        for key, one in requests.items()
        if key not in told and (not years or one.year_be in years) and _was_asked(one, last)
    ]
    return tuple(sorted(rows, key=_order))


def _order(row: GrantRow) -> tuple[int, int, date]:
    year = be_year(row.cutoff_on) if row.cutoff_on else row.year_be or 0
    return year, row.round_number or 0, row.received_on or row.requested_on or date.max


def _came(source: GrantSource, first: date, last: date) -> Iterator[tuple[Grant, Decimal]]:
    """Each grant with what it brought in these days: below nought where it was taken back in them."""
    grants = Grant.objects.filter(source=source, received_on__lte=last).order_by("received_on", "pk")
    found = list(grants.select_related("receipt__void__reversal", "matching_round"))
    _number_void_rounds(found)
    for grant in found:
        void = getattr(grant.receipt, "void", None)
        amount = grant.amount if grant.received_on >= first else ZERO
        if void is not None and first <= void.reversal.date <= last:
            amount -= grant.amount
        if amount:
            yield grant, amount


def _moved_on(grant: Grant, amount: Decimal) -> date:
    """The day on which the money came, or on which it was taken back where it came before these days."""
    return grant.received_on if amount > 0 else grant.receipt.void.reversal.date


def _number_void_rounds(grants: list[Grant]) -> None:
    """A round that was made void later gave its number back for the round written anew; its receipt still says it."""
    lost = {grant.receipt_id: grant.matching_round for grant in grants if _lost_its_number(grant)}
    if lost:
        for receipt, words in ReceiptLine.objects.filter(receipt__in=lost).values_list("receipt", "text_th"):
            lost[receipt].number = round_told(words)


def _lost_its_number(grant: Grant) -> bool:
    return grant.matching_round is not None and grant.matching_round.number is None


def round_money(until: date) -> dict[int | None, Decimal]:
    """What CODI's matching rounds brought in the books up to `until`, by number; None for what is of no round."""
    found: dict[int | None, Decimal] = {}
    for grant, amount in _came(GrantSource.CODI_MATCHING, date.min, until):
        number = grant.matching_round.number if grant.matching_round else None
        found[number] = found.get(number, ZERO) + amount
    return found


def _by_request(came: list[tuple[Grant, Decimal]]) -> Iterator[tuple[Grant, list[tuple[Grant, Decimal]]]]:
    found: dict[int | None, list[tuple[Grant, Decimal]]] = {}
    for grant, amount in came:
        found.setdefault(grant.commitment_id, []).append((grant, amount))
    for grants in found.values():
        yield grants[0][0], grants


def _sum_of(grants: list[tuple[Grant, Decimal]]) -> Decimal:
    return sum((amount for _grant, amount in grants), ZERO)


def _was_asked(one: Commitment, last: date) -> bool:
    """It stood on that day: one that was refused or withdrawn later was asked for until then."""
    states = {step.state for step in one.steps.all() if step.happened_on <= last}
    return bool(states) and State.REFUSED not in states


def _promised(one: Commitment, last: date) -> Decimal | None:
    """What was promised by that day: an agreement of another sum than the approval's changes it on its own day."""
    sums = [step.amount for step in one.steps.all() if step.state in PROMISED and step.happened_on <= last]
    return next((baht for baht in reversed(sums) if baht is not None), one.approved) if sums else None


def _with_request(one: Commitment, received: Decimal, grants: list[tuple[Grant, Decimal]], last: date) -> GrantRow:
    """A request as it stood on the last day: a step that came later is not told.

    The first of each sort is: where the money was taken back the request waits again, agreed upon as it was before.
    """
    days: dict[str, CommitmentStep] = {}
    for step in one.steps.all():
        if step.happened_on <= last:
            days.setdefault(step.state, step)
    asked, approved, agreed = (days.get(state) for state in (State.REQUESTED, State.APPROVED, State.AGREED))
    first_grant, first_sum = grants[0] if grants else (None, ZERO)
    in_round = first_grant.matching_round if first_grant else None
    return GrantRow(
        received=received,
        year_be=one.year_be,
        requested=one.requested if asked else None,
        requested_on=asked.happened_on if asked else None,
        approved=_promised(one, last),
        approved_on=approved.happened_on if approved else None,
        agreed_on=agreed.happened_on if agreed else None,
        received_on=_moved_on(first_grant, first_sum) if first_grant else None,
        reference=next((step.reference for step in (agreed, approved) if step and step.reference), ""),
        round_number=in_round.number if in_round else one.round_number,
        members=in_round.member_count if in_round else one.member_count,
        cutoff_on=in_round.cutoff_on if in_round else one.cutoff_on,
        baht_per_member=one.baht_per_member,
    )


def _alone(grant: Grant, amount: Decimal) -> GrantRow:
    row = GrantRow(received=amount, received_on=_moved_on(grant, amount), reference=grant.reference)
    if grant.matching_round is None:
        return row
    in_round = grant.matching_round
    return replace(
        row,
        year_be=in_round.year_be,
        round_number=in_round.number,
        members=in_round.member_count,
        cutoff_on=in_round.cutoff_on,
    )


@asked_once
def codi_rounds(until: date) -> tuple[GrantRow, ...]:
    """Every matching round since the founding, those before the books first."""
    told = rounds_before()
    before = tuple(GrantRow(amount, round_number=number, before=True) for number, amount in told.items())
    all_told = [baht_before().get(one.pk, ZERO) for one in Account.objects.filter(role=AccountRole.CODI_MATCHING)]
    rest = sum(all_told, ZERO) - sum(told.values(), ZERO)
    before += (GrantRow(rest, before=True),) if rest else ()
    rows = grant_rows(GrantSource.CODI_MATCHING, date.min, until)
    opening, dues = the_opening(), _dues_of_months()
    since = opening.cutover_on if opening and opening.is_locked else None
    return before + tuple(replace(row, dues=_dues_up_to(row.cutoff_on, dues, since, until)) for row in rows)


def _dues_of_months() -> dict[date, Decimal]:
    """What members paid in each month, by its first day, from the kept sums in one query."""
    sums = LedgerSum.objects.filter(account__role=AccountRole.DUES, is_closing=False)
    rows = sums.values_list("month").annotate(paid=Sum(F("credit") - F("debit"))).order_by()
    return dict(rows)


def _dues_up_to(cutoff: date | None, dues: dict[date, Decimal], since: date | None, until: date) -> Decimal | None:
    """Of the twelve months up to `cutoff`; `since`: the last day of the old books."""
    if cutoff is None or cutoff != month_end(cutoff) or cutoff > until:
        return None
    first = month_end(cutoff.replace(year=cutoff.year - 1, day=1)) + timedelta(days=1)
    if since is not None and first <= since:
        return None
    return sum((paid for month, paid in dues.items() if first <= month <= cutoff), ZERO)

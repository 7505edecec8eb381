"""Commitments of legs 2 and 3: what was asked, promised and agreed, what came of it, and that it was reported on."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import File
from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.models import Commitment, CommitmentStep, Grant, GrantSource
from contributions.queries import MOST_MATCHES, matched_members
from contributions.verbs import money_verb, refuse_future, refuse_no_amount, refuse_too_much
from ledger.models import Receipt
from office.attachments import keep_attachment
from office.models import User

COMMITMENT_PAPERS = "commitment"
State = Commitment.State

# What people write down; that money came is written by recording it (see `note_money`).
TRANSITIONS: dict[str, tuple[str, ...]] = {
    State.REQUESTED: (State.APPROVED, State.REFUSED),
    State.APPROVED: (State.AGREED, State.REFUSED),
    State.AGREED: (State.REFUSED,),
    State.RECEIVED: (State.REPORTED,),
    State.REPORTED: (),
    State.REFUSED: (),
}
PROMISED = (State.APPROVED, State.AGREED)
MAY_RECEIVE = (*PROMISED, State.RECEIVED)
SUM_NEEDED = (State.APPROVED,)


class WrongStep(DomainError):
    """The commitment does not stand where this step begins."""


class BeforeLastStep(DomainError):
    """A step cannot have happened before the one that stands already."""


class TooManyAsked(DomainError):
    """More members are asked for than can be matched."""


class OtherSource(DomainError):
    """The money came from elsewhere than was promised."""


class NotPromised(DomainError):
    """Nothing was approved yet, or all is over: the money cannot be put to this commitment."""


def commitment_of(request_id: uuid.UUID) -> Commitment | None:
    return Commitment.objects.filter(request_id=request_id).first()


def step_of(request_id: uuid.UUID) -> CommitmentStep | None:
    return CommitmentStep.objects.filter(request_id=request_id).first()


@money_verb(commitment_of)
def request_grant(
    *,
    source: GrantSource,
    body: str,
    requested: Decimal,
    year_be: int,
    happened_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
    note: str = "",
    papers: Sequence[File] = (),
) -> Commitment:
    """The municipality, CODI or another body is asked for a sum, for its budget of a year.

    Raises `FutureDate`, `AmountNeeded`, `FileRefused`.
    """
    refuse_future(happened_on, today)
    refuse_no_amount(requested, "requested")
    facts = {"source": source, "body": body, "requested": requested}
    commitment = Commitment.objects.create(year_be=year_be, request_id=request_id, **facts)
    step = {"reference": reference, "note": note, "amount": requested, "papers": papers, "request_id": request_id}
    _write_step(commitment, State.REQUESTED, happened_on, by=by, now=now, **step)
    return commitment


@money_verb(commitment_of)
def request_round(
    *,
    body: str,
    round_number: int,
    cutoff_on: date,
    member_count: int | None,
    baht_per_member: Decimal,
    happened_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
    note: str = "",
    papers: Sequence[File] = (),
) -> Commitment:
    """CODI is asked for a matching round: so many members with a full year on the cut-off, so many baht for each.

    `member_count`: None asks for all who can be matched. Raises `TooManyAsked`, `FutureDate`, `AmountNeeded`,
    `TooMuch`.
    """
    refuse_future(happened_on, today)
    refuse_no_amount(baht_per_member, "baht_per_member")
    heads = _heads_asked(cutoff_on, member_count)
    asked = heads * baht_per_member
    refuse_too_much(asked, "baht_per_member")
    commitment = Commitment.objects.create(
        source=GrantSource.CODI_MATCHING,
        body=body,
        year_be=be_year(happened_on),
        round_number=round_number,
        cutoff_on=cutoff_on,
        member_count=heads,
        baht_per_member=baht_per_member,
        requested=asked,
        request_id=request_id,
    )
    step = {"reference": reference, "note": note, "amount": asked, "papers": papers, "request_id": request_id}
    _write_step(commitment, State.REQUESTED, happened_on, by=by, now=now, **step)
    return commitment


def _heads_asked(cutoff_on: date, member_count: int | None) -> int:
    can = matched_members(cutoff_on, MOST_MATCHES).count()
    heads = can if member_count is None else member_count
    if not 0 < heads <= can:
        message = _("%(asked)s members are asked for, but %(count)s can be matched on %(day)s. Write a smaller number.")
        figures = {"asked": f"{heads:,}", "count": f"{can:,}", "day": format_date(cutoff_on)}
        raise TooManyAsked(message % figures, field="member_count")
    return heads


@money_verb(step_of)
def take_step(
    *,
    commitment: Commitment,
    state: str,
    happened_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    amount: Decimal | None = None,
    member_count: int | None = None,
    report_due_on: date | None = None,
    reference: str = "",
    note: str = "",
    papers: Sequence[File] = (),
) -> CommitmentStep:
    """The next step on the way: approved (with the sum), agreed, reported, or refused; its papers beside it.

    `amount` of an agreement changes the sum promised. Raises `WrongStep`, `BeforeLastStep`, `FutureDate`,
    `AmountNeeded`, `FileRefused`.
    """
    refuse_future(happened_on, today)
    held = Commitment.objects.select_for_update().get(pk=commitment.pk)
    _refuse_wrong_step(held, state)
    if state == State.REPORTED:
        _refuse_before_money(held, happened_on)
    else:
        _refuse_before_last(held, happened_on)
    if state in SUM_NEEDED or amount is not None:
        refuse_no_amount(amount or Decimal("0.00"))
    if state in PROMISED:
        held.approved = amount or held.approved
        held.report_due_on = report_due_on or held.report_due_on
        held.member_count = member_count or held.member_count
    held.state = state
    held.save()
    step = {"reference": reference, "note": note, "amount": amount, "papers": papers, "request_id": request_id}
    return _write_step(held, state, happened_on, by=by, now=now, **step)


def add_papers(
    *, commitment: Commitment, papers: Sequence[File], by: User, now: datetime, request_id: uuid.UUID
) -> None:
    """Papers that come later: the council's minutes, the agreement, the report. Raises `FileRefused`."""
    for place, file in enumerate(papers):
        keep_attachment(
            file,
            owner_kind=COMMITMENT_PAPERS,
            owner_id=commitment.pk,
            purpose="commitment",
            by=by,
            now=now,
            request_id=uuid.uuid5(request_id, f"paper {place}"),
            field="papers",
        )


# --- money, inside the verbs that record and void it ------------------------------------------------------


def hold_commitment(commitment: Commitment | None, source: GrantSource) -> Commitment | None:
    """Lock the commitment that money is to be put to, before the month is held. Raises `OtherSource`, `NotPromised`."""
    if commitment is None:
        return None
    held = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if held.source != source:
        message = _("This money comes from %(source)s, and the commitment is of another body. Choose another one.")
        raise OtherSource(message % {"source": GrantSource(source).label}, field="commitment")
    if held.state not in MAY_RECEIVE:
        message = _("The commitment is “%(state)s”: money is put to it after its approval and before its report.")
        raise NotPromised(message % {"state": held.get_state_display()}, field="commitment")
    return held


def note_money(
    held: Commitment | None, receipt: Receipt, amount: Decimal, received_on: date, *, by: User, now: datetime
) -> None:
    """Money came: the commitment moves to received. Several sums may come, each with its receipt."""
    if held is None:
        return
    held.state = State.RECEIVED
    held.save(update_fields=["state"])
    key = uuid.uuid5(receipt.request_id, "commitment")
    reference = _("Receipt %(number)s") % {"number": receipt.label}
    facts = {"amount": amount, "reference": reference, "request_id": key}
    _write_step(held, State.RECEIVED, received_on, by=by, now=now, **facts)


def hold_commitments_of(receipt: Receipt) -> list[Commitment]:
    """Lock what the money of this receipt was put to: the first thing that a void does."""
    return list(Commitment.objects.select_for_update(of=("self",)).filter(grants__receipt=receipt))


def take_money_back(held: Sequence[Commitment], receipt: Receipt, *, by: User, today: date, now: datetime) -> None:
    """The receipt is void: where nothing else came, the commitment is a promise again."""
    for commitment in held:
        if Grant.objects.filter(commitment=commitment, receipt__void=None).exists():
            continue
        agreed = commitment.steps.filter(state=State.AGREED).exists()
        commitment.state = State.AGREED if agreed else State.APPROVED
        commitment.save(update_fields=["state"])
        note = _("Receipt %(number)s is void: the money is awaited again.") % {"number": receipt.label}
        key = uuid.uuid5(receipt.request_id, "commitment void")
        _write_step(commitment, commitment.state, today, by=by, now=now, request_id=key, note=note)


def _write_step(
    commitment: Commitment,
    state: str,
    happened_on: date,
    *,
    by: User,
    now: datetime,
    request_id: uuid.UUID,
    amount: Decimal | None = None,
    reference: str = "",
    note: str = "",
    papers: Sequence[File] = (),
) -> CommitmentStep:
    step = CommitmentStep.objects.create(
        commitment=commitment,
        state=state,
        happened_on=happened_on,
        amount=amount,
        reference=reference,
        note=note,
        written_by=by,
        written_at=now,
        request_id=request_id,
    )
    add_papers(commitment=commitment, papers=papers, by=by, now=now, request_id=request_id)
    return step


def _refuse_wrong_step(held: Commitment, state: str) -> None:
    if state not in TRANSITIONS[held.state]:
        message = _("The commitment is “%(now)s”, so it cannot become “%(wanted)s”. Look at it again.")
        raise WrongStep(message % {"now": held.get_state_display(), "wanted": State(state).label})


def _refuse_before_last(held: Commitment, happened_on: date) -> None:
    last = held.steps.exclude(state=State.RECEIVED).order_by("-happened_on").first()
    if last is not None and happened_on < last.happened_on:
        message = _("%(day)s lies before the last step, “%(step)s” of %(last)s. Write the day on which it happened.")
        shown = {
            "day": format_date(happened_on),
            "step": last.get_state_display(),
            "last": format_date(last.happened_on),
        }
        raise BeforeLastStep(message % shown, field="happened_on")


def _refuse_before_money(held: Commitment, happened_on: date) -> None:
    """A report tells of money that came; a void in between is no step that it follows."""
    came_on = held.grants.filter(receipt__void=None).aggregate(last=Max("received_on"))["last"]
    if came_on is not None and happened_on < came_on:
        message = _("Money came on %(day)s, after this report. Write the day on which all of it was reported on.")
        raise BeforeLastStep(message % {"day": format_date(came_on)}, field="happened_on")


def promise_words(commitment: Commitment) -> str:
    """How a choice names a commitment: its body, year and sum."""
    promised = commitment.requested if commitment.approved is None else commitment.approved
    words = {"body": commitment.body, "year": commitment.year_be, "sum": format_baht(promised)}
    return _("%(body)s, %(year)s: %(sum)s baht") % words

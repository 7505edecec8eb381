"""Two rows, one person or two: settled by a registrar, and undone again. Nothing is moved, in the books or out of them.

The number that is kept decides: its membership is the person's, with its day of joining. What was paid, drawn and
matched under the other number counts for her from then on, because every sum, search and limit reads both rows.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from contributions.dues import hold_memberships, reckon_paid_through
from contributions.models import CollectionLine, CollectionSheet
from members.models import Member, Membership, SettledDouble
from members.verbs import count_members, hold_register, set_paid_through
from office.action_log import log_action
from office.models import User

Verdict = SettledDouble.Verdict


class SettledAlready(DomainError):
    """The pair was settled before; by whom and how is told."""


class CannotMerge(DomainError):
    """Why these two rows are not merged this way, and what to do first."""


class CannotUndo(DomainError):
    """Undoing would leave two rows that may not stand beside each other."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows of the register, locked, the lower key first."""

    first: Member
    second: Member

    @property
    def memberships(self) -> list[Membership]:
        """Those that run, locked, at most one of each row."""
        keys = Membership.objects.filter(member__in=(self.first, self.second), ended_on=None).values_list("pk")
        return list(hold_memberships([key for (key,) in keys]).values())


@transaction.atomic
def merge_double(
    *, survivor: Member, double: Member, reason: str = "", by: User, now: datetime, request_id: uuid.UUID
) -> SettledDouble:
    """Settle that two rows are one person: `survivor` keeps her number, `double` is read with it from now on.

    Raises `SettledAlready`, and `CannotMerge` where the other number has to be kept or something comes first. The
    same request merges once.
    """
    hold_register()  # who enrols looks for an ID, and must find it under one of the two
    pair = _hold(survivor, double)
    found = SettledDouble.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    survivor, double = (pair.first, pair.second) if pair.first.pk == survivor.pk else (pair.second, pair.first)
    _refuse_settled(pair)
    running = {one.member_id: one for one in pair.memberships}
    _refuse_chain(survivor, double)
    _refuse_wrong_way(survivor, double, running)
    _refuse_open_sheet(double)
    kept = running.get(survivor.pk)
    double.merged_into = survivor
    double.save(update_fields=["merged_into"])
    settled = _write(
        pair,
        Verdict.SAME,
        survivor=survivor,
        reason=reason,
        paid_through_before=kept.paid_through if kept else None,
        settled_by=by,
        settled_at=now,
        request_id=request_id,
    )
    if kept is not None:
        reckon_paid_through([kept])
    count_members(double.community, current=-1 if double.pk in running else 0, cumulative=-1)
    log_action(by, "doubles-merged", subject=survivor, number=survivor.number, double=double.number, reason=reason)
    return settled


@transaction.atomic
def keep_apart(
    *, one: Member, other: Member, reason: str = "", by: User, now: datetime, request_id: uuid.UUID
) -> SettledDouble:
    """Settle that two rows are two people: they are not shown as doubles again. Raises `SettledAlready`."""
    pair = _hold(one, other)
    found = SettledDouble.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    _refuse_settled(pair)
    settled = _write(pair, Verdict.DIFFERENT, reason=reason, settled_by=by, settled_at=now, request_id=request_id)
    log_action(by, "doubles-kept-apart", subject=pair.first, other=pair.second.number, reason=reason)
    return settled


@transaction.atomic
def undo_settlement(*, settled: SettledDouble, reason: str, by: User, now: datetime) -> SettledDouble:
    """Take a verdict back: both rows stand for themselves again, and may be settled anew. Undoing twice undoes once.

    Raises `CannotUndo` where the double's ID is another row's by now.
    """
    hold_register()
    pair = _hold(settled.first, settled.second)
    settled = SettledDouble.objects.select_for_update().get(pk=settled.pk)
    if settled.undone_at is not None:
        return settled
    settled.undone_by, settled.undone_at, settled.undo_reason = by, now, reason
    settled.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    if settled.verdict == Verdict.SAME:
        _part(settled, pair)
    log_action(by, "double-undone", subject=pair.first, other=pair.second.number, reason=reason)
    return settled


# --- how -----------------------------------------------------------------------------------------------------


def _hold(one: Member, other: Member) -> Pair:
    """Lock both rows, the lower key first. Raises `CannotMerge` for a row and itself."""
    if one.pk == other.pk:
        raise CannotMerge(_("This is one row already. Choose two."))
    keys = sorted((one.pk, other.pk))
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    # read after the lock: a join made while waiting for it would still show what stood there before
    first, second = Member.objects.select_related("community", "merged_into").filter(pk__in=keys).order_by("pk")
    return Pair(first, second)


def _write(pair: Pair, verdict: Verdict, **facts: object) -> SettledDouble:
    return SettledDouble.objects.create(first=pair.first, second=pair.second, verdict=verdict, **facts)


def _refuse_settled(pair: Pair) -> None:
    settled = SettledDouble.objects.filter(first=pair.first, second=pair.second, undone_at=None).first()
    if settled is None:
        return
    message = _(
        "No. %(first)s and no. %(second)s were settled already: %(verdict)s (%(by)s). To settle them otherwise, undo"
        " that first."
    )
    told = {
        "first": pair.first.number,
        "second": pair.second.number,
        "verdict": settled.get_verdict_display(),
        "by": settled.settled_by.display_name if settled.settled_by else "–",
    }
    raise SettledAlready(message % told)


def _refuse_chain(survivor: Member, double: Member) -> None:
    """A row is merged into one that stands for itself, and has no doubles of its own: so there is nothing to follow."""
    for member in (survivor, double):
        if member.merged_into_id is not None:
            message = _("No. %(number)s was merged into no. %(survivor)s already. Settle that number instead.")
            raise CannotMerge(message % {"number": member.number, "survivor": member.merged_into.number})
    own = double.doubles.order_by("number").values_list("number", flat=True).first()
    if own is not None:
        message = _(
            "No. %(own)s was merged into no. %(number)s before. Keep no. %(number)s, or undo that first and merge both."
        )
        raise CannotMerge(message % {"own": own, "number": double.number})


def _refuse_wrong_way(survivor: Member, double: Member, running: dict[int, Membership]) -> None:
    """The row that is kept is the one whose membership runs; who has died is not kept as living."""
    numbers = {"survivor": survivor.number, "double": double.number}
    if double.pk in running and survivor.pk not in running:
        message = _(
            "The membership of no. %(double)s runs, that of no. %(survivor)s does not. Keep no. %(double)s:"
            " what was paid and drawn under the other number counts with it."
        )
        raise CannotMerge(message % numbers)
    if double.died_on is not None and survivor.died_on is None:
        message = _(
            "By no. %(double)s this person died on %(day)s, by no. %(survivor)s not. Report the death of"
            " no. %(survivor)s first, or say that they are two people."
        )
        raise CannotMerge(message % {**numbers, "day": format_date(double.died_on)})


def _refuse_open_sheet(double: Member) -> None:
    """Money that was typed and not yet booked would be booked under a number that takes none any more."""
    line = CollectionLine.objects.filter(member=double, sheet__state=CollectionSheet.State.DRAFT).first()
    if line is not None:
        message = _(
            "No. %(number)s stands on collection sheet %(sheet)s, which is being filled in. Have the sheet submitted,"
            " or the line taken off, then merge."
        )
        raise CannotMerge(message % {"number": double.number, "sheet": line.sheet.label})


def _part(settled: SettledDouble, pair: Pair) -> None:
    """Give the double its row back, and the survivor the paid-through day of her own payments."""
    survivor = pair.first if settled.survivor_id == pair.first.pk else pair.second
    double = pair.second if survivor is pair.first else pair.first
    _refuse_one_id(survivor, double)
    running = {one.member_id: one for one in pair.memberships}
    double.merged_into = None
    double.save(update_fields=["merged_into"])
    _give_back_paid_through(settled, survivor)
    count_members(double.community, current=1 if double.pk in running else 0, cumulative=1)


def _refuse_one_id(survivor: Member, double: Member) -> None:
    if double.national_id_digest is None:
        return
    holder = Member.objects.filter(national_id_digest=double.national_id_digest, merged_into=None).first()
    if holder is not None:
        message = _(
            "No. %(double)s has the same ID number as no. %(holder)s. Correct the ID of no. %(holder)s first, then"
            " undo."
        )
        raise CannotUndo(message % {"double": double.number, "holder": holder.number})


def _give_back_paid_through(settled: SettledDouble, survivor: Member) -> None:
    """As her payments say; where none was ever taken here, as it was written before her first merge."""
    later = SettledDouble.objects.filter(survivor=survivor, undone_at=None).order_by("settled_at", "id").first()
    before = settled.paid_through_before
    if later is not None and before is not None and (settled.settled_at, settled.pk) < (later.settled_at, later.pk):
        later.paid_through_before = before  # the first merge goes: the next one keeps the day
        later.save(update_fields=["paid_through_before"])
    stays = list(Membership.objects.filter(member=survivor).select_related("member").order_by("-joined_on"))
    if before is not None and later is None:
        kept = next((one for one in stays if one.joined_on <= before + timedelta(days=1)), None)
        if kept is not None and not kept.dues.exists():
            set_paid_through(membership=kept, paid_through=before)
    reckon_paid_through(stays)

"""Starting with a fund that exists: typed over days, then signed and locked once, which posts the opening entry.

The opening's row is locked first by every verb (it stands where a claim or sheet stands in the order of locks).
"""

import calendar
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.base import File
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import format_date
from ledger.accounts import account
from ledger.models import (
    Account,
    AccountingMonth,
    AccountRole,
    Entry,
    EntryKind,
    FiscalYear,
    Opening,
    OpeningBalance,
    OpeningTotal,
    OpeningTypist,
    RestrictedFund,
)
from ledger.opening_queries import (
    OPENING_PAPERS,
    PARTS,
    Told,
    accounts_of,
    note_stamp,
    opening_places,
    told,
    typists_of,
)
from ledger.periods import open_year
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Controls, Fund
from office.action_log import log_action
from office.attachments import drop_attachment, keep_attachment
from office.models import Attachment, RoleGrant, User
from office.roles import Role

MOST_NAMED = 5


class OpeningLocked(DomainError):
    """What was signed is not changed any more; a mistake is answered by a reversal."""


class WrongCutover(DomainError):
    """The day cannot be the last one of the old books."""


class WrongAmounts(DomainError):
    """Amounts, persons or times that contradict each other."""


class ChangedMeanwhile(DomainError):
    """Somebody else typed there since the page was opened."""


class OpeningIncomplete(DomainError):
    """Something is missing before the opening can be locked; the message names all of it."""


class SecondPersonNeeded(DomainError):
    """From the standard controls on, nobody who typed any of the opening locks it."""


@dataclass(frozen=True, slots=True)
class TotalDraft:
    """Received or spent since the founding: baht, of a round of CODI its number, of welfare persons and times."""

    account: Account
    amount: Decimal
    round_number: int | None = None
    persons: int | None = None
    times: int | None = None


def hold_opening(by: User) -> Opening:
    """The opening's row, locked and not signed yet, for somebody who types; she is kept. Raises `OpeningLocked`."""
    opening = _hold(by)
    OpeningTypist.objects.get_or_create(opening=opening, typed_by=by)
    return opening


def _hold(by: User) -> Opening:
    Opening.objects.get_or_create(pk=1, defaults={"begun_by": by})
    opening = Opening.objects.select_for_update().get(pk=1)
    if opening.locked_at is not None:
        raise OpeningLocked(
            _("The opening was signed and locked on %(day)s and stays as it is. A mistake is answered by a reversal.")
            % {"day": format_date(localtime(opening.locked_at).date())}
        )
    return opening


# --- the cut-over day -------------------------------------------------------------------------------------


@transaction.atomic
def set_cutover(day: date, *, by: User, today: date) -> Opening:
    """The last day of the old books: a month's end, not after today, not before the founding. Raises `WrongCutover`."""
    opening = hold_opening(by)
    refuse_wrong_cutover(day, Fund.objects.get(), today)
    opening.cutover_on = day
    opening.save(update_fields=["cutover_on"])
    log_action(by, "opening-typed", step="cut-over", day=day.isoformat())
    return opening


@transaction.atomic
def begin_at_nought(*, by: User) -> Opening:
    """There was no money before this program: the books begin with the founding, the old ones end on its eve."""
    opening = hold_opening(by)
    if told(opening).held:
        raise WrongCutover(
            _("Money of the old books is typed already. Set it to 0.00 first, or write the cut-over day.")
        )
    opening.cutover_on = Fund.objects.get().founded_on - timedelta(days=1)
    opening.save(update_fields=["cutover_on"])
    log_action(by, "opening-typed", step="begins at nought")
    return opening


def begins_at_nought(opening: Opening | None, fund: Fund) -> bool:
    return bool(opening and opening.cutover_on and opening.cutover_on < fund.founded_on)


def refuse_wrong_cutover(day: date, fund: Fund, today: date) -> None:
    shown = {"day": format_date(day), "today": format_date(today), "founded": format_date(fund.founded_on)}
    if day > today:
        message = _("%(day)s is after today, %(today)s. The old books end on a day that has passed.")
    elif day < fund.founded_on:
        message = _("%(day)s is before the fund was founded (%(founded)s). Correct the date.")
    elif day.day != calendar.monthrange(day.year, day.month)[1]:
        message = _(
            "%(day)s is not the last day of a month. The old books end with a month; the new ones begin with one."
        )
    elif Entry.objects.filter(date__lte=day).exists():
        message = _("Entries stand in the books on %(day)s or before it. Choose an earlier day.")
    else:
        return
    raise WrongCutover(message % shown, field="cutover_on")


# --- money and totals -------------------------------------------------------------------------------------


@transaction.atomic
def save_place(
    place: Account,
    amount: Decimal,
    *,
    shares: Mapping[RestrictedFund, Decimal],
    photographs: Sequence[File],
    by: User,
    now: datetime,
    request_id: uuid.UUID,
    seen: str = "",
    wrong_photographs: Collection[Attachment] = (),
) -> Opening:
    """What a place held on the cut-over day; `shares` of it belong to restricted funds, the rest is the general fund's.

    `seen`: the stamp of what the page showed as saved. `wrong_photographs` of it are taken away. Raises
    `WrongAmounts`, `OpeningLocked`, `ChangedMeanwhile`, `FileRefused`.
    """
    opening = hold_opening(by)
    general = amount - sum(shares.values(), ZERO)
    if amount < 0 or general < 0 or any(share < 0 for share in shares.values()):
        message = _("The restricted funds have more than the %(amount)s baht that are there. Correct the amounts.")
        raise WrongAmounts(message % {"amount": format_baht(amount)}, field="amount")
    amounts = {RestrictedFund.objects.get(code="general"): general} | {f: baht for f, baht in shares.items() if baht}
    saved = next(one for one in opening_places(opening) if one.account.pk == place.pk)
    if {row.restricted_fund: row.amount for row in saved.rows} != amounts:
        _refuse_changed(seen, saved.stamp)
    OpeningBalance.objects.filter(opening=opening, account=place).delete()
    OpeningBalance.objects.bulk_create(
        [OpeningBalance(opening=opening, account=place, restricted_fund=f, amount=baht) for f, baht in amounts.items()]
    )
    wrong = {one.pk for one in wrong_photographs} & {one.pk for one in saved.photographs}
    for paper in saved.photographs:
        if paper.pk in wrong:
            drop_attachment(paper)
    for number, file in enumerate(photographs):
        keep_attachment(
            file,
            owner_kind=OPENING_PAPERS,
            owner_id=place.pk,
            purpose="passbook",
            by=by,
            now=now,
            request_id=uuid.uuid5(request_id, f"photograph {number}"),
            field="photographs",
        )
    dropped = {"photographs_taken_away": len(wrong)} if wrong else {}
    log_action(by, "opening-typed", subject=place, amount=str(amount), **dropped)
    return opening


@transaction.atomic
def save_totals(part: str, drafts: Sequence[TotalDraft], *, by: User, seen: str = "") -> Opening:
    """The totals since the founding of one part (income, welfare, costs), in place of those typed before.

    An account without a draft counts as nought. `seen`: the stamp of what the page showed as saved. Raises
    `WrongAmounts`, `OpeningLocked`, `ChangedMeanwhile`.
    """
    opening = hold_opening(by)
    accounts = list(accounts_of(part))
    for draft in drafts:
        _refuse_wrong_total(draft)
    typed = {draft.account.pk for draft in drafts}
    nought = [TotalDraft(one, ZERO) for one in accounts if one.pk not in typed]
    saved, new = told(opening), [_total(opening, draft) for draft in [*drafts, *nought]]
    if Told(opening, [], new).stamp_of(part) != saved.stamp_of(part):
        _refuse_changed(seen, saved.stamp_of(part))
    OpeningTotal.objects.filter(opening=opening, account__in=accounts).delete()
    OpeningTotal.objects.bulk_create(new)
    log_action(by, "opening-typed", step=part, amount=str(sum((draft.amount for draft in drafts), ZERO)))
    return opening


def _total(opening: Opening, draft: TotalDraft) -> OpeningTotal:
    return OpeningTotal(
        opening=opening,
        account=draft.account,
        round_number=draft.round_number,
        persons=draft.persons,
        times=draft.times,
        amount=draft.amount,
    )


def _refuse_changed(seen: str, saved: str) -> None:
    """What is saved is another thing than the page showed; who saves the same twice is not asked."""
    if seen and seen != saved:
        raise ChangedMeanwhile(
            _(
                "Somebody else saved this step while you typed, so nothing of yours was saved. Beside each box stands"
                " what is saved now. Correct what you typed where hers is right, then save once more."
            )
        )


def _refuse_wrong_total(draft: TotalDraft) -> None:
    name = {"account": local_name(draft.account)}
    if draft.amount < 0:
        raise WrongAmounts(_("%(account)s: an amount is not below zero.") % name)
    if draft.persons is not None and draft.times is not None and draft.persons > draft.times:
        raise WrongAmounts(_("%(account)s: there cannot be more persons than times. Correct one of them.") % name)


@transaction.atomic
def explain(note: str, *, by: User, seen: str = "") -> Opening:
    """Why what is there is not what the totals leave. Raises `OpeningLocked`, `ChangedMeanwhile`."""
    opening = hold_opening(by)
    if note.strip() != opening.note:
        _refuse_changed(seen, note_stamp(opening.note))
    opening.note = note.strip()
    opening.save(update_fields=["note"])
    return opening


# --- sign and lock ----------------------------------------------------------------------------------------


def missing(said: Told, fund: Fund) -> Iterator[str]:
    """What stands in the way of locking, one sentence each."""
    opening = said.opening
    if opening is None or opening.cutover_on is None:
        yield _("The cut-over day is not set.")
    if begins_at_nought(opening, fund):
        if said.held or any(row.amount for row in said.totals):
            yield _("The fund begins with this program, and yet money from before is typed.")
        return
    for place in said.places:
        if place.amount is None and place.account.role != AccountRole.COLLECTOR:
            yield _("%(account)s: no amount is typed, not even 0.00.") % {"account": local_name(place.account)}
        elif place.lacks_photograph:
            yield _("%(account)s: the photograph of the passbook is missing.") % {"account": local_name(place.account)}
    names = {
        "income": _("Income since founding"),
        "welfare": _("Welfare since founding"),
        "costs": _("Costs since founding"),
    }
    for part in PARTS:
        if not said.of(part):
            yield _("%(part)s: nothing is saved yet.") % {"part": names[part]}
    if said.difference and not (opening and opening.note):
        message = _("The totals leave %(difference)s baht that are not explained.")
        yield message % {"difference": format_baht(said.difference)}


@transaction.atomic(durable=True)
def lock_opening(
    *,
    resolution: str,
    resolved_on: date,
    signed_by: Sequence[Mapping[str, str]],
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    seen: str = "",
) -> Opening:
    """Lock the opening by a resolution: post its one entry on the cut-over day, open its year, close what is before.

    `signed_by` are three of {"name", "post"}. `seen`: the stamp of what the page showed. The same `request_id` locks
    once. Raises `OpeningLocked`, `OpeningIncomplete`, `SecondPersonNeeded`, `ChangedMeanwhile`, `WrongCutover`.
    """
    done = Opening.objects.select_for_update().filter(request_id=request_id, locked_at__isnull=False).first()
    if done is not None:
        return done
    opening, fund = _hold(by), Fund.objects.get()
    said = told(opening)
    if seen and seen != said.stamp:
        raise ChangedMeanwhile(
            _("Something of the opening was changed since you opened this page. Compare it with the signed paper anew.")
        )
    _refuse_incomplete(said, fund, resolution=resolution, resolved_on=resolved_on, signed_by=signed_by, today=today)
    _refuse_typist(opening, fund, by)
    cutover: date = opening.cutover_on  # type: ignore[assignment]  # what is incomplete was refused
    if begins_at_nought(opening, fund):
        _refuse_entries(cutover)
        entry = None
    else:
        refuse_wrong_cutover(cutover, fund, today)
        entry = _open_books(
            said, fund, cutover=cutover, by=by, today=today, now=now, request_id=request_id, resolution=resolution
        )
    opening.resolution_label, opening.resolved_on = resolution.strip(), resolved_on
    opening.signed_by = [dict(one) for one in signed_by]
    opening.locked_at, opening.locked_by, opening.entry, opening.request_id = now, by, entry, request_id
    opening.save()
    log_action(by, "opening-locked", resolution=opening.resolution_label, amount=str(said.held))
    return opening


def _refuse_incomplete(
    said: Told,
    fund: Fund,
    *,
    resolution: str,
    resolved_on: date,
    signed_by: Sequence[Mapping[str, str]],
    today: date,
) -> None:
    lacking = list(missing(said, fund))
    if not resolution.strip():
        lacking.append(_("The resolution (meeting and number) is not named."))
    if resolved_on > today:
        lacking.append(_("The day of the resolution is after today."))
    if said.opening and said.opening.cutover_on and resolved_on < said.opening.cutover_on:
        lacking.append(_("The day of the resolution is before the cut-over day."))
    if len([one for one in signed_by if one["name"].strip()]) < 3:
        lacking.append(_("Three have to sign: treasurer, auditor and chair."))
    if lacking:
        raise OpeningIncomplete(" · ".join(lacking))


def _refuse_typist(opening: Opening, fund: Fund, by: User) -> None:
    typists = typists_of(opening)
    if fund.controls == Controls.SMALL or by.pk not in typists:
        return
    may_lock = RoleGrant.objects.filter(role=Role.COMMITTEE, revoked_at=None).values("user")
    others = User.objects.filter(pk__in=may_lock, is_active=True).exclude(pk__in=typists).order_by("display_name")
    names = ", ".join(others.values_list("display_name", flat=True)[:MOST_NAMED])
    if names:
        message = _("You typed a part of this opening, so somebody who typed nothing of it has to lock it: %(names)s.")
    else:
        message = _(
            "You typed a part of this opening, and so did everybody else who could lock it. Ask the administrator for"
            " the login of another committee member."
        )
    raise SecondPersonNeeded(message % {"names": names})


def _refuse_entries(day: date) -> None:
    if Entry.objects.filter(date__lte=day).exists() or Entry.objects.filter(kind=EntryKind.OPENING).exists():
        message = _("Entries stand in the books on %(day)s or before it. Choose an earlier day.")
        raise WrongCutover(message % {"day": format_date(day)}, field="cutover_on")


def _open_books(
    said: Told,
    fund: Fund,
    *,
    cutover: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    resolution: str,
) -> Entry | None:
    day = cutover
    while True:  # every year until today, so that they can close in their order
        year = open_year(day, fund)
        if year.ends_on >= today:
            break
        day = year.ends_on + timedelta(days=1)
    months = AccountingMonth.objects.select_for_update().filter(first_day__lte=cutover, closed_at=None)
    waited = [month.pk for month in months.order_by("first_day")]  # for postings under way, which hold them FOR SHARE
    _refuse_entries(cutover)
    entry = _post_opening(said, cutover=cutover, by=by, now=now, request_id=request_id, resolution=resolution)
    AccountingMonth.objects.filter(pk__in=waited).update(closed_at=now, closed_by=by)
    _close_years(cutover, entry, by=by, now=now, resolution=resolution)
    return entry


def _post_opening(
    said: Told, *, cutover: date, by: User, now: datetime, request_id: uuid.UUID, resolution: str
) -> Entry | None:
    fund_account = account(AccountRole.ACCUMULATED_FUND)
    lines = [
        LineDraft(place.account, fund_account, row.amount, restricted_fund=row.restricted_fund)
        for place in said.places
        for row in sorted(place.rows, key=lambda row: row.restricted_fund_id)
        if row.amount
    ]
    if not lines:
        return None
    draft = EntryDraft(
        date=cutover,
        kind=EntryKind.OPENING,
        lines=lines,
        posted_by=by,
        memo=resolution.strip(),
        document_kind="opening",
        document_number=cutover.isoformat(),
        request_id=request_id,
    )
    return post(draft, posted_at=now)


def _close_years(cutover: date, entry: Entry | None, *, by: User, now: datetime, resolution: str) -> None:
    """A year that ends with the old books has nothing left to close; its last entry is the opening."""
    for year in FiscalYear.objects.select_for_update().filter(ends_on__lte=cutover, closed_at=None):
        year.closed_at, year.closed_by, year.resolution_label = now, by, resolution.strip()
        year.closing_entry = entry if year.ends_on == cutover else None
        year.save(update_fields=["closed_at", "closed_by", "closing_entry", "resolution_label"])

"""The life of a membership: a move to another community, a new name, leaving the fund, coming back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.models import (
    Community,
    CommunityStay,
    EndReason,
    Household,
    Member,
    Membership,
    NameChange,
    Resolution,
)
from members.persons import stays_of
from members.verbs import MembershipEnded, WrongDates, check_age, count_members, end_membership, household_of
from office.action_log import log_action
from office.attachments import keep_attachment
from office.models import User

MEMBER_PAPERS = "member"  # the owner's kind of papers that lie with a member
LEFT_BY_CHOICE = (EndReason.RESIGNED, EndReason.MOVED)
ONE_DAY = timedelta(days=1)


class NotHere(DomainError):
    """The person has died, or her row was merged into another: nothing happens to it any more."""


class SamePlace(DomainError):
    """She is in that community already."""


class SameName(DomainError):
    """Nothing of the name would change."""


class StillAMember(DomainError):
    """Who is a member cannot come back."""


class NeverAMember(DomainError):
    """Who was never a member applies, and does not come back."""


class WrongReason(DomainError):
    """A death and a lapse have pages of their own."""


@dataclass(frozen=True, slots=True)
class House:
    """Where a person lives within a community: the house by its registration. No number: no house is known."""

    number: str = ""
    moo: str = ""
    lane: str = ""
    road: str = ""

    def in_community(self, community: Community) -> Household | None:
        return household_of(community, self.number, self.moo, lane=self.lane, road=self.road)


def hold_member(member: Member) -> Member:
    """Lock the person's row until the transaction ends, and read it anew. Raises `NotHere` for a merged double."""
    # nothing joined: a row whose community has changed while we waited would drop out of the join
    held = Member.objects.select_for_update().get(pk=member.pk)
    if held.merged_into is not None:
        message = _("This row was merged into member no. %(number)s. Go on at that page.")
        raise NotHere(message % {"number": held.merged_into.number})
    return held


def refuse_the_dead(member: Member) -> None:
    """Raises `NotHere` for a person who has died."""
    if member.died_on is not None:
        message = _("%(name)s died on %(day)s. Nothing is changed after that.")
        raise NotHere(message % {"name": member.full_name, "day": format_date(member.died_on)})


def refuse_future(day: date, today: date, *, field: str = "on") -> None:
    """Raises `WrongDates` at `field` for a day after today."""
    if day > today:
        message = _("%(day)s is after today, %(today)s. Write an earlier day.")
        raise WrongDates(message % {"day": format_date(day), "today": format_date(today)}, field=field)


# --- another community --------------------------------------------------------------------------------------


@transaction.atomic
def transfer_member(
    *,
    member: Member,
    community: Community,
    on: date,
    by: User | None,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    house: House | None = None,
) -> CommunityStay:
    """Let a member belong to another community from the day `on`; what was paid and claimed stays where it was.

    On the very day on which the running stay began, the stay itself is put right: she never was in the other one.
    The same request moves once. Raises `NotHere`, `MembershipEnded`, `SamePlace`, `WrongDates`.
    """
    member = hold_member(member)
    found = CommunityStay.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    refuse_the_dead(member)
    if not member.memberships.filter(ended_on=None).exists():
        raise MembershipEnded(_("%(name)s is not a member now. She may come back into any community.") % _named(member))
    running = CommunityStay.objects.get(member=member, until=None)
    if running.community_id == community.pk:
        raise SamePlace(_("%(name)s is in this community already.") % _named(member), field="community")
    refuse_future(on, today)
    if on < running.since:
        message = _("The stay in %(community)s began on %(day)s. Write that day or a later one.")
        shown = {"community": str(member.community), "day": format_date(running.since)}
        raise WrongDates(message % shown, field="on")
    stay = _stay_from(running, community, on, by=by, now=now, request_id=request_id)
    _move_row(member, community, house or House())
    return stay


def _named(member: Member) -> dict[str, str]:
    return {"name": member.full_name}


def _stay_from(
    running: CommunityStay, community: Community, on: date, *, by: User | None, now: datetime, request_id: uuid.UUID
) -> CommunityStay:
    """The stay in the new community from `on`; the running one ends the day before."""
    if on == running.since:
        running.community, running.request_id = community, request_id
        running.recorded_by, running.recorded_at = by, now
        running.save(update_fields=["community", "request_id", "recorded_by", "recorded_at"])
        return running
    running.until = on - ONE_DAY
    running.save(update_fields=["until"])
    return CommunityStay.objects.create(
        request_id=request_id, member=running.member, community=community, since=on, recorded_by=by, recorded_at=now
    )


def _move_row(member: Member, community: Community, house: House) -> None:
    """The member's row and both kept counts follow the stay."""
    current = member.memberships.filter(ended_on=None).count()
    leave_household(member)
    # in the order of their keys, so that two who change places do not wait for each other
    steps = {member.community: -1, community: 1}
    for place in sorted(steps, key=lambda one: one.pk):
        count_members(place, current=steps[place] * current, cumulative=steps[place])
    member.community, member.household = community, house.in_community(community)
    member.save(update_fields=["community", "household"])


def leave_household(member: Member) -> None:
    """Who leaves a house is no longer its head."""
    Household.objects.filter(head=member).update(head=None)


# --- another name -------------------------------------------------------------------------------------------


@transaction.atomic
def change_name(
    *,
    member: Member,
    title: str,
    first_name: str,
    family_name: str,
    changed_on: date,
    by: User | None,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    shown_by: str = "",
) -> NameChange:
    """Take up a title or name that a member has from a day on; the old one stays in the history.

    A mistake of the pen is corrected instead (`members.correcting`). The same request changes once. Raises `NotHere`,
    `SameName`, `WrongDates`.
    """
    member = hold_member(member)
    found = NameChange.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    refuse_the_dead(member)
    if (title, first_name, family_name) == (member.title, member.first_name, member.family_name):
        raise SameName(_("This is the name that the register has. Write what has changed."), field="first_name")
    refuse_future(changed_on, today, field="changed_on")
    _refuse_before_last_change(member, changed_on)
    change = _name_change(member, title, first_name, family_name)
    change.request_id, change.changed_on, change.shown_by = request_id, changed_on, shown_by.strip()
    change.recorded_by, change.recorded_at = by, now
    change.save()
    member.title, member.first_name, member.family_name = title, first_name, family_name
    member.save(update_fields=["title", "first_name", "family_name"])
    return change


def _refuse_before_last_change(member: Member, changed_on: date) -> None:
    last = member.name_changes.order_by("-changed_on").values_list("changed_on", flat=True).first()
    earliest = max(filter(None, [last, member.birth_date]), default=None)
    if earliest is not None and changed_on < earliest:
        message = _("The name that the register has holds since %(day)s. Write that day or a later one.")
        raise WrongDates(message % {"day": format_date(earliest)}, field="changed_on")


def _name_change(member: Member, title: str, first_name: str, family_name: str) -> NameChange:
    return NameChange(
        member=member,
        old_title=member.title,
        old_first_name=member.first_name,
        old_family_name=member.family_name,
        title=title,
        first_name=first_name,
        family_name=family_name,
    )


@transaction.atomic
def change_titles(
    *, members: Iterable[Member], grown: dict[str, str], by: User | None, today: date, now: datetime, shown_by: str
) -> int:
    """Give each of these members the title that `grown` names for hers; the number of those changed.

    Whose title is not in it (any more: a second click) is left alone. Four queries whatever the number.
    """
    keys = [member.pk for member in members]
    held = Member.objects.select_for_update().filter(pk__in=keys, title__in=grown, died_on=None, merged_into=None)
    changes = []
    for member in held.order_by("pk"):
        change = _name_change(member, grown[member.title], member.first_name, member.family_name)
        change.changed_on, change.shown_by, change.recorded_by, change.recorded_at = today, shown_by, by, now
        changes.append(change)
    NameChange.objects.bulk_create(changes)
    for old, new in grown.items():
        Member.objects.filter(pk__in=[one.member_id for one in changes if one.old_title == old]).update(title=new)
    return len(changes)


# --- leaving and coming back --------------------------------------------------------------------------------


@transaction.atomic
def leave_fund(
    *,
    member: Member,
    on: date,
    reason: str,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    note: str = "",
    letter: File | None = None,
) -> Membership:
    """End a membership because the member resigned or moved away. Nothing is paid back.

    `letter` is kept as her paper. A second click finds the membership ended as it asks. Raises `WrongReason`,
    `NotHere`, `MembershipEnded`, `WrongDates`, `FileRefused`.
    """
    if reason not in LEFT_BY_CHOICE:
        raise WrongReason(_("Only a resignation or a move is written down here."), field="reason")
    member = hold_member(member)
    latest = member.memberships.order_by("-joined_on").first()
    if latest is not None and (latest.ended_on, latest.end_reason) == (on, reason):
        return latest
    if latest is None or latest.ended_on is not None:
        raise MembershipEnded(_("%(name)s is not a member now: there is nothing to end.") % _named(member))
    ended = end_membership(membership=latest, on=on, reason=EndReason(reason), note=note.strip(), today=today)
    if letter is not None:
        keep_attachment(
            letter,
            owner_kind=MEMBER_PAPERS,
            owner_id=member.pk,
            purpose="resignation",
            by=by,
            now=now,
            request_id=request_id,
            field="letter",
        )
    return ended


@transaction.atomic
def reenter_member(
    *,
    member: Member,
    community: Community,
    joined_on: date,
    by: User | None,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    accepted_by: Resolution | None = None,
    house: House | None = None,
    decision: str = "",
) -> Membership:
    """Take a former member back: under her old number, with tenure afresh from `joined_on`.

    In another community her stay there begins that day; in the same one she keeps her house unless `house` is given.
    `decision`: the paper that says so, for the log. The same request takes back once. Raises `NotHere`,
    `NeverAMember`, `StillAMember`, `WrongDates`, `TooOld`.
    """
    member = hold_member(member)
    found = Membership.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    refuse_the_dead(member)
    _refuse_return(member, joined_on, today=today)
    check_age(member.birth_date, joined_on)
    if community.pk != member.community_id:
        _return_elsewhere(member, community, house or House(), joined_on, by=by, now=now)
    elif house is not None:
        put_in_house(member, house.in_community(community))
    count_members(community, current=1)
    if decision:
        log_action(by, "member-returned", subject=member, decision=decision)
    return Membership.objects.create(
        request_id=request_id,
        member=member,
        joined_on=joined_on,
        paid_through=joined_on - ONE_DAY,
        accepted_by=accepted_by,
    )


def _refuse_return(member: Member, joined_on: date, *, today: date) -> None:
    last = next(iter(stays_of(member)), None)
    if last is None:
        raise NeverAMember(_("%(name)s was never a member. Take an application instead.") % _named(member))
    if last.ended_on is None:
        raise StillAMember(_("%(name)s is a member since %(day)s.") % _since(member, last.joined_on))
    refuse_future(joined_on, today, field="joined_on")
    if joined_on <= last.ended_on:
        message = _("The last membership of %(name)s ended on %(day)s. She may come back from the day after.")
        raise WrongDates(message % _since(member, last.ended_on), field="joined_on")


def _since(member: Member, day: date) -> dict[str, str]:
    return {"name": member.full_name, "day": format_date(day)}


def _return_elsewhere(
    member: Member, community: Community, house: House, joined_on: date, *, by: User | None, now: datetime
) -> None:
    running = CommunityStay.objects.get(member=member, until=None)
    since = max(joined_on, running.since)  # a move may have been written down after the day on which she left
    _stay_from(running, community, since, by=by, now=now, request_id=uuid.uuid4())
    _move_row(member, community, house)


def put_in_house(member: Member, household: Household | None) -> None:
    """Let a member live in this house of her community, or in none that is known."""
    if household != member.household:
        leave_household(member)
        member.household = household
        member.save(update_fields=["household"])

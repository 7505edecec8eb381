"""Lapse is an act: a meeting resolves that members who were told of their arrears, and paid nothing, are none any more.

Where the regulation says `lapse: automatic` a registrar ends them without a resolution; never without the notice.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from contributions.dues import hold_memberships
from contributions.models import CollectionLine, CollectionSheet
from members.arrears import ArrearsRow, Stage, arrears_row, due_from, memberships_behind, with_people
from members.models import EndReason, Fund, Meeting, Member, Membership, Resolution
from members.persons import survivor_of
from members.queries import SURVIVOR, visible_members
from members.regulations import NoRuleInForce, membership_terms, standing_rules
from members.standing import StandingRules
from members.verbs import MembershipEnded, end_membership
from office.models import User
from office.roles import Role
from welfare.controls import OwnClaim, refuse_small_meeting
from welfare.meetings import write_resolution
from welfare.transitions import NotYours

AUTOMATIC = "automatic"
AT_ONE_MEETING = 200


class NotDue(DomainError):
    """The member has paid since, or is not that far behind yet."""


class MoneyOnItsWay(DomainError):
    """A collector has taken money from the member and has not handed in the sheet yet."""


class NoticeNeeded(DomainError):
    """The member was not told, or not long enough before the meeting."""


class ResolutionNeeded(DomainError):
    """The regulation ends no membership without a meeting's resolution."""


class NobodyChosen(DomainError):
    """No membership was chosen."""


class LapsesRefused(DomainError):
    """One or more memberships cannot lapse; none did. `by_membership` has a refusal for each key."""

    def __init__(self, by_membership: dict[int, DomainError]) -> None:
        self.by_membership = by_membership
        told = " ".join(str(refusal) for refusal in by_membership.values())
        super().__init__(_("No membership was ended. %(refusals)s") % {"refusals": told})


@transaction.atomic
def lapse_at_meeting(
    *, meeting: Meeting, memberships: Collection[int], request_id: uuid.UUID, by: User, today: date, now: datetime
) -> list[Membership]:
    """Write the meeting's resolution on these memberships (keys) and end them on the meeting's day, all or none.

    The same request ends once. Raises `TooFewPresent`, `NotYours`, `MeetingDay`, or `LapsesRefused` with a refusal
    for each that cannot end so: `MembershipEnded`, `NotDue`, `MoneyOnItsWay`, `NoticeNeeded`, `OwnClaim`.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)  # a second click waits here for the first
    if (found := resolution_of(request_id)) is not None:
        return list(lapsed_by(found))
    refuse_small_meeting(meeting)
    rows = _checked(memberships, meeting.held_on, by)
    subject = _("Memberships that lapse for unpaid contributions: %(count)d") % {"count": len(rows)}
    resolution = write_resolution(
        meeting=meeting, subject=subject, text=_names(rows), by=by, today=today, now=now, request_id=request_id
    )
    why = _("Resolution of meeting %(label)s") % {"label": resolution.label}
    return [_end(row, why, on=meeting.held_on, today=today) for row in rows]


@transaction.atomic
def lapse_by_regulation(*, memberships: Collection[int], by: User, today: date) -> list[Membership]:
    """End these memberships (keys) today without a resolution, all or none; a second click finds them ended.

    Raises `NotYours`, `ResolutionNeeded` where the regulation asks for a meeting, `LapsesRefused` as above.
    """
    if not by.has_role(Role.REGISTRAR):
        raise NotYours(_("Without a meeting only the registrar ends memberships. Ask the registrar."))
    if not lapses_by_itself(today):
        raise ResolutionNeeded(_("The regulation in force lets no membership lapse without a meeting's resolution."))
    _hold_people(memberships)
    ended = Membership.objects.filter(pk__in=memberships, end_reason=EndReason.LAPSED, ended_on=today)
    if memberships and ended.count() == len(set(memberships)):
        return list(ended)
    why = _("By the regulation, without a resolution")
    return [_end(row, why, on=today, today=today) for row in _checked(memberships, today, by)]


def lapses_by_itself(day: date) -> bool:
    """Whether the regulation in force lets memberships lapse without a resolution. Raises `NoRuleInForce`."""
    return membership_terms(day).get("lapse") == AUTOMATIC


def lapses_to_decide(user: User, day: date) -> list[ArrearsRow]:
    """Whom a meeting of `day` may end, at most `AT_ONE_MEETING`; none where the regulation needs no meeting for it."""
    try:
        rules = standing_rules(day)
        if lapses_by_itself(day):
            return []
    except NoRuleInForce:
        return []
    told = memberships_behind(visible_members(user), Stage.TOLD, today=day, rules=rules)
    rows = (arrears_row(one, rules) for one in with_people(told)[:AT_ONE_MEETING])
    days = notice_days()
    return [row for row in rows if (row.may_lapse_from(days) or date.max) <= day]


def resolution_of(request_id: uuid.UUID) -> Resolution | None:
    """The resolution that this request wrote before."""
    return Resolution.objects.filter(request_id=request_id).select_related("meeting").first()


def lapsed_by(resolution: Resolution) -> QuerySet[Membership]:
    """The memberships that a resolution ended."""
    ended = Membership.objects.filter(end_reason=EndReason.LAPSED, ended_on=resolution.meeting.held_on)
    return ended.filter(end_note__contains=f" {resolution.label};").select_related("member").order_by("pk")


def _end(row: ArrearsRow, why: str, *, on: date, today: date) -> Membership:
    told = _("told on %(day)s") % {"day": format_date(row.notices[0].given_on, "short")}
    note = f"{why}; {told}"  # `lapsed_by` looks for the resolution's number before the semicolon
    return end_membership(membership=row.membership, on=on, reason=EndReason.LAPSED, note=note, today=today)


def _names(rows: Sequence[ArrearsRow]) -> str:
    """The members as the minutes name them, one a line."""
    line = _("No. %(number)s %(name)s, paid through %(paid)s, told on %(told)s")
    return "\n".join(
        line
        % {
            "number": row.member.number,
            "name": row.member.full_name,
            "paid": format_date(row.membership.paid_through, "short"),
            "told": format_date(row.notices[0].given_on, "short"),
        }
        for row in rows
    )


# --- what is checked under lock ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """By what memberships are judged: the day on which they would end, and whose hand writes it."""

    day: date
    rules: StandingRules
    notice_days: int
    sheets: dict[int, str]  # by member: the open sheet on which money of hers stands
    own: frozenset[int]  # members whom the writer may not decide on: herself, her household


def _checked(keys: Collection[int], day: date, by: User) -> list[ArrearsRow]:
    """The memberships, locked and read anew. Raises `NobodyChosen`, `LapsesRefused`."""
    _hold_people(keys)
    hold_memberships(keys)
    rules = standing_rules(day)
    rows = [arrears_row(one, rules) for one in with_people(Membership.objects.filter(pk__in=keys))]
    if not rows:
        raise NobodyChosen(_("Choose at least one member."))
    check = Check(day, rules, notice_days(), _on_open_sheets(rows), _own_people(by))
    refusals: dict[int, DomainError] = {}
    for row in rows:
        try:
            refuse_lapse(row, check)
        except DomainError as refusal:
            refusals[row.membership.pk] = refusal
    if refusals:
        raise LapsesRefused(refusals)
    return rows


def _hold_people(keys: Collection[int]) -> None:
    """Members before their memberships, as a reported death does, so that two of us never wait crosswise."""
    people = Member.objects.filter(memberships__in=keys).order_by("pk")
    list(people.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def notice_days() -> int:
    """The days between a notice and the meeting that may end the membership."""
    return Fund.objects.values_list("lapse_notice_days", flat=True).get()


def _on_open_sheets(rows: Sequence[ArrearsRow]) -> dict[int, str]:
    lines = CollectionLine.objects.filter(
        sheet__state=CollectionSheet.State.DRAFT, member__in=[row.member.pk for row in rows]
    )
    return {line.member_id: line.sheet.label for line in lines.select_related("sheet")}


def _own_people(by: User) -> frozenset[int]:
    mine = Member.objects.filter(user=by).select_related("merged_into").first()
    if mine is None:
        return frozenset()
    rows = mine, survivor_of(mine)
    houses = {row.household_id for row in rows} - {None}
    same_house = Member.objects.filter(household__in=houses).values_list(SURVIVOR, flat=True)
    return frozenset({*(row.pk for row in rows), *same_house})


def refuse_lapse(row: ArrearsRow, check: Check) -> None:
    """Raises the one refusal that stands first, naming the member and what to do."""
    name = row.member.full_name
    if row.membership.ended_on is not None:
        message = _("The membership of %(name)s ended on %(day)s already.")
        raise MembershipEnded(message % {"name": name, "day": format_date(row.membership.ended_on)})
    if row.member.pk in check.own:
        message = _("%(name)s is yourself or of your household: another person has to write this down.")
        raise OwnClaim(message % {"name": name})
    if due_from(row.membership.paid_through, check.rules) > check.day:
        raise NotDue(_not_due(row))
    if row.member.pk in check.sheets:
        message = _(
            "%(name)s has paid at the door: the money stands on collection sheet %(sheet)s, which is not handed in yet."
        )
        raise MoneyOnItsWay(message % {"name": name, "sheet": check.sheets[row.member.pk]})
    _refuse_untold(row, check)


def _not_due(row: ArrearsRow) -> str:
    message = _("%(name)s has paid through %(paid)s and is due to lapse from %(day)s at the earliest.")
    paid, due = format_date(row.membership.paid_through), format_date(row.due_from)
    return message % {"name": row.member.full_name, "paid": paid, "day": due}


def _refuse_untold(row: ArrearsRow, check: Check) -> None:
    earliest = row.may_lapse_from(check.notice_days)
    told = {"name": row.member.full_name, "days": check.notice_days}
    if earliest is None:
        message = _(
            "%(name)s was not told of these arrears. Tell her first; a meeting %(days)d days later may end the"
            " membership."
        )
        raise NoticeNeeded(message % told)
    if earliest > check.day:
        message = _(
            "%(name)s was told on %(told)s, less than %(days)d days before. The first meeting that may end the"
            " membership is one on %(day)s or later."
        )
        days = {"told": format_date(row.notices[0].given_on), "day": format_date(earliest)}
        raise NoticeNeeded(message % (told | days))


def earliest_if_told(day: date, days: int) -> date:
    """The first day of a meeting that may end the membership of one who is told on `day`."""
    return day + timedelta(days=days)

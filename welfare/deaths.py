"""A member has died: one event that ends all that hangs on her, and opens the claim for the funeral grant."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.households import choose_head
from members.leaders import end_leadership
from members.models import (
    Beneficiary,
    EndReason,
    GroupFlag,
    Guardian,
    Household,
    Leadership,
    Member,
    Relation,
)
from members.queries import named_now
from members.regulations import NoRuleInForce
from members.verbs import WrongDates, end_membership
from office.action_log import log_action
from office.models import User
from office.roles import Role
from welfare.claims import enter_claim
from welfare.eligibility import membership_for
from welfare.events import Event
from welfare.models import Category, Claim, ClaimState
from welfare.regulations import version_on
from welfare.steps import lock_member
from welfare.traces import housemates_of, named_elsewhere, rows_of_person
from welfare.transitions import NotYours

NOTE_LENGTH = 500


class NoGrant(DomainError):
    """The regulation in force on the day of death has no funeral grant."""


class DiedOnAnotherDay(DomainError):
    """The register has another day of death."""


class DiedAlready(DomainError):
    """This death has been reported, and all that follows from it was done."""


@dataclass(frozen=True, slots=True)
class Death:
    """What is told of a death. `head` (or a reason): who follows as head of the house, where she was it.

    `named_in`: keys of the beneficiary rows elsewhere that mean her. `admitted_on`: who died in hospital lay there
    since this day, and the nights are claimed with the grant.
    """

    died_on: date
    received_on: date
    recipient_name: str = ""
    recipient_relation: str = ""
    head: Member | None = None
    head_reason: str = ""
    named_in: Collection[int] = ()
    admitted_on: date | None = None


@transaction.atomic
def report_death(
    *, member: Member, death: Death, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> Claim | None:
    """End all that ends with a person, and open the draft of the funeral-grant claim: all of it or nothing.

    Ended: the membership, and so the dues; being head of the house, guardian, ward, leader; marks. Her own claims and
    money on a collection sheet stay, for people to settle. The first beneficiary named is filled in; without one
    `recipient_name` is needed, and the committee decides. Returns None where no grant is due: she was no member on
    that day, or the regulation has none. The same request reports once. Raises `NotYours`, `DiedAlready`,
    `DiedOnAnotherDay`, `WrongDates`, `HeadOrReason`, and what `enter_claim` raises.
    """
    member = Member.objects.select_related("merged_into").get(pk=member.pk)
    member = member.merged_into or member
    lock_member(member)  # a second click waits here for the first
    member.refresh_from_db()
    claim = Claim.objects.filter(request_id=request_id).first()
    if claim is not None:
        return claim
    if not by.has_role(Role.LEADER, Role.REGISTRAR):
        raise NotYours(_("A death is reported by the community's leader or a registrar."))
    _refuse_other_day(member, death.died_on)
    _refuse_twice(member, death.died_on)
    _end_memberships(member, death.died_on, today)
    Member.objects.filter(pk=member.pk).update(died_on=death.died_on)
    member.refresh_from_db()
    _end_roles(member, death.died_on, by=by, now=now)
    _hand_on_house(member, death, by=by, now=now)
    _mark_beneficiaries(member, death, by)
    log_action(by, "death-reported", subject=member, number=member.number, died_on=death.died_on.isoformat())
    claim = _open_claim(member, death, request_id, by=by, today=today, now=now)
    _open_nights(member, death, request_id, by=by, today=today, now=now)
    return claim


# --- what is refused ------------------------------------------------------------------------------------------


def _refuse_other_day(member: Member, died_on: date) -> None:
    if member.died_on is not None and member.died_on != died_on:
        message = _("The register says that %(name)s died on %(day)s. Have it corrected there, or write that day.")
        raise DiedOnAnotherDay(message % {"name": member.full_name, "day": format_date(member.died_on)}, field="on")


def _refuse_twice(member: Member, died_on: date) -> None:
    """A register that came with the day of death may still lack the claim: then it is opened now."""
    if member.died_on is None:
        return
    told = {"name": member.full_name, "day": format_date(died_on)}
    claim = claim_of_death(member)
    if claim is not None:
        message = _("The death of %(name)s on %(day)s was reported already: the claim is no. %(number)s.")
        raise DiedAlready(message % (told | {"number": claim.label}))
    if grant_due(member, died_on) is None:
        message = _("The death of %(name)s on %(day)s was reported already. No funeral grant is due.")
        raise DiedAlready(message % told)


def claim_of_death(member: Member) -> Claim | None:
    """The claim for the funeral grant that stands."""
    claims = Claim.objects.filter(member__in=rows_of_person(member), category=Category.DEATH)
    return claims.exclude(state__in=(ClaimState.CANCELLED, ClaimState.REJECTED)).order_by("id").first()


# --- what ends ------------------------------------------------------------------------------------------------


def _end_memberships(member: Member, died_on: date, today: date) -> None:
    """End what runs; a membership that was ended on a later day, before anybody knew, ended with the death.

    The stays of doubles merged into her are left as they are: they end with her own, and undoing finds them so.
    """
    latest = member.memberships.order_by("-joined_on").first()
    if died_on > today or (latest is not None and latest.joined_on > died_on):
        message = _("The day of death must lie between the day of joining and today.")
        raise WrongDates(message, field="on")
    note = _("Death reported")
    for one in member.memberships.filter(ended_on=None):
        end_membership(membership=one, on=died_on, reason=EndReason.DIED, note=note, today=today)
    for one in member.memberships.select_for_update().filter(ended_on__gt=died_on):
        before = f"{one.get_end_reason_display()} {format_date(one.ended_on, 'short')}; {one.end_note}"
        one.ended_on, one.end_reason, one.end_note = died_on, EndReason.DIED, f"{note}; {before}"[:200]
        one.save(update_fields=["ended_on", "end_reason", "end_note"])


def _end_roles(member: Member, died_on: date, *, by: User, now: datetime) -> None:
    """Nobody acts for the dead, nor do they for others; marks end: on the day of death, none before it began."""
    last_day = Greatest(F("since"), Value(died_on))
    GroupFlag.objects.filter(member=member, until=None).update(until=last_day)
    Guardian.objects.filter(member=member, until=None).update(until=last_day)
    rows = rows_of_person(member)
    Guardian.objects.filter(guardian_member__in=rows, until=None).update(until=last_day)
    logins = Member.objects.filter(pk__in=rows, user__isnull=False).values("user")
    for one in Leadership.objects.filter(user__in=logins, until=None).order_by("pk"):
        end_leadership(leadership=one, until=died_on, by=by, now=now)


def _hand_on_house(member: Member, death: Death, *, by: User, now: datetime) -> None:
    """Her house gets another head; where nobody lives there any more, none."""
    for house in Household.objects.filter(head__in=rows_of_person(member)).order_by("pk"):
        lonely = not housemates_of(member).exists() or house.pk != member.household_id
        reason = death.head_reason or (_("Nobody lives there any more.") if lonely else "")
        choose_head(household=house, head=None if lonely else death.head, reason=reason, by=by, now=now)


def _mark_beneficiaries(member: Member, death: Death, by: User) -> None:
    meant = named_elsewhere(member, by).filter(pk__in=list(death.named_in)).values_list("pk", flat=True)
    Beneficiary.objects.filter(pk__in=list(meant)).update(died_on=death.died_on)


# --- the claim ------------------------------------------------------------------------------------------------


def grant_due(member: Member, died_on: date) -> str | None:
    """Code of the funeral grant where a claim is to be opened: she was a member on that day, and the rules have one."""
    membership = membership_for(member, died_on)
    if membership is None or (membership.ended_on is not None and membership.ended_on < died_on):
        return None
    try:
        return funeral_grant(died_on)
    except (NoGrant, NoRuleInForce):
        return None


def funeral_grant(day: date) -> str:
    """Code of the death benefit in the version in force on `day`. Raises `NoGrant`, `NoRuleInForce`."""
    for benefit in version_on(day).document.benefits:
        if benefit.category == "death":
            return benefit.code
    raise NoGrant(_("The regulation in force on that day has no funeral grant. Ask the registrar."))


def named_to_receive(member: Member) -> list[Beneficiary]:
    """The living beneficiaries named now; who has the greatest share first, then the latest named."""
    named = named_now(member)
    return list(named.order_by("-share_percent", F("named_on").desc(nulls_last=True), "-id"))


def _open_claim(
    member: Member, death: Death, request_id: uuid.UUID, *, by: User, today: date, now: datetime
) -> Claim | None:
    code = grant_due(member, death.died_on)
    if code is None:
        return None
    named = named_to_receive(member)
    name, relation = death.recipient_name, death.recipient_relation
    if not name and named:
        name, relation = named[0].name, named[0].relation
    event = Event(
        benefit_code=code,
        event_from=death.died_on,
        received_on=death.received_on,
        recipient_name=name,
        recipient_relation=relation or (Relation.OTHER if name else ""),
        note=_shares(named),
    )
    return enter_claim(member=member, event=event, request_id=request_id, by=by, today=today, now=now)


def _open_nights(
    member: Member, death: Death, request_id: uuid.UUID, *, by: User, today: date, now: datetime
) -> Claim | None:
    """The draft for the nights in hospital before the death, where the regulation pays such nights."""
    if death.admitted_on is None:
        return None
    benefits = version_on(death.admitted_on).document.benefits
    nights = next((one for one in benefits if one.category == "sickness" and one.unit == "night"), None)
    if nights is None:
        return None
    event = Event(
        benefit_code=nights.code,
        event_from=death.admitted_on,
        event_until=death.died_on,
        received_on=death.received_on,
        recipient_name=death.recipient_name,
        recipient_relation=death.recipient_relation,
    )
    key = uuid.uuid5(request_id, "nights")
    return enter_claim(member=member, event=event, request_id=key, by=by, today=today, now=now)


def _shares(named: list[Beneficiary]) -> str:
    """Who else is to receive a part, as the claim tells it; "" where one receives all."""
    if len(named) < 2:
        return ""
    people = ", ".join(f"{one.name} ({one.get_relation_display()}) {one.share_percent} %" for one in named)
    return (_("Several beneficiaries are named: %(people)s") % {"people": people})[:NOTE_LENGTH]

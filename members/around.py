"""The people and marks around a member: beneficiaries, children, guardians, groups."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import age_on, format_date
from bansong_fund.lib.thai_text import plain
from members.applications import MAJORITY, WHOLE
from members.consents import NoConsent, give_consent, has_consent
from members.life import hold_member, refuse_future, refuse_the_dead
from members.models import Beneficiary, Child, Consent, Group, GroupFlag, Guardian, Member
from members.persons import survivor_of
from members.queries import children_of, of_person
from members.verbs import NamedBeneficiary, NamedGuardian, WrongDates
from office.models import User

MOST_NAMED = 4


class WrongNaming(DomainError):
    """Too many beneficiaries, none, or shares that are not the whole."""


class WrongPerson(DomainError):
    """Nobody is her own child, guardian or beneficiary."""


class NotAMinor(DomainError):
    """Only a minor has a guardian."""


class MarkedAlready(DomainError):
    """The mark runs already, or has ended."""


# --- beneficiaries ------------------------------------------------------------------------------------------


def equal_shares(count: int) -> list[int]:
    """Whole percents that make the whole; the first gets what is left over: 3 -> [34, 33, 33]."""
    each = WHOLE // count
    return [WHOLE - each * (count - 1), *[each] * (count - 1)]


@transaction.atomic
def name_beneficiaries(
    *, member: Member, named: Sequence[NamedBeneficiary], on: date, today: date
) -> list[Beneficiary]:
    """Name from the day `on` who receives the funeral grant, one to four; those who are not named again are replaced.

    A share of 0 for all means equal shares. The same naming again changes nothing. Raises `NotHere`, `WrongNaming`,
    `WrongDates`.
    """
    member = hold_member(member)
    refuse_the_dead(member)
    named = _with_shares(named)
    refuse_future(on, today, field="named_on")
    running = list(member.beneficiaries.filter(replaced_on=None, died_on=None).order_by("id"))
    kept = {(one.name, one.relation, one.share_percent): one for one in running}
    wanted = [(one.name, one.relation, one.share_percent) for one in named]
    _refuse_before(on, [one.named_on for one in running if one.named_on])
    for facts, one in kept.items():
        if facts not in wanted:
            one.replaced_on = on
            one.save(update_fields=["replaced_on"])
    return [kept.get(facts) or _name(member, facts, on) for facts in wanted]


def _with_shares(named: Sequence[NamedBeneficiary]) -> list[NamedBeneficiary]:
    if not 1 <= len(named) <= MOST_NAMED:
        raise WrongNaming(_("Name one to %(most)d people.") % {"most": MOST_NAMED})
    if len({plain(one.name) for one in named}) < len(named):
        raise WrongNaming(_("The same name stands twice. Name each person once."))
    if not any(one.share_percent for one in named):
        return [replace(one, share_percent=part) for one, part in zip(named, equal_shares(len(named)), strict=True)]
    total = sum(one.share_percent for one in named)
    if total != WHOLE or not all(one.share_percent for one in named):
        message = _(
            "The shares make %(total)d percent. Let them make 100, each at least 1, or leave all of them empty."
        )
        raise WrongNaming(message % {"total": total})
    return list(named)


def _refuse_before(on: date, days: list[date]) -> None:
    if days and on < max(days):
        message = _("Those named now were named on %(day)s. Write that day or a later one.")
        raise WrongDates(message % {"day": format_date(max(days))}, field="named_on")


def _name(member: Member, facts: tuple[str, str, int], on: date) -> Beneficiary:
    name, relation, share = facts
    return Beneficiary.objects.create(member=member, name=name, relation=relation, share_percent=share, named_on=on)


@transaction.atomic
def mark_beneficiary_dead(*, beneficiary: Beneficiary, died_on: date, today: date) -> Beneficiary:
    """A beneficiary has died: nothing will be paid to her. The same day again changes nothing. Raises `WrongDates`."""
    hold_member(survivor_of(beneficiary.member))
    beneficiary = Beneficiary.objects.select_for_update().get(pk=beneficiary.pk)
    refuse_future(died_on, today, field="died_on")
    if beneficiary.died_on != died_on:
        beneficiary.died_on = died_on
        beneficiary.save(update_fields=["died_on"])
    return beneficiary


# --- children -----------------------------------------------------------------------------------------------


@transaction.atomic
def write_child(
    *,
    parent: Member,
    name: str,
    birth_date: date | None,
    today: date,
    child: Child | None = None,
    member: Member | None = None,
) -> Child:
    """Write down a child, or put one right. `member` is the child's own row where she is a member herself.

    The same child a second time is found. Raises `NotHere`, `WrongPerson`, `WrongDates`.
    """
    parent = hold_member(parent)
    if member is not None:
        if member.pk == parent.pk:
            raise WrongPerson(_("This is the number of the parent. Write the child's."), field="number")
        name, birth_date = name or member.full_name, member.birth_date or birth_date
    if birth_date is not None:
        refuse_future(birth_date, today, field="birth_date")
        _refuse_older_than(parent, birth_date)
    child = child or children_of(parent).filter(name=name, birth_date=birth_date).first() or Child(parent=parent)
    child.name, child.birth_date, child.member = name, birth_date, member
    child.save()
    return child


def _refuse_older_than(parent: Member, birth_date: date) -> None:
    if parent.birth_date is not None and birth_date <= parent.birth_date:
        message = _("The parent was born on %(day)s. Correct the child's date of birth.")
        raise WrongDates(message % {"day": format_date(parent.birth_date)}, field="birth_date")


# --- groups -------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_group(
    *,
    member: Member,
    group: str,
    since: date,
    shown_by: str,
    by: User,
    today: date,
    now: datetime,
    consent_given: bool = False,
    consent_by: str = "",
) -> GroupFlag:
    """Mark a member as disabled or disadvantaged from a day on, with what shows it.

    Disability is sensitive: it needs a running consent, or `consent_given` writes one down with it (`consent_by`: the
    guardian). Raises `NotHere`, `NoConsent`, `MarkedAlready`, `WrongDates`.
    """
    member = hold_member(member)
    refuse_the_dead(member)
    refuse_future(since, today, field="since")
    if group == Group.DISABLED and not has_consent(member, Consent.Kind.HEALTH):
        if not consent_given:
            message = _("A disability is written down only with the person's consent. Ask for it, then tick the box.")
            raise NoConsent(message, field="consent_given")
        who = {"by": by, "today": today, "now": now}
        give_consent(member=member, kind=Consent.Kind.HEALTH, given_on=today, given_by=consent_by, **who)
    marks = GroupFlag.objects.filter(of_person(member), group=group)
    if (same := marks.filter(since=since, until=None).first()) is not None:
        return same
    _refuse_marked(marks, since)
    return GroupFlag.objects.create(
        member=member, group=Group(group), since=since, shown_by=shown_by.strip(), recorded_by=by
    )


def _refuse_marked(marks: QuerySet[GroupFlag], since: date) -> None:
    last = marks.order_by("-since").first()
    if last is None:
        return
    if last.until is None:
        message = _("She is marked so since %(day)s. End that mark first.")
        raise MarkedAlready(message % {"day": format_date(last.since)}, field="group")
    if since <= last.until:
        message = _("She was marked so until %(day)s. Write a later day.")
        raise WrongDates(message % {"day": format_date(last.until)}, field="since")


@transaction.atomic
def end_mark(*, flag: GroupFlag, until: date, today: date) -> GroupFlag:
    """Let a mark hold until a day, that day included. The same day again changes nothing.

    Raises `MarkedAlready`, `WrongDates`.
    """
    hold_member(survivor_of(flag.member))
    flag = GroupFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.until == until:
        return flag
    if flag.until is not None:
        raise MarkedAlready(_("This mark has ended on %(day)s already.") % {"day": format_date(flag.until)})
    _end_between(flag.since, until, today)
    flag.until = until
    flag.save(update_fields=["until"])
    return flag


def _end_between(since: date, until: date, today: date) -> None:
    refuse_future(until, today, field="until")
    if until < since:
        message = _("It began on %(day)s. Write that day or a later one.")
        raise WrongDates(message % {"day": format_date(since)}, field="until")


# --- guardians ----------------------------------------------------------------------------------------------


def is_minor(member: Member, day: date) -> bool:
    """Whether a member is under twenty on a day; of an unknown birth nobody says so."""
    return member.birth_date is not None and member.birth_date <= day and age_on(member.birth_date, day) < MAJORITY


@transaction.atomic
def name_guardian(
    *,
    member: Member,
    guardian: NamedGuardian,
    since: date,
    by: User,
    today: date,
    guardian_member: Member | None = None,
) -> Guardian:
    """Write down who acts for a minor from a day on; `guardian_member` where the guardian is a member herself.

    The same guardian who acts already is returned. Raises `NotHere`, `NotAMinor`, `WrongPerson`, `WrongDates`.
    """
    member = hold_member(member)
    refuse_the_dead(member)
    refuse_future(since, today, field="since")
    if member.birth_date is not None and not is_minor(member, since):
        message = _("On %(day)s %(name)s is %(majority)d or older, and acts for herself.")
        shown = {"day": format_date(since), "name": member.full_name, "majority": MAJORITY}
        raise NotAMinor(message % shown, field="since")
    name, phone = guardian.name, guardian.phone
    if guardian_member is not None:
        _refuse_guardian(member, guardian_member, since)
        name, phone = guardian_member.full_name, phone or guardian_member.phone
    acting = Guardian.objects.filter(of_person(member), until=None)
    running = acting.filter(name=name, relation=guardian.relation).first()
    return running or Guardian.objects.create(
        member=member,
        guardian_member=guardian_member,
        name=name,
        relation=guardian.relation,
        phone=phone,
        since=since,
        recorded_by=by,
    )


def _refuse_guardian(member: Member, guardian: Member, since: date) -> None:
    if guardian.pk == member.pk:
        raise WrongPerson(_("This is the minor's own number. Write the guardian's."), field="number")
    if is_minor(guardian, since):
        message = _("%(name)s is a minor herself on that day, and cannot act for another.")
        raise WrongPerson(message % {"name": guardian.full_name}, field="number")


@transaction.atomic
def end_guardianship(*, guardian: Guardian, until: date, today: date) -> Guardian:
    """Let somebody act for a minor until a day, that day included. A second click changes nothing.

    Raises `WrongDates`.
    """
    hold_member(survivor_of(guardian.member))
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk)
    if guardian.until is None:
        _end_between(guardian.since, until, today)
        guardian.until = until
        guardian.save(update_fields=["until"])
    return guardian

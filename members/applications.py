"""Applications to membership (ใบสมัครสมาชิก): entered, corrected, certified, withdrawn. Meetings decide in `welfare`."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.national_id import id_digest
from bansong_fund.lib.thai_dates import age_on, be_year, format_date
from bansong_fund.lib.thai_text import plain
from members.application_queries import OPEN_STATES
from members.models import (
    Application,
    ApplicationState,
    Certification,
    Community,
    Consent,
    Controls,
    Fund,
    Leadership,
    Member,
    PayInterval,
)
from members.persons import stays_of
from members.queries import visible_applications, visible_communities, visible_members
from members.regulations import membership_terms
from members.verbs import (
    NamedBeneficiary,
    NamedGuardian,
    PersonFacts,
    WrongDates,
    check_age,
    check_id,
    hold_register,
    person_columns,
    with_reckoned_birth,
)
from office.models import User
from office.roles import Role

MOST_BENEFICIARIES = 3
WHOLE = 100  # percent
MAJORITY = 20  # years: who is younger is a minor (ผู้เยาว์; Civil and Commercial Code, section 19)
CERTIFIERS = {Controls.SMALL: 1, Controls.STANDARD: 1, Controls.STRICT: 3}


class NotYourApplication(DomainError):
    """The community, or this step, is another person's."""


class ApplicationClosed(DomainError):
    """The application's state does not allow this step."""


class NotTold(DomainError):
    """The applicant was not told the rules, or not given the privacy notice."""


class WrongShares(DomainError):
    """Nobody is named to receive the funeral grant, or the shares do not add up to the whole."""


class GuardianNeeded(DomainError):
    """A child applies, and nobody acts for her."""


class WrongDues(DomainError):
    """The first dues lack their day or their sum, or are not whole periods."""


class AppliedAlready(DomainError):
    """The same person has an application that is not decided yet."""


class FormerMemberFound(DomainError):
    """The ID is a former member's: she is to come back under her old number."""


class NotAFormerMember(DomainError):
    """Nobody who could come back has this number."""


class ReasonMissing(DomainError):
    """This step says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """What stands on an application. Days are Gregorian, dues in baht; `former_number`: of a member who returns.

    `consents` holds the kinds of `Consent`; the privacy notice handed over is one of them.
    """

    person: PersonFacts
    community: Community
    applied_on: date
    beneficiaries: Sequence[NamedBeneficiary] = ()
    guardian: NamedGuardian | None = None
    pay_every: str = PayInterval.YEAR
    knows_rules: bool = False
    consents: frozenset[str] = frozenset()
    first_dues_on: date | None = None
    first_dues_baht: Decimal | None = None
    former_number: int | None = None


# --- entering ---------------------------------------------------------------------------------------------


@transaction.atomic
def enter_application(
    *,
    facts: ApplicationFacts,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    certified: bool = False,
) -> Application:
    """Write an application down under the next number of its year, n/2563; `certified` adds the enterer's own tick.

    Numbers have no gap: the register's row is held while one is taken. The same request enters once. Raises
    `NotYourApplication`, `WrongDates`, `TooOld`, `NoRuleInForce`, `DoubtfulId`, `IdInUse`, `FormerMemberFound`,
    `NotAFormerMember`, `AppliedAlready`, `GuardianNeeded`, `WrongShares`, `WrongDues`, `NotTold`.
    """
    hold_register()  # a second click waits here for the first, and finds its application
    found = Application.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    facts = _reckoned(facts)
    former = _check_facts(facts, by=by, today=today)
    year_be = be_year(today)
    last = Application.objects.filter(year_be=year_be).aggregate(last=Max("number"))["last"] or 0
    application = Application(
        request_id=request_id, year_be=year_be, number=last + 1, entered_by=by, entered_at=now, former_member=former
    )
    _put_facts(application, facts)
    application.save(force_insert=True)
    if certified:
        return certify_application(application=application, by=by, now=now)
    return application


@transaction.atomic
def correct_application(*, application: Application, facts: ApplicationFacts, by: User, today: date) -> Application:
    """Write other facts into an application that nobody certified yet. Raises what entering raises.

    And `ApplicationClosed`: who certified it did so as it stood.
    """
    application = hold_application(application)
    hold_register()  # after the application, as a meeting's decision locks them
    _refuse_other_hands(application, by)
    if application.state != ApplicationState.ENTERED or application.certifications.exists():
        message = _(
            "Application %(number)s is certified as it stands, or no longer open, and cannot be corrected."
            " Withdraw it and enter it anew."
        )
        raise ApplicationClosed(message % {"number": application.label})
    facts = _reckoned(facts)
    application.former_member = _check_facts(facts, by=by, today=today, before=application)
    _put_facts(application, facts)
    application.save()
    return application


def _reckoned(facts: ApplicationFacts) -> ApplicationFacts:
    """With the day that a birth known only to the year is reckoned from."""
    day = facts.first_dues_on or facts.applied_on
    return replace(facts, person=with_reckoned_birth(facts.person, joined_on=day, fund=Fund.objects.get()))


def hold_application(application: Application) -> Application:
    """The application as it is now, its row locked until the transaction ends."""
    return hold_applications([application.pk])[0]


def hold_applications(keys: Iterable[int]) -> list[Application]:
    """Applications as they are now, by number; their rows are locked in one order."""
    locked = Application.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    related = ("community", "former_member", "member", "entered_by", "resolution__meeting")
    return list(Application.objects.select_related(*related).filter(pk__in=list(locked)).order_by("year_be", "number"))


def _put_facts(application: Application, facts: ApplicationFacts) -> None:
    person, guardian = facts.person, facts.guardian
    columns: dict[str, Any] = {
        **person_columns(person),
        "community": facts.community,
        "house_number": person.house_number,
        "moo": person.moo,
        "lane": person.lane,
        "road": person.road,
        "applied_on": facts.applied_on,
        "first_dues_on": facts.first_dues_on,
        "first_dues_baht": facts.first_dues_baht,
        "pay_every": facts.pay_every,
        "beneficiaries": [asdict(one) for one in facts.beneficiaries],
        "guardian_name": guardian.name if guardian else "",
        "guardian_relation": guardian.relation if guardian else "",
        "guardian_phone": guardian.phone if guardian else "",
        "knows_rules": facts.knows_rules,
        "consents": sorted(facts.consents),
    }
    for name, value in columns.items():
        setattr(application, name, value)


# --- what is checked before an application is written down ---------------------------------------------------


def _check_facts(facts: ApplicationFacts, *, by: User, today: date, before: Application | None = None) -> Member | None:
    """Look at everything once; returns the member who comes back, where it is one."""
    if not enters_applications(by) or not visible_communities(by).filter(pk=facts.community.pk).exists():
        message = _("Applications are entered by the community's leader or the registrar. Ask one of them.")
        raise NotYourApplication(message, field="community")
    fund = Fund.objects.get()
    _check_days(facts, today=today, fund=fund)
    check_age(facts.person.birth_date, facts.first_dues_on or facts.applied_on)
    former = _returning_member(facts, by)
    check_id(facts.person, fund=fund, except_member=former, visible=visible_members(by))
    _refuse_second_application(facts, before)
    _check_guardian(facts, fund)
    _check_beneficiaries(facts.beneficiaries)
    _check_dues(facts)
    _check_told(facts)
    return former


def enters_applications(user: User) -> bool:
    return user.has_role(Role.LEADER, Role.REGISTRAR)


def _check_days(facts: ApplicationFacts, *, today: date, fund: Fund) -> None:
    """Raises `WrongDates` at its field."""
    born = facts.person.birth_date
    if born is None:
        raise WrongDates(_("Write the date of birth, or the year if no more is known."), field="birth_date")
    if born > today:
        raise WrongDates(_("The date of birth lies in the future. Correct it."), field="birth_date")
    for field, day in (("applied_on", facts.applied_on), ("first_dues_on", facts.first_dues_on)):
        if day is None:
            continue
        if day > today:
            message = _("%(day)s is after today, %(today)s. Write an earlier day.")
            raise WrongDates(message % {"day": format_date(day), "today": format_date(today)}, field=field)
        if day < max(born, fund.founded_on):
            message = _("On %(day)s the applicant was not born yet, or the fund not founded. Correct the day.")
            raise WrongDates(message % {"day": format_date(day)}, field=field)


def _returning_member(facts: ApplicationFacts, by: User) -> Member | None:
    """The member row that a former member comes back to, by the number that was written."""
    holder = _former_holder(facts.person.national_id)
    if facts.former_number is None and holder is None:
        return None
    if facts.former_number is None:
        _refuse_to_name(holder, by)
        message = _(
            "This ID belongs to %(name)s, who was member no. %(number)s until %(day)s. If the person comes back,"
            " write %(number)s into “Former member no.”: the number stays, and tenure starts afresh."
        )
        told = {"name": holder.full_name, "number": holder.number, "day": format_date(ended_last_on(holder))}
        raise FormerMemberFound(message % told, field="former_number")
    former = holder if holder is not None and holder.number == facts.former_number else None
    if former is None:
        known = visible_members(by).filter(number=facts.former_number, died_on=None).first()
        former = known if known is not None and _can_be(known, facts) and ended_last_on(known) else None
    if former is None:
        message = _("No former member no. %(number)s fits this name and ID. Look the number up, or leave it empty.")
        raise NotAFormerMember(message % {"number": facts.former_number}, field="former_number")
    _check_after_leaving(facts, former)
    return former


def _refuse_to_name(holder: Member, by: User) -> None:
    """Raises `FormerMemberFound` without her name where the user may not see her."""
    if visible_members(by).filter(pk=holder.pk).exists():
        return
    message = _(
        "This ID belongs to a former member of another community. Write her number into “Former member no.”: it stands"
        " on her old card, and the registrar knows it."
    )
    raise FormerMemberFound(message, field="former_number")


def _former_holder(national_id: str) -> Member | None:
    """The living person with this ID who was a member and is none now."""
    if not national_id:
        return None
    holder = Member.objects.filter(national_id_digest=id_digest(national_id), merged_into=None, died_on=None).first()
    return holder if holder is not None and ended_last_on(holder) else None


def ended_last_on(member: Member) -> date | None:
    """The day on which a person's last membership ended; None while one runs, and where there was none."""
    days = [stay.ended_on for stay in stays_of(member)]
    return max(days) if days and None not in days else None


def _check_after_leaving(facts: ApplicationFacts, former: Member) -> None:
    left = ended_last_on(former)
    for field, day in (("applied_on", facts.applied_on), ("first_dues_on", facts.first_dues_on)):
        if day is not None and day <= left:
            message = _("The former membership ended on %(day)s; whoever comes back does so after that day.")
            raise WrongDates(message % {"day": format_date(left)}, field=field)


def _can_be(member: Member, facts: ApplicationFacts) -> bool:
    """Without an ID on both sides to compare, a name or the date of birth has to agree."""
    person = facts.person
    if member.national_id_digest and person.national_id:
        return member.national_id_digest == id_digest(person.national_id)
    return plain(member.first_name) == plain(person.first_name) or member.birth_date == person.birth_date


def _refuse_second_application(facts: ApplicationFacts, before: Application | None) -> None:
    if not facts.person.national_id:
        return
    same = Application.objects.filter(
        national_id_digest=id_digest(facts.person.national_id), state__in=OPEN_STATES
    ).exclude(pk=before.pk if before else None)
    if first := same.first():
        message = _("This person has applied already: application %(number)s, %(state)s. Look at that one.")
        told = {"number": first.label, "state": first.get_state_display()}
        raise AppliedAlready(message % told, field="national_id")


def _check_guardian(facts: ApplicationFacts, fund: Fund) -> None:
    born, guardian = facts.person.birth_date, facts.guardian
    age = age_on(born, facts.applied_on)
    if age < fund.child_under_age and (guardian is None or not guardian.name):
        message = _(
            "The applicant is %(age)s years old. Below %(majority)s a child cannot bind herself or agree to the use"
            " of her data alone: write down who acts for her, and let that person sign with her."
        )
        raise GuardianNeeded(message % {"age": age, "majority": fund.child_under_age}, field="guardian_name")
    if guardian is not None and not guardian.relation:
        message = _("Say how %(name)s is related to the applicant.")
        raise GuardianNeeded(message % {"name": guardian.name}, field="guardian_relation")


def _check_beneficiaries(named: Sequence[NamedBeneficiary]) -> None:
    if not named:
        message = _("Name at least one person who is to receive the funeral grant, and the relation. No ID is asked.")
        raise WrongShares(message, field="beneficiary_name_1")
    if len(named) > MOST_BENEFICIARIES:
        raise WrongShares(_("At most %(most)s beneficiaries are named.") % {"most": MOST_BENEFICIARIES})
    for place, one in enumerate(named, start=1):
        if not one.relation:
            message = _("Say how %(name)s is related to the applicant.")
            raise WrongShares(message % {"name": one.name}, field=f"beneficiary_relation_{place}")
    total = sum(one.share_percent for one in named)
    if total != WHOLE or any(one.share_percent < 1 for one in named):
        message = _("The shares add up to %(total)s percent; together they have to make 100, each at least 1.")
        raise WrongShares(message % {"total": total}, field="beneficiary_share_1")


def _check_dues(facts: ApplicationFacts) -> None:
    """Raises `WrongDues`: the next collection sheet takes whole periods, so nothing else may be taken here."""
    day, baht = facts.first_dues_on, facts.first_dues_baht
    if (day is None) != (baht is None):
        field = "first_dues_on" if day is None else "first_dues_baht"
        raise WrongDues(_("Write both the day on which the first dues were taken, and how many baht."), field=field)
    if day is None or baht is None:
        return
    price = Decimal(str(membership_terms(day)["dues"]["baht"]))
    if baht <= 0 or (price and baht % price):
        message = _("%(baht)s baht is not one or several whole periods of %(price)s baht. Correct the sum.")
        raise WrongDues(message % {"baht": format_baht(baht), "price": format_baht(price)}, field="first_dues_baht")


def _check_told(facts: ApplicationFacts) -> None:
    if not facts.knows_rules:
        message = _("Tell the applicant the rules, and that contributions are not paid back, and tick it.")
        raise NotTold(message, field="knows_rules")
    if Consent.Kind.NOTICE not in facts.consents:
        message = _("Hand the privacy notice over and tick it: the law asks that everybody is told before.")
        raise NotTold(message, field="notice")


# --- certifying and withdrawing -----------------------------------------------------------------------------


def certifiers_needed(level: str) -> int:
    """How many different people have to certify an application at a level of controls."""
    return CERTIFIERS[Controls(level)]


def may_certify(application: Application, user: User, level: str) -> bool:
    """The community's leader certifies; at `strict`, or where nobody leads it now, registrar and committee too."""
    leading = Leadership.objects.filter(community=application.community_id, until=None)
    if user.has_role(Role.LEADER) and leading.filter(user=user).exists():
        return True
    return user.has_role(Role.REGISTRAR, Role.COMMITTEE) and (level == Controls.STRICT or not leading.exists())


@transaction.atomic
def certify_application(*, application: Application, by: User, now: datetime) -> Application:
    """Somebody who knows the community says that it is so; the last tick that is needed makes it CERTIFIED.

    A second tick by the same person changes nothing, unless fewer are needed since the first: then it is enough.
    Raises `NotYourApplication`, `ApplicationClosed`.
    """
    application = hold_application(application)
    level = Fund.objects.values_list("controls", flat=True).get()
    if not application.certifications.filter(user=by).exists():
        if not may_certify(application, by, level):
            message = _("Application %(number)s is certified by the leader of its community. Ask her or him.")
            raise NotYourApplication(message % {"number": application.label})
        if application.state != ApplicationState.ENTERED:
            _refuse_closed(application)
        Certification.objects.create(application=application, user=by, certified_at=now)
    enough = application.certifications.count() >= certifiers_needed(level)
    if enough and application.state == ApplicationState.ENTERED:
        application.state = ApplicationState.CERTIFIED
        application.save(update_fields=["state"])
    return application


@transaction.atomic
def withdraw_application(*, application: Application, reason: str, by: User, today: date) -> Application:
    """Take an application back before it is decided; its number stays. Raises `ReasonMissing` and as certifying."""
    application = hold_application(application)
    _refuse_other_hands(application, by)
    if application.state == ApplicationState.WITHDRAWN:
        return application
    if application.state not in OPEN_STATES:
        _refuse_closed(application)
    if not reason.strip():
        raise ReasonMissing(_("Say why."), field="reason")
    application.state, application.decision_reason = ApplicationState.WITHDRAWN, reason.strip()
    application.decided_by, application.decided_on = by, today
    application.save(update_fields=["state", "decision_reason", "decided_by", "decided_on"])
    return application


def _refuse_other_hands(application: Application, by: User) -> None:
    if not enters_applications(by) or not visible_applications(by).filter(pk=application.pk).exists():
        message = _("Application %(number)s belongs to its community's leader or the registrar. Ask one of them.")
        raise NotYourApplication(message % {"number": application.label})


def _refuse_closed(application: Application) -> None:
    message = _("Application %(number)s is now: %(state)s. This step is no longer possible.")
    raise ApplicationClosed(message % {"number": application.label, "state": application.get_state_display()})

"""What happens to people: enrolment, the end of a membership, and the kept counts that follow."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import (
    LENGTH,
    check_national_id,
    encrypt_id,
    id_digest,
    is_demo_number,
    kind_of_number,
)
from bansong_fund.lib.thai_dates import age_on, format_date
from members.births import reckoned_birth
from members.models import (
    Beneficiary,
    Community,
    CommunityStay,
    DatePrecision,
    EndReason,
    Fund,
    Guardian,
    Household,
    IdKind,
    Member,
    MemberCount,
    MemberSequence,
    Membership,
    Relation,
    Resolution,
)
from members.persons import survivor_of
from members.queries import survivor_key
from members.regulations import membership_terms
from office.models import User


class IdInUse(DomainError):
    """The national ID belongs to another member."""


class DoubtfulId(DomainError):
    """The checksum is wrong and no reason was given, or the number cannot be anybody's."""


class WrongDates(DomainError):
    """Birth, joining and end contradict each other or the fund's founding."""


class TooOld(DomainError):
    """The regulation sets a greatest age of joining."""


class MembershipEnded(DomainError):
    """The membership has ended already."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What an enrolment writes down of a person. `national_id` is 13 digits, another number, or empty.

    Of a birth known only to the year any day of that year will do: the verbs reckon it as the fund has settled.
    """

    title: str
    first_name: str
    family_name: str
    sex: str
    birth_date: date | None
    birth_precision: str = DatePrecision.DAY
    nickname: str = ""
    id_kind: str = IdKind.CITIZEN
    national_id: str = ""
    id_reason: str = ""
    phone: str = ""
    occupation: str = ""
    address: str = ""
    nationality: str = ""
    marital_status: str = ""
    house_number: str = ""
    moo: str = ""
    lane: str = ""
    road: str = ""


@dataclass(frozen=True, slots=True)
class NamedBeneficiary:
    """Somebody who is to receive the funeral grant, or a part of it."""

    name: str
    relation: str
    share_percent: int = 100


@dataclass(frozen=True, slots=True)
class NamedGuardian:
    """ผู้แทนโดยชอบธรรม: who acts for a minor."""

    name: str
    relation: str
    phone: str = ""


@transaction.atomic
def enrol_member(
    *,
    person: PersonFacts,
    community: Community,
    joined_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    beneficiaries: Sequence[NamedBeneficiary] = (),
    guardian: NamedGuardian | None = None,
    accepted_by: Resolution | None = None,
) -> Member:
    """Take a person into the fund: the next member number, a membership from `joined_on`, the kept count.

    Raises `IdInUse` (naming the member), `DoubtfulId`, `WrongDates`, `TooOld`. The same request enrols once.
    """
    hold_register()  # two clicks, or two registrars with one person before them, come one after the other
    found = Member.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    fund = Fund.objects.get()
    person = with_reckoned_birth(person, joined_on=joined_on, fund=fund)
    check_dates(person.birth_date, joined_on, today=today, fund=fund)
    check_age(person.birth_date, joined_on)
    check_id(person, fund=fund)
    member = Member.objects.create(
        request_id=request_id,
        number=next_member_number(),
        community=community,
        household=household_of(community, person.house_number, person.moo, lane=person.lane, road=person.road),
        registered_by=by,
        registered_at=now,
        is_invented=fund.is_demo,
        **person_columns(person),
    )
    # nothing is paid yet: paid through the day before joining
    Membership.objects.create(
        member=member, joined_on=joined_on, paid_through=joined_on - timedelta(days=1), accepted_by=accepted_by
    )
    CommunityStay.objects.create(member=member, community=community, since=joined_on, recorded_by=by, recorded_at=now)
    name_around(member, beneficiaries, guardian, since=joined_on, by=by)
    count_members(community, current=1, cumulative=1)
    return member


def name_around(
    member: Member,
    beneficiaries: Sequence[NamedBeneficiary],
    guardian: NamedGuardian | None,
    *,
    since: date,
    by: User,
) -> None:
    """Write down who is to receive the funeral grant, and who acts for a minor."""
    for one in beneficiaries:
        Beneficiary.objects.create(
            member=member,
            name=one.name,
            relation=one.relation or Relation.OTHER,
            share_percent=one.share_percent,
            named_on=since,
        )
    if guardian is not None:
        Guardian.objects.create(
            member=member,
            name=guardian.name,
            relation=guardian.relation or Relation.OTHER,
            phone=guardian.phone,
            since=since,
            recorded_by=by,
        )


def with_reckoned_birth(person: PersonFacts, *, joined_on: date | None, fund: Fund) -> PersonFacts:
    """The facts with the day that the birth is reckoned from."""
    day = reckoned_birth(person.birth_date, person.birth_precision, joined_on=joined_on, choice=fund.year_only_births)
    return replace(person, birth_date=day)


def person_columns(person: PersonFacts) -> dict[str, object]:
    """The columns of Member that hold these facts; the ID only sealed, with its last four digits apart."""
    return {
        "title": person.title,
        "first_name": person.first_name,
        "family_name": person.family_name,
        "nickname": person.nickname,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "birth_precision": person.birth_precision,
        "id_kind": true_kind(person.id_kind, person.national_id),
        "national_id_encrypted": encrypt_id(person.national_id) if person.national_id else "",
        "national_id_digest": id_digest(person.national_id) if person.national_id else None,
        "national_id_last4": person.national_id[-4:],
        "id_reason": person.id_reason,
        "phone": person.phone,
        "occupation": person.occupation,
        "address": person.address,
        "nationality": person.nationality,
        "marital_status": person.marital_status,
    }


def true_kind(kind: str, number: str) -> str:
    """The kind of ID that a number shows itself to be: 0 stateless, 6 to 8 a foreigner's. A passport stays one."""
    if kind == IdKind.PASSPORT or len(number) != LENGTH:
        return kind
    return IdKind(kind_of_number(number))


def hold_register() -> MemberSequence:
    """Lock the row that gives the members' numbers until the transaction ends."""
    return MemberSequence.objects.select_for_update().get_or_create(pk=1)[0]


def next_member_number() -> int:
    """The next number of the register, under its row's lock."""
    sequence = hold_register()
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def household_of(
    community: Community, house_number: str, moo: str, *, lane: str = "", road: str = ""
) -> Household | None:
    """The household of this house in its community, made when it is new; None without a house number.

    Lane and road are written down for a new house only: of a known one they are not changed in passing.
    """
    if not house_number:
        return None
    around = {"lane": lane, "road": road}
    return Household.objects.get_or_create(community=community, house_number=house_number, moo=moo, defaults=around)[0]


def check_dates(birth_date: date | None, joined_on: date, *, today: date, fund: Fund) -> None:
    """Raises `WrongDates`: a birth or joining in the future, joining before birth or before the founding."""
    if birth_date and birth_date > today:
        raise WrongDates(_("The date of birth lies in the future. Correct it."), field="birth_date")
    if joined_on > today:
        raise WrongDates(_("The date of joining lies in the future. Correct it."), field="joined_on")
    if birth_date and joined_on < birth_date:
        raise WrongDates(_("The date of joining is before the date of birth. Correct one of them."), field="joined_on")
    if joined_on < fund.founded_on:
        raise WrongDates(
            _("The fund was founded on %(founded)s; nobody joined before that. Correct the date.")
            % {"founded": format_date(fund.founded_on)},
            field="joined_on",
        )


def check_age(birth_date: date | None, joined_on: date) -> None:
    """Raises `TooOld` past the regulation's greatest age of joining, where it sets one."""
    max_age = (membership_terms(joined_on).get("joining") or {}).get("max_age")
    if max_age is not None and birth_date and age_on(birth_date, joined_on) > max_age:
        raise TooOld(
            _(
                "The regulation takes members up to %(max)s years of age; this person was %(age)s."
                " The committee may change the regulation."
            )
            % {"max": max_age, "age": age_on(birth_date, joined_on)},
            field="birth_date",
        )


def check_id(
    person: PersonFacts,
    *,
    fund: Fund,
    except_member: Member | None = None,
    visible: QuerySet[Member] | None = None,
) -> None:
    """Raises `IdInUse` where another member holds the number, `DoubtfulId` where nobody vouches for an odd one.

    Only a member among `visible` is named; left out: any.
    """
    if not person.national_id:
        return
    if is_demo_number(person.national_id) and not fund.is_demo:
        raise DoubtfulId(
            _("This number has the province code 00, which only invented people have. Copy it from the card again."),
            field="national_id",
        )
    if person.id_kind != IdKind.PASSPORT:
        refuse_unvouched(person.national_id, person.id_reason)
    same = Member.objects.filter(national_id_digest=id_digest(person.national_id)).values("pk")
    # a double that was merged keeps its ID, which is the survivor's; the index of digests leaves doubles out
    holders = same.filter(merged_into=None).union(same.filter(merged_into__isnull=False))
    others = [survivor_of(holder) for holder in Member.objects.filter(pk__in=holders).select_related("merged_into")]
    if except_member is not None:
        others = [other for other in others if other.pk != survivor_key(except_member)]
    if other := next(iter(others), None):
        if visible is not None and not visible.filter(pk=other.pk).exists():
            message = _("This ID number belongs to a member of another community. Ask the registrar to look at it.")
            raise IdInUse(message, field="national_id")
        raise IdInUse(
            _(
                "This ID number belongs to member no. %(number)s, %(name)s. A person is enrolled once."
                " Look at that page."
            )
            % {"number": other.number, "name": other.full_name},
            field="national_id",
        )


def refuse_unvouched(number: str, reason: str) -> None:
    """Raises `DoubtfulId` for thirteen digits that look odd where no reason is given to take them."""
    check = check_national_id(number)
    if not check.ok and not reason:
        raise DoubtfulId(
            _("%(problem)s Compare it with the card; if it stands so there, write down the reason and save again.")
            % {"problem": check.message},
            field="national_id",
        )


@transaction.atomic
def end_membership(*, membership: Membership, on: date, reason: EndReason, note: str = "", today: date) -> Membership:
    """End a running membership; a death also marks the person. Raises `MembershipEnded`, `WrongDates`."""
    membership = Membership.objects.select_for_update().select_related("member").get(pk=membership.pk)
    if membership.ended_on is not None:
        raise MembershipEnded(
            _("This membership ended on %(day)s already.") % {"day": format_date(membership.ended_on)}
        )
    if not membership.joined_on <= on <= today:
        raise WrongDates(
            _("The day must lie between the day of joining (%(joined)s) and today.")
            % {"joined": format_date(membership.joined_on)},
            field="on",
        )
    membership.ended_on, membership.end_reason, membership.end_note = on, reason, note
    membership.save(update_fields=["ended_on", "end_reason", "end_note"])
    if reason == EndReason.DIED:
        membership.member.died_on = on
        membership.member.save(update_fields=["died_on"])
    count_members(membership.member.community, current=-1)
    return membership


def set_paid_through(*, membership: Membership, paid_through: date) -> None:
    """Write the last day that dues cover; called by the verbs of `contributions` only."""
    membership.paid_through = paid_through
    membership.save(update_fields=["paid_through"])


def set_paid_through_of(days: Iterable[tuple[Membership, date]]) -> None:
    """As `set_paid_through`, for a whole collection sheet in one statement."""
    changed = []
    for membership, paid_through in days:
        membership.paid_through = paid_through
        changed.append(membership)
    Membership.objects.bulk_update(changed, ["paid_through"], batch_size=1000)


def count_members(community: Community, *, current: int = 0, cumulative: int = 0) -> None:
    """Move a community's kept counts."""
    MemberCount.objects.get_or_create(community=community)
    MemberCount.objects.filter(community=community).update(
        current=F("current") + current, cumulative=F("cumulative") + cumulative
    )

"""Reading care: who is looked after, who is due for a visit, what is open, and the figures of a span.

Every list starts from `visible_persons(user)`: a leader sees those of the communities that she leads, registrar,
committee and auditor see all, the treasurer none of them; the figures name nobody.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Coalesce, Least

from contributions.queries import led_communities
from members.models import Community, GroupFlag, Member
from members.queries import current_members
from office.models import User
from office.roles import Role
from welfare.models import CarePerson, CareVisit, Claim, ClaimState, Referral

READS_ALL_CARE = (Role.REGISTRAR, Role.COMMITTEE, Role.AUDITOR)
ELDERLY_FROM = 60  # years; as the members' types have it


def care_communities(user: User) -> QuerySet[Community]:
    """The communities whose cared-for people a user may read about."""
    if user.has_role(*READS_ALL_CARE):
        return Community.objects.order_by("number")
    return led_communities(user)


def visible_persons(user: User) -> QuerySet[CarePerson]:
    """The people whose care a user may read about. A member is cared for where she is now."""
    persons = CarePerson.objects.all()
    if user.has_role(*READS_ALL_CARE):
        return persons
    return persons.filter(within(led_communities(user)))


def within(communities: QuerySet[Community] | Collection[Community]) -> Q:
    """Cared for in these communities: a member where she is now, somebody else where it was written down.

    A double that was merged is where the row is that she was merged into.
    """
    own = Q(member__merged_into=None, member__community__in=communities)
    return own | Q(member__merged_into__community__in=communities) | Q(member=None, community__in=communities)


def of_member(member: Member) -> Q:
    """The rows of care of a person, those of her doubles among them."""
    return Q(member=member) | Q(member__merged_into=member)


def where_she_is(path: str = "") -> tuple[str, ...]:
    """What to join for `place` and `full_name` of the people at `path`."""
    return (f"{path}member__merged_into__community", f"{path}member__community", f"{path}community")


def visible_visits(user: User) -> QuerySet[CareVisit]:
    return CareVisit.objects.filter(person__in=visible_persons(user))


def visible_referrals(user: User) -> QuerySet[Referral]:
    return Referral.objects.filter(visit__person__in=visible_persons(user))


def cared_for(persons: QuerySet[CarePerson], today: date) -> QuerySet[CarePerson]:
    """Those looked after now: begun, not ended, alive."""
    running = Q(since__lte=today) & (Q(until=None) | Q(until__gte=today))
    return persons.filter(running, member__died_on=None, member__merged_into__died_on=None)


def with_days(persons: QuerySet[CarePerson]) -> QuerySet[CarePerson]:
    """With `last_visit`, `planned_on` (the next day planned) and `next_on`: when somebody is to go there.

    That is the day planned, else the last visit and her rhythm after it; for who was never visited the day on which
    care began. None where nothing is planned and she has no rhythm.
    """
    made = Q(visits__visited_on__isnull=False)
    open_plan = Q(visits__visited_on=None, visits__is_cancelled=False)
    rhythm = Func(F("last_visit"), F("visit_every_days"), template="(%(expressions)s)", arg_joiner=" + ")
    due = Case(
        When(visit_every_days=None, then=None),
        When(last_visit=None, then=F("since")),
        default=rhythm,
        output_field=DateField(),
    )
    dated = persons.annotate(
        last_visit=Max("visits__visited_on", filter=made), planned_on=Min("visits__planned_on", filter=open_plan)
    )
    return dated.annotate(next_on=Least("planned_on", due))  # PostgreSQL's least leaves nulls out


def listed_persons(persons: QuerySet[CarePerson]) -> QuerySet[CarePerson]:
    """With what a row shows, who is due first on top."""
    related = ("member__household", "member__merged_into__household", *where_she_is())
    return with_days(persons).select_related(*related).order_by(F("next_on").asc(nulls_last=True), "id")


def open_follow_ups(user: User) -> QuerySet[CareVisit]:
    """What somebody promised to follow up and has not yet: the nearest day first."""
    rows = visible_visits(user).filter(follow_up_by__isnull=False, followed_up_on=None)
    related = (*where_she_is("person__"), "follow_up_by")
    return rows.select_related(*related).order_by(F("follow_up_until").asc(nulls_last=True), "id")


def open_needs(user: User) -> QuerySet[CareVisit]:
    """Needs that nobody has taken on: no follow-up, no referral, no claim that grew out of the visit. Oldest first."""
    alive = {"person__member__died_on": None, "person__member__merged_into__died_on": None}
    rows = visible_visits(user).filter(visited_on__isnull=False, follow_up_by=None, followed_up_on=None, **alive)
    ended = (ClaimState.CANCELLED, ClaimState.REJECTED)
    claimed = Claim.objects.filter(care_visit=OuterRef("pk")).exclude(state__in=ended)
    referred = Referral.objects.filter(visit=OuterRef("pk"))
    nobody = rows.exclude(needs="").filter(~Exists(claimed), ~Exists(referred))
    return nobody.select_related(*where_she_is("person__")).order_by("visited_on", "id")


def open_referrals(user: User) -> QuerySet[Referral]:
    """Referrals that nobody has answered: the oldest first."""
    rows = visible_referrals(user).filter(closed_on=None)
    related = (*where_she_is("visit__person__"), "referred_by")
    return rows.select_related(*related).order_by("referred_on", "id")


@dataclass(frozen=True, slots=True)
class WordsBefore:
    """What stood in a visit before it was changed, when that was and by whom (None where no page did it)."""

    visited_on: date
    note: str
    needs: str
    follow_up_by: User | None
    follow_up_until: date | None
    changed_at: datetime
    changed_by: User | None


def words_before(visits: Collection[CareVisit]) -> dict[int, list[WordsBefore]]:
    """By a visit's key its words of before, the latest first; only those that were changed. At most two queries."""
    images = CareVisit.pgh_event_model.objects.filter(
        pgh_obj_id__in=[one.pk for one in visits], visited_on__isnull=False
    )
    rows = list(images.select_related("follow_up_by", "pgh_context").order_by("-pgh_id"))
    after = {one.pk: _words(one) for one in visits}
    changed = []
    for row in rows:
        if _words(row) != after[row.pgh_obj_id]:
            changed.append(row)
        after[row.pgh_obj_id] = _words(row)
    users = User.objects.in_bulk({_changed_by(row) for row in changed} - {None}) if changed else {}
    found: dict[int, list[WordsBefore]] = defaultdict(list)
    for row in changed:
        words = (row.visited_on, row.note, row.needs, row.follow_up_by, row.follow_up_until)
        found[row.pgh_obj_id].append(WordsBefore(*words, row.pgh_created_at, users.get(_changed_by(row))))
    return found


def _words(row: Any) -> tuple[Any, ...]:
    return (row.visited_on, row.note, row.needs, row.follow_up_by_id, row.follow_up_until)


def _changed_by(row: Any) -> int | None:
    return row.pgh_context.metadata.get("user") if row.pgh_context else None


def may_follow_up(community: Community) -> QuerySet[User]:
    """Who can follow up a visit: the community's leaders, and the registrars."""
    leads = Q(leaderships__community=community, leaderships__until=None)
    registers = Q(role_grants__role=Role.REGISTRAR, role_grants__revoked_at=None)
    return User.objects.filter(leads | registers, is_active=True).distinct().order_by("display_name", "id")


# --- from the register ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """A member whom nobody looks after yet, and why somebody might."""

    member: Member
    reason: str
    lives_alone: bool

    @property
    def reason_name(self) -> str:
        return str(CarePerson.Reason(self.reason).label)


def proposals(communities: QuerySet[Community], *, today: date, most: int) -> list[Proposal]:
    """Members marked disabled or disadvantaged, and those of 60 and more who are alone in their house.

    Alone as far as the register knows: no other member of it lives there. In Thai order by community; two queries.
    """
    members = current_members(Member.objects.filter(merged_into=None, died_on=None, community__in=communities))
    marks = GroupFlag.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today)
    of_her = Q(member=OuterRef("pk")) | Q(member__merged_into=OuterRef("pk"))
    housemates = Member.objects.filter(household=OuterRef("household"), died_on=None, merged_into=None)
    old_enough = Q(birth_date__lte=_years_before(today, ELDERLY_FROM))
    rows = members.filter(~Exists(CarePerson.objects.filter(of_her))).annotate(
        is_disabled=Exists(marks.filter(of_her, group="disabled")),
        is_disadvantaged=Exists(marks.filter(of_her, group="disadvantaged")),
        is_alone=Case(
            When(Q(household=None) | ~old_enough, then=False),
            default=~Exists(housemates.exclude(pk=OuterRef("pk"))),
        ),
    )
    wanted = rows.filter(Q(is_disabled=True) | Q(is_disadvantaged=True) | Q(is_alone=True))
    found = wanted.select_related("community", "household").order_by("community__number", "sort_key", "id")[:most]
    return [Proposal(member, _reason_for(member), member.is_alone) for member in found]


def _reason_for(member: Member) -> str:
    if member.is_disabled:
        return CarePerson.Reason.DISABLED
    return CarePerson.Reason.DISADVANTAGED if member.is_disadvantaged else CarePerson.Reason.ELDERLY


def _years_before(day: date, years: int) -> date:
    """The last birthday by which somebody has lived so many years on `day`; born on 29 February counts on 1 March."""
    year = day.year - years
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


# --- figures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CareFigures:
    """What care did in a span: persons looked after, persons visited, visits, referrals, how many were answered.

    `helped`: answered with help, whole or in part. Answers count with the referral, whenever they came up to the end.
    """

    persons: int = 0
    visited: int = 0
    visits: int = 0
    referrals: int = 0
    answered: int = 0
    helped: int = 0

    def __add__(self, other: "CareFigures") -> "CareFigures":
        return CareFigures(*(getattr(self, name) + getattr(other, name) for name in CareFigures.__slots__))


def care_figures(first: date, last: date) -> CareFigures:
    """The figures of the whole fund from `first` to `last`, both within; three queries. For the annual report."""
    return sum(care_by_community(first, last).values(), CareFigures())


def care_by_community(first: date, last: date) -> dict[int, CareFigures]:
    """The same by community's key; communities that look after nobody are left out."""
    persons = CarePerson.objects.filter(Q(until=None) | Q(until__gte=first), since__lte=last)
    looked_after = dict(_by_place(persons).annotate(people=Count("pk")).values_list("place", "people"))
    made = _by_place(CareVisit.objects.filter(visited_on__range=(first, last)), "person__")
    visits = {
        place: (people, times)
        for place, people, times in made.annotate(people=Count("person", distinct=True), times=Count("pk")).values_list(
            "place", "people", "times"
        )
    }
    asked = _by_place(Referral.objects.filter(referred_on__range=(first, last)), "visit__person__")
    answered = Q(answered_on__lte=last)
    helped = answered & Q(outcome__in=(Referral.Outcome.HELPED, Referral.Outcome.PARTLY))
    referrals = {
        place: counts
        for place, *counts in asked.annotate(
            sent=Count("pk"), back=Count("pk", filter=answered), good=Count("pk", filter=helped)
        ).values_list("place", "sent", "back", "good")
    }
    none: tuple[int, ...] = (0, 0)
    return {
        place: CareFigures(looked_after.get(place, 0), *visits.get(place, none), *referrals.get(place, (0, *none)))
        for place in {*looked_after, *visits, *referrals}
    }


def _by_place(rows: QuerySet[Any], path: str = "") -> QuerySet[Any]:
    """Rows grouped by the community in which the person is cared for."""
    place = Coalesce(*where_she_is(path))
    return rows.order_by().annotate(place=place).values("place")

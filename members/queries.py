"""Reading people. Every list, count, search and paper starts from `visible_members(user)`."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet, When
from django.db.models.functions import Coalesce, JSONObject

from bansong_fund.lib.snapshots import asked_once
from members.models import Application, Beneficiary, Child, Community, GroupFlag, Leadership, Member, Membership
from members.search import changes_from, named, number_in, rows_of_figures
from office.models import ReadingLog, User
from office.queries import readings
from office.roles import WHOLE_FUND_ROLES, Role

FOUND_OTHERWISE = 500  # members at most whom a search finds by a double's or a former name
NAMED_FACTS = ("name", "relation", "share_percent")
# a beneficiary who has died receives nothing: where none is alive, nobody is named
NAMED_NOW = {"replaced_on": None, "died_on": None}
SURVIVOR = Coalesce("merged_into", "pk")


@asked_once
def every_community() -> list[Community]:
    """All communities by number: for figures of the whole fund."""
    return list(Community.objects.all())


def visible_communities(user: User) -> QuerySet[Community]:
    """The communities whose people a user may see: all for the committee's staff, a leader's own, else none."""
    if user.has_role(*WHOLE_FUND_ROLES):
        return Community.objects.all()
    if user.has_role(Role.LEADER):
        return Community.objects.filter(pk__in=Leadership.objects.filter(user=user, until=None).values("community"))
    return Community.objects.none()


def listed_communities(user: User) -> QuerySet[Community]:
    """The communities a user may read the names, counts and leaders of: the administrator appoints leaders."""
    return Community.objects.all() if user.has_role(Role.ADMINISTRATOR) else visible_communities(user)


def visible_members(user: User) -> QuerySet[Member]:
    """The members (current and former, doubles aside) whose rows a user may see."""
    members = Member.objects.filter(merged_into=None)
    if user.has_role(*WHOLE_FUND_ROLES):
        return members
    return members.filter(community__in=visible_communities(user))


def visible_applications(user: User) -> QuerySet[Application]:
    """The applications to membership that a user may see: all, or those of the communities that she leads."""
    if user.has_role(*WHOLE_FUND_ROLES):
        return Application.objects.all()
    return Application.objects.filter(community__in=visible_communities(user))


def sees_application(user: User, application_id: int) -> bool:
    """Whether a user may see the papers of an application."""
    return visible_applications(user).filter(pk=application_id).exists()


def sees_member(user: User, member_id: int) -> bool:
    """Whether a user may see the papers that lie with a member, or with a double that was merged into her."""
    return visible_members(user).filter(Q(pk=member_id) | Q(doubles=member_id)).exists()


def survivor_key(member: Member) -> int:
    """Key of the row that a person's doubles are merged into; her own where she has none."""
    return member.merged_into_id or member.pk


def of_person(member: Member) -> Q:
    """Rows whose `member` is this person: the survivor, or a double merged into it."""
    survivor = survivor_key(member)
    # an OR over the joined member would read the whole table; this way its index on the member is used
    return Q(member__in=Member.objects.filter(Q(pk=survivor) | Q(merged_into=survivor)))


def current_members(members: QuerySet[Member]) -> QuerySet[Member]:
    """Of these, the ones whose membership runs."""
    return members.filter(memberships__ended_on=None)


def with_membership(members: QuerySet[Member]) -> QuerySet[Member]:
    """With the latest membership as `member.latest_memberships[0]`, the community and the house, in two queries."""
    latest = Membership.objects.order_by("member_id", "-joined_on").distinct("member_id")
    return members.select_related("community", "household").prefetch_related(
        Prefetch("memberships", queryset=latest, to_attr="latest_memberships")
    )


def children_of(parent: Member) -> QuerySet[Child]:
    """The children that the person's row names, and those that her doubles' name."""
    survivor = survivor_key(parent)
    return Child.objects.filter(Q(parent=survivor) | Q(parent__merged_into=survivor))


def with_beneficiaries(members: QuerySet[Member]) -> QuerySet[Member]:
    """With those named now as `member.named_beneficiaries` in one query: a list of {name, relation, share_percent}."""
    facts = JSONObject(**{name: name for name in NAMED_FACTS})
    named = Beneficiary.objects.filter(**NAMED_NOW).order_by("id").values(row=facts)
    own = Beneficiary.objects.filter(member=OuterRef("member__merged_into"), **NAMED_NOW)
    of_doubles = named.filter(~Exists(own), member__merged_into=OuterRef("pk"))
    both = ArraySubquery(named.filter(member=OuterRef("pk"))), ArraySubquery(of_doubles)
    return members.annotate(named_beneficiaries=Func(*both, function="array_cat"))


def has_beneficiary(member: Member) -> bool:
    """Whether somebody is named; asks the database only where the member did not come `with_beneficiaries`."""
    known: list[dict[str, str]] | None = getattr(member, "named_beneficiaries", None)
    named = Beneficiary.objects.filter(of_person(member), **NAMED_NOW)
    return named.exists() if known is None else bool(known)


def named_now(member: Member) -> QuerySet[Beneficiary]:
    """Whom the person names to receive the funeral grant: by her own row, else by her doubles'."""
    named = Beneficiary.objects.filter(of_person(member), **NAMED_NOW)
    own = named.filter(member=survivor_key(member))
    return own if own.exists() else named


def readings_of(member: Member) -> QuerySet[ReadingLog]:
    """Who looked at this person's data, under her number or a double's, the newest first."""
    rows = Member.objects.filter(Q(pk=survivor_key(member)) | Q(merged_into=survivor_key(member)))
    return readings().filter(subject_kind="member", subject_id__in=rows.values("pk"))


def groups_on(member: Member, day: date) -> frozenset[str]:
    flags = GroupFlag.objects.filter(of_person(member), since__lte=day).filter(Q(until=None) | Q(until__gte=day))
    return frozenset(flags.values_list("group", flat=True))


def search_members(members: QuerySet[Member], text: str) -> QuerySet[Member]:
    """Members by any part of their names, by number, whole ID, phone or house; see `members.search`.

    In Thai dictionary order, the one with that very number first (`leads` is 0 for her, 1 for the others). What a
    double or a former name has finds the member who is in the register. Asks the database once where it is names.
    """
    rows = rows_of_figures(text)
    if not rows:
        return members.filter(_known_as(text)).order_by("sort_key", "id")
    keys = [found.order_by().values(survivor=SURVIVOR) for found in rows]
    found = members.filter(pk__in=keys[0].union(*keys[1:]) if keys[1:] else keys[0])
    number = number_in(text)
    if number is None:
        return found.order_by("sort_key", "id")
    its_member = Member.objects.filter(number=number).values(survivor=SURVIVOR)
    leads = Case(When(pk__in=its_member, then=0), default=1, output_field=IntegerField())
    return found.annotate(leads=leads).order_by("leads", "sort_key", "id")


def _known_as(text: str) -> Q:
    """Doubles and former names are few: their members' keys come first, so that the names' index serves the rest."""
    names = named(text)
    if not names:
        return names
    doubles = Member.objects.filter(names, merged_into__isnull=False).order_by().values_list("merged_into")
    before = changes_from(text).order_by().values_list(Coalesce("member__merged_into", "member"))
    otherwise = [key for (key,) in doubles.union(before)[:FOUND_OTHERWISE]]
    return names | Q(pk__in=otherwise) if otherwise else names

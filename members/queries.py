"""Reading people. Every list, count, search and paper starts from `visible_members(user)`."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from bansong_fund.lib.national_id import id_digest
from bansong_fund.lib.thai_text import arabic_digits, normalise, search_grams
from members.models import Application, Beneficiary, Community, GroupFlag, Leadership, Member, Membership
from office.models import User
from office.roles import WHOLE_FUND_ROLES, Role

SEARCH_LIMIT = 50


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


def with_beneficiaries(members: QuerySet[Member]) -> QuerySet[Member]:
    """With those named now as `member.named_beneficiaries`, a list of {name, relation}, in the same query."""
    named = Beneficiary.objects.filter(member=OuterRef("pk"), replaced_on=None).order_by("id")
    return members.annotate(
        named_beneficiaries=ArraySubquery(named.values(row=JSONObject(name="name", relation="relation")))
    )


def has_beneficiary(member: Member) -> bool:
    """Whether somebody is named; asks the database only where the member did not come `with_beneficiaries`."""
    known: list[dict[str, str]] | None = getattr(member, "named_beneficiaries", None)
    return member.beneficiaries.filter(replaced_on=None).exists() if known is None else bool(known)


def groups_on(member: Member, day: date) -> frozenset[str]:
    flags = GroupFlag.objects.filter(member=member, since__lte=day).filter(Q(until=None) | Q(until__gte=day))
    return frozenset(flags.values_list("group", flat=True))


def search_members(members: QuerySet[Member], text: str) -> QuerySet[Member]:
    """Members by any part of a name or nickname, by number, or by the whole national ID.

    In Thai dictionary order; digits may be Thai, an ID may have its dashes.
    """
    words = arabic_digits(normalise(text)).split()
    digits = "".join(words).replace("-", "")
    if digits.isdecimal():
        return members.filter(_by_digits(digits)).order_by("sort_key", "id")
    for word in words:
        members = members.filter(_by_name(word))
    return members.order_by("sort_key", "id")


def _by_digits(digits: str) -> Q:
    if len(digits) == 13:
        return Q(national_id_digest=id_digest(digits))
    if len(digits) in (9, 10):
        return Q(phone=digits)
    return Q(number=int(digits)) if len(digits) < 9 else Q(pk=None)


def _by_name(word: str) -> Q:
    """The grams find the candidates in the index; the patterns check them again."""
    found = Q(first_name__icontains=word) | Q(family_name__icontains=word) | Q(nickname__icontains=word)
    return Q(name_grams__contains=search_grams(word)) & found

"""Households: who lives in a house by its registration, who is its head, and a member's move to another house."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Func, IntegerField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits, normalise
from members.life import House, hold_member, put_in_house, refuse_the_dead
from members.models import Community, Household, Member
from members.queries import visible_communities
from office.action_log import log_action
from office.models import User

PAGE_SIZE = 50
BEHIND_ALL_NUMBERS = 2_000_000_000  # houses without a number in front stand last


class NotOfThisHouse(DomainError):
    """Who is to be head does not live there, has died, or was merged into another row."""


class HeadOrReason(DomainError):
    """A house without a head says why."""


class HouseKnown(DomainError):
    """Another house of the community has this number, or the member lives there already."""


# --- reading ------------------------------------------------------------------------------------------------


def visible_households(user: User) -> QuerySet[Household]:
    """The houses of the communities whose people a user may see."""
    return Household.objects.filter(community__in=visible_communities(user))


def living_in(household: Household) -> QuerySet[Member]:
    """The living people of a house, members now or formerly, in the order of their names."""
    return household.members.filter(died_on=None, merged_into=None).order_by("sort_key", "id")


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """Houses with `people`, their members of now; `next_after` is the key behind which the next page starts."""

    rows: list[Household]
    next_after: int | None


ORDER = ("community__number", "first_number", "house_number", "moo", "id")


def find_households(
    households: QuerySet[Household], *, text: str, community: Community | None, after: Household | None
) -> HouseholdPage:
    """Houses whose number begins with the text, community by community, in the order of their numbers."""
    if community is not None:
        households = households.filter(community=community)
    if wanted := arabic_digits(normalise(text)).replace(" ", ""):
        households = households.filter(house_number__istartswith=wanted)
    households = _numbered(households)
    if after is not None and (start := _numbered(Household.objects.filter(pk=after.pk)).values_list(*ORDER).first()):
        households = households.filter(_behind(start))
    people = Member.objects.filter(memberships__ended_on=None, merged_into=None).order_by("sort_key", "id")
    rows = households.order_by(*ORDER).select_related("community", "head")
    found = list(rows.prefetch_related(Prefetch("members", queryset=people, to_attr="people"))[: PAGE_SIZE + 1])
    return HouseholdPage(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None)


def _numbered(households: QuerySet[Household]) -> QuerySet[Household]:
    """With the number in front of the house number, so that house 9 stands before house 10."""
    digits = Func(F("house_number"), Value("^[0-9]{1,9}"), function="substring")
    return households.annotate(first_number=Coalesce(Cast(digits, IntegerField()), BEHIND_ALL_NUMBERS))


def _behind(start: tuple[Any, ...]) -> Q:
    """Rows that follow this one in `ORDER`."""
    behind, same = Q(pk__in=[]), Q()
    for name, value in zip(ORDER, start, strict=True):
        behind |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return behind


# --- changing -----------------------------------------------------------------------------------------------


@transaction.atomic
def choose_head(*, household: Household, head: Member | None, by: User, now: datetime, reason: str = "") -> Household:
    """Write down who is the head of a house; nobody needs a reason. The same head again changes nothing.

    Raises `NotOfThisHouse`, `HeadOrReason`.
    """
    household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if head is None and not reason.strip():
        message = _("Choose a head of the household, or say why there is none.")
        raise HeadOrReason(message, field="reason")
    if head is not None:
        head = Member.objects.get(pk=head.pk)
        if head.household_id != household.pk or head.died_on is not None or head.merged_into_id is not None:
            message = _("%(name)s does not live in this house. Choose one of the people who do.")
            raise NotOfThisHouse(message % {"name": head.full_name}, field="head")
    if household.head_id == (head.pk if head else None) and head is not None:
        return household
    household.head = head
    household.save(update_fields=["head"])
    told = {"head": head.number} if head else {"reason": reason.strip()}
    log_action(by, "head-chosen", subject=household, **told)
    return household


@transaction.atomic
def change_house(*, household: Household, house: House) -> Household:
    """Put number, village number, lane or road of a house right. Two houses are never merged: raises `HouseKnown`."""
    household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    same = Household.objects.filter(community=household.community_id, house_number=house.number, moo=house.moo)
    if same.exclude(pk=household.pk).exists():
        message = _("House %(number)s is another house of this community. Move the people there instead.")
        raise HouseKnown(message % {"number": house.number}, field="house_number")
    household.house_number, household.moo = house.number, house.moo
    household.lane, household.road = house.lane, house.road
    household.save(update_fields=["house_number", "moo", "lane", "road"])
    return household


@transaction.atomic
def move_house(*, member: Member, house: House) -> Member:
    """Let a member live in another house of her community, made where it is new; as head she leaves the old one.

    Her claims keep the house in which she lived. A second click changes nothing. Raises `NotHere`.
    """
    member = hold_member(member)
    refuse_the_dead(member)
    put_in_house(member, house.in_community(member.community))
    return member

"""Reading benefit lists. Every page of them starts from `visible_lists(user)` and `visible_lines(user)`."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bansong_fund.lib.money import ZERO
from members.models import Community, Member
from members.queries import SURVIVOR, visible_communities
from office.models import User
from office.roles import WHOLE_FUND_ROLES
from welfare.models import BenefitList, ClaimState, ListCommunity, ListLine

# A line whose claim was rejected or cancelled pays nobody any more.
ENDED = (ClaimState.REJECTED, ClaimState.CANCELLED)
STANDS = Q(lines__struck_by=None) & (Q(lines__claim=None) | ~Q(lines__claim__state__in=ENDED))
BAHT = Coalesce("lines__claim__amount_approved", "lines__amount")


def visible_lists(user: User) -> QuerySet[BenefitList]:
    """All for the committee's staff; for a leader those that have a part of her community."""
    if user.has_role(*WHOLE_FUND_ROLES):
        return BenefitList.objects.all()
    mine = ListCommunity.objects.filter(community__in=visible_communities(user))
    return BenefitList.objects.filter(pk__in=mine.values("benefit_list")).exclude(state=BenefitList.State.CANCELLED)


def visible_lines(user: User, benefit_list: BenefitList) -> QuerySet[ListLine]:
    """The lines of a list that a user may see, in Thai order within each community."""
    lines = ListLine.objects.filter(benefit_list=benefit_list, community__in=visible_communities(user))
    related = ("member__household", "community", "child", "claim", "added_by", "struck_by")
    return lines.select_related(*related).order_by("community__number", "member__sort_key", "member_id", "id")


def with_sums(lists: QuerySet[BenefitList], user: User) -> QuerySet[BenefitList]:
    """With `people` and `baht` (as approved, once decided) of the lines that stand and that the user may see."""
    stands = STANDS & Q(lines__community__in=visible_communities(user))
    return lists.annotate(people=Count("lines", filter=stands), baht=Sum(BAHT, filter=stands))


@dataclass(frozen=True, slots=True)
class Part:
    """A community's part of a list: who stands on it, how many were struck out, refused and added, who confirmed it."""

    community: Community
    people: int
    struck: int
    refused: int
    added: int
    baht: Decimal
    confirmed: ListCommunity | None


def parts_of(benefit_list: BenefitList, user: User) -> list[Part]:
    """The parts that a user may see, by number of the community, in two queries."""
    seen = visible_communities(user)
    rows = ListLine.objects.filter(benefit_list=benefit_list, community__in=seen).order_by().values("community")
    stands = Q(struck_by=None) & (Q(claim=None) | ~Q(claim__state__in=ENDED))
    sums = {
        row["community"]: row
        for row in rows.annotate(
            people=Count("pk", filter=stands),
            struck=Count("pk", filter=Q(struck_by__isnull=False)),
            refused=Count("pk", filter=Q(claim__state__in=ENDED)),
            added=Count("pk", filter=Q(added_by__isnull=False)),
            baht=Sum(Coalesce("claim__amount_approved", "amount"), filter=stands),
        )
    }
    parts = benefit_list.communities.filter(community__in=seen).select_related("community", "confirmed_by")
    nothing = {"people": 0, "struck": 0, "refused": 0, "added": 0, "baht": ZERO}
    return [_part(one, sums.get(one.community_id, nothing)) for one in parts.order_by("community__number")]


def _part(row: ListCommunity, sums: dict[str, int | Decimal]) -> Part:
    return Part(
        community=row.community,
        people=int(sums["people"]),
        struck=int(sums["struck"]),
        refused=int(sums["refused"]),
        added=int(sums["added"]),
        baht=Decimal(sums["baht"] or 0),
        confirmed=row if row.confirmed_by_id else None,
    )


def lines_of_person(member: Member) -> QuerySet[ListLine]:
    """On which lists a person stands or stood, the newest first; cancelled lists aside."""
    person = Member.objects.annotate(survivor=SURVIVOR).filter(survivor=member.merged_into_id or member.pk)
    lines = ListLine.objects.filter(member__in=person).exclude(benefit_list__state=BenefitList.State.CANCELLED)
    lines = lines.select_related("benefit_list", "claim", "child", "struck_by").defer("assessment", "claim__assessment")
    return lines.order_by("-benefit_list__event_on", "-id")

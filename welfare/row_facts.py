"""What is known of rows of the register, side by side: for who settles whether two of them are one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from contributions.models import DuesPayment
from members.models import Member, Membership, OpeningDrawn, SettledDouble
from members.queries import of_person, with_beneficiaries
from welfare.models import Claim


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A row with its latest membership, and how often something was paid or claimed under its number."""

    member: Member
    membership: Membership | None
    dues: int
    claims: int
    beneficiaries: list[str]

    @property
    def is_running(self) -> bool:
        return self.membership is not None and self.membership.ended_on is None


def facts_of_rows(members: QuerySet[Member]) -> list[RowFacts]:
    """In two queries, in the order of the keys."""
    rows = with_beneficiaries(members).select_related("community", "household", "merged_into")
    rows = rows.annotate(dues_count=_count(DuesPayment), claims_count=_count(Claim)).order_by("pk")
    members_found = list(rows)
    latest = _latest(members_found)
    return [
        RowFacts(
            member,
            latest.get(member.pk),
            member.dues_count,
            member.claims_count,
            [named["name"] for named in member.named_beneficiaries],
        )
        for member in members_found
    ]


def _count(model: type[DuesPayment] | type[Claim]) -> Coalesce:
    rows = model.objects.filter(member=OuterRef("pk")).order_by().values("member").annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")), 0)


def _latest(members: Iterable[Member]) -> dict[int, Membership]:
    rows = Membership.objects.filter(member__in=members).order_by("member_id", "-joined_on").distinct("member_id")
    return {row.member_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A double of a member: its number, and the day on which it was merged."""

    number: int
    merged_on: date


@dataclass(frozen=True, slots=True)
class Opening:
    """What came with a member from before: her other numbers, rounds matched, and what was drawn, by benefit."""

    others: list[OtherRow]
    as_of: date | None
    rounds_matched: int
    drawn: list[OpeningDrawn]


def opening_of(member: Member) -> Opening:
    """Of the person: her own row and her doubles', in one query, and one more where something was drawn."""
    merged = SettledDouble.objects.filter(survivor=member, undone_at=None)
    at = Coalesce(
        Subquery(merged.filter(first=OuterRef("pk")).values("settled_at")[:1]),
        Subquery(merged.filter(second=OuterRef("pk")).values("settled_at")[:1]),
    )
    rows = Member.objects.filter(Q(pk=member.pk) | Q(merged_into=member))
    drew = Exists(OpeningDrawn.objects.filter(member=OuterRef("pk")))
    rows = list(rows.select_related("opening_facts").annotate(merged_at=at, drew=drew).order_by("number"))
    drawn = OpeningDrawn.objects.filter(of_person(member))
    facts = [row.opening_facts for row in rows if hasattr(row, "opening_facts")]
    return Opening(
        others=[OtherRow(row.number, row.merged_at) for row in rows if row.pk != member.pk],
        as_of=max((one.as_of for one in facts), default=None),
        rounds_matched=sum(one.rounds_matched for one in facts),
        drawn=list(drawn.order_by("benefit_code", "id")) if any(row.drew for row in rows) else [],
    )

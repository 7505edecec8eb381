"""Nobody forgotten: members of a community who seem entitled, by the register, but never claimed.

The same rules judge that judge claims: only what would not be refused today is listed. What the register cannot know
is not here: a stay in hospital, damage to a house, a child at school are known only when somebody tells.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from members.models import Child, Community, Member
from members.regulations import NoRuleInForce
from welfare.bulk import FundFacts, gather_fund
from welfare.eligibility import COUNTING_STATES
from welfare.entitlements import pretended_event
from welfare.events import Event, child_key
from welfare.models import Category, Claim
from welfare.rules.document import BenefitTerms
from welfare.rules.steps import Assessment

LOOKED_BACK = timedelta(days=365)  # births and deaths of the last year
YEARLY = (Category.ELDERLY, Category.DISADVANTAGED)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One member and the benefit that nobody claimed. `day`: of the birth or death, today for what comes by lists.

    `amount`: baht as it would be reckoned today. `by_committee`: the rules leave it to the committee, say because the
    claim would be late or dues are behind. `about`: the child of a birth gift.
    """

    member: Member
    category: Category
    benefit: BenefitTerms
    day: date
    amount: Decimal
    by_committee: bool
    about: str = ""


def forgotten_in(community: Community, *, today: date) -> list[Forgotten]:
    """Everybody of one community, by kind and in Thai order; reads the fund once, about 13 queries."""
    return _with_houses(_forgotten(gather_fund(), community, had=_kinds_had(), today=today))


def forgotten_counts(*, today: date, on_step: Callable[[int, int], None]) -> list[dict[str, Any]]:
    """How many seem forgotten in each community, by kind: {community, kinds: {kind: count}, people, amount}.

    `community` is its key, `amount` baht as text; communities with nobody are there too. `on_step` is told how many
    of all are done. The rows can be kept as JSON: they name nobody.
    """
    fund, had = gather_fund(), _kinds_had()
    communities = list(Community.objects.order_by("number"))
    rows = []
    for done, community in enumerate(communities):
        on_step(done, len(communities))
        lines = _forgotten(fund, community, had=had, today=today)
        rows.append(
            {
                "community": community.pk,
                "kinds": Counter(str(line.category) for line in lines),
                "people": len({line.member.pk for line in lines}),
                "amount": str(sum((line.amount for line in lines), Decimal(0))),
            }
        )
    on_step(len(communities), len(communities))
    return rows


def _forgotten(fund: FundFacts, community: Community, *, had: dict[int, set[str]], today: date) -> list[Forgotten]:
    members = [one for one in fund.members if one.community_id == community.pk]
    living = [one for one in members if one.died_on is None]
    dead = [one for one in members if one.died_on is not None and one.died_on >= today - LOOKED_BACK]
    found = [
        *_births(fund, living, today),
        *(line for kind in YEARLY for line in _never(fund, living, kind, had=had, today=today)),
        *_deaths(fund, dead, had=had, today=today),
    ]
    order = list(Category)
    return sorted(found, key=lambda one: order.index(one.category))


def _with_houses(lines: list[Forgotten]) -> list[Forgotten]:
    """With house and phone, which the facts of the fund leave out."""
    rows = Member.objects.select_related("household").in_bulk([line.member.pk for line in lines])
    return [replace(line, member=rows[line.member.pk]) for line in lines]


def _kinds_had() -> dict[int, set[str]]:
    """By person: the kinds of which a claim of hers was granted or waits."""
    had: dict[int, set[str]] = defaultdict(set)
    rows = Claim.objects.filter(state__in=COUNTING_STATES).order_by()
    for member, survivor, kind in rows.values_list("member_id", "member__merged_into_id", "category").distinct():
        had[survivor or member].add(kind)
    return had


def _never(
    fund: FundFacts, members: Iterable[Member], kind: Category, *, had: dict[int, set[str]], today: date
) -> Iterator[Forgotten]:
    """Who never had anything of a kind that comes every year, and would be due today."""
    for member in members:
        if kind not in had[member.pk]:
            benefits = _benefits(fund, kind, today)
            judged = [(one, fund.assess(member.pk, pretended_event(one, today))) for one in benefits]
            yield from _best(member, kind, judged, today)


def _births(fund: FundFacts, members: Iterable[Member], today: date) -> Iterator[Forgotten]:
    """Children written down with a member, born within the year, for whom neither parent has claimed."""
    parents = {member.pk: member for member in members}
    claimed = _children_claimed_for()
    rows = Child.objects.filter(birth_date__range=(today - LOOKED_BACK, today)).order_by("birth_date", "id")
    seen: set[str] = set()
    for child in rows.select_related("parent"):
        parent = parents.get(child.parent.merged_into_id or child.parent_id)
        key = child_key(child.name, child.birth_date)
        if parent is None or key in claimed or key in seen:
            continue
        judged = [
            (one, fund.assess(parent.pk, _birth(one, child, today)))
            for one in _benefits(fund, Category.BIRTH, child.birth_date)
            if one.unit != "night"  # the mother's nights: who knows of them
        ]
        for line in _best(parent, Category.BIRTH, judged, child.birth_date, about=child.name):
            seen.add(key)
            yield line


def _deaths(
    fund: FundFacts, members: Iterable[Member], *, had: dict[int, set[str]], today: date
) -> Iterator[Forgotten]:
    """Members who died within the year, for whom no funeral grant was asked."""
    for member in members:
        if Category.DEATH not in had[member.pk]:
            judged = [
                (one, fund.assess(member.pk, _on(one, member.died_on, today)))
                for one in _benefits(fund, Category.DEATH, member.died_on)
            ]
            yield from _best(member, Category.DEATH, judged, member.died_on)


def _benefits(fund: FundFacts, kind: Category, day: date) -> list[BenefitTerms]:
    try:
        document = fund.version_on(day).document
    except NoRuleInForce:
        return []
    return [one for one in document.benefits if one.category == kind]


def _best(
    member: Member, kind: Category, judged: list[tuple[BenefitTerms, Assessment]], day: date, *, about: str = ""
) -> Iterator[Forgotten]:
    """The benefit that would give most, of those that would not be refused; one line a member and kind."""
    given = [(benefit, found) for benefit, found in judged if found.outcome != "refused"]
    if given:
        benefit, found = max(given, key=lambda one: one[1].amount)
        yield Forgotten(member, kind, benefit, day, found.amount, found.outcome != "eligible", about)


def _children_claimed_for() -> set[str]:
    rows = Claim.objects.filter(state__in=COUNTING_STATES, category=Category.BIRTH, child__isnull=False).order_by()
    return {child_key(name, born) for name, born in rows.values_list("child__name", "child__birth_date")}


def _on(benefit: BenefitTerms, day: date, today: date) -> Event:
    papers = frozenset(paper for papers in benefit.evidence for paper in papers)
    return Event(benefit_code=benefit.code, event_from=day, received_on=today, units=1, evidence=papers)


def _birth(benefit: BenefitTerms, child: Child, today: date) -> Event:
    papers = frozenset(paper for papers in benefit.evidence for paper in papers)
    return Event(
        benefit_code=benefit.code,
        event_from=child.birth_date,
        received_on=today,
        units=1,
        child_name=child.name,
        child_birth_date=child.birth_date,
        evidence=papers,
    )

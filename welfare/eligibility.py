"""Gathers the facts of a claim from the register and the books, and has the rules reckon them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from contributions.queries import paid_through_on
from members.models import EndReason, Fund, Member, Membership, OpeningDrawn
from members.persons import stays_of, survivor_of
from members.queries import groups_on, has_beneficiary, of_person, survivor_key
from members.regulations import NoRuleInForce
from members.standing import Standing, StandingRules, standing_on
from welfare.events import Event, child_key, event_of
from welfare.models import Claim, ClaimState
from welfare.regulations import Version, version_on
from welfare.rules.assess import assess, benefit_not_offered, no_rule_in_force
from welfare.rules.document import BenefitTerms
from welfare.rules.facts import ClaimFacts, PriorClaim
from welfare.rules.limits import baht_in
from welfare.rules.opening import Drawn, drawn_before
from welfare.rules.spans import ONE_DAY, LimitYear, limit_year
from welfare.rules.steps import Assessment, parts_from_json

WAITING_STATES = (ClaimState.SUBMITTED, ClaimState.VERIFIED)
GRANTED_STATES = (ClaimState.APPROVED, ClaimState.PAID)
COUNTING_STATES = (*WAITING_STATES, *GRANTED_STATES)
PRIOR_FIELDS = (
    *("year_be", "number", "benefit_code", "event_from", "event_until", "units", "amount", "amount_approved"),
    *("member_id", "member__merged_into_id", "household_id", "child__name", "child__birth_date", "event_key"),
    *("assessment__parts", "assessment__units_paid"),
)
DRAWN_FIELDS = ("benefit_code", "as_of", "year_times", "year_units", "year_baht", "life_times")
DRAWN_KEYS = ("member_id", "member__merged_into_id", "member__household_id")
# code of the benefit, its limit year, the community, the claim before which is counted: claims there, baht of the fund
FundWide = Callable[[str, LimitYear, int, Claim | None], tuple[int, Decimal]]


@dataclass(frozen=True, slots=True)
class Background:
    """What the register and the books say of a member on the day of an event."""

    member: Member
    before: Claim | None  # the claim itself: only those submitted ahead of it count
    version: Version
    memberships: tuple[Membership, ...]  # all of the person, the latest first
    membership: Membership | None
    paid_through: date | None
    standing: Standing
    groups: frozenset[str]
    prior: tuple[PriorClaim, ...]
    beneficiary_named: bool
    fund_year_start_month: int
    fund_wide: FundWide | None = None  # how the fund's claims are counted, where the caller has them at hand


def gather_background(
    member: Member, day: date, *, before: Claim | None = None, child: str = "", start_month: int | None = None
) -> Background:
    """Read what judges an event of `day`, in a fixed number of queries. Raises `NoRuleInForce`.

    A double is judged as the person that it was merged into.
    `child`: the key of a child whose claims by another parent count too; `start_month`: the fund year's first month,
    where the caller knows it already.
    """
    version, member = version_on(day), survivor_of(member)
    memberships = tuple(memberships_of(member))
    membership = running_or_lapsed(memberships, day)
    paid_through = paid_through_on(membership, day) if membership else None
    return Background(
        member=member,
        before=before,
        version=version,
        memberships=memberships,
        membership=membership,
        paid_through=paid_through,
        standing=standing_of(membership, paid_through, day, version),
        groups=groups_on(member, day),
        prior=_prior_claims(member, before=before, child=child) + _drawn_before(member),
        beneficiary_named=has_beneficiary(member),
        fund_year_start_month=start_month or Fund.objects.values_list("fund_year_start_month", flat=True).get(),
    )


def memberships_of(member: Member) -> list[Membership]:
    """All stays of a person in the fund, the latest first."""
    return stays_of(member)


def membership_for(member: Member, day: date) -> Membership | None:
    """The membership that an event of `day` is judged by; None where the person was no member."""
    return running_or_lapsed(memberships_of(member), day)


def running_or_lapsed(memberships: Iterable[Membership], day: date) -> Membership | None:
    """The membership that ran on the day (its last day included); else the last one, if it had lapsed before.

    Where a double's ran too, the person's own counts: the number that was kept decides her tenure.
    """
    memberships = [one for one in memberships if one.joined_on <= day]
    running = [one for one in memberships if one.ended_on is None or one.ended_on >= day]
    begun = next((one for one in running if not one.is_doubles), None) or next(iter(running or memberships), None)
    if begun is None or begun.ended_on is None or begun.ended_on >= day or begun.end_reason == EndReason.LAPSED:
        return begun
    return None


def standing_of(membership: Membership | None, paid_through: date | None, day: date, version: Version) -> Standing:
    """The standing on the day of the membership that judges it."""
    if membership is None or paid_through is None:
        return Standing.NOT_A_MEMBER
    if membership.ended_on is not None and membership.ended_on < day:
        return Standing.ENDED
    return standing_on(paid_through, day, standing_rules_of(version))


def standing_rules_of(version: Version) -> StandingRules:
    """The version's days of suspension and lapse."""
    terms = version.document.membership
    return StandingRules(terms.suspend_after_days, terms.lapse_after_days)


def counting_before(claim: Claim | None) -> Q:
    """Claims that count beside this one: granted, or submitted before it (by time, then number); never drafts."""
    if claim is None or claim.submitted_at is None:
        return Q(state__in=COUNTING_STATES)
    number = Q(year_be__lt=claim.year_be) | Q(year_be=claim.year_be, number__lt=claim.number)
    earlier = Q(submitted_at__lt=claim.submitted_at) | (Q(submitted_at=claim.submitted_at) & number)
    return (Q(state__in=GRANTED_STATES) | (Q(state__in=WAITING_STATES) & earlier)) & ~Q(pk=claim.pk)


def _prior_claims(member: Member, *, before: Claim | None, child: str) -> tuple[PriorClaim, ...]:
    whose = [of_person(member)]
    if member.household_id is not None:
        whose.append(Q(household=member.household_id))
    if child:
        whose.append(Q(child__birth_date=child.rpartition("|")[2]))
    # a union, each part by its own index: one condition with OR would read the whole table
    own, *others = [Claim.objects.filter(part).order_by().values("pk") for part in whose]
    rows = Claim.objects.filter(counting_before(before), pk__in=own.union(*others)).order_by("event_from", "id")
    return tuple(prior_of(row) for row in rows.values(*PRIOR_FIELDS))


def prior_of(row: Mapping[str, Any]) -> PriorClaim:
    """An earlier claim as the rules count it, from its `PRIOR_FIELDS`."""
    granted = row["amount"] if row["amount_approved"] is None else row["amount_approved"]
    own_parts = row["assessment__parts"] if granted == row["amount"] else None
    key = child_key(row["child__name"] or "", row["child__birth_date"])
    return PriorClaim(
        number=f"{row['year_be']}/{row['number']:06d}",
        benefit_code=row["benefit_code"],
        event_from=row["event_from"],
        event_until=row["event_until"],
        amount=granted or Decimal(0),
        units=row["assessment__units_paid"] or row["units"] or 1,
        parts=parts_from_json(own_parts or []),
        member_key=str(row["member__merged_into_id"] or row["member_id"]),
        household_key=str(row["household_id"] or ""),
        child_keys=(key,) if key else (),
        event_key=row["event_key"],
    )


def _drawn_before(member: Member) -> tuple[PriorClaim, ...]:
    """What she, her doubles and her household had drawn before this program, as the limits count it."""
    whose = [of_person(member)]
    if member.household_id is not None:
        whose.append(Q(member__in=Member.objects.filter(household=member.household_id)))
    own, *others = [OpeningDrawn.objects.filter(part).order_by().values("pk") for part in whose]
    rows = OpeningDrawn.objects.filter(pk__in=own.union(*others)).order_by("id")
    return tuple(prior for row in rows.values(*DRAWN_FIELDS, *DRAWN_KEYS) for prior in drawn_of(row))


def drawn_of(row: Mapping[str, Any]) -> Iterator[PriorClaim]:
    """What was drawn before this program as earlier claims, from `DRAWN_FIELDS` and `DRAWN_KEYS`."""
    return drawn_before(
        Drawn(
            **{field: row[field] for field in DRAWN_FIELDS},
            member_key=str(row["member__merged_into_id"] or row["member_id"]),
            household_key=str(row["member__household_id"] or ""),
        )
    )


def facts_of(background: Background, event: Event) -> ClaimFacts:
    """The facts of one claim, from what was gathered and what was entered; queries only for fund-wide limits."""
    member, benefit = background.member, background.version.benefit(event.benefit_code)
    joined_on = background.membership.joined_on if background.membership else None
    facts = ClaimFacts(
        event_from=event.event_from,
        event_until=event.event_until,
        received_on=event.received_on,
        member_key=str(survivor_key(member)),
        household_key=str(member.household_id or ""),
        joined_on=joined_on,
        birth_date=member.birth_date,
        died_on=member.died_on,
        standing=str(background.standing),
        groups=background.groups,
        units=event.units,
        children=event.children,
        grade=event.grade,
        loss=event.loss_amount,
        proposed_amount=event.proposed_amount,
        event_key=event.event_key,
        exclusions_yes=frozenset(event.exclusions_affirmed),
        evidence=event.evidence,
        register_vouches=vouched_for(member),
        beneficiary_named=background.beneficiary_named,
        prior=background.prior,
        fund_year_start_month=background.fund_year_start_month,
    )
    return facts if benefit is None else _with_fund_wide_counts(facts, benefit, background)


def vouched_for(member: Member) -> frozenset[str]:
    """Papers that the register itself stands for: a checked ID, a known house, the member's own book."""
    known = {"id-card": member.national_id_last4, "house-registration": member.household_id, "member-book": True}
    return frozenset(code for code, held in known.items() if held)


def _with_fund_wide_counts(facts: ClaimFacts, benefit: BenefitTerms, background: Background) -> ClaimFacts:
    """Add the community's claims and the fund's spending, where the benefit is limited by them."""
    limits = benefit.limits
    if limits.quota_per_community is None and limits.fund_baht_per_year is None:
        return facts
    count = background.fund_wide or fund_wide_counts
    community_claims, fund_spent = {}, {}
    day = facts.event_from
    while day <= facts.event_end:
        year = limit_year(
            day, limits.year, fund_year_start_month=facts.fund_year_start_month, joined_on=facts.joined_on
        )
        in_community, spent = count(benefit.code, year, background.member.community_id, background.before)
        community_claims[year.first], fund_spent[year.first] = in_community, spent
        day = year.last + ONE_DAY
    return replace(facts, community_claims=community_claims, fund_spent=fund_spent)


def fund_wide_counts(code: str, year: LimitYear, community_id: int, before: Claim | None) -> tuple[int, Decimal]:
    """Claims of a benefit in a limit year: how many in the community, and baht in the whole fund; in one query.

    Claims count where they begin, the baht of a stay over the year's end where its nights lie: such stays take another.
    """
    begun = Q(event_from__range=(year.first, year.last))
    touching = begun | Q(event_from__lt=year.first, event_until__gt=year.first)
    claims = Claim.objects.filter(counting_before(before), touching, benefit_code=code)
    within = begun & (Q(event_until=None) | Q(event_until__lte=year.last + ONE_DAY))
    counts = claims.aggregate(
        in_community=Count("pk", filter=begun & Q(community=community_id)),
        spent=Sum(Coalesce("amount_approved", "amount"), filter=within),
        over_the_end=Count("pk", filter=~within),
    )
    rows = claims.exclude(within).values(*PRIOR_FIELDS) if counts["over_the_end"] else ()
    over = (baht_in(prior_of(row), year) for row in rows)
    return counts["in_community"], sum(over, counts["spent"] or Decimal(0))


def assess_event(member: Member, event: Event, *, before: Claim | None = None) -> Assessment:
    """Reckon what an event comes to for a member. No rule in force, or no such benefit, is a named refusal."""
    child = event.children[0].key if event.children else ""
    try:
        background = gather_background(member, event.event_from, before=before, child=child)
    except NoRuleInForce:
        return no_rule_in_force(event.event_from)
    return assess_on(background, event)


def assess_on(background: Background, event: Event) -> Assessment:
    """Reckon an event on what was gathered for its day."""
    version = background.version
    if version.benefit(event.benefit_code) is None:
        return benefit_not_offered(version.document, event.benefit_code, event.event_from)
    return assess(facts_of(background, event), version.terms(event.benefit_code))


def assess_claim(claim: Claim) -> Assessment:
    """Reckon a stored claim by today's facts: what counts are the claims submitted before it."""
    return assess_event(claim.member, event_of(claim), before=claim)

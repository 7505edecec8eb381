"""The facts of the whole fund at once: what `eligibility` gathers for one member, in a fixed number of queries.

`gather_fund()` reads the register, the payments and the claims once; after that any number of events of any members
and days is reckoned without another query, by the same pure rules and with the same results as `assess_event`:

    fund = gather_fund()
    for member in fund.members:                                  # running or ended before: all persons, no doubles
        assessment = fund.assess(member.pk, event)               # welfare.events.Event → rules.steps.Assessment
        background = fund.background(member.pk, day)             # welfare.eligibility.Background; NoRuleInForce
        judged = fund.assess_on(background, event)               # with `replace(background, version=…, prior=…)` too

Lists ask it who is due, "nobody forgotten" who never claimed, "what if" what another version would have granted.
About 10 queries and one second for 4,118 members; nothing is kept behind, gather anew for fresh facts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from contributions.queries import PaidHistory
from members.models import Beneficiary, Fund, GroupFlag, Member, Membership, OpeningDrawn
from members.persons import joined_stays
from members.queries import NAMED_NOW
from members.regulations import NoRuleInForce, regulation_on
from welfare.eligibility import (
    COUNTING_STATES,
    DRAWN_FIELDS,
    DRAWN_KEYS,
    GRANTED_STATES,
    PRIOR_FIELDS,
    Background,
    drawn_of,
    facts_of,
    prior_of,
    running_or_lapsed,
    standing_of,
)
from welfare.events import Event
from welfare.models import Claim
from welfare.regulations import Version, all_versions
from welfare.rules.assess import assess, benefit_not_offered, no_rule_in_force
from welfare.rules.facts import PriorClaim, Terms
from welfare.rules.limits import baht_in, lies_in
from welfare.rules.spans import LimitYear
from welfare.rules.steps import ZERO, Assessment

T = TypeVar("T")

COUNTED_FIELDS = ("pk", "state", "submitted_at", "community_id", *PRIOR_FIELDS)

MEMBER_FIELDS = (
    *("number", "title", "first_name", "family_name", "sex", "birth_date", "birth_precision", "national_id_last4"),
    *("community", "household", "died_on", "merged_into", "sort_key"),
)


@dataclass(frozen=True, slots=True)
class CountedClaim:
    """A claim that counts beside others, and by what it is found among them."""

    pk: int
    prior: PriorClaim
    is_granted: bool
    submitted_at: datetime | None
    place: tuple[int, int]  # year and number
    community_id: int
    amount: Decimal
    child_born: date | None

    def counts_before(self, claim: Claim | None) -> bool:
        """As `eligibility.counting_before`: granted, or submitted before that claim."""
        if claim is None or claim.submitted_at is None:
            return True
        if self.pk == claim.pk:
            return False
        if self.is_granted:
            return True
        mine = (self.submitted_at, self.place)
        return self.submitted_at is not None and mine < (claim.submitted_at, (claim.year_be, claim.number))


@dataclass(slots=True)
class Around:
    """What is known of one person: her stays, her marks, and whether a beneficiary of hers lives."""

    stays: list[Membership] = field(default_factory=list)
    marks: list[tuple[str, date, date | None]] = field(default_factory=list)
    has_beneficiary: bool = False


class Shelf(Generic[T]):
    """Rows in one order, found by several keys at once, each row once."""

    def __init__(self) -> None:
        self._rows: list[T] = []
        self._places: dict[object, list[int]] = defaultdict(list)

    def put(self, row: T, *keys: object) -> None:
        for key in keys:
            self._places[key].append(len(self._rows))
        self._rows.append(row)

    def under(self, *keys: object) -> list[T]:
        """The rows under any of these keys, in the order in which they were put."""
        places = sorted({place for key in keys for place in self._places.get(key, ())})
        return [self._rows[place] for place in places]


class FundFacts:
    """The register, the payments and the claims as they were when this was made; see the module's head.

    `members`: every person of the register, current and former, doubles aside, in Thai order, with her community.
    """

    def __init__(self) -> None:
        rows = Member.objects.only(*MEMBER_FIELDS).select_related("community").order_by("sort_key", "id")
        self._rows = {member.pk: member for member in rows}
        self.members = [member for member in self._rows.values() if member.merged_into_id is None]
        self._paid = PaidHistory()
        self._start_month = Fund.objects.values_list("fund_year_start_month", flat=True).get()
        self._versions = all_versions()
        self._terms: dict[tuple[int, str], tuple[Version, Terms]] = {}
        self._around: dict[int, Around] = defaultdict(Around)
        self._drawn: Shelf[tuple[PriorClaim, ...]] = Shelf()
        self._claims: Shelf[CountedClaim] = Shelf()
        self._totals: dict[tuple[str, LimitYear], tuple[Counter[int], Decimal]] = {}
        self._read_people()
        self._read_drawn()
        self._read_claims()

    # --- what is asked of it -----------------------------------------------------------------------------------

    def member(self, key: int) -> Member:
        """The person of this row: for a double, the row that it was merged into."""
        row = self._rows[key]
        return row if row.merged_into_id is None else self._rows[row.merged_into_id]

    def membership_on(self, key: int, day: date) -> Membership | None:
        """The membership that judges an event of `day`; None where the person was no member."""
        return running_or_lapsed(self._around[self.member(key).pk].stays, day)

    def version_on(self, day: date) -> Version:
        """The version of the regulation in force on `day`. Raises `NoRuleInForce`."""
        for version in reversed(self._versions):
            if version.document.effective_from <= day:
                return version
        regulation_on(day)  # raises the refusal, which has one wording
        raise NoRuleInForce

    def background(
        self,
        key: int,
        day: date,
        *,
        before: Claim | None = None,
        child: str = "",
        version: Version | None = None,
    ) -> Background:
        """As `eligibility.gather_background` for the member of this key; `version`: judged by it instead.

        Raises `NoRuleInForce`.
        """
        member = self.member(key)
        version = version or self.version_on(day)
        around = self._around[member.pk]
        membership = running_or_lapsed(around.stays, day)
        paid_through = self._paid.through(membership, day) if membership else None
        return Background(
            member=member,
            before=before,
            version=version,
            memberships=tuple(around.stays),
            membership=membership,
            paid_through=paid_through,
            standing=standing_of(membership, paid_through, day, version),
            groups=frozenset(group for group, since, until in around.marks if _holds(since, until, day)),
            prior=self._prior(member, before, child),
            beneficiary_named=around.has_beneficiary,
            fund_year_start_month=self._start_month,
            fund_wide=self._fund_wide,
        )

    def assess(
        self, key: int, event: Event, *, before: Claim | None = None, version: Version | None = None
    ) -> Assessment:
        """As `eligibility.assess_event` for the member of this key."""
        child = event.children[0].key if event.children else ""
        try:
            background = self.background(key, event.event_from, before=before, child=child, version=version)
        except NoRuleInForce:
            return no_rule_in_force(event.event_from)
        return self.assess_on(background, event)

    def assess_on(self, background: Background, event: Event) -> Assessment:
        """As `eligibility.assess_on`: several events of one member and day on one background."""
        version, code = background.version, event.benefit_code
        key = (id(version), code)
        if key not in self._terms:
            if version.benefit(code) is None:
                return benefit_not_offered(version.document, code, event.event_from)
            self._terms[key] = version, version.terms(code)  # with the version, so that no other takes its id
        return assess(facts_of(background, event), self._terms[key][1])

    def count(self, claim: Claim) -> None:
        """From now on this claim, made after the fund was read, counts beside the others."""
        child = claim.child
        row = {name: getattr(claim, name) for name in PRIOR_FIELDS if "__" not in name} | {
            "pk": claim.pk,
            "state": claim.state,
            "submitted_at": claim.submitted_at,
            "community_id": claim.community_id,
            "member__merged_into_id": self._rows[claim.member_id].merged_into_id,
            "child__name": child.name if child else None,
            "child__birth_date": child.birth_date if child else None,
            "assessment__parts": claim.assessment.get("parts"),
            "assessment__units_paid": claim.assessment.get("units_paid"),
        }
        self._put_claim(row)
        self._totals.clear()

    # --- how it is read ----------------------------------------------------------------------------------------

    def _read_people(self) -> None:
        person = self._person_of
        for stay in Membership.objects.order_by("-joined_on", "-id"):
            stay.member = self._rows[stay.member_id]
            self._around[person(stay.member_id)].stays.append(stay)
        for around in self._around.values():
            around.stays = joined_stays(around.stays)
        for key, *mark in GroupFlag.objects.values_list("member_id", "group", "since", "until"):
            self._around[person(key)].marks.append(tuple(mark))
        for key in Beneficiary.objects.filter(**NAMED_NOW).values_list("member_id", flat=True):
            self._around[person(key)].has_beneficiary = True

    def _person_of(self, key: int) -> int:
        return self._rows[key].merged_into_id or key

    def _read_drawn(self) -> None:
        for row in OpeningDrawn.objects.order_by("id").values(*DRAWN_FIELDS, *DRAWN_KEYS):
            keys = ("person", self._person_of(row["member_id"])), ("house", row["member__household_id"])
            self._drawn.put(tuple(drawn_of(row)), *keys)

    def _read_claims(self) -> None:
        """Where a claim lies among others of its person, its house and its child's birthday; by benefit besides."""
        rows = Claim.objects.filter(state__in=COUNTING_STATES).order_by("event_from", "id")
        for row in rows.values(*COUNTED_FIELDS):
            self._put_claim(row)

    def _put_claim(self, row: Mapping[str, Any]) -> None:
        claim = counted_claim(row)
        keys = [("person", self._person_of(row["member_id"])), ("benefit", row["benefit_code"])]
        if row["household_id"] is not None:
            keys.append(("house", row["household_id"]))
        if claim.child_born is not None:
            keys.append(("born", claim.child_born.isoformat()))
        self._claims.put(claim, *keys)

    # --- what counts beside an event ---------------------------------------------------------------------------

    def _prior(self, member: Member, before: Claim | None, child: str) -> tuple[PriorClaim, ...]:
        keys: list[object] = [("person", member.pk)]
        if member.household_id is not None:
            keys.append(("house", member.household_id))
        drawn = [prior for row in self._drawn.under(*keys) for prior in row]
        if child:
            keys.append(("born", child.rpartition("|")[2]))
        counted = [claim.prior for claim in self._claims.under(*keys) if claim.counts_before(before)]
        return (*counted, *drawn)

    def _fund_wide(self, code: str, year: LimitYear, community_id: int, before: Claim | None) -> tuple[int, Decimal]:
        """As `eligibility.fund_wide_counts`; the sums of a year are kept while no claim stands in between."""
        if before is None or before.submitted_at is None:
            if (code, year) not in self._totals:
                self._totals[code, year] = _summed(self._claims_in(code, year, None), year)
            by_community, spent = self._totals[code, year]
        else:
            by_community, spent = _summed(self._claims_in(code, year, before), year)
        return by_community[community_id], spent

    def _claims_in(self, code: str, year: LimitYear, before: Claim | None) -> list[CountedClaim]:
        of_benefit = self._claims.under(("benefit", code))
        return [one for one in of_benefit if lies_in(one.prior, year) and one.counts_before(before)]


def gather_fund() -> FundFacts:
    """Read the whole fund once, in a fixed number of queries."""
    return FundFacts()


def _holds(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or until >= day)


def counted_claim(row: Mapping[str, Any]) -> CountedClaim:
    """A claim that counts beside others, from its `COUNTED_FIELDS`."""
    granted = row["amount"] if row["amount_approved"] is None else row["amount_approved"]
    return CountedClaim(
        pk=row["pk"],
        prior=prior_of(row),
        is_granted=row["state"] in GRANTED_STATES,
        submitted_at=row["submitted_at"],
        place=(row["year_be"], row["number"]),
        community_id=row["community_id"],
        amount=granted or ZERO,
        child_born=row["child__birth_date"],
    )


def _summed(claims: Iterable[CountedClaim], year: LimitYear) -> tuple[Counter[int], Decimal]:
    """Claims by the community in which they begin, baht by the nights that lie in the year."""
    claims = list(claims)
    by_community = Counter(claim.community_id for claim in claims if year.holds(claim.prior.event_from))
    return by_community, sum((baht_in(claim.prior, year) for claim in claims), Decimal(0))

"""What a reckoning goes by: the facts of one claim, and the terms of the benefit that is claimed.

Both are plain values, made by the caller from whatever it has gathered in bulk. Nothing here asks
a database or a clock; the same facts under the same terms always come to the same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from welfare.rules.document import BenefitTerms, Limits, MembershipTerms, RegulationDocument
from welfare.rules.steps import PaidPart

BEFORE_PROGRAM = ""  # the number of what was drawn before there were claims

Standing = Literal["good", "arrears", "suspended", "lapsed", "not-a-member"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child that a claim is about; the same child has the same key in every parent's claims.

    A key is the name and, behind a bar, the birth date: "สมชายใจดี|2020-10-05". An empty one is a child not yet known to
    the register: it matches no other.
    """

    key: str = ""
    name: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorClaim:
    """A claim that counts beside this one: approved, paid, or submitted before it; never a draft.

    `parts` are those of its own assessment; without them a stay is counted night by night from its
    first. `event_key` names an event that many suffer (a flood); empty where there is none. What was drawn before
    this program has no number, and no event that a new claim could be the same as.
    """

    number: str
    benefit_code: str
    event_from: date
    amount: Decimal
    units: int = 1
    event_until: date | None = None
    parts: tuple[PaidPart, ...] = ()
    member_key: str = ""
    household_key: str = ""
    child_keys: tuple[str, ...] = ()
    event_key: str = ""

    @property
    def has_event(self) -> bool:
        """Whether its event is known; only its sum is, of what was drawn before this program."""
        return self.number != BEFORE_PROGRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """The facts of one claim.

    Dates: `event_from` is the day of the event (admission, birth, death, damage), `event_until` its
    end (discharge), None where it is one day; `received_on` the day the leader had the papers.
    `joined_on` starts the membership that runs on the day of the event (None: there is none) and
    `standing` is that of the same day. `units` counts items or persons, and children where none is
    named; nights come from the dates. `prior` may hold any claims of the member, the household or
    the children: those that do not count for a rule are passed over.
    `community_claims` (claims of this benefit in the member's community) and `fund_spent` (baht of
    the whole fund for it) are by the first day of the limit year.
    """

    event_from: date
    received_on: date
    event_until: date | None = None
    member_key: str = ""
    household_key: str = ""
    joined_on: date | None = None
    birth_date: date | None = None
    died_on: date | None = None
    standing: Standing = "good"
    groups: frozenset[str] = frozenset()
    units: int | None = None
    children: tuple[Child, ...] = ()
    grade: str = ""
    loss: Decimal | None = None
    proposed_amount: Decimal | None = None
    event_key: str = ""
    exclusions_yes: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    register_vouches: frozenset[str] = frozenset()
    beneficiary_named: bool = False
    prior: tuple[PriorClaim, ...] = ()
    community_claims: Mapping[date, int] = field(default_factory=dict)
    fund_spent: Mapping[date, Decimal] = field(default_factory=dict)
    fund_year_start_month: int = 1

    def __post_init__(self) -> None:
        for name in ("loss", "proposed_amount"):
            check_baht(name, getattr(self, name))
        if self.units is not None and self.units < 0:
            raise ValueError(f"units must not be negative: {self.units}")

    @property
    def event_end(self) -> date:
        """The last day of the event: the first, where there is only one."""
        return self.event_until or self.event_from

    @property
    def subject_child(self) -> Child | None:
        """The child that the claim is about, or the first of several."""
        return self.children[0] if self.children else None

    def own(self, prior: PriorClaim) -> bool:
        """Whether the earlier claim is the member's own."""
        return prior.member_key == self.member_key

    def of_household(self, prior: PriorClaim) -> bool:
        """Whether the earlier claim is the member's or of the same household."""
        same_house = bool(self.household_key) and prior.household_key == self.household_key
        return same_house or self.own(prior)


def check_baht(name: str, amount: Decimal | None) -> None:
    """Raise ValueError for an amount below zero or with a third decimal; forms refuse them before."""
    if amount is None:
        return
    if not amount.is_finite() or amount < 0 or -int(amount.as_tuple().exponent) > 2:
        raise ValueError(f"{name} must be baht to the satang, not below zero: {amount}")


@dataclass(frozen=True, slots=True)
class Pool:
    """Limits that a claim draws on: the benefit's own, or those of a benefit that shares with it."""

    limits: Limits
    codes: frozenset[str]
    unit_codes: frozenset[str]
    unit: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The benefit under one version of the regulation; made by `terms_for`, once for many claims.

    `effective_until` is the first day of the next version, None while there is none.
    """

    regulation: RegulationDocument
    benefit: BenefitTerms
    effective_until: date | None
    pools: tuple[Pool, ...]
    night_codes: frozenset[str]

    @property
    def membership(self) -> MembershipTerms:
        """Waiting, standing and lapse of this version."""
        return self.regulation.membership

    @property
    def codes_counted(self) -> frozenset[str]:
        """The benefits whose earlier claims can matter: what the caller has to gather."""
        shared = frozenset(code for pool in self.pools for code in pool.codes)
        return shared | (self.night_codes if self.benefit.unit == "night" else frozenset())


def terms_for(regulation: RegulationDocument, code: str, *, effective_until: date | None = None) -> Terms:
    """The terms of one benefit; KeyError where the regulation does not offer it."""
    benefit = regulation.benefit(code)
    # Sharing works both ways: else two claims of one day would come to more in one order than in the other.
    sharing = [other for other in regulation.benefits if code in other.limits.shared_with]
    pools = (_pool(regulation, benefit), *(_pool(regulation, other) for other in sharing))
    nights = frozenset(each.code for each in regulation.benefits if each.unit == "night")
    return Terms(regulation, benefit, effective_until, pools, nights)


def _pool(regulation: RegulationDocument, owner: BenefitTerms) -> Pool:
    codes = frozenset({owner.code, *owner.limits.shared_with})
    same_unit = frozenset(code for code in codes if regulation.benefit(code).unit == owner.unit)
    return Pool(owner.limits, codes, same_unit, owner.unit)

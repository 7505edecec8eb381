"""Claims that hypothesis makes up: any facts at all, and runs of claims of a member whom nothing stands against."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.welfare.rules.conftest import BANSONG, EVERY_KEY
from welfare.rules.assess import assess
from welfare.rules.document import RegulationDocument, read_regulation
from welfare.rules.facts import Child, ClaimFacts, PriorClaim, Terms, terms_for
from welfare.rules.spans import limit_year
from welfare.rules.steps import Assessment

REGULATIONS = [read_regulation(path.read_text(encoding="utf-8")) for path in (BANSONG, EVERY_KEY)]
TERMS = [terms_for(regulation, code) for regulation in REGULATIONS for code in regulation.codes]

days = st.dates(date(2018, 6, 1), date(2022, 6, 30))
baht = st.decimals(0, 20_000, places=2)
children = st.builds(
    Child,
    key=st.sampled_from(["", "c1", "c2"]),
    name=st.just("เด็ก"),
    birth_date=st.none() | days.map(lambda d: d - timedelta(4000)),
)


@st.composite
def priors(draw, code):
    first = draw(days)
    nights = draw(st.integers(0, 12))
    return PriorClaim(
        number=f"2563/{draw(st.integers(1, 999)):06d}",
        benefit_code=draw(st.sampled_from([code, "birth", "mother", "hospital-night"])),
        event_from=first,
        event_until=draw(st.sampled_from([None, first + timedelta(days=nights)])),
        units=nights,
        amount=draw(st.decimals(0, 1500, places=2)),
        member_key=draw(st.sampled_from(["m1", "m2"])),
        household_key=draw(st.sampled_from(["", "h1"])),
        child_keys=draw(st.sampled_from([(), ("c1",)])),
    )


@st.composite
def facts_under(draw, terms):
    first = draw(days)
    grades = ["", "enormous", *(terms.benefit.pays.by_grade or {})]
    return ClaimFacts(
        event_from=first,
        event_until=draw(st.none() | st.integers(-3, 40).map(lambda n: first + timedelta(days=n))),
        received_on=first + timedelta(days=draw(st.integers(0, 200))),
        member_key="m1",
        household_key=draw(st.sampled_from(["", "h1"])),
        joined_on=draw(st.none() | st.dates(date(2008, 1, 1), date(2021, 1, 1))),
        birth_date=draw(st.none() | st.dates(date(1930, 1, 1), date(2005, 1, 1))),
        died_on=draw(st.none() | days),
        standing=draw(st.sampled_from(["good", "good", "arrears", "suspended", "lapsed", "not-a-member"])),
        groups=draw(st.sampled_from([frozenset(), frozenset({"disabled"})])),
        units=draw(st.none() | st.integers(0, 30)),
        children=draw(st.lists(children, max_size=2).map(tuple)),
        grade=draw(st.sampled_from(grades)),
        loss=draw(st.none() | baht),
        proposed_amount=draw(st.none() | baht),
        exclusions_yes=draw(st.sampled_from([frozenset(), frozenset({"cosmetic"})])),
        prior=draw(st.lists(priors(terms.benefit.code), max_size=4).map(tuple)),
        community_claims={date(2020, 1, 1): draw(st.integers(0, 8))},
        fund_spent={date(2020, 1, 1): draw(st.decimals(0, 70_000, places=2))},
        fund_year_start_month=draw(st.sampled_from([1, 10])),
    )


claims = st.sampled_from(TERMS).flatmap(lambda terms: st.tuples(st.just(terms), facts_under(terms)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody in good standing, for whom every condition holds, asks for: only limits can lower or refuse it."""

    code: str
    first: date
    size: int  # nights, children, items; or tens of thousands of satang of a loss or a proposal
    grade: int
    child: int


def asked_under(regulation: RegulationDocument, *, first: st.SearchStrategy[date] = days) -> st.SearchStrategy[Asked]:
    return st.builds(
        Asked,
        code=st.sampled_from(regulation.codes),
        first=first,
        size=st.integers(1, 30),
        grade=st.integers(0, 5),
        child=st.integers(1, 12),
    )


@dataclass
class Run:
    """Claims that one member makes one after the other, each with those before it as its prior claims."""

    regulation: RegulationDocument
    paid: list[PriorClaim] = field(default_factory=list)
    seen: list[tuple[Asked, Assessment]] = field(default_factory=list)

    def all_of(self, asked: Iterable[Asked]) -> "Run":
        for one in asked:
            self.ask(one)
        return self

    def ask(self, asked: Asked) -> Assessment:
        terms = terms_for(self.regulation, asked.code)
        facts = self.facts(asked, terms)
        result = assess(facts, terms)
        self.seen.append((asked, result))
        if result.outcome != "refused":
            self.paid.append(
                PriorClaim(
                    number=f"2563/{len(self.seen):06d}", benefit_code=asked.code, event_from=asked.first,
                    event_until=facts.event_until, amount=result.amount, units=result.units_paid, parts=result.parts,
                    member_key="m1", household_key="h1", child_keys=tuple(child.key for child in facts.children),
                    event_key=facts.event_key,
                )
            )  # fmt: skip
        return result

    def facts(self, asked: Asked, terms: Terms) -> ClaimFacts:
        until = asked.first + timedelta(days=asked.size) if terms.benefit.unit == "night" else None
        grades = [grade for grade, sum_due in (terms.benefit.pays.by_grade or {}).items() if sum_due] or [""]
        about_child = terms.benefit.subject == "child" or terms.benefit.once_per == "child"
        money = Decimal(asked.size) * Decimal("333.33")
        child = Child(key=f"c{asked.child}", birth_date=date(asked.first.year - 12, 1, 1))
        return ClaimFacts(
            event_from=asked.first,
            event_until=until,
            received_on=until or asked.first,
            member_key="m1",
            household_key="h1",
            joined_on=date(2011, 5, 15),
            birth_date=date(1938, 3, 3),
            groups=frozenset({"disabled"}),
            units=None if until else asked.size,
            children=(child,) if about_child else (),
            grade=grades[asked.grade % len(grades)],
            loss=10 * money,
            proposed_amount=money,
            event_key=f"e{asked.child}",
            beneficiary_named=True,
            prior=tuple(self.paid),
            community_claims=self._by_year(terms, lambda prior: [(prior.event_from, 1)]),
            fund_spent=self._by_year(terms, lambda prior: [(part.day, part.amount) for part in prior.parts]),
        )

    def _by_year(self, terms, measure):
        """What earlier claims of the benefit come to, by the first day of its limit year."""
        found: dict[date, Decimal] = {}
        for prior in self.paid:
            if prior.benefit_code == terms.benefit.code:
                kind = terms.benefit.limits.year
                for day, much in measure(prior):
                    year = limit_year(day, kind, joined_on=date(2011, 5, 15)).first
                    found[year] = found.get(year, 0) + much
        return found

    @property
    def total(self) -> Decimal:
        return sum((prior.amount for prior in self.paid), Decimal(0))

"""What must hold for every claim, whatever its facts."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.welfare.rules.conftest import BANSONG, EVERY_KEY
from welfare.rules.assess import assess
from welfare.rules.document import read_regulation
from welfare.rules.facts import Child, ClaimFacts, PriorClaim, terms_for
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


@given(claims)
def test_nothing_is_ever_negative_or_finer_than_a_satang(claim):
    terms, facts = claim
    result = assess(facts, terms)
    assert result.amount >= 0
    assert result.amount == result.amount.quantize(Decimal("0.01"))
    assert result.units_paid >= 0
    assert all(part.amount > 0 for part in result.parts)
    assert sum((part.amount for part in result.parts), Decimal(0)) == result.amount


@given(claims)
def test_a_refusal_pays_nothing_and_a_sum_has_no_refusal(claim):
    terms, facts = claim
    result = assess(facts, terms)
    assert (result.outcome == "refused") == (len(result.refusals) > 0)
    if result.outcome == "refused":
        assert result.amount == 0
        assert result.steps[-1].ok is False
    elif result.outcome == "eligible":
        assert result.amount > 0
        assert result.steps[-1].code == "amount"


@given(claims)
def test_no_sum_is_above_a_limit(claim):
    terms, facts = claim
    result, limits = assess(facts, terms), terms.benefit.limits
    for most in (limits.baht_per_event, limits.fund_baht_per_year, terms.benefit.pays.up_to):
        assert most is None or result.amount <= most
    assert limits.units_per_event is None or result.units_paid <= limits.units_per_event
    if len(result.parts) == 1:
        assert limits.units_per_year is None or result.units_paid <= limits.units_per_year
        assert limits.baht_per_year is None or result.amount <= limits.baht_per_year


@given(claims)
def test_the_same_facts_come_to_the_same_result(claim):
    terms, facts = claim
    assert assess(facts, terms) == assess(facts, terms)


@given(claims)
def test_a_result_goes_to_json_and_back_with_its_sentences(claim):
    terms, facts = claim
    result = assess(facts, terms)
    back = Assessment.from_json(result.to_json())
    assert back == result
    assert [back.sentences("th"), back.sentences("en")] == [result.sentences("th"), result.sentences("en")]
    assert "{" not in "".join(result.sentences("th") + result.sentences("en"))


@pytest.mark.parametrize("code", ["death-grant", "elderly-gift"])
@given(joined=st.dates(date(2000, 1, 1), date(2022, 1, 1)), later=st.integers(0, 4000))
def test_a_sum_never_falls_as_tenure_rises(code, joined, later):
    event = date(2022, 3, 1)
    terms = terms_for(REGULATIONS[0], code)
    shorter, longer = (
        assess(ClaimFacts(event_from=event, received_on=event, joined_on=day, birth_date=date(1940, 1, 1)), terms)
        for day in (joined, joined - timedelta(days=later))
    )
    assert longer.amount >= shorter.amount


@given(nights=st.integers(1, 40), more=st.integers(0, 10))
def test_more_nights_never_come_to_less(nights, more):
    first, terms = date(2020, 2, 1), terms_for(REGULATIONS[0], "hospital-night")

    def paid(count):
        last = first + timedelta(days=count)
        return assess(
            ClaimFacts(event_from=first, event_until=last, received_on=last, joined_on=date(2015, 1, 1)), terms
        ).amount

    assert paid(nights) <= paid(nights + more)
    assert paid(nights) == min(nights, 20) * 100


@given(st.lists(st.tuples(st.sampled_from(["mother", "birth"]), st.integers(1, 9)), min_size=2, max_size=3))
def test_claims_that_share_a_limit_come_to_the_same_sum_in_any_order(wanted):
    regulation = REGULATIONS[1]

    def sum_of(order):
        paid: list[PriorClaim] = []
        for place, (code, units) in order:
            first = date(2020, 1 + place, 1)
            until = first + timedelta(days=units) if code == "mother" else None
            facts = ClaimFacts(
                event_from=first,
                event_until=until,
                received_on=until or first,
                joined_on=date(2015, 1, 1),
                member_key="m1",
                units=units,
                children=(Child(key=f"c{place}"),),
                prior=tuple(paid),
            )
            result = assess(facts, terms_for(regulation, code))
            if result.outcome == "eligible":
                paid.append(
                    PriorClaim(
                        number=str(place), benefit_code=code, event_from=first, event_until=until,
                        amount=result.amount, units=result.units_paid, parts=result.parts, member_key="m1",
                    )
                )  # fmt: skip
        return sum(prior.amount for prior in paid)

    nights_only = all(code == "mother" for code, _ in wanted)
    sums = {sum_of(order) for order in permutations(enumerate(wanted))}
    asked = sum(units * (100 if code == "mother" else 500) for code, units in wanted)
    assert nights_only is False or sums == {min(asked, 900)}
    assert len(sums) == 1

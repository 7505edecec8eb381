from datetime import date
from decimal import Decimal

import pytest

from welfare.rules.facts import ClaimFacts, terms_for

DAY = date(2020, 3, 2)


@pytest.mark.parametrize("amount", ["-0.01", "1.005", "NaN", "Infinity"])
@pytest.mark.parametrize("name", ["loss", "proposed_amount"])
def test_an_amount_that_is_no_baht_is_a_mistake_of_the_caller(name, amount):
    with pytest.raises(ValueError, match=name):
        ClaimFacts(event_from=DAY, received_on=DAY, **{name: Decimal(amount)})


def test_units_below_zero_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="units"):
        ClaimFacts(event_from=DAY, received_on=DAY, units=-1)


def test_the_caller_gathers_claims_of_every_benefit_that_can_matter(bansong, every_key):
    assert terms_for(bansong, "death-grant").codes_counted == {"death-grant"}
    assert terms_for(bansong, "hospital-night").codes_counted == {"hospital-night", "birth-mother-nights"}
    assert terms_for(every_key, "birth").codes_counted == {"birth", "mother"}
    assert terms_for(every_key, "mother").codes_counted == {"birth", "mother", "stay", "nights-only"}


def test_terms_of_a_benefit_that_is_not_offered_are_a_key_error(bansong):
    with pytest.raises(KeyError):
        terms_for(bansong, "pension")

"""What a member would be entitled to today, and what is gathered for it."""

from datetime import date
from decimal import Decimal

from members.models import EndReason
from members.standing import Standing
from members.verbs import end_membership
from tests.factories import MemberFactory
from tests.welfare.cast import stay
from welfare.eligibility import gather_background
from welfare.entitlements import entitlements_today


def told(cast, member) -> dict[str, tuple[bool, Decimal]]:
    return {one.benefit.code: (one.is_open, one.amount) for one in entitlements_today(member, cast.today)}


def test_a_member_of_six_years(cast):
    assert told(cast, cast.member) == {
        "birth-gift": (True, Decimal("500.00")),
        "birth-mother-nights": (True, Decimal("100.00")),
        "hospital-night": (True, Decimal("100.00")),
        "elderly-gift": (False, Decimal("0.00")),
        "death-grant": (True, Decimal("8000.00")),
        "scholarship": (True, Decimal("500.00")),
        "disadvantaged-aid": (False, Decimal("0.00")),
        "career-grant": (True, Decimal("5000.00")),
        "housing-repair": (True, Decimal("5000.00")),
        "disaster-relief": (True, Decimal("3000.00")),
    }


def test_an_old_newcomer_has_the_disaster_relief_alone(cast):
    newcomer = MemberFactory(community=cast.home, birth_date=date(1950, 1, 1), joined_on=date(2020, 9, 1))
    assert [code for code, (is_open, _baht) in told(cast, newcomer).items() if is_open] == ["disaster-relief"]


def test_nothing_is_left_once_the_years_nights_are_used(cast):
    cast.submitted(event=stay(date(2020, 1, 1), date(2020, 1, 21)))
    assert told(cast, cast.member)["hospital-night"] == (False, Decimal("0.00"))


def test_standing_is_what_had_been_received_by_that_day(cast):
    member = MemberFactory(community=cast.home, paid_through=date(2020, 6, 30))
    days = [date(2020, 6, 30), date(2020, 7, 1), date(2020, 9, 28), date(2020, 9, 29)]
    standings = [gather_background(member, day).standing for day in days]
    assert standings == [Standing.GOOD, Standing.ARREARS, Standing.ARREARS, Standing.SUSPENDED]


def test_the_day_of_death_is_the_last_day_of_membership(cast):
    membership = cast.member.memberships.get()
    end_membership(membership=membership, on=date(2020, 9, 1), reason=EndReason.DIED, today=cast.today)
    assert gather_background(cast.member, date(2020, 9, 1)).membership == membership
    assert gather_background(cast.member, date(2020, 9, 2)).standing == Standing.NOT_A_MEMBER


def test_claims_of_a_double_and_of_the_household_are_gathered(cast):
    double = MemberFactory(community=cast.home)
    housemate = MemberFactory(community=cast.home, household=cast.member.household)
    stays = [cast.submitted(member=one) for one in (cast.member, double, housemate)]
    double.merged_into = cast.member
    double.save()
    prior = gather_background(cast.member, cast.today).prior
    assert [one.number for one in prior] == [claim.label for claim in stays]
    assert len({one.member_key for one in prior}) == 2


def test_a_member_is_judged_in_a_fixed_number_of_queries(cast, django_assert_num_queries):
    cast.submitted()
    entitlements_today(cast.member, cast.today)
    with django_assert_num_queries(9):
        entitlements_today(cast.member, cast.today)

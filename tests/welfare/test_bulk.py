"""The facts of the whole fund at once come to what they come to member by member."""

from datetime import date
from decimal import Decimal

from members.models import Child, Group, GroupFlag, OpeningDrawn
from tests.factories import REGULATION_FILE, BeneficiaryFactory, HouseholdFactory, MemberFactory, make_fund
from tests.welfare.cast import event, stay
from welfare.bulk import gather_fund
from welfare.eligibility import assess_claim, assess_event
from welfare.entitlements import pretended_event
from welfare.events import event_of
from welfare.regulations import load_regulation, version_on

DAYS = (date(2019, 3, 1), date(2020, 10, 20))


def people(cast):
    """A house of two, a double, a marked member, one who died, one who drew before this program."""
    house = HouseholdFactory(community=cast.home)
    old = MemberFactory(community=cast.home, household=house, birth_date=date(1950, 1, 1))
    MemberFactory(community=cast.home, household=house)
    double = MemberFactory(community=cast.away, merged_into=old)
    GroupFlag.objects.create(member=double, group=Group.DISABLED, since=date(2020, 1, 1))
    BeneficiaryFactory(member=double)
    MemberFactory(community=cast.home, died_on=date(2020, 5, 1))
    OpeningDrawn.objects.create(
        member=old, benefit_code="hospital-night", as_of=date(2020, 1, 1), year_times=1, year_units=5, year_baht=500
    )
    Child.objects.create(parent=old, name="เด็กทดสอบ", birth_date=date(2019, 1, 1))
    return old, double


def test_all_members_and_benefits_are_judged_as_one_by_one(cast, django_assert_num_queries):
    old, double = people(cast)
    cast.decided()
    cast.submitted(old, event("disaster-relief", grade="minor", event_key="flood", evidence=frozenset({"photograph"})))
    cast.verified(double, stay(date(2020, 9, 1), date(2020, 9, 4)))
    with django_assert_num_queries(10):
        fund = gather_fund()
    events = [(day, benefit) for day in DAYS for benefit in version_on(day).document.benefits]
    asked = [(member, pretended_event(benefit, day)) for member in fund.members for day, benefit in events]
    with django_assert_num_queries(0):
        together = [fund.assess(member.pk, one) for member, one in asked]
    assert together == [assess_event(member, one) for member, one in asked]


def test_a_claim_is_judged_by_those_submitted_before_it(cast):
    nights = [cast.verified(event=stay(date(2020, 9, day), date(2020, 9, day + 6))) for day in (1, 8, 15, 22)]
    fund = gather_fund()
    together = [fund.assess(claim.member_id, event_of(claim), before=claim) for claim in nights]
    assert together == [assess_claim(claim) for claim in nights]
    assert [one.amount for one in together] == [Decimal(600), Decimal(600), Decimal(600), Decimal(200)]


def test_nights_over_the_year_s_end_draw_on_the_fund_s_money_of_their_own_year(cast):
    """Four nights in December and two in January: the old year has 400 baht of them, the new one 200."""
    text = REGULATION_FILE.read_text(encoding="utf-8").replace("2010-05-01", "2019-12-01")
    limited = "{units_per_year: 20, baht_per_year: 2000, fund_baht_per_year: 500, year: fund}"
    load_regulation(
        text.replace("{units_per_year: 20, baht_per_year: 2000, year: fund}", limited), by=None, now=cast.now
    )
    others = [MemberFactory(community=cast.home) for _place in range(2)]
    over = cast.verified(event=stay(date(2019, 12, 28), date(2020, 1, 3)))
    old = cast.verified(others[0], stay(date(2019, 12, 10), date(2019, 12, 13)))
    new = cast.verified(others[1], stay(date(2020, 1, 10), date(2020, 1, 15)))
    claims = [over, old, new]
    assert [claim.amount for claim in claims] == [Decimal(600), Decimal(100), Decimal(300)]
    fund = gather_fund()
    assert [fund.assess(one.member_id, event_of(one), before=one).amount for one in claims] == [600, 100, 300]


def test_a_fund_without_a_regulation_is_gathered_and_refused_by_name(db):
    make_fund()
    member = MemberFactory()
    told = gather_fund().assess(member.pk, event("elderly-gift"))
    assert (told.outcome, [step.code for step in told.steps]) == ("refused", ["no_rule_in_force"])

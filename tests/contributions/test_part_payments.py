"""Part payments: credit towards a period, the payment that completes it, and voids of each in any order."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bansong_fund.lib.errors import DomainError
from contributions.allocating import Credit, Share, allocate, in_runs, less_credit
from contributions.dues import dues_owed, paid_through_of, paid_through_on
from contributions.group_dues import PaidFor, record_group_dues
from contributions.models import DuesCover, DuesPayment
from contributions.periods import Period
from contributions.queries import later_covers, open_credit
from contributions.voids import void_receipt
from ledger.check import check_ledger
from ledger.models import Receipt
from members.models import Member
from tests.contributions.conftest import NOW, TODAY, acting, member_owing, membership, regulate
from tests.contributions.test_dues import pay

YEAR = Decimal("365.00")


def year(number: int, baht: str = "365.00", credit: str = "0.00") -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31), Decimal(baht), Decimal(credit))


def give(member: Member, who, amount: str | Decimal, **changes: object) -> Receipt:
    facts = {
        "paid_for": [PaidFor(membership(member), Decimal(amount))],
        "payer_name": "",
        "paid_on": TODAY,
        "bank_account": None,
        **acting(who.treasurer),
    }
    return record_group_dues(**(facts | changes))


def void(receipt: Receipt, who) -> None:
    void_receipt(receipt=receipt, reason="ทดสอบ", by=who.treasurer, second_person=None, today=TODAY, now=NOW)


def credit_of(member: Member) -> Decimal:
    own = membership(member)
    return sum((one.baht for one in open_credit(later_covers([own]).get(member.pk, []))), Decimal("0.00"))


def owed(member: Member) -> list[Decimal]:
    return [period.baht for period in dues_owed(membership(member), TODAY)]


# --- pure -------------------------------------------------------------------------------------------------


def test_the_oldest_periods_are_paid_first_and_the_rest_is_a_part_of_the_next() -> None:
    years = [year(2019), year(2020), year(2021)]
    assert allocate(Decimal("800.00"), years) == [
        Share(years[0], YEAR),
        Share(years[1], YEAR),
        Share(years[2], Decimal("70.00"), is_part=True),
    ]
    assert allocate(Decimal("2000.00"), years) == [Share(one, YEAR) for one in years]


@given(st.integers(1, 99_999_999), st.lists(st.integers(1, 9_999_999), min_size=1, max_size=20))
def test_no_satang_is_lost_and_only_the_last_share_can_be_a_part(satang, prices) -> None:
    amount = Decimal(satang) / 100
    periods = [year(2001 + place, str(Decimal(price) / 100)) for place, price in enumerate(prices)]
    shares = allocate(amount, periods)
    assert sum(share.amount for share in shares) == min(amount, sum(period.baht for period in periods))
    assert [share.period for share in shares] == periods[: len(shares)]
    assert not any(share.is_part for share in shares[:-1])
    assert sum(share.amount for share in in_runs(shares)) == sum(share.amount for share in shares)


def test_credit_is_taken_off_its_period_and_too_much_of_it_joins_the_next() -> None:
    part = Credit(date(2020, 1, 1), date(2020, 12, 31), Decimal("200.00"))
    assert less_credit([year(2019), year(2020)], [part]) == [year(2019), year(2020, "165.00", "200.00")]
    both = Period(date(2020, 1, 1), date(2021, 12, 31), Decimal("330.00"), Decimal("400.00"))
    assert less_credit([year(2020), year(2021)], [part, part]) == [both]


# --- in the books -----------------------------------------------------------------------------------------


def test_a_part_is_credit_and_the_rest_completes_the_year(who) -> None:
    member = member_owing(who.community)
    part = give(member, who, "100.00")
    assert (owed(member), credit_of(member), DuesCover.objects.count()) == ([Decimal("265.00")], Decimal("100.00"), 0)
    assert membership(member).paid_through == date(2019, 12, 31)
    rest = pay(member, who, date(2020, 1, 1))
    assert (rest.total, membership(member).paid_through) == (Decimal("265.00"), date(2020, 12, 31))
    assert [part.lines.get().text_th.split()[-2], rest.lines.get().text_th.split()[-2]] == [
        "บางส่วนของงวด",
        "ส่วนที่เหลือของงวด",
    ]
    assert check_ledger().problems == ()


def test_a_rate_that_rises_later_leaves_the_price_of_the_first_day(who) -> None:
    member = member_owing(who.community)
    give(member, who, "100.00")
    regulate(date(2020, 7, 1), dues={"baht": 500, "every": "year", "period": "calendar"})
    assert owed(member) == [Decimal("265.00")]
    give(member, who, "765.00")
    assert membership(member).paid_through == date(2021, 12, 31)


def test_voiding_any_part_of_a_completed_year_leaves_the_rest_as_credit(who) -> None:
    member = member_owing(who.community)
    first, second, last = (give(member, who, amount) for amount in ("100.00", "65.00", "200.00"))
    assert membership(member).paid_through == date(2020, 12, 31)
    void(first, who)
    assert (membership(member).paid_through, credit_of(member)) == (date(2019, 12, 31), Decimal("265.00"))
    again = give(member, who, "100.00")
    assert membership(member).paid_through == date(2020, 12, 31)
    void(last, who)
    assert (credit_of(member), owed(member)) == (Decimal("165.00"), [Decimal("200.00")])
    void(again, who)
    void(second, who)
    assert (credit_of(member), owed(member), DuesCover.objects.count()) == (0, [YEAR], 0)
    assert check_ledger().problems == ()


DAYS = [date(2020, 9, 15), date(2020, 10, 15), TODAY]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.sampled_from([50, 100, 165, 265, 365, 400, 730, 1000]), st.sampled_from(DAYS)),
        st.tuples(st.just("void"), st.integers(0, 5), st.none()),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_payments_and_voids_in_any_order_follow_a_plain_model(who, steps) -> None:
    """Years 2019 to 2023 of 365 baht each; a year is paid when the money that stands towards it is its price."""
    member = member_owing(who.community, paid_through=date(2018, 12, 31))
    standing: dict[Receipt, list[tuple[int, int, date]]] = {}
    for act, value, day in steps:
        sums = _sums(standing)
        if act == "void" and standing:
            receipt = list(standing)[value % len(standing)]
            void(receipt, who)
            del standing[receipt]
        elif act == "pay" and value <= sum(365 - sums[of_year] for of_year in range(2019, 2024)):
            left, shares = value, []
            for of_year in range(2019, 2024):
                paid = min(left, 365 - sums[of_year])
                shares += [(of_year, paid, day)] if paid else []
                left -= paid
            standing[give(member, who, Decimal(value), paid_on=day)] = shares
    _compare(member, standing)


def _sums(standing, until: date = TODAY) -> Counter:
    sums = Counter()
    for of_year, baht, day in (share for shares in standing.values() for share in shares):
        sums[of_year] += baht if day <= until else 0
    return sums


def _compare(member: Member, standing) -> None:
    sums = _sums(standing)
    paid = {of_year for of_year, baht in sums.items() if baht == 365}
    covers = DuesCover.objects.filter(member=member)
    assert sorted(cover.covers.lower.year for cover in covers) == sorted(paid)
    assert credit_of(member) == sum(baht for of_year, baht in sums.items() if of_year not in paid)
    own = membership(member)
    assert own.paid_through == paid_through_of([own])[own.pk] == _unbroken(sums)
    assert [paid_through_on(own, day) for day in DAYS] == [_unbroken(_sums(standing, day)) for day in DAYS]
    money = DuesPayment.objects.filter(member=member, receipt__void__isnull=True).values_list("amount", flat=True)
    assert sum(money) == sum(sums.values())


def _unbroken(sums: Counter) -> date:
    return date(next(of_year for of_year in range(2019, 2025) if sums[of_year] != 365) - 1, 12, 31)


def test_a_year_paid_in_parts_is_paid_on_the_latest_of_their_days(who) -> None:
    """The rest is written down today, but was taken at the door before the part was paid at the office."""
    member = member_owing(who.community)
    give(member, who, "100.00", paid_on=date(2020, 10, 20))
    give(member, who, "265.00", paid_on=date(2020, 10, 5))
    own = membership(member)
    days = {day: paid_through_on(own, date(2020, 10, day)).year for day in (5, 19, 20)}
    assert (days, own.paid_through) == ({5: 2019, 19: 2019, 20: 2020}, date(2020, 12, 31))


@pytest.mark.parametrize("amount", ["0", "-1.00", "1825.01"])
def test_what_is_no_amount_or_too_far_ahead_is_refused_at_its_member(who, amount) -> None:
    member = member_owing(who.community, paid_through=date(2018, 12, 31))
    with pytest.raises(DomainError) as refusal:
        give(member, who, amount)
    assert (refusal.value.field, Receipt.objects.count()) == (f"amount_{member.number}", 0)

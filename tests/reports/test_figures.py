"""The query layer, figure by figure, on the worked fund; sums are held against plain SQL over the lines."""

from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum

from bansong_fund.lib.thai_dates import age_on
from contributions.administration import administration_share
from ledger.documents import void_receipt, void_voucher
from ledger.models import Line, Receipt
from members.models import GroupFlag, Member
from members.types import years_before
from office.jobs import make_the_round
from reports.annual_report import draw_annual_report
from reports.figures import annual_figures
from reports.figures.money import money_at_year_ends, money_figures
from reports.figures.people import coverage, members_on, people_figures
from reports.figures.remembered import welfare_of_years
from reports.figures.stretch import stretch_money
from reports.figures.welfare import welfare_figures
from reports.funders.common import administration_fact
from reports.jobs import remember_closed_years
from reports.years import NoSuchYear, report_year, report_years, year_before
from tests.factories import CommunityFactory, MemberFactory
from tests.reports.conftest import NOW, TODAY
from welfare.models import Claim

D = Decimal


def figures_of(year_be: int):
    return annual_figures(report_year(year_be, today=TODAY))


def moved(role: str, first: date, last: date) -> Decimal:
    """Debits less credits of a role by plain sums over the lines, closings aside."""
    lines = Line.objects.filter(entry__date__range=(first, last)).exclude(entry__kind="closing")
    debit = lines.filter(debit__role=role).aggregate(s=Sum("amount"))["s"] or D(0)
    credit = lines.filter(credit__role=role).aggregate(s=Sum("amount"))["s"] or D(0)
    return debit - credit


# --- years --------------------------------------------------------------------------------------------------


def test_years_with_entries_are_the_newest_first(worked) -> None:
    assert [year.year_be for year in report_years(TODAY)] == [2563, 2562]
    assert [year.year_be for year in report_years(date(2019, 12, 31))] == [2562]


def test_a_closed_year_is_whole_and_a_running_one_reaches_to_today(worked) -> None:
    closed, running = (report_year(year, today=TODAY) for year in (2562, 2563))
    assert (closed.last, closed.is_provisional, closed.has_run_out) == (date(2019, 12, 31), False, True)
    assert (running.last, running.is_provisional, running.has_run_out) == (TODAY, True, False)
    assert year_before(running) == closed
    assert year_before(closed) is None


def test_a_year_without_entries_is_refused_by_naming_those_there_are(worked) -> None:
    with pytest.raises(NoSuchYear, match=r"2540.*2562 .* 2563"):
        report_year(2540, today=TODAY)


# --- members ------------------------------------------------------------------------------------------------


def test_members_by_community_and_type_on_the_last_day_of_a_closed_year(worked) -> None:
    people = people_figures(report_year(2562, today=TODAY))
    assert [row.by_type for row in people.communities] == [
        {"general": 3, "child": 0, "elderly": 1, "disadvantaged": 0, "disabled": 1},
        {"general": 2, "child": 1, "elderly": 0, "disadvantaged": 0, "disabled": 0},
    ]
    assert (people.at_start, people.joined, people.current, people.cumulative) == (9, 0, 8, 9)
    assert people.left == {"died": 1, "resigned": 0, "moved": 0, "lapsed": 0}


def test_types_follow_age_and_dated_marks(worked) -> None:
    people = people_figures(report_year(2563, today=TODAY))
    assert people.by_type == {"general": 5, "child": 1, "elderly": 1, "disadvantaged": 1, "disabled": 1}
    assert (people.at_start, people.joined, people.all_left, people.current) == (8, 1, 0, 9)
    assert (people.founding, people.cumulative) == (3, 10)


def test_disability_weighs_more_than_disadvantage_and_both_more_than_age(fund, first) -> None:
    old = date(1940, 1, 1)
    both, poor, aged = (MemberFactory(community=first, birth_date=old) for _n in range(3))
    for member, group in ((both, "disadvantaged"), (both, "disabled"), (poor, "disadvantaged")):
        GroupFlag.objects.create(member=member, group=group, since=date(2019, 1, 1))
    types = dict(members_on(TODAY, fund).values_list("member", "member_type"))
    assert types == {both.pk: "disabled", poor.pk: "disadvantaged", aged.pk: "elderly"}


@pytest.mark.parametrize("day", [date(2020, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2018, 2, 28), TODAY])
def test_an_age_on_a_day_is_the_age_of_the_house(day) -> None:
    """Every birth about the border, 29 February among them, counts as `age_on` has it."""
    births = [date(1960, 2, n) for n in (27, 28, 29)] + [date(1960, 3, 1), date(2000, 2, 29), date(2002, 2, 28)]
    for birth in births:
        for years in (18, 60):
            assert (birth <= years_before(day, years)) == (age_on(birth, day) >= years)


def test_a_member_who_ends_on_the_day_is_counted_until_the_day_before(fund, first) -> None:
    member = MemberFactory(community=first)
    member.memberships.update(ended_on=TODAY, end_reason="resigned")
    assert members_on(TODAY, fund).count() == 0
    assert members_on(date(2020, 10, 31), fund).count() == 1


def test_a_merged_double_is_nobody_of_her_own(fund, first) -> None:
    survivor = MemberFactory(community=first)
    MemberFactory(community=first, merged_into=survivor)
    assert members_on(TODAY, fund).count() == 1


@pytest.mark.parametrize(
    ("members", "population", "shown"),
    [(4118, 17539, "23.5"), (0, 10, "0.0"), (1, 1, "100.0"), (1, 2000, "0.1"), (5, None, "")],
)
def test_coverage_has_one_decimal_and_halves_go_up(members, population, shown) -> None:
    assert coverage(members, population) == shown


# --- money --------------------------------------------------------------------------------------------------


def test_the_four_legs_and_their_shares_beside_the_year_before(worked) -> None:
    legs = figures_of(2563).money.legs
    assert [(leg.this, leg.share, leg.last, leg.last_share) for leg in legs] == [
        (D("3285.00"), D("78.5"), D("3650.00"), D("67.0")),
        (D("0.00"), D("0.0"), D("500.00"), D("9.2")),
        (D("900.00"), D("21.5"), D("1000.00"), D("18.3")),
        (D("0.00"), D("0.0"), D("300.00"), D("5.5")),
    ]


def test_a_leg_below_zero_has_no_shares(worked) -> None:
    receipt = Receipt.objects.get(total=D("500.00"))
    void_receipt(receipt, reason="ทดสอบ", by=worked.user, second_person=None, on=date(2020, 3, 2), now=NOW)
    legs = figures_of(2563).money.legs
    assert [(leg.this, leg.share) for leg in legs] == [
        (D("3285.00"), None),
        (D("-500.00"), None),
        (D("900.00"), None),
        (D("0.00"), None),
    ]


def test_each_sum_of_a_year_is_the_plain_sum_of_its_lines(worked) -> None:
    for year_be, first, last in ((2562, date(2019, 1, 1), date(2019, 12, 31)), (2563, date(2020, 1, 1), TODAY)):
        money = money_figures(report_year(year_be, today=TODAY), None)
        assert money.all_legs.this == -sum(
            (moved(role, first, last) for role in ("dues", "municipality", "codi-matching", "gift")), D(0)
        )
        assert money.interest.this == -moved("interest", first, last) == D("100.00")
        assert money.tax_withheld.this == moved("tax-withheld", first, last) == D("15.00")
        assert money.welfare.this == moved("benefit", first, last)
        assert money.administration.this == moved("administration", first, last) == D("120.50")
        assert money.event_costs.this == moved("event-cost", first, last) == D("75.00")


def test_receipts_and_payments_carry_the_money_from_year_to_year(worked) -> None:
    money = figures_of(2563).money
    assert (money.money_before.last, money.receipts.last, money.payments.last) == (D(0), D("5550.00"), D("4010.50"))
    assert money.money_before.this == money.money.last == D("1539.50")
    assert (money.receipts.this, money.payments.this) == (D("4285.00"), D("710.75"))
    assert money.money.this == D("5113.75") == money.assets.this == money.fund.this


def test_the_fund_is_what_was_brought_forward_and_the_years_result(worked) -> None:
    money = figures_of(2563).money
    assert (money.fund_before.this, money.result.this) == (D("1539.50"), D("3574.25"))
    assert (money.fund_before.last, money.result.last) == (D("0.00"), D("1539.50"))
    assert (money.received_since_founding, money.spent_since_founding) == (D("9835.00"), D("4721.25"))


@pytest.mark.parametrize(
    ("base", "share", "said"),
    [
        ("income", "2.1712", "of the year's income"),
        ("dues", "3.3014", "what it is reckoned of: Members' contributions"),
    ],
)
def test_administration_is_shown_as_a_part_of_what_the_fund_reckons_it_of(worked, base, share, said) -> None:
    """120.50 of 5,550 baht, of which 3,650 are members' contributions; the papers that go out say the same."""
    fund = worked.fund
    fund.administration_base = base
    fund.save()
    moved = [(row.account, row.this) for row in figures_of(2562).money.rows]
    assert round(administration_share(moved, fund), 4) == D(share)
    html = draw_annual_report(2562, "en", today=TODAY).html
    assert (said in unescape(html), f"{D(share):.1f} %" in html) == (True, True)
    block = administration_fact(stretch_money(date(2019, 1, 1), date(2019, 12, 31)), fund)
    assert block.facts[0].value.en.startswith(f"{D(share):.1f} percent")


def test_the_balance_over_the_years(worked) -> None:
    year = report_year(2563, today=TODAY)
    assert money_at_year_ends(year) == [(2562, D("1539.50")), (2563, D("5113.75"))]


# --- welfare ------------------------------------------------------------------------------------------------


def test_welfare_by_kind_in_persons_times_and_baht(worked) -> None:
    welfare = figures_of(2562).welfare
    told = {kind.code: (kind.persons, kind.times, kind.baht) for kind in welfare.kinds if kind.times}
    assert told == {
        "sickness": (2, 3, D("600.00")),
        "elderly": (1, 1, D("200.00")),
        "death": (1, 1, D("3000.00")),
    }
    assert [kind.code for kind in welfare.kinds] == [
        *("birth", "sickness", "elderly", "death", "education", "disadvantaged", "career", "housing", "disaster")
    ]
    assert (welfare.persons, welfare.times, welfare.baht) == (3, 5, D("3800.00"))


def test_a_payment_taken_back_counts_off_in_the_year_of_its_reversal(worked) -> None:
    claim = Claim.objects.get(category="death")
    void_voucher(claim.voucher, reason="ทดสอบ", by=worked.user, second_person=None, on=date(2020, 1, 15), now=NOW)
    before, after = (welfare_figures(date(year, 1, 1), date(year, 12, 31)) for year in (2019, 2020))
    death = [next(kind for kind in figures.kinds if kind.code == "death") for figures in (before, after)]
    assert [(kind.persons, kind.times, kind.baht) for kind in death] == [
        (1, 1, D("3000.00")),
        (0, -1, D("-3000.00")),
    ]


def test_what_a_double_received_counts_as_the_survivors(worked) -> None:
    first, second = Member.objects.order_by("number")[:2]
    Member.objects.filter(pk=second.pk).update(merged_into=first)
    sickness = next(k for k in welfare_figures(date(2019, 1, 1), date(2019, 12, 31)).kinds if k.code == "sickness")
    assert (sickness.persons, sickness.times) == (1, 3)


# --- supporters ---------------------------------------------------------------------------------------------


def test_only_who_agreed_is_named(worked) -> None:
    supporters = figures_of(2562).supporters
    assert ([one.name for one in supporters.named], supporters.unnamed, supporters.known) == (["ร้านสมมติ"], 1, 2)
    assert figures_of(2563).supporters.all_in_period == 0


@pytest.mark.parametrize("more", [0, 2])
def test_the_figures_take_as_many_queries_with_more_communities(worked, more, django_assert_num_queries) -> None:
    for community in (CommunityFactory(number=90 + n) for n in range(more)):
        MemberFactory(number=900 + community.number, community=community)
    year = report_year(2563, today=TODAY)
    with django_assert_num_queries(29):
        annual_figures(year)


def test_a_closed_year_is_counted_once_until_something_changes_how_it_counts(
    worked, django_capture_on_commit_callbacks, django_assert_num_queries
) -> None:
    spans = [(date(2019, 1, 1), date(2019, 12, 31))]

    def paid() -> list[tuple[int, int, D]]:
        with django_capture_on_commit_callbacks(execute=True):
            return [(one.persons, one.times, one.baht) for one in welfare_of_years(spans)]

    assert paid() == [(3, 5, D("3800.00"))]
    with django_assert_num_queries(3):  # the kinds, the years' marks, what is remembered
        assert paid() == [(3, 5, D("3800.00"))]
    MemberFactory(number=901, merged_into=MemberFactory(number=900))  # nobody who was paid in that year
    with django_assert_num_queries(3):
        assert paid() == [(3, 5, D("3800.00"))]
    first, second = Member.objects.order_by("number")[:2]
    Member.objects.filter(pk=second.pk).update(merged_into=first)
    assert paid() == [(2, 5, D("3800.00"))]


def test_a_round_of_the_worker_counts_closed_years_before_anybody_asks(
    worked, django_capture_on_commit_callbacks, django_assert_num_queries
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        remember_closed_years()
    asked = annual_figures(report_year(2562, today=TODAY))
    with django_assert_num_queries(7):  # the years; their kinds, marks and figures; the last one and its communities
        remember_closed_years()
    with connection.cursor() as cursor:  # what is over would be deleted within the report's moment, which only reads
        cursor.execute("SELECT bool_and(expires > '9000-01-01') FROM fund_cache WHERE cache_key ~ 'welfare|com'")
        assert cursor.fetchone() == (True,)
    cache.clear()
    assert annual_figures(report_year(2562, today=TODAY)) == asked


def test_a_round_goes_on_where_one_of_its_works_breaks(db, monkeypatch, caplog) -> None:
    done = []

    def breaks() -> None:
        raise ValueError("as one may")

    monkeypatch.setattr("office.jobs.ROUNDS", [breaks, lambda: done.append("next")])
    make_the_round.call()
    assert done == ["next"]
    assert "breaks failed in a round" in caplog.text

"""Years side by side: each figure of each year held against plain SQL over the lines."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from reports.figures.over_years import over_years
from reports.years import report_year
from tests.reports.conftest import TODAY

MOVED = """
    SELECT coalesce(sum(CASE WHEN d.{side} THEN l.amount ELSE 0 END), 0)
         - coalesce(sum(CASE WHEN c.{side} THEN l.amount ELSE 0 END), 0)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_account d ON d.id = l.debit_id
      JOIN ledger_account c ON c.id = l.credit_id
     WHERE e.kind <> 'closing' AND e.date BETWEEN %s AND %s {also}
"""
MONEY = "role IN ('bank', 'cash', 'collector', 'advance')"


def debits(side: str, first: date, last: date, also: str = "") -> Decimal:
    """Debits less credits of the accounts that `side` describes, by the lines alone."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED.format(side=side, also=also), [first, last])
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("demo_fund")
def test_every_figure_of_five_years_is_the_plain_sum_of_its_lines(django_assert_num_queries) -> None:
    year = report_year(2563, today=date(2020, 11, 1))
    with django_assert_num_queries(6):
        found = over_years(year)
    assert found.names == ["2559", "2560", "2561", "2562", "2563"]
    for place, one in enumerate(found.years):
        days = (one.first, one.ends_on)
        assert [found.legs[leg][place] for leg in found.legs] == [-debits(f"leg = {n}", *days) for n in (1, 2, 3, 4)]
        assert found.balances[place] == debits(MONEY, date(1900, 1, 1), one.ends_on)
        assert found.welfare[place].baht == debits("role = 'benefit'", *days)
        for community, paid in found.communities:
            of_it = f"AND l.community_id = {community.pk}"
            assert paid[place].baht == debits("role = 'benefit'", *days, of_it)
        assert sum(paid[place].times for _name, paid in found.kinds) == found.welfare[place].times
        assert sum(paid[place].times for _one, paid in found.communities) == found.welfare[place].times
        assert found.elsewhere[place].times == 0


def test_a_founding_year_stands_alone(worked) -> None:
    found = over_years(report_year(2562, today=TODAY))
    assert (found.names, found.balances) == (["2562"], (Decimal("1539.50"),))
    assert found.all_legs == (Decimal("5450.00"),)


def test_an_older_year_is_not_shown_what_came_later(worked) -> None:
    found = over_years(report_year(2563, today=TODAY), most=1)
    assert (found.names, found.welfare[0].persons, found.welfare[0].baht) == (["2563"], 1, Decimal("500.25"))

"""The reports of the demonstration say what its table says, of every year."""

from datetime import date

import pytest

from bansong_fund.demo.figures import CATEGORIES, year_table
from reports.figures.welfare import welfare_figures

pytestmark = pytest.mark.usefixtures("demo_fund")


def test_welfare_by_kind_has_the_times_and_baht_of_every_year() -> None:
    """A newborn gift and the mother's nights of one birth are one time."""
    for year, row in year_table().items():
        figures = welfare_figures(date(year, 1, 1), date(year, 12, 31))
        found = {kind.code: (kind.times, kind.baht) for kind in figures.kinds}
        assert found == {kind: (row.cases[kind], row.baht[kind]) for kind in CATEGORIES}

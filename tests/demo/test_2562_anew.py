"""2562 entered anew through the screens, held against the plan and the year table, and printed to be signed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bansong_fund.demo.shapes import Plan
from contributions.models import CollectionSheet
from ledger.check import check_ledger
from ledger.models import AccountingMonth, Reconciliation
from tests.demo.anew import figures, papers
from tests.demo.anew.before import load_before
from tests.demo.anew.office import Office
from tests.demo.anew.plans import FIRST, community_plan, whole_plan
from tests.demo.anew.year import ADOPTED_ON, BANKS, RESOLUTION, Year, month_end
from tests.pdf_reading import silent_weasyprint  # noqa: F401 - a warning fails its test

NAMED = ("sheets-accepted", "reconciled")  # what a month may be closed with, in so many words


def year_lived(plan: Plan, reconciled: dict[str, tuple[int, ...]]) -> Year:
    """From the last evening of 2561 to the meeting that adopts the accounts of 2562."""
    before = load_before(plan, timezone.now())
    office = Office()
    office.go_to(FIRST - timedelta(days=1))
    year = Year(office, plan, before, lambda place, month: month in reconciled.get(place, ()))
    year.live()
    return year


def missing_on_papers(year: Year, place: str, month: int) -> dict[str, list[str]]:
    """By paper, what does not stand on it; nothing where all can be signed."""
    office = year.office
    kept = Reconciliation.objects.get(account=office.places[place], as_of=month_end(month))
    sheet = CollectionSheet.objects.filter(accepted_on__year=2019).latest("accepted_on", "pk")
    printed = {
        "event": papers.event_result(office, year),
        "count": papers.counting_sheet(office, year),
        "round": papers.list_of_the_round(office, year),
        "reconciliation": papers.reconciliation(office, place, kept),
        "month": papers.closing_of_month(
            office, AccountingMonth.objects.get(first_day=month_end(month).replace(day=1))
        ),
        "year": papers.closing_of_year(office, RESOLUTION),
        "slip": papers.hand_over_slip(office, sheet),
    }
    return {name: paper.missing for name, paper in printed.items() if paper.missing}


def check_round_and_sheets(year: Year) -> None:
    states = set(CollectionSheet.objects.filter(year_be=2562).values_list("state", flat=True))
    assert (states, year.unsent_lines) == ({CollectionSheet.State.ACCEPTED}, 0)


def test_one_community_lives_the_year_through_the_screens(committed_db) -> None:
    plan = community_plan(5)
    year = year_lived(plan, {"savings": (8, 12)})
    assert figures.of_the_report(ADOPTED_ON) == figures.of_the_plan(plan)
    assert check_ledger().problems == ()
    assert {item for items in year.explained.values() for item in items} <= set(NAMED)
    check_round_and_sheets(year)
    assert missing_on_papers(year, "savings", 8) == {}


@pytest.mark.faults
def test_the_whole_year_is_entered_anew_and_ties_to_the_year_table(committed_db) -> None:
    plan = whole_plan()
    year = year_lived(plan, dict.fromkeys(BANKS, tuple(range(1, 13))))
    assert figures.of_the_report(ADOPTED_ON) == figures.of_the_plan(plan) == figures.of_the_table()
    assert check_ledger().problems == ()
    # what a leader has taken and not handed in yet is named month by month, and nothing else is left open
    assert {month for month, items in year.explained.items() if items} == {1, 2, 4, 5, 6, 7, 8}
    assert {item for items in year.explained.values() for item in items} == {"sheets-accepted"}
    check_round_and_sheets(year)
    for place in BANKS:
        kept = Reconciliation.objects.get(account=year.office.places[place], as_of=month_end(12))
        assert (kept.passbook_balance, kept.explanation) == (kept.ledger_balance, "")
        assert missing_on_papers(year, place, 12) == {}

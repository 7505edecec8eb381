"""A figure that does not tie stops the report, and the difference is named."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from ledger.models import LedgerSum
from members.models import MemberCount, Membership
from reports.figures import annual_figures
from reports.ties import DoesNotTie, prove
from reports.years import report_year
from tests.reports.conftest import TODAY
from welfare.models import Claim

D = Decimal


def figures_of(year_be: int):
    return annual_figures(report_year(year_be, today=TODAY))


def broken(year_be: int = 2562) -> set[tuple[Decimal | int, Decimal | int]]:
    """What each difference sets against each other."""
    with pytest.raises(DoesNotTie) as refusal:
        prove(figures_of(year_be))
    return {(difference.shown, difference.found) for difference in refusal.value.differences}


@pytest.mark.parametrize("year_be", [2562, 2563])
def test_the_worked_years_tie(worked, year_be) -> None:
    prove(figures_of(year_be))


def test_a_kept_sum_that_is_not_its_lines_stops_the_report(worked) -> None:
    LedgerSum.objects.filter(account__code="4110", month=date(2019, 2, 1)).update(credit=D("3651.00"))
    assert broken() == {
        (D("3651.00"), D("3650.00")),  # the account against its lines
        (D("1540.50"), D("1539.50")),  # receipts less payments against the money
        (D("1539.50"), D("1540.50")),  # assets against the fund
        (D("5551.00"), D("5550.00")),  # sources against uses since founding
    }


def test_two_sums_falsified_alike_are_found_by_the_lines(worked) -> None:
    LedgerSum.objects.filter(account__code="4110", month=date(2019, 2, 1)).update(credit=D("3651.00"))
    bank = LedgerSum.objects.get(account__role="bank", month=date(2019, 2, 1))
    LedgerSum.objects.filter(pk=bank.pk).update(debit=bank.debit + 1)
    assert (D("3651.00"), D("3650.00")) in broken()


def test_a_claim_whose_amount_is_not_what_was_paid_is_named(worked) -> None:
    Claim.objects.filter(category="death").update(amount_approved=D("2999.75"))
    with translation.override("en"), pytest.raises(DoesNotTie) as refusal:
        prove(figures_of(2562))
    with translation.override("en"):
        differences = [str(one) for one in refusal.value.differences]
    assert differences == [
        "Death, paid claims in baht: 2,999.75 in the report, 3,000.00 in the books, a difference of -0.25."
    ]
    assert "The report of 2562 was stopped: 1 figures do not tie." in str(refusal.value)


def test_a_claim_marked_as_paid_without_a_line_is_named(worked) -> None:
    Claim.objects.filter(category="birth").update(category="housing")
    assert broken(2563) == {(D("0.00"), D("500.25")), (0, 1), (D("500.25"), D("0.00")), (1, 0)}


def test_members_who_do_not_add_up_are_named(worked) -> None:
    MemberCount.objects.filter(community__number=1).update(current=6)
    assert broken(2563) == {(9, 10)}


def test_an_ended_membership_changes_flow_and_count_alike(worked) -> None:
    membership = Membership.objects.filter(member__number=4).get()
    membership.ended_on, membership.end_reason = date(2020, 10, 1), "resigned"
    membership.save()
    MemberCount.objects.filter(community__number=1).update(current=4)
    prove(figures_of(2563))

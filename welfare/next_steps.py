"""What the steps of the tenure scales will cost the fund, reckoned for the members there are today."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.db.models import Count, Min
from django.db.models.functions import ExtractYear, TruncMonth

import bansong_fund
from members.models import Fund, Membership, Sex
from welfare.models import Claim, ClaimState
from welfare.rules.document import RegulationDocument
from welfare.rules.next_steps import BY_CLAIMS, Crowd, LifeTable, Outlook, basis_of, fund_years, look_ahead
from welfare.rules.spans import anniversary

LIFE_TABLE = Path(bansong_fund.__file__).parent / "data" / "life-table.csv"
YEARS_AHEAD = 10
YEARS_OF_CLAIMS = 3


def outlooks(regulation: RegulationDocument, *, today: date, fund: Fund) -> list[Outlook]:
    """Every tenure scale of this version, this fund year and the nine after it; two queries at most."""
    scales = [benefit for benefit in regulation.benefits if benefit.pays.by_tenure]
    if not scales:
        return []
    crowds = _crowds(today)
    claimed = [benefit.code for benefit in scales if basis_of(benefit) == BY_CLAIMS]
    rates = _claims_of_late(claimed, sum(crowd.number for crowd in crowds), today)
    years = fund_years(today, fund.fund_year_start_month, YEARS_AHEAD)
    return [
        look_ahead(benefit, crowds, life_table(), today=today, years=years, rate=rates.get(benefit.code, Decimal(0)))
        for benefit in scales
    ]


@lru_cache(maxsize=1)
def life_table() -> LifeTable:
    """Thailand's deaths a person and year, by five years of age (United Nations, WPP 2024, average of 2020–2025)."""
    with LIFE_TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {Sex.FEMALE.value: "female_mx", Sex.MALE.value: "male_mx"}
    return LifeTable(
        {sex: tuple((int(row["age_from"]), Decimal(row[column])) for row in rows) for sex, column in columns.items()}
    )


def _crowds(today: date) -> list[Crowd]:
    """Today's members by month of joining, year of birth and sex; the first day of joining stands for its month."""
    rows = (
        Membership.objects.filter(ended_on=None, joined_on__lte=today, member__merged_into=None)
        .annotate(month=TruncMonth("joined_on"), born=ExtractYear("member__birth_date"))
        .values_list("month", "born", "member__sex")
        .annotate(first=Min("joined_on"), number=Count("pk"))
        .order_by("month", "born", "member__sex")
    )
    return [Crowd(first, born, sex, number) for _month, born, sex, first, number in rows]


def _claims_of_late(codes: Sequence[str], members: int, today: date) -> dict[str, Decimal]:
    """Claims a member and year of each benefit, over the last three years; by today's members, so a rough figure."""
    if not codes or not members:
        return {}
    paid = Claim.objects.filter(
        benefit_code__in=codes,
        state__in=(ClaimState.APPROVED, ClaimState.PAID),
        event_from__gt=anniversary(today, -YEARS_OF_CLAIMS),
    )
    counts = paid.order_by().values_list("benefit_code").annotate(number=Count("pk"))
    return {code: Decimal(number) / (YEARS_OF_CLAIMS * members) for code, number in counts}

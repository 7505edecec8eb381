"""Births known only to the year: from which day they are reckoned, as the fund has settled it."""

from datetime import date

from django.db.models import DateField, F, Func, IntegerField, Min, OuterRef, Subquery
from django.db.models.functions import Cast, ExtractYear, Greatest, Least

from bansong_fund.lib.births import first_possible_day
from members.models import DatePrecision, Member, Membership, YearOnlyBirths

MID_YEAR = 7  # the month of which the first day stands for the year, where the fund has chosen July


def reckoned_birth(birth_date: date | None, precision: str, *, joined_on: date | None, choice: str) -> date | None:
    """The day that age is reckoned from. `choice` is `Fund.year_only_births`.

    Of a birth known to the year it is 1 January or 1 July, and never after the day of joining: who joined in March of
    the year of her birth was born by then.
    """
    if birth_date is None:
        return None
    first = first_possible_day(birth_date, precision)
    if precision != DatePrecision.YEAR or choice != YearOnlyBirths.JULY:
        return first
    middle = date(first.year, MID_YEAR, 1)
    return max(first, min(middle, joined_on or middle))


def move_year_only_births(choice: str) -> int:
    """Reckon the births of all members that are known only to the year anew; the number of those that moved."""
    of_year = Member.objects.filter(birth_precision=DatePrecision.YEAR)
    reckoned = _first_of(1)
    if choice == YearOnlyBirths.JULY:
        stays = Membership.objects.filter(member=OuterRef("pk")).order_by().values("member")
        joined_on = Subquery(stays.values(first=Min("joined_on")))
        # PostgreSQL's LEAST leaves a NULL out, which is right for a person who has not joined
        reckoned = Greatest(_first_of(1), Least(_first_of(MID_YEAR), joined_on))
    moved = of_year.annotate(reckoned=reckoned).exclude(birth_date=F("reckoned"))
    return moved.update(birth_date=reckoned)


def _first_of(month: int) -> Func:
    year = Cast(ExtractYear("birth_date"), IntegerField())
    return Func(year, month, 1, function="make_date", output_field=DateField())

"""Titles that a child grows out of: at fifteen เด็กชาย is นาย, and เด็กหญิง is นางสาว."""

from datetime import date

from django.db.models import QuerySet

from members.models import Member
from members.queries import current_members
from members.types import years_before

# Act on Titles of Persons; the short forms come with registers kept by hand
GROWN_TITLES = {"เด็กชาย": "นาย", "เด็กหญิง": "นางสาว", "ด.ช.": "นาย", "ด.ญ.": "นางสาว"}
GROWN_AT = 15


def grown_out_of_titles(members: QuerySet[Member], day: date) -> QuerySet[Member]:
    """Members now who bear a child's title and are fifteen on that day, in the order of their names."""
    grown = current_members(members).filter(title__in=GROWN_TITLES, birth_date__lte=years_before(day, GROWN_AT))
    return grown.filter(died_on=None).order_by("sort_key", "id")

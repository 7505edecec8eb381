"""The types of members that CODI counts, as they are on a day. One person is of one type."""

from datetime import date

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import Fund, Group, GroupFlag

# In the order of CODI's form. Who fits several is counted as the first of disabled, disadvantaged, elderly, child,
# general.
MEMBER_TYPES: dict[str, Promise] = {
    "general": _("General members"),
    "child": _("Children and youth"),
    "elderly": _("Elderly members"),
    "disadvantaged": _("Disadvantaged members"),
    "disabled": _("Members with disability"),
}


def member_type_on(day: date, fund: Fund, *, person: str = "", few: bool = False) -> Case:
    """The type on `day`, one of `MEMBER_TYPES`, by dated marks (a double's are the survivor's) and the fund's ages.

    `person` is the path to the member: "" over members, "member__" over memberships. Of an unknown birth: general.
    `few`: for the rows of one page, whose marks are looked for one by one.
    """
    born, marked = f"{person}birth_date", _marked_one_by_one if few else _marked
    return Case(
        When(marked(Group.DISABLED, day, person), then=Value("disabled")),
        When(marked(Group.DISADVANTAGED, day, person), then=Value("disadvantaged")),
        When(**{f"{born}__lte": years_before(day, fund.elderly_from_age)}, then=Value("elderly")),
        When(**{f"{born}__gt": years_before(day, fund.child_under_age)}, then=Value("child")),
        default=Value("general"),
        output_field=CharField(),
    )


def _marked(group: Group, day: date, person: str) -> Q:
    """Marks are few: one list of persons, hashed once, where a look for each member would cost seconds."""
    marks = _marks(group, day).values(marked=Coalesce("member__merged_into", "member"))
    return Q(**{f"{person}pk__in": marks})


def _marked_one_by_one(group: Group, day: date, person: str) -> Q:
    marks, hers = _marks(group, day), OuterRef(f"{person}pk")
    return Q(Exists(marks.filter(member=hers))) | Q(Exists(marks.filter(member__merged_into=hers)))


def _marks(group: Group, day: date) -> QuerySet[GroupFlag]:
    return GroupFlag.objects.filter(group=group, since__lte=day).filter(Q(until=None) | Q(until__gte=day))


def years_before(day: date, years: int) -> date:
    """The day so many years earlier; 29 February becomes the 28th where there is none.

    Born on or before it is that old on `day` (born on 29 February, one grows older on 1 March).
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)

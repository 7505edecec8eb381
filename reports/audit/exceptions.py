"""รายการที่ควรตรวจ: what an auditor looks at first, sort by sort, each found by one query (see the modules of sorts)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.audit.books_sorts import CONTROL, LATE, MISSING, UNDONE
from reports.audit.cash_sorts import CASH, SLIP_SORTS
from reports.audit.rows import FIRST_FEW, Found, Scope, Sort, find
from reports.audit.welfare_sorts import TWICE, WELFARE


@dataclass(frozen=True, slots=True)
class Group:
    """Sorts that belong together, under one heading."""

    title: Promise
    sorts: tuple[Sort, ...]


GROUPS = (
    Group(_("Undone"), UNDONE),
    Group(_("Written late"), LATE),
    Group(_("The same person twice"), TWICE),
    Group(_("Cash"), CASH),
    Group(_("Welfare"), WELFARE),
    Group(_("Papers and numbers missing"), SLIP_SORTS + MISSING),
    Group(_("Controls"), CONTROL),
)
SORTS = {sort.code: sort for group in GROUPS for sort in group.sorts}


def exceptions_of(scope: Scope, most: int | None = FIRST_FEW) -> list[tuple[Group, list[Found]]]:
    """Every sort with its count, its sum and its first rows, group by group; an empty one, too."""
    return [(group, [find(sort, scope, most) for sort in group.sorts]) for group in GROUPS]

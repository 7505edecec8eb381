"""Members in and out of a stretch of days, for the whole fund, by community and by type: read once for all three.

At the start, and who came, and who changed over to it, less who changed away and who left, are those at the end. A
double is nobody of her own.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from ledger.periods import fund_year_bounds
from members.models import Community, EndReason, Fund, Group
from members.queries import every_community
from members.types import MEMBER_TYPES, years_before

THERE, JOINED, RETURNED = "there", "joined", "returned"
LEFT, CHANGED_IN, CHANGED_OUT = "left", "in", "out"
REASONS = EndReason.values


class Moved(NamedTuple):
    """So many memberships alike: where and what they were first and last, how they came, why they went ("": not)."""

    community_first: int
    community_last: int
    type_first: str
    type_last: str
    came: str
    went: str
    members: int


@dataclass(frozen=True, slots=True)
class FlowRow:
    """The comings and goings of the fund, of one community or of one type; `left` by reason, in EndReason's order.

    `changed_in` and `changed_out` moved between communities or became of another type; in the whole fund none did.
    """

    key: Any
    at_start: int
    joined: int
    returned: int
    changed_in: int
    changed_out: int
    left: dict[str, int]
    at_end: int

    @property
    def all_left(self) -> int:
        return sum(self.left.values())

    @property
    def adds_up(self) -> int:
        """Those at the end as the comings and goings make them."""
        came = self.joined + self.returned + self.changed_in
        return self.at_start + came - self.changed_out - self.all_left


@dataclass(frozen=True)
class PeopleFlow:
    """The comings and goings from `first` to `last`, and the communities of the fund by number.

    `cumulative` counts each person once who joined by the last day; `founding` of them in the founding year.
    """

    first: date
    last: date
    moved: tuple[Moved, ...]
    communities: tuple[Community, ...]
    founding: int
    cumulative: int

    @cached_property
    def fund(self) -> FlowRow:
        return _rows([None], self.moved, lambda _one: (None, None))[0]

    @cached_property
    def by_community(self) -> list[FlowRow]:
        """By community, each with its key."""
        keys = [community.pk for community in self.communities]
        return _rows(keys, self.moved, lambda one: (one.community_first, one.community_last))

    @cached_property
    def by_type(self) -> list[FlowRow]:
        """By type, each with its code: who came counts as what she is at the end, who left as what she was."""
        return _rows(MEMBER_TYPES, self.moved, lambda one: (one.type_first, one.type_last))

    @cached_property
    def at_end(self) -> Counter:
        """Members at the end of the last day by (community's key, type)."""
        found: Counter = Counter()
        for one in self.moved:
            if not one.went:
                found[one.community_last, one.type_last] += one.members
        return found


def _rows(keys: Iterable[Any], moved: Iterable[Moved], places: Callable[[Moved], tuple[Any, Any]]) -> list[FlowRow]:
    """A row for each key; `places` says of what it was first and last."""
    found: Counter = Counter()
    for one in moved:
        first, last = places(one)
        found[first, one.came] += one.members
        found[last, LEFT, one.went] += one.members
        if first != last:
            found[first, CHANGED_OUT] += one.members
            found[last, CHANGED_IN] += one.members
    return [
        FlowRow(
            key=key,
            at_start=found[key, THERE],
            joined=found[key, JOINED],
            returned=found[key, RETURNED],
            changed_in=found[key, CHANGED_IN],
            changed_out=found[key, CHANGED_OUT],
            left={reason: found[key, LEFT, reason] for reason in REASONS},
            at_end=found[key, LEFT, ""],
        )
        for key in keys
    ]


# Every membership is read once, with of its member only what an index holds. `again`: the first membership of those who
# have an ended one, the only ones who can have several. `marked`: on which of the two days a mark holds, a double's for
# the survivor. An ended stay that covers a day says where she was then; who has none was where she is now, as nearly
# all were. What makes memberships alike is one value, of which the database expects few: so it counts them as it reads
# (OFFSET 0), and sorts nothing. Its last number has four digits: type at the start, type at the end, came, went. Those
# gone before the first day are not told apart (NULL), and count among the persons alone. All rows come as one text:
# read one by one they cost a tenth of a second more.
ALIKE = """
    WITH again AS (
        SELECT DISTINCT ON (member_id) member_id, id, joined_on FROM members_membership
         WHERE member_id IN (SELECT member_id FROM members_membership WHERE ended_on IS NOT NULL)
         ORDER BY member_id, joined_on, id
    ), marked AS (
        SELECT coalesce(d.merged_into_id, f.member_id) AS person, {marks}
          FROM members_groupflag f
          LEFT JOIN members_member d ON d.id = f.member_id AND d.merged_into_id IS NOT NULL
         GROUP BY person
    ), each AS (
        SELECT CASE WHEN s.ended_on > %(eve)s OR s.ended_on IS NULL THEN ARRAY[
                   coalesce(a.community_id, m.community_id), coalesce(z.community_id, m.community_id),
                   {type_then} * 1000 + {type_now} * 100
                   + CASE WHEN s.joined_on <= %(eve)s THEN 0 WHEN again.joined_on < s.joined_on THEN 20 ELSE 10 END
                   + CASE WHEN s.ended_on <= %(last)s THEN array_position(%(reasons)s, s.end_reason::text) ELSE 0 END
               ] END AS alike, again.id IS NULL OR again.id = s.id AS is_first, s.joined_on
          FROM members_membership s
          JOIN members_member m ON m.id = s.member_id AND m.merged_into_id IS NULL
          LEFT JOIN again ON again.member_id = s.member_id
          LEFT JOIN marked ON marked.person = s.member_id
          LEFT JOIN members_communitystay a ON a.member_id = s.member_id AND a.until IS NOT NULL
                AND greatest(s.joined_on, %(eve)s) BETWEEN a.since AND a.until
          LEFT JOIN members_communitystay z ON z.member_id = s.member_id AND z.until IS NOT NULL
                AND least(s.ended_on, %(last)s) BETWEEN z.since AND z.until
         WHERE s.joined_on <= %(last)s
        OFFSET 0
    )
    SELECT coalesce(string_agg(array_to_string(alike || members, ' '), ' ') FILTER (WHERE alike IS NOT NULL), ''),
           coalesce(sum(founders), 0)::bigint, coalesce(sum(persons), 0)::bigint
      FROM (
        SELECT alike, count(*) AS members, count(*) FILTER (WHERE is_first) AS persons,
               count(*) FILTER (WHERE is_first AND joined_on <= %(founding_ends)s) AS founders
          FROM each GROUP BY alike
      ) counted
"""
MARK = """bool_or(f."group" = '{group}' AND f.since <= %({day})s AND (f.until IS NULL OR f.until >= %({day})s))
               AS {group}_{day}"""
# The rule of `member_type_on`, by the places in `TYPES`.
TYPE_ON = """CASE WHEN disabled_{day} THEN 4 WHEN disadvantaged_{day} THEN 3
                        WHEN m.birth_date <= %(elderly_{day})s THEN 2 WHEN m.birth_date > %(child_{day})s THEN 1
                        ELSE 0 END"""
TYPES = ("general", "child", "elderly", "disadvantaged", "disabled")
CAME = (THERE, JOINED, RETURNED)


def people_flow(first: date, last: date, fund: Fund) -> PeopleFlow:
    """Who was there, came and went from `first` to `last`, both within, in two queries; linear in the memberships."""
    rows, founding, cumulative = _counted(first, last, fund)
    moved = tuple(sorted(itertools.starmap(_moved, rows)))
    return PeopleFlow(first, last, moved, tuple(every_community()), founding, cumulative)


def founding_year_ends(fund: Fund) -> date:
    """Who joined by the end of the fund year of the founding is a founding member."""
    return fund_year_bounds(fund.founded_on, fund.fund_year_start_month)[1]


def _counted(first: date, last: date, fund: Fund) -> tuple[Iterable[tuple[int, ...]], int, int]:
    """Memberships alike: community first, community last, the four digits, how many; founding members; all persons."""
    eve = first - timedelta(days=1)
    days = {"eve": eve, "last": last}
    marks = [MARK.format(group=group.value, day=day) for group in (Group.DISABLED, Group.DISADVANTAGED) for day in days]
    ages = {
        f"{kind}_{name}": years_before(day, age)
        for name, day in days.items()
        for kind, age in (("elderly", fund.elderly_from_age), ("child", fund.child_under_age))
    }
    sql = ALIKE.format(marks=", ".join(marks), type_then=TYPE_ON.format(day="eve"), type_now=TYPE_ON.format(day="last"))
    with connection.cursor() as cursor:
        told = days | ages | {"reasons": REASONS, "founding_ends": founding_year_ends(fund)}
        cursor.execute(sql, told)
        text, founding, cumulative = cursor.fetchone()
    numbers = map(int, text.split())
    return zip(*[numbers] * 4, strict=True), founding, cumulative


def _moved(community_first: int, community_last: int, digits: int, members: int) -> Moved:
    """Who came counts as what she is at the end, who left as what she was at the start, where she was there."""
    then, now, came, went = (digits // place % 10 for place in (1000, 100, 10, 1))
    type_first = TYPES[now if came else then]
    return Moved(
        community_first,
        community_last,
        type_first,
        type_first if went else TYPES[now],
        CAME[came],
        REASONS[went - 1] if went else "",
        members,
    )

"""Grows an invented fund of any size in an empty database, for measuring speed. See docs/operations.md.

`grow_fund(members=…, years=…)` gives current members as asked for, calendar years of dues up to 2563, and claims,
grants, gifts, interest and costs to match; the same every time but for the sealed national IDs. Its today is
1 November 2563. Everything is written by COPY in one transaction, and `check_ledger` is clean behind it.
"""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from bansong_fund.demo.grow_books import Books
from bansong_fund.demo.grow_claims import Welfare
from bansong_fund.demo.grow_dues import Dues, Event
from bansong_fund.demo.grow_income import OtherMoney
from bansong_fund.demo.grow_people import Person, make_people
from bansong_fund.demo.grow_tables import copying_beside, indexes_later
from bansong_fund.demo.grow_world import LAST_YEAR, World, make_world, moment
from bansong_fund.lib.errors import DomainError
from ledger.closing import close_year
from ledger.models import FiscalYear
from members.models import Beneficiary, Fund, Household, Member, MemberSequence, Membership
from office.models import User
from reports.jobs import remember_closed_years

MOST_YEARS = 40
PEOPLE = tuple(model._meta.db_table for model in (Member, Membership, Household, Beneficiary))


class NotForThisDatabase(DomainError):
    """A grown fund goes into an empty database that is not in use, and only there."""


def grow_fund(*, members: int, years: int, say: Callable[[str], None]) -> None:
    """Fill an empty, migrated database; all of it or nothing. `say` is told what is being done.

    Raises `NotForThisDatabase` in production, where anything stands already, and for sizes that make no fund.
    Must run as `fund_owner`: indexes are taken off while the rows come in.
    """
    _refuse(members, years)
    started = time.monotonic()

    def tell(what: str) -> None:
        say(f"{time.monotonic() - started:6.1f} s  {what}")

    with transaction.atomic(), _no_sweeping():
        world = make_world(members, years)
        books = Books(world)
        parts = (Dues(world, books), Welfare(world, books), OtherMoney(world, books))
        filled = [table.name for part in (books, *parts) for table in part.tables()]
        tell(f"{members:,} members")
        people = _settle(world, tell)
        with indexes_later(filled, tell), copying_beside():
            _live(world, people, parts, tell)
            for part in (books, *parts):
                part.finish()
        tell(f"{books.lines.last_key:,} lines of {books.entries.last_key:,} entries")
        _close_years(world)
    _tidy([*filled, *PEOPLE])
    remember_closed_years()  # as the worker does within minutes of each closing
    tell("done")


def _settle(world: World, tell: Callable[[str], None]) -> list[Person]:
    """The people first, indexes and all: the database looks up the member of each claim that comes in."""
    with indexes_later(PEOPLE, tell), copying_beside():
        people = make_people(world)
    MemberSequence.objects.update_or_create(pk=1, defaults={"last": len(people)})
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(PEOPLE)}")
    return people


@contextmanager
def _no_sweeping() -> Iterator[None]:
    """Without Python's search for cycles: there are none here, and it goes through a million people again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _refuse(members: int, years: int) -> None:
    if settings.PRODUCTION:
        raise NotForThisDatabase(
            _("These are production settings. An invented fund is grown in a database of its own, with DEMO=1.")
        )
    if User.objects.exists() or Fund.objects.exists():
        raise NotForThisDatabase(_("This database holds a fund already. Name an empty one: it is filled, never mixed."))
    if members < 17 or not 1 <= years <= MOST_YEARS:
        raise NotForThisDatabase(
            _("A fund is grown with 17 members or more, over 1 to %(years)d years.") % {"years": MOST_YEARS}
        )


def _live(
    world: World, people: list[Person], parts: tuple[Dues, Welfare, OtherMoney], tell: Callable[[str], None]
) -> None:
    """Year by year: plan what happens, then write it in the order of the days."""
    calendar: dict[int, list[Event]] = defaultdict(list)
    for year in world.years:
        tell(f"year {year + 543}")
        for part in parts:
            for event in part.events_of(year, people):
                calendar[event[0].year].append(event)
        for _day, write in sorted(calendar.pop(year), key=_day_of):
            write()


def _day_of(event: Event) -> date:
    return event[0]


def _close_years(world: World) -> None:
    """Past years are closed, each on the last day of the March that follows; the current year is open."""
    treasurer = world.users["treasurer"]
    for year in FiscalYear.objects.filter(ends_on__lt=date(LAST_YEAR, 1, 1)).order_by("year_be"):
        closed_at: datetime = moment(date(year.ends_on.year + 1, 3, 31))
        close_year(year, by=treasurer, now=closed_at)


def _tidy(tables: list[str]) -> None:
    """Let the planner know the tables. Outside a transaction, as VACUUM wants it."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")

"""Loads the demonstration fund into an empty database, in one transaction."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from bansong_fund.demo.beside_books import load_beside_books
from bansong_fund.demo.committee import load_committee
from bansong_fund.demo.load_books import write_books
from bansong_fund.demo.load_claims import ClaimsPlan
from bansong_fund.demo.load_dues import DuesPlan
from bansong_fund.demo.load_money import MoneyPlan
from bansong_fund.demo.load_office import (
    Passwords,
    load_accounts,
    load_leaderships,
    load_meetings,
    load_rules,
    load_users,
    make_fund,
)
from bansong_fund.demo.load_people import load_communities, load_register
from bansong_fund.demo.load_world import World
from bansong_fund.demo.pictures import load_pictures
from bansong_fund.demo.plan import build_plan
from bansong_fund.demo.shapes import Plan
from bansong_fund.lib.errors import DomainError
from ledger.models import Entry
from ledger.periods import open_year
from members.models import Fund, Member
from office.models import User
from welfare.models import Claim


class NotADemonstration(DomainError):
    """The program runs with production settings, or for a fund of its own."""


class NotEmpty(DomainError):
    """The database holds a fund already."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, for a sentence; `logins` has one user for each role with her password."""

    members: int
    claims: int
    entries: int
    logins: list[dict[str, str]]


def load_demo(*, now: datetime, logins_file: Path | None = None) -> Loaded:
    """Load the demonstration fund, all or nothing; write the logins, readable by their owner only.

    `logins_file`: where to, `demo-logins.json` in the folder of the data unless told otherwise.
    Raises `NotADemonstration`, `NotEmpty`.
    """
    _refuse_real_fund()
    with transaction.atomic():
        _refuse_data()
        plan = build_plan()
        passwords = Passwords(plan)
        _check_keys_at_once()
        _load(plan, passwords, now)
        loaded = Loaded(Member.objects.count(), Claim.objects.count(), Entry.objects.count(), passwords.logins(plan))
    write_logins(loaded.logins, logins_file or settings.VAR / "demo-logins.json")
    return loaded


def _refuse_real_fund() -> None:
    if not settings.DEMO:
        raise NotADemonstration(
            _(
                "The demonstration loads only in demo mode: without DATABASE_URL, or with DEMO=1 for a database that"
                " holds nothing else."
            )
        )


def _refuse_data() -> None:
    if Fund.objects.exists() or User.objects.exists() or Entry.objects.exists():
        raise NotEmpty(
            _(
                "This database holds a fund or users already, and the demonstration loads only into an empty one."
                " Name an empty folder in FUND_VAR, or an empty database in DATABASE_URL."
            )
        )


def _check_keys_at_once() -> None:
    """Half a million foreign keys left to the end would slow down every trigger before it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _load(plan: Plan, passwords: Passwords, now: datetime) -> None:
    world = World(plan, now, make_fund())
    load_communities(world)
    load_users(world)
    load_leaderships(world)
    load_accounts(world)
    load_rules(world)
    load_meetings(world)
    load_register(world)
    parts = (DuesPlan(world), MoneyPlan(world), ClaimsPlan(world))
    write_books(world, [posting for part in parts for posting in part.postings()])
    for part in parts:
        part.write_rows()
    open_year(plan.today, world.fund)
    load_beside_books(world)
    load_committee(world)
    load_pictures(world)
    passwords.give(world)


def write_logins(logins: list[dict[str, str]], file: Path) -> None:
    """Write the logins for `make run` to print, in a file that nobody else can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(logins, stream, ensure_ascii=False, indent=1)

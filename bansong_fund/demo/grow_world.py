"""What a grown fund stands on: the fund, its communities, users, accounts, regulation, years and meetings."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.db import connection

from bansong_fund.demo import names
from bansong_fund.demo.figures import DATA
from bansong_fund.lib.thai_dates import be_year
from ledger.accounts import STANDARD_CHART, add_bank_account, collector_account, make_books
from ledger.models import Account, AccountRole, RestrictedFund
from ledger.periods import open_year
from members.models import Community, Controls, Fund, Leadership, Meeting, Resolution
from office.models import RoleGrant, User
from welfare.regulations import load_regulation

LEAST_COMMUNITIES = 17
MEMBERS_A_COMMUNITY = 242  # a larger fund has more communities of the same size, as a province of funds would
LAST_YEAR = 2020
TODAY = date(LAST_YEAR, 11, 1)
MEETING_DAY = 15
BANGKOK = ZoneInfo("Asia/Bangkok")
STAFF = (
    ("registrar", "นายทะเบียน"),
    ("committee", "กรรมการ"),
    ("treasurer", "เหรัญญิก"),
    ("auditor", "ผู้ตรวจสอบกิจการ"),
    ("administrator", "ผู้ดูแลระบบ"),
)
NO_PASSWORD = "!"  # noqa: S105 - Django's mark of an unusable password: nobody signs in to a grown fund by one


@dataclass(slots=True)
class World:
    """What the growing carries along. Communities are keyed by number, which is their key in the database too."""

    members: int
    years: range
    rng: random.Random
    fund: Fund
    users: dict[str, User] = field(default_factory=dict)
    leaders: dict[int, User] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    general: RestrictedFund | None = None
    regulation_key: int = 0
    resolutions: list[Resolution] = field(default_factory=list)  # one a month, the oldest first

    @property
    def founded_on(self) -> date:
        return self.fund.founded_on

    @property
    def communities(self) -> int:
        """How many; they are numbered from 1."""
        return max(self.members // MEMBERS_A_COMMUNITY, LEAST_COMMUNITIES)

    def account(self, role: AccountRole, category: str = "") -> Account:
        return self.accounts[f"{role}:{category}"]


@cache
def moment(day: date, hour: int = 16) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BANGKOK)


def make_world(members: int, years: int) -> World:
    """A fund on 1 November 2563 that was founded so many calendar years before, with nobody in it yet."""
    first_year = LAST_YEAR - years + 1
    fund = Fund.objects.create(
        pk=1,
        name_th="กองทุนสวัสดิการชุมชนสมมติ (ทดลองความเร็ว)",
        name_en="Invented Community Welfare Fund (speed trial)",
        founded_on=date(first_year, 1, 1),
        population=members * 4,
        controls=Controls.STANDARD,
        is_demo=True,
        demo_day=TODAY,
    )
    rng = random.Random(f"grow {members} {years}")  # noqa: S311
    world = World(members, range(first_year, LAST_YEAR + 1), rng, fund)
    _make_communities(world)
    _make_users(world)
    _make_accounts(world)
    _make_rules_and_meetings(world)
    for year in world.years:
        open_year(date(year, 12, 31), fund)
    return world


def _make_communities(world: World) -> None:
    Community.objects.bulk_create(
        Community(id=number, number=number, name_th=f"ชุมชนที่ {number}", name_en=f"Community {number}")
        for number in range(1, world.communities + 1)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('members_community', 'id'), %s)", [world.communities])


def _make_users(world: World) -> None:
    since = moment(world.founded_on)

    def user(username: str, role: str, post: str) -> User:
        name = f"{names.full_name(world.rng)} (สมมติ)"
        made = User.objects.create(
            username=username, display_name=name, post=post, password=NO_PASSWORD, joined_at=since
        )
        RoleGrant.objects.create(user=made, role=role, granted_at=since)
        return made

    for role, post in STAFF:
        world.users[role] = user(role, role, post)
    for number in range(1, world.communities + 1):
        leader = user(f"leader{number}", "leader", f"ผู้นำชุมชนที่ {number}")
        Leadership.objects.create(user=leader, community_id=number, since=world.founded_on)
        world.leaders[number] = leader


def _make_accounts(world: World) -> None:
    make_books()
    bank = {"bank_th": "ธนาคารสมมติ", "bank_en": "Invented Bank", "branch_th": "สาขาเวียงสระ", "branch_en": "Wiang Sa"}
    savings = add_bank_account(name_th="เงินฝากออมทรัพย์", name_en="Savings account", last_digits="0001", **bank)
    fixed = add_bank_account(name_th="เงินฝากประจำ", name_en="Fixed deposit account", last_digits="0002", **bank)
    made = {account.code: account for account in Account.objects.all()}
    world.accounts = {f"{one.role}:{one.category}": made[one.code] for one in STANDARD_CHART}
    world.accounts |= {"savings": savings, "fixed": fixed}
    for number, leader in world.leaders.items():
        world.accounts[f"leader:{number}"] = collector_account(leader)
    world.general = RestrictedFund.objects.get(code="general")


def _make_rules_and_meetings(world: World) -> None:
    rules = (DATA / "regulation-bansong.yaml").read_text(encoding="utf-8")
    since = world.founded_on.isoformat()
    rules = rules.replace("effective_from: 2010-05-01", f"effective_from: {since}")
    world.regulation_key = load_regulation(rules, by=None, now=moment(world.founded_on)).pk
    present = [{"name": user.display_name, "post": user.post, "user": user.pk} for user in world.users.values()]
    days = [date(year, month, MEETING_DAY) for year in world.years for month in range(1, 13)]
    meetings = Meeting.objects.bulk_create(
        Meeting(
            number=day.month, year_be=be_year(day), held_on=day, present=present, recorded_by=world.users["registrar"]
        )
        for day in days
        if day < TODAY
    )
    world.resolutions = Resolution.objects.bulk_create(
        Resolution(
            meeting=meeting,
            number=1,
            subject="พิจารณาคำขอรับสวัสดิการ",
            written_by=world.users["registrar"],
            written_at=moment(meeting.held_on),
        )
        for meeting in meetings
    )

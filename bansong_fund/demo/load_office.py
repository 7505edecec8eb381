"""The fund itself, who signs in, its regulation, its meetings and what they resolved."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from secrets import choice

from django.contrib.auth.hashers import make_password

from bansong_fund.demo.figures import DATA
from bansong_fund.demo.load_facts import fund_columns
from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.demo.shapes import FOUNDED, TODAY, Plan
from bansong_fund.lib.thai_dates import be_year
from ledger.accounts import account, add_bank_account, collector_account, make_books
from ledger.models import AccountRole
from members.models import Controls, Fund, Leadership, Meeting, Resolution
from office.models import RoleGrant, User
from welfare.regulations import load_regulation
from welfare.rules.document import read_regulation

POSTS = {
    "registrar": "นายทะเบียน",
    "committee": "กรรมการ",
    "treasurer": "เหรัญญิก",
    "auditor": "ผู้ตรวจสอบกิจการ",
    "administrator": "ผู้ดูแลระบบ",
}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
NO_PASSWORD = "!"  # noqa: S105 - Django's mark of an unusable password, until the real one is hashed


def make_fund() -> Fund:
    return Fund.objects.create(
        pk=1, founded_on=FOUNDED, controls=Controls.STANDARD, is_demo=True, demo_day=TODAY, **fund_columns()
    )


class Passwords:
    """A random password for each role, new in each installation; hashed beside the loading, which is slow by design."""

    def __init__(self, plan: Plan) -> None:
        self.plain = {role: new_password() for user in plan.users for role in user.roles}
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._hashes: dict[str, Future[str]] = {
            role: self._pool.submit(make_password, plain) for role, plain in self.plain.items()
        }

    def give(self, world: World) -> None:
        """Let everyone sign in with the password of her role."""
        for planned in world.plan.users:
            user = world.users[planned.username]
            user.password = self._hashes[planned.roles[0]].result()
            user.save(update_fields=["password"])
        self._pool.shutdown()

    def logins(self, plan: Plan) -> list[dict[str, str]]:
        """One login for each role, to be printed."""
        first = {}
        for user in plan.users:
            first.setdefault(user.roles[0], user)
        return [
            {
                "username": user.username,
                "password": self.plain[role],
                "role": role,
                "name": user.display_name,
            }
            for role, user in first.items()
        ]


def new_password() -> str:
    """Twelve letters and digits in threes of four: about 59 bits."""
    return "-".join("".join(choice(LETTERS) for _letter in range(4)) for _group in range(3))


def load_users(world: World) -> None:
    """Users with their roles and posts; leaders with the communities that they lead."""
    for planned in world.plan.users:
        post = POSTS.get(planned.roles[0]) or f"ผู้นำชุมชนที่ {planned.communities[0]}"
        world.users[planned.username] = User(
            username=planned.username,
            display_name=planned.display_name,
            post=post,
            password=NO_PASSWORD,
            joined_at=moment(FOUNDED),
        )
    User.objects.bulk_create(world.users.values())
    administrator = world.users["administrator"]
    RoleGrant.objects.bulk_create(
        RoleGrant(user=world.users[one.username], role=role, granted_by=administrator, granted_at=moment(FOUNDED))
        for one in world.plan.users
        for role in one.roles
    )


def load_leaderships(world: World) -> None:
    Leadership.objects.bulk_create(
        Leadership(user=world.users[one.username], community=world.communities[number], since=FOUNDED)
        for one in world.plan.users
        for number in one.communities
    )


def load_accounts(world: World) -> None:
    """The standard chart, the two passbooks, and an account for the cash with each leader."""
    make_books()
    bank = {"bank_th": "ธนาคารสมมติ", "bank_en": "Invented Bank", "branch_th": "สาขาเวียงสระ", "branch_en": "Wiang Sa"}
    world.accounts = {
        "cash": account(AccountRole.CASH),
        "savings": add_bank_account(name_th="เงินฝากออมทรัพย์", name_en="Savings account", last_digits="2553", **bank),
        "fixed": add_bank_account(name_th="เงินฝากประจำ", name_en="Fixed deposit account", last_digits="2554", **bank),
    }
    for community in world.plan.communities:
        world.accounts[f"leader:{community.number}"] = collector_account(world.leader(community.number))


def load_rules(world: World) -> None:
    text = (DATA / "regulation-bansong.yaml").read_text(encoding="utf-8")
    world.regulation = load_regulation(text, by=None, now=world.now)
    world.document = read_regulation(text)


def load_meetings(world: World) -> None:
    """Every meeting with who was there, and what it resolved."""
    present = {one.username: world.users[one.username] for one in world.plan.users}
    for planned in world.plan.meetings:
        world.meetings[planned.key] = Meeting(
            request_id=fixed_id(planned.key),
            kind=planned.kind,
            number=planned.number,
            year_be=planned.year + 543,
            held_on=planned.held_on,
            place="สำนักงานเทศบาลตำบลบ้านส้อง",
            present=[
                {"name": user.display_name, "post": user.post, "user": user.pk}
                for user in (present[name] for name in planned.present)
            ],
            recorded_by=world.users["registrar"],
        )
    Meeting.objects.bulk_create(world.meetings.values())
    _load_resolutions(world)


def _load_resolutions(world: World) -> None:
    decided = Counter(claim.meeting for claim in world.plan.claims if claim.meeting)
    ended = Counter(person.end_meeting for person in world.plan.persons if person.end_meeting)
    rows = []
    for key, meeting in world.meetings.items():
        numbers = iter(range(1, 9))
        if meeting.kind == Meeting.Kind.GENERAL:
            rows.append(_resolution(world, meeting, next(numbers), _general_subject(meeting)))
        if key in decided:
            subject = f"พิจารณาคำขอรับสวัสดิการ {decided[key]} รายการ"
            world.decisions[key] = _resolution(world, meeting, next(numbers), subject)
            rows.append(world.decisions[key])
        if key in ended:
            subject = f"ให้พ้นสมาชิกภาพเพราะค้างชำระเงินสมทบ {ended[key]} คน"
            world.lapses[key] = _resolution(world, meeting, next(numbers), subject)
            rows.append(world.lapses[key])
    Resolution.objects.bulk_create(rows)


def _general_subject(meeting: Meeting) -> str:
    if meeting.held_on == FOUNDED:
        return "ก่อตั้งกองทุนและรับรองระเบียบกองทุน (ฉบับตั้งต้น)"
    return f"รับรองรายงานประจำปี {be_year(meeting.held_on) - 1}"


def _resolution(world: World, meeting: Meeting, number: int, subject: str) -> Resolution:
    written_at: datetime = moment(meeting.held_on)
    return Resolution(
        request_id=fixed_id("resolution", meeting.request_id, number),
        meeting=meeting,
        number=number,
        subject=subject,
        written_by=world.users["registrar"],
        written_at=written_at,
    )

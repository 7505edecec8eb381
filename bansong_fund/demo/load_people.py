"""The register: communities, households, members with their memberships, groups, beneficiaries and children."""

from collections import Counter
from datetime import date, timedelta

from bansong_fund.demo.load_rows import copy_rows
from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.demo.shapes import LAST_DAY, Person
from bansong_fund.lib.national_id import encrypt_id, id_digest
from members.models import (
    ArrearsNotice,
    Beneficiary,
    Community,
    CommunityStay,
    Group,
    GroupFlag,
    Household,
    Member,
    MemberCount,
    MemberSequence,
    Membership,
)

LAPSE_AFTER_DAYS = 365  # the regulation: so long after the day paid through a member is due to lapse
LATE_FROM_MONTH = 10  # the regulation: who joins from October pays for the next year, in good standing at once


def load_communities(world: World) -> None:
    rows = [Community(number=one.number, name_th=one.name_th, name_en=one.name_en) for one in world.plan.communities]
    Community.objects.bulk_create(rows)
    world.communities = {row.number: row for row in rows}


def load_register(world: World) -> None:
    """All persons of the plan with what belongs to them."""
    load_households(world)
    load_persons(world)
    _name_heads(world)
    _count(world)


def load_persons(world: World) -> None:
    """The plan's persons, each with her membership; their houses are there."""
    _load_members(world)
    _load_memberships(world)
    _load_notices(world)
    GroupFlag.objects.bulk_create(flag for person in world.plan.persons for flag in _flags(world, person))
    copy_rows(
        Beneficiary(
            member=world.members[one.number],
            name=one.beneficiary.name,
            relation=one.beneficiary.relation,
            named_on=one.joined_on,
        )
        for one in world.plan.persons
        if one.beneficiary
    )


def load_households(world: World) -> None:
    rows = {
        one.key: Household(community=world.communities[one.community], house_number=one.house_no, moo=str(one.moo))
        for one in world.plan.households
    }
    copy_rows(rows.values())
    world.households.update(rows)


def _load_members(world: World) -> None:
    users = {one.person: world.users[one.username] for one in world.plan.users}
    registrar = world.users["registrar"]
    rows = []
    for one in world.plan.persons:
        row = Member(**_columns(one), user=users.get(one.number), registered_by=registrar)
        row.community, row.household = world.communities[one.community], world.households[one.household]
        rows.append(row)
    copy_rows(rows)
    world.members.update((row.number, row) for row in rows)


def _name_heads(world: World) -> None:
    """The eldest of those who live in a house is its head."""
    eldest: dict[int, Person] = {}
    for one in sorted(world.plan.persons, key=lambda one: (one.birth_date, one.number)):
        if one.ended_on is None:
            eldest.setdefault(one.household, one)
    rows = []
    for key, one in eldest.items():
        row = world.households[key]
        row.head = world.members[one.number]
        rows.append(row)
    Household.objects.bulk_update(rows, ["head"], batch_size=1000)


def _columns(one: Person) -> dict[str, object]:
    return {
        "request_id": fixed_id("member", one.number),
        "public_token": fixed_id("member-token", one.number),
        "number": one.number,
        "title": one.title,
        "first_name": one.first_name,
        "family_name": one.family_name,
        "nickname": one.nickname,
        "sex": one.sex,
        "birth_date": one.birth_date,
        "birth_precision": one.birth_precision,
        "national_id_encrypted": encrypt_id(one.national_id),
        "national_id_digest": id_digest(one.national_id),
        "national_id_last4": one.national_id[-4:],
        "phone": one.phone.replace("-", ""),
        "occupation": one.occupation,
        "died_on": one.ended_on if one.end_reason == "died" else None,
        "is_invented": one.is_invented,
        "registered_at": moment(one.joined_on),
    }


def _load_memberships(world: World) -> None:
    last_year: dict[int, int] = {}
    for payment in world.plan.dues:
        last_year[payment.person] = max(payment.year, last_year.get(payment.person, 0))
    rows = {}
    for one in world.plan.persons:
        rows[one.number] = Membership(
            request_id=fixed_id("membership", one.number),
            member=world.members[one.number],
            joined_on=one.joined_on,
            ended_on=one.ended_on,
            end_reason=one.end_reason or "",
            end_note=_end_note(world, one),
            paid_through=paid_through(one.joined_on, last_year.get(one.number)),
        )
    copy_rows(rows.values())
    world.memberships.update(rows)
    copy_rows(
        CommunityStay(
            request_id=fixed_id("stay", one.number),
            member=world.members[one.number],
            community=world.communities[one.community],
            since=one.joined_on,
            recorded_at=moment(one.joined_on),
        )
        for one in world.plan.persons
    )


def _load_notices(world: World) -> None:
    """Who lapsed was told before, as the regulation asks; of those due now every third one was told lately."""
    ways = ArrearsNotice.How.values
    copy_rows(
        ArrearsNotice(
            request_id=fixed_id("notice", one.number),
            membership=world.memberships[one.number],
            given_on=told_on,
            how=ways[one.number % len(ways)],
            paid_through=world.memberships[one.number].paid_through,
            given_by=world.leader(one.community),
            recorded_at=moment(told_on),
        )
        for one in world.plan.persons
        if (told_on := one.notice_on or _told_lately(world, one)) and told_on <= world.plan.today
    )


def _told_lately(world: World, one: Person) -> date | None:
    """The day in August or September on which one who is due to lapse now was told; None for the others."""
    due = world.memberships[one.number].paid_through < LAST_DAY - timedelta(days=LAPSE_AFTER_DAYS)
    if one.ended_on is not None or not due or one.number % 3:
        return None
    return date(2020, 8, 24) + timedelta(days=one.number % 28)


def paid_through(joined_on: date, last_year: int | None) -> date:
    """The last day that dues cover; without any payment, what the regulation gives to one who joins."""
    if last_year is not None:
        return date(last_year, 12, 31)
    return date(joined_on.year, 12, 31) if joined_on.month >= LATE_FROM_MONTH else joined_on - timedelta(days=1)


def _end_note(world: World, one: Person) -> str:
    if one.end_meeting is None or one.notice_on is None:
        return ""
    notice = f"{one.notice_on.day}/{one.notice_on.month}/{one.notice_on.year + 543}"
    return f"มติที่ประชุม {world.lapses[one.end_meeting].label} แจ้งล่วงหน้าเมื่อ {notice}"


def _flags(world: World, one: Person) -> list[GroupFlag]:
    marks = (
        (Group.DISABLED, one.disabled_from, "บัตรประจำตัวคนพิการ (สมมติ)"),
        (Group.DISADVANTAGED, one.disadvantaged_from, "บันทึกการเยี่ยมบ้าน (สมมติ)"),
    )
    member = world.members[one.number]
    return [GroupFlag(member=member, group=group, since=since, shown_by=by) for group, since, by in marks if since]


def _count(world: World) -> None:
    """The kept counts, and the last member number given out."""
    current = Counter(one.community for one in world.plan.persons if one.ended_on is None)
    in_all = Counter(one.community for one in world.plan.persons)
    MemberCount.objects.bulk_create(
        MemberCount(community=row, current=current[number], cumulative=in_all[number])
        for number, row in world.communities.items()
    )
    MemberSequence.objects.update_or_create(pk=1, defaults={"last": len(world.plan.persons)})

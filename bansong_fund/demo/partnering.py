"""Legs 2 and 3 as they were promised, and the partners' part: beside the books, which stay as they are. Invented."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bansong_fund.demo.load_rows import copy_rows
from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.lib.thai_dates import be_year
from contributions.models import (
    Commitment,
    CommitmentStep,
    Contributor,
    Grant,
    GrantSource,
    Partner,
    PartnerActivity,
    PartnerAgreement,
)

MUNICIPALITY = "เทศบาลตำบลบ้านส้อง"
CODI = "สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)"
State = Commitment.State


@dataclass(frozen=True, slots=True)
class Way:
    """A commitment's way: asked on a day, approved, agreed; reported where the report was sent."""

    source: GrantSource
    received: str  # key of the plan's grant; "" where the money has not come
    requested: Decimal
    approved: Decimal | None  # None: as much as was received, or nothing yet
    steps: tuple[tuple[str, date, str], ...]  # state, day, paper
    report_due_on: date | None = None


WAYS = (
    Way(
        GrantSource.MUNICIPALITY,
        "municipality-2018",
        Decimal("500000.00"),
        None,
        (
            (State.REQUESTED, date(2017, 7, 3), "กส. 12/2560"),
            (State.APPROVED, date(2017, 9, 14), "เทศบัญญัติงบประมาณ 2561"),
            (State.AGREED, date(2018, 4, 20), "บันทึกข้อตกลง 3/2561"),
            (State.REPORTED, date(2018, 12, 14), "กส. 31/2561"),
        ),
        date(2018, 12, 31),
    ),
    Way(
        GrantSource.MUNICIPALITY,
        "municipality-2019",
        Decimal("500000.00"),
        None,
        (
            (State.REQUESTED, date(2018, 7, 2), "กส. 14/2561"),
            (State.APPROVED, date(2018, 9, 13), "เทศบัญญัติงบประมาณ 2562"),
            (State.AGREED, date(2019, 4, 22), "บันทึกข้อตกลง 2/2562"),
            (State.REPORTED, date(2019, 12, 13), "กส. 29/2562"),
        ),
        date(2019, 12, 31),
    ),
    Way(
        GrantSource.CODI_MATCHING,
        "codi-round-4",
        Decimal("1008384.00"),
        None,
        (
            (State.REQUESTED, date(2018, 11, 5), "กส. 25/2561"),
            (State.APPROVED, date(2019, 5, 15), "พอช. แจ้งผลการอนุมัติ"),
            (State.AGREED, date(2019, 7, 1), "บันทึกความร่วมมือ"),
            (State.REPORTED, date(2020, 1, 20), "กส. 2/2563"),
        ),
        date(2020, 1, 31),
    ),
    Way(
        GrantSource.MUNICIPALITY,
        "municipality-2020",
        Decimal("500000.00"),
        None,
        (
            (State.REQUESTED, date(2019, 7, 1), "กส. 13/2562"),
            (State.APPROVED, date(2019, 9, 12), "เทศบัญญัติงบประมาณ 2563"),
            (State.AGREED, date(2020, 4, 20), "บันทึกข้อตกลง 2/2563"),
        ),
        date(2020, 11, 30),
    ),
    Way(
        GrantSource.CODI_MATCHING,
        "codi-round-5",
        Decimal("627000.00"),
        None,
        (
            (State.REQUESTED, date(2019, 11, 4), "กส. 24/2562"),
            (State.APPROVED, date(2020, 6, 17), "พอช. แจ้งผลการอนุมัติ"),
            (State.AGREED, date(2020, 8, 3), "บันทึกความร่วมมือ"),
        ),
        date(2021, 1, 31),
    ),
    Way(
        GrantSource.MUNICIPALITY,
        "",
        Decimal("500000.00"),
        Decimal("450000.00"),
        (
            (State.REQUESTED, date(2020, 7, 6), "กส. 15/2563"),
            (State.APPROVED, date(2020, 9, 10), "เทศบัญญัติงบประมาณ 2564"),
        ),
    ),
    Way(GrantSource.CODI_MATCHING, "", Decimal(0), None, ((State.REQUESTED, date(2020, 10, 12), "กส. 22/2563"),)),
)
NEXT_ROUND = (6, date(2020, 9, 30), 1250, Decimal("300.00"))  # number, cut-off, members asked for, baht for each
# partner (its place in the facts): since when, agreement, activities with community, participants and income raised
WORK = (
    (
        date(2016, 6, 1),
        ("ความร่วมมือพัฒนาการท่องเที่ยวโดยชุมชน", "บันทึกความร่วมมือ 1/2559", date(2016, 6, 1)),
        (
            ("อบรมมัคคุเทศก์ชุมชน", date(2017, 3, 18), 3, 42, None),
            ("เปิดเส้นทางท่องเที่ยวชุมชนริมน้ำ", date(2018, 2, 10), 5, 120, Decimal("38500.00")),
            ("ตลาดนัดท่องเที่ยวชุมชน", date(2019, 2, 16), 5, 260, Decimal("86400.00")),
            ("ทบทวนเส้นทางท่องเที่ยวหลังน้ำลด", date(2020, 8, 22), 5, 35, None),
        ),
    ),
    (
        date(2014, 10, 1),
        ("ส่งเสริมผลิตภัณฑ์ชุมชน", "บันทึกข้อตกลง 4/2557", date(2014, 10, 1)),
        (
            ("อบรมแปรรูปผลผลิตเกษตร", date(2018, 7, 14), 8, 55, Decimal("12600.00")),
            ("ขึ้นทะเบียนผลิตภัณฑ์ชุมชน", date(2019, 6, 8), 11, 31, None),
        ),
    ),
    (
        date(2017, 1, 16),
        ("พัฒนาการตลาดของสินค้าชุมชน", "บันทึกความร่วมมือ 2/2560", date(2017, 1, 16)),
        (
            ("อบรมขายของออนไลน์", date(2018, 11, 24), 2, 64, Decimal("21800.00")),
            ("งานแสดงสินค้าชุมชน", date(2019, 11, 30), None, 310, Decimal("142750.00")),
        ),
    ),
)


def load_partners(world: World, contributors: dict[int, Contributor]) -> None:
    """The three partners of the facts with what was done together; before the contributors are stored.

    The enterprises of the plan give because of the partners, taking turns.
    """
    partners = []
    for place, (facts, (since, *_work)) in enumerate(zip(world.fund.partners, WORK, strict=True)):
        key = fixed_id("partner", place)
        names = {"name_th": facts["th"], "name_en": facts["en"], "work_th": facts["work_th"]}
        partners.append(Partner(request_id=key, work_en=facts["work_en"], since=since, **names))
    Partner.objects.bulk_create(partners)
    for partner, (_since, agreement, activities) in zip(partners, WORK, strict=True):
        _load_work(world, partner, agreement, activities)
    enterprises = sorted(number for number, one in contributors.items() if one.kind == "enterprise")
    for place, number in enumerate(enterprises):
        contributors[number].brought_by = partners[place % len(partners)]


def _load_work(world: World, partner: Partner, agreement: tuple[str, str, date], activities: tuple[tuple, ...]) -> None:
    subject, reference, agreed_on = agreement
    key = fixed_id("agreement", subject)
    facts = {"subject": subject, "reference": reference, "agreed_on": agreed_on}
    PartnerAgreement.objects.create(partner=partner, request_id=key, **facts)
    PartnerActivity.objects.bulk_create(
        PartnerActivity(
            request_id=fixed_id("activity", title),
            partner=partner,
            community=world.communities[place] if place else None,
            title=title,
            held_on=held_on,
            participants=participants,
            income_raised=income,
        )
        for title, held_on, place, participants, income in activities
        if held_on <= world.plan.today
    )


def _ways(world: World) -> list[Way]:
    """Those that have come as far as they go by the plan's today."""
    return [way for way in WAYS if way.steps[-1][1] <= world.plan.today]


def load_commitments(world: World) -> dict[str, Commitment]:
    """The commitments by the key of the plan's grant that fulfilled each; before the grants are stored."""
    grants = {one.key: one for one in world.plan.grants}
    found: dict[str, Commitment] = {}
    for place, way in enumerate(_ways(world)):
        grant = grants.get(way.received)
        commitment = _commitment(world, way, place, grant.amount if grant else None)
        if grant is not None:
            found[way.received] = commitment
    return found


def _commitment(world: World, way: Way, place: int, received: Decimal | None) -> Commitment:
    round_facts = _round_facts(world, way)
    requested = round_facts.pop("requested", way.requested)
    approved = received or way.approved
    last = way.steps[-1][0]
    is_reported = last == State.REPORTED
    state = last if is_reported or received is None else State.RECEIVED
    return Commitment.objects.create(
        request_id=fixed_id("commitment", place),
        source=way.source,
        year_be=be_year(way.steps[0][1]) + (way.source == GrantSource.MUNICIPALITY),  # next year's budget
        body=MUNICIPALITY if way.source == GrantSource.MUNICIPALITY else CODI,
        state=state,
        requested=max(requested, approved or requested),
        approved=approved if state != State.REQUESTED else None,
        report_due_on=way.report_due_on,
        **round_facts,
    )


def _round_facts(world: World, way: Way) -> dict[str, object]:
    if way.source != GrantSource.CODI_MATCHING:
        return {}
    if not way.received:
        number, cutoff_on, heads, baht = NEXT_ROUND
    else:
        one = world.plan.rounds[int(way.received.removeprefix("codi-round-")) - 1]
        number, cutoff_on, heads, baht = one.number, one.cut_off, len(one.persons), Decimal(one.rate)
    facts = {"round_number": number, "cutoff_on": cutoff_on, "member_count": heads, "baht_per_member": baht}
    return facts | {"requested": heads * baht}


def load_steps(world: World) -> None:
    """The steps of every commitment, with the money that came; after the grants are stored."""
    everyone = list(Commitment.objects.order_by("pk"))
    grants = {one.commitment_id: one for one in Grant.objects.filter(commitment__in=everyone).select_related("receipt")}
    rows = []
    for way, commitment in zip(_ways(world), everyone, strict=True):
        rows += _steps(world, way, commitment, grants.get(commitment.pk))
    copy_rows(iter(rows))


def _steps(world: World, way: Way, commitment: Commitment, grant: Grant | None) -> list[CommitmentStep]:
    amounts = {State.REQUESTED: commitment.requested, State.APPROVED: commitment.approved}
    steps = [(state, day, paper, amounts.get(state)) for state, day, paper in way.steps]
    if grant is not None:
        steps.append((State.RECEIVED, grant.received_on, f"ใบเสร็จ {grant.receipt.label}", grant.amount))
    return [
        CommitmentStep(
            request_id=fixed_id("commitment-step", commitment.pk, state),
            commitment=commitment,
            state=state,
            happened_on=day,
            amount=amount,
            reference=paper,
            written_by=world.users["committee1" if state != State.RECEIVED else "treasurer"],
            written_at=moment(day),
        )
        for state, day, paper, amount in sorted(steps, key=lambda step: step[1])
    ]

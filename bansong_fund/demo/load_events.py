"""What stands beside the gifts of the last two events: sponsors, pledges, envelopes, gifts in kind, a count.

Nothing here is money of its own: envelopes and pledges name gifts of the plan, and the count finds what the receipts
say. The event of the year before is closed; that of the last year waits for two envelopes, a pledge and its count.
"""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.demo.shapes import Gift as PlannedGift
from bansong_fund.lib.money import ZERO
from contributions.counting import cash_to_count
from contributions.handing_over import DENOMINATIONS
from contributions.models import Campaign, CashCount, Contributor, Envelope, Gift, InKindGift, Pledge, Sponsor
from ledger.documents import next_numbers

State = Envelope.State
SHOWN = ("campaign-2019", "campaign-2020")
PLACE = "ศาลาประชาคมเทศบาล"
SPONSORED = ("ประธานจัดงาน", "เจ้าภาพหลัก", "เจ้าภาพโรงทาน")
IN_KIND = (("ข้าวสาร 10 กระสอบ", "6500.00"), ("น้ำดื่ม 60 แพ็ก", "2400.00"), ("ยืมเก้าอี้และโต๊ะ 200 ชุด", None))
COUNTERS = (("นางนับ สมมติเงิน", "กรรมการ"), ("นายตรวจ สมมติยอด", "กรรมการ"), ("นางสาวจด สมมติบัญชี", "ผู้ช่วยเหรัญญิก"))
PLEDGED = 5  # of the largest gifts
STEP = Decimal(10_000)  # targets are round sums


def given_at(world: World, key: str) -> list[PlannedGift]:
    """The plan's gifts of an event, the largest first."""
    return sorted((one for one in world.plan.gifts if one.campaign == key), key=lambda one: (-one.amount, one.key))


def shown(campaigns: dict[str, Campaign]) -> list[str]:
    """Of the events that are shown with all that stands beside the gifts, those that have been by the plan's today."""
    return [key for key in SHOWN if key in campaigns]


def load_campaigns(world: World) -> dict[str, Campaign]:
    """The yearly events by the plan's keys; all but the last are closed."""
    rows = {}
    for one in world.plan.campaigns:
        given = sum((gift.amount for gift in given_at(world, one.key)), ZERO)
        is_last = one.key == SHOWN[-1]
        rows[one.key] = Campaign(
            request_id=fixed_id("campaign", one.key),
            year_be=one.year + 543,
            name_th=one.name_th,
            name_en=one.name_en,
            held_on=one.held_on,
            place=PLACE,
            target=(given / STEP).to_integral_value(ROUND_CEILING) * STEP or None,
            closed_on=None if is_last else one.held_on + timedelta(days=30),
            closed_by=None if is_last else world.users["treasurer"],
        )
    Campaign.objects.bulk_create(rows.values())
    return rows


def load_pledges(
    world: World, campaigns: dict[str, Campaign], contributors: dict[int, Contributor]
) -> dict[str, Pledge]:
    """Pledges by the key of the gift that fulfilled each, and one that is open; before the gifts are stored."""
    found = {}
    for key in shown(campaigns):
        held_on = campaigns[key].held_on
        for place, gift in enumerate(given_at(world, key)[:PLEDGED]):
            facts = {"amount": gift.amount, "pledged_on": held_on - timedelta(days=40 - 3 * place), "due_on": held_on}
            found[gift.key] = Pledge(
                request_id=fixed_id("pledge", gift.key),
                campaign=campaigns[key],
                contributor=contributors[gift.contributor],
                **facts,
            )
    if SHOWN[-1] in campaigns:
        found["open"] = _open_pledge(world, campaigns, contributors)
    Pledge.objects.bulk_create(found.values())
    return found


def _open_pledge(world: World, campaigns: dict[str, Campaign], contributors: dict[int, Contributor]) -> Pledge:
    last = campaigns[SHOWN[-1]]
    return Pledge(
        request_id=fixed_id("pledge", "open"),
        campaign=last,
        contributor=contributors[given_at(world, SHOWN[0])[0].contributor],
        amount=Decimal("3000.00"),
        pledged_on=last.held_on,
        due_on=date(2020, 11, 30),
    )


def load_event_rows(
    world: World, campaigns: dict[str, Campaign], contributors: dict[int, Contributor], gifts: dict[str, Gift]
) -> None:
    """Sponsors, gifts in kind and envelopes of the last two events, and the count of the one that is closed."""
    for key in shown(campaigns):
        planned, campaign = given_at(world, key), campaigns[key]
        givers = list(dict.fromkeys(gift.contributor for gift in planned))
        _load_sponsors(campaign, [contributors[number] for number in givers])
        _load_in_kind(campaign, [contributors[number] for number in givers[len(SPONSORED) :]])
        in_cash = sorted(one.key for one in planned if one.account == "cash")
        _load_envelopes(world, campaign, [gifts[name] for name in in_cash])
        if campaign.closed_on is not None:
            _load_count(world, campaign)


def _load_sponsors(campaign: Campaign, givers: list[Contributor]) -> None:
    Sponsor.objects.bulk_create(
        Sponsor(
            request_id=fixed_id("sponsor", campaign.year_be, place),
            campaign=campaign,
            contributor=giver,
            part=part,
            position=place,
        )
        for place, (giver, part) in enumerate(zip(givers, SPONSORED, strict=False))
    )


def _load_in_kind(campaign: Campaign, givers: list[Contributor]) -> None:
    numbers = next_numbers("in-kind", campaign.year_be, len(IN_KIND))
    InKindGift.objects.bulk_create(
        InKindGift(
            request_id=fixed_id("in-kind", campaign.year_be, number),
            number=number,
            year_be=campaign.year_be,
            contributor=giver,
            campaign=campaign,
            description=what,
            said_value=Decimal(worth) if worth else None,
            received_on=campaign.held_on,
        )
        for number, giver, (what, worth) in zip(numbers, givers, IN_KIND, strict=False)
    )


def _load_envelopes(world: World, campaign: Campaign, gifts: list[Gift]) -> None:
    """One for each gift in cash, with the leaders in turn; three came back empty, one is lost.

    Of the last event two are out.
    """
    is_last = campaign.closed_on is None
    states = [State.RETURNED] * len(gifts) + [State.EMPTY] * 3 + [State.LOST]
    states += [State.ISSUED] * 2 if is_last else []
    leaders, back = sorted(world.communities), (State.RETURNED, State.EMPTY)
    Envelope.objects.bulk_create(
        Envelope(
            campaign=campaign,
            number=number,
            state=state,
            issued_to=world.leader(leaders[(number - 1) % len(leaders)]).display_name,
            issued_on=campaign.held_on - timedelta(days=28),
            issued_by=world.users["treasurer"],
            returned_on=campaign.held_on if state in back else None,
            gift=gifts[number - 1] if state == State.RETURNED else None,
            note="หายระหว่างทาง" if state == State.LOST else "",
        )
        for number, state in enumerate(states, start=1)
    )


def _load_count(world: World, campaign: Campaign) -> None:
    """The count of a closed event, three days after it: it agrees with the receipts, so nothing was booked."""
    day = campaign.held_on + timedelta(days=3)
    expected = cash_to_count(campaign, day).expected
    CashCount.objects.create(
        request_id=fixed_id("cash-count", campaign.year_be),
        campaign=campaign,
        counted_on=day,
        counters=[{"name": name, "post": post} for name, post in COUNTERS],
        notes_and_coins=_pieces(expected),
        counted=expected,
        expected=expected,
        written_by=world.users["treasurer"],
        written_at=moment(day),
    )


def _pieces(total: Decimal) -> dict[str, int]:
    """The fewest notes and coins that make a sum."""
    found = {}
    for piece in DENOMINATIONS:
        count, total = int(total // Decimal(piece)), total % Decimal(piece)
        if count:
            found[piece] = count
    return found

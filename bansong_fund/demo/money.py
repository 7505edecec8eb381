"""Grants of legs 2 and 3, interest, and running costs: each year's sums are the year table's."""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bansong_fund.demo.days import day_between, stream, weekday_from, year_first, year_last
from bansong_fund.demo.desk import split_sum
from bansong_fund.demo.figures import CODI_START_UP, year_table
from bansong_fund.demo.shapes import LAST_YEAR, Campaign, Cost, Grant, Interest, MatchingRound

SATANG = Decimal("0.01")
WITHHELD = Decimal("0.15")  # of a fixed deposit's interest; the savings account's is below the limit
SAVINGS_SHARE = Decimal("0.12")
FIXED_FROM = 2012
STEP = 50
COST_KINDS = (  # kind, share in percent, payments a year, Thai and English memo, payee
    ("staff", 38, 4, "ค่าตอบแทนผู้ปฏิบัติงาน", "Staff allowance", "ผู้ปฏิบัติงานกองทุน"),
    ("meetings", 22, 11, "ค่าอาหารว่างประชุมคณะกรรมการ", "Refreshments, committee meeting", "ร้านข้าวแกงปลายดาว"),
    ("travel", 20, 6, "ค่าพาหนะไปประชุมเครือข่าย", "Travel to network meetings", "กรรมการกองทุน"),
    ("stationery", 14, 4, "ค่าเอกสารและเครื่องเขียน", "Documents and stationery", "ร้านหมอกตะวันเครื่องเขียน"),
    ("other", 6, 2, "ค่าไปรษณีย์และโทรศัพท์", "Post and telephone", "กองทุนสวัสดิการชุมชน"),
)
EVENT_COSTS = (
    ("ค่าเต็นท์และเวที", "Tents and stage", "ร้านเต็นท์ร่มทราย"),
    ("ค่าอาหาร", "Food", "ร้านข้าวแกงปลายดาว"),
    ("ค่าเครื่องเสียง", "Sound system", "ร้านเครื่องเสียงเมฆคีรี"),
    ("ค่าพิมพ์ซองและป้าย", "Printing of envelopes and banners", "ร้านหมอกตะวันเครื่องเขียน"),
)


def plan_grants(rounds: list[MatchingRound]) -> list[Grant]:
    grants = []
    for year, row in year_table().items():
        if row.money["leg2"]:
            day = weekday_from(date(year, 5, 18))
            grants.append(Grant(f"municipality-{year}", 2, "municipality", day, row.money["leg2"]))
    day, amount = CODI_START_UP
    grants.append(Grant("codi-start-up", 3, "codi-start-up", day, amount))
    for one in rounds:
        key = f"codi-round-{one.number}"
        grants.append(Grant(key, 3, "codi-matching", one.received_on, one.amount, round=one.number))
    return sorted(grants, key=lambda grant: grant.received_on)


def gross_for(net: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """The gross interest and the tax withheld that leave exactly `net`."""
    gross = (net / (1 - rate)).quantize(SATANG, ROUND_HALF_UP)
    for step in (0, 1, -1, 2, -2):
        trial = gross + SATANG * step
        tax = (trial * rate).quantize(SATANG, ROUND_HALF_UP)
        if trial - tax == net:
            return trial, tax
    raise RuntimeError(f"no gross interest leaves {net}")


def plan_interest() -> list[Interest]:
    """The savings account's in June and December, the fixed deposit's at the end of September."""
    found = []
    for year, row in year_table().items():
        net = row.money["interest_net"]
        on_savings = (net * SAVINGS_SHARE).quantize(SATANG) if year >= FIXED_FROM else net
        june = (on_savings * Decimal("0.45")).quantize(SATANG) if date(year, 6, 30) > year_first(year) else Decimal(0)
        if year == LAST_YEAR:
            june = on_savings
        if year == year_first(2010).year:
            june = Decimal(0)
        if june:
            found.append(Interest(f"interest-savings-{year}-06", "savings", date(year, 6, 30), june, Decimal(0)))
        if year >= FIXED_FROM:
            gross, tax = gross_for(net - on_savings, WITHHELD)
            found.append(Interest(f"interest-fixed-{year}", "fixed", date(year, 9, 30), gross, tax))
        if on_savings > june:
            day = date(year, 12, 31)
            found.append(Interest(f"interest-savings-{year}-12", "savings", day, on_savings - june, Decimal(0)))
    return found


def plan_costs(campaigns: list[Campaign]) -> list[Cost]:
    """Administration by kind and the events' costs, all paid in cash, in the order of their days."""
    rng = stream("costs")
    costs: list[Cost] = []
    for year, row in year_table().items():
        costs += _administration(year, int(row.money["admin"]), rng)
    for campaign in campaigns:
        steps = int(year_table()[campaign.year].money["event"]) // STEP
        remainder = int(year_table()[campaign.year].money["event"]) % STEP
        amounts = [STEP * part for part in split_sum(steps, len(EVENT_COSTS), steps // 10, steps // 2, rng)]
        amounts[0] += remainder
        for place, (memo, amount) in enumerate(zip(EVENT_COSTS, amounts, strict=True), start=1):
            day = campaign.held_on + timedelta(days=rng.randrange(-5, 4))
            key = f"event-cost-{campaign.year}-{place}"
            costs.append(Cost(key, "event", day, Decimal(amount), "cash", *memo, campaign.key))
    return sorted(costs, key=lambda cost: (cost.paid_on, cost.key))


def _administration(year: int, total: int, rng: random.Random) -> list[Cost]:
    costs: list[Cost] = []
    left = total
    for place, (kind, share, times, *memo) in enumerate(COST_KINDS, start=1):
        whole = left if place == len(COST_KINDS) else total * share // 100 // STEP * STEP
        left -= whole
        parts = max(1, min(times, whole // (4 * STEP)))
        mean = whole // STEP // parts
        amounts = [STEP * part for part in split_sum(whole // STEP, parts, mean * 3 // 4, mean * 5 // 4 + 1, rng)]
        amounts[-1] += whole % STEP
        for number, amount in enumerate(amounts, start=1):
            day = _spread(year, number, parts, rng)
            key = f"cost-{year}-{kind}-{number:02d}"
            costs.append(Cost(key, kind, day, Decimal(amount), "cash", *memo))
    return costs


def _spread(year: int, number: int, parts: int, rng: random.Random) -> date:
    """A weekday in the number-th of so many equal parts of the year, after its first three weeks."""
    first, last = year_first(year) + timedelta(days=21), year_last(year) - timedelta(days=8)
    length = (last - first) / parts
    return weekday_from(day_between(rng, first + length * (number - 1), first + length * number))

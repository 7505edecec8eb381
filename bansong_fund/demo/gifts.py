"""The fourth leg: 137 supporters, their gifts year by year, and the yearly merit-making event."""

import random
from datetime import date
from decimal import Decimal

from bansong_fund.demo import names
from bansong_fund.demo.days import day_between, saturday_from, stream, weekday_from, year_first, year_last
from bansong_fund.demo.figures import SISTER_FUNDS_GIFT, SUPPORTERS, year_table
from bansong_fund.demo.shapes import Campaign, Contributor, Gift

ASSOCIATION = "สมาคมกองทุนสวัสดิการชุมชนจังหวัดสุราษฎร์ธานี"
KINDS = (  # kind, how many, weight of a gift, beginning and end of the invented name
    ("person", 60, 3, "", ""),
    ("shop", 28, 6, "ร้าน", "พาณิชย์"),
    ("company", 9, 24, "บริษัท ", " จำกัด"),
    ("ngo", 5, 12, "มูลนิธิ", ""),
    ("agency", 8, 12, "ชมรมข้าราชการ", ""),
    ("temple", 8, 9, "วัด", "วนาราม"),
    ("enterprise", 7, 14, "วิสาหกิจชุมชน", ""),
    ("sister-fund", 11, 8, "กองทุนสวัสดิการชุมชนตำบล", ""),
)
GIVERS = {2010: 14, 2011: 40, 2012: 46, 2013: 55, 2014: 62, 2015: 68, 2016: 74, 2017: 84, 2018: 96, 2019: 137, 2020: 92}
STEP = 50
TRANSFERRED_FROM = 5000
LOCAL_SHARE = 0.75
NAMED_SHARE = 0.8
AT_EVENT_SHARE = 0.65


def plan_contributors() -> list[Contributor]:
    """Number 1 is the province's association, which is real; all others are invented."""
    rng = stream("contributors")
    found = [Contributor(1, "sister-fund", ASSOCIATION, True, is_local=False, is_invented=False)]
    taken: set[str] = set()
    for kind, count, _, before, after in KINDS:
        for _ in range(count):
            name = _name(kind, before, after, rng)
            while name in taken:
                name = _name(kind, before, after, rng)
            taken.add(name)
            local = kind not in ("sister-fund", "ngo") and rng.random() < LOCAL_SHARE
            found.append(Contributor(len(found) + 1, kind, name, rng.random() < NAMED_SHARE, local))
    if len(found) != SUPPORTERS:
        raise RuntimeError(f"{len(found)} supporters instead of {SUPPORTERS}")
    return found


def _name(kind: str, before: str, after: str, rng: random.Random) -> str:
    if kind == "person":
        sex = rng.choice("mf")
        title = "นาย" if sex == "m" else rng.choice(("นาง", "นางสาว"))
        return f"{title}{names.first_name(sex, rng)} {names.family_name(rng)}"
    return f"{before}{rng.choice(names.FAMILY_HEADS)}{rng.choice(names.FAMILY_MIDDLES)}{after}"


def plan_campaigns() -> list[Campaign]:
    """One event a year, from the second year on."""
    years = [year for year, row in year_table().items() if row.money["event"]]
    return [
        Campaign(
            f"campaign-{year}",
            year,
            f"ทอดผ้าป่าสามัคคีเพื่อกองทุนสวัสดิการชุมชน ปี {year + 543}",
            f"Merit-making for the welfare fund {year + 543}",
            saturday_from(date(year, 8, 20)),
        )
        for year in years
    ]


def plan_gifts(contributors: list[Contributor], campaigns: list[Campaign]) -> list[Gift]:
    """Gifts in the order of their days; each year's sum is that year's leg 4."""
    rng = stream("gifts")
    by_year = {campaign.year: campaign for campaign in campaigns}
    weights = {kind: weight for kind, _, weight, *_ in KINDS}
    gifts: list[Gift] = []
    for year, row in year_table().items():
        total = int(row.money["leg4"])
        if year == SISTER_FUNDS_GIFT[0].year:
            day, amount = SISTER_FUNDS_GIFT
            gifts.append(Gift("gift-2011-000", 1, "sister-funds", day, amount, "savings"))
            total -= int(amount)
        givers = _givers(year, contributors, rng)
        parts = [weights[one.kind] * rng.uniform(0.4, 1.9) for one in givers]
        for place, (giver, amount) in enumerate(zip(givers, _share_out(total, parts), strict=True), start=1):
            gifts.append(
                _gift(f"gift-{year}-{place:03d}", giver, amount, year=year, campaign=by_year.get(year), rng=rng)
            )
    return sorted(gifts, key=lambda gift: (gift.received_on, gift.key))


def _givers(year: int, contributors: list[Contributor], rng: random.Random) -> list[Contributor]:
    invented = contributors[1:] if GIVERS[year] < SUPPORTERS else contributors
    chosen = rng.sample(invented, min(GIVERS[year], len(invented)))
    return sorted(chosen, key=lambda one: one.number)


def _share_out(total: int, weights: list[float]) -> list[int]:
    """Whole amounts in steps of 50 baht, at least 100 each, in the weights' proportion."""
    spare = (total - 2 * STEP * len(weights)) // STEP
    whole = sum(weights)
    steps = [int(spare * weight / whole) for weight in weights]
    steps[weights.index(max(weights))] += spare - sum(steps)
    amounts = [2 * STEP + STEP * count for count in steps]
    amounts[0] += total - sum(amounts)
    return amounts


def _gift(
    key: str, giver: Contributor, amount: int, *, year: int, campaign: Campaign | None, rng: random.Random
) -> Gift:
    day = weekday_from(day_between(rng, year_first(year), min(year_last(year), date(year, 12, 20))))
    day = min(day, year_last(year))
    account = "savings" if amount >= TRANSFERRED_FROM else "cash"
    if giver.kind == "enterprise":
        return Gift(key, giver.number, "enterprise-share", day, Decimal(amount), account)
    if giver.kind == "sister-fund":
        return Gift(key, giver.number, "sister-funds", day, Decimal(amount), account)
    if campaign is not None and rng.random() < AT_EVENT_SHARE:
        return Gift(key, giver.number, "event", campaign.held_on, Decimal(amount), account, campaign.key)
    return Gift(key, giver.number, "donation", day, Decimal(amount), account)
